package tollgate.analysis;

import tollgate.replay.Counts;
import tollgate.replay.Operation;
import tollgate.replay.Segments;

/**
 * How far a figure from some stretches of a trace may lie from that of the whole: the standard error of a ratio estimate
 * from its spread over pieces of the trace (Cochran, Sampling Techniques, 3rd edition, 6.4), at middle prices. Pieces
 * follow each other, so that it is an upper bound where the workload drifts.
 */
final class SamplingError {
    /** Standard errors in half a 95 % interval. */
    static final double WIDTH = 1.96;

    private SamplingError() {}

    /**
     * Half the 95 % interval of a lane's added cycles over what they are divided by, as a share of that quotient.
     *
     * @param mid prices by operation, in cycles
     * @param every one stretch in so many was measured
     * @return 0 if all was; NaN if nothing is added or there are fewer than two pieces
     */
    static double share(Counts lane, Counts baseline, double[] mid, Bill.Per per, int every) {
        Segments with = lane.segments();
        Segments without = baseline.segments();
        int n = with.size();
        double[] added = new double[n];
        double[] whole = new double[n];
        double sum = 0;
        double divisor = 0;
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
            sum += added[i];
            divisor += whole[i];
        }
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double residue = added[i] - sum / divisor * whole[i];
            squares += residue * residue;
        }
        double unmeasured = 1 - 1.0 / every;
        return sum == 0 || n < 2 ? Double.NaN : WIDTH * Math.sqrt(unmeasured * squares * n / (n - 1)) / Math.abs(sum);
    }
}
