package tollgate.cli;

import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;
import tollgate.analysis.study.Plan;

/** The tasks of a study on the progress bar. */
final class StudyProgress implements TaskExecutor.Listener, AutoCloseable {
    private final Progress progress;

    StudyProgress(Plan plan) {
        progress = new Progress(plan.tasks().size());
    }

    @Override
    public void begun(TraceTask task) {}

    @Override
    public synchronized void reading(TraceTask task, long events) {
        progress.events(events);
    }

    @Override
    public synchronized void done(TraceTask task, Replayed replayed) {
        progress.start(replayed.trace().file());
    }

    @Override
    public synchronized void failed(TraceTask task, String reason) {
        progress.start(task.trace());
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
