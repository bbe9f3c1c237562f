package tollgate.reports.chart;

import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Metric;

/** The one metric by which a workload's strategies are compared first: the most telling that its recording allows. */
public final class MainMetric {
    private MainMetric() {}

    /**
     * Overhead where the recording has a real clock, else cycles per VM exit, else cycles per kernel
     * entry. Where nothing can be told it is overhead, whose figures then say why.
     */
    public static Metric of(Workload workload) {
        for (Metric metric : new Metric[] {Metric.OVERHEAD, Metric.CYCLES_PER_EXIT, Metric.CYCLES_PER_ENTRY}) {
            if (workload.strategies().stream()
                    .skip(1)
                    .anyMatch(strategy -> figure(strategy, metric) instanceof Figure.Estimate)) {
                return metric;
            }
        }
        return Metric.OVERHEAD;
    }

    /** Its unit with what it is a share of: "% of busy time". */
    public static String unit(Metric metric) {
        return switch (metric) {
            case OVERHEAD -> "% of busy time";
            case CYCLES_PER_EXIT -> "cycles per exit";
            default -> "cycles per entry";
        };
    }

    /** A figure of a strategy; one that was left out is one that cannot be told. */
    public static Figure figure(Strategy strategy, Metric metric) {
        Figure figure = strategy.figure(metric);
        return figure != null ? figure : new Figure.CannotTell("not computed");
    }
}
