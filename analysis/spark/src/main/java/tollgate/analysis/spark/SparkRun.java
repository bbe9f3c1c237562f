package tollgate.analysis.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;

/**
 * The tasks of one study on one Spark context.
 *
 * <p>Results are told one by one as they come, by the thread that called, so that what is finished is kept whatever
 * happens later. Spark gives up a job when one of its tasks was lost too often ({@code spark.task.maxFailures}), say because
 * its trace needs more memory than an executor has: that task fails, and a new job has what is left.
 */
final class SparkRun implements AutoCloseable {
    /** Between looks at what is late, ms. */
    private static final long LOOK = 500;

    /** What Spark's listeners hear comes a little later than the end of the job, ms. */
    private static final long HEARSAY = 10_000;

    private final SparkContext spark;
    private final List<TraceTask> tasks = new ArrayList<>();
    private final TaskExecutor.Listener listener;
    private final Watch watch;
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final int cpusPerTask;

    SparkRun(List<TraceTask> tasks, TaskExecutor.Listener listener) throws IOException {
        SparkConf conf = new SparkConf();
        if (!conf.contains("spark.master")) {
            throw new TaskExecutor.GaveUp(
                    "no Spark master is named; 'tollgate study --spark' says how to start it", null);
        }
        HadoopFiles files = new HadoopFiles();
        record Sized(TraceTask task, long bytes) {}
        tasks.stream()
                .map(task -> new Sized(task, files.size(task.trace())))
                .sorted(Comparator.comparingLong(Sized::bytes).reversed())
                .forEach(each -> this.tasks.add(each.task()));
        this.listener = listener;
        watch = new Watch(this.tasks, listener);
        // Results are taken as they come, so that their sum is no danger to the driver.
        conf.setIfMissing("spark.app.name", "tollgate study").setIfMissing("spark.driver.maxResultSize", "0");
        spark = new SparkContext(conf);
        spark.addSparkListener(watch);
        cpusPerTask = Math.max(1, conf.getInt("spark.task.cpus", 1));
    }

    void all() throws IOException {
        long begun = System.currentTimeMillis();
        RDD<TraceTask> partitions = JavaSparkContext.fromSparkContext(spark)
                .parallelize(tasks, tasks.size())
                .rdd();
        Set<Integer> left =
                new TreeSet<>(IntStream.range(0, tasks.size()).boxed().toList());
        while (!left.isEmpty()) {
            SimpleFutureAction<Object> job = spark.submitJob(
                    partitions,
                    new Work(cpusPerTask),
                    CollectionConverters.asScala(List.<Object>copyOf(left)).toSeq(),
                    new Arrival(outcomes),
                    () -> null);
            try {
                tell(job, left);
            } finally {
                job.cancel();
            }
            if (!left.isEmpty()) {
                int lost = lost(job, left);
                listener.failed(tasks.get(lost), watch.reason(lost));
                left.remove(lost);
            }
        }
        watch.use(
                        CollectionConverters.asJava(spark.statusStore().executorList(false)),
                        cpusPerTask,
                        begun,
                        System.currentTimeMillis())
                .forEach(listener::said);
    }

    /** Until the job is over and all that it sent is told. */
    private void tell(SimpleFutureAction<Object> job, Set<Integer> left) throws IOException {
        while (true) {
            boolean isOver = job.isCompleted();
            Outcome outcome = next(isOver ? 0 : LOOK);
            if (outcome != null) {
                TraceTask task = tasks.get(outcome.partition());
                left.remove(outcome.partition());
                if (outcome.isDone()) {
                    listener.done(task, Replayed.unpacked(outcome.replayed()));
                } else {
                    listener.failed(task, outcome.failure());
                }
            } else if (isOver) {
                return;
            }
            watch.late().forEach(listener::said);
        }
    }

    private Outcome next(long millis) throws IOException {
        try {
            return outcomes.poll(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while replaying", e);
        }
    }

    /** The task for which Spark gave up. @throws IOException if it gave up for another reason */
    private int lost(SimpleFutureAction<Object> job, Set<Integer> left) throws IOException {
        int most = spark.isLocal() ? 1 : spark.conf().getInt("spark.task.maxFailures", 4);
        long until = System.currentTimeMillis() + HEARSAY;
        while (!spark.isStopped() && System.currentTimeMillis() < until) {
            int lost = watch.lostMostOften(left);
            if (lost >= 0 && watch.timesLost(lost) >= most) {
                return lost;
            }
            next(LOOK);
        }
        Throwable cause = job.value().get().failed().get();
        throw new TaskExecutor.GaveUp(
                "Spark gave up with " + left.size() + " tasks left: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
                        + "; what is finished is kept, run the study again when the cluster is well",
                cause);
    }

    @Override
    public void close() {
        spark.stop();
    }

    /** Called by Spark's scheduler, which must not wait. */
    private static final class Arrival extends AbstractFunction2<Object, Outcome, BoxedUnit> {
        private final BlockingQueue<Outcome> outcomes;

        Arrival(BlockingQueue<Outcome> outcomes) {
            this.outcomes = outcomes;
        }

        @Override
        public BoxedUnit apply(Object index, Outcome outcome) {
            outcomes.add(outcome);
            return BoxedUnit.UNIT;
        }
    }
}
