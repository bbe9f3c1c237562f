package tollgate.analysis.study;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;
import tollgate.ingest.Sidecar;
import tollgate.replay.StrategyText;

/**
 * A study cut into tasks: for each trace and machine one of the study's strategies, and more for the values of sweeps
 * over parameters of strategies. CPUs with the same machine and strategies share theirs.
 *
 * @param tasks none twice, in the order of the study
 * @param cells those of each trace and CPU: first the study's own, then those of sweeps
 * @param changed likewise those of CPUs that sweeps move
 * @param failed traces that cannot even be opened, with the reason
 */
public record Plan(
        List<TraceTask> tasks,
        Map<Cell, List<TraceTask>> cells,
        Map<Cell, List<TraceTask>> changed,
        Map<String, String> failed) {
    /** Strategies replayed at once for sweeps: each costs memory of its own, reading the trace anew costs time. */
    private static final int AT_ONCE = 16;

    /** @param trace name of the workload */
    public record Cell(String trace, String cpu) {}

    /** @throws BadInput if the study names a file that has gone meanwhile */
    public static Plan of(Study study) throws IOException {
        Map<String, TraceTask> tasks = new LinkedHashMap<>();
        Map<Cell, List<TraceTask>> cells = new LinkedHashMap<>();
        Map<Cell, List<TraceTask>> changed = new LinkedHashMap<>();
        Map<String, String> failed = new LinkedHashMap<>();
        String footprints = study.footprints().map(Path::toString).orElse("");
        String footprintsSha256 = footprints.isEmpty() ? "" : Input.sha256(footprints);
        List<Checked> all = study.traces().parallelStream().map(Checked::of).toList();
        for (Checked checked : all) {
            Study.Trace trace = checked.trace();
            if (!checked.failure().isEmpty()) {
                failed.put(trace.name(), checked.failure());
                continue;
            }
            Function<CpuProfile, Function<List<StrategyText>, TraceTask>> tasked = cpu -> strategies -> {
                TraceTask task = new TraceTask(
                        trace.location(),
                        checked.sha256(),
                        trace.format(),
                        checked.sidecar(),
                        study.damage(),
                        strategies,
                        cpu.machine(),
                        footprints,
                        footprintsSha256,
                        study.seed());
                TraceTask twin = tasks.putIfAbsent(task.identity(), task);
                return twin == null ? task : twin;
            };
            for (CpuProfile cpu : study.cpus()) {
                List<TraceTask> own = groups(study, trace.name(), cpu).stream()
                        .map(tasked.apply(cpu))
                        .toList();
                cells.put(new Cell(trace.name(), cpu.name()), own);
                moved(study, trace.name(), cpu).forEach((other, strategies) -> {
                    Cell cell = new Cell(trace.name(), other.name());
                    boolean isSame = other.machine().equals(cpu.machine());
                    changed.put(
                            cell,
                            isSame
                                    ? own
                                    : atOnce(List.copyOf(strategies.values())).stream()
                                            .map(tasked.apply(other))
                                            .toList());
                });
            }
        }
        return new Plan(List.copyOf(tasks.values()), cells, changed, failed);
    }

    /** Those of a trace and a CPU, the study's or one that sweeps move. */
    List<TraceTask> of(Cell cell) {
        return cells.getOrDefault(cell, changed.getOrDefault(cell, List.of()));
    }

    /** The CPUs that a task is for. */
    public List<String> cpus(TraceTask task) {
        return Stream.of(cells, changed)
                .flatMap(all -> all.entrySet().stream())
                .filter(cell -> cell.getValue().contains(task))
                .map(cell -> cell.getKey().cpu())
                .distinct()
                .toList();
    }

    /** What a CPU becomes at points of sweeps over this trace, with the strategies that they show there, by name. */
    private static Map<CpuProfile, Map<String, StrategyText>> moved(Study study, String trace, CpuProfile cpu) {
        Map<String, CpuProfile> byName = new HashMap<>();
        Map<CpuProfile, Map<String, StrategyText>> moved = new LinkedHashMap<>();
        for (Sweep sweep : study.sweeps()) {
            if (!sweep.concerns(trace, cpu.name())
                    || sweep.axes().stream().noneMatch(axis -> axis.kind() == Axis.Kind.CPU)) {
                continue;
            }
            for (int i = 0; i < sweep.over().values().size(); i++) {
                for (int j = 0; j < sweep.seconds(); j++) {
                    CpuProfile at = sweep.cpu(cpu, i, j);
                    CpuProfile other = byName.computeIfAbsent(at.name(), any -> at);
                    Map<String, StrategyText> texts = moved.computeIfAbsent(other, any -> new LinkedHashMap<>());
                    for (String strategy : sweep.shown()) {
                        StrategyText text = StudyFile.text(sweep.at(strategy, i, j), cpu, study.folder());
                        texts.putIfAbsent(text.strategy().name(), text);
                    }
                }
            }
        }
        return moved;
    }

    /** The study's strategies, then those that only sweeps over this trace on this CPU need. */
    private static List<List<StrategyText>> groups(Study study, String trace, CpuProfile cpu) {
        List<List<StrategyText>> groups = new ArrayList<>();
        List<StrategyText> own = study.strategies().stream()
                .map(name -> StudyFile.text(name, cpu, study.folder()))
                .toList();
        groups.add(own);
        Set<String> names = new LinkedHashSet<>();
        own.forEach(text -> names.add(text.strategy().name()));
        List<StrategyText> more = new ArrayList<>();
        for (Sweep sweep : study.sweeps()) {
            for (String name : sweep.concerns(trace, cpu.name()) ? sweep.variants() : List.<String>of()) {
                StrategyText text = StudyFile.text(name, cpu, study.folder());
                if (names.add(text.strategy().name())) {
                    more.add(text);
                }
            }
        }
        groups.addAll(atOnce(more));
        return groups;
    }

    private static List<List<StrategyText>> atOnce(List<StrategyText> all) {
        List<List<StrategyText>> groups = new ArrayList<>();
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            groups.add(all.subList(i, Math.min(all.size(), i + AT_ONCE)));
        }
        return groups;
    }

    /**
     * A trace that was looked at.
     *
     * @param failure why it cannot be used, or empty
     */
    private record Checked(Study.Trace trace, String sha256, String sidecar, String failure) {
        /** The hash is read off the whole trace unless the study says it; whoever replays it checks it. */
        static Checked of(Study.Trace trace) {
            try {
                String sha256 = trace.sha256().isEmpty() ? Input.sha256(trace.location()) : trace.sha256();
                String sidecar = trace.sidecar().isPresent()
                        ? trace.sidecar().get()
                        : Sidecar.textBeside(trace.location()).orElse("");
                return new Checked(trace, sha256, sidecar, "");
            } catch (IOException | RuntimeException e) {
                return new Checked(trace, "", "", TaskExecutor.reason(e));
            }
        }
    }
}
