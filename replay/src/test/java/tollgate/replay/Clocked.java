package tollgate.replay;

import tollgate.ingest.ExitReason;
import tollgate.replay.exposure.Exposure;
import tollgate.replay.exposure.Neighbours;

/** A few crossings at stated times, in nanoseconds, and what the exposure meter makes of them. Each begins with its CPU. */
public final class Clocked {
    private static final int EXIT = Cause.of(Cause.Family.VM_EXIT, ExitReason.id(ExitReason.SVM, 0x72));
    private static final int CALL = Cause.of(Cause.Family.SYSCALL, 0);
    private static final int TIMER = Cause.of(Cause.Family.INTERRUPT, 236);

    private final Steps steps = new Steps(64);
    private int cpu = -1;
    private long last;

    public Steps steps() {
        return steps;
    }

    /** Task, mm and VM bear the same number. */
    public Clocked takes(int onCpu, long time, int task) {
        return at(onCpu, time, Crossing.SWITCH, task, Steps.owner(task, 0, true));
    }

    /** A task that is not of the workload. */
    public Clocked takesOther(int onCpu, long time, int task) {
        return at(onCpu, time, Crossing.SWITCH, task, Steps.owner(task, 0, false));
    }

    /** A task of a tenant with a name. */
    public Clocked takes(int onCpu, long time, int task, int tenant) {
        return at(onCpu, time, Crossing.SWITCH, task, Steps.owner(task, 0, true, false, tenant));
    }

    public Clocked takesIn(int onCpu, long time, int task, int namespace) {
        return at(onCpu, time, Crossing.SWITCH, task, Steps.owner(task, namespace, true));
    }

    public Clocked idles(int onCpu, long time) {
        return at(onCpu, time, Crossing.SWITCH, 90 + onCpu, Steps.owner(Steps.NO_MM, 0, false, true, 0));
    }

    public Clocked call(int onCpu, long time) {
        return at(onCpu, time, Crossing.USER_ENTRY, CALL, 0);
    }

    public Clocked interruptOfUser(int onCpu, long time) {
        return at(onCpu, time, Crossing.USER_ENTRY, TIMER, 0);
    }

    public Clocked toUser(int onCpu, long time) {
        return at(onCpu, time, Crossing.USER_RETURN, 0, 0);
    }

    public Clocked interrupt(int onCpu, long time) {
        return at(onCpu, time, Crossing.KERNEL_ENTRY, TIMER, 0);
    }

    public Clocked back(int onCpu, long time) {
        return at(onCpu, time, Crossing.KERNEL_RETURN, 0, 0);
    }

    public Clocked guest(int onCpu, long time, int vm) {
        return at(onCpu, time, Crossing.VM_ENTRY, vm, 0);
    }

    public Clocked exit(int onCpu, long time, int vm) {
        return at(onCpu, time, Crossing.VM_EXIT, EXIT, vm);
    }

    public Clocked toVmm(int onCpu, long time) {
        return at(onCpu, time, Crossing.VMM_RETURN, 0, 0);
    }

    public Clocked loses(int onCpu, long time) {
        return at(onCpu, time, Crossing.LOST, 0, 0);
    }

    public Clocked select(int onCpu, long time, int task, boolean isSelected) {
        return at(onCpu, time, Crossing.SELECT, 0, Steps.owner(task, 0, isSelected));
    }

    /** In the stretch that the last crossing began. */
    public Clocked touch(MemoryClass memoryClass) {
        steps.access(Access.of((0xffff888010000000L >> 12) + (memoryClass.ordinal() << 9), memoryClass, Access.LOAD));
        return this;
    }

    public Clocked end(long time) {
        steps.crossing(Crossing.SEGMENT, 0, time, 0);
        return this;
    }

    private Clocked at(int onCpu, long time, Crossing crossing, long argument, long extra) {
        if (cpu != onCpu) {
            cpu = onCpu;
            steps.crossing(Crossing.CPU, onCpu, time, 0);
        }
        steps.crossing(crossing, argument, time, extra);
        last = Math.max(last, time);
        return this;
    }

    public Exposure under(String strategy, Neighbours neighbours) {
        return under(Strategies.parse(strategy), neighbours);
    }

    public Exposure under(Strategy strategy, Neighbours neighbours) {
        Lane lane = new Lane(strategy, HandWorkedTraceTest.machine(), neighbours);
        lane.run(steps);
        lane.finish();
        return lane.exposure();
    }
}
