package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.analysis.Comparison;

/** A study's sweeps of one parameter, a figure for each workload. */
@AutoService(Chart.class)
public final class SweepCurves implements Chart {
    @Override
    public String name() {
        return "sweep-curve";
    }

    @Override
    public String title() {
        return "Sweep over one parameter";
    }

    @Override
    public String about() {
        return "A figure against one swept parameter, with intervals and where strategies change places (studies only).";
    }

    @Override
    public int place() {
        return 60;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return !figures(comparison).isEmpty();
    }

    @Override
    public List<Chart> figures(Comparison comparison) {
        return SweepFigure.of(comparison, this, /* grid */ false);
    }

    @Override
    public String caption(Comparison comparison) {
        return "Each sweep has a figure with a caption of its own, priced for "
                + comparison.cpu().title() + ".";
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        return figures(comparison).stream()
                .flatMap(figure -> figure.sheets(comparison, width).stream())
                .toList();
    }
}
