package tollgate.reports.chart;

import java.util.List;
import tollgate.analysis.Comparison;

/** A study's sweeps over as many parameters as a kind of chart shows: a figure with a caption of its own for each workload. */
abstract class Sweeps implements Chart {
    private final boolean isGrid;

    /** @param isGrid whether over two parameters */
    Sweeps(boolean isGrid) {
        this.isGrid = isGrid;
    }

    @Override
    public final boolean applies(Comparison comparison) {
        return !figures(comparison).isEmpty();
    }

    @Override
    public final List<Chart> figures(Comparison comparison) {
        return SweepFigure.of(comparison, this, isGrid);
    }

    @Override
    public final String caption(Comparison comparison) {
        return "Each sweep has a figure with a caption of its own, priced for "
                + comparison.cpu().title() + ".";
    }

    @Override
    public final List<Sheet> sheets(Comparison comparison, double width) {
        return figures(comparison).stream()
                .flatMap(figure -> figure.sheets(comparison, width).stream())
                .toList();
    }
}
