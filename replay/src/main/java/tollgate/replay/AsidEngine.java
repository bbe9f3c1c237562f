package tollgate.replay;

import java.util.Arrays;

/**
 * How Linux hands the few address-space identifiers of one CPU to the many address spaces: six dynamic
 * ASIDs, replaced round robin, each flushed at reuse or when its mm's generation has moved on.
 *
 * <p>Source: arch/x86/mm/tlb.c (choose_new_asid, switch_mm_irqs_off), {@code TLB_NR_DYN_ASIDS}. Not
 * LRU: a FIFO, so that more slots can mean more flushes. PCID = ASID + 1; PCID 0 is for code that knows
 * nothing of PCIDs. Without PCID there is one slot and every load flushes.
 */
public final class AsidEngine {
    /** {@code TLB_NR_DYN_ASIDS}. */
    public static final int LINUX_SLOTS = 6;

    private static final long NOBODY = -1;

    private final boolean hasPcid;
    private final long[] contexts;
    private final long[] generations;
    private int next;
    private int loaded;
    private boolean invalidateOther;
    private boolean flushes;

    /** @param slots dynamic ASIDs; Linux has {@link #LINUX_SLOTS} */
    public AsidEngine(boolean hasPcid, int slots) {
        this.hasPcid = hasPcid;
        contexts = new long[hasPcid ? slots : 1];
        generations = new long[contexts.length];
        Arrays.fill(contexts, NOBODY);
        contexts[0] = 0; // init_mm, which nobody else has as a context
        next = 1;
    }

    /**
     * Loads an address space other than the loaded one.
     *
     * @param context unique for ever; 0 is init_mm
     * @param generation of its mm: how often its user pages were shot down
     * @return the slot; {@link #flushes} tells whether it had to be flushed
     */
    public int load(long context, long generation) {
        if (!hasPcid) {
            contexts[0] = context;
            generations[0] = generation;
            flushes = true;
            return loaded = 0;
        }
        if (invalidateOther) {
            for (int slot = 0; slot < contexts.length; slot++) {
                if (slot != loaded) {
                    contexts[slot] = NOBODY;
                }
            }
            invalidateOther = false;
        }
        for (int slot = 0; slot < contexts.length; slot++) {
            if (contexts[slot] == context) {
                flushes = generations[slot] < generation;
                generations[slot] = generation;
                return loaded = slot;
            }
        }
        int slot = next++;
        if (slot >= contexts.length) {
            slot = 0;
            next = 1;
        }
        contexts[slot] = context;
        generations[slot] = generation;
        flushes = true;
        return loaded = slot;
    }

    /** Whether the last {@link #load} flushed. */
    public boolean flushes() {
        return flushes;
    }

    /** Slot of the loaded address space. */
    public int loaded() {
        return loaded;
    }

    public long loadedContext() {
        return contexts[loaded];
    }

    /** Generation up to which the loaded slot is flushed. */
    public long loadedGeneration() {
        return generations[loaded];
    }

    /** The loaded slot was flushed up to this generation. */
    public void catchUp(long generation) {
        generations[loaded] = generation;
    }

    /** Kernel pages that are not global were unmapped: all other slots must be flushed at their next use. */
    public void invalidateOther() {
        invalidateOther = true;
    }
}
