package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;

/** Every ftrace and trace-cmd text of the full set of recordings, against the counts of the tools that wrote them. */
@EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
class TaskTextTruthTest {
    private static final Path RECORDINGS = Path.of(System.getProperty("tollgate.shared", ""), "recordings");

    @TestFactory
    Stream<DynamicTest> countsAreExact() throws IOException {
        List<Path> texts;
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            texts = files.filter(file -> file.getFileName().toString().matches("(ftrace|trace)\\..*\\.txt\\.zst"))
                    .filter(file -> Files.exists(file.resolveSibling("truth.json")))
                    .filter(file -> !file.toString().contains("report-R"))
                    .sorted()
                    .toList();
        }
        assertThat(texts).hasSizeGreaterThan(20);
        return texts.stream()
                .map(file -> DynamicTest.dynamicTest(RECORDINGS.relativize(file).toString(), () -> check(file)));
    }

    /** Texts of a guest's kernel with other tracers: all entries that the header counts are events or function calls. */
    @TestFactory
    Stream<DynamicTest> functionTracesAreCounted() {
        Path folder = RECORDINGS.resolve("vm-function-trace");
        return Stream.of("sample.events-with-pti.txt.zst 2509 0", "sample.function-events.txt.zst 1197 1")
                .map(text -> text.split(" "))
                .map(text -> DynamicTest.dynamicTest(text[0], () -> {
                    Events events = Events.read(new Ftrace(), folder.resolve(text[0]));
                    long calls = events.note("function calls");
                    assertThat(events.list().size() + calls).isEqualTo(Long.parseLong(text[1]));
                    assertThat(calls > 0).isEqualTo(text[2].equals("1"));
                    assertThat(events.note("other lines")).isZero();
                }));
    }

    /** Texts of other tools are none of these three formats', whatever they look like. */
    @TestFactory
    Stream<DynamicTest> textsOfOtherToolsAreNotClaimed() throws IOException {
        List<Path> texts;
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            texts = files.filter(
                            file -> file.getFileName().toString().matches(".*\\.(txt|md|tsv|csv|json|c|sh)(\\.zst)?"))
                    .filter(file -> !file.getFileName()
                            .toString()
                            .matches("(ftrace|trace|strace|sample)\\..*|.*(ftrace|report-.*plugins)\\.txt\\.zst"))
                    .sorted()
                    .toList();
        }
        assertThat(texts).hasSizeGreaterThan(60);
        return texts.stream()
                .map(file -> DynamicTest.dynamicTest(RECORDINGS.relativize(file).toString(), () -> {
                    for (Format format : List.of(new Ftrace(), new TraceCmdReport(), new Strace())) {
                        try (Input input = Input.of(file)) {
                            assertThat(format.confidence(input))
                                    .as(format.name())
                                    .isZero();
                        }
                    }
                }));
    }

    /** The first 3999 events, uninterpreted, are those of the interpreted text. */
    @TestFactory
    Stream<DynamicTest> rawFieldsSayWhatPluginsSay() {
        return Stream.of("redis", "odd-names", "netns")
                .map(folder -> DynamicTest.dynamicTest(folder, () -> {
                    Path path = RECORDINGS.resolve(folder);
                    Events raw = Events.read(new TraceCmdReport(), path.resolve("trace.v7.report-R-tsdiff.txt.zst"));
                    Events told = Events.read(new TraceCmdReport(), path.resolve("trace.v7.report.txt.zst"));
                    assertThat(raw.list()).hasSize(3999);
                    for (int i = 0; i < 3999; i++) {
                        assertThat(raw.get(i)).as("event " + i).isEqualTo(told.get(i));
                    }
                }));
    }

    private static void check(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".zst", "");
        Map<?, ?> truth = truth(file, name.replaceFirst("\\.report.*", ".dat"));
        Format format;
        try (Input input = Input.of(file)) {
            format = Formats.recognise(input);
        }
        assertThat(format.name()).isEqualTo(name.startsWith("ftrace") ? "ftrace" : "trace-cmd-report");
        Events events = Events.read(format, file);

        assertThat(events.tracepoints()).isEqualTo(numbers(truth.get("events")));
        assertThat(events.tally().lossReports()).isEqualTo(number(truth.get("lost_lines")));
        assertThat(events.note("other lines")).isEqualTo(number(truth.get("other_lines")));
        assertThat(events.tally().outOfOrder()).isZero();
        assertThat(events.tally().endsEarly()).isEmpty();

        Map<String, Long> cpus = new TreeMap<>();
        List<Events.Event> list = events.list().stream()
                .filter(event -> event.kind() != Kind.LOST)
                .toList();
        assertThat((long) list.size()).isEqualTo(number(truth.get("total")));
        list.forEach(event -> cpus.merge(String.valueOf(event.cpu()), 1L, Long::sum));
        assertThat(cpus).isEqualTo(numbers(truth.get("per_cpu")));
        assertThat(stamp(list.get(0).time(), name)).isEqualTo(truth.get("first").toString());
        assertThat(stamp(list.get(list.size() - 1).time(), name))
                .isEqualTo(truth.get("last").toString());

        Map<Integer, Long> calls = events.calls();
        numbers(truth.get("sys_enter_top"))
                .forEach((call, count) -> assertThat(calls.get(Integer.valueOf(call)))
                        .as("NR " + call)
                        .isEqualTo(count));
    }

    /** As the truth writes it: microseconds, rounded as trace-cmd rounds; ticks; or microseconds from the start. */
    private static String stamp(long time, String name) {
        if (name.contains("tsc")) {
            return String.valueOf(time);
        }
        long micros = (time + 500) / 1000;
        return name.contains("latency")
                ? String.valueOf(micros)
                : String.format("%d.%06d", micros / 1_000_000, micros % 1_000_000);
    }

    private static Map<?, ?> truth(Path file, String key) throws IOException {
        Load load = new Load(LoadSettings.builder().build());
        Map<?, ?> all = (Map<?, ?>) load.loadFromString(Files.readString(file.resolveSibling("truth.json")));
        return (Map<?, ?>) all.get(key);
    }

    private static Map<String, Long> numbers(Object map) {
        Map<String, Long> numbers = new TreeMap<>();
        ((Map<?, ?>) map).forEach((key, value) -> numbers.put(key.toString(), number(value)));
        return numbers;
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }
}
