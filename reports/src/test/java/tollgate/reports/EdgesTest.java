package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Part;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Metric;

/** Comparisons that nobody would draw on purpose. */
final class EdgesTest {
    @TempDir
    Path home;

    @Test
    void nothingAtAllIsAReport() throws IOException {
        assertThat(text(SampleComparison.of(0, 0))).contains("0 workloads, 0 strategies");
    }

    @Test
    void theBaselineAloneIsAReport() throws IOException {
        assertThat(text(SampleComparison.of(2, 0))).contains("no figure can be told");
    }

    @Test
    void whereNothingCanBeToldTheReasonIsSaid() throws IOException {
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metrics.put(metric, new CannotTell("the tool's own cost exceeds what it measured"));
        }
        Comparison comparison = with("quiet", "kpti", metrics, List.of());
        assertThat(text(comparison)).contains("the tool's own cost exceeds what it measured");
    }

    @Test
    void namesAndFiguresOfAnyKindAreDrawn() throws IOException {
        assertThat(text(SampleComparison.nasty()))
                .contains("\\u{1f600} \\u{4e2d}\\u{6587}", "a\\u{a}b\\u{9}c", "shared_ buffers=1GB");
    }

    private static Comparison with(String workload, String strategy, Map<Metric, Figure> metrics, List<Part> parts) {
        List<Strategy> strategies = new ArrayList<>();
        strategies.add(new Strategy("baseline", Map.of(), List.of(), List.of(), List.of()));
        strategies.add(new Strategy(strategy, metrics, parts, List.of(), List.of()));
        Trace trace = new Trace("traces/" + workload, "00", "x", workload, 1, 1, 1, 0, 0, 0, 0, 0);
        Comparison usual = SampleComparison.usual();
        return new Comparison(
                usual.cpu(),
                List.of(new Workload(workload, trace, strategies, List.of())),
                List.of(),
                List.of(),
                Map.of());
    }

    /** Of the report in the folder, which is written whole. */
    private String text(Comparison comparison) throws IOException {
        Path place = home.resolve("report");
        ReportFolder.write(comparison, place);
        TerminalSummary.print(comparison, new PrintStream(new ByteArrayOutputStream()));
        try (PDDocument document = Loader.loadPDF(place.resolve("report.pdf").toFile())) {
            return new PDFTextStripper().getText(document).replaceAll("\\s+", " ");
        }
    }
}
