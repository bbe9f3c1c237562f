package tollgate.cli;

import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;
import tollgate.analysis.study.Plan;

/**
 * The tasks of a study on the progress bar. Of tasks that run elsewhere, where nobody sees the machine work, each finished
 * one is a line if there is no bar.
 */
final class StudyProgress implements TaskExecutor.Listener, AutoCloseable {
    private final Progress progress;
    private final int tasks;
    private final boolean isElsewhere;
    private int ended;

    StudyProgress(Plan plan, boolean isElsewhere) {
        tasks = plan.tasks().size();
        progress = new Progress(tasks);
        this.isElsewhere = isElsewhere;
    }

    @Override
    public void begun(TraceTask task) {}

    @Override
    public synchronized void reading(TraceTask task, long events) {
        progress.events(events);
    }

    @Override
    public void done(TraceTask task, Replayed replayed) {
        ended(replayed.trace().file(), "replayed");
    }

    @Override
    public void failed(TraceTask task, String reason) {
        ended(task.trace(), "failed");
    }

    private synchronized void ended(String trace, String how) {
        ended++;
        if (isElsewhere && !progress.isShown()) {
            said(ended + " of " + tasks + " tasks: " + trace + " " + how);
        }
        progress.start(trace);
    }

    @Override
    public synchronized void said(String line) {
        System.err.println("tollgate: " + line);
    }

    @Override
    public synchronized void close() {
        progress.close();
    }
}
