package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tollgate.ingest.Batch;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Recording;

/**
 * Every text of {@code perf script} in a folder of recordings against the counts that stand beside it: {@code
 * -Dtollgate.shared=FOLDER}, which holds {@code recordings/NAME/truth.json}.
 */
@EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
final class SharedRecordingsTest {
    private static final Path RECORDINGS = Path.of(System.getProperty("tollgate.shared", ""), "recordings");
    private static final Pattern DYING = Pattern.compile(" :-1 +(-1|\\d+/-1) ");

    static Stream<Path> perfScripts() throws IOException {
        return Files.walk(RECORDINGS)
                .filter(path -> path.getFileName().toString().matches("perf\\..*script.*\\.txt\\.zst"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("perfScripts")
    @SuppressWarnings("unchecked")
    void everyRecordIsCounted(Path path) throws IOException {
        String file = path.getFileName().toString();
        Map<String, Object> truths = (Map<String, Object>)
                new Load(LoadSettings.builder().setCodePointLimit(1 << 26).build())
                        .loadFromString(Files.readString(path.resolveSibling("truth.json")));
        String data = file.substring(0, file.indexOf(".script")) + ".data";
        Map<String, Object> truth = (Map<String, Object>) truths.get(data);
        assertThat(truth).as(data).isNotNull();

        Map<String, Long> perCpu = new TreeMap<>();
        Set<Integer> tids = new HashSet<>();
        long first = Long.MAX_VALUE;
        long last = 0;
        long events = 0;
        SoftAssertions softly = new SoftAssertions();
        try (Input input = Input.of(path)) {
            assertThat(Formats.recognise(input).name()).isEqualTo("perf-script");
            try (Recording recording = new PerfScript().open(input)) {
                Batch batch = new Batch();
                while (recording.read(batch)) {
                    for (int i = 0; i < batch.size(); i++) {
                        if (batch.kind(i) == Kind.NAME || batch.kind(i) == Kind.NAMESPACE) {
                            continue;
                        }
                        events++;
                        first = Math.min(first, batch.time[i]);
                        last = Math.max(last, batch.time[i]);
                        tids.add(batch.tid[i]);
                        perCpu.merge(String.format("%03d", batch.cpu[i]), 1L, Long::sum);
                    }
                }
                Map<String, Long> counted = new TreeMap<>();
                recording.tally().tracepoints().forEach((name, count) -> counted.put(name, count.value()));
                Map<String, Long> expected = new TreeMap<>();
                ((Map<String, Object>) truth.get("events"))
                        .forEach((name, count) ->
                                expected.put(name.substring(name.indexOf(':') + 1), ((Number) count).longValue()));
                softly.assertThat(counted).isEqualTo(expected);
                softly.assertThat(recording.tally().outOfOrder()).isZero();
                softly.assertThat(recording.tally().endsEarly()).isEmpty();
                Map<String, Object> other = (Map<String, Object>) truth.getOrDefault("other_records", Map.of());
                recording.tally().notes().forEach((note, count) -> {
                    if (note.startsWith("PERF_RECORD_") && other.containsKey(note)) {
                        softly.assertThat(count.value()).as(note).isEqualTo(((Number) other.get(note)).longValue());
                    }
                });
                if (recording.coverage().hasCpus()
                        && !file.contains("records")
                        && !file.contains("mono")
                        && !file.contains("lost")) {
                    Map<String, Long> cpus = new TreeMap<>();
                    ((Map<String, Object>) truth.get("per_cpu"))
                            .forEach((cpu, count) -> cpus.put(cpu, ((Number) count).longValue()));
                    softly.assertThat(perCpu).isEqualTo(cpus);
                }
                if (truth.containsKey("threads")) {
                    // perf prints a dying task as thread -1; the text of its switch knows better, so it is no thread of
                    // ours.
                    tids.remove(-1);
                    try (Input text = Input.of(path)) {
                        String all = new String(text.stream().readAllBytes(), StandardCharsets.ISO_8859_1);
                        int dying = DYING.matcher(all).find() ? 1 : 0;
                        softly.assertThat(tids.size() + dying)
                                .as("threads")
                                .isEqualTo(((Number) truth.get("threads")).intValue());
                    }
                }
                long nanos = new BigDecimal((String) truth.get("last"))
                        .movePointRight(9)
                        .longValueExact();
                long start = new BigDecimal((String) truth.get("first"))
                        .movePointRight(9)
                        .longValueExact();
                if (file.contains("reltime")) {
                    softly.assertThat(last - first).as("length").isEqualTo((nanos - start) / 1000 * 1000);
                } else if (!file.contains("records") && !file.contains("mono")) {
                    long unit = file.contains("-ns") ? 1 : 1000;
                    softly.assertThat(first).as("first").isEqualTo(start / unit * unit);
                    softly.assertThat(last).as("last").isEqualTo(nanos / unit * unit);
                }
            }
        }
        softly.assertAll();
    }

    /** With those of guests, whose counts stand elsewhere. */
    static Stream<Path> texts() throws IOException {
        return Stream.concat(
                perfScripts(),
                Files.walk(RECORDINGS)
                        .filter(path -> path.getFileName().toString().endsWith(".perf-script.txt.zst"))
                        .sorted());
    }

    static Stream<Path> perfTraces() throws IOException {
        return Files.walk(RECORDINGS)
                .filter(path -> path.getFileName().toString().matches("perf-trace(-S|-pf)?\\.txt(\\.zst)?"))
                .sorted();
    }

    /** No counts stand beside these; the lines are counted here by another rule than the reader's. */
    @ParameterizedTest
    @MethodSource("perfTraces")
    void everyCallAndFaultOfPerfTraceIsCounted(Path path) throws IOException {
        String[] lines;
        try (Input input = Input.of(path)) {
            assertThat(Formats.recognise(input).name()).isEqualTo("perf-trace");
            lines = new String(input.stream().readAllBytes(), StandardCharsets.ISO_8859_1)
                    .replaceFirst("(?s)\n Summary of events:.*", "")
                    .split("\n");
        }
        long faults = Stream.of(lines).filter(line -> line.contains("fault [")).count();
        List<String> calls = Stream.of(lines)
                .filter(line -> line.contains("): ") && !line.contains("fault ["))
                .toList();
        Events events = Events.read(new PerfTrace(), path);
        Map<String, Long> counted = events.tracepoints();
        assertThat(counted.get("sys_enter"))
                .isEqualTo(calls.stream()
                        .filter(line -> !line.contains("[continued]"))
                        .count());
        assertThat(counted.get("sys_exit"))
                .isEqualTo(calls.stream()
                        .filter(line -> !line.endsWith("...") && !line.endsWith("= ?"))
                        .count());
        assertThat(counted.getOrDefault("minor-faults", 0L) + counted.getOrDefault("major-faults", 0L))
                .isEqualTo(faults);
        assertThat(events.tally().outOfOrder()).isZero();
        assertThat(events.list().size() - events.of(Kind.LOST).size())
                .isEqualTo((int) (counted.get("sys_enter") + counted.get("sys_exit") + faults));
    }

    /**
     * Two readers that share nothing, one of text and one of binary records, tell the same, but for what the text leaves
     * out: the address of a kernel function, the process where it has no column, and names with blanks at their start.
     */
    @ParameterizedTest
    @MethodSource("texts")
    void textTellsWhatTheBinaryTells(Path path) throws IOException {
        String file = path.getFileName().toString();
        Path data = path.resolveSibling(file.replaceFirst("[.-]script.*", ".data"));
        Path binary = Files.exists(data) ? data : data.resolveSibling(data.getFileName() + ".zst");
        Events events = Events.read(new PerfScript(), path);
        long unit = file.contains("-ns") ? 1 : 1000;
        boolean hasComm = !file.contains("-F-tid");
        List<String> told = events.list().stream()
                .filter(SharedRecordingsTest::isTracepoint)
                .map(event -> line(event, unit, 0, hasComm))
                .toList();
        List<Events.Event> all = Events.read(new PerfData(), binary).list().stream()
                .filter(SharedRecordingsTest::isTracepoint)
                .toList();
        long first = all.get(0).time();
        assertThat(told)
                .isEqualTo(all.stream()
                        .map(event -> line(event, unit, file.contains("reltime") ? first : 0, hasComm))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"netns/perf.task.mono.ns.data.zst", "odd-names/perf.task.mono.ns.data"})
    void namespacesAreTheSameFromTextAndBinary(String data) throws IOException {
        Path binary = RECORDINGS.resolve(data);
        List<String> fromText = namespaces(new PerfScript(), binary.resolveSibling("perf.task.mono.ns.script.txt.zst"));
        List<String> fromBinary = namespaces(new PerfData(), binary);
        assertThat(fromText).isNotEmpty().isEqualTo(fromBinary);
    }

    private static List<String> namespaces(Format format, Path path) throws IOException {
        return Events.read(format, path).of(Kind.NAMESPACE).stream()
                .map(e -> String.join(
                        " ", "" + e.time() / 1000, e.tid() + "/" + e.pid(), "" + e.code(), "" + e.a(), "" + e.b()))
                .toList();
    }

    private static boolean isTracepoint(Events.Event event) {
        return switch (event.kind()) {
            case NAME, NAMESPACE, LOST, FORK, EXEC, EXIT -> false;
            default -> true;
        };
    }

    private static String line(Events.Event e, long unit, long first, boolean hasComm) {
        long time = first > 0 ? e.time() - first : e.time();
        return String.join(
                " ",
                Long.toString(time / unit),
                hasComm ? e.cpu() + " " + e.comm().strip() : "",
                Integer.toString(e.tid()),
                e.kind().toString(),
                Integer.toString(e.code()),
                Long.toString(e.a()),
                e.kind() == Kind.FAULT_KERNEL ? "" : Long.toString(e.b()),
                e.other());
    }
}
