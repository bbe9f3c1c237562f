package tollgate.analysis.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Metric;

/**
 * One or two things moved over their values, all else as in the study.
 *
 * @param name of its figure
 * @param over what is moved
 * @param and what else is moved, for a grid
 * @param metric shown; empty for the most telling that each recording allows
 * @param level of the metric: where each strategy reaches it is told
 * @param traces by the names of their workloads
 * @param cpus by name
 * @param strategies shown, as in the study; that of a strategy's axis is always
 */
public record Sweep(
        String name,
        Axis over,
        Optional<Axis> and,
        Optional<Metric> metric,
        OptionalDouble level,
        List<String> traces,
        List<String> cpus,
        List<String> strategies) {
    public Sweep {
        traces = List.copyOf(traces);
        cpus = List.copyOf(cpus);
        strategies = List.copyOf(strategies);
    }

    /** The axes that it has. */
    public List<Axis> axes() {
        return and.map(other -> List.of(over, other)).orElse(List.of(over));
    }

    boolean concerns(String trace, String cpu) {
        return traces.contains(trace) && cpus.contains(cpu);
    }

    /** The strategies, as written, that must be replayed for it besides the study's. */
    List<String> variants() {
        List<String> variants = new ArrayList<>();
        for (int i = 0; i < over.values().size(); i++) {
            for (int j = 0; j < seconds(); j++) {
                variant(i, j).ifPresent(variants::add);
            }
        }
        return variants;
    }

    /** The strategy of its axes as written at a point, if a parameter of one is swept. */
    Optional<String> variant(int i, int j) {
        String strategy = "";
        if (over.kind() == Axis.Kind.STRATEGY) {
            strategy = over.strategy(over.values().get(i));
        }
        if (and.isPresent() && and.get().kind() == Axis.Kind.STRATEGY) {
            strategy = strategy.isEmpty()
                    ? and.get().strategy(and.get().values().get(j))
                    : and.get().on(strategy).strategy(and.get().values().get(j));
        }
        return strategy.isEmpty() ? Optional.empty() : Optional.of(strategy);
    }

    /** The CPU at a point: itself where no axis moves it. */
    CpuProfile cpu(CpuProfile cpu, int i, int j) {
        CpuProfile changed = cpu;
        for (int axis = 0; axis < axes().size(); axis++) {
            Axis each = axes().get(axis);
            if (each.kind() == Axis.Kind.CPU) {
                changed = changed.with(
                        each.target(), Double.parseDouble(each.values().get(axis == 0 ? i : j)));
            }
        }
        return changed;
    }

    /** Whether its figures are told against mainline's defaults, which must be replayed wherever its strategies are. */
    boolean isAgainstMainline() {
        return metric.filter(Metric::isAgainstMainline).isPresent();
    }

    /** How many points there are on the second axis. */
    int seconds() {
        return and.map(axis -> axis.values().size()).orElse(1);
    }

    /** The strategies whose figures it has, as written in the study. */
    List<String> shown() {
        List<String> shown = new ArrayList<>(strategies);
        varied().filter(strategy -> !shown.contains(strategy)).ifPresent(shown::add);
        return shown;
    }

    /** One of these as it is written at a point. */
    String at(String strategy, int i, int j) {
        return varied().filter(strategy::equals).isPresent() ? variant(i, j).orElseThrow() : strategy;
    }

    /** The study's strategy whose parameter is swept, if one is. */
    Optional<String> varied() {
        return axes().stream()
                .filter(axis -> axis.kind() == Axis.Kind.STRATEGY)
                .map(Axis::target)
                .findFirst();
    }
}
