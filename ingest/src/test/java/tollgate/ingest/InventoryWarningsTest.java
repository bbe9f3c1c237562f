package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class InventoryWarningsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int READ = 0;

    /** One call, one switch: nothing to warn of. */
    private static HandMade sound() {
        return new HandMade().enter(100, 7, READ).exit(200, 7, READ, 1).switches(300, 7, 'S', 0);
    }

    @Test
    void aSoundRecordingGivesNone() throws IOException {
        assertThat(sound().inventory().warnings(Sidecar.NONE)).isEmpty();
    }

    @Test
    void lossesAreCountedAndShared() throws IOException {
        HandMade recording = sound();
        recording.tally.tracepoint("sys_enter").add(75);
        recording.tally.lost(20);
        recording.tally.lost(5);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly("records lost: 25 (25.0 % of all) in 2 places; what was running then is unknown;"
                        + " record with larger buffers");
    }

    @Test
    void theEndIsNamedWhereItWasCut() throws IOException {
        HandMade recording = sound();
        recording.tally.endsEarly("byte 4711, in a record");
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly("ends early: cut off at byte 4711, in a record; used up to the last whole record");
    }

    @Test
    void theRecorderTracedItself() throws IOException {
        HandMade recording = sound();
        recording.add(400, 0, 9, "perf", Kind.SYSCALL_ENTER, 7, 0, 0);
        recording.add(410, 0, 9, "perf", Kind.SYSCALL_EXIT, 7, 0, 0);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly(
                        "the recorder traced itself: 40.0 % of the events are by perf; they are left out of the"
                                + " workload unless the sidecar names it");
    }

    @Test
    void mostCallsHaveNoExit() throws IOException {
        HandMade recording = sound();
        for (int i = 0; i < 3; i++) {
            recording.enter(400 + i, 8, READ);
        }
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .as("2 of 4 is half, not more")
                .isEmpty();
        recording = sound();
        for (int i = 0; i < 4; i++) {
            recording.enter(400 + i, 8, READ);
        }
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly("more than half of the calls have no exit (3 of 5): a filter dropped them, or records"
                        + " are missing");
    }

    @Test
    void returnsWereNotRecorded() throws IOException {
        HandMade recording =
                new HandMade().enter(100, 7, READ).enter(200, 7, READ).switches(300, 7, 'S', 0);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly("system calls without their returns: no duration, no result; record sys_exit as well");
    }

    @Test
    void timesRunBack() throws IOException {
        HandMade recording = sound().enter(250, 7, READ).exit(350, 7, READ, 0);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly(
                        "times run back: 1 events are stamped earlier than one before them; two clocks, or CPUs"
                                + " whose clocks differ");
    }

    @Test
    void aJumpMakesTwoClocks() throws IOException {
        HandMade recording = sound().enter(300 + 100 * SECOND, 7, READ).exit(400 + 100 * SECOND, 7, READ, 0);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly(
                        "two clocks, or two recordings in one: no event for 100.000 s of 100.000 s, after 0.000 s");
    }

    @Test
    void cpusWithoutACommonMomentHaveTwoClocks() throws IOException {
        HandMade recording = sound();
        recording.add(20 * SECOND, 1, 8, "work", Kind.SYSCALL_ENTER, READ, 0, 0);
        recording.add(40 * SECOND, 1, 8, "work", Kind.SYSCALL_EXIT, READ, 0, 0);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly("two clocks: the first event of one CPU is 20.000 s after the last of another");
    }

    @Test
    void eachClockThatIsNoTimeIsNamed() throws IOException {
        for (Coverage.Clock clock : Coverage.Clock.values()) {
            HandMade recording = sound();
            recording.clock = clock;
            Inventory inventory = recording.inventory();
            assertThat(inventory.hasDurations()).isEqualTo(clock == Coverage.Clock.NANOS);
            assertThat(inventory.warnings(Sidecar.NONE).stream()
                            .filter(warning -> warning.startsWith("not the clock you think")))
                    .hasSize(clock == Coverage.Clock.NANOS ? 0 : 1);
        }
    }

    @Test
    void withoutSwitchesAndCpusBusyTimeIsUntold() throws IOException {
        HandMade recording = new HandMade().enter(100, 7, READ).exit(200, 7, READ, 1);
        recording.hasCpus = false;
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly(
                        "no CPUs: each thread is taken to have its own, and what depends on sharing one cannot be told",
                        "no context switches: busy time, and so overhead in percent, cannot be told; record"
                                + " sched:sched_switch as well");
    }

    @Test
    void noneSeenIsNoneHappenedWhereTheRecordingSaysSo() throws IOException {
        HandMade recording = new HandMade().enter(100, 7, READ).exit(200, 7, READ, 1);
        recording.tells(Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT, Kind.SWITCH);
        assertThat(recording.inventory().warnings(Sidecar.NONE)).isEmpty();
    }

    @Test
    void onlyKernelThreads() throws IOException {
        assertThat(new HandMade().switches(100, 12, 'I', 0).inventory().warnings(Sidecar.NONE))
                .containsExactly("nothing entered the kernel from user space: only kernel threads, idle, or a filter");
    }

    @Test
    void onlySomeCallsWereRecorded() throws IOException {
        HandMade recording = sound();
        recording.tally.tracepoint("sys_enter_read").add(1);
        recording.tally.tracepoint("sys_exit_read").add(1);
        recording.tally.tracepoint("sched_switch").add(1);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly("filtered: only some system calls were recorded (read)");
    }

    @Test
    void guestsWithoutReasons() throws IOException {
        HandMade recording = sound().add(500, 7, Kind.VMM_RETURN, 2, 0);
        assertThat(recording.inventory().warnings(Sidecar.NONE))
                .containsExactly("guests run but no kvm_exit is recorded: exit reasons cannot be told");
    }

    @Test
    void whatWasNotUnderstoodIsTold() throws IOException {
        HandMade recording = sound();
        recording.tally.note("other lines").add(3);
        recording.tally.note("call chain lines").add(3);
        assertThat(recording.inventory().warnings(Sidecar.NONE)).containsExactly("3 other lines");
    }
}
