package tollgate.replay.pages;

import tollgate.ingest.ExitReason;
import tollgate.replay.PageSource;
import tollgate.replay.Steps;

/** Pages drawn from {@link Footprints}, as the timeline asks for them. */
public final class DrawnPages implements PageSource {
    private static final int SVM_MSR = ExitReason.id(ExitReason.SVM, 0x7c);
    private static final int VMX_RDMSR = ExitReason.id(ExitReason.VMX, 31);
    private static final int VMX_WRMSR = ExitReason.id(ExitReason.VMX, 32);

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
        stream.switchOut(out, task, mm, position);
    }

    @Override
    public void switchIn(Steps out, int task, int mm, long position) {
        stream.switchIn(out, task, mm, position);
    }

    @Override
    public void newTask(Steps out, int task, int mm, long position) {
        stream.newTask(out, task, mm, position);
    }

    @Override
    public void vmExit(
            Steps out, int reason, ExitDetail detail, ExitOutcome outcome, int task, int mm, int vm, long position) {
        stream.vmExit(out, reason, detail(reason, detail), outcome.ordinal(), task, mm, vm, position);
    }

    private static int detail(int reason, ExitDetail detail) {
        boolean isMsr = reason == SVM_MSR || reason == VMX_RDMSR || reason == VMX_WRMSR;
        return switch (detail) {
            case NONE -> PageStream.ANY;
            case READ -> isMsr ? PageStream.MSR_READ : PageStream.IO_IN;
            case WRITE -> isMsr ? PageStream.MSR_WRITE : PageStream.IO_OUT;
            case STRING_READ -> PageStream.IO_INS;
            case STRING_WRITE -> PageStream.IO_OUTS;
            case MEMORY -> PageStream.NPF_MEMORY;
            case MMIO -> PageStream.NPF_MMIO;
            case MMIO_EVENTFD -> PageStream.NPF_EVENTFD;
        };
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
        stream.forget(task);
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
