package tollgate.analysis.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;

/**
 * What came of a plan: the results of its tasks, by cell, and what is left out. A trace is left out where one of the
 * study's own tasks failed; a sweep's task that failed costs that sweep its rows.
 */
public final class Finished {
    private final Plan plan;
    private final Map<TraceTask, Replayed> results;
    private final Map<TraceTask, String> reasons;
    private final Map<String, String> failed = new LinkedHashMap<>();

    private Finished(Plan plan, Map<TraceTask, Replayed> results, Map<TraceTask, String> reasons) {
        this.plan = plan;
        this.results = results;
        this.reasons = reasons;
        failed.putAll(plan.failed());
        plan.cells().forEach((cell, tasks) -> {
            if (reasons.containsKey(tasks.get(0))) {
                failed.putIfAbsent(cell.trace(), reasons.get(tasks.get(0)));
            }
        });
    }

    /**
     * Runs the tasks that are not finished yet.
     *
     * @param store has the finished ones, and keeps those that are finished now
     * @param listener told of each task, also of those that were there
     * @throws IOException if a result cannot be kept, or the executor cannot go on
     */
    public static Finished run(Plan plan, TaskStore store, TaskExecutor executor, TaskExecutor.Listener listener)
            throws IOException {
        Map<TraceTask, Replayed> results = new ConcurrentHashMap<>();
        Map<TraceTask, String> reasons = new ConcurrentHashMap<>();
        List<TraceTask> left = new ArrayList<>();
        for (TraceTask task : plan.tasks()) {
            store.find(task)
                    .ifPresentOrElse(
                            replayed -> {
                                results.put(task, replayed);
                                listener.done(task, replayed);
                            },
                            () -> left.add(task));
        }
        executor.run(left, new TaskExecutor.Listener() {
            @Override
            public void begun(TraceTask task) {
                listener.begun(task);
            }

            @Override
            public void reading(TraceTask task, long events) {
                listener.reading(task, events);
            }

            @Override
            public void done(TraceTask task, Replayed replayed) {
                try {
                    store.keep(task, replayed);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                results.put(task, replayed);
                listener.done(task, replayed);
            }

            @Override
            public void failed(TraceTask task, String reason) {
                reasons.put(task, reason);
                listener.failed(task, reason);
            }

            @Override
            public void said(String line) {
                listener.said(line);
            }
        });
        return new Finished(plan, results, reasons);
    }

    /** Traces that are left out, with the reason, in the order of the study. */
    public Map<String, String> failed() {
        return failed;
    }

    /** Names of the traces that are not left out, in the order of the study. */
    public List<String> workloads() {
        return plan.cells().keySet().stream()
                .map(Plan.Cell::trace)
                .distinct()
                .filter(trace -> !failed.containsKey(trace))
                .toList();
    }

    /** The study's own strategies on one CPU's machine. */
    public Replayed own(String trace, String cpu) {
        return results.get(plan.cells().get(new Plan.Cell(trace, cpu)).get(0));
    }

    /** These, and those of sweeps that did not fail; or what sweeps that move the CPU replayed on another. */
    public List<Replayed> all(String trace, String cpu) {
        return plan.of(new Plan.Cell(trace, cpu)).stream()
                .map(results::get)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Why a strategy that only a sweep asks for was not replayed, if it was to be. */
    Optional<String> reason(String trace, String cpu, String strategy) {
        return plan.of(new Plan.Cell(trace, cpu)).stream()
                .filter(reasons::containsKey)
                .filter(task -> task.strategies().stream()
                        .anyMatch(each -> each.strategy().name().equals(strategy)))
                .map(reasons::get)
                .findFirst();
    }

    /** Sweeps' tasks that failed though their trace could be used, a line each. */
    public List<String> gaps() {
        return workloads().stream()
                .flatMap(trace -> tasks(trace)
                        .filter(reasons::containsKey)
                        .map(task -> trace + ": rows of a sweep are missing: " + reasons.get(task)))
                .distinct()
                .toList();
    }

    /** What was wrong with traces that could be used, one line each. */
    public List<String> warnings() {
        return workloads().stream()
                .flatMap(trace -> tasks(trace)
                        .filter(results::containsKey)
                        .flatMap(task -> results.get(task).warnings().stream())
                        .map(warning -> trace + ": " + warning))
                .distinct()
                .toList();
    }

    private Stream<TraceTask> tasks(String trace) {
        return Stream.of(plan.cells(), plan.changed())
                .flatMap(cells -> cells.entrySet().stream())
                .filter(cell -> cell.getKey().trace().equals(trace))
                .flatMap(cell -> cell.getValue().stream());
    }
}
