package tollgate.analysis;

import java.util.List;

/**
 * Where the tasks of a study run: here ({@link LocalPool}) or on somebody's cluster. An implementation of another module
 * is found by its {@link #name} through {@link java.util.ServiceLoader} ({@code @AutoService(TaskExecutor.class)}).
 *
 * <p>Tasks are independent of each other and of where they run: each gives the same result every time, so that a lost one
 * may simply run again. They and their results are {@link java.io.Serializable}.
 */
public interface TaskExecutor {
    /** As on the command line: {@code local}, {@code spark}. */
    String name();

    /**
     * Runs all tasks and returns when each was told done or failed.
     *
     * @param listener told from several threads
     */
    void run(List<TraceTask> tasks, Listener listener);

    /** Told what becomes of the tasks. */
    interface Listener {
        void begun(TraceTask task);

        /** @param events read so far */
        void reading(TraceTask task, long events);

        void done(TraceTask task, Replayed replayed);

        /** @param reason in one line; the other tasks go on */
        void failed(TraceTask task, String reason);
    }
}
