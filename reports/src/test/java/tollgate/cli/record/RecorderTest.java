package tollgate.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each recorder promises, by what a made-up machine lets it do. */
class RecorderTest {
    private static final Request MAKE =
            new Request(List.of("make", "-j2", "a b"), OptionalLong.empty(), false, Path.of("make.out"));
    private static final Request GUESTS = new Request(List.of(), OptionalLong.empty(), true, Path.of("guests.out"));
    private static final Request ATTACHED = new Request(List.of(), OptionalLong.of(42), false, Path.of("p.out"));

    @TempDir
    Path folder;

    private MadeUpMachine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new MadeUpMachine(folder);
    }

    private Plan plan(Recorder recorder, Request request) throws IOException {
        return recorder.prepare(machine.machine(), request).plan().orElseThrow();
    }

    private String refusal(Recorder recorder, Request request) throws IOException {
        Attempt attempt = recorder.prepare(machine.machine(), request);
        assertThat(attempt.plan()).isEmpty();
        return attempt.refusal();
    }

    @Test
    void perfRecordsTheWholeMachineWithoutItself() throws IOException {
        machine.perf();
        Plan plan = plan(new Perf(), MAKE);
        assertThat(plan.tool()).isEqualTo("perf 6.1.2");
        assertThat(plan.leftOut()).isEmpty();
        assertThat(Words.shown(plan.command()))
                .startsWith("perf record -a -m 1024 -k CLOCK_MONOTONIC --namespaces --synth=task -B -N -e"
                        + " raw_syscalls:sys_enter,raw_syscalls:sys_exit,exceptions:page_fault_user,"
                        + "exceptions:page_fault_kernel --exclude-perf -e sched:sched_switch,")
                .endsWith("irq:irq_handler_exit -o make.out -- make -j2 'a b'");
    }

    @Test
    void anEventThatIsForbiddenGoesWithItsPartner() throws IOException {
        machine.perf("irq_vectors:irq_work_exit", "tlb:tlb_flush");
        Plan plan = plan(new Perf(), MAKE);
        assertThat(plan.leftOut())
                .containsExactly(
                        "irq_vectors:irq_work_entry, irq_vectors:irq_work_exit: the kernel forbids it (No permission to"
                                + " enable irq_vectors:irq_work_exit event.)",
                        "tlb:tlb_flush: the kernel forbids it (No permission to enable tlb:tlb_flush event.)");
        assertThat(Words.shown(plan.command())).doesNotContain("irq_work").doesNotContain("tlb_flush");
    }

    @Test
    void anEventThatTracefsDoesNotHaveIsNotTried() throws IOException {
        machine.perf();
        for (Wanted group : Wanted.of(MAKE)) {
            for (String event : group.events()) {
                if (!event.equals("tlb:tlb_flush")) {
                    machine.file("sys/kernel/tracing/events/" + event.replace(':', '/') + "/id", "1");
                }
            }
        }
        assertThat(plan(new Perf(), MAKE).leftOut())
                .containsExactly("tlb:tlb_flush: this kernel has no event tlb:tlb_flush");
    }

    @Test
    void whereTheWholeMachineIsForbiddenTheWorkloadAloneIsRecorded() throws IOException {
        machine.perf("-a");
        Plan plan = plan(new Perf(), ATTACHED);
        assertThat(plan.isTasksOnly()).isTrue();
        assertThat(Words.shown(plan.command())).doesNotContain(" -a ").endsWith("-o p.out -p 42");
        assertThat(refusal(new Perf(), GUESTS))
                .isEqualTo("No permission to enable -a event.; even root is refused: in a container, give it"
                        + " --privileged or record on the host");
    }

    @Test
    void aRefusalSaysWhatToChange() throws IOException {
        machine.perf("raw_syscalls:sys_enter").notRoot().file("proc/sys/kernel/perf_event_paranoid", "3\n");
        assertThat(refusal(new Perf(), MAKE))
                .isEqualTo("the kernel forbids it (No permission to enable raw_syscalls:sys_enter event.);"
                        + " kernel.perf_event_paranoid is 3, and tracepoints need root or -1 there and a readable"
                        + " /sys/kernel/tracing: run this with sudo, or once 'sudo sysctl kernel.perf_event_paranoid=-1;"
                        + " sudo mount -o remount,mode=755,gid=$(id -g) /sys/kernel/tracing'");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aUserMayRecordTheCallsOfHisOwnTasks(int paranoid) throws IOException {
        machine.perfFor(paranoid, true);
        Plan plan = plan(new Perf(), MAKE);
        assertThat(Words.shown(plan.command()))
                .isEqualTo(
                        "perf record -k CLOCK_MONOTONIC --synth=task -B -N -e raw_syscalls:sys_enter,raw_syscalls:sys_exit"
                                + " -o make.out -- make -j2 'a b'");
        assertThat(plan.scope()).contains("kernel.perf_event_paranoid is " + paranoid + "; sudo or -1 would permit it");
        assertThat(plan.leftOut())
                .singleElement()
                .asString()
                .startsWith("exceptions:page_fault_user, exceptions:page_fault_kernel, sched:sched_switch, ")
                .endsWith(
                        "irq:irq_handler_entry, irq:irq_handler_exit: the kernel forbids them (No permission to enable"
                                + " exceptions:page_fault_user event. And so on.)");
        assertThat(refusal(new Perf(), GUESTS)).contains("kernel.perf_event_paranoid is " + paranoid);
    }

    @Test
    void aUserWhomTheKernelTrustsRecordsTheWholeMachine() throws IOException {
        machine.perfFor(-1, true);
        assertThat(Words.shown(plan(new Perf(), GUESTS).command())).startsWith("perf record -a -k CLOCK_MONOTONIC");
        assertThat(plan(new Perf(), GUESTS).leftOut()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void aUserWhoMaySeeUserModeAloneIsRefused(int paranoid) throws IOException {
        machine.perfFor(paranoid, true);
        assertThat(refusal(new Perf(), MAKE))
                .startsWith("No permission to enable raw_syscalls:sys_enteru event.; kernel.perf_event_paranoid is "
                        + paranoid + ", and tracepoints need root or -1 there");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 2, 3, 4})
    void aUserWhoMayNotReadTracefsIsToldHowTo(int paranoid) throws IOException {
        machine.perfFor(paranoid, false);
        assertThat(refusal(new Perf(), MAKE))
                .startsWith("can't access trace events No permissions to read"
                        + " /sys/kernel/tracing/events/raw_syscalls/sys_enter; ")
                .endsWith("remount,mode=755,gid=$(id -g) /sys/kernel/tracing'");
    }

    @Test
    void perfsArgumentsAreNotItsComplaint() throws IOException {
        machine.program(
                "perf",
                "[ \"$1\" = --version ] && { echo perf version 6.1.2; exit 0; }",
                "echo \"event syntax error: 'raw_syscalls:sys_enter,raw_syscalls:sys_exit'\"",
                "printf '    \\\\___ can not access trace events\\n'",
                "exit 129");
        assertThat(refusal(new Perf(), MAKE)).startsWith("can not access trace events; even root");
    }

    @Test
    void guestsNeedVmExits() throws IOException {
        machine.perf("kvm:kvm_mmio");
        Plan plan = plan(new Perf(), GUESTS);
        assertThat(Words.shown(plan.command()))
                .contains("-e kvm:kvm_exit,kvm:kvm_entry,")
                .endsWith("-o guests.out");
        assertThat(plan.leftOut()).hasSize(1);
        machine.perf("kvm:kvm_exit").program("strace", "exit 0");
        assertThat(refusal(new Perf(), GUESTS)).startsWith("the kernel forbids it");
        assertThat(refusal(new Strace(), GUESTS)).isEqualTo("it sees no VM exits");
    }

    @Test
    void traceCmdNamesItsClockAndPassesTheCommandOn() throws IOException {
        machine.program("trace-cmd", "echo", "echo 'trace-cmd version 3.1.6 (none)'", "exit 0");
        Plan plan = plan(new TraceCmd(), MAKE);
        assertThat(plan.tool()).isEqualTo("trace-cmd 3.1.6");
        assertThat(plan.passesExitCode()).isFalse();
        assertThat(Words.shown(plan.command()))
                .startsWith("trace-cmd record -q -d -C mono -b 8192 -e raw_syscalls:sys_enter -e raw_syscalls:sys_exit")
                .endsWith("-e irq:irq_handler_exit -o make.out make -j2 'a b'");
        machine.program("trace-cmd", "echo 'trace-cmd: Operation not permitted'", "echo '  opening x'", "exit 1");
        assertThat(refusal(new TraceCmd(), MAKE))
                .isEqualTo("Operation not permitted opening x; the kernel is locked down or this is a container: record"
                        + " on the host");
    }

    @Test
    void straceSaysWhatItDoesNotSee() throws IOException {
        machine.program("strace", "[ \"$1\" = -V ] && echo 'strace -- version 6.1'", "exit 0");
        Plan plan = plan(new Strace(), MAKE);
        assertThat(plan.tool()).isEqualTo("strace 6.1");
        assertThat(plan.isTasksOnly()).isTrue();
        assertThat(Words.shown(plan.command())).isEqualTo("strace -f -ttt -T -o make.out -- make -j2 'a b'");
        assertThat(plan.leftOut()).hasSize(1);
    }

    @Test
    void aProcessOfAnotherIsWatchedOnlyWhereYamaAllowsIt() throws IOException {
        machine.program("strace", "exit 0").file("proc/sys/kernel/yama/ptrace_scope", "1\n");
        assertThat(Words.shown(plan(new Strace(), ATTACHED).command())).endsWith("-o p.out -p 42");
        machine.notRoot();
        assertThat(refusal(new Strace(), ATTACHED))
                .startsWith("kernel.yama.ptrace_scope is 1, which lets it watch its own children only");
    }

    @Test
    void whatIsNotInstalledSaysWhatToInstall() throws IOException {
        assertThat(refusal(new Perf(), MAKE)).startsWith("not on the search path; install linux-perf (Debian)");
        assertThat(refusal(new TraceCmd(), MAKE)).isEqualTo("not on the search path; install trace-cmd");
        assertThat(refusal(new Strace(), MAKE)).isEqualTo("not on the search path; install strace");
    }
}
