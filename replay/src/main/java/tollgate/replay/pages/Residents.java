package tollgate.replay.pages;

import java.util.Arrays;

/**
 * How many page faults brought in what a process has in memory. A process that has just called exec has nothing, and
 * whatever it touches comes by faults; one that was just forked has its parent's anonymous pages only, for file mappings are not
 * copied (mm/memory.c, vma_needs_copy), and is taken for empty too. Of a process that was there before the recording nothing is
 * known, and nothing either where the recording has no faults.
 */
final class Residents {
    static final int UNKNOWN = -1;

    /** Faults by address space. */
    private int[] faults = {};

    /** Faults since fork or exec; {@link #UNKNOWN} when neither, or no fault after it, was seen. */
    int faults(int mm) {
        return mm < faults.length && faults[mm] > 0 ? faults[mm] : UNKNOWN;
    }

    /** @param mm a new address space, taken for empty */
    void begin(int mm) {
        if (mm >= faults.length) {
            int old = faults.length;
            faults = Arrays.copyOf(faults, Math.max(64, Math.max(mm + 1, old * 2)));
            Arrays.fill(faults, old, faults.length, UNKNOWN);
        }
        faults[mm] = 0;
    }

    void fault(int mm) {
        if (mm < faults.length && faults[mm] >= 0) {
            faults[mm]++;
        }
    }
}
