package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Cpu;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

final class RateCurvesTest {
    /**
     * 2800 cycles x 10 000 exits/s at 2.8 GHz are 1 %: the middle of 100 to 1M and of 0.01 to 100 on logarithmic axes,
     * hence the middle of the plot. Ten times dearer is a quarter of the height further up.
     */
    @Test
    void anOverheadOfOnePercentLiesInTheMiddle() {
        RecordingGraphics one = draw(2800);
        Rectangle2D plot = plot(one);
        assertThat(heights(one, plot.getCenterX()))
                .anySatisfy(y -> assertThat(y).isCloseTo(plot.getCenterY(), within(0.3)));
        RecordingGraphics ten = draw(28_000);
        double quarter = 0.97 * plot.getHeight() / 4;
        assertThat(heights(ten, plot.getCenterX()))
                .anySatisfy(y -> assertThat(y).isCloseTo(plot.getCenterY() - quarter, within(0.3)));
    }

    @Test
    void linesStayWithinThePlot() {
        for (double cycles : new double[] {0.01, 1, 2800, 1e6, 1e8}) {
            RecordingGraphics drawn = draw(cycles);
            Rectangle2D plot = plot(drawn);
            assertThat(drawn.forms)
                    .filteredOn(form -> form.colour().equals(BLUE)
                            && !form.filled()
                            && form.box().getMaxY() > plot.getY())
                    .isNotEmpty()
                    .allSatisfy(form -> {
                        assertThat(form.box().getMinY()).isGreaterThan(plot.getMinY() - 0.5);
                        assertThat(form.box().getMaxY()).isLessThan(plot.getMaxY() + 0.5);
                        assertThat(form.box().getMaxX()).isLessThan(plot.getMaxX() + 0.5);
                    });
        }
    }

    private static final Color BLUE = new Color(0x0072b2);

    private static RecordingGraphics draw(double cycles) {
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.CYCLES_PER_EXIT, new Estimate(cycles, cycles / 2, cycles * 2));
        Strategy baseline = new Strategy("baseline", Map.of(), List.of(), List.of(), List.of());
        Strategy strategy = new Strategy("made-up", metrics, List.of(), List.of(), List.of());
        Trace trace = new Trace("f", "0", "x", "", 1, -1, 1, 1, 0, 0, 0, 0);
        Workload workload = new Workload("w", trace, List.of(baseline, strategy), List.of());
        Comparison comparison =
                new Comparison(new Cpu("cpu", "CPU", 2.8, Map.of()), List.of(workload), List.of(), List.of(), Map.of());
        return RecordingGraphics.of(
                new RateCurves().sheets(comparison, Sheet.COLUMN).get(0));
    }

    /** The plot's border: the largest outline. */
    private static Rectangle2D plot(RecordingGraphics drawn) {
        return drawn.forms.stream()
                .filter(form -> !form.filled())
                .map(RecordingGraphics.Form::box)
                .max(Comparator.comparingDouble(box -> box.getWidth() * box.getHeight()))
                .orElseThrow();
    }

    /** Of the marks that stand there. */
    private static List<Double> heights(RecordingGraphics drawn, double x) {
        return drawn.forms.stream()
                .filter(form -> form.filled()
                        && form.colour().equals(BLUE)
                        && Math.abs(form.box().getCenterX() - x) < 0.3)
                .map(form -> form.box().getCenterY())
                .toList();
    }
}
