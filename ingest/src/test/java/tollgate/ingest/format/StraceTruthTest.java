package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;

/** Every strace text of the full set of recordings: against the counts of truth.json, and event by event against {@link SlowStrace}. */
@EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
class StraceTruthTest {
    private static final Path RECORDINGS = Path.of(System.getProperty("tollgate.shared", ""), "recordings");
    private static final List<String> NOTES = List.of(
            "lines",
            "unfinished",
            "resumed",
            "signals",
            "exited",
            "question_mark_result",
            "ERESTART",
            "strace_messages");

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> countsAreExact() throws IOException {
        return recordings("strace\\.(f|stderr|attach).*\\.txt\\.zst", 15)
                .map(file -> DynamicTest.dynamicTest(RECORDINGS.relativize(file).toString(), () -> check(file)));
    }

    @TestFactory
    Stream<DynamicTest> eventsAreThoseOfTheSlowReader() throws IOException {
        return recordings("strace\\.(f|stderr|attach).*\\.txt\\.zst", 15)
                .map(file -> DynamicTest.dynamicTest(RECORDINGS.relativize(file).toString(), () -> {
                    List<String> lines;
                    try (Input input = Input.of(file)) {
                        lines = new String(input.stream().readAllBytes(), StandardCharsets.ISO_8859_1)
                                .lines()
                                .toList();
                    }
                    SlowStrace.assertSame(recognised(file), SlowStrace.read(lines));
                }));
    }

    @TestFactory
    Stream<DynamicTest> foldersAreMerged() throws IOException {
        return recordings("strace\\.ff\\.tar\\.zst", 5)
                .map(file -> DynamicTest.dynamicTest(RECORDINGS.relativize(file).toString(), () -> {
                    Path unpacked = unpack(file, folder.resolve(file.getParent().getFileName()));
                    Events events = recognised(unpacked);
                    List<Path> files;
                    try (Stream<Path> all = Files.list(unpacked)) {
                        files = all.sorted().toList();
                    }
                    long lines = 0;
                    for (Path one : files) {
                        List<String> text = Files.readAllLines(one, StandardCharsets.ISO_8859_1);
                        lines += text.size();
                        int tid = Integer.parseInt(one.getFileName().toString().replaceFirst(".*\\.", ""));
                        Events own = new Events(
                                events.list().stream()
                                        .filter(event -> event.tid() == tid)
                                        .toList(),
                                events.tally(),
                                events.coverage(),
                                events.names());
                        SlowStrace.assertSame(own, SlowStrace.read(text, tid));
                    }
                    assertThat(events.note("lines")).isEqualTo(lines);
                    assertThat(events.note("exited")).isEqualTo(files.size());
                    assertThat(events.of(Kind.FORK)).hasSize(files.size() - 1);
                    assertThat(events.list()).isSortedAccordingTo((x, y) -> Long.compare(x.time(), y.time()));
                    assertThat(events.coverage().hasProcesses()).isTrue();
                }));
    }

    private static void check(Path file) throws IOException {
        Map<?, ?> truth = truth(file);
        Events events = recognised(file);
        for (String note : NOTES) {
            Object expected = truth.get(note);
            assertThat(events.note(note)).as(note).isEqualTo(expected == null ? 0L : ((Number) expected).longValue());
        }
        Set<Integer> threads = new TreeSet<>();
        events.list().forEach(event -> threads.add(event.tid()));
        assertThat(threads).hasSize(((Number) truth.get("pids")).intValue());
        assertThat(events.note("other lines")).isZero();
        assertThat(events.tally().endsEarly()).isEmpty();
        assertThat(events.list()).isSortedAccordingTo((x, y) -> Long.compare(x.time(), y.time()));
        // Each thread but those there from the start is told by one fork, before it does anything.
        Set<Long> born = new TreeSet<>();
        events.list().forEach(event -> {
            if (event.kind() == Kind.FORK) {
                assertThat(born.add(event.a())).as("forked once: " + event.a()).isTrue();
            }
        });
        if (!file.toString().contains("attach")) {
            assertThat(born).hasSize(threads.size() - 1);
            assertThat(events.coverage().hasProcesses()).isTrue();
        }
    }

    private static Events recognised(Path file) throws IOException {
        Format format;
        try (Input input = Input.of(file)) {
            format = Formats.recognise(input);
        }
        assertThat(format.name()).isEqualTo("strace");
        return Events.read(format, file);
    }

    private static Stream<Path> recordings(String pattern, int atLeast) throws IOException {
        List<Path> texts;
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            texts = files.filter(file -> file.getFileName().toString().matches(pattern))
                    .sorted()
                    .toList();
        }
        assertThat(texts).hasSizeGreaterThanOrEqualTo(atLeast);
        return texts.stream();
    }

    private static Map<?, ?> truth(Path file) throws IOException {
        Load load = new Load(LoadSettings.builder().build());
        Map<?, ?> all = (Map<?, ?>) load.loadFromString(Files.readString(file.resolveSibling("truth.json")));
        return (Map<?, ?>) all.get(file.getFileName().toString().replace(".zst", ""));
    }

    /** The plain files of a tar (POSIX ustar: name in bytes 0 to 99, octal size in 124 to 134). */
    private static Path unpack(Path tar, Path into) throws IOException {
        Files.createDirectories(into);
        try (DataInputStream in = new DataInputStream(new ZstdInputStream(Files.newInputStream(tar)))) {
            byte[] header = new byte[512];
            List<String> names = new ArrayList<>();
            while (true) {
                in.readFully(header);
                String name = new String(header, 0, 100, StandardCharsets.US_ASCII).trim();
                if (name.isEmpty()) {
                    assertThat(names).isNotEmpty();
                    return into;
                }
                int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII).trim(), 8);
                byte[] content = new byte[size];
                in.readFully(content);
                in.skipBytes((512 - size % 512) % 512);
                if (header[156] == '0') {
                    names.add(name);
                    Files.write(into.resolve(Path.of(name).getFileName()), content);
                }
            }
        }
    }
}
