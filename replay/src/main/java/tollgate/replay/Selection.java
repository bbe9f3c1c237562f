package tollgate.replay;

/**
 * What of a trace is the workload: numerator and denominator of every figure cover the same tasks in the
 * same stretch of time. All others pass through the MMU and are counted apart.
 *
 * @param tasks which threads
 * @param from first instant that counts, in the recording's clock
 * @param to first instant that does not count any more
 */
public record Selection(Tasks tasks, long from, long to) {
    /** Decides by what the recording calls a thread. */
    @FunctionalInterface
    public interface Tasks {
        /** @param pid -1 if not told; @param comm empty if not told */
        boolean selects(int tid, int pid, String comm);
    }

    /** Everybody, always. */
    public static Selection all() {
        return new Selection((tid, pid, comm) -> true, Long.MIN_VALUE, Long.MAX_VALUE);
    }
}
