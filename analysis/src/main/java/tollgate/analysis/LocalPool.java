package tollgate.analysis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import tollgate.ingest.Remote;
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
    public void run(List<TraceTask> tasks, Listener listener) throws IOException {
        if (tasks.isEmpty()) {
            return;
        }
        ForkJoinPool lanes = new ForkJoinPool(threads);
        ExecutorService traces = Executors.newFixedThreadPool((threads + 1) / 2);
        Stragglers stragglers = new Stragglers();
        try {
            Footprints footprints = tasks.get(0).load();
            List<TraceTask> longestFirst = new ArrayList<>(tasks);
            longestFirst.sort(Comparator.comparingLong(LocalPool::size).reversed());
            CompletionService<Void> all = new ExecutorCompletionService<>(traces);
            for (TraceTask task : longestFirst) {
                all.submit(() -> run(task, footprints, lanes, listener, stragglers), null);
            }
            for (int left = longestFirst.size(); left > 0; ) {
                Future<Void> ended = all.poll(1, TimeUnit.SECONDS);
                if (ended != null) {
                    ended.get();
                    left--;
                }
                stragglers.late(System.nanoTime()).forEach(listener::said);
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

    private static void run(
            TraceTask task, Footprints footprints, ExecutorService lanes, Listener listener, Stragglers stragglers) {
        listener.begun(task);
        stragglers.begun(task, "", System.nanoTime());
        Replayed replayed;
        try {
            replayed = task.run(footprints, lanes, events -> listener.reading(task, events));
        } catch (IOException | RuntimeException e) {
            listener.failed(task, TaskExecutor.reason(e));
            return;
        } finally {
            stragglers.ended(task, true, System.nanoTime());
        }
        listener.done(task, replayed);
    }

    private static long size(TraceTask task) {
        try {
            return Remote.isAddress(task.trace()) ? 0 : Files.size(Path.of(task.trace()));
        } catch (IOException e) {
            return 0;
        }
    }
}
