package tollgate.replay.pages;

import tollgate.replay.PageSource;
import tollgate.replay.Steps;

/** Pages drawn from {@link Footprints}, as the timeline asks for them. */
public final class DrawnPages implements PageSource {
    private final PageStream stream;
    private final java.util.BitSet blocked = new java.util.BitSet();

    public DrawnPages(Footprints footprints, long seed) {
        stream = new PageStream(footprints, seed);
    }

    @Override
    public void syscall(Steps out, int number, int task, int mm, boolean failed, long nanos, long position) {
        stream.syscall(out, number, task, mm, failed, nanos, position);
    }

    @Override
    public void syscallBlocks(Steps out, int number, int task, int mm, long position) {
        if (blocked.get(task)) {
            stream.blocksAgain(out, task, mm, position);
        } else {
            blocked.set(task);
            stream.syscallBlocks(out, number, task, mm, position);
        }
    }

    @Override
    public void syscallResumes(Steps out, int task, int mm, boolean failed, long position) {
        blocked.clear(task);
        stream.syscallResumes(out, task, mm, failed, position);
    }

    @Override
    public void fault(Steps out, boolean fromUser, int errorCode, int task, int mm, long position) {
        stream.fault(out, fromUser, errorCode, task, mm, position);
    }

    @Override
    public void interrupt(Steps out, int vector, boolean fromUser, int task, int mm, long position) {
        stream.interrupt(out, vector, fromUser, task, mm, position);
    }

    @Override
    public void switchOut(Steps out, int task, int mm, long position) {
        stream.contextSwitch(out, task, mm, task, mm, position);
    }

    @Override
    public void switchIn(Steps out, int task, int mm, long position) {}

    @Override
    public void newTask(Steps out, int task, int mm, long position) {
        stream.newTask(out, task, mm, position);
    }

    @Override
    public void vmExit(
            Steps out, int reason, ExitDetail detail, ExitOutcome outcome, int task, int mm, int vm, long position) {
        stream.vmExit(out, reason, detail.ordinal(), outcome.ordinal(), task, mm, vm, position);
    }

    @Override
    public void vmReentry(Steps out, int reason, int task, int mm, int vm, long position) {
        stream.vmReentry(out, reason, task, mm, vm, position);
    }

    @Override
    public void user(Steps out, int task, int mm, long nanos, long position) {
        stream.user(out, task, mm, nanos, position);
    }

    @Override
    public void forget(int task) {
        blocked.clear(task);
        stream.syscallResumes(new Steps(1024), task, 0, false, 0);
    }

    @Override
    public long drawn() {
        return stream.drawn();
    }

    @Override
    public long borrowed() {
        return stream.borrowed();
    }
}
