package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Metric;

/** Cycles added per VM exit: what can be said of guests recorded without a real clock, and of all others with exits. */
@AutoService(Chart.class)
public final class ExitCost implements Chart {
    @Override
    public String name() {
        return "exit-cost";
    }

    @Override
    public String title() {
        return "Cost of a VM exit";
    }

    @Override
    public String about() {
        return "Cycles added per VM exit, where the recording has no real clock.";
    }

    @Override
    public int place() {
        return 20;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return chart(comparison).hasFigures();
    }

    @Override
    public String caption(Comparison comparison) {
        return "Cycles added by each strategy per VM exit, priced for "
                + comparison.cpu().title() + ", for the workloads that have exits. "
                + Captions.intervals(chart(comparison).isLogarithmic());
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        return chart(comparison).sheets(width, "added cycles per VM exit");
    }

    private static IntervalChart chart(Comparison comparison) {
        return new IntervalChart(Metric.CYCLES_PER_EXIT, comparison, ExitCost::shows);
    }

    private static boolean shows(Workload workload) {
        return workload.trace().vmExits() > 0;
    }
}
