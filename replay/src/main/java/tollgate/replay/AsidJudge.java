package tollgate.replay;

/**
 * Holds our ASID engine against the recorded kernel: a {@code tlb_flush} of reason 0 says, for each load of
 * another mm, whether the kernel kept the entries or flushed them. It is a result of the recorded kernel,
 * never replayed. One for each CPU.
 */
final class AsidJudge {
    /** enum tlb_flush_reason, include/linux/mm_types.h. */
    static final int TASK_SWITCH = 0;

    private final AsidEngine asids = new AsidEngine(true, AsidEngine.LINUX_SLOTS);
    private final Facts facts;
    private long before;
    private boolean isOpen;
    private int replaced;

    AsidJudge(Facts facts) {
        this.facts = facts;
    }

    /** The timeline loads this mm. @param generation of its user pages */
    void load(int mm, int generation) {
        long context = mm + 1L;
        if (asids.loadedContext() != context) {
            before = asids.loadedContext();
            asids.load(context, generation);
            isOpen = true;
        }
    }

    /** Whether a load waits for its verdict. */
    boolean isOpen() {
        return isOpen;
    }

    /** The mm that was loaded before the open load, {@link Steps#NO_MM} for init_mm. */
    int loadedBefore() {
        return before == 0 ? Steps.NO_MM : (int) before - 1;
    }

    /** No verdict came: the open load did not happen. @param generation of the mm that stayed loaded */
    void dismiss(int generation) {
        isOpen = false;
        asids.load(before, generation);
    }

    void catchUp(int generation) {
        asids.catchUp(generation);
    }

    /** The recording's verdict. @param pages -1 if the kernel flushed, 0 if it kept */
    void verdict(long pages) {
        if (!isOpen) { // init_mm, when the last user of a lazily kept mm is gone; or a process that the recording hides
            facts.asidUnexpected++;
            asids.load(0, 0);
            return;
        }
        isOpen = false;
        if (replaced < AsidEngine.LINUX_SLOTS) { // until all slots were taken anew, what they held before is not known
            replaced += pages != 0 ? 1 : 0;
            return;
        }
        facts.asidCompared++;
        boolean flushed = pages != 0;
        if (flushed == asids.flushes()) {
            facts.asidAgree++;
        } else if (flushed) {
            facts.asidFlushedPredictedKeep++;
        } else {
            facts.asidKeptPredictedFlush++;
        }
    }
}
