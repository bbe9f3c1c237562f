package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Sidecar;
import tollgate.ingest.SidecarFile;

/** Events become contexts: each case is a few events and the crossings that they mean, word for word. */
class TimelineTest {
    private final Names names = new Names();
    private final Batch batch = new Batch();
    private Sidecar sidecar = Sidecar.NONE;
    private Timeline timeline;
    private FixedPages pages;
    private boolean hasDurations = true;

    private void event(long micros, int cpu, int tid, Kind kind, int code, long a, long b) {
        batch.append(micros * 1000, cpu, tid, -1, -1, kind, code, a, b);
    }

    private void switchTo(long micros, int cpu, int tid, char state, int next, String comm) {
        event(micros, cpu, tid, Kind.SWITCH, state, next, names.id(comm));
    }

    /** Crossings with their arguments; pages as the letters of {@link FixedPages}. */
    private List<String> replay() {
        pages = new FixedPages();
        timeline = new Timeline(names, sidecar, pages);
        if (!hasDurations) {
            timeline.withoutDurations();
        }
        Steps steps = new Steps(16);
        timeline.accept(batch, steps);
        timeline.finish(steps);
        List<String> said = new ArrayList<>();
        for (int i = 0; i < steps.size(); ) {
            long word = steps.words()[i];
            if (word >= 0) {
                said.add(word == FixedPages.T ? "T" : word == FixedPages.D ? "D" : word == FixedPages.U ? "U" : "V");
                i++;
                continue;
            }
            Crossing crossing = Crossing.of(Steps.crossing(word));
            long argument = Steps.argument(word);
            long extra = steps.words()[i + 2];
            i += Steps.CROSSING_WORDS;
            switch (crossing) {
                case SEGMENT -> {}
                case USER_ENTRY, KERNEL_ENTRY, VM_EXIT -> said.add(crossing + " " + Cause.name((int) argument));
                case SWITCH, EXEC ->
                    said.add(crossing + " task " + argument + " mm "
                            + (Steps.mm(extra) == Steps.NO_MM ? "none" : String.valueOf(Steps.mm(extra)))
                            + (Steps.isSelected(extra) ? "" : " other"));
                case CPU, TASK_EXIT, MM_EXIT -> said.add(crossing + " " + argument);
                default -> said.add(crossing.toString());
            }
        }
        return said;
    }

    @Test
    void aBlockingCallDrawsItsFirstPartWhenSwitchedOutAndTheRestAtItsEnd() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 0, 3, 0);
        switchTo(2, 0, 10, 'S', 0, "swapper/0");
        switchTo(5, 0, 0, 'R', 10, "reader");
        event(6, 0, 10, Kind.SYSCALL_EXIT, 0, 1, 0);
        assertThat(replay())
                .containsExactly(
                        "CPU 0",
                        "SWITCH task 0 mm 0", // the first event shows who runs
                        "USER_RETURN",
                        "USER_ENTRY read",
                        "T", // first part
                        "SWITCH task 1 mm none other", // idle
                        "T", // idle's own way out
                        "SWITCH task 0 mm 0",
                        "D", // the rest
                        "USER_RETURN");
        assertThat(timeline.facts().unpaired()).isZero();
        assertThat(timeline.facts().busyNanos()).as("1..2 and 5..6 us").isEqualTo(2000);
    }

    @Test
    void aCallIsAsLongAsItRan() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 0, 3, 0);
        switchTo(2, 0, 10, 'R', 20, "other"); // preempted for 5 us
        switchTo(7, 0, 20, 'S', 10, "reader");
        event(9, 0, 10, Kind.SYSCALL_EXIT, 0, 1, 0);
        event(10, 0, 10, Kind.SYSCALL_ENTER, 1, 3, 0);
        switchTo(14, 0, 10, 'S', 20, "other");
        switchTo(20, 0, 20, 'S', 10, "reader");
        event(21, 0, 10, Kind.SYSCALL_EXIT, 1, 1, 0);
        replay();
        assertThat(pages.told).containsExactly("call of 3000", "blocks after 4000");
        hasDurations = false; // strace: they are the recorder's
        replay();
        assertThat(pages.told).containsExactly("call of -1", "blocks after -1");
    }

    @Test
    void aFaultStaysOpenUntilUserModeIsSeenSoThatABlockingOneIsOneEntry() {
        event(1, 0, 10, Kind.FAULT_USER, 4, 0x1000, 0);
        switchTo(2, 0, 10, 'D', 20, "other");
        assertThat(replay())
                .containsExactly(
                        "CPU 0",
                        "SWITCH task 0 mm 0",
                        "USER_RETURN",
                        "USER_ENTRY page fault (user)",
                        "T",
                        "D",
                        "T", // on its way out, still in the fault
                        "SWITCH task 1 mm 1");
    }

    @Test
    void aFaultThatReturnedIsClosedWhereItHappened() {
        event(1, 0, 10, Kind.FAULT_USER, 4, 0x1000, 0);
        event(3, 0, 10, Kind.SYSCALL_ENTER, 39, 0, 0);
        assertThat(replay())
                .containsExactly(
                        "CPU 0",
                        "SWITCH task 0 mm 0",
                        "USER_RETURN",
                        "USER_ENTRY page fault (user)",
                        "T",
                        "D",
                        "USER_RETURN",
                        "U", // two microseconds in user mode
                        "USER_ENTRY getpid");
    }

    @Test
    void aPreemptionWithoutItsInterruptIsMadeUp() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 39, 0, 0);
        event(2, 0, 10, Kind.SYSCALL_EXIT, 39, 10, 0);
        switchTo(4, 0, 10, 'R', 20, "other");
        assertThat(replay()).endsWith("USER_RETURN", "U", "USER_ENTRY context switch", "T", "SWITCH task 1 mm 1");
    }

    @Test
    void anInterruptOfTheKernelNests() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 39, 0, 0);
        event(2, 0, 10, Kind.IRQ_ENTER, 236, 0, 0);
        event(3, 0, 10, Kind.IRQ_EXIT, 236, 0, 0);
        event(4, 0, 10, Kind.SYSCALL_EXIT, 39, 10, 0);
        assertThat(replay())
                .endsWith(
                        "USER_ENTRY getpid", "KERNEL_ENTRY vector 236", "T", "KERNEL_RETURN", "T", "D", "USER_RETURN");
    }

    @Test
    void aThreadSharesItsMmAndAProcessGetsItsOwn() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 56, 0x3d0f00, 0); // clone(CLONE_VM | CLONE_THREAD ...)
        event(2, 0, 10, Kind.FORK, -1, 11, -1);
        event(3, 0, 10, Kind.SYSCALL_EXIT, 56, 11, 0);
        event(4, 0, 10, Kind.SYSCALL_ENTER, 56, 0x1200011, 0); // fork
        event(5, 0, 10, Kind.FORK, -1, 12, -1);
        switchTo(6, 0, 10, 'R', 11, "thread");
        switchTo(7, 0, 11, 'S', 12, "child");
        assertThat(replay()).contains("SWITCH task 1 mm 0", "SWITCH task 2 mm 1");
        assertThat(pages.told).contains("begins 1").doesNotContain("begins 0", "begins 2");
    }

    @Test
    void execLoadsANewMmAndTheOldOneEndsWithItsLastTask() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 59, 0, 0);
        event(2, 0, 10, Kind.EXEC, 0, 10, 0);
        event(3, 0, 10, Kind.SYSCALL_EXIT, 59, 0, 0);
        event(4, 0, 10, Kind.EXIT, 0, 0, 0);
        switchTo(5, 0, 10, 'Z', 0, "swapper/0");
        assertThat(replay()).containsSubsequence("EXEC task 0 mm 1", "MM_EXIT 0", "TASK_EXIT 0", "MM_EXIT 1");
        assertThat(pages.told).containsSubsequence("begins 1", "ends 0", "ends 1");
    }

    @Test
    void afterLossNothingIsCountedUntilASwitchTellsWhoRuns() {
        switchTo(1, 0, 0, 'R', 10, "worker");
        batch.append(3000, 0, -1, -1, -1, Kind.LOST, 0, 5, 0);
        switchTo(9, 0, 10, 'S', 20, "other");
        event(10, 0, 20, Kind.SYSCALL_ENTER, 39, 0, 0);
        replay();
        assertThat(timeline.facts().busyNanos()).as("1..3 and 9..10 us").isEqualTo(3000);
    }

    @Test
    void onlySelectedTasksInsideTheRegionCount() throws IOException {
        sidecar = SidecarFile.read(
                "s.yaml",
                new ByteArrayInputStream(
                        "workload: {comm: [mine]}\nregion: {from: 4us, to: 8us}".getBytes(StandardCharsets.UTF_8)));
        switchTo(1, 0, 0, 'R', 10, "mine");
        batch.append(2000, 0, 10, -1, names.id("mine"), Kind.SYSCALL_ENTER, 39, 0, 0);
        batch.append(3000, 0, 10, -1, names.id("mine"), Kind.SYSCALL_EXIT, 39, 10, 0);
        batch.append(6000, 0, 10, -1, names.id("mine"), Kind.SYSCALL_ENTER, 39, 0, 0);
        batch.append(7000, 0, 10, -1, names.id("mine"), Kind.SYSCALL_EXIT, 39, 10, 0);
        switchTo(20, 0, 10, 'S', 20, "theirs");
        event(21, 0, 20, Kind.SYSCALL_ENTER, 39, 0, 0);
        replay();
        assertThat(timeline.facts().entries()).isEqualTo(1);
        assertThat(timeline.facts().busyNanos())
                .as("region 5..9 us of the clock; the first event is at 1 us")
                .isEqualTo(4000);
    }

    @Test
    void aRecordingWithoutCpusPutsEachThreadOnItsOwn() {
        event(1, -1, 10, Kind.SYSCALL_ENTER, 39, 0, 0);
        event(2, -1, 20, Kind.SYSCALL_ENTER, 39, 0, 0);
        event(3, -1, 10, Kind.SYSCALL_EXIT, 39, 10, 0);
        assertThat(replay()).containsSubsequence("CPU 0", "CPU 1", "CPU 0");
        assertThat(timeline.facts().unseenSwitches()).isZero();
        assertThat(timeline.facts().busyNanos()).isEqualTo(-1);
    }

    @Test
    void aKernelThreadLoadsNoMm() {
        switchTo(1, 0, 0, 'R', 30, "kworker/0:1");
        switchTo(2, 0, 30, 'S', 10, "worker");
        assertThat(replay()).contains("SWITCH task 1 mm none other", "SWITCH task 2 mm 0");
    }

    @Test
    void aSwitchToATaskThatIsNotNamedIsALoss() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 0, 3, 0);
        switchTo(2, 0, 10, 'S', -1, "");
        event(5, 0, 20, Kind.SYSCALL_ENTER, 1, 3, 0);
        event(6, 0, 20, Kind.SYSCALL_EXIT, 1, 1, 0);
        assertThat(replay())
                .containsSubsequence("SWITCH task 0 mm 0", "LOST", "SWITCH task 1 mm 1", "USER_ENTRY write");
        assertThat(timeline.facts().busyNanos()).as("1..2 and 5..6 us").isEqualTo(2000);
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aTaskThatSeemsToRunOnTwoCpusEndsOnce() {
        event(1, 0, 10, Kind.SYSCALL_ENTER, 60, 0, 0);
        event(2, 1, 10, Kind.SYSCALL_ENTER, 60, 0, 0); // it went over unseen
        switchTo(3, 1, 10, 'X', 20, "other");
        switchTo(4, 0, -1, 'X', 21, "another"); // a task that has ended has no number
        assertThat(replay()).containsOnlyOnce("TASK_EXIT 0");
    }

    @Test
    void whoeverIsSelectedElsewhereASwitchStaysOnItsCpu() throws IOException {
        sidecar = SidecarFile.read(
                "s.yaml", new ByteArrayInputStream("workload: {comm: [server]}".getBytes(StandardCharsets.UTF_8)));
        batch.append(1000, 0, 10, 10, names.id("server"), Kind.SYSCALL_ENTER, 0, 3, 0);
        switchTo(2, 1, 20, 'S', 10, "renamed");
        assertThat(replay()).containsSubsequence("CPU 1", "CPU 0", "SELECT", "CPU 1", "SWITCH task 0 mm 0 other");
    }

    @Test
    void aKernelThreadThatHasAUserModeAfterAllEndsALoss() {
        switchTo(1, 0, 0, 'R', 30, "kworker/0:1");
        event(2, 0, -1, Kind.LOST, 0, 1, 0);
        event(3, 0, 30, Kind.SYSCALL_ENTER, 0, 3, 0);
        batch.append(4000, 0, 30, 30, names.id("server"), Kind.SYSCALL_EXIT, 0, 1, 0);
        event(6, 0, 30, Kind.SYSCALL_ENTER, 0, 3, 0);
        assertThat(replay()).containsSubsequence("LOST", "SWITCH task 1 mm 0 other", "SELECT");
        assertThat(timeline.facts().busyNanos()).as("4..6 us").isEqualTo(2000);
    }

    @Test
    void timesBeforeZeroCountLikeOthers() {
        switchTo(-9, 0, 0, 'R', 10, "worker");
        switchTo(-4, 0, 10, 'S', 0, "swapper/0");
        replay();
        assertThat(timeline.facts().busyNanos()).isEqualTo(5000);
    }
}
