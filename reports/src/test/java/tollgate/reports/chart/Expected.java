package tollgate.reports.chart;

import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/** How many figures each chart has to show of a comparison, counted from the comparison alone. */
final class Expected {
    /** Of a chart that is not told of here. */
    static final long UNTOLD = -1;

    private Expected() {}

    static long marks(Chart chart, Comparison comparison) {
        List<Workload> workloads = comparison.workloads();
        return switch (chart.name()) {
            case "overhead" -> strategies(of(workloads, Metric.OVERHEAD));
            case "exit-cost" ->
                strategies(workloads.stream()
                        .filter(workload -> workload.trace().vmExits() > 0)
                        .toList());
            case "entry-cost" ->
                strategies(workloads.stream()
                        .filter(workload -> workload.trace().kernelEntries() > 0
                                && workload.trace().vmExits() <= 0)
                        .toList());
            case "exit-rate" -> told(of(workloads, Metric.CYCLES_PER_EXIT), Metric.CYCLES_PER_EXIT);
            case "pareto" -> // a cost and an exposure each
                2
                        * strategies(workloads.stream()
                                .filter(workload -> added(workload).stream()
                                        .anyMatch(
                                                strategy -> !strategy.exposure().isEmpty()))
                                .toList());
            case "latency" -> // three quantiles of those that have any
                workloads.stream()
                        .flatMap(workload -> added(workload).stream())
                        .flatMap(strategy -> strategy.calls().added().stream())
                        .filter(each -> each.share() == 50 || each.share() == 90 || each.share() == 99)
                        .count();
            case "breakdown" ->
                workloads.stream()
                        .flatMap(workload -> added(workload).stream())
                        .mapToLong(strategy -> strategy.breakdown().stream()
                                .filter(part -> part.cycles().value() != 0)
                                .count())
                        .sum();
            case "top-causes" -> // five of each strategy, on one workload
                5L * added(workloads.get(0)).size();
            case "tornado" -> // four things and all of them together, of each strategy, on one workload
                5L * added(workloads.get(0)).size();
            case "published" -> comparison.checks().size();
            default -> chart instanceof SweepFigure sweep ? sweep.rows().size() : UNTOLD;
        };
    }

    private static List<Workload> of(List<Workload> workloads, Metric main) {
        return workloads.stream()
                .filter(workload -> MainMetric.of(workload) == main)
                .toList();
    }

    private static long told(List<Workload> workloads, Metric metric) {
        return workloads.stream()
                .flatMap(workload -> added(workload).stream())
                .filter(strategy -> strategy.figure(metric) instanceof Estimate e && e.value() > 0)
                .count();
    }

    private static long strategies(List<Workload> workloads) {
        return workloads.stream().mapToLong(workload -> added(workload).size()).sum();
    }

    private static List<Strategy> added(Workload workload) {
        return workload.strategies().subList(1, workload.strategies().size());
    }
}
