package tollgate.analysis;

import java.util.List;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Sidecar;
import tollgate.replay.Access;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.PageSource;
import tollgate.replay.Region;
import tollgate.replay.Steps;
import tollgate.replay.Timeline;
import tollgate.replay.pages.UserParameters;

/**
 * A micro-benchmark as a trace: one process that makes the same calls over and over, or two that take turns, the last
 * call of a turn blocking until the other has had its own. Between turns user mode touches pages of its own, in order.
 *
 * @param calls numbers of the system calls of an operation
 * @param nanos of a call, without isolation
 * @param touches user pages touched before each operation
 * @param processes 1, or 2 that take turns on one CPU
 */
record LoopTrace(List<Integer> calls, int nanos, int touches, int processes) {
    /** Code, stack and data of a loop that calls a library function: an assumption. */
    static final int FEW_PAGES = 3;

    /** Enough that warm-up, some hundred misses, does not show; fewer if an operation touches thousands of pages. */
    private static final int MOST = 1_000;

    private static final int ACCESSES = 1_000_000;
    private static final int FEWEST = 40;

    /** Share of a call's time that is spent in the kernel (an assumption). */
    private static final double IN_KERNEL = 0.8;

    /** Instructions a nanosecond, 0.7 a cycle at 3 GHz: no recorder's time is in these calls, see {@link UserParameters}. */
    private static final double SPEED = 2.1;

    private static final int TASK = 100;
    private static final long START = 1_000;
    private static final int FIRST_PAGE = 0x1_0000;

    int operations() {
        return Math.max(FEWEST, Math.min(MOST, ACCESSES / touches));
    }

    /** @return the denominators of what the lanes have counted */
    Facts replay(PageSource kernel, List<Lane> lanes) {
        Timeline timeline = new Timeline(new Names(), Sidecar.NONE, new Touching(kernel, touches));
        Steps steps = new Steps(1 << 17);
        Batch batch = new Batch();
        double time = START;
        int operations = operations();
        for (int operation = 0; operation < operations; operation++) {
            time = turn(batch, time, TASK + operation % processes, operation >= processes);
            timeline.accept(batch, steps);
            if (operation == operations - 1) {
                timeline.finish(steps);
            }
            lanes.forEach(lane -> lane.run(steps));
            steps.clear();
            batch.clear();
        }
        lanes.forEach(Lane::finish);
        return timeline.facts();
    }

    /** One operation; in a ping-pong it begins with the return of the call that the last turn of this process blocked in. */
    private double turn(Batch batch, double start, int task, boolean hasRun) {
        double time = start;
        if (processes > 1 && hasRun) {
            add(batch, time, task, Kind.SYSCALL_EXIT, calls.get(calls.size() - 1), 8, 0);
            time += nanos * (1 - IN_KERNEL);
        }
        for (int i = 0; i < calls.size(); i++) {
            add(batch, time, task, Kind.SYSCALL_ENTER, calls.get(i), 3, 0);
            time += nanos * IN_KERNEL;
            if (processes > 1 && i == calls.size() - 1) {
                add(batch, time, task, Kind.SWITCH, 'S', TASK + (task - TASK + 1) % processes, -1);
            } else {
                add(batch, time, task, Kind.SYSCALL_EXIT, calls.get(i), 0, 0);
            }
            time += nanos * (1 - IN_KERNEL);
        }
        return time;
    }

    private static void add(Batch batch, double time, int task, Kind kind, int code, long a, long b) {
        batch.append((long) time, 0, task, task, -1, kind, code, a, b);
    }

    /** Kernel pages as drawn; user mode touches the same pages in each stretch, the first of them code. */
    private record Touching(PageSource kernel, int touches) implements PageSource {
        @Override
        public void user(Steps out, int task, int mm, long nanos, long position) {
            for (int i = 0; i < touches; i++) {
                out.access(
                        Access.of(FIRST_PAGE + i, MemoryClass.U_CUR, Region.USER, i == 0 ? Access.FETCH : Access.LOAD));
            }
        }

        /** What the page stream takes a recorded nanosecond for is one instruction. */
        private static long instructions(long nanos) {
            return Math.round(nanos * SPEED);
        }

        @Override
        public void syscall(Steps out, int number, int task, int mm, boolean failed, long nanos, long position) {
            kernel.syscall(out, number, task, mm, failed, instructions(nanos), position);
        }

        @Override
        public void syscallBlocks(Steps out, int number, int task, int mm, long nanos, long position) {
            kernel.syscallBlocks(out, number, task, mm, instructions(nanos), position);
        }

        @Override
        public void syscallResumes(Steps out, int task, int mm, boolean failed, long position) {
            kernel.syscallResumes(out, task, mm, failed, position);
        }

        @Override
        public void fault(Steps out, boolean fromUser, int errorCode, int task, int mm, long position) {
            kernel.fault(out, fromUser, errorCode, task, mm, position);
        }

        @Override
        public void interrupt(Steps out, int vector, boolean fromUser, int task, int mm, long position) {
            kernel.interrupt(out, vector, fromUser, task, mm, position);
        }

        @Override
        public void switchOut(Steps out, int task, int mm, long position) {
            kernel.switchOut(out, task, mm, position);
        }

        @Override
        public void switchIn(Steps out, int task, int mm, long position) {
            kernel.switchIn(out, task, mm, position);
        }

        @Override
        public void newTask(Steps out, int task, int mm, long position) {
            kernel.newTask(out, task, mm, position);
        }

        @Override
        public void vmExit(
                Steps out,
                int reason,
                ExitDetail detail,
                ExitOutcome outcome,
                int task,
                int mm,
                int vm,
                long position) {
            kernel.vmExit(out, reason, detail, outcome, task, mm, vm, position);
        }

        @Override
        public void vmReentry(Steps out, int reason, int task, int mm, int vm, long position) {
            kernel.vmReentry(out, reason, task, mm, vm, position);
        }

        @Override
        public void called(int task, int mm, int number) {
            kernel.called(task, mm, number);
        }

        @Override
        public void faulted(int mm) {
            kernel.faulted(mm);
        }

        @Override
        public void drop(int task) {
            kernel.drop(task);
        }

        @Override
        public void forget(int task) {
            kernel.forget(task);
        }

        @Override
        public void newMm(int mm) {
            kernel.newMm(mm);
        }

        @Override
        public void forgetMm(int mm) {
            kernel.forgetMm(mm);
        }

        @Override
        public long drawn() {
            return kernel.drawn();
        }

        @Override
        public long borrowed() {
            return kernel.borrowed();
        }
    }
}
