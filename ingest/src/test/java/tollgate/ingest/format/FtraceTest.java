package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.format.Events.Event;

/** Each quirk of ftrace's text, on excerpts of real recordings; on lines made by hand where no recording has it. */
class FtraceTest {
    private static final String SYSCALL = "[000] .....     1.000002: sys_exit: NR 1 = 2\n";

    @TempDir
    Path folder;

    @Test
    void commMayHoldAnything() throws IOException {
        assertThat(sample("names.txt").list())
                .containsExactly(
                        exit(1558_389250_000L, 17979, "two words", 435),
                        exit(1558_389292_000L, 17980, "(sd-pam)", 435),
                        exit(1558_389430_000L, 17981, "[brk]", 435),
                        exit(1558_389459_000L, 17983, "a:b", 435),
                        exit(1558_389474_000L, 17984, "12345", 435),
                        exit(1558_389487_000L, 17985, "x-1", 435),
                        exit(1558_389570_000L, 17988, "trail ", 435),
                        new Event(1558_389817_000L, 0, 17986, -1, "end]", Kind.SWITCH, 'S', 17987, 0, " lead"),
                        // The column has lost the blank; the switch before has told it.
                        exit(1558_389817_000L, 17987, " lead", 230),
                        new Event(1558_389818_000L, 0, 17987, -1, " lead", Kind.SYSCALL_ENTER, 110, 0, 0, ""));
    }

    @Test
    void callsAreToldAsTheKernelNumbersThem() throws IOException {
        String shell = "sess_oddA.sh";
        assertThat(sample("calls.txt").list())
                .containsExactly(
                        enter(1558_387349_000L, 17977, shell, 59, 0x555ecc03bab0L, 0x555ecc03bae0L),
                        exit(1558_387603_000L, 17977, shell, 59),
                        enter(1558_388403_000L, 17977, shell, 58, 0x558717aee5aaL, 0x7ffe73b5ffb0L),
                        // ftrace names lines when it prints them: the child has its later name from its first.
                        exit(1558_388442_000L, 17978, "odd", 58),
                        exit(1558_388473_000L, 17977, shell, 58, 17978),
                        enter(1558_409549_000L, 17980, "(sd-pam)", 15, 0xa, 0x7f5a360c0230L),
                        exit(1558_409551_000L, 17980, "(sd-pam)", -1, -4),
                        enter(1558_419725_000L, 17978, "odd", 20, 0xa, 0),
                        exit(1558_419726_000L, 17978, "odd", 20, 17978),
                        enter(1558_419726_000L, 17978, "odd", 435, 0x55e4a1493004L, 0),
                        exit(1558_419727_000L, 17978, "odd", 435, -22),
                        enter(1558_419727_000L, 17978, "odd", 9999, 1, 2),
                        exit(1558_419727_000L, 17978, "odd", 9999, -38),
                        enter(1558_419728_000L, 17978, "odd", -1, 2, 3),
                        exit(1558_419728_000L, 17978, "odd", -1, -38),
                        enter(1558_419949_000L, 17977, shell, 15, 0x11, 0x7ffe73b5f2f0L),
                        exit(1558_419950_000L, 17977, shell, -1, 17978));
    }

    @Test
    void latencyFormatCountsMicrosecondsFromTheStart() throws IOException {
        Events events = sample("latency.txt");
        assertThat(events.list()).hasSize(12);
        assertThat(events.get(0))
                .isEqualTo(new Event(25_107_000, 0, 10685, -1, "basename", Kind.TLB_FLUSH, 3, 1, 0, ""));
        assertThat(events.get(1))
                .isEqualTo(new Event(25_109_000, 0, 10685, -1, "basename", Kind.TLB_FLUSH, 3, -1, 0, ""));
        // ip=elf_load: a symbol is not an address.
        assertThat(events.get(2))
                .isEqualTo(
                        new Event(25_123_000, 0, 10685, -1, "basename", Kind.FAULT_KERNEL, 2, 0x55f85b8c51e0L, 0, ""));
        assertThat(events.get(6))
                .isEqualTo(new Event(
                        25_152_000,
                        0,
                        10685,
                        -1,
                        "basename",
                        Kind.FAULT_USER,
                        0x14,
                        0x7f45fc09bb70L,
                        0x7f45fc09bb70L,
                        ""));
        // The mark behind us is '!'.
        assertThat(events.get(10))
                .isEqualTo(new Event(26_854_000, 1, 10687, -1, "bash", Kind.SYSCALL_EXIT, 12, 94021862318080L, 0, ""));
        assertThat(events.coverage().clock()).isEqualTo(Coverage.Clock.NANOS);
        assertThat(events.tally().header()).containsEntry("kernel", "6.18.44-fc-v669");
    }

    @Test
    void tgidColumnNamesProcessesWhereTheKernelKnewThem() throws IOException {
        Events events = sample("tgid.txt");
        assertThat(events.get(0))
                .isEqualTo(new Event(
                        1558_949000_000L,
                        1,
                        18045,
                        18045,
                        "sess_oddA.sh",
                        Kind.SWITCH,
                        'D',
                        15545,
                        0,
                        "qemu-system-x86"));
        // <...> and (-------): neither name nor process; sched_switch still names it.
        assertThat(events.get(2))
                .isEqualTo(new Event(1559_035496_000L, 1, 2753, -1, "bash", Kind.SWITCH, 'R', 18046, 0, "odd"));
        assertThat(events.get(3)).isEqualTo(new Event(1559_035498_000L, 1, 2753, -1, "", Kind.TLB_FLUSH, 0, -1, 0, ""));
        assertThat(events.coverage().hasProcesses()).isFalse();
    }

    @Test
    void everyThreadWithATgidMeansProcessesAreTold() throws IOException {
        Events events =
                read("            bash-7       (      3) " + SYSCALL + "          <idle>-0       (-------) " + SYSCALL);
        assertThat(events.get(0).pid()).isEqualTo(3);
        assertThat(events.get(1).pid()).isZero();
        assertThat(events.coverage().hasProcesses()).isTrue();
    }

    @Test
    void integersWithoutIrqInfoAreCycles() throws IOException {
        Events events = sample("x86-tsc.txt");
        assertThat(events.get(0))
                .isEqualTo(new Event(3633471037268L, 0, 13608, -1, "grep", Kind.IRQ_ENTER, 253, 0, 0, ""));
        assertThat(events.get(3))
                .isEqualTo(new Event(3633471042953L, 1, 13997, -1, "sess_netns.sh", Kind.TLB_FLUSH, 0, -1, 0, ""));
        assertThat(events.coverage().clock()).isEqualTo(Coverage.Clock.TSC);
    }

    @Test
    void counterClockTellsAnOrderOnly() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 2; i < 40; i++) {
            text.append("            bash-7       [00").append(i % 2).append("] ..... ");
            text.append(String.format("%12d", i)).append(": sys_exit: NR 1 = 2\n");
        }
        assertThat(read(text.toString()).coverage().clock()).isEqualTo(Coverage.Clock.COUNTER);
    }

    @Test
    void uptimeClockIsCoarse() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            text.append("            bash-7       [000] ..... ");
            text.append(String.format("%12d", 250806 + i / 5)).append(": sys_exit: NR 1 = 2\n");
        }
        assertThat(read(text.toString()).coverage().clock()).isEqualTo(Coverage.Clock.COARSE);
    }

    @Test
    void tracePipeTellsLossesBetweenEvents() throws IOException {
        Events events = sample("trace-pipe.txt");
        assertThat(events.list()).hasSize(7);
        assertThat(events.get(4)).isEqualTo(new Event(2156_663751_000L, 0, -1, -1, "", Kind.LOST, 0, 8300, 0, ""));
        assertThat(events.tally().lost()).isEqualTo(8300);
        assertThat(events.tally().lossReports()).isEqualTo(1);
        assertThat(events.coverage().tells(Kind.LOST)).isTrue();
    }

    @Test
    void lossWithoutANumberIsALossStill() throws IOException {
        Events events = read("            bash-7       " + SYSCALL + "CPU:3 [LOST EVENTS]\n");
        assertThat(events.get(1)).isEqualTo(new Event(1_000002_000L, 3, -1, -1, "", Kind.LOST, 0, -1, 0, ""));
        assertThat(events.tally().lost()).isZero();
        assertThat(events.tally().lossReports()).isEqualTo(1);
    }

    @Test
    void overwrittenEventsAreLostBeforeTheFirst() throws IOException {
        Events events = read("# tracer: nop\n#\n# entries-in-buffer/entries-written: 2/47   #P:2\n#\n"
                + "            bash-7       " + SYSCALL + "##### CPU 1 buffer started ####\n"
                + "            bash-8       " + SYSCALL.replace("[000]", "[001]"));
        assertThat(events.get(0)).isEqualTo(new Event(1_000002_000L, -1, -1, -1, "", Kind.LOST, 0, 45, 0, ""));
        assertThat(events.get(2)).isEqualTo(new Event(1_000002_000L, 1, -1, -1, "", Kind.LOST, 0, -1, 0, ""));
        assertThat(events.list()).hasSize(4);
        assertThat(events.tally().lost()).isEqualTo(45);
        assertThat(events.tally().lossReports()).isEqualTo(1);
    }

    @Test
    void lineFeedInTheCommTearsTheRecord() throws IOException {
        // "nl\nx" in sixteen bytes, and inside sched_switch on both sides.
        Events events = read("            nl\nx-7       " + SYSCALL
                + "            nl\nx-7       [000] d..2.     1.000003: sched_switch: prev_comm=nl\nx prev_pid=7 prev_prio=120"
                + " prev_state=S ==> next_comm=a\n\nb next_pid=9 next_prio=120\n            bash-8       " + SYSCALL);
        assertThat(events.list())
                .containsExactly(
                        exit(1_000002_000L, 7, "nl\nx", 1, 2),
                        new Event(1_000003_000L, 0, 7, -1, "nl\nx", Kind.SWITCH, 'S', 9, 0, "a\n\nb"),
                        exit(1_000003_000L, 8, "bash", 1, 2));
        assertThat(events.note("other lines")).isZero();
        assertThat(events.tally().outOfOrder()).isEqualTo(1);
    }

    @Test
    void commMayLookLikeTheColumns() throws IOException {
        Events events = read("     -1 [000]  -7       " + SYSCALL + "           #hash-8       " + SYSCALL
                + "           <...>-9       " + SYSCALL + "       th=1 ==> -10      " + SYSCALL
                + "       \u00e9\u6f22\t\\\"'-11      " + SYSCALL);
        assertThat(events.list())
                .containsExactly(
                        exit(1_000002_000L, 7, "-1 [000]  ", 1, 2),
                        exit(1_000002_000L, 8, "#hash", 1, 2),
                        exit(1_000002_000L, 9, "", 1, 2),
                        exit(1_000002_000L, 10, "th=1 ==> ", 1, 2),
                        exit(1_000002_000L, 11, "\u00e9\u6f22\t\\\"'", 1, 2));
    }

    @Test
    void hashAtTheStartOfALatencyLineIsAComm() throws IOException {
        Events events = read("# tracer: nop\n    bash-7          0d....    5us : sys_exit: NR 1 = 2\n"
                + "#hash678-8          1d....    6us#: sys_exit: NR 1 = 2\n");
        assertThat(events.get(1)).isEqualTo(new Event(6_000, 1, 8, -1, "#hash678", Kind.SYSCALL_EXIT, 1, 2, 0, ""));
    }

    @Test
    void blanksMayBeLost() throws IOException {
        Events events = read("bash-7 [000] ..... 1.000002: sys_exit: NR 1 = 2\n");
        assertThat(events.list()).containsExactly(exit(1_000002_000L, 7, "bash", 1, 2));
    }

    @Test
    void linesOfTheFunctionTracerAreCounted() throws IOException {
        Events events = sample("functions.txt");
        assertThat(events.list()).containsExactly(exit(106_189107_000L, 1, "init", 1, 1));
        assertThat(events.note("function calls")).isEqualTo(7);
    }

    @Test
    void functionGraphIsRefused() throws IOException {
        Path file = write("# tracer: function_graph\n#\n 0)   2.254 us    |  mutex_unlock();\n");
        assertThatThrownBy(() -> Events.read(new Ftrace(), file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ":1: expected events of tasks, found the function_graph tracer, which names none;"
                        + " record with 'echo nop > current_tracer'");
    }

    @Test
    void svmExitsAreTold() throws IOException {
        Events events = sample("kvm-svm.txt");
        List<Event> list = events.list();
        assertThat(list).hasSize(26);
        assertThat(list.get(0)).isEqualTo(kvm(50_800164_000L, Kind.VM_ENTRY, 0, 0x100c, 0));
        int io = ExitReason.id(ExitReason.SVM, 0x7b);
        assertThat(list.get(1)).isEqualTo(kvm(50_800383_000L, Kind.VM_EXIT, io, 0x3f80010, 0x1013));
        assertThat(list.get(2)).isEqualTo(kvm(50_800442_000L, Kind.GUEST_PIO, 0x3f8, 1, 1 << 16 | 1));
        assertThat(list.get(3)).isEqualTo(kvm(50_800542_000L, Kind.VMM_RETURN, 2, 0, 0));
        assertThat(list.get(5)).isEqualTo(kvm(50_800683_000L, Kind.SYSCALL_ENTER, 16, 5, 0xae80));
        assertThat(list.get(11)).isEqualTo(kvm(50_800946_000L, Kind.GUEST_PIO, 0x3fd, 0, 1 << 16 | 1));
        int npf = ExitReason.id(ExitReason.SVM, 0x400);
        assertThat(list.get(16)).isEqualTo(kvm(50_801162_000L, Kind.VM_EXIT, npf, 0x100000006L, 0xd0000000L));
        assertThat(list.get(17)).isEqualTo(kvm(50_801169_000L, Kind.GUEST_FAULT, 6, 0xd0000000L, 0x100000006L));
        assertThat(list.get(18)).isEqualTo(kvm(50_801578_000L, Kind.GUEST_MMIO, 0, 0xd0000004L, 4));
        assertThat(list.get(22)).isEqualTo(kvm(50_801630_000L, Kind.GUEST_MMIO, 1, 0xd0000004L, 4));
        assertThat(list.get(25)).isEqualTo(kvm(50_801734_000L, Kind.GUEST_MSR, 0x277, 0, 0x7040600070406L));
    }

    @Test
    void vmxExitsAreTold() throws IOException {
        List<Event> list = sample("kvm-vmx.txt").list();
        assertThat(list).hasSize(5);
        assertThat(list.get(0).code()).isEqualTo(ExitReason.id(ExitReason.VMX, 48));
        assertThat(list.get(0).a()).isEqualTo(0x82);
        assertThat(list.get(1).kind()).isEqualTo(Kind.GUEST_FAULT);
        assertThat(list.get(1).a()).isEqualTo(0x8000);
        assertThat(list.get(2).code()).isEqualTo(ExitReason.id(ExitReason.VMX, 30));
        assertThat(list.get(2).a()).isEqualTo(0x3f80000);
        assertThat(list.get(3).code()).isEqualTo(ExitReason.id(ExitReason.VMX, 49));
        assertThat(list.get(4).code()).isEqualTo(ExitReason.id(ExitReason.VMX, 32));
    }

    @Test
    void emulatedGuestsHaveReturnsWithoutExits() throws IOException {
        assertThat(sample("kvm-pvm.txt").list())
                .containsExactly(
                        new Event(2747_448259_000L, 1, 31092, -1, "minikvm", Kind.GUEST_PIO, 0x3f8, 1, 1 << 16 | 1, ""),
                        new Event(2747_448262_000L, 1, 31092, -1, "minikvm", Kind.VMM_RETURN, 2, 0, 0, ""));
    }

    @Test
    void damagedFieldsAreAnErrorWithPlaceAndWayOut() throws IOException {
        Path file = write("            bash-7       " + SYSCALL
                + "            bash-7       [000] .....     1.000003: sys_exit: NR 1 =\n" + "            bash-7       "
                + SYSCALL);
        assertThatThrownBy(() -> Events.read(new Ftrace(), file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ":2: expected the fields of sys_exit, found 'NR 1 ='; the recording is damaged here,"
                        + " record again or cut this line out");
    }

    @Test
    void textCutInsideALineIsUsedUpToIt() throws IOException {
        Events events = read(
                "            bash-7       " + SYSCALL + "            bash-7       [000] .....     1.000003: sys_ex");
        assertThat(events.list()).hasSize(1);
        assertThat(events.tally().endsEarly()).isEqualTo("line 2, which has no line feed");
    }

    @Test
    void linesThatAreNoEventAreCounted() throws IOException {
        Events events = read("            bash-7       " + SYSCALL
                + "<stack trace>\n => do_syscall_64\n => entry_SYSCALL\n" + "            bash-7       " + SYSCALL);
        assertThat(events.list()).hasSize(2);
        assertThat(events.note("other lines")).isEqualTo(3);
    }

    @Test
    void earlierStampIsToldAtTheTimeReached() throws IOException {
        Events events = read(
                "            bash-7       " + SYSCALL + "            bash-8       " + SYSCALL.replace("02:", "01:"));
        assertThat(events.get(1).time()).isEqualTo(1_000002_000L);
        assertThat(events.tally().outOfOrder()).isEqualTo(1);
    }

    @Test
    void earlierStampOfATornRecordIsToldAtTheTimeReached() throws IOException {
        Events events = read("            bash-7       " + SYSCALL
                + "            nl\nx-7       [000] d..2.     1.000001: sched_switch: prev_comm=nl\nx prev_pid=7 prev_prio=120"
                + " prev_state=S ==> next_comm=b next_pid=9 next_prio=120\n");
        assertThat(events.get(1)).isEqualTo(new Event(1_000002_000L, 0, 7, -1, "nl\nx", Kind.SWITCH, 'S', 9, 0, "b"));
        assertThat(events.tally().outOfOrder()).isEqualTo(1);
    }

    @Test
    void stampBeyondTheClockIsNoEvent() throws IOException {
        Events events = read("            bash-7       " + SYSCALL
                + "            bash-7       [000] ..... 9223372036854775809.000001: sys_exit: NR 1 = 2\n");
        assertThat(events.list()).hasSize(1);
        assertThat(events.note("other lines")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "calls",
                "functions",
                "kvm-pvm",
                "kvm-svm",
                "kvm-vmx",
                "latency",
                "names",
                "tgid",
                "trace-pipe",
                "x86-tsc"
            })
    void excerptIsRecognised(String file) throws IOException {
        try (Input input = Input.of(Excerpts.of("ftrace", file + ".txt"))) {
            assertThat(Formats.recognise(input).name()).isEqualTo("ftrace");
        }
    }

    private static Event enter(long time, int tid, String comm, int number, long first, long second) {
        return new Event(time, 0, tid, -1, comm, Kind.SYSCALL_ENTER, number, first, second, "");
    }

    private static Event exit(long time, int tid, String comm, int number) {
        return exit(time, tid, comm, number, 0);
    }

    private static Event exit(long time, int tid, String comm, int number, long result) {
        return new Event(time, 0, tid, -1, comm, Kind.SYSCALL_EXIT, number, result, 0, "");
    }

    private static Event kvm(long time, Kind kind, int code, long a, long b) {
        return new Event(time, 0, 206, -1, "minikvm", kind, code, a, b, "");
    }

    private static Events sample(String name) throws IOException {
        return Events.read(new Ftrace(), Excerpts.of("ftrace", name));
    }

    private Events read(String text) throws IOException {
        return Events.read(new Ftrace(), write(text));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("trace.txt"), text, StandardCharsets.UTF_8);
    }
}
