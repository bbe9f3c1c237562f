package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which recordings a command line means. */
final class TracesTest {
    @TempDir
    Path folder;

    private final List<Path> skipped = new ArrayList<>();

    private Path file(String name) throws IOException {
        return file(name, "");
    }

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    @Test
    void aFolderMeansItsRecordingsByNameAndTellsTheRest() throws IOException {
        Path b = file("many/b.toll");
        Path a = file("many/a.txt");
        Path sidecar = file("many/a.yaml");
        assertThat(Traces.find(List.of(folder.resolve("many")), skipped)).containsExactly(entry("a", a), entry("b", b));
        assertThat(skipped).containsExactly(sidecar);
    }

    @Test
    void ofAFolderWhatIsNoRecordingIsPassedOverButNotWhatMayHaveBeenOne() throws IOException {
        Path csv = file("many/a.csv", "time_ns,kind\n1,EXIT\n");
        Path log = file("many/build.log", "compiling\n");
        Path empty = file("many/c.perf.data");
        Path packed = file("many/d.zip", "PK\u0003\u0004");
        List<Path> many = List.of(csv.getParent());
        assertThat(Traces.recognised(many, "", skipped))
                .containsExactly(entry("a", csv), entry("c", empty), entry("d", packed));
        assertThat(skipped).containsExactly(log);
        assertThat(Traces.recognised(List.of(log), "", skipped)).containsExactly(entry("build", log));
        assertThat(Traces.recognised(many, "csv", skipped)).containsValue(log);
    }

    /** It is told whatever stands before it: a mistyped folder is not a part of a comparison that may be missing. */
    @Test
    void aFolderWithoutRecordingsIsRefusedBesideOthersToo() throws IOException {
        Path a = file("a.txt");
        Path none = file("none/README.md").getParent();
        for (List<Path> given : List.of(List.of(none), List.of(a, none), List.of(none, a))) {
            assertThatThrownBy(() -> Traces.find(given, skipped))
                    .isInstanceOf(BadInput.class)
                    .hasMessage(none + ": no recordings in this folder; see 'tollgate list formats'");
        }
    }
}
