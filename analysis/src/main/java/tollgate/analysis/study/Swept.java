package tollgate.analysis.study;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Figure;
import tollgate.analysis.Fixed;
import tollgate.analysis.Metric;
import tollgate.analysis.Repricing;

/**
 * What a sweep says.
 *
 * @param sweep asked for
 * @param rows by trace, CPU, strategy and value
 * @param crossovers of its strategies; none for a grid, or where values are words
 */
public record Swept(Sweep sweep, List<Row> rows, List<Crossover> crossovers) {
    /**
     * One figure of a sweep.
     *
     * @param strategy as reports name it; that whose parameter is swept as the study does
     * @param i index of the value of the first axis
     * @param j of the second, 0 without one
     */
    public record Row(String trace, String cpu, String strategy, Metric metric, int i, int j, Figure figure) {}

    /**
     * Where two strategies change places, or one of them and the sweep's level.
     *
     * @param a is the cheaper one below
     * @param b is the cheaper one above
     * @param at value of the axis, by straight lines between the points; the interval ends with the axis
     * @param draws percent of the draws in which they change places on the axis at all
     */
    public record Crossover(
            String trace, String cpu, String a, String b, Metric metric, Figure.Estimate at, double draws) {}

    /** One strategy over the values of the first axis. */
    private record Curve(String strategy, List<Repricing.Point> points) {}

    /** All sweeps of a study. */
    public static List<Swept> of(Study study, Finished finished) {
        List<Swept> all = study.sweeps().stream()
                .map(sweep -> new Swept(sweep, new ArrayList<>(), new ArrayList<>()))
                .toList();
        for (String trace : all.isEmpty() ? List.<String>of() : finished.workloads()) {
            for (CpuProfile cpu : study.cpus()) {
                Map<String, List<Repricing>> repriced = new HashMap<>();
                all.stream()
                        .filter(each -> each.sweep().concerns(trace, cpu.name()))
                        .forEach(each -> each.add(study, finished, trace, cpu, repriced));
            }
        }
        return all;
    }

    /** Prices the sweep over one trace on one CPU. @param byCpu what is priced on it and on those that it becomes */
    private void add(Study study, Finished finished, String trace, CpuProfile cpu, Map<String, List<Repricing>> byCpu) {
        boolean isOverRate = sweep.axes().stream().anyMatch(axis -> axis.kind() == Axis.Kind.RATE);
        Metric metric = isOverRate
                ? Metric.OVERHEAD
                : sweep.metric()
                        .orElseGet(() -> repriced(study, trace, cpu, finished, byCpu)
                                .get(0)
                                .main());
        Map<String, Curve> curves = new LinkedHashMap<>();
        for (int i = 0; i < sweep.over().values().size(); i++) {
            for (int j = 0; j < sweep.seconds(); j++) {
                Fixed fixed = fixed(sweep, i, j);
                CpuProfile changed = sweep.cpu(cpu, i, j);
                List<Repricing> repriced = repriced(study, trace, changed, finished, byCpu);
                Map<Repricing, Repricing.At> held = new HashMap<>();
                for (String strategy : sweep.shown()) {
                    boolean isVaried = sweep.varied().filter(strategy::equals).isPresent();
                    String name = StudyFile.text(sweep.at(strategy, i, j), cpu, study.folder())
                            .strategy()
                            .name();
                    Repricing.Point point = repriced.stream()
                            .filter(each -> each.has(name))
                            .findFirst()
                            .map(each -> held.computeIfAbsent(each, any -> any.at(fixed))
                                    .point(metric, name))
                            .orElseGet(() -> missing(finished.reason(trace, changed.name(), name), name));
                    String label = isVaried ? strategy : name;
                    rows.add(new Row(trace, cpu.name(), label, metric, i, j, point.figure()));
                    curves.computeIfAbsent(label, any -> new Curve(any, new ArrayList<>()))
                            .points()
                            .add(point);
                }
            }
        }
        if (sweep.and().isEmpty() && sweep.over().isNumeric()) {
            cross(trace, cpu, metric, new ArrayList<>(curves.values()));
        }
    }

    /** Every pair of curves, and each with the level. */
    private void cross(String trace, CpuProfile cpu, Metric metric, List<Curve> all) {
        sweep.level().ifPresent(level -> all.add(level(level, metric, all.get(0))));
        for (int a = 0; a < all.size(); a++) {
            for (int b = a + 1; b < all.size(); b++) {
                crossover(trace, cpu.name(), metric, sweep.over(), all.get(a), all.get(b))
                        .ifPresent(crossovers::add);
            }
        }
    }

    /** The replays on a CPU, ready to be priced; the points of all sweeps share them. */
    private static List<Repricing> repriced(
            Study study, String trace, CpuProfile cpu, Finished finished, Map<String, List<Repricing>> byCpu) {
        return byCpu.computeIfAbsent(
                cpu.name(),
                any -> finished.all(trace, cpu.name()).stream()
                        .map(each -> new Repricing(each, cpu, study.draws(), study.seed()))
                        .toList());
    }

    /** Its task failed, which is not the trace's fault. */
    private static Repricing.Point missing(Optional<String> reason, String strategy) {
        return new Repricing.Point(
                new Figure.CannotTell("the replay failed: "
                        + reason.orElseThrow(() -> new IllegalStateException(strategy + " was not replayed"))),
                new double[0]);
    }

    /** What is tolerated, as if it were a strategy that always adds as much. */
    private static Curve level(double level, Metric metric, Curve like) {
        return new Curve(
                name(level, metric),
                like.points().stream()
                        .map(point -> {
                            double[] samples = new double[point.samples().length];
                            Arrays.fill(samples, level);
                            return new Repricing.Point(Figure.Estimate.exact(level), samples);
                        })
                        .toList());
    }

    /** {@code level 0.1 %}. */
    static String name(double level, Metric metric) {
        return "level " + BigDecimal.valueOf(level).stripTrailingZeros().toPlainString() + " " + metric.unit();
    }

    private static Fixed fixed(Sweep sweep, int i, int j) {
        Map<String, Double> prices = new HashMap<>();
        Map<String, Double> model = new HashMap<>();
        Optional<Fixed.Rate> rate = Optional.empty();
        List<Axis> axes = sweep.axes();
        for (int axis = 0; axis < axes.size(); axis++) {
            Axis each = axes.get(axis);
            String value = each.values().get(axis == 0 ? i : j);
            switch (each.kind()) {
                case PRICE -> prices.put(each.target(), Double.parseDouble(value));
                case MODEL -> model.put(each.target(), Double.parseDouble(value));
                case RATE -> rate = Optional.of(new Fixed.Rate(each.event(), Double.parseDouble(value)));
                case STRATEGY, CPU -> {}
            }
        }
        return new Fixed(prices, model, rate);
    }

    private static Optional<Crossover> crossover(String trace, String cpu, Metric metric, Axis axis, Curve a, Curve b) {
        int points = axis.values().size();
        double[] positions = new double[points];
        double[] apart = new double[points];
        for (int i = 0; i < points; i++) {
            if (!(a.points().get(i).figure() instanceof Figure.Estimate one)
                    || !(b.points().get(i).figure() instanceof Figure.Estimate other)) {
                return Optional.empty();
            }
            positions[i] = isCurved(axis) ? Math.log(axis.position(i)) : axis.position(i);
            apart[i] = one.value() - other.value();
        }
        double at = crossing(positions, apart);
        if (Double.isNaN(at)) {
            return Optional.empty();
        }
        double after = end(apart);
        double[] drawn = new double[a.points().get(0).samples().length];
        int crossed = 0;
        for (int draw = 0; draw < drawn.length; draw++) {
            for (int i = 0; i < points; i++) {
                apart[i] = a.points().get(i).samples()[draw] - b.points().get(i).samples()[draw];
            }
            double here = crossing(positions, apart);
            crossed += Double.isNaN(here) ? 0 : 1;
            double beyond = end(apart) == after ? positions[0] : positions[points - 1];
            drawn[draw] = value(axis, Double.isNaN(here) ? beyond : here);
        }
        Figure.Estimate where = Repricing.interval(value(axis, at), drawn);
        double share = 100.0 * crossed / drawn.length;
        return Optional.of(
                after > 0
                        ? new Crossover(trace, cpu, a.strategy(), b.strategy(), metric, where, share)
                        : new Crossover(trace, cpu, b.strategy(), a.strategy(), metric, where, share));
    }

    private static double value(Axis axis, double position) {
        return isCurved(axis) ? Math.exp(position) : position;
    }

    /** Whether curves are straighter over the logarithm; over a rate they are straight lines. */
    private static boolean isCurved(Axis axis) {
        return axis.isLogarithmic() && axis.kind() != Axis.Kind.RATE;
    }

    /** The sign at the end: of the last value that is not 0. */
    private static double end(double[] values) {
        double sign = 0;
        for (double value : values) {
            sign = value == 0 ? sign : Math.signum(value);
        }
        return sign;
    }

    /** Where the line through the points first changes its sign; NaN if nowhere. Positions rise or fall. */
    static double crossing(double[] positions, double[] values) {
        int before = -1;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != 0) {
                if (before >= 0 && values[before] * values[i] < 0) {
                    double share = values[before] / (values[before] - values[i]);
                    return positions[before] + share * (positions[i] - positions[before]);
                }
                before = i;
            }
        }
        return Double.NaN;
    }
}
