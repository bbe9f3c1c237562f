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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.NamespaceType;
import tollgate.ingest.TaskState;

final class PerfScriptTest {
    private static final String SYSCALL = "       raw_syscalls:sys_exit: NR 39 = 7\n";

    @TempDir
    private Path folder;

    @Test
    void defaultColumnsTellTimeCpuThreadAndName() throws IOException {
        Events events = sample("default.txt");
        assertThat(events.get(0))
                .isEqualTo(event(1544_178022_000L, 0, 17486, -1, "", Kind.WAKEUP, 0, 18, 0, "migration/0"));
        assertThat(events.get(1))
                .isEqualTo(event(1544_178025_000L, 0, 17486, -1, "perf", Kind.SWITCH, 'D', 18, 0, "migration/0"));
        assertThat(events.get(4)).isEqualTo(event(1544_178034_000L, 0, 18, -1, "", Kind.TLB_FLUSH, 0, 0, 0, ""));
        assertThat(events.get(6))
                .isEqualTo(event(1544_187413_000L, 1, 17487, -1, "sess_oddA.sh", Kind.EXEC, 0, 17487, 0, ""));
        assertThat(events.get(7))
                .isEqualTo(
                        event(1544_188322_000L, 1, 17487, -1, "sess_oddA.sh", Kind.FORK, -1, 17489, 0, "sess_oddA.sh"));
        assertThat(events.get(13))
                .isEqualTo(event(
                        1544_194269_000L, 0, 17491, -1, "(sd-pam)", Kind.SYSCALL_ENTER, 110, 0x7ffce9292a47L, 0, ""));
        assertThat(events.coverage().hasCpus()).isTrue();
        assertThat(events.coverage().hasProcesses()).isFalse();
        assertThat(events.coverage().scope()).isEqualTo(Coverage.Scope.UNKNOWN);
        assertThat(events.coverage().isRecordedSetCertain()).isFalse();
    }

    @Test
    void callsAreToldAsTheKernelNumbersThem() throws IOException {
        String shell = "sess_oddA.sh";
        assertThat(excerpt("calls.txt").list())
                .containsExactly(
                        // In flight when recording began.
                        exit(1544_185988L, 0, 17487, "cg.sh", 1, 6),
                        // An execve returns under its new name.
                        enter(1544_186032L, 0, 17487, "cg.sh", 59, 0x55fb8d6b0968L, 0x55fb8d6b0998L),
                        exit(1544_187415L, 1, 17487, shell, 59, 0),
                        // A child begins with the return of its parent's call.
                        enter(1544_188279L, 1, 17487, shell, 58, 0x55b4190515aaL, 0x7ffe3ed66d50L),
                        exit(1544_188361L, 0, 17489, shell, 58, 0),
                        enter(1544_188369L, 0, 17489, shell, 59, 0x55b45405aa28L, 0x55b45405ab78L),
                        exit(1544_188552L, 0, 17489, "odd", 59, 0),
                        exit(1544_188556L, 0, 17487, shell, 58, 17489),
                        enter(1544_194249L, 0, 17489, "odd", 435, 0x7ffce9290d00L, 0x58),
                        exit(1544_194258L, 0, 17489, "odd", 435, 17492),
                        exit(1544_194304L, 0, 17492, "odd", 435, 0),
                        // rt_sigreturn returns as -1, with the register that it restores.
                        enter(1544_214806L, 0, 17491, "(sd-pam)", 15, 0xa, 0x7fa5c2f7a230L),
                        exit(1544_214808L, 0, 17491, "(sd-pam)", -1, -4),
                        // int $0x80: getpid of i386 is writev of x86-64, and nothing tells.
                        enter(1544_225170L, 0, 17489, "odd", 20, 0xa, 0),
                        exit(1544_225170L, 0, 17489, "odd", 20, 17489),
                        // Numbers that no kernel has.
                        enter(1544_225172L, 0, 17489, "odd", 9999, 1, 2),
                        exit(1544_225173L, 0, 17489, "odd", 9999, -38),
                        enter(1544_225173L, 0, 17489, "odd", -1, 2, 3),
                        exit(1544_225173L, 0, 17489, "odd", -1, -38),
                        // exit_group never returns.
                        enter(1544_225287L, 0, 17489, "odd", 231, 0, 0xe7),
                        enter(1544_225412L, 0, 17487, shell, 15, 0x11, 0x7ffe3ed660b0L),
                        exit(1544_225412L, 0, 17487, shell, -1, 17489));
    }

    @Test
    void resultsOfTheKernelsOwnAreKept() throws IOException {
        assertThat(excerpt("restarts.txt").list())
                .containsExactly(
                        enter(1280_673909L, 1, 10069, "sess_redis.sh", 15, 0x11, 0x7ffc16c2d530L),
                        exit(1280_673910L, 1, 10069, "sess_redis.sh", -1, 10072),
                        enter(1280_771646L, 0, 10071, "redis-server", 15, 2, 0x563b3c3d57d5L),
                        exit(1280_771646L, 0, 10071, "redis-server", -1, -4),
                        // ERESTARTSYS, ERESTART_RESTARTBLOCK, ERESTARTNOHAND
                        exit(1280_782392L, 1, 10074, "bio_close_file", 202, -512),
                        exit(1280_782424L, 1, 10077, "jemalloc_bg_thd", 202, -516),
                        exit(1280_783139L, 0, 10069, "sess_redis.sh", 130, -514),
                        enter(1280_783147L, 0, 10069, "sess_redis.sh", 15, 0x11, 0x7ffc16c2d470L),
                        exit(1280_783148L, 0, 10069, "sess_redis.sh", -1, -4));
    }

    @Test
    void idleIsThreadZeroWhateverItsName() throws IOException {
        assertThat(excerpt("idle.txt").list())
                .containsExactly(
                        event(1553_684936_000L, 0, 9500, -1, "qemu-system-x86", Kind.SWITCH, 'S', 0, 0, "swapper/0"),
                        event(1553_685109_000L, 0, 0, 0, "swapper", Kind.IRQ_ENTER, 251, 0, 0, ""),
                        event(1553_685111_000L, 0, 0, 0, "swapper", Kind.WAKEUP, 0, 17688, 0, "perf-exec"),
                        event(1553_685112_000L, 0, 0, 0, "swapper", Kind.IRQ_EXIT, 251, 0, 0, ""),
                        event(1553_685123_000L, 0, 0, 0, "swapper", Kind.SWITCH, 'R', 17688, 0, "perf-exec"),
                        event(1553_685124_000L, 0, 0, 0, "swapper", Kind.TLB_FLUSH, 0, -1, 0, ""));
    }

    @Test
    void commsMayLookLikeColumns() throws IOException {
        List<String> comms = sample("default.txt").of(Kind.SYSCALL_EXIT).stream()
                .map(Events.Event::comm)
                .distinct()
                .toList();
        // perf pads on the left, so the blank at the start of " lead" is lost.
        assertThat(comms)
                .containsExactly("(sd-pam)", "[brk]", "a:b", "12345", "x-1", "end]", "lead", "trail ", "two words");
    }

    @Test
    void aDyingTaskIsNamedByTheTextOfItsSwitch() throws IOException {
        assertThat(sample("default.txt").of(Kind.SWITCH).get(2))
                .isEqualTo(
                        event(1544_214915_000L, 0, 17493, -1, "kworker/0:1-ev", Kind.SWITCH, 'X', 17492, 0, "[brk]"));
    }

    @Test
    void headerAndRecordsTellMachineScopeAndProcesses() throws IOException {
        Events events = sample("records.txt");
        assertThat(events.tally().header())
                .containsEntry("kernel", "6.18.44-fc-v669")
                .containsEntry("cpu", "Intel(R) Xeon(R) Processor");
        assertThat(events.coverage().scope()).isEqualTo(Coverage.Scope.TASKS);
        assertThat(events.coverage().isRecordedSetCertain()).isTrue();
        assertThat(events.coverage().recorded())
                .contains(Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT, Kind.SWITCH, Kind.FAULT_USER, Kind.NAME);
        // Learned from the records; of 17563 and on the excerpt has none.
        assertThat(events.list()).filteredOn(event -> event.tid() == 17559).allMatch(event -> event.pid() == 17559);
        assertThat(events.coverage().hasProcesses()).isFalse();
        // Synthesized for a thread that was there before: told when time begins.
        assertThat(events.get(0))
                .isEqualTo(event(1547_732204_000L, -1, 17557, 17557, "perf-exec", Kind.NAME, 0, 0, 0, ""));
        assertThat(events.get(1))
                .isEqualTo(event(1547_732204_000L, 1, 17557, 17557, "sess_oddA.sh", Kind.EXEC, 0, -1, 0, ""));
        assertThat(events.note("PERF_RECORD_MMAP2")).isEqualTo(3);
    }

    @Test
    void whatARecordAndATracepointBothTellIsOneEvent() throws IOException {
        Events events = sample("records.txt");
        assertThat(events.of(Kind.EXEC)).hasSize(2);
        assertThat(events.of(Kind.FORK)).extracting(Events.Event::a).containsExactly(17559L, 17560L, 17561L, 17562L);
        assertThat(events.of(Kind.FORK)).extracting(Events.Event::code).containsExactly(17559, 17559, 17559, 17559);
        // 17560 ends in a record only, before any tracepoint of that kind; the others end in both.
        assertThat(events.of(Kind.EXIT))
                .extracting(Events.Event::tid)
                .containsExactly(17560, 17561, 17562, 17563, 17564, 17565);
        assertThat(events.tracepoints())
                .containsEntry("sched_process_fork", 3L)
                .containsEntry("sched_process_exit", 5L);
    }

    @Test
    void namespacesSpanThreeLines() throws IOException {
        Events events = sample("namespaces.txt");
        List<Events.Event> moves = events.of(Kind.NAMESPACE);
        assertThat(moves).hasSize(7 * 7);
        assertThat(moves.get(0))
                .isEqualTo(event(
                        1374_400614_000L,
                        -1,
                        13152,
                        13152,
                        "",
                        Kind.NAMESPACE,
                        NamespaceType.NET.ordinal(),
                        0xeffffff9L,
                        4,
                        ""));
        assertThat(moves.get(6).code()).isEqualTo(NamespaceType.CGROUP.ordinal());
        assertThat(moves.get(6).a()).isEqualTo(0xeffffffbL);
        assertThat(moves.get(21))
                .isEqualTo(event(1374_410072_000L, 0, 13154, 13154, "ip", Kind.NAMESPACE, 0, 0xf0000196L, 4, ""));
        // No sched_switch in this excerpt, so perf's own record of it is the event.
        assertThat(events.of(Kind.SWITCH))
                .extracting(Events.Event::code)
                .containsExactly(TaskState.RUNNABLE | TaskState.PREEMPTED, (int) 'S');
    }

    @Test
    void withoutCommAndCpuOnlyTheThreadIsTold() throws IOException {
        Events events = sample("tid-reltime.txt");
        assertThat(events.get(2))
                .isEqualTo(event(21_000, -1, 17557, -1, "", Kind.FAULT_KERNEL, 2, 0x5641122bf240L, 0, ""));
        assertThat(events.coverage().hasCpus()).isFalse();
    }

    @Test
    void nanosecondsAndProcessesAreReadWhereTheyStand() throws IOException {
        Events events = sample("pid-tid-ns.txt");
        assertThat(events.list()).hasSize(12).allMatch(event -> event.pid() >= 0 && event.time() % 1000 != 0);
        assertThat(events.coverage().hasProcesses()).isTrue();
    }

    @Test
    void lossIsAnEventAndIsCounted() throws IOException {
        Events events = sample("lost.txt");
        assertThat(events.of(Kind.LOST)).extracting(Events.Event::a).containsExactly(106L, 6411L, 189L);
        assertThat(events.tally().lost()).isEqualTo(106 + 6411 + 189);
        assertThat(events.tally().lossReports()).isEqualTo(3);
    }

    @Test
    void callChainsArePassedOverAndCounted() throws IOException {
        Events events = sample("callchain.txt");
        assertThat(events.list()).extracting(Events.Event::code).containsExactly(288, 54);
        assertThat(events.get(0).comm()).isEqualTo("redis-server");
        assertThat(events.note("call chain lines")).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"kvm-svm.txt, 2, 96", "kvm-vmx.txt, 1, 48"})
    void guestExitsAreNumberedByTheirSpelling(String file, int isa, int reason) throws IOException {
        Events events = sample(file);
        assertThat(events.of(Kind.VM_EXIT).get(0).code()).isEqualTo(ExitReason.id(isa, reason));
        assertThat(events.of(Kind.VM_EXIT)).hasSize(2);
        assertThat(events.of(Kind.VM_ENTRY)).hasSize(2);
        assertThat(events.of(Kind.VMM_RETURN)).extracting(Events.Event::code).containsExactly(2, 2);
        assertThat(events.of(Kind.GUEST_PIO)).extracting(Events.Event::code).containsExactly(0x3f8, 0x3fd);
        assertThat(events.of(Kind.GUEST_MMIO)).extracting(Events.Event::code).containsExactly(2, 0);
        assertThat(events.of(Kind.GUEST_MSR)).extracting(Events.Event::code).containsExactly(0x277, 0x277);
        assertThat(events.note(TracepointText.ERRNO_NOTE)).isEqualTo(2);
    }

    @Test
    void aLineFeedInANameTearsARecordThatIsPutTogetherAgain() throws IOException {
        Events events = sample("line-feed-in-comm.txt");
        assertThat(events.list())
                .containsExactly(
                        event(10_000001_000L, 0, 18001, -1, "nl\nx", Kind.SYSCALL_EXIT, 157, 0, 0, ""),
                        event(10_000002_000L, 0, 18001, -1, "nl\nx", Kind.SWITCH, 'S', 18002, 0, "th=1 ==>"),
                        event(10_000003_000L, 0, 18002, 18000, "nl\ny", Kind.NAME, 0, 0, 0, ""),
                        event(10_000004_000L, 0, 18002, 18000, "nl\ny", Kind.SYSCALL_ENTER, 39, 0, 0, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "             odd 17559/17560 [001]  1547.000001:          1 ",
                "             odd 17559/17560 [001] K      1547.000001:",
                "             odd 17559/17560 [001]  1547.000001000:",
                "odd 17559/17560 [001]  1547.000001:",
                "     odd 17559/17560   1  1547.000001:",
                "17559/17560 [001]  1547.000001:",
            })
    void columnsMayBeChosen(String columns) throws IOException {
        assertThat(read((columns + SYSCALL).repeat(3)).list())
                .hasSize(3)
                .allMatch(event -> event.time() == 1547_000001_000L
                        && event.cpu() == 1
                        && event.pid() == 17559
                        && event.tid() == 17560
                        && (event.comm().equals("odd") || columns.startsWith("1"))
                        && event.code() == 39);
    }

    @Test
    void aRecordAfterTheTimeOfAnotherIsCountedAndToldAtThatTime() throws IOException {
        Events events = read("odd 1 [000] 5.000002:" + SYSCALL + "odd 1 [000] 5.000001:" + SYSCALL);
        assertThat(events.list()).extracting(Events.Event::time).containsExactly(5_000002_000L, 5_000002_000L);
        assertThat(events.tally().outOfOrder()).isEqualTo(1);
    }

    @Test
    void aCutLastLineIsNotUsed() throws IOException {
        Events events =
                read("odd 1 [000] 5.000002:" + SYSCALL + "odd 1 [000] 5.000003: raw_syscalls:sys_exit: NR 39 = 1");
        assertThat(events.list()).hasSize(1);
        assertThat(events.tally().endsEarly()).endsWith("trace.txt:2, inside a record");
    }

    @Test
    void damageIsNamedWithItsLine() {
        assertThatThrownBy(
                        () -> read(("odd 1 [000] 5.000002:" + SYSCALL).repeat(3) + "odd 1 [0x0] 5.000003:" + SYSCALL))
                .isInstanceOf(BadInput.class)
                .hasMessageEndingWith("trace.txt:4: expected 'comm tid [cpu] time: event: ...', found 'odd 1 [0x0]"
                        + " 5.000003:       raw_syscalls:sys_exit: NR 39 = 7'; the text is damaged here, print it again"
                        + " or cut this line out");
        assertThatThrownBy(() -> read("odd 1 [000] 5.000002: raw_syscalls:sys_exit: NR x = 7\nmore\n"))
                .isInstanceOf(BadInput.class)
                .hasMessageEndingWith("trace.txt:1: expected the fields of sys_exit, found 'NR x = 7'; the text is"
                        + " damaged here, print it again or cut this line out");
    }

    @Test
    void whatCannotBeUsedIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> read("odd 1 [000] raw_syscalls:sys_exit: NR 39 = 7\n".repeat(3)))
                .isInstanceOf(BadInput.class)
                .hasMessageEndingWith("expected a time in every line, found events without one; print it with 'perf"
                        + " script -F +time'");
        assertThatThrownBy(() -> read("odd 1 [000] 5.000002: raw_syscalls:sys_exit: \n".repeat(3)))
                .isInstanceOf(BadInput.class)
                .hasMessageEndingWith(
                        "expected what sys_exit says, found nothing; print it with 'perf script -F +trace'");
        assertThatThrownBy(() ->
                        read(("odd 1 [000] 0.000001:" + SYSCALL + "odd 1 [000] 0.000000:" + SYSCALL).repeat(2000)))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("print the text without --deltatime");
    }

    @Test
    void theOrderOfManyBatchesIsKept() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            text.append(String.format("odd %d [000] 5.%06d:", i, i)).append(SYSCALL);
        }
        assertThat(read(text.toString()).list())
                .extracting(Events.Event::tid)
                .hasSize(10_000)
                .isSorted();
    }

    private static Events excerpt(String file) throws IOException {
        return Events.read(new PerfScript(), Excerpts.of("perf-script", file));
    }

    private static Events.Event enter(long micros, int cpu, int tid, String comm, int number, long a, long b) {
        return event(micros * 1000, cpu, tid, -1, comm, Kind.SYSCALL_ENTER, number, a, b, "");
    }

    private static Events.Event exit(long micros, int cpu, int tid, String comm, int number, long result) {
        return event(micros * 1000, cpu, tid, -1, comm, Kind.SYSCALL_EXIT, number, result, 0, "");
    }

    private Events sample(String file) throws IOException {
        return Events.read(new PerfScript(), Samples.of("perf-script", file));
    }

    private Events read(String text) throws IOException {
        Path file = folder.resolve("trace.txt");
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        try (Input input = Input.of(file)) {
            assertThat(new PerfScript().confidence(input)).isPositive();
        }
        return Events.read(new PerfScript(), file);
    }

    private static Events.Event event(
            long time, int cpu, int tid, int pid, String comm, Kind kind, int code, long a, long b, String other) {
        return new Events.Event(time, cpu, tid, pid, comm, kind, code, a, b, other);
    }
}
