package tollgate.analysis.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;
import tollgate.replay.pages.Footprints;

/**
 * What an executor does with a partition: it replays its one task.
 *
 * <p>What is wrong with the trace or with us would be wrong everywhere and comes back as a value. What only this machine
 * may suffer from, a disk that is full or a file system that does not answer, is thrown, and Spark tries elsewhere.
 */
final class Work extends AbstractFunction1<Iterator<TraceTask>, Outcome> implements Serializable {
    private static final long serialVersionUID = 1;

    /** By their hash, for all tasks of this machine: they are large and read-only. */
    private static final Map<String, Footprints> FOOTPRINTS = new ConcurrentHashMap<>();

    private final int threads;

    /** @param threads that run the lanes of a task */
    Work(int threads) {
        this.threads = threads;
    }

    @Override
    public Outcome apply(Iterator<TraceTask> one) {
        TraceTask task = one.next();
        int partition = TaskContext.getPartitionId();
        ExecutorService lanes = Executors.newFixedThreadPool(threads);
        try {
            return Outcome.done(
                    partition, task.run(footprints(task), lanes, events -> {}).packed());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            TaskContext.get().killTaskIfInterrupted();
            return Outcome.failed(partition, TaskExecutor.reason(e));
        } finally {
            lanes.shutdownNow();
        }
    }

    private static Footprints footprints(TraceTask task) throws IOException {
        Footprints loaded = FOOTPRINTS.get(task.footprintsSha256());
        if (loaded == null) {
            loaded = task.load();
            FOOTPRINTS.put(task.footprintsSha256(), loaded);
        }
        return loaded;
    }
}
