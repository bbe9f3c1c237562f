package tollgate.analysis;

/**
 * What one operation costs on one CPU, and how sure that is.
 *
 * <p>Between the ends the price is log-uniform to either side of the middle: half the draws lie below {@code mid}, half
 * above, none beyond the ends. Prices are positive and some ranges span a decade, so that "half" and "double" must
 * weigh alike, which a triangle over cycles does not do; and a log-uniform side has more weight at its end than a
 * triangle has, so intervals come out wider rather than narrower.
 *
 * @param key as in {@link tollgate.replay.Operation#price}
 * @param low cycles, the least it may be
 * @param mid cycles, median
 * @param high cycles, the most it may be
 * @param source where it comes from; for an estimate, its reason
 * @param note what else must be known, or empty
 * @param errsWith what its error is shared with: the source whose rule gives its range, or itself
 * @param isTime whether it is stated in time, so that its cycles go with the frequency
 */
public record Price(
        String key,
        double low,
        double mid,
        double high,
        Status status,
        String source,
        String note,
        String errsWith,
        boolean isTime) {
    /** How sure a price is, and how wide its range is when the source gives none. */
    public enum Status {
        /** Read in the source, measured on this CPU: 15 % to either side. */
        VERIFIED(0.15),
        /** Computed from such figures: 30 %. */
        DERIVED(0.30),
        /** From memory: 60 %. */
        RECALLED(0.60),
        /** From another CPU: double of what it was there. */
        BORROWED(Double.NaN),
        /** Reasoned, not measured: a range of its own. */
        ESTIMATE(Double.NaN),
        /** The CPU has no such operation: none may be counted. */
        ABSENT(Double.NaN);

        /** A borrowed price may be less than it was elsewhere, but not nothing: a fifth. */
        private static final double LEAST = 0.2;

        private final double spread;

        Status(double spread) {
            this.spread = spread;
        }

        /** Whether it was read in a source or follows from what was. */
        boolean isSure() {
            return this == VERIFIED || this == DERIVED;
        }

        /** Whether a range follows from it. */
        boolean hasRule() {
            return !Double.isNaN(spread);
        }

        /** Lower end for a price of 1. */
        double low(boolean isBorrowed) {
            return Math.max(LEAST, 1 - (isBorrowed ? 2 : 1) * spread);
        }

        /** Upper end for a price of 1. */
        double high(boolean isBorrowed) {
            return 1 + (isBorrowed ? 2 : 1) * spread;
        }
    }

    /** Stated in cycles. */
    public Price(
            String key,
            double low,
            double mid,
            double high,
            Status status,
            String source,
            String note,
            String errsWith) {
        this(key, low, mid, high, status, source, note, errsWith, false);
    }

    /** The same on a CPU that runs so many times as fast. */
    Price atFrequency(double times) {
        return isTime
                ? new Price(key, low * times, mid * times, high * times, status, source, note, errsWith, true)
                : this;
    }

    public Price {
        boolean isOrdered = low <= mid && mid <= high && high < Double.POSITIVE_INFINITY;
        if (status == Status.ABSENT ? high != 0 || low != 0 : !(isOrdered && low > 0)) {
            throw new IllegalArgumentException(
                    "expected 0 < low <= mid <= high, found " + low + ", " + mid + ", " + high);
        }
    }

    /**
     * The price at a quantile.
     *
     * @param u from 0 to 1
     * @return cycles
     */
    public double at(double u) {
        return between(low, mid, high, u);
    }

    static double between(double low, double mid, double high, double u) {
        double side = 2 * u - 1;
        return mid == 0 ? 0 : mid * Math.pow(side < 0 ? low / mid : high / mid, Math.abs(side));
    }
}
