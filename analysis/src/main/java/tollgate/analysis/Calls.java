package tollgate.analysis;

import java.util.List;

/**
 * What single calls pay under a strategy: which causes pay most of it, and how it is spread over calls of the workload.
 *
 * @param causes those that weigh most under any strategy of the workload, of each at most {@value #MOST}; the largest first
 * @param isOfExits whether the spread is over VM exits, not over system calls
 * @param sampled calls that the spread was measured on, 0 if it was not
 * @param added the spread, by rising share
 */
public record Calls(List<Cause> causes, boolean isOfExits, int sampled, List<Quantile> added) {
    /** Causes of each strategy that are kept. */
    public static final int MOST = 8;

    /** Nothing is known. */
    public static final Calls NONE = new Calls(List.of(), false, 0, List.of());

    public Calls {
        causes = List.copyOf(causes);
        added = List.copyOf(added);
    }

    /**
     * @param name of a system call, an exit, an interrupt
     * @param times that it occurred
     * @param cycles that the strategy adds under it, all of the trace
     * @param share of all that the strategy adds, percent, numerator and denominator in the same draws
     */
    public record Cause(String name, long times, Figure.Estimate cycles, Figure.Estimate share) {}

    /**
     * @param share of calls, percent
     * @param nanos that the strategy adds to each of them at most, at the priced CPU's frequency
     */
    public record Quantile(double share, Figure.Estimate nanos) {}
}
