package tollgate.reports;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tollgate.analysis.BreakEven;
import tollgate.analysis.Calls;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Mainline;
import tollgate.analysis.Metric;
import tollgate.reports.chart.MainMetric;
import tollgate.reports.chart.Rounded;

/** One workload in the report: what it was, what to mind, every metric, and where the added cycles come from. */
final class WorkloadSection {
    private static final int CAUSES = 8;

    /** Pairs that change places at a rate: the surest. */
    private static final int CROSSINGS = 5;

    private static final double MILLIS = 1000;

    /** Columns that have room for a percentage. */
    private static final int RANKED = 9;

    private final Html html;
    private final Workload workload;
    private final List<Strategy> strategies;

    WorkloadSection(Html html, Workload workload) {
        this.html = html;
        this.workload = workload;
        this.strategies = workload.strategies().stream().skip(1).toList();
    }

    void write() {
        if (!workload.trace().description().isEmpty()) {
            html.element("p", workload.trace().description());
        }
        html.raw("<ul>");
        remarks().forEach(remark -> html.element("li", remark));
        html.raw("</ul>\n");
        pieces(strategies.size(), FigureTable.COLUMNS).forEach(this::metrics);
        ranks();
        advice();
        breakEven();
        causes();
        new ExposureSection(html, workload).write();
        new ProtectionSection(html, workload).write();
    }

    private List<String> remarks() {
        Trace trace = workload.trace();
        List<String> remarks = new ArrayList<>(workload.caveats());
        if (trace.asidSwitches() > 0) {
            remarks.add(
                    "Whether a load of another address space kept its TLB entries or flushed them, the simulated choice"
                            + " of ASIDs agrees with the recorded kernel's in " + Rounded.count(trace.asidAgree())
                            + " of "
                            + Rounded.count(trace.asidSwitches())
                            + " loads that the recording shows. The others come from threads whose process it does not tell, from"
                            + " address spaces between fork and exec, and from loads that the kernel made unseen.");
        }
        remarks.add("The pages of " + Rounded.digits(trace.borrowedShare(), 3)
                + " % of the kernel entries and exits are borrowed from another event, because none of its kind and length"
                + " were measured.");
        return remarks;
    }

    /** Numbers from 0 up, in groups that fit the page. */
    private static List<List<Integer>> pieces(int size, int most) {
        int count = Math.max(1, (size + most - 1) / most);
        return IntStream.range(0, count)
                .mapToObj(i -> IntStream.range(size * i / count, size * (i + 1) / count)
                        .boxed()
                        .toList())
                .toList();
    }

    private List<String> names(List<Integer> piece) {
        return piece.stream().map(i -> strategies.get(i).name()).toList();
    }

    /** A metric that no strategy of the piece can tell, for one reason, is a line below instead of a row. */
    private void metrics(List<Integer> piece) {
        Map<String, List<String>> untold = new LinkedHashMap<>();
        List<Metric> metrics = Arrays.stream(Metric.values())
                .filter(metric -> hasMainline() || !metric.isAgainstMainline())
                .toList();
        FigureTable table = new FigureTable(html, metrics.size(), "metric", names(piece));
        for (Metric metric : metrics) {
            List<Figure> figures = piece.stream()
                    .map(i -> MainMetric.figure(strategies.get(i), metric))
                    .toList();
            Set<Figure> different = new HashSet<>(figures);
            if (different.size() == 1 && figures.get(0) instanceof CannotTell reason) {
                untold.computeIfAbsent(reason.reason(), r -> new ArrayList<>()).add(metric.title());
            } else {
                table.figures(SummaryTable.heading(metric), figures);
            }
        }
        table.close();
        untold.forEach((reason, titles) -> html.element(
                "p class=\"note\"", "Cannot tell: " + String.join("; ", titles) + ". Reason: " + reason + "."));
    }

    private boolean hasMainline() {
        return strategies.stream().anyMatch(strategy -> strategy.name().equals(Mainline.NAME));
    }

    /** Who is cheaper than whom, draw by draw; strategies in the order of cost. */
    private void ranks() {
        Ranks ranks = new Ranks(workload.uncertainty());
        List<String> order = ranks.order();
        if (order.isEmpty()) {
            return;
        }
        List<String> rows = order.subList(0, order.size() - 1);
        for (List<Integer> piece : pieces(rows.size(), RANKED)) {
            List<String> columns = piece.stream().map(i -> order.get(i + 1)).toList();
            FigureTable table = new FigureTable(html, rows.size(), "row is cheaper than column, % of draws", columns);
            for (String row : rows) {
                table.texts(
                        row,
                        columns.stream().map(column -> ranks.cell(row, column)).toList());
            }
            table.close();
        }
        html.element(
                "p class=\"note\"",
                "By " + workload.uncertainty().metric().title()
                        + ", both strategies in the same draws, so that what errs "
                        + "for both alike cancels; draws in which both cost the same count half. In parentheses: the "
                        + "order is open, since the 5 to 95 % interval of the difference contains 0; \"=\": both cost "
                        + "the same.");
    }

    private void advice() {
        Advice.of(workload).ifPresent(sentence -> html.element("p", sentence));
    }

    /** At which rates of its events the workload would reach what is tolerated, or another order of strategies. */
    private void breakEven() {
        BreakEven all = workload.breakEven();
        if (all.reaches().isEmpty()) {
            return;
        }
        String events = all.event().title() + " per ms";
        for (List<Integer> piece : pieces(all.reaches().size(), FigureTable.COLUMNS)) {
            FigureTable table = new FigureTable(html, 1, events + " of busy time", names(piece));
            table.figures(
                    "from which on it adds " + CsvTables.number(all.level()) + " %",
                    piece.stream()
                            .map(i -> perMilli(all.reaches().get(i).rate()))
                            .toList());
            table.close();
        }
        html.element(
                "p class=\"note\"",
                (all.recorded() > 0
                                ? "Recorded were " + Rounded.digits(all.recorded() / MILLIS, 3) + " " + events
                                        + ". What they cost goes with their rate; what other events cost stays as recorded."
                                : "Their rate cannot be told from the recording. All else is taken to go with it.")
                        + " No rate above ten thousand per ms is told, and intervals end there.");
        List<BreakEven.Crossing> crossings = all.crossings().stream()
                .sorted(Comparator.comparingDouble((BreakEven.Crossing each) -> -each.draws()))
                .limit(CROSSINGS)
                .toList();
        if (!crossings.isEmpty()) {
            html.raw("<ul>");
            crossings.forEach(each -> html.element(
                    "li",
                    each.below() + " is cheaper than " + each.above() + " below "
                            + Rounded.both(perMilli(each.rate())) + " " + events
                            + ", and dearer above; the two change places so in " + Ranks.percent(each.draws())
                            + " % of draws."));
            html.raw("</ul>\n");
            if (all.crossings().size() > CROSSINGS) {
                html.element(
                        "p class=\"note\"", "All " + all.crossings().size() + " such pairs are in break-even.csv.");
            }
        }
    }

    /** Rates per second are numbers too long for a table. */
    private static Figure perMilli(Figure perSecond) {
        return perSecond instanceof Figure.Estimate e
                ? new Figure.Estimate(e.value() / MILLIS, e.low() / MILLIS, e.high() / MILLIS)
                : perSecond;
    }

    /** The heaviest under any strategy. */
    private void causes() {
        Map<String, Double> weights = new TreeMap<>();
        for (Strategy strategy : strategies) {
            for (Calls.Cause cause : strategy.calls().causes()) {
                weights.merge(cause.name(), Math.abs(cause.share().value()), Math::max);
            }
        }
        if (weights.isEmpty()) {
            return;
        }
        List<String> causes = weights.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(CAUSES)
                .map(Map.Entry::getKey)
                .toList();
        for (List<Integer> piece : pieces(strategies.size(), FigureTable.COLUMNS)) {
            FigureTable table =
                    new FigureTable(html, causes.size(), "share of the added cycles by cause, %", names(piece));
            for (String cause : causes) {
                table.figures(
                        cause,
                        piece.stream().map(i -> share(strategies.get(i), cause)).toList());
            }
            table.close();
        }
        html.element(
                "p class=\"note\"",
                "Of all that the strategy adds, in the same draws of prices; a negative share is saved. All causes and"
                        + " operations, with counts, are in breakdown.csv.");
    }

    private static Figure share(Strategy strategy, String cause) {
        List<Calls.Cause> causes = strategy.calls().causes();
        if (causes.isEmpty()) {
            return new CannotTell(
                    strategy.breakdown().isEmpty() ? "nothing is added" : "whether anything is added is open");
        }
        return causes.stream()
                .filter(each -> each.name().equals(cause))
                .findFirst()
                .map(Calls.Cause::share)
                .orElse(Figure.Estimate.exact(0));
    }
}
