package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Metric;

/** Overhead of every strategy on every workload whose recording has a real clock. */
@AutoService(Chart.class)
public final class Overhead implements Chart {
    @Override
    public String name() {
        return "overhead";
    }

    @Override
    public String title() {
        return "Overhead";
    }

    @Override
    public String about() {
        return "Added time of every strategy on every workload, with intervals.";
    }

    @Override
    public int place() {
        return 10;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return chart(comparison).hasFigures();
    }

    @Override
    public String caption(Comparison comparison) {
        return "Time added by each strategy, as a share of the workload's busy time without it, priced for "
                + comparison.cpu().title() + ". "
                + Captions.intervals(chart(comparison).isLogarithmic());
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        return chart(comparison).sheets(width, "added time, % of busy time");
    }

    private static IntervalChart chart(Comparison comparison) {
        return new IntervalChart(Metric.OVERHEAD, comparison, Overhead::shows);
    }

    private static boolean shows(Workload workload) {
        return MainMetric.of(workload) == Metric.OVERHEAD;
    }
}
