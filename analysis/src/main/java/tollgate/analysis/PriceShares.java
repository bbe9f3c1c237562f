package tollgate.analysis;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tollgate.replay.Operation;

/** On how sure prices do the results rest: the share of each {@link Price.Status} in what the strategies add. */
final class PriceShares {
    private PriceShares() {}

    /**
     * Shares of the added cycles of all strategies over their baselines. What a strategy saves counts like what it adds,
     * since it rests on a price as much.
     *
     * @return percent by status in small letters; statuses that nothing rests on are left out
     */
    static Map<String, Double> of(List<Comparison.Workload> workloads, Prices prices) {
        Map<Price.Status, Double> cycles = new EnumMap<>(Price.Status.class);
        double whole = 0;
        for (Comparison.Workload workload : workloads) {
            Map<String, Double> baseline = byOperation(workload.strategies().get(0));
            for (Comparison.Strategy strategy : workload.strategies()) {
                Map<String, Double> added = byOperation(strategy);
                baseline.forEach((operation, of) -> added.merge(operation, -of, Double::sum));
                for (Map.Entry<String, Double> entry : added.entrySet()) {
                    Operation operation = Operation.valueOf(entry.getKey().toUpperCase(Locale.ROOT));
                    cycles.merge(prices.price(operation).status(), Math.abs(entry.getValue()), Double::sum);
                    whole += Math.abs(entry.getValue());
                }
            }
        }
        Map<String, Double> shares = new HashMap<>();
        for (Map.Entry<Price.Status, Double> entry : cycles.entrySet()) {
            if (entry.getValue() > 0) {
                shares.put(entry.getKey().name().toLowerCase(Locale.ROOT), 100 * entry.getValue() / whole);
            }
        }
        return shares;
    }

    private static Map<String, Double> byOperation(Comparison.Strategy strategy) {
        Map<String, Double> cycles = new HashMap<>();
        for (Comparison.LedgerRow row : strategy.ledger()) {
            cycles.merge(row.operation(), row.cycles().value(), Double::sum);
        }
        return cycles;
    }
}
