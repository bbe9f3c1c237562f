package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.Coverage;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.TaskState;
import tollgate.ingest.format.Events.Event;

/** Each quirk of trace-cmd report's text, on excerpts of real recordings; on lines made by hand where none has it. */
class TraceCmdReportTest {
    @TempDir
    Path folder;

    @Test
    void pluginFormOfSchedSwitchSplitsAnyNames() throws IOException {
        assertThat(sample("names.txt").list())
                .containsExactly(
                        // The plugin's W is the bit that has meant idle since 4.14.
                        change(1557_047159_000L, 29, "rcu_tasks_trace", 'I', 15, "rcu_preempt"),
                        change(1557_129351_000L, 17864, "two words", 'S', 17863, "odd"),
                        change(1557_129421_000L, 17866, "[brk]", 'S', 17863, "odd"),
                        change(1557_129481_000L, 17868, "a:b", 'S', 17863, "odd"),
                        change(1557_129519_000L, 17869, "12345", 'S', 17863, "odd"),
                        change(1557_129548_000L, 17870, "x-1", 'S', 17863, "odd"),
                        change(1557_129744_000L, 17873, "trail ", 'S', 17866, "[brk]"),
                        change(1557_129925_000L, 17666, "b.Flow.d_pushSi", TaskState.RUNNABLE, 17872, " lead"),
                        // The plugin's X is a zombie.
                        change(1557_160540_000L, 17863, "odd", 'Z', 17862, "sess_oddA.sh"));
    }

    @Test
    void nameThatImitatesTheArrowIsSplitRightly() throws IOException {
        Events events = read(
                "cpus=2\n       th=1 ==> -28884 [001]  1557.129351: sched_switch:         th=1 ==> :28884 [120] S ==> odd:28885 [120]\n"
                        + "             a:1-28885 [001]  1557.129352: sched_switch:         a:1:28885 [120] S ==> b:2:28886 [120]\n"
                        + "          nl\nxxx-28886 [001]  1557.129353: sched_switch:         nl\nxxx:28886 [120] S ==> odd:28885 [120]\n");
        assertThat(events.list())
                .containsExactly(
                        change(1557_129351_000L, 28884, "th=1 ==> ", 'S', 28885, "odd"),
                        change(1557_129352_000L, 28885, "a:1", 'S', 28886, "b:2"),
                        change(1557_129353_000L, 28886, "nl\nxxx", 'S', 28885, "odd"));
    }

    @Test
    void flushReasonIsReadByNumberWhereThePluginLacksItsName() throws IOException {
        Events events = sample("plugins.txt");
        assertThat(events.list())
                .containsExactly(
                        new Event(1527_843105_000L, 1, 15545, -1, "qemu-system-x86", Kind.IRQ_ENTER, 236, 0, 0, ""),
                        make(1527_883816_000L, Kind.TLB_FLUSH, 4, -1, 0),
                        make(1527_883829_000L, Kind.TLB_FLUSH, 5, 0, 0),
                        make(1527_883965_000L, Kind.FAULT_KERNEL, 2, 0x564aa4176240L, 0),
                        make(1527_884037_000L, Kind.EXEC, 0, 16709, 0),
                        new Event(
                                1527_886092_000L,
                                0,
                                16709,
                                -1,
                                "sess_gccmake.sh",
                                Kind.FORK,
                                -1,
                                16710,
                                0,
                                "sess_gccmake.sh"),
                        new Event(1527_890218_000L, 0, 16712, -1, "rm", Kind.EXIT, 0, 0, 0, ""));
        assertThat(events.tally().header()).containsEntry("cpus", "2");
    }

    @Test
    void droppedEventsAreLost() throws IOException {
        Events events = sample("dropped.txt");
        assertThat(events.list()).hasSize(5);
        assertThat(events.get(2)).isEqualTo(new Event(1296_243272_000L, 0, -1, -1, "", Kind.LOST, 0, 318, 0, ""));
        assertThat(events.tally().lost()).isEqualTo(318);
    }

    @Test
    void cyclesFollowTheCpuWithoutABlank() throws IOException {
        Events events = sample("x86-tsc.txt");
        assertThat(events.get(0))
                .isEqualTo(new Event(
                        3368820026123L, 0, 10570, -1, "sess_redis.sh", Kind.SWITCH, 'D', 10442, 0, "b.Flow.g_cursor"));
        assertThat(events.get(2))
                .isEqualTo(new Event(3368823379637L, 1, 10537, -1, "qemu-system-x86", Kind.IRQ_ENTER, 236, 0, 0, ""));
        assertThat(events.coverage().clock()).isEqualTo(Coverage.Clock.TSC);
    }

    @Test
    void latencyColumnsCutTheCommAndNanosecondsAreKept() throws IOException {
        Events events = sample("t-l.txt");
        assertThat(events.get(0))
                .isEqualTo(new Event(
                        1293_471698556L, 0, 9500, -1, "qemu-sys", Kind.SYSCALL_ENTER, 1, 7, 0x5647917ff4e8L, ""));
        // sched_switch has told the whole name of 9498.
        assertThat(events.get(3))
                .isEqualTo(
                        new Event(1293_471704082L, 0, 9498, -1, "qemu-system-x86", Kind.SYSCALL_EXIT, 271, 1, 0, ""));
    }

    @Test
    void rawFieldsAndDifferencesAreRead() throws IOException {
        assertThat(sample("raw.txt").list())
                .containsExactly(
                        qemu(1293_471699_000L, 9500, Kind.SYSCALL_ENTER, 1, 7, 0x5647917ff4e8L),
                        qemu(1293_471702_000L, 9500, Kind.SYSCALL_EXIT, 1, 8, 0),
                        new Event(
                                1293_471703_000L,
                                0,
                                9500,
                                -1,
                                "qemu-system-x86",
                                Kind.SWITCH,
                                'R',
                                9498,
                                0,
                                "qemu-system-x86"),
                        qemu(1293_471704_000L, 9498, Kind.SYSCALL_EXIT, 271, 1, 0),
                        qemu(1293_471704_000L, 9498, Kind.SYSCALL_ENTER, 202, 0x564791f20b40L, 0x80),
                        new Event(
                                1293_471792_000L,
                                1,
                                15,
                                -1,
                                "rcu_preempt",
                                Kind.SWITCH,
                                'I',
                                10008,
                                0,
                                "b.Flow.f_column"),
                        new Event(1293_471793_000L, 1, 15, -1, "rcu_preempt", Kind.TLB_FLUSH, 0, 0, 0, ""));
    }

    @Test
    void rawKvmFieldsTellWhatTextCannot() throws IOException {
        Events events = read(
                "cpus=1\n"
                        + "         minikvm-176   [000]    23.765445: kvm_exit:             exit_reason=1024 guest_rip=0x1000 isa=2"
                        + " info1=0x200000006 info2=0x8000 intr_info=0 error_code=0 vcpu_id=0\n"
                        + "         minikvm-176   [000]    23.765446: kvm_userspace_exit:   reason=2 errno=-4\n"
                        + "         minikvm-176   [000]    23.765447: kvm_entry:            vcpu_id=1 rip=0x1000 immediate_exit=1\n"
                        + "         minikvm-176   [000]    23.765448: kvm_pio:              rw=1 port=1016 size=1 count=1 val=120\n"
                        + "         minikvm-176   [000]    23.765449: kvm_mmio:             type=2 len=4 gpa=0xd0000000 val=0x60f5a\n");
        assertThat(events.list())
                .containsExactly(
                        kvm(23_765445_000L, Kind.VM_EXIT, ExitReason.id(ExitReason.SVM, 0x400), 0x200000006L, 0x8000),
                        kvm(23_765446_000L, Kind.VMM_RETURN, 2, -4, 0),
                        kvm(23_765447_000L, Kind.VM_ENTRY, 1, 0x1000, 1),
                        kvm(23_765448_000L, Kind.GUEST_PIO, 0x3f8, 1, 1 << 16 | 1),
                        kvm(23_765449_000L, Kind.GUEST_MMIO, 2, 0xd0000000L, 4));
    }

    @Test
    void whatTheRecorderCouldNotParseIsReadRaw() throws IOException {
        Events events = read(
                "cpus=1\n"
                        + "            bash-7     [000]    23.765445: sys_exit:             [FAILED TO PARSE] id=3 ret=-9\n"
                        + "            bash-7     [000]    23.765446: kvm_inj_exception:    [FAILED TO PARSE] exception=13 has_error=1\n");
        assertThat(events.list())
                .containsExactly(new Event(23_765445_000L, 0, 7, -1, "bash", Kind.SYSCALL_EXIT, 3, -9, 0, ""));
        assertThat(events.tracepoints()).containsEntry("kvm_inj_exception", 1L);
    }

    @Test
    void pluginsAndKernelSpellTheSameExits() throws IOException {
        Events plugins = sample("kvm-plugins.txt");
        Events kernel = sample("kvm-noplugins.txt");
        assertThat(plugins.list()).hasSize(11).isEqualTo(kernel.list());
        List<Event> exits = plugins.of(Kind.VM_EXIT);
        int npf = ExitReason.id(ExitReason.SVM, 0x400);
        int io = ExitReason.id(ExitReason.SVM, 0x7b);
        assertThat(exits)
                .containsExactly(
                        kvm(23_765445_000L, Kind.VM_EXIT, npf, 0x200000006L, 0x8000),
                        kvm(23_766027_000L, Kind.VM_EXIT, io, 0x3f80010, 0x1013),
                        kvm(23_766322_000L, Kind.VM_EXIT, io, 0x3fd0011, 0x1018));
        assertThat(plugins.of(Kind.VM_ENTRY).get(0)).isEqualTo(kvm(23_765986_000L, Kind.VM_ENTRY, 0, 0x100c, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dropped", "kvm-noplugins", "kvm-plugins", "names", "plugins", "raw", "t-l", "x86-tsc"})
    void excerptIsRecognised(String file) throws IOException {
        try (Input input = Input.of(Excerpts.of("trace-cmd-report", file + ".txt"))) {
            assertThat(Formats.recognise(input).name()).isEqualTo("trace-cmd-report");
        }
    }

    @Test
    void reportWithoutItsFirstLineIsRecognised() throws IOException {
        Path whole = Excerpts.of("trace-cmd-report", "plugins.txt");
        String text = Files.readString(whole);
        Path file = write(text.substring(text.indexOf('\n') + 1));
        try (Input input = Input.of(file)) {
            assertThat(Formats.recognise(input).name()).isEqualTo("trace-cmd-report");
        }
    }

    private static Event change(long time, int tid, String comm, int state, int next, String nextComm) {
        return new Event(time, 1, tid, -1, comm, Kind.SWITCH, state, next, 0, nextComm);
    }

    private static Event make(long time, Kind kind, int code, long a, long b) {
        return new Event(time, 0, 16709, -1, "sess_gccmake.sh", kind, code, a, b, "");
    }

    private static Event qemu(long time, int tid, Kind kind, int code, long a, long b) {
        return new Event(time, 0, tid, -1, "qemu-system-x86", kind, code, a, b, "");
    }

    private static Event kvm(long time, Kind kind, int code, long a, long b) {
        return new Event(time, 0, 176, -1, "minikvm", kind, code, a, b, "");
    }

    private static Events sample(String name) throws IOException {
        return Events.read(new TraceCmdReport(), Excerpts.of("trace-cmd-report", name));
    }

    private Events read(String text) throws IOException {
        return Events.read(new TraceCmdReport(), write(text));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("report.txt"), text, StandardCharsets.UTF_8);
    }
}
