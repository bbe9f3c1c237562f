package tollgate.replay;

import java.util.ArrayList;
import java.util.List;

/**
 * Pages for traces that one can work out by hand: every system call and fault fetches the text page T and
 * loads the object D; every VM exit fetches T, loads the VM's page V, and D if it goes to the VMM; every user
 * stretch fetches the user page U. T, D and V are 2 MiB leaves, U is 4 KiB.
 */
final class FixedPages implements PageSource {
    static final long T = Access.of(0xffffffff81000000L >> 12, MemoryClass.K_TEXT, Access.FETCH);
    static final long D = Access.of(0xffff888004000000L >> 12, MemoryClass.K_PROC_CUR, Access.LOAD);
    static final long V = Access.of(0xffff888008000000L >> 12, MemoryClass.K_VM_CUR, Access.LOAD);
    static final long U = Access.of(0x400000L >> 12, MemoryClass.U_CUR, Access.FETCH);

    /** Lengths of calls in nanoseconds, address spaces that begin and end. */
    final List<String> told = new ArrayList<>();

    @Override
    public void syscall(Steps out, int number, int task, int mm, boolean failed, long nanos, long position) {
        told.add("call of " + nanos);
        out.access(T);
        out.access(D);
    }

    @Override
    public void syscallBlocks(Steps out, int number, int task, int mm, long nanos, long position) {
        told.add("blocks after " + nanos);
        out.access(T);
    }

    @Override
    public void syscallResumes(Steps out, int task, int mm, boolean failed, long position) {
        out.access(D);
    }

    @Override
    public void fault(Steps out, boolean fromUser, int errorCode, int task, int mm, long position) {
        out.access(T);
        out.access(D);
    }

    @Override
    public void interrupt(Steps out, int vector, boolean fromUser, int task, int mm, long position) {
        out.access(T);
    }

    @Override
    public void switchOut(Steps out, int task, int mm, long position) {
        out.access(T);
    }

    @Override
    public void switchIn(Steps out, int task, int mm, long position) {}

    @Override
    public void newTask(Steps out, int task, int mm, long position) {
        out.access(T);
    }

    @Override
    public void vmExit(
            Steps out, int reason, ExitDetail detail, ExitOutcome outcome, int task, int mm, int vm, long position) {
        out.access(T);
        out.access(V);
        if (outcome == ExitOutcome.USERSPACE) {
            out.access(D);
        }
    }

    @Override
    public void vmReentry(Steps out, int reason, int task, int mm, int vm, long position) {}

    @Override
    public void user(Steps out, int task, int mm, long nanos, long position) {
        out.access(U);
    }

    @Override
    public void forget(int task) {}

    @Override
    public void newMm(int mm) {
        told.add("begins " + mm);
    }

    @Override
    public void forgetMm(int mm) {
        told.add("ends " + mm);
    }

    @Override
    public void called(int task, int mm, int number) {}

    @Override
    public void faulted(int mm) {}

    @Override
    public void drop(int task) {}

    @Override
    public long drawn() {
        return 0;
    }

    @Override
    public long borrowed() {
        return 0;
    }
}
