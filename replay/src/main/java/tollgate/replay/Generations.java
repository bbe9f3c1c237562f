package tollgate.replay;

import java.util.Arrays;

/**
 * How often user pages of each mm, and pages of the kernel, were shot down: {@code context.tlb_gen} of Linux
 * (arch/x86/mm/tlb.c), and for spaces of a strategy the same of the kernel's. One for all CPUs.
 */
final class Generations {
    private int[] ofMm = new int[64];
    private int ofKernel;

    /** @param mm number of an address space; of {@link Steps#NO_MM} always 0 */
    int of(int mm) {
        return mm < ofMm.length ? ofMm[mm] : 0;
    }

    /** User pages of this mm are shot down; nothing with {@link Steps#NO_MM}. */
    void next(int mm) {
        if (mm == Steps.NO_MM) {
            return;
        }
        if (mm >= ofMm.length) {
            ofMm = Arrays.copyOf(ofMm, Math.max(ofMm.length * 2, mm + 1));
        }
        ofMm[mm]++;
    }

    int ofKernel() {
        return ofKernel;
    }

    void nextOfKernel() {
        ofKernel++;
    }
}
