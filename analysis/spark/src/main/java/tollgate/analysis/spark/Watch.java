package tollgate.analysis.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.status.api.v1.ExecutorSummary;
import tollgate.analysis.Stragglers;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;

/** What Spark says of the tasks: when and where they begin and end, what is lost, how busy each executor was. */
final class Watch extends SparkListener {
    /** @param reason of the last time */
    private record Loss(int times, String reason) {}

    private final List<TraceTask> tasks;
    private final TaskExecutor.Listener listener;
    private final Stragglers stragglers = new Stragglers();
    private final Map<Integer, Loss> losses = new HashMap<>();
    private final Map<String, Long> busyMillis = new TreeMap<>();
    private final Map<String, Integer> ran = new TreeMap<>();

    Watch(List<TraceTask> tasks, TaskExecutor.Listener listener) {
        this.tasks = tasks;
        this.listener = listener;
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
        TaskInfo info = start.taskInfo();
        TraceTask task = tasks.get(info.partitionId());
        stragglers.begun(task, "executor " + info.executorId() + ", " + info.host(), System.nanoTime());
        listener.begun(task);
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        TaskInfo info = end.taskInfo();
        TraceTask task = tasks.get(info.partitionId());
        stragglers.ended(task, info.successful(), System.nanoTime());
        busyMillis.merge(info.executorId(), info.duration(), Long::sum);
        ran.merge(info.executorId(), info.successful() ? 1 : 0, Integer::sum);
        if (end.reason() instanceof TaskFailedReason failed && failed.countTowardsTaskFailures()) {
            Loss before = losses.get(info.partitionId());
            losses.put(
                    info.partitionId(),
                    new Loss(before == null ? 1 : before.times() + 1, firstLine(failed.toErrorString())));
        }
    }

    /** Lines about tasks that are late now. */
    List<String> late() {
        return stragglers.late(System.nanoTime());
    }

    /** The partition that was lost most often of some, or -1. */
    synchronized int lostMostOften(Set<Integer> partitions) {
        return partitions.stream()
                .filter(losses::containsKey)
                .reduce((a, b) -> losses.get(b).times() > losses.get(a).times() ? b : a)
                .orElse(-1);
    }

    synchronized int timesLost(int partition) {
        return losses.containsKey(partition) ? losses.get(partition).times() : 0;
    }

    /** Why one was lost for the last time. */
    synchronized String reason(int partition) {
        Loss loss = losses.get(partition);
        return "lost " + loss.times() + (loss.times() == 1 ? " time" : " times") + " on the cluster, the last time: "
                + loss.reason();
    }

    /**
     * How busy each executor was: the time of its tasks over the time that its slots were there.
     *
     * @param executors as Spark knows them
     * @param cpusPerTask cores that a slot is
     * @param from when the first task could begin, as {@link System#currentTimeMillis}
     */
    synchronized List<String> use(List<ExecutorSummary> executors, int cpusPerTask, long from, long to) {
        List<String> lines = new ArrayList<>();
        for (ExecutorSummary each : executors) {
            int slots = each.totalCores() / cpusPerTask;
            if (slots > 0) {
                long begin = Math.max(from, each.addTime().getTime());
                long end = each.removeTime().isEmpty()
                        ? to
                        : each.removeTime().get().getTime();
                double busy = busyMillis.getOrDefault(each.id(), 0L) / 1e3;
                double there = Math.max(1, end - begin) / 1e3;
                lines.add(String.format(
                        Locale.ROOT,
                        "executor %s (%s): %d tasks, busy %.1f of %.1f core-seconds, %.0f %%%s",
                        each.id(),
                        each.hostPort(),
                        ran.getOrDefault(each.id(), 0),
                        busy,
                        there * slots,
                        100 * busy / (there * slots),
                        each.removeTime().isEmpty() ? "" : ", lost"));
            }
        }
        return lines;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").trim();
    }
}
