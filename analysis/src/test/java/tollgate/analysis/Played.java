package tollgate.analysis;

import java.util.List;
import java.util.Map;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Recorded;
import tollgate.ingest.Selection;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Stretch;
import tollgate.replay.Access;
import tollgate.replay.Cause;
import tollgate.replay.Crossing;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.Steps;
import tollgate.replay.Strategy;
import tollgate.replay.exposure.Neighbours;

/** A few crossings at stated times, in nanoseconds, and the lane that a strategy makes of them. Each begins with its CPU. */
final class Played {
    private static final CpuProfile CPU = CpuProfile.load("skylake-sp");
    private static final int EXIT = Cause.of(Cause.Family.VM_EXIT, ExitReason.id(ExitReason.SVM, 0x72));
    private static final int CALL = Cause.of(Cause.Family.SYSCALL, 0);

    private static final int TIMER = Cause.of(Cause.Family.INTERRUPT, 236);

    private final Steps steps = new Steps(64);
    private int cpu = -1;

    /** Task and mm bear the same number. */
    Played takes(int onCpu, long time, int task) {
        return at(onCpu, time, Crossing.SWITCH, task, Steps.owner(task, 0, true));
    }

    Played call(int onCpu, long time) {
        return at(onCpu, time, Crossing.USER_ENTRY, CALL, 0);
    }

    Played interruptOfUser(int onCpu, long time) {
        return at(onCpu, time, Crossing.USER_ENTRY, TIMER, 0);
    }

    Played toUser(int onCpu, long time) {
        return at(onCpu, time, Crossing.USER_RETURN, 0, 0);
    }

    Played guest(int onCpu, long time, int vm) {
        return at(onCpu, time, Crossing.VM_ENTRY, vm, 0);
    }

    Played exit(int onCpu, long time, int vm) {
        return at(onCpu, time, Crossing.VM_EXIT, EXIT, vm);
    }

    Played toVmm(int onCpu, long time) {
        return at(onCpu, time, Crossing.VMM_RETURN, 0, 0);
    }

    Played touch(MemoryClass memoryClass) {
        steps.access(Access.of((0xffff888010000000L >> 12) + (memoryClass.ordinal() << 9), memoryClass, Access.LOAD));
        return this;
    }

    Played end(long time) {
        steps.crossing(Crossing.SEGMENT, 0, time, 0);
        return this;
    }

    private Played at(int onCpu, long time, Crossing crossing, long argument, long extra) {
        if (cpu != onCpu) {
            cpu = onCpu;
            steps.crossing(Crossing.CPU, onCpu, time, 0);
        }
        steps.crossing(crossing, argument, time, extra);
        return this;
    }

    /** CPUs 0 and 1 share a core. */
    static Neighbours siblings() {
        return Neighbours.of(new Sidecar(
                "",
                Selection.NONE,
                Selection.NONE,
                Stretch.WHOLE,
                Sidecar.Clock.REAL,
                0,
                List.of(List.of(0, 1)),
                Recorded.UNKNOWN,
                Map.of(),
                Map.of()));
    }

    Lane under(Strategy strategy, Neighbours neighbours) {
        Lane lane = new Lane(strategy, CPU.machine(), neighbours);
        lane.run(steps);
        lane.finish();
        return lane;
    }
}
