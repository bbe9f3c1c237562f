package tollgate.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tollgate.analysis.Uncertainty.Pair;

/** Which strategy is cheaper than which, told draw by draw: what errs for both alike cancels. */
final class Ranking {
    private Ranking() {}

    /**
     * @param value at mid prices
     * @param samples the same draws for all lines
     */
    record Line(String strategy, double value, double[] samples) {}

    /** All pairs, in the order of cost. */
    static List<Pair> pairs(List<Line> lines) {
        List<Line> order =
                lines.stream().sorted(Comparator.comparingDouble(Line::value)).toList();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            for (int j = i + 1; j < order.size(); j++) {
                pairs.add(pair(order.get(i), order.get(j)));
            }
        }
        return pairs;
    }

    private static Pair pair(Line a, Line b) {
        double[] differences = new double[a.samples.length];
        double cheaper = 0;
        int told = 0;
        for (int i = 0; i < differences.length; i++) {
            differences[i] = b.samples[i] - a.samples[i];
            if (!Double.isNaN(differences[i])) {
                told++;
                cheaper += differences[i] > 0 ? 1 : differences[i] == 0 ? 0.5 : 0;
            }
        }
        return new Pair(a.strategy, b.strategy, 100 * cheaper / told, Bill.interval(b.value - a.value, differences));
    }
}
