package tollgate.analysis;

import java.io.Serializable;

/** A number with its interval, or the reason why there is none. Never a bare 0 for what is not known. */
public sealed interface Figure extends Serializable permits Figure.Estimate, Figure.CannotTell {
    /**
     * A modelled figure.
     *
     * @param value at mid prices
     * @param low 5th percentile
     * @param high 95th percentile
     */
    record Estimate(double value, double low, double high) implements Figure {
        public Estimate {
            if (!(low <= high) || !Double.isFinite(value) || !Double.isFinite(low) || !Double.isFinite(high)) {
                throw new IllegalArgumentException(
                        "expected finite numbers with low <= high, found " + value + " [" + low + ", " + high + "]");
            }
        }

        /** A count, which is exact for this replay. */
        public static Estimate exact(double value) {
            return new Estimate(value, value, value);
        }
    }

    /** @param reason completes the sentence "cannot tell: ..." */
    record CannotTell(String reason) implements Figure {}
}
