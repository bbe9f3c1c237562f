package tollgate.analysis;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Counts;
import tollgate.replay.Operation;
import tollgate.replay.Segments;

/**
 * How often a strategy did something, per kernel entry or VM exit: no price moves it. It is exact where it follows from the
 * recorded events alone. Where it follows from which pages were touched, the pieces of the trace and the model's parameters
 * are drawn, as for a {@link Bill}.
 */
final class Frequency {
    private final Counts lane;
    private final double[][][] shifts; // [parameter][end][operation]
    private final double[][] leaves; // [parameter][end]
    private final Draws draws;

    /**
     * @param lane whose counts they are
     * @param shifts of this lane, per entry and exit
     * @param leaves likewise
     */
    Frequency(Counts lane, double[][][] shifts, double[][] leaves, Draws draws) {
        this.lane = lane;
        this.shifts = shifts;
        this.leaves = leaves;
        this.draws = draws;
    }

    /** Writes of CR3, of either kind. @param isByExit per VM exit, else per kernel entry */
    Estimate cr3Writes(boolean isByExit) {
        double[][] ends = new double[shifts.length][];
        for (int p = 0; p < ends.length; p++) {
            ends[p] = Arrays.stream(shifts[p])
                    .mapToDouble(
                            end -> end[Operation.CR3_WRITE_KEEP.ordinal()] + end[Operation.CR3_WRITE_FLUSH.ordinal()])
                    .toArray();
        }
        Segments pieces = lane.segments();
        return of(
                s -> pieces.count(s, Operation.CR3_WRITE_KEEP) + pieces.count(s, Operation.CR3_WRITE_FLUSH),
                isByExit ? pieces::exits : pieces::entries,
                ends,
                Double.POSITIVE_INFINITY);
    }

    /** VM exits after which the restricted address space was left, percent. */
    Estimate exitsLeaving() {
        Estimate each = of(lane.segments()::leaves, lane.segments()::exits, leaves, 1);
        return new Estimate(100 * each.value(), 100 * each.low(), 100 * each.high());
    }

    /** Whether something that the strategy did was the answer to a page that its space does not map. */
    private boolean followsFromPages() {
        return lane.ledger().leaves() > 0
                || lane.ledger().count(Operation.FAULT) > 0
                || lane.ledger().count(Operation.PTE_WRITE) > 0;
    }

    private Estimate of(IntToDoubleFunction counted, IntToDoubleFunction per, double[][] ends, double most) {
        Segments pieces = lane.segments();
        double[] counts = new double[draws.size];
        double[] wholes = new double[draws.size];
        double[] crossings = new double[draws.size];
        double count = 0;
        double whole = 0;
        for (int s = 0; s < pieces.size(); s++) {
            count += counted.applyAsDouble(s);
            whole += per.applyAsDouble(s);
            for (int draw = 0; draw < draws.size; draw++) {
                double weight = draws.weights[s][draw];
                counts[draw] += weight * counted.applyAsDouble(s);
                wholes[draw] += weight * per.applyAsDouble(s);
                crossings[draw] += weight * (pieces.entries(s) + pieces.exits(s));
            }
        }
        if (!followsFromPages()) {
            return Estimate.exact(count / whole);
        }
        double[] drawn = new double[draws.size];
        for (int draw = 0; draw < drawn.length; draw++) {
            double all = counts[draw] + draws.shift(ends, draw) * crossings[draw];
            drawn[draw] = wholes[draw] > 0 ? Math.max(0, Math.min(most, all / wholes[draw])) : Double.NaN;
        }
        return Bill.interval(count / whole, drawn);
    }
}
