package tollgate.reports;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Mainline;
import tollgate.analysis.Metric;
import tollgate.reports.chart.MainMetric;

/**
 * Workloads against strategies under one metric: the table that every output shows first. Workloads that can only be
 * told by another metric have a table of their own, so that a column never mixes units.
 *
 * @param strategies columns, without the baseline
 */
record SummaryTable(Metric metric, List<String> strategies, List<Line> lines) {
    /** @param figures one per strategy */
    record Line(String workload, List<Figure> figures) {}

    /** At most three tables, the most telling metric first. */
    static List<SummaryTable> of(Comparison comparison) {
        List<SummaryTable> tables = new ArrayList<>();
        for (Metric metric : new Metric[] {Metric.OVERHEAD, Metric.CYCLES_PER_EXIT, Metric.CYCLES_PER_ENTRY}) {
            List<Workload> workloads = comparison.workloads().stream()
                    .filter(workload -> MainMetric.of(workload) == metric)
                    .toList();
            if (!workloads.isEmpty()) {
                tables.add(table(metric, workloads));
            }
        }
        return tables;
    }

    /**
     * The same workloads against what Linux switches on by default, without its own column; empty if it was not
     * compared.
     */
    static List<SummaryTable> againstMainline(Comparison comparison) {
        List<SummaryTable> tables = new ArrayList<>();
        for (SummaryTable table : of(comparison)) {
            Metric metric = table.metric.againstMainline().orElseThrow();
            List<Workload> workloads = comparison.workloads().stream()
                    .filter(workload -> MainMetric.of(workload) == table.metric)
                    .toList();
            SummaryTable other = table(
                    metric,
                    workloads,
                    table.strategies.stream()
                            .filter(name -> !name.equals(Mainline.NAME))
                            .toList());
            if (other.lines.stream()
                    .anyMatch(line -> line.figures().stream().anyMatch(Figure.Estimate.class::isInstance))) {
                tables.add(other);
            }
        }
        return tables;
    }

    /** The same table in pieces of about equal width, none with more columns than asked for. */
    List<SummaryTable> pieces(int most) {
        int count = Math.max(1, (strategies.size() + most - 1) / most);
        List<SummaryTable> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pieces.add(columns(strategies.size() * i / count, strategies.size() * (i + 1) / count));
        }
        return pieces;
    }

    /** Only the strategies from one number up to another, exclusive. */
    SummaryTable columns(int from, int to) {
        return new SummaryTable(
                metric,
                strategies.subList(from, to),
                lines.stream()
                        .map(line -> new Line(line.workload(), line.figures().subList(from, to)))
                        .toList());
    }

    /** The same table with strategies down and workloads across, for few workloads and many strategies. */
    SummaryTable transposed() {
        List<Line> turned = new ArrayList<>();
        for (int i = 0; i < strategies.size(); i++) {
            int column = i;
            turned.add(new Line(
                    strategies.get(i),
                    lines.stream().map(line -> line.figures().get(column)).toList()));
        }
        return new SummaryTable(metric, lines.stream().map(Line::workload).toList(), turned);
    }

    String heading() {
        return heading(metric);
    }

    /** The metric in words with its unit, unless the words hold it: "added cycles per VM exit". */
    static String heading(Metric metric) {
        String title = metric.title();
        return List.of(title.split("[ ,]+")).contains(metric.unit()) ? title : title + ", " + metric.unit();
    }

    private static SummaryTable table(Metric metric, List<Workload> workloads) {
        Set<String> names = new LinkedHashSet<>();
        workloads.forEach(workload ->
                workload.strategies().stream().skip(1).map(Strategy::name).forEach(names::add));
        return table(metric, workloads, List.copyOf(names));
    }

    private static SummaryTable table(Metric metric, List<Workload> workloads, List<String> strategies) {
        List<Line> lines = new ArrayList<>();
        for (Workload workload : workloads) {
            lines.add(new Line(
                    workload.name(),
                    strategies.stream()
                            .map(name -> figure(workload, name, metric))
                            .toList()));
        }
        return new SummaryTable(metric, strategies, lines);
    }

    private static Figure figure(Workload workload, String strategy, Metric metric) {
        return workload.strategies().stream()
                .filter(candidate -> candidate.name().equals(strategy))
                .findFirst()
                .map(found -> MainMetric.figure(found, metric))
                .orElse(new Figure.CannotTell("the strategy was not run on this workload"));
    }
}
