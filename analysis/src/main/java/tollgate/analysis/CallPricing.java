package tollgate.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.CallSample;
import tollgate.replay.Cause;
import tollgate.replay.Counts;
import tollgate.replay.Ledger;
import tollgate.replay.Operation;

/**
 * Prices {@link Calls}: the rows of the ledger, and the sample of single calls. The intervals are over prices; those of
 * the spread over the choice of calls too, which moves the p-th percentile of n calls as if it were the
 * (p + z sqrt(p (1 - p) / n))-th with a normal z (the normal limit of an order statistic).
 */
final class CallPricing {
    /** Draws for the spread; its ends then lie within some 2 % of draws of where more would put them. */
    private static final int DRAWS = 256;

    /** Fewer calls show no spread. */
    private static final int LEAST = 100;

    /** Percent of calls at which the spread is told. */
    private static final double[] SHARES = {
        1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99
    };

    private final Draws draws;
    private final double[] mid;
    private final double gigahertz;
    private final Counts baseline;
    private final long seed;

    /** Causes that weigh much under some strategy, as in ledgers: told of all strategies, so that they can be held side by side. */
    private final Set<Integer> heavy = new HashSet<>();

    /** @param lanes of the workload, the baseline first */
    CallPricing(Draws draws, double[] mid, double gigahertz, List<Counts> lanes, long seed) {
        this.draws = draws;
        this.mid = mid;
        this.gigahertz = gigahertz;
        this.baseline = lanes.get(0);
        this.seed = seed;
        for (Counts lane : lanes) {
            added(lane.ledger()).entrySet().stream()
                    .sorted(Comparator.comparingDouble(each -> -Math.abs(cycles(each.getValue()))))
                    .limit(Calls.MOST)
                    .forEach(each -> heavy.add(each.getKey()));
        }
    }

    /** @param hasExits whether the workload is a guest */
    Calls price(Counts lane, boolean hasExits) {
        CallSample mine = hasExits ? lane.exits() : lane.calls();
        CallSample theirs = hasExits ? baseline.exits() : baseline.calls();
        List<Calls.Quantile> added = mine.size() < LEAST ? List.of() : spread(mine, theirs);
        return new Calls(causes(lane.ledger()), hasExits, added.isEmpty() ? 0 : mine.size(), added);
    }

    private List<Calls.Cause> causes(Ledger ledger) {
        Map<Integer, double[]> added = added(ledger);
        double[] whole = new double[Operation.count()];
        for (double[] counts : added.values()) {
            Arrays.setAll(whole, i -> whole[i] + counts[i]);
        }
        double all = cycles(whole);
        double[] allDrawn = drawn(whole, draws.size);
        if (all <= 0 || Bill.interval(all, allDrawn).low() <= 0) {
            return List.of(); // there is nothing of which this could be a share
        }
        return added.entrySet().stream()
                .filter(each -> heavy.contains(each.getKey()) && cycles(each.getValue()) != 0)
                .sorted(Comparator.comparingDouble(each -> -cycles(each.getValue())))
                .map(each -> cause(ledger, each.getKey(), each.getValue(), all, allDrawn))
                .toList();
    }

    private Calls.Cause cause(Ledger ledger, int cause, double[] counts, double all, double[] allDrawn) {
        double value = cycles(counts);
        double[] drawn = drawn(counts, draws.size);
        double[] shares = new double[drawn.length];
        Arrays.setAll(shares, i -> 100 * drawn[i] / allDrawn[i]);
        return new Calls.Cause(
                Cause.name(cause),
                ledger.entries(ledger.row(cause)),
                Bill.interval(value, drawn),
                Bill.interval(100 * value / all, shares));
    }

    /** Operations over the baseline's, by cause. */
    private Map<Integer, double[]> added(Ledger ledger) {
        Map<Integer, double[]> added = new TreeMap<>();
        addTo(added, ledger, 1);
        addTo(added, baseline.ledger(), -1);
        return added;
    }

    private static void addTo(Map<Integer, double[]> added, Ledger ledger, int factor) {
        for (int row = 0; row < ledger.rows(); row++) {
            double[] sum = added.computeIfAbsent(ledger.cause(row), any -> new double[Operation.count()]);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += factor * ledger.count(row, Operation.of(i));
            }
        }
    }

    /** The same calls in both samples, since which are kept follows from their numbers. */
    private List<Calls.Quantile> spread(CallSample mine, CallSample theirs) {
        int calls = mine.size();
        int size = Math.min(DRAWS, draws.size);
        double[][] drawn = new double[size][calls]; // cycles
        double[] middle = new double[calls];
        double[] counts = new double[Operation.count()];
        for (int call = 0; call < calls; call++) {
            if (mine.number(call) != theirs.number(call)) {
                throw new IllegalStateException("call " + mine.number(call) + " was not sampled in the baseline");
            }
            Arrays.fill(counts, 0);
            mine.addTo(counts, call, 1);
            theirs.addTo(counts, call, -1);
            middle[call] = cycles(counts);
            for (int i = 0; i < counts.length; i++) {
                for (int draw = 0; counts[i] != 0 && draw < size; draw++) {
                    drawn[draw][call] += counts[i] * draws.prices[i][draw];
                }
            }
        }
        Arrays.sort(middle);
        for (double[] each : drawn) {
            Arrays.sort(each);
        }
        Random random = new Random(seed);
        double[] normal = new double[size];
        Arrays.setAll(normal, draw -> random.nextGaussian());
        List<Calls.Quantile> quantiles = new ArrayList<>();
        for (double percent : SHARES) {
            double p = percent / 100;
            double error = Math.sqrt(p * (1 - p) / calls);
            double[] ends = new double[size];
            Arrays.setAll(ends, draw -> at(drawn[draw], p + normal[draw] * error) / gigahertz);
            Estimate around = Bill.interval(at(middle, p) / gigahertz, ends);
            quantiles.add(new Calls.Quantile(percent, around));
        }
        return quantiles;
    }

    /** The least value that a share of all are not above. */
    private static double at(double[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length) - 1;
        return sorted[Math.max(0, Math.min(rank, sorted.length - 1))];
    }

    private double cycles(double[] counts) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i] == 0 ? 0 : counts[i] * mid[i];
        }
        return sum;
    }

    private double[] drawn(double[] counts, int size) {
        double[] sums = new double[size];
        for (int i = 0; i < counts.length; i++) {
            for (int draw = 0; counts[i] != 0 && draw < size; draw++) {
                sums[draw] += counts[i] * draws.prices[i][draw];
            }
        }
        return sums;
    }
}
