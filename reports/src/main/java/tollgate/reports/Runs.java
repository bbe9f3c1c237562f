package tollgate.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.reports.chart.MainMetric;

/**
 * How far a figure moves from one recording of a workload to the next, beside the interval that the model gives for one
 * of them: the interval says what is not known of prices and pages, the spread what the machine did differently.
 *
 * <p>Recordings are runs of one workload if they describe the same command and their names differ in a number at the end
 * alone, as {@code tollgate record} numbers them: {@code make}, {@code make-2}, {@code make-3}.
 */
final class Runs {
    private static final String NUMBER = "-[0-9]+$";

    private Runs() {}

    /** A row for each workload with several runs and each strategy; empty if there is no such workload. */
    static Optional<PlainTable> table(Comparison comparison) {
        List<List<Object>> rows = new ArrayList<>();
        groups(comparison).forEach((name, runs) -> {
            Metric metric = MainMetric.of(runs.get(0));
            for (Strategy strategy : runs.get(0).strategies().stream().skip(1).toList()) {
                row(name, strategy.name(), metric, estimates(runs, strategy.name(), metric))
                        .ifPresent(rows::add);
            }
        });
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new PlainTable(
                        "runs",
                        "Several recordings of one workload: the figure of the least, the middle and the largest run with the"
                                + " model's 5-95 % interval, and how much of the middle one's width the runs span;"
                                + " priced for " + comparison.cpu().title(),
                        List.of(
                                "workload",
                                "strategy",
                                "unit",
                                "runs",
                                "least",
                                "middle",
                                "largest",
                                "span of runs, %"),
                        rows));
    }

    private static Map<String, List<Workload>> groups(Comparison comparison) {
        Map<String, List<Workload>> groups = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        for (Workload workload : comparison.workloads()) {
            String stem = workload.name().replaceFirst(NUMBER, "");
            String key = stem + "\n" + workload.trace().description() + "\n" + MainMetric.of(workload);
            names.put(key, stem);
            groups.computeIfAbsent(key, any -> new ArrayList<>()).add(workload);
        }
        Map<String, List<Workload>> several = new LinkedHashMap<>();
        groups.forEach((key, runs) -> {
            if (runs.size() > 1 && !runs.get(0).trace().description().isEmpty()) {
                several.put(names.get(key), runs);
            }
        });
        return several;
    }

    private static List<Estimate> estimates(List<Workload> runs, String strategy, Metric metric) {
        List<Estimate> estimates = new ArrayList<>();
        for (Workload run : runs) {
            for (Strategy each : run.strategies()) {
                Figure figure = each.name().equals(strategy) ? MainMetric.figure(each, metric) : null;
                if (figure instanceof Estimate estimate) {
                    estimates.add(estimate);
                }
            }
        }
        estimates.sort(Comparator.comparingDouble(Estimate::value));
        return estimates;
    }

    private static Optional<List<Object>> row(String name, String strategy, Metric metric, List<Estimate> sorted) {
        if (sorted.size() < 2) {
            return Optional.empty();
        }
        Estimate middle = sorted.get((sorted.size() - 1) / 2);
        Estimate least = sorted.get(0);
        Estimate largest = sorted.get(sorted.size() - 1);
        return Optional.of(List.of(
                name,
                strategy,
                metric.unit(),
                sorted.size(),
                least,
                middle,
                largest,
                100 * (largest.value() - least.value()) / (middle.high() - middle.low())));
    }
}
