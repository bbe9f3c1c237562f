package tollgate.analysis;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Quantile;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.Segments;

/**
 * What one lane adds to the baseline, as counts by segment of the trace, priced by any price list. Bill =
 * ledger x prices: the same counts serve thousands of price lists.
 */
final class Bill {
    private static final int OPERATIONS = Operation.count();
    private static final Quantile QUANTILE = Quantile.withDefaults();

    private final double[][] added; // [segment][operation]
    private final double[] total; // by operation
    private final double[] busyNanos;
    private final double[] entries;
    private final double[] exits;

    /** @param lane and {@code baseline} have run over the same steps */
    Bill(Lane lane, Lane baseline) {
        Segments mine = lane.segments();
        Segments theirs = baseline.segments();
        int segments = Math.min(mine.size(), theirs.size());
        added = new double[segments][OPERATIONS];
        total = new double[OPERATIONS];
        busyNanos = new double[segments];
        entries = new double[segments];
        exits = new double[segments];
        for (int s = 0; s < segments; s++) {
            for (int i = 0; i < OPERATIONS; i++) {
                Operation operation = Operation.of(i);
                added[s][i] = mine.count(s, operation) - theirs.count(s, operation);
            }
            busyNanos[s] = theirs.busyNanos(s);
            entries[s] = theirs.entries(s);
            exits[s] = theirs.exits(s);
        }
        for (int i = 0; i < OPERATIONS; i++) {
            total[i] = lane.ledger().count(Operation.of(i)) - baseline.ledger().count(Operation.of(i));
        }
    }

    int segments() {
        return added.length;
    }

    /** Operations added, all of the trace. */
    double[] total() {
        return total;
    }

    /** Added cycles under one price list. */
    double cycles(double[] prices) {
        return dot(total, prices);
    }

    /** Added cycles of the operations of one group. */
    double cycles(double[] prices, OperationGroup group) {
        double sum = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            if (OperationGroup.of(Operation.of(i)) == group) {
                sum += total[i] * prices[i];
            }
        }
        return sum;
    }

    /** What a figure is divided by. */
    enum Per {
        BUSY_NANO,
        ENTRY,
        EXIT,
        NOTHING
    }

    /**
     * A figure with its interval over all draws.
     *
     * @param operations which operations count: their factor, by operation (1 or 0)
     * @param value at mid prices, of the whole trace
     * @param factor constant that the quotient is multiplied by
     * @param withWorkScale whether the figure relates to the recorded CPU's time
     */
    Figure.Estimate estimate(
            Draws draws, boolean[] operations, double value, Per per, double factor, boolean withWorkScale) {
        double[] results = new double[draws.size];
        double[] sums = new double[OPERATIONS];
        for (int draw = 0; draw < draws.size; draw++) {
            Arrays.fill(sums, 0);
            double divisor = 0;
            for (int s = 0; s < added.length; s++) {
                double weight = draws.weights[draw][s];
                if (weight > 0) {
                    for (int i = 0; i < OPERATIONS; i++) {
                        sums[i] += weight * added[s][i];
                    }
                    divisor += weight * divisor(per, s);
                }
            }
            double cycles = 0;
            for (int i = 0; i < OPERATIONS; i++) {
                cycles += operations[i] ? sums[i] * draws.prices[draw][i] : 0;
            }
            results[draw] = divisor > 0 ? cycles / divisor * factor : 0;
            if (withWorkScale) {
                results[draw] /= draws.workScale[draw];
            }
        }
        return interval(value, results);
    }

    /** A figure with the 5th and 95th percentile of its draws. */
    static Figure.Estimate interval(double value, double[] results) {
        double[] ends = QUANTILE.evaluate(results, 0.05, 0.95);
        return new Figure.Estimate(value, ends[0], ends[1]);
    }

    private double divisor(Per per, int segment) {
        return switch (per) {
            case BUSY_NANO -> busyNanos[segment];
            case ENTRY -> entries[segment];
            case EXIT -> exits[segment];
            case NOTHING -> 1.0 / added.length;
        };
    }

    private static double dot(double[] counts, double[] prices) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i] * prices[i];
        }
        return sum;
    }
}
