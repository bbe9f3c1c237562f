package tollgate.analysis;

import java.util.List;

/**
 * What the draws of a workload say beyond the intervals: which strategy is cheaper than which, and what makes the
 * intervals wide. Everything is said of one metric, the most telling that the recording allows.
 *
 * @param metric of all figures below
 * @param pairs of strategies other than the baseline, the cheaper at mid prices first; empty if nothing can be told
 * @param causes of each strategy's interval
 */
public record Uncertainty(Metric metric, List<Pair> pairs, List<Causes> causes) {
    /** Coordinates that are no prices: see {@link Prices.ExposedFraction}. */
    public static final String EXPOSED_FRACTION = "exposed_fraction";

    /** Error of drawn against real page streams. */
    public static final String REFILL_ERROR = "refill_error";

    /** How fast the priced CPU does the recorded work. */
    public static final String WORK_SCALE = "work_scale";

    /** What the recording tool itself cost, event by event. */
    public static final String PROBE_EFFECT = "probe_effect";

    /** How many distinct pages user mode touches in a stretch. */
    public static final String USER_PAGES = "user_pages";

    /** Instructions in a recorded nanosecond. */
    public static final String USER_SPEED = "user_speed";

    /** Which share of pages belongs to others or is secret. */
    public static final String FOREIGN_PAGES = "foreign_pages";

    /** Which pieces the trace consists of. */
    public static final String SEGMENTS = "segments";

    /** Nothing can be told. */
    public static final Uncertainty NONE = new Uncertainty(Metric.OVERHEAD, List.of(), List.of());

    /**
     * Two strategies in the same draws.
     *
     * @param a adds no more than {@code b} at mid prices
     * @param aIsCheaper percent of draws in which {@code a} adds less; draws in which both add the same count half
     * @param difference what {@code b} adds less what {@code a} adds
     */
    public record Pair(String a, String b, double aIsCheaper, Figure.Estimate difference) {
        /** Whether the draws leave open which is cheaper: the interval of the difference contains 0. */
        public boolean isTie() {
            return difference.low() <= 0 && difference.high() >= 0;
        }

        /** Whether both add the same in at least nine of ten draws. */
        public boolean isSame() {
            return difference.low() == 0 && difference.high() == 0;
        }
    }

    /** @param shares those that have any effect, the largest total first */
    public record Causes(String strategy, List<Share> shares) {}

    /**
     * What one coordinate of the joint draws does to the figure of one strategy.
     *
     * @param coordinate a source of prices, a price that errs alone, or one of the names above
     * @param prices keys of the prices that move with it and are paid here; none for the names above
     * @param first percent of the variance that would be gone if this alone were known (first-order Sobol index)
     * @param total percent of the variance that would be left if all else were known (total Sobol index)
     * @param alone the figure with this drawn and all else at its middle
     * @param known the figure with this at its middle and all else drawn
     */
    public record Share(
            String coordinate,
            List<String> prices,
            double first,
            double total,
            Figure.Estimate alone,
            Figure.Estimate known) {}
}
