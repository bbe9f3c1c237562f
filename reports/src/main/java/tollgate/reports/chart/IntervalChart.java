package tollgate.reports.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/**
 * Dots with intervals of one metric, a row per strategy, grouped by workload. The axis is linear from zero; it is
 * logarithmic when the values spread over more than a factor of {@value #SPREAD}.
 */
final class IntervalChart {
    /** Largest to smallest value above zero, beyond which small values would be one dot at zero. */
    static final double SPREAD = 40;

    /** How far below the largest value a logarithmic axis may begin: it shows every value above that. */
    private static final double DEEPEST = 1e9;

    /** How far below the smallest value shown an interval is followed. */
    private static final double TAIL = 10;

    private final Metric metric;
    private final List<Workload> workloads;

    IntervalChart(Metric metric, Comparison comparison, Predicate<Workload> shown) {
        this.metric = metric;
        this.workloads = comparison.workloads().stream().filter(shown).toList();
    }

    List<Sheet> sheets(double width, String axisTitle) {
        Map<String, Integer> styles = styles(workloads);
        List<RowFigure.Group> groups = new ArrayList<>();
        for (Workload workload : workloads) {
            List<RowFigure.Row> rows = new ArrayList<>();
            for (Strategy strategy : added(workload)) {
                Figure figure = MainMetric.figure(strategy, metric);
                rows.add(new RowFigure.Row(
                        Fonts.printable(strategy.name()),
                        new IntervalMark(figure, styles.get(strategy.name())),
                        figure instanceof Estimate ? Rounded.value(figure) : ""));
            }
            groups.add(new RowFigure.Group(Fonts.printable(workload.name()), metric.unit(), rows));
        }
        return new RowFigure(width, axisTitle, List.of(), groups, this::axis).sheets();
    }

    /** Whether there is any figure, not only reasons why there is none. */
    boolean hasFigures() {
        return workloads.stream()
                .flatMap(workload -> added(workload).stream())
                .anyMatch(strategy -> MainMetric.figure(strategy, metric) instanceof Estimate);
    }

    boolean isLogarithmic() {
        return axis(0, 100).isLogarithmic();
    }

    /** All strategies but the baseline, which adds nothing. */
    static List<Strategy> added(Workload workload) {
        return workload.strategies().stream().skip(1).toList();
    }

    /** One of them by its name. */
    static Optional<Strategy> added(Workload workload, String name) {
        return added(workload).stream()
                .filter(strategy -> strategy.name().equals(name))
                .findFirst();
    }

    /**
     * A case for each strategy, in the order in which the strategies come.
     *
     * @param cases of a strategy on a workload, by its name
     * @param order whose first is the case shown
     */
    static <C> List<C> oneEach(
            Comparison comparison, BiFunction<Workload, String, Stream<C>> cases, Comparator<C> order) {
        return names(comparison.workloads()).stream()
                .flatMap(name ->
                        comparison.workloads().stream()
                                .flatMap(workload -> cases.apply(workload, name))
                                .min(order)
                                .stream())
                .toList();
    }

    private static Set<String> names(List<Workload> workloads) {
        Set<String> names = new LinkedHashSet<>();
        workloads.forEach(workload -> added(workload).forEach(strategy -> names.add(strategy.name())));
        return names;
    }

    /** The same number for a strategy in every workload. */
    private static Map<String, Integer> styles(List<Workload> workloads) {
        Map<String, Integer> styles = new LinkedHashMap<>();
        names(workloads).forEach(name -> styles.put(name, styles.size()));
        return styles;
    }

    /** Covers every value shown. */
    Axis axis(double from, double to) {
        double low = 0;
        double high = 0;
        double smallest = Double.POSITIVE_INFINITY;
        double smallestEnd = Double.POSITIVE_INFINITY;
        boolean negative = false;
        for (Workload workload : workloads) {
            for (Strategy strategy : added(workload)) {
                if (MainMetric.figure(strategy, metric) instanceof Estimate e) {
                    low = Math.min(low, Math.min(e.value(), e.low()));
                    high = Math.max(high, Math.max(e.value(), e.high()));
                    negative |= e.value() < 0 || e.high() < 0;
                    if (e.value() > 0) {
                        smallest = Math.min(smallest, e.value());
                    }
                    if (e.low() > 0) {
                        smallestEnd = Math.min(smallestEnd, e.low());
                    }
                }
            }
        }
        if (!negative && high / smallest > SPREAD) {
            double tail = Math.max(smallest / TAIL, Math.min(smallestEnd, smallest));
            return Axis.logarithmic(Math.max(high / DEEPEST, tail), high, from, to);
        }
        return Axis.linear(low, high, from, to);
    }
}
