package tollgate.reports.chart;

import tollgate.analysis.Uncertainty;
import tollgate.analysis.Uncertainty.Share;

/** What an interval comes from, in words. */
public final class Contributors {
    /** A source with more prices is named with their number. */
    private static final int NAMED = 2;

    private Contributors() {}

    /** As a label: "cr3_read" or "exit-anatomy: 4 prices". */
    public static String label(Share share) {
        return switch (share.coordinate()) {
            case Uncertainty.EXPOSED_FRACTION -> "exposed fraction";
            case Uncertainty.REFILL_ERROR -> "drawn pages for real ones";
            case Uncertainty.WORK_SCALE -> "work scale";
            case Uncertainty.SEGMENTS -> "pieces of the trace";
            case Uncertainty.PROBE_EFFECT -> "cost of recording";
            case Uncertainty.USER_PAGES -> "user pages of a stretch";
            case Uncertainty.USER_SPEED -> "instructions a recorded ns";
            case Uncertainty.FOREIGN_PAGES -> "share of foreign pages";
            default ->
                share.prices().size() > NAMED
                        ? share.coordinate() + ": " + share.prices().size() + " prices"
                        : String.join(", ", share.prices());
        };
    }

    /** Whether a measurement on the reader's machine could settle it. */
    public static boolean isMeasurable(Share share) {
        return switch (share.coordinate()) {
            case Uncertainty.REFILL_ERROR, Uncertainty.SEGMENTS, Uncertainty.FOREIGN_PAGES -> false;
            default -> true;
        };
    }

    /** What to measure, as an object of the verb. */
    public static String object(Share share) {
        return switch (share.coordinate()) {
            case Uncertainty.EXPOSED_FRACTION -> "which share of a page walk's latency the workload does not hide";
            case Uncertainty.WORK_SCALE -> "how long the workload takes on the priced CPU without isolation";
            case Uncertainty.PROBE_EFFECT -> "how much longer the workload takes while it is recorded";
            case Uncertainty.USER_PAGES -> "how many pages the workload touches between two kernel entries";
            case Uncertainty.USER_SPEED -> "how many instructions a nanosecond the workload executes";
            default -> String.join(", ", share.prices());
        };
    }
}
