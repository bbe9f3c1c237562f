package tollgate.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import tollgate.ingest.BadInput;
import tollgate.ingest.yaml.Spelling;

/**
 * Where the tasks of a study run: here ({@link LocalPool}) or on somebody's cluster. An implementation of another module
 * is found on the class path by its {@link #name} ({@code @AutoService(TaskExecutor.class)}).
 *
 * <p>Tasks are independent of each other and of where they run: each gives the same result every time, so that a lost one
 * may simply run again. They and their results are {@link java.io.Serializable}.
 */
public interface TaskExecutor {
    /**
     * The one that has this name.
     *
     * @throws IllegalArgumentException if it is not on the class path, with those that are
     */
    static TaskExecutor named(String name, int threads) {
        List<TaskExecutor> all = new ArrayList<>();
        all.add(new LocalPool(threads));
        ServiceLoader.load(TaskExecutor.class, TaskExecutor.class.getClassLoader())
                .forEach(all::add);
        List<String> names = all.stream().map(TaskExecutor::name).sorted().toList();
        return all.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("unknown executor '" + name + "'" + Spelling.hint(name, names)));
    }

    /** As on the command line: {@code local}. */
    String name();

    /**
     * Runs all tasks and returns when each was told done or failed.
     *
     * @param listener told from several threads
     * @throws GaveUp if the tasks cannot go on, whatever they say: what was told done is done
     * @throws IOException if what all of them need cannot be read
     */
    void run(List<TraceTask> tasks, Listener listener) throws IOException;

    /** Where the tasks run, nothing runs any more. */
    final class GaveUp extends IOException {
        private static final long serialVersionUID = 1;

        /** @param message in one line, with the way out */
        public GaveUp(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Why a task failed, in one line. */
    static String reason(Exception failure) {
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return failure instanceof BadInput
                ? message
                : message + " (" + failure.getClass().getSimpleName() + ")";
    }

    /** Told what becomes of the tasks. */
    interface Listener {
        void begun(TraceTask task);

        /** @param events read so far */
        void reading(TraceTask task, long events);

        void done(TraceTask task, Replayed replayed);

        /** @param reason in one line; the other tasks go on */
        void failed(TraceTask task, String reason);

        /** @param line for the user, such as which tasks are late */
        void said(String line);
    }
}
