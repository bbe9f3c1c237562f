package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.replay.Operation.CR3_READ;
import static tollgate.replay.Operation.CR3_WRITE_FLUSH;
import static tollgate.replay.Operation.CR3_WRITE_KEEP;
import static tollgate.replay.Operation.FAULT;
import static tollgate.replay.Operation.FAULT_HANDLER;
import static tollgate.replay.Operation.PTE_WRITE;
import static tollgate.replay.Operation.VMRESUME_SURCHARGE;
import static tollgate.replay.Operation.VMWRITE_HOST_CR3;
import static tollgate.replay.Operation.WALK;
import static tollgate.replay.Operation.WALK_STEP;
import static tollgate.replay.Operation.WALK_STEP_USER;
import static tollgate.replay.Operation.WALK_USER;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tollgate.ingest.Batch;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Sidecar;
import tollgate.replay.mmu.Geometry;
import tollgate.replay.mmu.Geometry.Array;

/**
 * Ten events of one vCPU thread on one CPU, every count of every strategy worked out by hand.
 *
 * <pre>
 *   us  event           pages (FixedPages)
 *    1  read            -           first event: a return to user mode is made up before it
 *    2  read returns    T D
 *    3  ioctl KVM_RUN   U (the microsecond in user mode before it)
 *    4  VM entry        -
 *    5  VM exit cpuid   -
 *    6  VM entry        T V
 *    7  VM exit io      -
 *    8  to the VMM      T V D
 *    9  ioctl returns   -
 *   10  page fault      U, then T D
 * </pre>
 *
 * A walk reads 4 entries for U (4 KiB) and 3 for T, D and V (2 MiB): there are no paging-structure caches.
 */
class HandWorkedTraceTest {
    private static final int CPUID = ExitReason.id(ExitReason.SVM, 0x72);
    private static final int IO = ExitReason.id(ExitReason.SVM, 0x7b);
    private static final int READ = Cause.of(Cause.Family.SYSCALL, 0);
    private static final int IOCTL = Cause.of(Cause.Family.SYSCALL, 16);
    private static final int EXIT_CPUID = Cause.of(Cause.Family.VM_EXIT, CPUID);
    private static final int EXIT_IO = Cause.of(Cause.Family.VM_EXIT, IO);

    static Batch tenEvents() {
        Batch batch = new Batch();
        add(batch, 1, Kind.SYSCALL_ENTER, 0, 3, 0);
        add(batch, 2, Kind.SYSCALL_EXIT, 0, 1, 0);
        add(batch, 3, Kind.SYSCALL_ENTER, 16, 11, 0xae80);
        add(batch, 4, Kind.VM_ENTRY, 0, 0, 0);
        add(batch, 5, Kind.VM_EXIT, CPUID, 0, 0);
        add(batch, 6, Kind.VM_ENTRY, 0, 0, 0);
        add(batch, 7, Kind.VM_EXIT, IO, 0, 0);
        add(batch, 8, Kind.VMM_RETURN, 2, 0, 0);
        add(batch, 9, Kind.SYSCALL_EXIT, 16, 0, 0);
        add(batch, 10, Kind.FAULT_USER, 4, 0x1000, 0);
        return batch;
    }

    private static void add(Batch batch, long micros, Kind kind, int code, long a, long b) {
        batch.append(micros * 1000, 0, 100, 100, -1, kind, code, a, b);
    }

    /** 64 entries for each size and type, 1536 behind them, nothing else: no miss but the first and those after flushes. */
    static Machine machine() {
        Array first = new Array(7, 7, 64, 64, Geometry.Index.LINEAR, false, "made up for this test", "verified");
        Array second = new Array(7, 7, 1536, 12, Geometry.Index.LINEAR, false, "made up for this test", "verified");
        Geometry geometry = new Geometry("test", 4, 4, List.of(first), List.of(second), List.of(), List.of());
        return new Machine(geometry, true, true, true);
    }

    static Lane replay(String strategy, Batch batch) {
        Timeline timeline = new Timeline(new Names(), Sidecar.NONE, new FixedPages());
        Steps steps = new Steps(64);
        timeline.accept(batch, steps);
        timeline.finish(steps);
        Lane lane = new Lane(Strategies.parse(strategy), machine());
        lane.run(steps);
        lane.finish();
        return lane;
    }

    private static Map<String, Long> ledger(Lane lane) {
        Map<String, Long> counts = new TreeMap<>();
        Ledger ledger = lane.ledger();
        for (int row = 0; row < ledger.rows(); row++) {
            for (int i = 0; i < Operation.count(); i++) {
                Operation operation = Operation.of(i);
                if (ledger.count(row, operation) > 0) {
                    counts.put(Cause.name(ledger.cause(row)) + " " + operation, ledger.count(row, operation));
                }
            }
        }
        return counts;
    }

    private static Map<String, Long> counts(Object... causesOperationsTimes) {
        Map<String, Long> counts = new TreeMap<>();
        for (int i = 0; i < causesOperationsTimes.length; i += 3) {
            counts.put(Cause.name((int) causesOperationsTimes[i]) + " " + causesOperationsTimes[i + 1], (long)
                    (int) causesOperationsTimes[i + 2]);
        }
        return counts;
    }

    @Test
    void baselinePaysOnlyFirstTouches() {
        // T, D and V are global, U is tagged, and no tag is ever flushed: each is walked once.
        // The one CR3 write (the first load of the mm) falls before the workload and marks HOST_CR3 as changed.
        assertThat(ledger(replay("baseline", tenEvents())))
                .isEqualTo(counts(
                        READ,
                        WALK,
                        2,
                        READ,
                        WALK_STEP,
                        3 + 3, // T D
                        READ,
                        WALK_USER,
                        1,
                        READ,
                        WALK_STEP_USER,
                        4, // U, in user mode after read
                        IOCTL,
                        VMWRITE_HOST_CR3,
                        1,
                        IOCTL,
                        VMRESUME_SURCHARGE,
                        1,
                        EXIT_CPUID,
                        WALK,
                        1,
                        EXIT_CPUID,
                        WALK_STEP,
                        3)); // V; T hits
    }

    @Test
    void kptiReadsAndWritesCr3AtEachCrossingFromAndToUserMode() {
        // Entries: read, ioctl, page fault. Returns: before read (the deferred flush of the first load), after read,
        // after the ioctl. Nothing else is flushed, so the walks are the baseline's.
        assertThat(ledger(replay("kpti", tenEvents())))
                .isEqualTo(counts(
                        Cause.UNKNOWN,
                        CR3_READ,
                        1,
                        Cause.UNKNOWN,
                        CR3_WRITE_FLUSH,
                        1,
                        READ,
                        CR3_READ,
                        2,
                        READ,
                        CR3_WRITE_KEEP,
                        2,
                        READ,
                        WALK,
                        2,
                        READ,
                        WALK_STEP,
                        3 + 3,
                        READ,
                        WALK_USER,
                        1,
                        READ,
                        WALK_STEP_USER,
                        4,
                        IOCTL,
                        CR3_READ,
                        1,
                        IOCTL,
                        CR3_WRITE_KEEP,
                        1,
                        IOCTL,
                        VMWRITE_HOST_CR3,
                        1,
                        IOCTL,
                        VMRESUME_SURCHARGE,
                        1,
                        EXIT_CPUID,
                        WALK,
                        1,
                        EXIT_CPUID,
                        WALK_STEP,
                        3,
                        EXIT_IO,
                        CR3_READ,
                        1,
                        EXIT_IO,
                        CR3_WRITE_KEEP,
                        1, // the ioctl returns with the io exit as its cause
                        Cause.USER_FAULT,
                        CR3_READ,
                        1,
                        Cause.USER_FAULT,
                        CR3_WRITE_KEEP,
                        1));
    }

    @Test
    void kptiWithoutPcidFlushesEverythingAtEachCrossing() {
        assertThat(ledger(replay("kpti-nopcid", tenEvents())))
                .isEqualTo(counts(
                        Cause.UNKNOWN,
                        CR3_READ,
                        1,
                        Cause.UNKNOWN,
                        CR3_WRITE_FLUSH,
                        1,
                        READ,
                        CR3_READ,
                        2,
                        READ,
                        CR3_WRITE_FLUSH,
                        2,
                        READ,
                        WALK,
                        2,
                        READ,
                        WALK_STEP,
                        3 + 3, // T D
                        READ,
                        WALK_USER,
                        1,
                        READ,
                        WALK_STEP_USER,
                        4, // U
                        IOCTL,
                        CR3_READ,
                        1,
                        IOCTL,
                        CR3_WRITE_FLUSH,
                        1,
                        IOCTL,
                        VMWRITE_HOST_CR3,
                        1,
                        IOCTL,
                        VMRESUME_SURCHARGE,
                        1,
                        EXIT_CPUID,
                        WALK,
                        2,
                        EXIT_CPUID,
                        WALK_STEP,
                        3 + 3, // T V, gone since the ioctl's entry
                        EXIT_IO,
                        WALK,
                        1,
                        EXIT_IO,
                        WALK_STEP,
                        3, // D; T and V are there since the exit before
                        EXIT_IO,
                        CR3_READ,
                        1,
                        EXIT_IO,
                        CR3_WRITE_FLUSH,
                        1,
                        EXIT_IO,
                        WALK_USER,
                        1,
                        EXIT_IO,
                        WALK_STEP_USER,
                        4, // U, in user mode after the ioctl
                        Cause.USER_FAULT,
                        CR3_READ,
                        1,
                        Cause.USER_FAULT,
                        CR3_WRITE_FLUSH,
                        1,
                        Cause.USER_FAULT,
                        WALK,
                        2,
                        Cause.USER_FAULT,
                        WALK_STEP,
                        3 + 3)); // T D
    }

    @Test
    void kvmAsiEntersAtTheVmEntryAndLeavesWhereTheHandlerTouchesWhatIsNotMapped() {
        // First VM entry: kvm_mm takes a new ASID, which flushes; the second finds itself in it.
        // The cpuid exit stays (T is global; V is walked under kvm_mm's tag, where it is first touched).
        // The io exit touches D, which is not mapped: a fault, and back to the mm's own ASID, which needs no flush;
        // D is there from the read, non-global, under that tag. The return to the VMM finds it already left.
        assertThat(ledger(replay("kvm-asi", tenEvents())))
                .isEqualTo(counts(
                        READ,
                        WALK,
                        2,
                        READ,
                        WALK_STEP,
                        3 + 3,
                        READ,
                        WALK_USER,
                        1,
                        READ,
                        WALK_STEP_USER,
                        4,
                        IOCTL,
                        CR3_WRITE_FLUSH,
                        1,
                        IOCTL,
                        PTE_WRITE,
                        9, // the task's own pages, once
                        IOCTL,
                        VMWRITE_HOST_CR3,
                        1,
                        IOCTL,
                        VMRESUME_SURCHARGE,
                        1,
                        EXIT_CPUID,
                        WALK,
                        1,
                        EXIT_CPUID,
                        WALK_STEP,
                        3,
                        EXIT_IO,
                        FAULT,
                        1,
                        EXIT_IO,
                        FAULT_HANDLER,
                        1,
                        EXIT_IO,
                        CR3_WRITE_KEEP,
                        1));
    }

    @Test
    void factsAreTheDenominators() {
        Timeline timeline = new Timeline(new Names(), Sidecar.NONE, new FixedPages());
        Steps steps = new Steps(64);
        timeline.accept(tenEvents(), steps);
        timeline.finish(steps);
        assertThat(timeline.facts().entries()).isEqualTo(3);
        assertThat(timeline.facts().exits()).isEqualTo(2);
        assertThat(timeline.facts().unpaired()).isZero();
        assertThat(timeline.facts().busyNanos())
                .as("no switches recorded: cannot tell")
                .isEqualTo(-1);
    }
}
