package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Metric;

/** Cycles added per kernel entry: comparable between workloads that enter the kernel at different rates. */
@AutoService(Chart.class)
public final class EntryCost implements Chart {
    @Override
    public String name() {
        return "entry-cost";
    }

    @Override
    public String title() {
        return "Cost of a kernel entry";
    }

    @Override
    public String about() {
        return "Cycles added per kernel entry, comparable between workloads.";
    }

    @Override
    public int place() {
        return 30;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return chart(comparison).hasFigures();
    }

    @Override
    public String caption(Comparison comparison) {
        return "Cycles added by each strategy per entry of the workload from user mode into the kernel, priced for "
                + comparison.cpu().title() + ". "
                + Captions.intervals(chart(comparison).isLogarithmic());
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        return chart(comparison).sheets(width, "added cycles per kernel entry");
    }

    private static IntervalChart chart(Comparison comparison) {
        return new IntervalChart(Metric.CYCLES_PER_ENTRY, comparison, EntryCost::shows);
    }

    private static boolean shows(Workload workload) {
        return workload.trace().kernelEntries() > 0 && workload.trace().vmExits() <= 0;
    }
}
