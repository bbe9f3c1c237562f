package tollgate.analysis;

import java.util.HashMap;
import java.util.Map;
import tollgate.replay.Operation;

/** Made-up price lists and bills for tests. */
final class Made {
    private Made() {}

    /** A price for every key, each known exactly. */
    static Map<String, Price> exactly(double cycles) {
        Map<String, Price> all = new HashMap<>();
        for (int i = 0; i < Operation.count(); i++) {
            String key = Operation.of(i).price();
            all.put(key, price(key, cycles, cycles, cycles, key));
        }
        return all;
    }

    static Price price(String key, double low, double mid, double high, String errsWith) {
        return new Price(key, low, mid, high, Price.Status.ESTIMATE, "source", "", errsWith);
    }

    static Prices.ExposedFraction whole() {
        return new Prices.ExposedFraction(1, 1, 1, "reason");
    }

    /** One segment with one kernel entry, in which some operations occur. */
    static Bill bill(Map<Operation, Integer> counts) {
        double[][] added = new double[Operation.count()][1];
        double[] total = new double[added.length];
        counts.forEach((operation, count) -> {
            added[operation.ordinal()][0] = count;
            total[operation.ordinal()] = count;
        });
        return new Bill(added, total, new double[][] {{1}, {1}, {1}});
    }
}
