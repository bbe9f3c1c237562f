package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tollgate.analysis.Calls;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/**
 * Which system calls, exits and interrupts pay: for each strategy, on the workload where it costs most, the causes that
 * add most. The axis is in shares of what the strategy adds there, because strategies differ by orders of magnitude.
 */
@AutoService(Chart.class)
public final class TopCauses implements Chart {
    /** Causes shown of each strategy. */
    private static final int SHOWN = 5;

    private static final String UNIT = "% of the added cycles";

    /** A strategy where it costs most. */
    private record Case(Workload workload, Strategy strategy, Metric metric) {
        double value() {
            return ((Estimate) MainMetric.figure(strategy, metric)).value();
        }

        List<Calls.Cause> causes() {
            List<Calls.Cause> all = strategy.calls().causes();
            return all.subList(0, Math.min(SHOWN, all.size()));
        }
    }

    @Override
    public String name() {
        return "top-causes";
    }

    @Override
    public String title() {
        return "Which calls and exits pay most";
    }

    @Override
    public String about() {
        return "The system calls, exits and interrupts that pay most under each strategy, with intervals.";
    }

    @Override
    public int place() {
        return 42;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return !cases(comparison).isEmpty();
    }

    @Override
    public String caption(Comparison comparison) {
        return "The " + SHOWN
                + " causes under which each strategy adds most, on the workload where it costs most, priced"
                + " for " + comparison.cpu().title() + ": system calls, faults, interrupts and VM exits with what they"
                + " bring about in user mode after them. The mark is the share of all cycles that the strategy adds"
                + " there, the line its 5 to 95 % interval over prices; on the right, where there is room, stands what one"
                + " occurrence pays on average, in cycles. All causes of all workloads are in breakdown.csv.";
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        double low = 0;
        double high = 0;
        List<RowFigure.Group> groups = new ArrayList<>();
        int style = 0;
        boolean hasRoom = width >= Sheet.PAGE;
        for (Case one : cases(comparison)) {
            List<RowFigure.Row> rows = new ArrayList<>();
            for (Calls.Cause cause : one.causes()) {
                low = Math.min(low, Math.min(cause.share().low(), cause.share().value()));
                high = Math.max(
                        high, Math.max(cause.share().high(), cause.share().value()));
                rows.add(new RowFigure.Row(
                        Fonts.printable(cause.name()),
                        new IntervalMark(cause.share(), style, UNIT),
                        hasRoom ? each(cause) : ""));
            }
            style++;
            groups.add(new RowFigure.Group(
                    Fonts.printable(
                            one.strategy().name() + " on " + one.workload().name()),
                    hasRoom ? "cycles each" : "",
                    rows));
        }
        double from = low;
        double to = high;
        return new RowFigure(
                        width,
                        "share of the added cycles, %",
                        List.of(),
                        groups,
                        (left, right) -> Axis.linear(from, to, left, right))
                .sheets();
    }

    /** What one occurrence pays, with the interval that its digits come from. */
    private static String each(Calls.Cause cause) {
        if (cause.times() == 0) {
            return "";
        }
        double by = cause.times();
        Estimate cycles = cause.cycles();
        return Rounded.both(new Estimate(cycles.value() / by, cycles.low() / by, cycles.high() / by));
    }

    /** In the order in which the strategies come. */
    private static List<Case> cases(Comparison comparison) {
        return IntervalChart.oneEach(
                comparison, TopCauses::of, Comparator.comparing(Case::metric).thenComparing(one -> -one.value()));
    }

    private static Stream<Case> of(Workload workload, String name) {
        Metric metric = MainMetric.of(workload);
        return IntervalChart.added(workload, name).stream()
                .filter(each -> !each.calls().causes().isEmpty() && MainMetric.figure(each, metric) instanceof Estimate)
                .map(each -> new Case(workload, each, metric));
    }
}
