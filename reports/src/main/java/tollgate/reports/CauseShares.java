package tollgate.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tollgate.analysis.Comparison.LedgerRow;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;

/**
 * Which causes the added cycles of a workload come from: each strategy's ledger less the baseline's, at mid prices, as
 * percent of all that the strategy adds. What it saves is negative.
 *
 * @param causes those that weigh most under any strategy, heaviest first
 * @param shares one map per strategy without the baseline, cause to percent
 */
record CauseShares(List<String> causes, List<Map<String, Double>> shares) {
    static CauseShares of(Workload workload, int most) {
        Map<String, Double> baseline = byCause(workload.strategies().get(0));
        List<Map<String, Double>> shares = new ArrayList<>();
        Map<String, Double> weights = new TreeMap<>();
        for (Strategy strategy : workload.strategies().stream().skip(1).toList()) {
            Map<String, Double> added = byCause(strategy);
            baseline.forEach((cause, cycles) -> added.merge(cause, -cycles, Double::sum));
            double whole = added.values().stream()
                    .mapToDouble(cycles -> Math.max(0, cycles))
                    .sum();
            added.replaceAll((cause, cycles) -> whole == 0 ? 0 : 100 * cycles / whole);
            added.forEach((cause, share) -> weights.merge(cause, Math.abs(share), Math::max));
            shares.add(added);
        }
        List<String> causes = weights.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
        return new CauseShares(causes, shares);
    }

    double share(int strategy, String cause) {
        return shares.get(strategy).getOrDefault(cause, 0.0);
    }

    private static Map<String, Double> byCause(Strategy strategy) {
        Map<String, Double> cycles = new LinkedHashMap<>();
        for (LedgerRow row : strategy.ledger()) {
            cycles.merge(row.cause(), row.cycles().value(), Double::sum);
        }
        return cycles;
    }
}
