package tollgate.analysis;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Operation;

/** On how sure prices do the results rest: the share of each {@link Price.Status} in what the strategies add. */
final class PriceShares {
    private PriceShares() {}

    /**
     * Shares of the added cycles of all strategies over their baselines. What a strategy saves counts like what it adds,
     * since it rests on a price as much.
     *
     * @param draws of prices that the intervals rest on
     * @param seed of the draws
     * @return percent by status in small letters; statuses that nothing rests on are left out
     */
    static Map<String, Estimate> of(List<Comparison.Workload> workloads, Prices prices, int draws, long seed) {
        double[] counts = counts(workloads);
        double[] mid = prices.mid();
        double[][] drawn = Draws.sets(1, draws, 0, prices, seed).get(0).prices;
        double whole = 0;
        double[] wholes = new double[draws];
        Map<Price.Status, Double> cycles = new EnumMap<>(Price.Status.class);
        Map<Price.Status, double[]> samples = new EnumMap<>(Price.Status.class);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                Price.Status status = prices.price(Operation.of(i)).status();
                double[] sums = samples.computeIfAbsent(status, any -> new double[draws]);
                cycles.merge(status, counts[i] * mid[i], Double::sum);
                whole += counts[i] * mid[i];
                for (int draw = 0; draw < draws; draw++) {
                    sums[draw] += counts[i] * drawn[i][draw];
                    wholes[draw] += counts[i] * drawn[i][draw];
                }
            }
        }
        Map<String, Estimate> shares = new TreeMap<>();
        for (Map.Entry<Price.Status, double[]> entry : samples.entrySet()) {
            double[] sums = entry.getValue();
            Arrays.setAll(sums, draw -> 100 * sums[draw] / wholes[draw]);
            shares.put(
                    entry.getKey().name().toLowerCase(Locale.ROOT),
                    Bill.interval(100 * cycles.get(entry.getKey()) / whole, sums));
        }
        return shares;
    }

    /** By how many of each operation strategies differ from their baselines, to either side, by ordinal. */
    private static double[] counts(List<Comparison.Workload> workloads) {
        double[] counts = new double[Operation.count()];
        for (Comparison.Workload workload : workloads) {
            Map<String, Long> baseline = byOperation(workload.strategies().get(0));
            for (Comparison.Strategy strategy : workload.strategies()) {
                Map<String, Long> added = byOperation(strategy);
                baseline.forEach((operation, of) -> added.merge(operation, -of, Long::sum));
                added.forEach((operation, count) ->
                        counts[
                                Operation.valueOf(operation.toUpperCase(Locale.ROOT))
                                        .ordinal()] += Math.abs(count));
            }
        }
        return counts;
    }

    private static Map<String, Long> byOperation(Comparison.Strategy strategy) {
        Map<String, Long> counts = new HashMap<>();
        for (Comparison.LedgerRow row : strategy.ledger()) {
            counts.merge(row.operation(), row.count(), Long::sum);
        }
        return counts;
    }
}
