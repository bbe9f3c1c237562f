package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class InventoryCallsTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int RT_SIGRETURN = 15;
    private static final int CLONE = 56;
    private static final int EXECVE = 59;
    private static final int EXIT_GROUP = 231;

    @Test
    void pairsByThreadAndMeasuresFromEntryToReturn() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, READ)
                .enter(110, 8, READ)
                .exit(150, 8, READ, -11)
                .exit(400, 7, READ, 32)
                .inventory();

        Inventory.Call read = inventory.calls().get("read");
        assertThat(read.count()).isEqualTo(2);
        assertThat(read.errors()).isEqualTo(1);
        assertThat(read.restarts()).isZero();
        assertThat(read.durations().count()).isEqualTo(2);
        assertThat(read.durations().quantileNanos(0.5)).isEqualTo(40);
        assertThat(read.durations().quantileNanos(0.99)).isEqualTo(300);
        assertThat(read.durations().totalNanos()).isEqualTo(340);
        assertThat(inventory.unpaired()).isEqualTo(new Inventory.Unpaired(0, 0, 0, 0, 0, 0));
        assertThat(inventory.threads()).isEqualTo(2);
        assertThat(inventory.span().first()).isEqualTo(100);
        assertThat(inventory.span().last()).isEqualTo(400);
    }

    /** read from 100 to 900, away from 200 to 800: 200 ns of work. */
    @Test
    void aBlockedCallLastsButDoesNotRun() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, READ)
                .switches(200, 7, 'S', 0)
                .switches(800, 0, 'R', 7)
                .exit(900, 7, READ, 1)
                .inventory();

        Inventory.Call read = inventory.calls().get("read");
        assertThat(read.durations().totalNanos()).isEqualTo(800);
        assertThat(read.onCpuNanos()).isEqualTo(200);
        assertThat(read.onCpuUncertain()).isZero();
    }

    /** The kernel tells a switch's flush after the switch, under the thread that it leaves. */
    @Test
    void theFlushOfASwitchDoesNotShowTheThreadRunning() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, READ)
                .switches(200, 7, 'S', 8)
                .add(201, 7, Kind.TLB_FLUSH, 0, 0)
                .switches(800, 8, 'S', 7)
                .add(801, 8, Kind.TLB_FLUSH, 0, 0)
                .exit(900, 7, READ, 1)
                .inventory();

        assertThat(inventory.calls().get("read").onCpuNanos()).isEqualTo(200);
        assertThat(inventory.calls().get("read").onCpuUncertain()).isZero();
    }

    /** perf without -a records only switches away from the task: nothing says that it was back before 900. */
    @Test
    void aReturnWithoutASwitchLeavesALowerBound() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, READ)
                .switches(200, 7, 'S', 0)
                .exit(900, 7, READ, 1)
                .inventory();

        assertThat(inventory.calls().get("read").onCpuNanos()).isEqualTo(100);
        assertThat(inventory.calls().get("read").onCpuUncertain()).isEqualTo(1);
        assertThat(inventory.warnings(Sidecar.NONE))
                .anyMatch(warning -> warning.startsWith("threads come back without a switch"));
    }

    @Test
    void timeOnCpuIsUntoldWithoutSwitches() throws IOException {
        Inventory inventory =
                new HandMade().enter(100, 7, READ).exit(900, 7, READ, 1).inventory();

        assertThat(inventory.calls().get("read").onCpuNanos()).isEqualTo(Inventory.UNTOLD);
    }

    /** rt_sigreturn returns as -1 with what the interrupted call left in rax, which is no error of its own. */
    @Test
    void sigreturnReturnsAsMinusOne() throws IOException {
        Inventory inventory =
                new HandMade().enter(100, 7, RT_SIGRETURN).exit(130, 7, -1, -4).inventory();

        Inventory.Call call = inventory.calls().get("rt_sigreturn");
        assertThat(call.count()).isEqualTo(1);
        assertThat(call.errors()).isZero();
        assertThat(call.durations().totalNanos()).isEqualTo(30);
        assertThat(inventory.calls()).containsOnlyKeys("rt_sigreturn");
        assertThat(inventory.unpaired().callExits()).isZero();
    }

    @Test
    void aNewThreadBeginsWithAReturn() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, CLONE)
                .exit(120, 8, CLONE, 0)
                .exit(130, 7, CLONE, 8)
                .inventory();

        assertThat(inventory.unpaired().callExits()).isEqualTo(1);
        assertThat(inventory.unpaired().newThreads()).isEqualTo(1);
        assertThat(inventory.calls().get("clone").durations().count()).isEqualTo(1);
        assertThat(inventory.warnings(Sidecar.NONE)).noneMatch(warning -> warning.contains("exit"));
    }

    /** A thread's number is used again after it has exited without an event that says so. */
    @Test
    void exitNeverReturnsAndMissesNothing() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, EXIT_GROUP)
                .exit(200, 7, CLONE, 0)
                .enter(300, 7, EXIT_GROUP)
                .inventory();

        assertThat(inventory.unpaired()).isEqualTo(new Inventory.Unpaired(1, 1, 0, 0, 0, 0));
    }

    /** ERESTARTSYS (512): the kernel itself starts the call again; each attempt is a call with a result. */
    @Test
    void restartsAreErrorsOfTheirOwnSort() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, READ)
                .exit(200, 7, READ, -512)
                .enter(300, 7, READ)
                .exit(400, 7, READ, -4)
                .enter(500, 7, READ)
                .exit(600, 7, READ, -4096)
                .inventory();

        assertThat(inventory.calls().get("read").count()).isEqualTo(3);
        assertThat(inventory.calls().get("read").errors()).isEqualTo(2);
        assertThat(inventory.calls().get("read").restarts()).isEqualTo(1);
    }

    /** Thread 9 of process 7 executes a program and goes on as thread 7; whatever 7 was in never returns. */
    @Test
    void execOfANonLeaderReturnsAsTheLeader() throws IOException {
        Inventory inventory = new HandMade()
                .enter(50, 7, READ)
                .enter(100, 9, EXECVE)
                .add(150, 7, Kind.EXEC, 0, 9)
                .exit(170, 7, EXECVE, 0)
                .inventory();

        assertThat(inventory.calls().get("execve").durations().totalNanos()).isEqualTo(70);
        assertThat(inventory.unpaired()).isEqualTo(new Inventory.Unpaired(0, 0, 0, 1, 0, 0));
    }

    @Test
    void aReturnFromAnotherCallPairsWithNothing() throws IOException {
        Inventory inventory =
                new HandMade().enter(100, 7, READ).exit(200, 7, WRITE, 5).inventory();

        assertThat(inventory.unpaired().callExits()).isEqualTo(1);
        assertThat(inventory.unpaired().callEnters()).isEqualTo(1);
        assertThat(inventory.calls().get("read").durations().count()).isZero();
        assertThat(inventory.calls().get("write").durations().count()).isZero();
    }

    @Test
    void callsInFlightAtTheEndAreNotMissing() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, READ)
                .add(150, 7, Kind.EXIT, 0, 0)
                .enter(200, 8, READ)
                .inventory();

        assertThat(inventory.unpaired().inFlight()).isEqualTo(2);
        assertThat(inventory.unpaired().callEnters()).isZero();
    }

    /** The return may be that of a later read whose entry was lost. */
    @Test
    void noDurationAcrossALoss() throws IOException {
        Inventory inventory = new HandMade()
                .enter(100, 7, READ)
                .add(200, -1, Kind.LOST, 0, 12)
                .exit(5000, 7, READ, 1)
                .enter(6000, 7, READ)
                .exit(6010, 7, READ, 1)
                .inventory();

        assertThat(inventory.calls().get("read").count()).isEqualTo(2);
        assertThat(inventory.calls().get("read").durations().count()).isEqualTo(1);
        assertThat(inventory.calls().get("read").durations().totalNanos()).isEqualTo(10);
    }

    /** strace without -T: a call's line has one stamp, and readers give it to both ends. */
    @Test
    void noDurationIsZeroWithoutCpus() throws IOException {
        HandMade recording = new HandMade();
        recording.hasCpus = false;
        recording.enter(100, 7, READ).exit(100, 7, READ, 1);
        recording.enter(200, 7, READ).exit(230, 7, READ, 1);

        assertThat(recording.inventory().calls().get("read").durations().count())
                .isEqualTo(1);
    }

    @Test
    void namesAndStampsOfPerfsOwnRecordsAreNoActivity() throws IOException {
        Inventory inventory = new HandMade()
                .add(0, 99, Kind.NAME, 0, 0)
                .add(0, 99, Kind.NAMESPACE, NamespaceType.NET.ordinal(), 0xeffffff9L)
                .add(0, 98, Kind.NAMESPACE, NamespaceType.NET.ordinal(), 0xeffffff9L)
                .enter(100, 7, READ)
                .inventory();

        assertThat(inventory.threads()).isEqualTo(1);
        assertThat(inventory.span().first()).isEqualTo(100);
        assertThat(inventory.namespaces().get(NamespaceType.NET.ordinal())).containsEntry(0xeffffff9L, 2);
    }
}
