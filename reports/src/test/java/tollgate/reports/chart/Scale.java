package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tollgate.analysis.Figure.Estimate;
import tollgate.reports.chart.RecordingGraphics.Form;
import tollgate.reports.chart.RecordingGraphics.Text;

/** A horizontal axis as a reader finds it: numbers in a row, each below a vertical line. */
final class Scale {
    /** Points: the drawing is exact to a float, labels are centred. */
    private static final double EXACT = 0.1;

    /** How far below the axis its labels stand at most. */
    private static final double BELOW = 14;

    /** Whatever is as large is the dot of a mark, not an end of its line. */
    private static final double DOT = 4.1;

    private final boolean isLogarithmic;
    private final double from;
    private final double low;
    private final double perUnit;
    private final double left;
    private final double right;

    /**
     * @param ticks position by value, at least three
     * @param line of the axis
     */
    private Scale(TreeMap<Double, Double> ticks, Rectangle2D line) {
        low = ticks.firstKey();
        from = ticks.firstEntry().getValue();
        left = line.getX();
        right = line.getMaxX();
        isLogarithmic = low > 0 && !isEven(ticks);
        perUnit = (ticks.lastEntry().getValue() - from) / (scaled(ticks.lastKey()) - scaled(low));
        ticks.forEach((value, x) ->
                assertThat(x).as("the tick label %s in %s", value, ticks).isCloseTo(at(value), within(2 * EXACT)));
    }

    /** Every run of at least three rising numbers on one baseline whose middles are below lines. */
    static List<Scale> of(RecordingGraphics sheet) {
        Map<Long, TreeMap<Double, Double>> rows = new TreeMap<>(); // baseline to value by position
        for (Text text : sheet.texts) {
            Double value = number(text.text());
            if (value != null && sheet.forms.stream().anyMatch(form -> isAbove(form, text))) {
                rows.computeIfAbsent(Math.round(text.at().getY()), any -> new TreeMap<>())
                        .put(text.middle(), value);
            }
        }
        List<Scale> scales = new ArrayList<>();
        rows.forEach((baseline, row) -> {
            TreeMap<Double, Double> run = new TreeMap<>();
            Rectangle2D line = null;
            for (Map.Entry<Double, Double> tick : row.entrySet()) {
                double x = tick.getKey();
                if (line == null || x > line.getMaxX() + EXACT) { // the next plot's
                    add(scales, run, line);
                    run = new TreeMap<>();
                    line = line(sheet, baseline, x);
                }
                run.put(tick.getValue(), x);
            }
            add(scales, run, line);
        });
        return scales;
    }

    private static void add(List<Scale> scales, TreeMap<Double, Double> ticks, Rectangle2D line) {
        if (ticks.size() > 2 && line != null) {
            scales.add(new Scale(ticks, line));
        }
    }

    /** The horizontal line over a label, or null. */
    private static Rectangle2D line(RecordingGraphics sheet, long baseline, double x) {
        return sheet.forms.stream()
                .filter(form -> form.isHorizontal() && form.datum() == null)
                .map(Form::box)
                .filter(box -> baseline - box.getY() > 0 && baseline - box.getY() < BELOW)
                .filter(box -> box.getX() < x + EXACT && box.getMaxX() > x - EXACT)
                .findFirst()
                .orElse(null);
    }

    /** That what a mark draws stands where its figure says, and that the axis covers it. */
    void holds(Form drawn) {
        Estimate e = (Estimate) drawn.datum().figure();
        String what = drawn.datum().text();
        assertThat(at(e.high())).as("the axis covers %s", what).isLessThanOrEqualTo(right + EXACT);
        if (!isLogarithmic) {
            assertThat(at(e.low())).as("the axis covers %s", what).isGreaterThanOrEqualTo(left - EXACT);
        }
        Rectangle2D box = drawn.box();
        if (drawn.isHorizontal()) {
            double begin = isLogarithmic && e.low() <= 0 ? left : Math.max(left, at(e.low()));
            assertThat(box.getX()).as("low end of %s", what).isCloseTo(begin, within(2 * EXACT));
            assertThat(box.getMaxX()).as("high end of %s", what).isCloseTo(at(e.high()), within(2 * EXACT));
        } else if (box.getWidth() > DOT && box.getHeight() > DOT) {
            assertThat(box.getCenterX()).as("mark of %s", what).isCloseTo(at(e.value()), within(2 * EXACT));
        }
    }

    private double at(double value) {
        return from + (scaled(value) - scaled(low)) * perUnit;
    }

    private double scaled(double value) {
        return isLogarithmic ? Math.log(value) : value;
    }

    private static boolean isEven(TreeMap<Double, Double> ticks) {
        double slope =
                (ticks.lastEntry().getValue() - ticks.firstEntry().getValue()) / (ticks.lastKey() - ticks.firstKey());
        return ticks.entrySet().stream()
                .allMatch(tick -> Math.abs(tick.getValue()
                                - ticks.firstEntry().getValue()
                                - slope * (tick.getKey() - ticks.firstKey()))
                        < 2 * EXACT);
    }

    private static boolean isAbove(Form line, Text text) {
        double below = text.at().getY() - line.box().getMaxY();
        return line.isVertical() && Math.abs(line.box().getX() - text.middle()) < EXACT && below > 0 && below < BELOW;
    }

    private static Double number(String text) {
        String plain = text.replace("\u00a0", "").replace("k", "e3").replace("M", "e6");
        return plain.matches("-?[0-9.]+(e-?[0-9]+)?") ? Double.valueOf(plain) : null;
    }
}
