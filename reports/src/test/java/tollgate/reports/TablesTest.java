package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Cpu;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/** The summary as text: terminal, Markdown, LaTeX and JSON. */
final class TablesTest {
    private static final Comparison SMALL = new Comparison(
            new Cpu("lake", "Lake 1", 2.5, Map.of()),
            List.of(
                    workload("web_1", Metric.OVERHEAD, new Estimate(3.21, 2.0, 4.5), new Estimate(12345, 11100, 13600)),
                    workload("db", Metric.OVERHEAD, new Estimate(0.5, 0.4, 0.6), new CannotTell("it is off")),
                    workload("guest", Metric.CYCLES_PER_EXIT, new Estimate(700, 600, 900), Estimate.exact(0))),
            List.of(),
            List.of(),
            Map.of("seed", "1"));

    @Test
    void theTerminalShowsATablePerMetricAndTheReasons() {
        assertThat(terminal(SMALL).lines())
                .containsExactly(
                        "priced for Lake 1 at 2.5 GHz; value [5 %, 95 %]",
                        "",
                        "added time per busy time of the workload, %",
                        "                         a                        b",
                        "  web_1     3.2 [2.0, 4.5]  12 300 [11 100, 13 600]",
                        "  db     0.50 [0.40, 0.60]              cannot tell",
                        "",
                        "added cycles per VM exit",
                        "                      a  b",
                        "  guest  700 [600, 900]  0",
                        "cannot tell: it is off");
    }

    @Test
    void theTerminalStaysWithinItsWidthAndLosesNoStrategy() {
        Comparison many = SampleComparison.of(20, 15);
        String shown = terminal(many);
        assertThat(shown.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
        // Each workload has a row in every piece; the numbers of cells tells that none is missing.
        long cells = shown.lines()
                .filter(line -> line.startsWith("  "))
                .mapToLong(TablesTest::cells)
                .sum();
        assertThat(cells).isEqualTo(20 * 15);
    }

    @Test
    void latexIsAWholeTabularWithMathematicalNumbers() throws IOException {
        StringBuilder out = new StringBuilder();
        LatexTables.write(SummaryTable.of(SMALL).get(0), SMALL, out);
        assertThat(out.toString()).isEqualTo("""
                        % added time per busy time of the workload, %; value with 5-95 % interval, priced for lake
                        % needs \\usepackage{booktabs}
                        \\begin{tabular}{lrr}
                        \\toprule
                        added time per busy time of the workload, \\% & a & b \\\\
                        \\midrule
                        web\\_1 & $3.2$ {\\footnotesize $[2.0, 4.5]$} & $12\\,300$ {\\footnotesize $[11\\,100, 13\\,600]$} \\\\
                        db & $0.50$ {\\footnotesize $[0.40, 0.60]$} & --- \\\\
                        \\bottomrule
                        \\end{tabular}
                        """);
    }

    /** No figure is lost at the cuts. */
    @Test
    void latexIsCutToTheWidthOfAPage() throws IOException {
        StringBuilder out = new StringBuilder();
        Comparison large = SampleComparison.of(20, 15);
        SummaryTable table = SummaryTable.of(large).get(0);
        LatexTables.write(table, large, out);
        assertThat(out.toString().split("footnotesize \\$"))
                .hasSize(1 + table.lines().size() * 15);
        assertThat(out.toString().lines().filter(line -> line.startsWith("\\begin{tabular}")))
                .hasSizeGreaterThan(3)
                .allMatch(line -> line.length() <= "\\begin{tabular}{lrrrrrr}".length());
    }

    @ParameterizedTest
    @CsvSource({
        "a_b%c, a\\_b\\%c",
        "x{}#$&, x\\{\\}\\#\\$\\&",
        "\\input, \\textbackslash{}input",
        "a\u00e9, a\\texttt{u00e9}",
        "^~, \\textasciicircum{}\\textasciitilde{}",
    })
    void latexCommandsInNamesAreText(String name, String escaped) {
        assertThat(LatexTables.escape(name)).isEqualTo(escaped);
    }

    @Test
    void markdownInNamesIsText() throws IOException {
        StringBuilder out = new StringBuilder();
        MarkdownTables.write(SummaryTable.of(SMALL).get(1), SMALL, out);
        assertThat(out.toString()).isEqualTo("""
                        added cycles per VM exit; value with 5-95 % interval, priced for Lake 1

                        | workload | a | b |
                        |---|---:|---:|
                        | guest | 700 [600, 900] | 0 |
                        """);
        assertThat(MarkdownTables.escape("a|b\n<i>")).isEqualTo("a\\|b \\<i\\>");
    }

    @Test
    void manyStrategiesOnFewWorkloadsGoDown() {
        SummaryTable table = SummaryTable.of(SMALL).get(0);
        assertThat(table.transposed().transposed()).isEqualTo(table);
        assertThat(table.transposed().strategies()).containsExactly("web_1", "db");
        assertThat(table.transposed().lines().get(1).figures())
                .containsExactly(new Estimate(12345, 11100, 13600), new CannotTell("it is off"));
        String shown = terminal(SampleComparison.of(2, 12));
        assertThat(shown.lines().filter(line -> line.startsWith("  kpti no. 7 ")))
                .hasSize(1);
    }

    @Test
    void wideTablesComeInEvenPieces() {
        List<SummaryTable> pieces =
                SummaryTable.of(SampleComparison.of(2, 13)).get(0).pieces(6);
        assertThat(pieces).extracting(piece -> piece.strategies().size()).containsExactly(4, 4, 5);
        assertThat(pieces.stream().flatMap(piece -> piece.strategies().stream()))
                .doesNotHaveDuplicates();
    }

    @Test
    void jsonHoldsFiguresWithUnitsAndReasons() throws IOException {
        StringBuilder out = new StringBuilder();
        Json.write(SMALL, out);
        assertThat(out.toString())
                .contains("\"overhead\": {\"value\": 3.21, \"low\": 2, \"high\": 4.5, \"unit\": \"%\"}")
                .contains("\"overhead\": {\"cannotTell\": \"it is off\"}")
                .contains("\"gigahertz\": 2.5")
                .endsWith("}\n");
    }

    @Test
    void jsonEscapesWhatIsNotPlain() throws IOException {
        StringBuilder out = new StringBuilder();
        Json.write(List.of("a\"\\\n\u2028\ud800", Map.of(), List.of(), true), out);
        assertThat(out.toString()).isEqualTo("[\n  \"a\\\"\\\\\\u000a\\u2028\\ud800\",\n  {},\n  [],\n  true\n]\n");
    }

    private static long cells(String line) {
        return line.split("\\[|cannot tell", -1).length - 1;
    }

    private static String terminal(Comparison comparison) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TerminalSummary.print(comparison, new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** By hand: what is told against mainline stands in a table of its own, without mainline's column. */
    @Test
    void whatIsToldAgainstMainlineHasATableOfItsOwn() throws IOException {
        Estimate less = new Estimate(-4, -6, -3);
        Strategy bare = new Strategy(
                "kpti",
                Map.of(Metric.OVERHEAD, new Estimate(2, 1, 3), Metric.OVERHEAD_MAINLINE, less),
                List.of(),
                List.of(),
                List.of());
        Strategy mainline = new Strategy(
                "mainline",
                Map.of(Metric.OVERHEAD, new Estimate(6, 4, 9), Metric.OVERHEAD_MAINLINE, Estimate.exact(0)),
                List.of(),
                List.of(),
                List.of());
        Workload plain = SMALL.workloads().get(0);
        Comparison comparison = new Comparison(
                SMALL.cpu(),
                List.of(new Workload(
                        "web", plain.trace(), List.of(plain.strategies().get(0), bare, mainline), List.of())),
                List.of(),
                List.of(),
                Map.of("mainline", "mainline = kpti+verw: on by default."));
        List<SummaryTable> tables = SummaryTable.againstMainline(comparison);
        assertThat(tables).hasSize(1);
        assertThat(tables.get(0).strategies()).containsExactly("kpti");
        assertThat(tables.get(0).lines().get(0).figures()).containsExactly(less);
        assertThat(tables.get(0).heading()).isEqualTo("added time per busy time, against mainline, %");
        assertThat(ReportHtml.page(comparison, "", ""))
                .contains(
                        "The second baseline: mainline = kpti+verw: on by default.",
                        "Added time per busy time, against mainline, %");

        assertThat(SummaryTable.heading(Metric.NANOS_PER_EXIT_MAINLINE))
                .as("the unit is no part of another word")
                .isEqualTo("added time per VM exit, against mainline, ns");

        assertThat(SummaryTable.againstMainline(SMALL)).isEmpty();
        assertThat(ReportHtml.page(SMALL, "", "")).doesNotContain("against mainline");
    }

    private static Workload workload(String name, Metric metric, Figure... figures) {
        List<Strategy> strategies = new ArrayList<>();
        strategies.add(new Strategy("baseline", Map.of(metric, Estimate.exact(0)), List.of(), List.of(), List.of()));
        for (int i = 0; i < figures.length; i++) {
            Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
            metrics.put(metric, figures[i]);
            strategies.add(new Strategy(String.valueOf((char) ('a' + i)), metrics, List.of(), List.of(), List.of()));
        }
        return new Workload(name, new Trace("f", "0", "x", "", 1, 1, 1, 0, 0, 0, 0, 0), strategies, List.of());
    }
}
