package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Recording;
import tollgate.ingest.TaskState;

/** Small real perf.data and trace.dat, against lines of the tools' text of them. */
class BinarySamplesTest {
    @TempDir
    Path scratch;

    static final String COMPRESSED = "/samples/perf-data/compressed.data";
    static final String VERSION_7 = "/samples/trace-dat/v7.dat";

    /** Copies a sample out of the resources; those of the contract suite by their whole name. */
    static Path sample(String name, Path to) throws IOException {
        Path file = to.resolve(name.substring(name.lastIndexOf('/') + 1));
        try (InputStream in = BinarySamplesTest.class.getResourceAsStream(name)) {
            Files.copy(in, file);
        }
        return file;
    }

    /** {@code time cpu pid/tid comm: KIND code a b}, names as they are. */
    private List<String> lines(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        List<int[]> names = new ArrayList<>();
        try (Input input = Input.of(file);
                Recording recording = SharedRecordings.read(input, (batch, i) -> {
                    Kind kind = batch.kind(i);
                    boolean hasName =
                            Set.of(Kind.SWITCH, Kind.WAKEUP, Kind.FORK).contains(kind);
                    names.add(new int[] {batch.comm[i], hasName ? (int) batch.b[i] : -1});
                    lines.add(batch.time[i] + " " + batch.cpu[i] + " " + batch.pid[i] + "/" + batch.tid[i] + " %s: "
                            + kind + " " + batch.code[i] + " " + batch.a[i] + " "
                            + (hasName ? "%s" : String.valueOf(batch.b[i])));
                })) {
            for (int i = 0; i < lines.size(); i++) {
                String comm = recording.names().name(names.get(i)[0]);
                lines.set(i, lines.get(i).formatted(comm, recording.names().name(names.get(i)[1])));
            }
        }
        return lines;
    }

    @Test
    void everyRecordIsCounted() throws IOException {
        Map<String, Map<String, Long>> expected = new TreeMap<>();
        try (BufferedReader table = new BufferedReader(
                new InputStreamReader(getClass().getResourceAsStream("samples.tsv"), StandardCharsets.US_ASCII))) {
            table.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .forEach(cells -> expected.computeIfAbsent(cells[0], file -> new TreeMap<>())
                            .put(cells[1], Long.valueOf(cells[2])));
        }
        assertThat(expected).hasSize(7);
        for (var each : expected.entrySet()) {
            String name = Stream.of(COMPRESSED, VERSION_7)
                    .filter(sample -> sample.endsWith("/" + each.getKey()))
                    .findFirst()
                    .orElse(each.getKey() + ".zst");
            Map<String, Long> counted = new TreeMap<>();
            try (Input input = Input.of(sample(name, scratch));
                    Recording recording = SharedRecordings.read(input, (batch, i) -> {})) {
                recording.tally().tracepoints().forEach((tracepoint, count) -> counted.put(tracepoint, count.value()));
                assertThat(recording.tally().outOfOrder()).isZero();
                assertThat(recording.tally().endsEarly()).isEmpty();
            }
            counted.values().removeIf(count -> count == 0);
            assertThat(counted).as(name).isEqualTo(each.getValue());
        }
    }

    @Test
    void namespacesForksAndNamesOfOneProgram() throws IOException {
        List<String> lines = lines(sample("odd.ns.data.zst", scratch));
        // perf-exec 0 [000] 0.000000000: PERF_RECORD_NAMESPACES 17595/17595 ... 0/net: 4/0xeffffff9 = 4026531833
        assertThat(lines.get(0)).isEqualTo("1550144294085 -1 17595/17595 perf-exec: NAME 0 0 0");
        assertThat(lines.get(1)).isEqualTo("1550144294085 -1 17595/17595 perf-exec: NAMESPACE 0 4026531833 4");
        // ... 6/cgroup: 4/0xeffffffb]
        assertThat(lines.get(7)).isEqualTo("1550144294085 -1 17595/17595 perf-exec: NAMESPACE 6 4026531835 4");
        // PERF_RECORD_COMM exec: sess_oddA.sh:17595/17595, and no sched_process_exec in the recording
        assertThat(lines.get(8)).isEqualTo("1550144294085 0 17595/17595 sess_oddA.sh: EXEC 0 -1 0");
        assertThat(lines)
                .anyMatch(line -> line.matches("\\d+ \\d 17595/17595 sess_oddA.sh: FORK 17597 17597 sess_oddA.sh"));
        assertThat(lines.stream().filter(line -> line.contains(": FORK "))).hasSize(11);
        assertThat(lines.stream().filter(line -> line.contains(": EXIT "))).hasSize(12);
        assertThat(lines.stream().filter(line -> line.contains(": NAMESPACE "))).hasSize(12 * 7);
        // 171 PERF_RECORD_SWITCH say what the 80 sched_switch say.
        assertThat(lines.stream().filter(line -> line.contains(": SWITCH "))).hasSize(80);
        assertThat(lines).contains("1550194891030 0 17595/17595 sess_oddA.sh: SYSCALL_ENTER 231 0 231");
    }

    @Test
    void namesAreBytesAndNotWords() throws IOException {
        Set<String> names = new java.util.TreeSet<>();
        for (String line : lines(sample("odd.pipe.data.zst", scratch))) {
            names.add(line.replaceFirst("(?s)^\\d+ -?\\d+ -?\\d+/-?\\d+ (.*): [A-Z_]+ -?\\d+ -?\\d+ .*", "$1"));
        }
        assertThat(names).contains("two words", " lead", "trail ", "a:b", "[brk]", "end]", "(sd-pam)", "12345", "x-1");
    }

    @Test
    void aLossIsAnEventAtItsTime() throws IOException {
        Path file = sample("odd.lost.data.zst", scratch);
        List<String> lost =
                lines(file).stream().filter(line -> line.contains(": LOST ")).toList();
        assertThat(lost).hasSize(2);
        try (Input input = Input.of(file);
                Recording recording = SharedRecordings.read(input, (batch, i) -> {})) {
            assertThat(recording.tally().lossReports()).isEqualTo(2);
            assertThat(recording.coverage().scope()).isEqualTo(Coverage.Scope.CGROUP);
            assertThat(recording.coverage().isRecordedSetCertain()).isTrue();
            assertThat(recording.coverage().tells(Kind.SOFTIRQ_ENTER)).isFalse();
        }
    }

    /** 7499 in PERF_RECORD_LOST; PERF_RECORD_LOST_SAMPLES say 7581, so that nothing came after the last 82. */
    @Test
    void lossesThatTwoRecordsTellAreCountedOnce() throws IOException {
        Path file = sample("odd.losses.data.zst", scratch);
        List<String> lost =
                lines(file).stream().filter(line -> line.contains(": LOST ")).toList();
        assertThat(lost).hasSize(15);
        // Whose record found room again says nothing of whose were lost.
        // :17687 17687/17687 [001] 1553.725960145: PERF_RECORD_LOST lost 106
        assertThat(lost.get(0)).isEqualTo("1553725960145 1 -1/-1 : LOST 0 106 0");
        assertThat(lost.get(1)).isEqualTo("1553726052339 0 -1/-1 : LOST 0 6411 0");
        assertThat(lost.get(13)).isEqualTo("1553774466019 0 -1/-1 : LOST 0 1 0");
        assertThat(lost.get(14)).isEqualTo("1553788077284 -1 -1/-1 : LOST 0 82 0");
        try (Input input = Input.of(file);
                Recording recording = SharedRecordings.read(input, (batch, i) -> {})) {
            assertThat(recording.tally().lost()).isEqualTo(7581);
            assertThat(recording.tally().note("PERF_RECORD_LOST_SAMPLES").value())
                    .isEqualTo(24);
        }
    }

    /** One event and no ID in its samples: IP|TID|TIME|CPU|PERIOD|RAW. */
    @Test
    void aSingleEventNeedsNoId() throws IOException {
        List<String> lines = lines(sample("redis.nocpu.data.zst", scratch)).stream()
                .filter(line -> line.contains(": SYSCALL"))
                .toList();
        assertThat(lines).hasSize(40);
        // redis-server 19044/19044 [001] 1625.378411266: sys_enter: NR 257 (ffffff9c, 563279b0b8c5, ...)
        assertThat(lines.get(0))
                .isEqualTo("1625378411266 1 19044/19044 redis-server: SYSCALL_ENTER 257 4294967196 " + 0x563279b0b8c5L);
        // ... 1625.379906674: sys_enter: NR 288 (6, 7ffe374b2690, ...)
        assertThat(lines.get(39))
                .isEqualTo("1625379906674 1 19044/19044 redis-server: SYSCALL_ENTER 288 6 " + 0x7ffe374b2690L);
    }

    /** trace-cmd record -C x86-tsc: ticks, which its report prints without a point. */
    @Test
    void cyclesAreNoNanoseconds() throws IOException {
        Path file = sample("tsc.trace7.dat.zst", scratch);
        List<String> lines = lines(file);
        assertThat(lines).hasSize(179);
        // The name is that of the saved command lines, as trace-cmd prints it:
        // sess_redis.sh-10570 [000]3368820026123: sched_switch: evp.sh:10570 [120] D ==> b.Flow.g_cursor:10442 [120]
        assertThat(lines.get(0))
                .isEqualTo("3368820026123 0 -1/10570 sess_redis.sh: SWITCH " + (int) 'D' + " 10442 b.Flow.g_cursor");
        try (Input input = Input.of(file);
                Recording recording = SharedRecordings.read(input, (batch, i) -> {})) {
            assertThat(recording.coverage().clock()).isEqualTo(Coverage.Clock.TSC);
        }
    }

    @Test
    void droppedEventsStandBeforeThePageThatFollows() throws IOException {
        List<String> lines = lines(sample("lost.trace7.dat.zst", scratch));
        int at = lines.indexOf(lines.stream()
                .filter(line -> line.contains(": LOST "))
                .findFirst()
                .orElse(""));
        // "CPU:0 [318 EVENTS DROPPED]"
        assertThat(lines.get(at)).matches("\\d+ 0 -1/-1 : LOST 0 318 0");
        assertThat(lines.get(at + 1)).startsWith(lines.get(at).substring(0, 14));
    }

    @Test
    void aVirtualMachineOfVersion6() throws IOException {
        List<String> lines = lines(sample("kvm.trace6.dat.zst", scratch));
        // minikvm-155 [000] 23.563303473: kvm_exit: vcpu 0 reason npf rip 0x1000 info1 0x0000000200000006 info2
        // 0x...8000
        int npf = ExitReason.idOf(ExitReason.SVM, "npf");
        assertThat(lines)
                .anyMatch(line -> line.endsWith(" minikvm: VM_EXIT " + npf + " " + 0x200000006L + " " + 0x8000));
        assertThat(lines)
                .anyMatch(line -> line.endsWith(" minikvm: GUEST_MMIO 2 3489660928 4")); // write len 4 gpa 0xd0000000
    }

    /** trace-cmd record -B NAME: a second table of pages, found by an option. */
    @Test
    void aTraceInstanceIsMergedIn() throws IOException {
        Path file = SharedRecordings.plain(sample("kvm.trace6.dat.zst", scratch), scratch);
        byte[] flat = Files.readAllBytes(file);
        int mark = new String(flat, StandardCharsets.ISO_8859_1).indexOf("flyrecord\0");
        int table = mark + 10;
        ByteBuffer before = ByteBuffer.wrap(flat).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer after = ByteBuffer.allocate(flat.length + 26).order(ByteOrder.LITTLE_ENDIAN);
        // Option 3: u64 where the table of the instance is, and its name; the padding before the pages shrinks by it.
        after.put(flat, 0, mark - 2)
                .putShort((short) 3)
                .putInt(12)
                .putLong(flat.length)
                .put(new byte[] {'f', 'o', 'o', 0});
        after.put(flat, mark - 2, table + 16 - (mark - 2));
        int pages = (int) before.getLong(table);
        after.position(pages).put(flat, pages, flat.length - pages);
        after.put(flat, mark, 10).putLong(pages).putLong(before.getLong(table + 8));
        Path both = scratch.resolve("instance.dat");
        Files.write(both, after.array());

        List<String> expected = new ArrayList<>(lines(file));
        expected.addAll(lines(file));
        expected.sort(null);
        List<String> actual = lines(both);
        actual.sort(null);
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void aDyingThreadIsNamedByTheSwitchItself() throws IOException {
        // :-1 17633/-1 [000] 1551.568733995: sched_switch: prev_comm=two words prev_pid=17634 prev_state=X ==> ...
        //     next_comm=qemu-system-x86 next_pid=9498
        assertThat(lines(sample("odd.pipe.data.zst", scratch)))
                .contains("1551568733995 0 17633/17634 two words: SWITCH "
                        + (int) TaskState.text('X').charAt(0) + " 9498 qemu-system-x86");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void recordsSpreadOverAFolderOfThreadsAreTheSame(int threads) throws IOException {
        Path file = SharedRecordings.plain(sample("odd.lost.data.zst", scratch), scratch);
        Path folder = Files.createDirectory(scratch.resolve("threads"));
        spread(Files.readAllBytes(file), threads, folder);
        List<String> expected = lines(file);
        List<String> actual = lines(folder);
        // Records of one time may change places between the files of threads.
        expected.sort(null);
        actual.sort(null);
        assertThat(actual).isEqualTo(expected);
    }

    /** As perf record --threads would have written it: records in data.0, data.1, ..., by CPU, without rounds. */
    private static void spread(byte[] perf, int threads, Path folder) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(perf).order(ByteOrder.LITTLE_ENDIAN);
        int from = (int) bytes.getLong(40);
        int to = from + (int) bytes.getLong(48);
        List<java.io.ByteArrayOutputStream> files = new ArrayList<>();
        for (int i = 0; i <= threads; i++) {
            files.add(new java.io.ByteArrayOutputStream());
        }
        for (int at = from; at < to; at += bytes.getShort(at + 6) & 0xffff) {
            int type = bytes.getInt(at);
            int size = bytes.getShort(at + 6) & 0xffff;
            if (type == PerfDataRecords.SAMPLE) {
                // IDENTIFIER | IP | TID | TIME | CPU
                int cpu = bytes.getInt(at + 8 + 8 + 8 + 8 + 8);
                files.get(1 + cpu % threads).write(perf, at, size);
            } else if (type != PerfDataRecords.FINISHED_ROUND) {
                files.get(0).write(perf, at, size);
            }
        }
        byte[] records = files.get(0).toByteArray();
        byte[] header = new byte[from + records.length + perf.length - to];
        System.arraycopy(perf, 0, header, 0, from);
        System.arraycopy(records, 0, header, from, records.length);
        System.arraycopy(perf, to, header, from + records.length, perf.length - to);
        ByteBuffer moved =
                ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(48, records.length);
        // The features stay behind the data, so their offsets move with it.
        int features = Long.bitCount(moved.getLong(72)) + Long.bitCount(moved.getLong(80));
        for (int i = 0; i < features; i++) {
            int at = from + records.length + 16 * i;
            moved.putLong(at, moved.getLong(at) + from + records.length - to);
        }
        Files.write(folder.resolve("data"), header);
        for (int i = 0; i < threads; i++) {
            Files.write(folder.resolve("data." + i), files.get(i + 1).toByteArray());
        }
    }

    /** Bytes 40248 on are the number of the second CPU, and where its pages are. */
    @Test
    void aCpuThatNoKernelHasIsRefused() throws IOException {
        Path file = sample(VERSION_7, scratch);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer second =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(40248);
        assertThat(second.getInt(40248)).isEqualTo(1);
        second.putInt(Coverage.MOST_CPUS);
        Files.write(file, bytes);
        assertThatThrownBy(() -> lines(file))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("expected pages of a CPU");
    }
}
