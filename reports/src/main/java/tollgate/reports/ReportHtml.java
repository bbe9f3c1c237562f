package tollgate.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Mainline;
import tollgate.analysis.Score;
import tollgate.reports.chart.Chart;
import tollgate.reports.chart.Charts;
import tollgate.reports.chart.ModelPicture;
import tollgate.reports.chart.Rounded;
import tollgate.reports.chart.Sheet;

/** The report as one XHTML page: what it says and in which order. Its looks are in {@code report.css}. */
final class ReportHtml {
    /** Name of the picture that belongs to no chart. */
    static final String MODEL = "model";

    private final Comparison comparison;
    private final Html html = new Html();
    private final List<String> bookmarks = new ArrayList<>();
    private final List<String> links = new ArrayList<>();

    /** Figures inside the page, as SVG, for browsers; else the PDF renderer is asked for them by name. */
    private final boolean isWeb;

    private ReportHtml(Comparison comparison, boolean isWeb) {
        this.comparison = comparison;
        this.isWeb = isWeb;
    }

    /**
     * The report for browsers, complete in one file: nothing is loaded from elsewhere, and without scripts only the
     * sorting of tables is missed.
     *
     * @param css the style sheet
     * @param method the section that does not depend on the comparison
     * @param script makes tables sortable
     */
    static String webPage(Comparison comparison, String css, String method, String script) {
        ReportHtml report = new ReportHtml(comparison, /* isWeb */ true);
        report.body(method);
        Html page = new Html();
        page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width\"/>\n");
        page.element("title", title(comparison));
        page.raw("<style>").raw(css).raw("</style></head><body>\n<nav>");
        report.links.forEach(page::raw);
        return page.raw("</nav>\n<main>")
                .raw(report.html.toString())
                .raw("</main>\n<script>")
                .raw(script)
                .raw("</script></body></html>\n")
                .toString();
    }

    /**
     * @param css the style sheet
     * @param method the section that does not depend on the comparison
     */
    static String page(Comparison comparison, String css, String method) {
        ReportHtml report = new ReportHtml(comparison, /* isWeb */ false);
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
        againstMainline();
        Runs.table(comparison).ifPresent(this::runs);
        notes();
        section("What was run", "traces");
        traces();
        section("Figures", "figures");
        figures();
        section("Workloads", "workloads");
        for (int i = 0; i < comparison.workloads().size(); i++) {
            workload(comparison.workloads().get(i), "workload-" + i);
        }
        if (ExposureSection.applies(comparison.workloads())) {
            section("What the exposure figures mean", "exposure");
            ExposureSection.definitions(html);
            section("The attacks, and what their cells are made of", "attacks");
            ProtectionSection.definitions(html, comparison.workloads());
        }
        section("Method and limits", "method");
        html.raw(method);
        if (!comparison.cpu().translation().isEmpty()) {
            section("The simulated MMU", "mmu");
            html.raw("<div class=\"figure\">");
            picture(
                    MODEL,
                    0,
                    "The way of an event through the model",
                    ModelPicture.sheet(comparison.cpu(), Sheet.PAGE));
            html.element("p class=\"caption\"", MmuSection.caption(comparison.cpu()))
                    .raw("</div>\n")
                    .raw(MmuSection.lines());
        }
        section("How sure this is", "certainty");
        certainty();
        if (!comparison.checks().isEmpty()) {
            section("Held against publications", "checks");
            checks();
        }
        section("Provenance", "provenance");
        provenance();
    }

    private void runs(PlainTable table) {
        html.element("h3", "From one run to the next");
        html.element("p", table.title() + ".");
        table.html(html);
    }

    private void againstMainline() {
        List<SummaryTable> tables = SummaryTable.againstMainline(comparison);
        if (tables.isEmpty()) {
            return;
        }
        html.element("h3", "Against what Linux switches on by default");
        String reason = comparison.provenance().get(Mainline.NAME);
        html.element(
                "p",
                (reason == null ? "" : "The second baseline: " + reason + " ")
                        + "Every strategy is compared as it is written, in the place of all of these: kvm-asi alone goes "
                        + "without them, and a negative figure says that it does less, not that it protects as much for "
                        + "less. On top of them it is mainline+kvm-asi; in the place of a single one, "
                        + "mainline-kpti+asi-2025; the strategies mainline,deployed are all like this. Both sides are priced in the same draws, so that what errs for both alike cancels.");
        for (SummaryTable table : tables) {
            html.element("h4", capital(table.heading()));
            summaryTable(table);
        }
    }

    private void checks() {
        html.element(
                "p",
                "Published measurements, their workloads built as traces and replayed. None was used for a price. A "
                        + "published figure outside the interval is a miss; an interval wider than a factor of three "
                        + "proves little even when it holds the figure.");
        html.raw("<table class=\"plain whole checks\"><thead><tr>")
                .element("th class=\"name\"", "measurement")
                .element("th", "priced for")
                .element("th", "measured")
                .element("th", "predicted")
                .element("th", "")
                .raw("</tr></thead><tbody>");
        for (Comparison.Check check : comparison.checks()) {
            html.raw("<tr>")
                    .element("td class=\"name\"", check.what() + ", " + check.unit())
                    .element("td", check.cpu())
                    .element("td", Rounded.digits(check.published(), 3))
                    .element("td", Rounded.both(check.predicted()))
                    .element("td", check.verdict())
                    .raw("</tr>");
        }
        html.raw("</tbody></table>\n");
        Score score = Score.of(comparison.checks());
        html.element(
                "p",
                String.format(
                        Locale.ROOT,
                        "%d cases of %d publications: %d lie inside, %d of them in an interval narrower than a factor of %.0f."
                                + " The median interval is a factor of %.1f wide; the median error of the middle is %.0f %%. The"
                                + " model \"two CR3 writes a kernel entry\" says something of %d of them and is off by %.0f %%"
                                + " there, this one by %.0f %%. Figure \"%s\" shows them all.",
                        score.cases(),
                        score.sources(),
                        score.inside(),
                        score.hits(),
                        Comparison.Check.WIDEST,
                        score.width(),
                        score.error(),
                        score.compared(),
                        score.naiveError(),
                        score.errorThere(),
                        "The model against published measurements"));
        comparison.checks().stream()
                .filter(check -> !check.isInside() && !check.cause().isEmpty())
                .forEach(check ->
                        html.element("p", "Missed: " + check.what() + ". Likely cause: " + check.cause() + "."));
        html.raw("<ul>");
        comparison.checks().stream().map(Comparison.Check::source).distinct().forEach(s -> html.element("li", s));
        html.raw("</ul>\n");
    }

    private void section(String title, String id) {
        html.raw("<h2 id=\"" + id + "\">").text(title).raw("</h2>\n");
        bookmark(title, id);
    }

    private void bookmark(String title, String id) {
        links.add(new Html()
                .raw("<a href=\"#" + id + "\">")
                .text(title)
                .raw("</a>\n")
                .toString());
        bookmarks.add(new Html()
                .raw("<bookmark name=\"")
                .text(title)
                .raw("\" href=\"#" + id + "\"/>")
                .toString());
    }

    private void summaryTable(SummaryTable given) {
        boolean turn =
                given.strategies().size() > FigureTable.COLUMNS && given.lines().size() <= FigureTable.COLUMNS;
        SummaryTable whole = turn ? given.transposed() : given;
        for (SummaryTable piece : whole.pieces(FigureTable.COLUMNS)) {
            FigureTable table =
                    new FigureTable(html, piece.lines().size(), turn ? "strategy" : "workload", piece.strategies());
            piece.lines().forEach(line -> table.figures(line.workload(), line.figures()));
            table.close();
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

    private void traces() {
        html.raw("<table class=\"traces"
                + FigureTable.whole(comparison.workloads().size()) + "\"><thead><tr>");
        html.element("th class=\"name\"", "workload and file")
                .element("th", "format")
                .element("th class=\"hash\"", "sha-256");
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
            html.raw("<td>").text(Rounded.count(trace.kernelEntries()));
            if (trace.busyNanos() > 0) { // overhead ranks by the rate
                double perMilli = trace.kernelEntries() * 1e6 / trace.busyNanos();
                html.raw("<br/>").text(Rounded.digits(perMilli, 3) + " per ms");
            }
            html.raw("</td>");
            html.element("td", trace.vmExits() < 0 ? "cannot tell" : Rounded.count(trace.vmExits()));
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
                html.raw("<div class=\"figure\">");
                picture(chart.name(), i, chart.title(), sheet);
                html.raw("<p class=\"caption\"><b>").text("Figure " + number + of + ". " + chart.title() + ".");
                html.raw("</b> ").text(i == 0 ? chart.caption(comparison) : "Continued; the axis is the same.");
                html.raw("</p></div>\n");
            }
            number++;
        }
    }

    private void picture(String name, int number, String title, Sheet sheet) {
        String alternative = alternative(name, title);
        if (!isWeb) {
            html.raw("<object type=\"" + ReportPdf.FIGURE_TYPE + "\" data=\"" + name + "/" + number
                    + "\" style=\"width:" + sheet.width() + "pt;height:" + sheet.height() + "pt\" alt=\"");
            html.text(alternative).raw("\" title=\"").text(title).raw("\"></object>");
            return;
        }
        StringBuilder svg = new StringBuilder();
        try {
            Svg.write(sheet, alternative, name + "-" + number + "-", svg);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        html.raw(svg.toString());
    }

    /** For who cannot see the figure: what it is and where its numbers, or its words, stand. */
    private static String alternative(String name, String title) {
        return title
                + (name.equals(MODEL)
                        ? "; the lines below say it in words"
                        : "; the numbers are in figures/" + name + ".csv");
    }

    private void workload(Workload workload, String id) {
        html.raw("<h3 id=\"" + id + "\">").text(workload.name()).raw("</h3>\n");
        bookmark(workload.name(), id);
        new WorkloadSection(html, workload).write();
    }

    private void certainty() {
        html.raw("<p>").text("The intervals include: ").raw("</p>");
        list(comparison.includes());
        html.raw("<p>").text("They do not include: ").raw("</p>");
        list(comparison.excludes());
        html.element(
                "p",
                "The added cycles of all results together rest on prices of this standing (each result by itself stands in its workload's table):");
        Map<String, Estimate> sources = comparison.cpu().priceSources();
        FigureTable table =
                new FigureTable(html, sources.size(), "standing of the price", List.of("share of the added cycles, %"));
        sources.forEach((status, percent) -> table.figures(status, List.of(percent)));
        table.close();
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
}
