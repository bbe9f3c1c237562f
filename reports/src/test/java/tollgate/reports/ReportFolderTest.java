package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.analysis.Comparison;

final class ReportFolderTest {
    private static final Comparison SMALL = SampleComparison.of(3, 2);

    /** Where the one whole report stands, with new parents. */
    @TempDir
    static Path first;

    @TempDir
    Path home;

    @BeforeAll
    static void writeOne() throws IOException {
        ReportFolder.write(SMALL, first.resolve("new/report"));
    }

    /** What is done with folders does not depend on what a report says: two files and a figure stand for it. */
    private static void write(Path place) throws IOException {
        ReportFolder.write(place, ReportFolder.OURS, ReportFolder.MARKS, folder -> {
            Files.writeString(folder.resolve("report.pdf"), "a report");
            Files.writeString(folder.resolve("results.csv"), "results");
            Files.writeString(Files.createDirectory(folder.resolve("figures")).resolve("overhead.svg"), "a figure");
        });
    }

    private static void fail(Path place) throws IOException {
        ReportFolder.write(place, ReportFolder.OURS, ReportFolder.MARKS, folder -> {
            Files.writeString(folder.resolve("report.pdf"), "half a report");
            throw new IllegalStateException("made to fail");
        });
    }

    @Test
    void holdsReportFiguresAndTables() throws IOException {
        assertThat(contents(first.resolve("new/report")).keySet())
                .containsExactly(
                        "break-even.csv",
                        "breakdown.csv",
                        "exposure.csv",
                        "figures/breakdown.csv",
                        "figures/breakdown.pdf",
                        "figures/breakdown.png",
                        "figures/breakdown.svg",
                        "figures/entry-cost.csv",
                        "figures/entry-cost.pdf",
                        "figures/entry-cost.png",
                        "figures/entry-cost.svg",
                        "figures/exit-cost.csv",
                        "figures/exit-cost.pdf",
                        "figures/exit-cost.png",
                        "figures/exit-cost.svg",
                        "figures/exit-rate.csv",
                        "figures/exit-rate.pdf",
                        "figures/exit-rate.png",
                        "figures/exit-rate.svg",
                        "figures/latency.csv",
                        "figures/latency.pdf",
                        "figures/latency.png",
                        "figures/latency.svg",
                        "figures/overhead.csv",
                        "figures/overhead.pdf",
                        "figures/overhead.png",
                        "figures/overhead.svg",
                        "figures/pareto.csv",
                        "figures/pareto.pdf",
                        "figures/pareto.png",
                        "figures/pareto.svg",
                        "figures/published-1.pdf",
                        "figures/published-1.png",
                        "figures/published-1.svg",
                        "figures/published-2.pdf",
                        "figures/published-2.png",
                        "figures/published-2.svg",
                        "figures/published.csv",
                        "figures/sweep-grid-made-up-web-server-1.pdf",
                        "figures/sweep-grid-made-up-web-server-1.png",
                        "figures/sweep-grid-made-up-web-server-1.svg",
                        "figures/sweep-grid-made-up-web-server-2.pdf",
                        "figures/sweep-grid-made-up-web-server-2.png",
                        "figures/sweep-grid-made-up-web-server-2.svg",
                        "figures/sweep-grid-made-up-web-server.csv",
                        "figures/sweep-price-made-up-web-server.csv",
                        "figures/sweep-price-made-up-web-server.pdf",
                        "figures/sweep-price-made-up-web-server.png",
                        "figures/sweep-price-made-up-web-server.svg",
                        "figures/sweep-words-made-up-web-server.csv",
                        "figures/sweep-words-made-up-web-server.pdf",
                        "figures/sweep-words-made-up-web-server.png",
                        "figures/sweep-words-made-up-web-server.svg",
                        "figures/top-causes.csv",
                        "figures/top-causes.pdf",
                        "figures/top-causes.png",
                        "figures/top-causes.svg",
                        "figures/tornado.csv",
                        "figures/tornado.pdf",
                        "figures/tornado.png",
                        "figures/tornado.svg",
                        "figures/windows.csv",
                        "figures/windows.pdf",
                        "figures/windows.png",
                        "figures/windows.svg",
                        "matrix.csv",
                        "report.html",
                        "report.pdf",
                        "results.csv",
                        "results.json",
                        "results.schema.json",
                        "tables/added_cycles_per_vm_exit.md",
                        "tables/added_cycles_per_vm_exit.tex",
                        "tables/overhead.md",
                        "tables/overhead.tex",
                        "windows.csv");
        assertThat(children(first.resolve("new"))).containsExactly("report");
    }

    @Test
    void theSameComparisonGivesTheSameBytes() throws IOException {
        ReportFolder.write(SampleComparison.of(3, 2), home.resolve("b"));
        assertThat(contents(home.resolve("b"))).isEqualTo(contents(first.resolve("new/report")));
    }

    @Test
    void theMachinesLanguageChangesNothing() throws IOException {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            ReportFolder.write(SMALL, home.resolve("b"));
        } finally {
            Locale.setDefault(usual);
        }
        assertThat(contents(home.resolve("b"))).isEqualTo(contents(first.resolve("new/report")));
    }

    @Test
    void anEarlierReportIsReplacedWhole() throws IOException {
        Path place = home.resolve("report");
        write(place);
        Files.writeString(place.resolve("figures/exit-rate.svg"), "a figure of an earlier report");
        write(place);
        assertThat(contents(place).keySet()).containsExactly("figures/overhead.svg", "report.pdf", "results.csv");
        assertThat(children(home)).containsExactly("report");
    }

    @Test
    void aFailureLeavesTheEarlierReportAsItWas() throws IOException {
        Path place = home.resolve("report");
        write(place);
        Map<String, String> before = contents(place);
        assertThatThrownBy(() -> fail(place)).hasMessage("made to fail");
        assertThat(contents(place)).isEqualTo(before);
        assertThat(children(home)).containsExactly("report");
    }

    @Test
    void aFailureLeavesNothingWhereNothingWas() throws IOException {
        assertThatThrownBy(() -> fail(home.resolve("report"))).hasMessage("made to fail");
        assertThat(children(home)).isEmpty();
    }

    /** Nobody wants to stand in a folder that has been moved aside and deleted. */
    @ParameterizedTest
    @ValueSource(strings = {".", "", "..", "/"})
    void theWorkingFolderAndWhatIsAroundItStayInPlace(String target) {
        assertThatThrownBy(() -> ReportFolder.check(Path.of(target)))
                .isInstanceOf(IOException.class)
                .hasMessage(Path.of(target).toAbsolutePath().normalize()
                        + ": is the working folder, or around it, and cannot be replaced; choose a folder in it");
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        Path place = Files.createDirectory(home.resolve("thesis"));
        Files.writeString(place.resolve("chapter.tex"), "years of work");
        assertThatThrownBy(() -> write(place))
                .isInstanceOf(IOException.class)
                .hasMessage(place.toRealPath().resolve("chapter.tex")
                        + ": is not part of a report and would be lost; move it or choose another folder");
        assertThat(place.resolve("chapter.tex")).hasContent("years of work");
        assertThat(children(home)).containsExactly("thesis");
    }

    @Test
    void aNoteAddedToAReportIsNotLost() throws IOException {
        Path place = home.resolve("report");
        write(place);
        Files.writeString(place.resolve("figures/notes.txt"), "remember");
        assertThatThrownBy(() -> write(place))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("notes.txt: is not part of a report");
    }

    @Test
    void namesOfReportFilesAloneMakeNoReport() throws IOException {
        Path place = Files.createDirectory(home.resolve("data"));
        Files.writeString(place.resolve("results.csv"), "mine");
        assertThatThrownBy(() -> write(place))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("is neither empty nor an earlier report; choose another folder");
        assertThat(place.resolve("results.csv")).hasContent("mine");
    }

    @Test
    void anEmptyFolderAndALinkToAReportAreFine() throws IOException {
        Path place = Files.createDirectory(home.resolve("empty"));
        write(place);
        Path link = Files.createSymbolicLink(home.resolve("latest"), place);
        write(link);
        assertThat(link).isSymbolicLink();
        assertThat(place.resolve("report.pdf")).isNotEmptyFile();
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "x");
        assertThatThrownBy(() -> write(file)).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
        assertThatThrownBy(() -> write(file.resolve("report")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("x");
    }

    private static List<String> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Relative name to the digest of the bytes. */
    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                    contents.put(
                            folder.relativize(file).toString().replace('\\', '/'),
                            HexFormat.of().formatHex(digest));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (NoSuchAlgorithmException e) {
                    throw new AssertionError(e);
                }
            });
        }
        return contents;
    }
}
