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
            default ->
                share.prices().size() > NAMED
                        ? share.coordinate() + ": " + share.prices().size() + " prices"
                        : String.join(", ", share.prices());
        };
    }

    /** Whether a measurement on the reader's machine could settle it. */
    public static boolean isMeasurable(Share share) {
        return !share.coordinate().equals(Uncertainty.REFILL_ERROR)
                && !share.coordinate().equals(Uncertainty.SEGMENTS);
    }

    /** What to measure, as an object of the verb. */
    public static String object(Share share) {
        return switch (share.coordinate()) {
            case Uncertainty.EXPOSED_FRACTION -> "which share of a page walk's latency the workload does not hide";
            case Uncertainty.WORK_SCALE -> "how long the workload takes on the priced CPU without isolation";
            default -> String.join(", ", share.prices());
        };
    }
}
