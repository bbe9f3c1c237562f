package tollgate.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tasks that run much longer than others do: a trace far larger than the rest, or a slow machine. Each is named once.
 *
 * <p>Much longer is {@value #TIMES} times the median of those that finished; nobody is called late before
 * {@value #ENOUGH} have finished, nor within {@value #PATIENCE_SECONDS} s.
 */
public final class Stragglers {
    static final int TIMES = 3;
    static final int ENOUGH = 3;
    static final int PATIENCE_SECONDS = 10;

    /** @param where it runs, empty for here */
    private record Begun(long nanos, String where) {}

    private final Map<TraceTask, Begun> running = new HashMap<>();
    private final List<Long> finished = new ArrayList<>();

    /**
     * @param now in nanoseconds, as {@link System#nanoTime}
     * @param where it runs, empty for here
     */
    public synchronized void begun(TraceTask task, String where, long now) {
        running.put(task, new Begun(now, where));
    }

    /** It is done or has failed, or was lost and will begin again. */
    public synchronized void ended(TraceTask task, boolean isFinished, long now) {
        Begun begun = running.remove(task);
        if (begun != null && isFinished) {
            finished.add(now - begun.nanos());
        }
    }

    /** A line for each task that is late now and was not before. */
    public synchronized List<String> late(long now) {
        List<String> late = new ArrayList<>();
        if (finished.size() < ENOUGH) {
            return late;
        }
        List<Long> sorted = finished.stream().sorted().toList();
        long median = sorted.get(sorted.size() / 2);
        long most = Math.max(TIMES * median, PATIENCE_SECONDS * 1_000_000_000L);
        Iterator<Map.Entry<TraceTask, Begun>> all = running.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<TraceTask, Begun> each = all.next();
            Begun begun = each.getValue();
            if (now - begun.nanos() > most) {
                late.add(each.getKey().trace() + " is late: " + seconds(now - begun.nanos()) + " s"
                        + (begun.where().isEmpty() ? "" : " on " + begun.where()) + ", the median of "
                        + finished.size() + " finished is " + seconds(median) + " s");
                all.remove();
            }
        }
        late.sort(null);
        return late;
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }
}
