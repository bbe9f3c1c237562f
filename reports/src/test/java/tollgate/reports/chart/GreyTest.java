package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tollgate.reports.chart.RecordingGraphics.Form;

/** Nothing is told by hue alone: what differs, differs in print without colour. */
final class GreyTest {
    /** Steps of grey, of 255, that print keeps apart. */
    private static final double APART = 30;

    @Test
    void fifteenMarksHaveFifteenShapes() {
        Set<List<String>> shapes = new HashSet<>();
        for (int style = 0; style < 15; style++) {
            int one = style;
            shapes.add(drawn(g -> IntervalMark.dot(g, one, 10, 10)).stream()
                    .map(form -> form.box()
                            + (form.filled() ? " filled" : " drawn")
                            + (form.colour().equals(Color.WHITE) ? " white" : ""))
                    .toList());
        }
        assertThat(shapes).hasSize(15);
    }

    @Test
    void marksAreDarkEnoughToBeSeenOnWhite() {
        for (int style = 0; style < 15; style++) {
            assertThat(grey(IntervalMark.colour(style))).as("style %d", style).isLessThan(255 - 2 * APART);
        }
    }

    /** Two fills differ by their hatching, or by so much of grey. */
    @Test
    void fillsDifferByHatchingOrByLightness() {
        Fill[] fills = Fill.values();
        for (int i = 0; i < fills.length; i++) {
            for (int j = i + 1; j < fills.length; j++) {
                List<Form> one = forms(fills[i]);
                List<Form> other = forms(fills[j]);
                boolean sameHatching = hatching(one).equals(hatching(other));
                double apart =
                        Math.abs(grey(one.get(0).colour()) - grey(other.get(0).colour()));
                assertThat(!sameHatching || apart >= APART)
                        .as("%s and %s, %.0f apart", fills[i], fills[j], apart)
                        .isTrue();
            }
        }
    }

    private static List<Form> forms(Fill fill) {
        return drawn(g -> fill.paint(g, new Rectangle2D.Double(0, 0, 20, 6)));
    }

    private static List<Rectangle2D> hatching(List<Form> forms) {
        return IntStream.range(1, forms.size() - 1)
                .mapToObj(i -> forms.get(i).box())
                .toList();
    }

    /** As Rec. 601 weighs the colours. */
    private static double grey(Color colour) {
        return 0.299 * colour.getRed() + 0.587 * colour.getGreen() + 0.114 * colour.getBlue();
    }

    private static List<Form> drawn(java.util.function.Consumer<java.awt.Graphics2D> painter) {
        return RecordingGraphics.of(new Sheet(100, 100, painter)).forms;
    }
}
