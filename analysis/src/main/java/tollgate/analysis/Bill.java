package tollgate.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.apache.commons.statistics.descriptive.NaNPolicy;
import org.apache.commons.statistics.descriptive.Quantile;
import tollgate.replay.Counts;
import tollgate.replay.Ledger;
import tollgate.replay.Operation;
import tollgate.replay.Segments;

/**
 * What one lane adds to the baseline, as counts by segment of the trace, priced by any price list. Bill =
 * ledger x prices: the same counts serve thousands of price lists.
 *
 * <p>Kept are a column for each operation whose count differs and one for each thing that costs are divided by:
 *
 * <pre>
 *              segments          draws                 draws
 *   columns [  added   ]  x  [  weights  ]  =  columns [ resampled ]  , then cycles = sum of resampled x price
 * </pre>
 */
final class Bill {
    /** What a figure is divided by. */
    enum Per {
        BUSY_NANO,
        ENTRY,
        EXIT,
        NOTHING
    }

    /** Draws without a divisor have no quotient: they are left out. A copy, since draws of two figures are paired. */
    private static final Quantile QUANTILE =
            Quantile.withDefaults().with(NaNPolicy.EXCLUDE).withCopy(true);

    static final double LOW = 0.05;
    static final double HIGH = 0.95;

    private final double[] total; // by operation
    private final int[] operations; // that differ
    private final double[][] columns; // [column][segment]: operations, then one for each Per
    private final double[][][] shifts; // [parameter][end][operation], per entry and exit
    private final Map<double[][], double[][]> resampled = new IdentityHashMap<>(); // by weights

    /** Nothing depends on a model parameter. */
    Bill(double[][] added, double[] total, double[][] divisors) {
        this(added, total, divisors, new double[0][][]);
    }

    /**
     * @param added [operation][segment]
     * @param total by operation, all of the trace
     * @param divisors [Per but NOTHING][segment]
     * @param shifts what a {@link ModelParameter} at an end adds per entry and exit, [parameter][end][operation]
     */
    Bill(double[][] added, double[] total, double[][] divisors, double[][][] shifts) {
        this.total = total;
        this.shifts = shifts;
        List<double[]> kept = new ArrayList<>();
        int[] differ = new int[added.length];
        for (int i = 0; i < added.length; i++) {
            if (isShifted(i) || Arrays.stream(added[i]).anyMatch(count -> count != 0)) {
                differ[kept.size()] = i;
                kept.add(added[i]);
            }
        }
        operations = Arrays.copyOf(differ, kept.size());
        kept.addAll(List.of(divisors));
        double[] share = new double[divisors[0].length];
        Arrays.fill(share, 1.0 / share.length);
        kept.add(share);
        columns = kept.toArray(double[][]::new);
    }

    /**
     * @param lane and {@code baseline} have run over the same steps
     * @param shifts of this lane
     */
    static Bill of(Counts lane, Counts baseline, double[][][] shifts) {
        Segments mine = lane.segments();
        Segments theirs = baseline.segments();
        int segments = Math.min(mine.size(), theirs.size());
        double[][] added = new double[Operation.count()][segments];
        double[] total = new double[added.length];
        double[][] divisors = new double[Per.NOTHING.ordinal()][segments];
        for (int s = 0; s < segments; s++) {
            for (int i = 0; i < added.length; i++) {
                added[i][s] = mine.count(s, Operation.of(i)) - theirs.count(s, Operation.of(i));
            }
            divisors[Per.BUSY_NANO.ordinal()][s] = theirs.busyNanos(s);
            divisors[Per.ENTRY.ordinal()][s] = theirs.entries(s);
            divisors[Per.EXIT.ordinal()][s] = theirs.exits(s);
        }
        for (int i = 0; i < total.length; i++) {
            total[i] = lane.ledger().count(Operation.of(i)) - baseline.ledger().count(Operation.of(i));
        }
        return new Bill(added, total, divisors, shifts);
    }

    /**
     * The part of it that some causes have. Pieces of the trace and model parameters are not kept by cause: they are split
     * as the whole trace is, operation by operation.
     *
     * @param lane of the bill
     * @param baseline of the bill
     */
    static Bill of(Counts lane, Counts baseline, double[][][] shifts, IntPredicate causes) {
        Bill whole = of(lane, baseline, shifts);
        double[] part = new double[whole.total.length];
        double[] share = new double[part.length];
        for (int i = 0; i < part.length; i++) {
            Operation operation = Operation.of(i);
            part[i] = count(lane.ledger(), operation, causes) - count(baseline.ledger(), operation, causes);
            share[i] = whole.total[i] == 0 ? 0 : part[i] / whole.total[i];
        }
        double[][] added = new double[part.length][whole.segments()];
        for (int c = 0; c < whole.operations.length; c++) {
            int i = whole.operations[c];
            for (int s = 0; s < added[i].length; s++) {
                added[i][s] = whole.columns[c][s] * share[i];
            }
        }
        double[][][] ends = new double[shifts.length][][];
        for (int p = 0; p < ends.length; p++) {
            ends[p] = new double[shifts[p].length][part.length];
            for (int end = 0; end < ends[p].length; end++) {
                for (int i = 0; i < part.length; i++) {
                    ends[p][end][i] = shifts[p][end][i] * Math.max(0, Math.min(1, share[i]));
                }
            }
        }
        int first = whole.operations.length;
        return new Bill(added, part, Arrays.copyOfRange(whole.columns, first, first + Per.NOTHING.ordinal()), ends);
    }

    private static double count(Ledger ledger, Operation operation, IntPredicate causes) {
        double sum = 0;
        for (int row = 0; row < ledger.rows(); row++) {
            sum += causes.test(ledger.cause(row)) ? ledger.count(row, operation) : 0;
        }
        return sum;
    }

    private int segments() {
        return columns[0].length;
    }

    private boolean isShifted(int operation) {
        return Arrays.stream(shifts).anyMatch(ends -> Arrays.stream(ends).anyMatch(end -> end[operation] != 0));
    }

    /** Operations added, all of the trace. */
    double[] total() {
        return total;
    }

    /** Added cycles of some operations under one price list. */
    double cycles(double[] prices, Predicate<Operation> which) {
        double sum = 0;
        for (int i = 0; i < total.length; i++) {
            sum += which.test(Operation.of(i)) ? total[i] * prices[i] : 0;
        }
        return sum;
    }

    /**
     * Added cycles of some operations in every draw.
     *
     * @param which operations count
     * @param per what they are divided by; a draw that has none of it is NaN
     * @param factor that the quotient is multiplied by
     */
    double[] samples(Draws draws, Predicate<Operation> which, Per per, double factor) {
        double[][] counts = resampled.computeIfAbsent(draws.weights, weights -> resample(weights, draws.size));
        double[] results = new double[draws.size];
        for (int c = 0; c < operations.length; c++) {
            if (which.test(Operation.of(operations[c]))) {
                addProducts(results, counts[c], draws.prices[operations[c]]);
                addShifts(results, counts, operations[c], draws);
            }
        }
        double[] divisor = counts[operations.length + per.ordinal()];
        for (int draw = 0; draw < results.length; draw++) {
            results[draw] = divisor[draw] > 0 ? results[draw] / divisor[draw] * factor : Double.NaN;
        }
        return results;
    }

    /** A figure with the 5th and 95th percentile of its draws. */
    static Figure.Estimate interval(double value, double[] results) {
        double[] ends = QUANTILE.evaluate(results, LOW, HIGH);
        return new Figure.Estimate(value, ends[0], ends[1]);
    }

    /**
     * The same for print, with the figure as an end where all draws lie to one side of it: both ends of a model parameter may
     * raise what is small, and a figure outside of its own interval would be read as a slip.
     */
    static Figure.Estimate holding(double value, double[] results) {
        Figure.Estimate interval = interval(value, results);
        return new Figure.Estimate(value, Math.min(interval.low(), value), Math.max(interval.high(), value));
    }

    /** Every column's sum over the pieces of each draw. */
    private double[][] resample(double[][] weights, int draws) {
        double[][] sums = new double[columns.length][draws];
        for (int c = 0; c < columns.length; c++) {
            for (int s = 0; s < columns[c].length; s++) {
                if (columns[c][s] != 0) {
                    addMultiple(sums[c], columns[c][s], weights[s]);
                }
            }
        }
        return sums;
    }

    /** What the drawn model parameters add to an operation, for all entries and exits of the resampled trace. */
    private void addShifts(double[] results, double[][] counts, int operation, Draws draws) {
        double[] entries = counts[operations.length + Per.ENTRY.ordinal()];
        double[] exits = counts[operations.length + Per.EXIT.ordinal()];
        double[] prices = draws.prices[operation];
        for (int p = 0; p < shifts.length; p++) {
            double low = shifts[p][0][operation];
            double high = shifts[p][1][operation];
            if (low != 0 || high != 0) {
                double[] sides = draws.sides[p];
                for (int i = 0; i < results.length; i++) {
                    double shift = sides[i] < 0 ? -sides[i] * low : sides[i] * high;
                    results[i] += shift * (entries[i] + exits[i]) * prices[i];
                }
            }
        }
    }

    private static void addMultiple(double[] sums, double factor, double[] values) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * values[i];
        }
    }

    private static void addProducts(double[] sums, double[] counts, double[] prices) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += counts[i] * prices[i];
        }
    }
}
