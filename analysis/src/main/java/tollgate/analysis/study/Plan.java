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
import java.util.function.BiFunction;
import java.util.stream.Stream;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Mainline;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;
import tollgate.ingest.Sidecar;
import tollgate.replay.Machine;
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
            BiFunction<Machine, List<StrategyText>, TraceTask> tasked = (machine, strategies) -> {
                TraceTask task = new TraceTask(
                        trace.location(),
                        checked.sha256(),
                        trace.format(),
                        checked.sidecar(),
                        study.damage(),
                        strategies,
                        machine,
                        footprints,
                        footprintsSha256,
                        study.seed());
                TraceTask twin = tasks.putIfAbsent(task.identity(), task);
                return twin == null ? task : twin;
            };
            for (CpuProfile cpu : study.cpus()) {
                List<TraceTask> own = groups(study, trace.name(), cpu).stream()
                        .map(each -> tasked.apply(cpu.machine(), each))
                        .toList();
                cells.put(new Cell(trace.name(), cpu.name()), own);
                Moved moved = Moved.of(study, trace.name(), cpu);
                Map<Machine, List<TraceTask>> byMachine = new HashMap<>(Map.of(cpu.machine(), own));
                moved.strategies()
                        .forEach((machine, strategies) -> byMachine.computeIfAbsent(
                                machine,
                                other -> atOnce(List.copyOf(strategies.values()), study, trace.name(), cpu).stream()
                                        .map(each -> tasked.apply(other, each))
                                        .toList()));
                moved.machines()
                        .forEach((name, machine) -> changed.put(new Cell(trace.name(), name), byMachine.get(machine)));
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

    /**
     * What a CPU becomes at points of sweeps over a trace.
     *
     * @param machines by its name there
     * @param strategies that the sweeps show on each machine, by name
     */
    private record Moved(Map<String, Machine> machines, Map<Machine, Map<String, StrategyText>> strategies) {
        static Moved of(Study study, String trace, CpuProfile cpu) {
            Moved moved = new Moved(new LinkedHashMap<>(), new LinkedHashMap<>());
            for (Sweep sweep : study.sweeps()) {
                if (sweep.concerns(trace, cpu.name())
                        && sweep.axes().stream().anyMatch(axis -> axis.kind() == Axis.Kind.CPU)) {
                    for (int i = 0; i < sweep.over().values().size(); i++) {
                        for (int j = 0; j < sweep.seconds(); j++) {
                            moved.add(study, sweep, cpu, i, j);
                        }
                    }
                }
            }
            return moved;
        }

        private void add(Study study, Sweep sweep, CpuProfile cpu, int i, int j) {
            CpuProfile at = sweep.cpu(cpu, i, j);
            machines.put(at.name(), at.machine());
            Map<String, StrategyText> own = strategies.computeIfAbsent(at.machine(), any -> new LinkedHashMap<>());
            for (String strategy : sweep.shown()) {
                StrategyText text = StudyFile.text(sweep.at(strategy, i, j), cpu, study.folder());
                own.putIfAbsent(text.strategy().name(), text);
            }
        }
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
        groups.addAll(atOnce(more, study, trace, cpu));
        return groups;
    }

    /** In groups, each with mainline where a sweep over this trace on this CPU is told against it. */
    private static List<List<StrategyText>> atOnce(List<StrategyText> all, Study study, String trace, CpuProfile cpu) {
        boolean isAgainst = study.sweeps().stream()
                .anyMatch(sweep -> sweep.concerns(trace, cpu.name()) && sweep.isAgainstMainline());
        StrategyText mainline = StudyFile.text(Mainline.NAME, cpu, study.folder());
        List<List<StrategyText>> groups = new ArrayList<>();
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            List<StrategyText> group = new ArrayList<>(all.subList(i, Math.min(all.size(), i + AT_ONCE)));
            if (isAgainst && !group.contains(mainline)) {
                group.add(mainline);
            }
            groups.add(group);
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
