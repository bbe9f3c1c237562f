package tollgate.analysis;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.TDistribution;
import tollgate.replay.Counts;
import tollgate.replay.Operation;
import tollgate.replay.Segments;

/**
 * How far a figure from some stretches of a trace may lie from that of the whole: the standard error of a ratio estimate
 * from its spread over what was chosen (Cochran, Sampling Techniques, 3rd edition, 6.4), at middle prices. Chosen are
 * stretches, and a sampled trace has a piece for each (neighbours in one where it has very many). They follow each other
 * at equal distances, so that it is an upper bound where the workload drifts, and says nothing of a workload whose phases
 * keep step with them.
 */
final class SamplingError {
    /** Of fewer pieces the spread says too little: two that are alike by chance would promise anything. */
    static final int FEWEST = 5;

    /** Of the interval that the error is half of. */
    private static final double CONFIDENCE = 0.95;

    private SamplingError() {}

    /**
     * Half the 95 % interval of a lane's added cycles over what they are divided by, as a share of that quotient.
     *
     * @param mid prices by operation, in cycles
     * @param every one stretch in so many was measured
     * @return 0 if all was; NaN if nothing is added or there are fewer than {@link #FEWEST} pieces
     */
    static double share(Counts lane, Counts baseline, double[] mid, Bill.Per per, int every) {
        Segments with = lane.segments();
        Segments without = baseline.segments();
        int n = with.size();
        double[] added = new double[n];
        double[] whole = new double[n];
        for (int i = 0; i < n; i++) {
            for (Operation operation : Operation.values()) {
                added[i] += (with.count(i, operation) - without.count(i, operation)) * mid[operation.ordinal()];
            }
            whole[i] = switch (per) {
                case BUSY_NANO -> with.busyNanos(i);
                case ENTRY -> with.entries(i);
                case EXIT -> with.exits(i);
                case NOTHING -> 1;
            };
        }
        return share(added, whole, every);
    }

    /** The same of pieces. @param added cycles, by piece @param whole what they are divided by, by piece */
    static double share(double[] added, double[] whole, int every) {
        int n = added.length;
        double sum = Arrays.stream(added).sum();
        double divisor = Arrays.stream(whole).sum();
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double residue = added[i] - sum / divisor * whole[i];
            squares += residue * residue;
        }
        double unmeasured = 1 - 1.0 / every;
        if (every == 1) {
            return 0;
        }
        return sum == 0 || n < FEWEST
                ? Double.NaN
                : width(n) * Math.sqrt(unmeasured * squares * n / (n - 1)) / Math.abs(sum);
    }

    /** Standard errors in half an interval of so many pieces: Student's, for their spread is known from themselves alone. */
    private static double width(int pieces) {
        return TDistribution.of(pieces - 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
    }
}
