package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.AbstractList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.Comparison;

final class ReportFolderTest {
    private static final Comparison SMALL = SampleComparison.of(3, 2);

    @TempDir
    Path home;

    @Test
    void holdsReportFiguresAndTables() throws IOException {
        ReportFolder.write(SMALL, home.resolve("new/parents/report"));
        assertThat(contents(home.resolve("new/parents/report")).keySet())
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
        assertThat(children(home.resolve("new/parents"))).containsExactly("report");
    }

    @Test
    void theSameComparisonGivesTheSameBytes() throws IOException {
        ReportFolder.write(SMALL, home.resolve("a"));
        ReportFolder.write(SampleComparison.of(3, 2), home.resolve("b"));
        assertThat(contents(home.resolve("a"))).isEqualTo(contents(home.resolve("b")));
    }

    @Test
    void theMachinesLanguageChangesNothing() throws IOException {
        ReportFolder.write(SMALL, home.resolve("a"));
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            ReportFolder.write(SMALL, home.resolve("b"));
        } finally {
            Locale.setDefault(usual);
        }
        assertThat(contents(home.resolve("b"))).isEqualTo(contents(home.resolve("a")));
    }

    @Test
    void anEarlierReportIsReplacedWhole() throws IOException {
        Path place = home.resolve("report");
        ReportFolder.write(SMALL, place);
        ReportFolder.write(SampleComparison.of(1, 1), place);
        assertThat(contents(place).keySet()).contains("figures/overhead.pdf").doesNotContain("figures/exit-rate.pdf");
        assertThat(children(home)).containsExactly("report");
    }

    @Test
    void aFailureLeavesTheEarlierReportAsItWas() throws IOException {
        Path place = home.resolve("report");
        ReportFolder.write(SMALL, place);
        Map<String, String> before = contents(place);
        assertThatThrownBy(() -> ReportFolder.write(failing(), place)).hasMessage("made to fail");
        assertThat(contents(place)).isEqualTo(before);
        assertThat(children(home)).containsExactly("report");
    }

    @Test
    void aFailureLeavesNothingWhereNothingWas() throws IOException {
        assertThatThrownBy(() -> ReportFolder.write(failing(), home.resolve("report")))
                .hasMessage("made to fail");
        assertThat(children(home)).isEmpty();
    }

    @Test
    void whatIsNoReportIsRefused() throws IOException {
        Path place = Files.createDirectory(home.resolve("thesis"));
        Files.writeString(place.resolve("chapter.tex"), "years of work");
        assertThatThrownBy(() -> ReportFolder.write(SMALL, place))
                .isInstanceOf(IOException.class)
                .hasMessage(place.toRealPath().resolve("chapter.tex")
                        + ": is not part of a report and would be lost; move it or choose another folder");
        assertThat(place.resolve("chapter.tex")).hasContent("years of work");
        assertThat(children(home)).containsExactly("thesis");
    }

    @Test
    void aNoteAddedToAReportIsNotLost() throws IOException {
        Path place = home.resolve("report");
        ReportFolder.write(SMALL, place);
        Files.writeString(place.resolve("figures/notes.txt"), "remember");
        assertThatThrownBy(() -> ReportFolder.write(SMALL, place))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("notes.txt: is not part of a report");
    }

    @Test
    void namesOfReportFilesAloneMakeNoReport() throws IOException {
        Path place = Files.createDirectory(home.resolve("data"));
        Files.writeString(place.resolve("results.csv"), "mine");
        assertThatThrownBy(() -> ReportFolder.write(SMALL, place))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("is neither empty nor an earlier report; choose another folder");
        assertThat(place.resolve("results.csv")).hasContent("mine");
    }

    @Test
    void anEmptyFolderAndALinkToAReportAreFine() throws IOException {
        Path place = Files.createDirectory(home.resolve("empty"));
        ReportFolder.write(SMALL, place);
        Path link = Files.createSymbolicLink(home.resolve("latest"), place);
        ReportFolder.write(SMALL, link);
        assertThat(link).isSymbolicLink();
        assertThat(place.resolve("report.pdf")).isNotEmptyFile();
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "x");
        assertThatThrownBy(() -> ReportFolder.write(SMALL, file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> ReportFolder.write(SMALL, file.resolve("report")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("x");
    }

    /** Fails in the report's last section, when all other files are written. */
    private static Comparison failing() {
        List<String> poisoned = new AbstractList<>() {
            @Override
            public String get(int index) {
                throw new IllegalStateException("made to fail");
            }

            @Override
            public int size() {
                return 1;
            }
        };
        return new Comparison(SMALL.cpu(), SMALL.workloads(), SMALL.includes(), poisoned, SMALL.provenance());
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
