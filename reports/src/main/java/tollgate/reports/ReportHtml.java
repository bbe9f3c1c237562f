package tollgate.reports;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.LedgerRow;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Metric;
import tollgate.reports.chart.Chart;
import tollgate.reports.chart.Charts;
import tollgate.reports.chart.MainMetric;
import tollgate.reports.chart.Rounded;
import tollgate.reports.chart.Sheet;

/** The report as one XHTML page: what it says and in which order. Its looks are in {@code report.css}. */
final class ReportHtml {
    /** Strategies side by side in a table of the page's width. */
    private static final int COLUMNS = 6;

    private static final int CAUSES = 8;

    /** Columns that have room for value and interval on one line. */
    private static final int FEW = 3;

    private static final int MOST_ROWS_KEPT_TOGETHER = 14;

    private final Comparison comparison;
    private final Html html = new Html();
    private final List<String> bookmarks = new ArrayList<>();

    private ReportHtml(Comparison comparison) {
        this.comparison = comparison;
    }

    /**
     * @param css the style sheet
     * @param method the section that does not depend on the comparison
     */
    static String page(Comparison comparison, String css, String method) {
        ReportHtml report = new ReportHtml(comparison);
        report.body(method);
        Html page = new Html();
        page.raw("<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\"><head>");
        page.element("title", title(comparison));
        page.raw("<style>").raw(css).raw("</style><bookmarks>");
        report.bookmarks.forEach(page::raw);
        return page.raw("</bookmarks></head><body>")
                .raw(report.html.toString())
                .raw("</body></html>")
                .toString();
    }

    static String title(Comparison comparison) {
        return "What kernel isolation costs on " + comparison.cpu().title();
    }

    private void body(String method) {
        html.element("h1", title(comparison));
        Headline.paragraphs(comparison).forEach(paragraph -> html.element("p class=\"lead\"", paragraph));
        html.element(
                "p class=\"note\"",
                "Values are at mid prices, with the 5 to 95 % interval in brackets, rounded to what the interval "
                        + "supports. A replay cannot change how the recorded system scheduled, batched or timed its "
                        + "work: these are costs of the recorded course of events, not of the course that an isolated "
                        + "kernel would have taken.");
        section("Summary", "summary");
        for (SummaryTable table : SummaryTable.of(comparison)) {
            html.element("h3", capital(table.heading()));
            summaryTable(table);
        }
        notes();
        section("What was run", "traces");
        traces();
        section("Figures", "figures");
        figures();
        section("Workloads", "workloads");
        for (int i = 0; i < comparison.workloads().size(); i++) {
            workload(comparison.workloads().get(i), "workload-" + i);
        }
        section("Method", "method");
        html.raw(method);
        section("How sure this is", "certainty");
        certainty();
        section("Provenance", "provenance");
        provenance();
    }

    private void section(String title, String id) {
        html.raw("<h2 id=\"" + id + "\">").text(title).raw("</h2>\n");
        bookmark(title, id);
    }

    private void bookmark(String title, String id) {
        bookmarks.add(new Html()
                .raw("<bookmark name=\"")
                .text(title)
                .raw("\" href=\"#" + id + "\"/>")
                .toString());
    }

    private void summaryTable(SummaryTable given) {
        boolean turn = given.strategies().size() > COLUMNS && given.lines().size() <= COLUMNS;
        SummaryTable whole = turn ? given.transposed() : given;
        for (SummaryTable table : whole.pieces(COLUMNS)) {
            Footnotes footnotes = new Footnotes();
            boolean few = table.strategies().size() <= FEW;
            open(few ? "figures few" : "figures", table.lines().size(), turn ? "strategy" : "workload");
            table.strategies().forEach(strategy -> html.element("th", strategy));
            html.raw("</tr></thead><tbody>");
            for (SummaryTable.Line line : table.lines()) {
                html.raw("<tr>").element("td class=\"name\"", line.workload());
                line.figures().forEach(figure -> cell(figure, footnotes));
                html.raw("</tr>\n");
            }
            html.raw("</tbody></table>\n");
            footnotes.print();
        }
    }

    /** What is to be said of a strategy, once, with the workloads that it holds for unless it holds for all. */
    private void notes() {
        Map<String, List<String>> notes = new LinkedHashMap<>();
        for (Workload workload : comparison.workloads()) {
            for (Strategy strategy : workload.strategies()) {
                for (String note : strategy.notes()) {
                    notes.computeIfAbsent(strategy.name() + ": " + note, n -> new ArrayList<>())
                            .add(workload.name());
                }
            }
        }
        if (!notes.isEmpty()) {
            html.raw("<ul>");
            notes.forEach((note, workloads) -> html.element(
                    "li",
                    workloads.size() == comparison.workloads().size()
                            ? note
                            : note + " (" + String.join(", ", workloads) + ")"));
            html.raw("</ul>\n");
        }
    }

    private void cell(Figure figure, Footnotes footnotes) {
        html.raw("<td>").text(Rounded.value(figure));
        if (figure instanceof CannotTell reason) {
            html.raw("<sup>").text(footnotes.mark(reason.reason())).raw("</sup>");
        } else if (!Rounded.interval(figure).isEmpty()) {
            html.raw("<br/><span class=\"interval\">")
                    .text(Rounded.interval(figure))
                    .raw("</span>");
        }
        html.raw("</td>");
    }

    private void traces() {
        open("traces", comparison.workloads().size(), "workload and file");
        html.element("th", "format").element("th class=\"hash\"", "sha-256");
        for (String heading : new String[] {"events", "busy time, s", "kernel entries", "VM exits", "lost records"}) {
            html.element("th", heading);
        }
        html.raw("</tr></thead><tbody>");
        for (Workload workload : comparison.workloads()) {
            Trace trace = workload.trace();
            html.raw("<tr><td class=\"name\"><b>").text(workload.name()).raw("</b><br/>");
            html.text(trace.file()).raw("</td>");
            html.element("td", trace.format());
            html.element(
                    "td class=\"hash\"",
                    trace.sha256().substring(0, Math.min(12, trace.sha256().length())));
            html.element("td", Rounded.count(trace.events()));
            html.element("td", trace.busyNanos() < 0 ? "cannot tell" : Rounded.digits(trace.busyNanos() / 1e9, 4));
            html.element("td", Rounded.count(trace.kernelEntries()));
            html.element("td", Rounded.count(trace.vmExits()));
            html.element("td", Rounded.count(trace.lost()));
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table>\n");
    }

    private void figures() {
        int number = 1;
        for (Chart chart : Charts.of(comparison)) {
            List<Sheet> sheets = chart.sheets(comparison, Sheet.PAGE);
            for (int i = 0; i < sheets.size(); i++) {
                Sheet sheet = sheets.get(i);
                String of = sheets.size() == 1 ? "" : " (" + (i + 1) + " of " + sheets.size() + ")";
                html.raw("<div class=\"figure\"><object type=\"" + ReportPdf.FIGURE_TYPE + "\" data=\"" + chart.name()
                        + "/" + i + "\" style=\"width:" + sheet.width() + "pt;height:" + sheet.height()
                        + "pt\" alt=\"");
                html.text(chart.title()).raw("\"></object>");
                html.raw("<p class=\"caption\"><b>").text("Figure " + number + of + ". " + chart.title() + ".");
                html.raw("</b> ").text(i == 0 ? chart.caption(comparison) : "Continued; the axis is the same.");
                html.raw("</p></div>\n");
            }
            number++;
        }
    }

    private void workload(Workload workload, String id) {
        html.raw("<h3 id=\"" + id + "\">").text(workload.name()).raw("</h3>\n");
        bookmark(workload.name(), id);
        Trace trace = workload.trace();
        if (!trace.description().isEmpty()) {
            html.element("p", trace.description());
        }
        List<String> remarks = new ArrayList<>(workload.caveats());
        if (trace.asidSwitches() > 0) {
            remarks.add("The simulated choice of PCIDs agrees with the recorded kernel's in "
                    + Rounded.count(trace.asidAgree()) + " of " + Rounded.count(trace.asidSwitches())
                    + " context switches that the recording shows.");
        }
        remarks.add(
                "The pages of " + Rounded.digits(trace.borrowedShare(), 3)
                        + " % of the kernel entries and exits are borrowed from another event, because none were recorded for it.");
        html.raw("<ul>");
        remarks.forEach(remark -> html.element("li", remark));
        html.raw("</ul>\n");
        List<Strategy> strategies = workload.strategies().stream().skip(1).toList();
        int pieces = Math.max(1, (strategies.size() + COLUMNS - 1) / COLUMNS);
        for (int i = 0; i < pieces; i++) {
            int from = strategies.size() * i / pieces;
            metrics(strategies.subList(from, strategies.size() * (i + 1) / pieces));
        }
        causes(workload, strategies, pieces);
    }

    private void metrics(List<Strategy> strategies) {
        Footnotes footnotes = new Footnotes();
        Map<String, List<String>> untold = new LinkedHashMap<>();
        open("figures", Metric.values().length, "metric");
        strategies.forEach(strategy -> html.element("th", strategy.name()));
        html.raw("</tr></thead><tbody>");
        for (Metric metric : Metric.values()) {
            Set<Figure> figures = new HashSet<>();
            strategies.forEach(strategy -> figures.add(MainMetric.figure(strategy, metric)));
            if (figures.size() == 1 && figures.iterator().next() instanceof CannotTell reason) {
                untold.computeIfAbsent(reason.reason(), r -> new ArrayList<>()).add(metric.title());
                continue;
            }
            html.raw("<tr>").element("td class=\"name\"", SummaryTable.heading(metric));
            strategies.forEach(strategy -> cell(MainMetric.figure(strategy, metric), footnotes));
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table>\n");
        footnotes.print();
        untold.forEach((reason, titles) -> html.element(
                "p class=\"note\"", "Cannot tell: " + String.join("; ", titles) + ". Reason: " + reason + "."));
    }

    /** Opens a table up to its first heading. A short one stays on one page. */
    private void open(String kind, int rows, String heading) {
        String whole = rows <= MOST_ROWS_KEPT_TOGETHER ? " whole" : "";
        html.raw("<table class=\"" + kind + whole + "\"><thead><tr>").element("th class=\"name\"", heading);
    }

    /** Which causes the added cycles come from: the ledger's difference to the baseline, at mid prices. */
    private void causes(Workload workload, List<Strategy> strategies, int pieces) {
        Map<String, Double> baseline = byCause(workload.strategies().get(0));
        List<Map<String, Double>> added = new ArrayList<>();
        Map<String, Double> weight = new TreeMap<>();
        for (Strategy strategy : strategies) {
            Map<String, Double> difference = byCause(strategy);
            baseline.forEach((cause, cycles) -> difference.merge(cause, -cycles, Double::sum));
            double whole = positive(difference);
            difference.replaceAll((cause, cycles) -> whole == 0 ? 0 : 100 * cycles / whole);
            difference.forEach((cause, share) -> weight.merge(cause, Math.abs(share), Math::max));
            added.add(difference);
        }
        List<String> top = weight.entrySet().stream()
                .filter(entry -> entry.getValue() > 0)
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(CAUSES)
                .map(Map.Entry::getKey)
                .toList();
        if (top.isEmpty()) {
            return;
        }
        for (int i = 0; i < pieces; i++) {
            int from = strategies.size() * i / pieces;
            int to = strategies.size() * (i + 1) / pieces;
            open("figures", top.size(), "share of the added cycles by cause, %");
            strategies.subList(from, to).forEach(strategy -> html.element("th", strategy.name()));
            html.raw("</tr></thead><tbody>");
            for (String cause : top) {
                html.raw("<tr>").element("td class=\"name\"", cause);
                added.subList(from, to).forEach(shares -> html.element("td", share(shares.getOrDefault(cause, 0.0))));
                html.raw("</tr>\n");
            }
            html.raw("</tbody></table>\n");
        }
        html.element(
                "p class=\"note\"",
                "At mid prices, of all that is added; a negative share is saved. All causes and operations, with "
                        + "counts, are in breakdown.csv.");
    }

    private static Map<String, Double> byCause(Strategy strategy) {
        Map<String, Double> cycles = new LinkedHashMap<>();
        for (LedgerRow row : strategy.ledger()) {
            cycles.merge(row.cause(), row.cycles().value(), Double::sum);
        }
        return cycles;
    }

    private static double positive(Map<String, Double> cycles) {
        return cycles.values().stream().mapToDouble(c -> Math.max(0, c)).sum();
    }

    private static String share(double percent) {
        return percent == 0 ? "0" : Math.abs(percent) < 0.05 ? "< 0.1" : "%.1f".formatted(percent);
    }

    private void certainty() {
        html.raw("<p>").text("The intervals include: ").raw("</p>");
        list(comparison.includes());
        html.raw("<p>").text("They do not include: ").raw("</p>");
        list(comparison.excludes());
        html.element("p", "The added cycles of all results rest on prices of this standing:");
        html.raw("<table class=\"plain whole\"><thead><tr>")
                .element("th class=\"name\"", "standing of the price")
                .element("th", "share of the added cycles, %")
                .raw("</tr></thead><tbody>");
        comparison
                .cpu()
                .priceSources()
                .forEach((status, percent) -> html.raw("<tr>")
                        .element("td class=\"name\"", status)
                        .element("td", share(percent))
                        .raw("</tr>"));
        html.raw("</tbody></table>\n");
    }

    private void list(List<String> phrases) {
        html.raw("<ul>");
        if (phrases.isEmpty()) {
            html.element("li", "nothing");
        }
        phrases.forEach(phrase -> html.element("li", phrase));
        html.raw("</ul>\n");
    }

    private void provenance() {
        html.raw("<table class=\"provenance\"><tbody>");
        row("CPU profile", comparison.cpu().name());
        comparison.provenance().forEach(this::row);
        for (Workload workload : comparison.workloads()) {
            row("sha-256 of " + workload.trace().file(), workload.trace().sha256());
        }
        html.raw("</tbody></table>\n");
    }

    private void row(String key, String value) {
        html.raw("<tr>")
                .element("td class=\"name\"", key)
                .element("td class=\"value\"", value)
                .raw("</tr>\n");
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** Reasons below a table, each said once. */
    private final class Footnotes {
        private final Map<String, String> marks = new LinkedHashMap<>();

        String mark(String reason) {
            return marks.computeIfAbsent(reason, r -> String.valueOf(marks.size() + 1));
        }

        void print() {
            if (!marks.isEmpty()) {
                html.raw("<p class=\"note\">");
                marks.forEach(
                        (reason, mark) -> html.raw("<sup>" + mark + "</sup> ").text("cannot tell: " + reason + ". "));
                html.raw("</p>\n");
            }
        }
    }
}
