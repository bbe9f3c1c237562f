package tollgate.replay;

/** Pages of events between the stretches of a sample: none. What was begun before is dropped, so that nothing goes on from it. */
final class Untouched implements PageSource {
    private final PageSource pages;

    Untouched(PageSource pages) {
        this.pages = pages;
    }

    @Override
    public void syscall(Steps out, int number, int task, int mm, boolean failed, long nanos, long position) {
        pages.called(task, mm, number);
    }

    @Override
    public void syscallBlocks(Steps out, int number, int task, int mm, long nanos, long position) {
        pages.called(task, mm, number);
        pages.drop(task);
    }

    @Override
    public void syscallResumes(Steps out, int task, int mm, boolean failed, long position) {
        pages.drop(task);
    }

    @Override
    public void fault(Steps out, boolean fromUser, int errorCode, int task, int mm, long position) {
        pages.faulted(mm);
    }

    @Override
    public void interrupt(Steps out, int vector, boolean fromUser, int task, int mm, long position) {}

    @Override
    public void switchOut(Steps out, int task, int mm, long position) {}

    @Override
    public void switchIn(Steps out, int task, int mm, long position) {}

    @Override
    public void newTask(Steps out, int task, int mm, long position) {}

    @Override
    public void vmExit(
            Steps out, int reason, ExitDetail detail, ExitOutcome outcome, int task, int mm, int vm, long position) {}

    @Override
    public void vmReentry(Steps out, int reason, int task, int mm, int vm, long position) {}

    @Override
    public void user(Steps out, int task, int mm, long nanos, long position) {}

    @Override
    public void forget(int task) {
        pages.forget(task);
    }

    @Override
    public void called(int task, int mm, int number) {
        pages.called(task, mm, number);
    }

    @Override
    public void faulted(int mm) {
        pages.faulted(mm);
    }

    @Override
    public void drop(int task) {
        pages.drop(task);
    }

    @Override
    public void newMm(int mm) {
        pages.newMm(mm);
    }

    @Override
    public void forgetMm(int mm) {
        pages.forgetMm(mm);
    }

    @Override
    public long drawn() {
        return pages.drawn();
    }

    @Override
    public long borrowed() {
        return pages.borrowed();
    }
}
