package tollgate.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tollgate.analysis.Uncertainty;
import tollgate.analysis.Uncertainty.Pair;

/** The order of a workload's strategies by cost at mid prices, and how sure each place in it is. */
final class Ranks {
    private final List<Pair> pairs;
    private final List<String> order = new ArrayList<>();

    Ranks(Uncertainty uncertainty) {
        pairs = uncertainty.pairs();
        for (Pair pair : pairs) {
            if (!order.contains(pair.a())) {
                order.add(pair.a());
            }
        }
        if (!pairs.isEmpty()) {
            order.add(pairs.get(pairs.size() - 1).b());
        }
    }

    /** The cheapest first; empty if nothing can be told. */
    List<String> order() {
        return order;
    }

    List<Pair> neighbours() {
        List<Pair> neighbours = new ArrayList<>();
        for (int i = 1; i < order.size(); i++) {
            neighbours.add(pair(order.get(i - 1), order.get(i)));
        }
        return neighbours;
    }

    /**
     * Percent of draws in which the row is cheaper; in parentheses where the order is open, "=" where both cost the same,
     * empty below the diagonal.
     */
    String cell(String row, String column) {
        if (order.indexOf(row) >= order.indexOf(column)) {
            return "";
        }
        Pair pair = pair(row, column);
        if (pair.isSame()) {
            return "=";
        }
        return pair.isTie() ? "(" + percent(pair.aIsCheaper()) + ")" : percent(pair.aIsCheaper());
    }

    /** Never rounded to a certainty that the draws do not have. */
    static String percent(double share) {
        if (share > 0 && share < 1) {
            return "< 1";
        }
        return share > 99 && share < 100 ? "> 99" : String.format(Locale.ROOT, "%.0f", share);
    }

    private Pair pair(String a, String b) {
        return pairs.stream()
                .filter(pair -> pair.a().equals(a) && pair.b().equals(b))
                .findFirst()
                .orElseThrow();
    }
}
