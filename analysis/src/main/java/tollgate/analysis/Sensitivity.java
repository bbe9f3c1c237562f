package tollgate.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import tollgate.analysis.Uncertainty.Causes;
import tollgate.analysis.Uncertainty.Share;
import tollgate.replay.Operation;

/**
 * What makes an interval wide: every coordinate of the joint draws is varied alone, held fixed alone, and exchanged
 * alone for an independent one.
 *
 * <p>The draws are mixed once for all strategies of a workload; only prices that move with the coordinate are computed
 * anew.
 */
final class Sensitivity {
    /** Three sets of draws for one coordinate. */
    private record Varied(String name, int coordinate, Draws alone, Draws known, Draws exchanged) {}

    private final Draws draws;
    private final Draws others;
    private final List<Varied> varied = new ArrayList<>();

    /** @param others independent of {@code draws} */
    Sensitivity(Draws draws, Draws others) {
        this.draws = draws;
        this.others = others;
        Draws middle = draws.middle();
        List<String> names = draws.coordinates();
        for (int i = 0; i < names.size(); i++) {
            varied.add(
                    new Varied(names.get(i), i, middle.with(i, draws), draws.with(i, middle), draws.with(i, others)));
        }
    }

    /**
     * @param value of the figure at mid prices
     * @param count by operation: which prices are paid
     * @param model the figure in each of a set of draws
     */
    Causes causes(String strategy, double value, double[] count, Function<Draws, double[]> model) {
        double[] a = model.apply(draws);
        double[] b = model.apply(others);
        List<Share> shares = new ArrayList<>();
        for (Varied each : varied) {
            Sobol.Indices indices = Sobol.of(a, b, model.apply(each.exchanged));
            if (indices.total() > 0) {
                shares.add(new Share(
                        each.name,
                        paid(each, count),
                        100 * indices.first(),
                        100 * indices.total(),
                        Bill.interval(value, model.apply(each.alone)),
                        Bill.interval(value, model.apply(each.known))));
            }
        }
        shares.sort(Comparator.comparingDouble((Share share) -> -share.total()));
        return new Causes(strategy, shares);
    }

    private List<String> paid(Varied each, double[] count) {
        return draws.isPrice(each.coordinate)
                ? IntStream.range(0, count.length)
                        .filter(i -> count[i] != 0 && draws.dependsOn(i, each.coordinate))
                        .mapToObj(i -> Operation.of(i).price())
                        .distinct()
                        .toList()
                : List.of();
    }
}
