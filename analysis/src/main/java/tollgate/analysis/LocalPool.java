package tollgate.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import tollgate.replay.pages.Footprints;

/**
 * The tasks of a study on this machine: some traces at a time, the longest first, and the lanes of all of them in one
 * pool whose threads steal work from each other.
 */
public final class LocalPool implements TaskExecutor {
    private final int threads;

    /** @param threads that run lanes; half as many traces are open at a time, since each also has a thread that reads it */
    public LocalPool(int threads) {
        this.threads = Math.max(1, threads);
    }

    @Override
    public String name() {
        return "local";
    }

    @Override
    public void run(List<TraceTask> tasks, Listener listener) {
        if (tasks.isEmpty()) {
            return;
        }
        ForkJoinPool lanes = new ForkJoinPool(threads);
        ExecutorService traces = Executors.newFixedThreadPool((threads + 1) / 2);
        try {
            Footprints footprints = footprints(tasks.get(0));
            List<TraceTask> longestFirst = new ArrayList<>(tasks);
            longestFirst.sort(Comparator.comparingLong(LocalPool::size).reversed());
            List<Future<?>> all = new ArrayList<>();
            for (TraceTask task : longestFirst) {
                all.add(traces.submit(() -> run(task, footprints, lanes, listener)));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException ours ? ours : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while replaying", e);
        } finally {
            traces.shutdownNow();
            lanes.shutdownNow();
        }
    }

    private static void run(TraceTask task, Footprints footprints, ExecutorService lanes, Listener listener) {
        listener.begun(task);
        Replayed replayed;
        try {
            replayed = task.run(footprints, lanes, events -> listener.reading(task, events));
        } catch (IOException | RuntimeException e) {
            listener.failed(task, reason(e));
            return;
        }
        listener.done(task, replayed);
    }

    /** Of one study, so of one file. */
    private static Footprints footprints(TraceTask task) {
        try {
            return task.footprints().isEmpty() ? Footprints.shipped() : Footprints.load(Path.of(task.footprints()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long size(TraceTask task) {
        try {
            return Files.size(Path.of(task.trace()));
        } catch (IOException e) {
            return 0;
        }
    }

    private static String reason(Exception failure) {
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return failure instanceof tollgate.ingest.BadInput
                ? message
                : message + " (" + failure.getClass().getSimpleName() + ")";
    }
}
