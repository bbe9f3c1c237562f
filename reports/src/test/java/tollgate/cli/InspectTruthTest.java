package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.reports.Json;

/** What {@code inspect --json} says of the full set of recordings, against what their tools and the kernel counted. */
@EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
class InspectTruthTest {
    private static final Path RECORDINGS = Path.of(System.getProperty("tollgate.shared", ""), "recordings");
    private static final Pattern DERIVED = Pattern.compile("(.*)\\.(?:report|script).*\\.txt");
    private static final Pattern HISTOGRAM_ROW = Pattern.compile("\\{ \\w+: +(\\d+) } hitcount: +(\\d+)");
    private static final Pattern STAT_ROW =
            Pattern.compile(" +(\\S.*?) +(\\d+) +[\\d.]+% +[\\d.]+% +[\\d.]+us +[\\d.]+us +([\\d.]+)us.*");
    private static final List<String> STRACE_COUNTS = List.of(
            "lines",
            "unfinished",
            "resumed",
            "question_mark_result",
            "exited",
            "signals",
            "ERESTART",
            "strace_messages");

    /** Every recording with a truth.json beside it, in whatever form: records by tracepoint, CPUs, lines of strace. */
    @TestFactory
    Stream<DynamicTest> tracepointsAreThoseOfTheTruth() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : files(RECORDINGS)) {
            Path truths = file.resolveSibling("truth.json");
            if (Files.exists(truths) && !file.toString().contains("report-R")) {
                Map<?, ?> truth = truth(truths, file);
                if (!truth.isEmpty()) {
                    tests.add(
                            DynamicTest.dynamicTest(RECORDINGS.relativize(file).toString(), () -> check(file, truth)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(80);
        return tests.stream();
    }

    /** VM exits by reason against the kernel's own histogram, and exit to entry against perf kvm stat. */
    @TestFactory
    Stream<DynamicTest> exitsAreThoseOfTheKernelsHistogram() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String folder : List.of("kvm-amd-svm-6.1", "kvm-intel-vmx-6.1")) {
            for (Path file : files(RECORDINGS.resolve(folder))) {
                String stem = name(file).replaceFirst("\\..*", "");
                Path counts = file.resolveSibling("counts");
                Path histogram = counts.resolve(stem + ".hist-kvm_exit.txt");
                if (Files.exists(histogram) && !name(file).contains(".stat-")) {
                    tests.add(DynamicTest.dynamicTest(
                            RECORDINGS.relativize(file).toString(), () -> checkExits(file, histogram)));
                }
            }
        }
        assertThat(tests).hasSizeGreaterThan(15);
        return tests.stream();
    }

    private static void check(Path file, Map<?, ?> truth) throws IOException {
        Map<String, Object> told = inspect(file);
        if (truth.get("events") instanceof Map<?, ?> events) {
            Map<String, Long> tracepoints = new TreeMap<>();
            events.forEach((name, count) ->
                    tracepoints.merge(name.toString().replaceFirst(".*:", ""), number(count), Long::sum));
            assertThat(numbers(told.get("tracepoints"))).isEqualTo(tracepoints);
        }
        if (truth.get("per_cpu") instanceof Map<?, ?> cpus && told.get("cpus") instanceof Number) {
            assertThat(told.get("cpus")).isEqualTo(cpus.size());
        }
        if (truth.containsKey("processes") && told.get("processes") instanceof Number) {
            assertThat(told.get("processes")).isEqualTo(truth.get("processes"));
        }
        if (truth.containsKey("threads")) {
            // perf script shows a thread that has been released already as thread -1; the truth counts that as one
            // more.
            assertThat(number(truth.get("threads")) - number(told.get("threads")))
                    .isBetween(0L, 1L);
        }
        if (truth.containsKey("pids")) {
            assertThat(told.get("threads")).isEqualTo(truth.get("pids"));
            Map<String, Long> strace = numbers(told.get("strace"));
            for (String count : STRACE_COUNTS) {
                if (truth.containsKey(count)) {
                    assertThat(strace).containsEntry(count, number(truth.get(count)));
                }
            }
        }
    }

    private static void checkExits(Path file, Path histogram) throws IOException {
        Map<String, Object> told = inspect(file);
        Map<?, ?> exits = (Map<?, ?>) told.get("vm_exits");
        List<Long> counts = new ArrayList<>();
        exits.forEach((name, exit) -> counts.add(number(((Map<?, ?>) exit).get("count"))));
        List<Long> expected = new ArrayList<>();
        Matcher row = HISTOGRAM_ROW.matcher(Files.readString(histogram));
        while (row.find()) {
            expected.add(Long.valueOf(row.group(2)));
        }
        assertThat(counts).containsExactlyInAnyOrderElementsOf(expected);
        Path stat = file.resolveSibling(name(file).replaceFirst("data$", "stat-vmexit.txt"));
        if (name(file).endsWith(".data") && Files.exists(stat)) {
            int rows = 0;
            for (String line : Files.readAllLines(stat)) {
                Matcher reason = STAT_ROW.matcher(line);
                if (reason.matches()) {
                    rows++;
                    Map<?, ?> exit = (Map<?, ?>) exits.get(reason.group(1));
                    double perExit = number(exit.get("until_entry_ns")) / 1e3 / Double.parseDouble(reason.group(2));
                    assertThat(perExit)
                            .as(reason.group(1))
                            .isCloseTo(
                                    Double.parseDouble(reason.group(3)),
                                    org.assertj.core.api.Assertions.within(0.0051));
                }
            }
            assertThat(rows).isEqualTo(exits.size());
        }
    }

    /** All that some format knows; summaries, texts of tools that are not read, and tables are not. */
    private static List<Path> files(Path folder) throws IOException {
        List<Path> recordings = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (Input input = Input.of(file)) {
                    if (Formats.all().stream().anyMatch(format -> isSure(format, input))
                            && !name(file).endsWith(".md")) {
                        recordings.add(file);
                    }
                }
            }
        }
        return recordings;
    }

    private static boolean isSure(Format format, Input input) {
        try {
            return format.confidence(input) > 0;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Of a recording, or of the binary one that this is the text of; empty if there is none. */
    private static Map<?, ?> truth(Path truths, Path file) throws IOException {
        Map<?, ?> all = parse(Files.readString(truths));
        String name = name(file);
        Matcher derived = DERIVED.matcher(name);
        if (!all.containsKey(name) && derived.matches()) {
            name = derived.group(1) + (all.containsKey(derived.group(1) + ".dat") ? ".dat" : ".data");
        }
        return all.get(name) instanceof Map<?, ?> truth ? truth : Map.of();
    }

    private static Map<String, Object> inspect(Path file) throws IOException {
        StringBuilder json = new StringBuilder();
        Json.write(InspectJson.of(Inspected.of(file, "", Input.Damage.REFUSE)), json);
        return parse(json.toString());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parse(String json) {
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new JsonSchema())
                .setCodePointLimit(Integer.MAX_VALUE)
                .build();
        return (Map<String, Object>) new Load(settings).loadFromString(json);
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".zst", "");
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
