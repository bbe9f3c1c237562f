package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.NamespaceType;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/** Every binary recording against what its own tool, the kernel's counters and its histograms counted. */
@EnabledIfSystemProperty(named = SharedRecordings.PROPERTY, matches = ".+")
class BinaryTruthTest {
    /** Made from records that are no tracepoints, so that the tools' text does not have them as events. */
    private static final Set<Kind> BESIDE = EnumSet.of(Kind.NAME, Kind.LOST, Kind.NAMESPACE);

    @TempDir
    Path scratch;

    @Test
    void countsAreThoseOfTheTools() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        int checked = 0;
        for (Path file : SharedRecordings.binaries()) {
            Path truths = file.resolveSibling("truth.json");
            String name = file.getFileName().toString().replace(".zst", "");
            if (Files.exists(truths) && load(truths).get(name) instanceof Map<?, ?> truth) {
                check(file, truth, softly);
                checked++;
            }
        }
        softly.assertAll();
        assertThat(checked).isEqualTo(38);
    }

    private static void check(Path file, Map<?, ?> truth, SoftAssertions softly) throws IOException {
        Map<String, Long> cpus = new TreeMap<>();
        Map<String, Long> calls = new TreeMap<>();
        long[] span = {Long.MAX_VALUE, 0};
        try (Input input = Input.of(file);
                Recording recording = SharedRecordings.read(input, (batch, i) -> {
                    Kind kind = batch.kind(i);
                    boolean isTask = kind == Kind.FORK || kind == Kind.EXEC || kind == Kind.EXIT;
                    if (!BESIDE.contains(kind) && !(isTask && file.toString().contains("mono.ns"))) {
                        cpus.merge(String.valueOf(batch.cpu[i]), 1L, Long::sum);
                        span[0] = Math.min(span[0], batch.time[i]);
                        span[1] = Math.max(span[1], batch.time[i]);
                    }
                    if (kind == Kind.SYSCALL_ENTER) {
                        calls.merge(String.valueOf(batch.code[i]), 1L, Long::sum);
                    }
                })) {
            softly.assertThat(counted(recording.tally()))
                    .as("%s events", file)
                    .isEqualTo(longs(truth.get("events"), ".*:"));
            softly.assertThat(cpus).as("%s CPUs", file).isEqualTo(longs(truth.get("per_cpu"), "^0+(?=.)"));
            softly.assertThat(calls).as("%s calls", file).containsAllEntriesOf(longs(truth.get("sys_enter_top"), ""));
            checkSpan(file, truth, span, softly);
            checkRecords(file, truth, recording.tally(), softly);
        }
    }

    /** perf tells nanoseconds and trace-cmd microseconds, rounded; ticks are told as they are. */
    private static void checkSpan(Path file, Map<?, ?> truth, long[] span, SoftAssertions softly) {
        long half = truth.get("first").toString().matches(".*\\.\\d{6}") ? 500 : 0;
        softly.assertThat(span[0])
                .as("%s first", file)
                .isBetween(nanos(truth, "first") - half, nanos(truth, "first") + half);
        softly.assertThat(span[1])
                .as("%s last", file)
                .isBetween(nanos(truth, "last") - half, nanos(truth, "last") + half);
    }

    private static long nanos(Map<?, ?> truth, String key) {
        String[] parts = truth.get(key).toString().split("\\.");
        return parts.length == 1
                ? Long.parseLong(parts[0])
                : Long.parseLong(parts[0] + (parts[1] + "000").substring(0, 9));
    }

    private static void checkRecords(Path file, Map<?, ?> truth, Tally tally, SoftAssertions softly) {
        longs(truth.get("other_records"), "")
                .forEach((record, count) -> softly.assertThat(tally.note(record).value())
                        .as("%s %s", file, record)
                        .isEqualTo(count));
        if (truth.get("lost_lines") instanceof Integer lines) {
            softly.assertThat(tally.lossReports()).as("%s losses", file).isEqualTo(lines.longValue());
        }
    }

    @Test
    void lossIsCountedOnce() throws Exception {
        // 137 PERF_RECORD_LOST of 23877 in all, and 22 PERF_RECORD_LOST_SAMPLES of the same 23877 (68433 - 44556).
        assertThat(lost("redis/perf.lost.data.zst")).isEqualTo(23877);
        // "CPU 0: 318 events lost"
        assertThat(lost("redis/trace.lost.dat")).isEqualTo(318);
    }

    private static long lost(String name) throws IOException {
        try (Input input = Input.of(SharedRecordings.folder().resolve(name));
                Recording recording = SharedRecordings.read(input, (batch, i) -> {})) {
            return recording.tally().lost();
        }
    }

    @Test
    void aFolderOfThreadsIsOneRecording() throws Exception {
        try (Input input = Input.of(SharedRecordings.threadsFolder(scratch));
                Recording recording = SharedRecordings.read(input, (batch, i) -> {})) {
            // "Captured and wrote 1.181 MB perf.perthread-dir (11218 samples)"
            assertThat(counted(recording.tally()).values().stream()
                            .mapToLong(Long::longValue)
                            .sum())
                    .isEqualTo(11218);
        }
    }

    @Test
    void namespacesAreThoseOfTheTwoContainers() throws Exception {
        Map<Long, Long> inodes = new TreeMap<>();
        try (Input input = Input.of(SharedRecordings.folder().resolve("netns/perf.task.mono.ns.data.zst"));
                Recording recording = SharedRecordings.read(input, (batch, i) -> {
                    if (batch.kind(i) == Kind.NAMESPACE && batch.code[i] == NamespaceType.NET.ordinal()) {
                        inodes.merge(batch.a[i], 1L, Long::sum);
                    }
                })) {
            // 14 records of the host (one without a time, told with the first event), 10 of each container.
            assertThat(recording.tally().note("PERF_RECORD_NAMESPACES").value()).isEqualTo(34);
            assertThat(inodes).isEqualTo(Map.of(0xeffffff9L, 14L, 0xf0000151L, 10L, 0xf0000196L, 10L));
        }
    }

    @Test
    void virtualMachinesDidWhatTheKernelCounted() throws Exception {
        SoftAssertions softly = new SoftAssertions();
        int checked = 0;
        for (Path file : SharedRecordings.binaries()) {
            Path readme = file.resolveSibling("README.md");
            if (Files.exists(readme)) {
                String name = file.getFileName().toString().replace(".zst", "");
                String section = section(Files.readString(readme), name);
                checkMachine(file, section, softly);
                checked++;
            }
        }
        softly.assertAll();
        assertThat(checked).isEqualTo(16);
    }

    private static void checkMachine(Path file, String section, SoftAssertions softly) throws IOException {
        Map<String, Long> exits = new TreeMap<>();
        Map<String, Long> returns = new TreeMap<>();
        try (Input input = Input.of(file);
                Recording recording = SharedRecordings.read(input, (batch, i) -> {
                    if (batch.kind(i) == Kind.VM_EXIT) {
                        exits.merge(String.valueOf(ExitReason.reason(batch.code[i])), 1L, Long::sum);
                    } else if (batch.kind(i) == Kind.VMM_RETURN) {
                        returns.merge(String.valueOf(batch.code[i]), 1L, Long::sum);
                    }
                })) {
            String table = section.substring(0, Math.max(section.indexOf("| kvm_exit reason"), 0));
            Map<String, Long> events = find("\\| (\\w+) \\| (\\d+) \\|", table.isEmpty() ? section : table);
            softly.assertThat(counted(recording.tally())).as("%s events", file).isEqualTo(events);
            if (section.contains("in-kernel histogram")) {
                String line = section.substring(section.indexOf("in-kernel histogram"))
                        .lines()
                        .findFirst()
                        .orElse("");
                softly.assertThat(exits).as("%s exits", file).isEqualTo(find("(\\d+) \\(0x\\w+\\): (\\d+)", line));
            }
            if (section.contains("By the histogram:")) {
                String line = section.substring(section.indexOf("By the histogram:"))
                        .lines()
                        .findFirst()
                        .orElse("");
                softly.assertThat(returns).as("%s returns", file).isEqualTo(find("(\\d+): (\\d+)", line));
            }
        }
    }

    private static String section(String readme, String name) {
        int from = readme.indexOf("### " + name + "\n");
        assertThat(from).as(name).isNotNegative();
        int to = readme.indexOf("\n### ", from);
        return readme.substring(from, to < 0 ? readme.length() : to);
    }

    private static Map<String, Long> find(String pattern, String text) {
        Map<String, Long> found = new TreeMap<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.put(matcher.group(1), Long.valueOf(matcher.group(2)));
        }
        return found;
    }

    private static Map<String, Long> counted(Tally tally) {
        Map<String, Long> counted = new TreeMap<>();
        tally.tracepoints().forEach((name, count) -> {
            if (count.value() > 0) {
                counted.put(name, count.value());
            }
        });
        return counted;
    }

    private static Map<String, Long> longs(Object counts, String prefix) {
        Map<String, Long> longs = new TreeMap<>();
        if (counts instanceof Map<?, ?> map) {
            map.forEach(
                    (key, value) -> longs.put(key.toString().replaceFirst(prefix, ""), ((Number) value).longValue()));
        }
        return longs;
    }

    /** JSON is YAML. */
    private static Map<?, ?> load(Path json) throws IOException {
        try (InputStream in = Files.newInputStream(json)) {
            return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
        }
    }

    /** Each recording packed as .toll and read again. */
    @Test
    void packingLosesNothing() throws Exception {
        for (Path file : SharedRecordings.binaries()) {
            Path packed = Files.createTempFile(scratch, "packed", ".toll");
            try (Input input = Input.of(file);
                    Recording recording = Formats.recognise(input).open(input);
                    OutputStream out = Files.newOutputStream(packed)) {
                TollWriter.write(recording, out);
            }
            Events once = Events.read(Formats.recognise(Input.of(file)), file);
            Events again = Events.read(new Toll(), packed);
            assertThat(again.list()).as("%s", file).isEqualTo(once.list());
            assertThat(again.coverage()).as("%s", file).isEqualTo(once.coverage());
            assertThat(again.tracepoints()).as("%s", file).isEqualTo(once.tracepoints());
            Files.delete(packed);
        }
    }
}
