package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.util.ArrayList;
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
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.reports.chart.RecordingGraphics.Form;
import tollgate.reports.chart.RecordingGraphics.Text;

final class IntervalChartTest {
    @Test
    void marksAndWhiskersStandWhereTheTickLabelsSay() {
        RecordingGraphics drawn = draw(new Estimate(2, 1, 4), new Estimate(4, 3, 5));
        // The axis runs from 0 to 5 with a label at each.
        assertThat(marks(drawn)).hasSize(2);
        assertThat(marks(drawn).get(0).box().getCenterX()).isCloseTo(middle(drawn, "2"), within(0.1));
        assertThat(marks(drawn).get(1).box().getCenterX()).isCloseTo(middle(drawn, "4"), within(0.1));
        assertThat(whisker(drawn, middle(drawn, "1"), middle(drawn, "4"))).isTrue();
        assertThat(whisker(drawn, middle(drawn, "3"), middle(drawn, "5"))).isTrue();
    }

    @Test
    void aWideSpreadIsShownOnALogarithmicAxis() {
        RecordingGraphics drawn = draw(new Estimate(0.1, 0.05, 0.2), new Estimate(10, 5, 20));
        double decade = middle(drawn, "10") - middle(drawn, "1");
        assertThat(middle(drawn, "1") - middle(drawn, "0.1")).isCloseTo(decade, within(0.1));
        assertThat(marks(drawn).get(0).box().getCenterX()).isCloseTo(middle(drawn, "0.1"), within(0.1));
    }

    @Test
    void zeroOnALogarithmicAxisIsAnArrowAndTheNumberNotAMark() {
        RecordingGraphics drawn = draw(new Estimate(0.1, 0.05, 0.2), new Estimate(10, 5, 20), new Estimate(0, 0, 0));
        assertThat(marks(drawn)).hasSize(2 + 1);
        assertThat(drawn.texts).extracting(Text::text).contains("0", "below the axis");
        Form arrow = marks(drawn).get(2);
        assertThat(arrow.box().getX()).isLessThan(middle(drawn, "0.1") - 10);
    }

    @Test
    void everyValueAboveZeroIsOnTheAxisHoweverFarApart() {
        RecordingGraphics drawn = draw(new Estimate(0.019, 0.002, 0.09), new Estimate(6100, 4000, 11100));
        assertThat(marks(drawn)).hasSize(2);
        assertThat(drawn.texts).extracting(Text::text).doesNotContain("below the axis");
    }

    @Test
    void whatCannotBeToldSaysSoAndHasNoMark() {
        RecordingGraphics drawn = draw(new Estimate(2, 1, 4), new CannotTell("no clock"));
        assertThat(marks(drawn)).hasSize(1);
        assertThat(drawn.texts).extracting(Text::text).contains("cannot tell: no clock");
    }

    @Test
    void negativeValuesKeepALinearAxis() {
        RecordingGraphics drawn = draw(new Estimate(-0.5, -1, 0.2), new Estimate(100, 80, 120));
        assertThat(marks(drawn).get(0).box().getCenterX()).isLessThan(middle(drawn, "0"));
    }

    private static RecordingGraphics draw(Figure... figures) {
        List<Strategy> strategies = new ArrayList<>();
        strategies.add(strategy("baseline", Estimate.exact(0)));
        for (int i = 0; i < figures.length; i++) {
            strategies.add(strategy("made-up strategy " + (char) ('a' + i), figures[i]));
        }
        Workload workload =
                new Workload("made-up", new Trace("f", "0", "x", "", 1, 1, 1, 0, 0, 0, 0, 0), strategies, List.of());
        Comparison comparison =
                new Comparison(new Cpu("cpu", "CPU", 1, Map.of()), List.of(workload), List.of(), List.of(), Map.of());
        return RecordingGraphics.of(
                new Overhead().sheets(comparison, Sheet.COLUMN).get(0));
    }

    private static Strategy strategy(String name, Figure overhead) {
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.OVERHEAD, overhead);
        return new Strategy(name, metrics, List.of(), List.of(), List.of());
    }

    /** Marks are the only filled forms. */
    private static List<Form> marks(RecordingGraphics drawn) {
        return drawn.forms.stream()
                .filter(form -> form.filled() && !form.colour().equals(Color.WHITE))
                .toList();
    }

    private static boolean whisker(RecordingGraphics drawn, double from, double to) {
        return drawn.forms.stream()
                .anyMatch(form -> Math.abs(form.box().getX() - from) < 0.1
                        && Math.abs(form.box().getMaxX() - to) < 0.1
                        && form.box().getHeight() < 0.01);
    }

    /** Middle of a tick label: the lowest text that says this. */
    private static double middle(RecordingGraphics drawn, String label) {
        return drawn.texts.stream()
                .filter(text -> text.text().equals(label))
                .max((a, b) -> Double.compare(a.box().getY(), b.box().getY()))
                .orElseThrow(() -> new AssertionError("no label " + label + " in " + drawn.texts))
                .box()
                .getCenterX();
    }
}
