package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/** The whole way from a file to what stands on the terminal. */
class InspectCommandTest {
    /** A read that fails after sleeping 80 of its 100 us, a fault, a full flush, an exit, a loss. The comm holds a quote and an escape. */
    private static final String TRACE = String.join(
            "\n",
            "# tracer: nop",
            "#",
            "           w\"\u001b[-7       [000] d....     1.000000: sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)",
            "           w\"\u001b[-7       [000] d..2.     1.000010: sched_switch: prev_comm=w\"\u001b[ prev_pid=7"
                    + " prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120",
            "          <idle>-0       [000] d..2.     1.000090: sched_switch: prev_comm=swapper/0 prev_pid=0"
                    + " prev_prio=120 prev_state=R ==> next_comm=w\"\u001b[ next_pid=7 next_prio=120",
            "           w\"\u001b[-7       [000] d....     1.000100: sys_exit: NR 0 = -11",
            "           w\"\u001b[-7       [000] d..1.     1.000200: page_fault_user: address=0x1000 ip=0x401000"
                    + " error_code=0x6",
            "           w\"\u001b[-7       [000] d..1.     1.000300: tlb_flush: pages:-1 reason:local MM shootdown (3)",
            "           w\"\u001b[-7       [000] d....     1.000400: sys_enter: NR 231 (0, 0, 0, 0, 0, 0)",
            "CPU:0 [LOST 1 EVENTS]",
            "");

    @TempDir
    Path folder;

    private String out;
    private String err;

    private int run(String... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            return Main.run(arguments);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            out = outBytes.toString(StandardCharsets.UTF_8);
            err = errBytes.toString(StandardCharsets.UTF_8);
        }
    }

    private String write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text).toString();
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> json() {
        LoadSettings settings =
                LoadSettings.builder().setSchema(new JsonSchema()).build();
        return (List<Map<String, Object>>) new Load(settings).loadFromString(out);
    }

    @Test
    void jsonTellsEachKeyAndNumber() throws IOException {
        String trace = write("a.txt", TRACE);
        assertThat(run("inspect", "--json", trace)).isZero();

        Map<String, Object> told = json().get(0);
        assertThat(told.keySet())
                .containsExactly(
                        "trace",
                        "format",
                        "sha256",
                        "cpus",
                        "threads",
                        "processes",
                        "first_ns",
                        "last_ns",
                        "coverage",
                        "tracepoints",
                        "events",
                        "lost",
                        "skipped",
                        "out_of_order",
                        "unpaired",
                        "syscalls",
                        "vm_exits",
                        "context_switches",
                        "faults",
                        "interrupts",
                        "tlb_flushes",
                        "namespaces",
                        "warnings",
                        "header");
        assertThat(told)
                .containsEntry("trace", trace)
                .containsEntry("format", "ftrace")
                .containsEntry("cpus", 1)
                .containsEntry("threads", 2)
                .containsEntry("processes", Map.of("cannotTell", "not every event names its process"))
                .containsEntry("first_ns", 1_000_000_000)
                .containsEntry("last_ns", 1_000_400_000)
                .containsEntry(
                        "coverage",
                        Map.of(
                                "scope",
                                "unknown",
                                "clock",
                                "nanos",
                                "cpus",
                                true,
                                "processes",
                                false,
                                "recorded",
                                List.of("syscall_enter", "syscall_exit", "fault_user", "switch", "tlb_flush", "lost"),
                                "recorded_is_certain",
                                false))
                .containsEntry(
                        "tracepoints",
                        Map.of("page_fault_user", 1, "sched_switch", 2, "sys_enter", 2, "sys_exit", 1, "tlb_flush", 1))
                .containsEntry(
                        "events",
                        Map.of(
                                "syscall_enter",
                                2,
                                "syscall_exit",
                                1,
                                "fault_user",
                                1,
                                "switch",
                                2,
                                "tlb_flush",
                                1,
                                "lost",
                                1))
                .containsEntry("lost", 1)
                .containsEntry("out_of_order", 0)
                .containsEntry("vm_exits", Map.of())
                .containsEntry("context_switches", Map.of("count", 2, "by_state", Map.of("R", 1, "S", 1)))
                .containsEntry(
                        "faults",
                        Map.of(
                                "user",
                                Map.of("count", 1, "by_error_code", Map.of("0x6", 1)),
                                "kernel",
                                Map.of("cannotTell", "no kernel faults are in it")))
                .containsEntry("tlb_flushes", Map.of("local MM shootdown", 1))
                .containsEntry("header", Map.of("tracer", "nop"));
        Map<String, Object> read =
                new java.util.TreeMap<>(Map.of("count", 1, "errors", 1, "restarts", 0, "measured", 1));
        read.putAll(Map.of("p50_ns", 100_000, "p99_ns", 100_000, "total_ns", 100_000, "on_cpu_ns", 20_000));
        read.put("on_cpu_is_lower_bound_for", 0);
        assertThat(((Map<?, ?>) told.get("syscalls")).get("read")).isEqualTo(read);
        assertThat(out).doesNotContain("\u001b");
    }

    @Test
    void theSameBytesGiveTheSameBytes() throws IOException {
        String trace = write("a.txt", TRACE);
        run("inspect", "--json", trace);
        String first = out;
        run("inspect", "--json", trace);
        assertThat(out).isEqualTo(first);
    }

    @Test
    void anObjectForEachTraceInTheOrderGiven() throws IOException {
        String b = write("b.txt", TRACE);
        String a = write("a.txt", TRACE);
        assertThat(run("inspect", "--json", b, a)).isZero();
        assertThat(json()).extracting(told -> told.get("trace")).containsExactly(b, a);
    }

    @Test
    void oneBadTraceLeavesNoOutput() throws IOException {
        String good = write("a.txt", TRACE);
        String bad = write("bad.txt", "no recording\n");
        assertThat(run("inspect", "--json", good, bad)).isEqualTo(3);
        assertThat(out).isEmpty();
        assertThat(err.lines()).hasSize(1).allMatch(line -> line.startsWith("tollgate: " + bad + ": expected"));
    }

    @Test
    void aFolderIsReadWithoutWhatIsNoRecordingAndSaysSo() throws IOException {
        String good = write("many/a.txt", TRACE);
        String stray = write("many/build.log", "no recording\n");
        String many = Path.of(good).getParent().toString();
        assertThat(run("inspect", "--json", many)).isZero();
        assertThat(json()).extracting(told -> told.get("trace")).containsExactly(good);
        assertThat(err).isEqualTo("tollgate: skipped, no recording: " + stray + "\n");
        assertThat(run("inspect", stray)).isEqualTo(3);
    }

    @Test
    void anUnknownFormatIsNamedWithTheKnownOnes() throws IOException {
        assertThat(run("inspect", "--format", "ftrase", write("a.txt", TRACE))).isEqualTo(2);
        assertThat(err).contains("unknown format 'ftrase'").contains("ftrace");
    }

    @Test
    void textIsOneSafeScreen() throws IOException {
        String trace = write("a.txt", TRACE);
        assertThat(run("inspect", trace)).isZero();
        assertThat(out.lines())
                .contains(
                        "  span        400 us, from 1.000000 to 1.000400 s",
                        "  busiest     w\"\\x1b[ 85.7 %, <idle> 14.3 %",
                        "  records     7 of 5 tracepoints; lost 1, out of order 0",
                        "  read                        1        1   100 us   100 us   100 us   50.0 %",
                        "  faults      user 1 (0 on a present page, 1 writes, 0 fetches), kernel not told",
                        "  switches    2 (R 1, S 1)");
        assertThat(out).doesNotContain("\u001b");
        isOneScreen();
    }

    /** Forty system calls and thirty exit reasons, losses, and stamps that run back: the tables make room for the rest. */
    @Test
    void aBusyRecordingIsOneScreenAsWell() throws IOException {
        List<String> lines = new ArrayList<>(List.of("# tracer: nop", "#"));
        for (int i = 0; i < 40; i++) {
            lines.add("            work-7       [000] d....     1.0001" + (10 + i) + ": sys_enter: NR " + i
                    + " (3, 7ffe, 10, 0, 0, 0)");
            lines.add("            work-7       [000] d....     1.0001" + (10 + i) + ": sys_exit: NR " + i + " = 0");
        }
        for (int i = 0; i < 30; i++) {
            lines.add(
                    "            vcpu-8       [001] d....     1.0002" + (10 + i) + ": kvm_exit: vcpu 0 reason write_dr"
                            + i % 16 + " rip 0x1000 info1 0x0 info2 0x0 intr_info 0x0 error_code 0x0");
            lines.add("            vcpu-8       [001] d....     1.0002" + (10 + i) + ": kvm_entry: vcpu 0, rip 0x1000");
        }
        lines.add("CPU:0 [LOST 1 EVENTS]");
        lines.add("            work-7       [000] d....     1.000000: sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)");
        String trace = write(
                "a-name-that-is-longer-than-a-screen-is-wide-and-then-some-more-of-it-a-b-c-d-e.txt",
                String.join("\n", lines) + "\n");
        assertThat(run("inspect", trace)).isZero();
        assertThat(out)
                .contains("VM exit")
                .contains("write_dr0")
                .contains("others")
                .contains("times run back: 1");
        isOneScreen();
    }

    private void isOneScreen() {
        assertThat(out.lines()).hasSizeLessThanOrEqualTo(40).allMatch(line -> line.length() <= 80);
    }

    /** 2 600 000 kHz: 2 600 ticks are a microsecond. Without the sidecar nothing is told in nanoseconds. */
    @Test
    void theSidecarTellsWhatATickIs() throws IOException {
        String trace = write(
                "tsc.txt",
                String.join(
                        "\n",
                        "# tracer: nop",
                        "#",
                        "            work-7       [000] d.... 3373125762600: sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)",
                        "            work-7       [000] d.... 3373125788600: sys_exit: NR 0 = 1",
                        ""));
        run("inspect", "--json", trace);
        assertThat(json().get(0)).containsEntry("first_ns", 3_373_125_762_600L);
        assertThat(((Map<?, ?>) json().get(0).get("syscalls")).get("read").toString())
                .contains("p50_ns={cannotTell=stamps are not nanoseconds}");
        assertThat(json().get(0).get("warnings").toString()).contains("cycles of the time stamp counter");

        write("tsc.yaml", "tsc_khz: 2600000\n");
        run("inspect", "--json", trace);
        // 3373125762600 / 2.6 = 1297356062538.46 ns
        assertThat(json().get(0)).containsEntry("first_ns", 1_297_356_062_538L);
        assertThat(((Map<?, ?>) json().get(0).get("syscalls")).get("read").toString())
                .contains("p50_ns=10000,")
                .contains("total_ns=10000,");
        assertThat(json().get(0).get("warnings").toString()).doesNotContain("clock you think");
    }

    @Test
    void timesHaveThreeDigits() {
        assertThat(InspectText.time(0)).isEqualTo("0 ns");
        assertThat(InspectText.time(999)).isEqualTo("999 ns");
        assertThat(InspectText.time(1_000)).isEqualTo("1.00 us");
        assertThat(InspectText.time(99_949)).isEqualTo("99.9 us");
        assertThat(InspectText.time(999_499)).isEqualTo("999 us");
        assertThat(InspectText.time(999_500)).isEqualTo("1.00 ms");
        assertThat(InspectText.time(61_200_000_000L)).isEqualTo("61.2 s");
    }
}
