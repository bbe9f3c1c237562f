package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.Comparison.Check;
import tollgate.analysis.Figure.Estimate;
import tollgate.reports.chart.Ratios;

/** What validate writes: tables with units, and charts whose numbers stand beside them. */
final class ValidationFolderTest {
    @TempDir
    Path folder;

    private static final List<Check> CHECKS = List.of(new Check(
            "getppid",
            "haswell",
            100,
            new Estimate(110, 80, 120),
            Estimate.exact(50),
            "ns",
            "a laptop",
            "200 less 100",
            "",
            "",
            "somebody, 2018"));

    private final List<Ratios.Group> truths = List.of(
            new Ratios.Group(
                    "left out",
                    "cycles an entry",
                    List.of(new Ratios.Row("redis, kpti", new Estimate(0.9, 0.7, 1.2), true, "426"))),
            new Ratios.Group(
                    "twins", "off by", List.of(new Ratios.Row("sqlite", Estimate.exact(1.5), false, "+50 %"))));

    @Test
    void bothChartsAndAllTablesStandThere() throws IOException {
        Path target = folder.resolve("validation");
        PlainTable more = new PlainTable(
                "twins", "counts a kernel entry", List.of("program", "walks"), List.of(List.of("a", 2.5)));
        ValidationFolder.write(CHECKS, List.of(more), truths, target);
        assertThat(target.resolve("tables/twins.csv")).hasContent("program,walks\na,2.5");
        assertThat(target.resolve("tables/published.csv")).isRegularFile();
        assertThat(target.resolve("figures/published.pdf")).isRegularFile();
        assertThat(Files.readAllLines(target.resolve("figures/ground-truth.csv")))
                .containsExactly(
                        "group,row,part,value,low,high,unit,note",
                        "left out,\"redis, kpti\",,0.9,0.7,1.2,times the true one,",
                        "twins,sqlite,,1.5,,,times the true one,");
        ValidationFolder.write(CHECKS, List.of(), truths, target);
        assertThat(target.resolve("tables/twins.csv")).doesNotExist();
    }
}
