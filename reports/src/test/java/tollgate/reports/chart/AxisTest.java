package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AxisTest {
    @Test
    void linearEndsOnRoundTicksAndStartsAtZero() {
        Axis axis = Axis.linear(1.3, 7.2, 100, 300);
        assertThat(axis.ticks())
                .extracting(Axis.Tick::label)
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(axis.at(0)).isEqualTo(100);
        assertThat(axis.at(4)).isEqualTo(200);
        assertThat(axis.at(8)).isEqualTo(300);
    }

    @Test
    void linearReachesBelowZeroWhereValuesDo() {
        Axis axis = Axis.linear(-0.4, 1.9, 0, 240);
        assertThat(axis.ticks()).extracting(Axis.Tick::label).containsExactly("-0.5", "0", "0.5", "1.0", "1.5", "2.0");
    }

    @Test
    void logarithmicEndsAtOneTwoOrFive() {
        Axis axis = Axis.logarithmic(0.023, 7, 0, 300);
        assertThat(axis.ticks())
                .extracting(Axis.Tick::label)
                .containsExactly("0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10");
        // 0.02 to 10 is a factor of 500; a value a factor of sqrt(500) above the low end lies in the middle.
        assertThat(axis.at(0.02 * Math.sqrt(500))).isCloseTo(150, within(1e-9));
    }

    @Test
    void valuesBeyondTheAxisLieOnItsEnds() {
        Axis axis = Axis.logarithmic(1, 100, 10, 20);
        assertThat(axis.at(0)).isEqualTo(10);
        assertThat(axis.at(-3)).isEqualTo(10);
        assertThat(axis.at(1e9)).isEqualTo(20);
        assertThat(axis.covers(0)).isFalse();
        assertThat(axis.covers(1)).isTrue();
    }

    @Test
    void thousandsAreShortOverTheWholeAxis() {
        assertThat(Axis.linear(0, 19_000, 0, 130).ticks())
                .extracting(Axis.Tick::label)
                .containsExactly("0", "5k", "10k", "15k", "20k");
    }

    /** Every label, read as a number, is the value at whose place it stands; the axis covers the data; labels are apart. */
    @Test
    void labelsTellTheirPositions() {
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            double high = Math.pow(10, random.nextDouble() * 12 - 5);
            double low = high * Math.pow(10, -random.nextDouble() * 5);
            double to = 60 + random.nextInt(400);
            check(Axis.linear(low, high, 40, 40 + to), low, high);
            check(Axis.linear(-low, high, 40, 40 + to), -low, high);
            if (high / low > 40) {
                check(Axis.logarithmic(low, high, 40, 40 + to), low, high);
            }
        }
    }

    private static void check(Axis axis, double low, double high) {
        assertThat(axis.covers(low)).isTrue();
        assertThat(axis.covers(high)).isTrue();
        List<Axis.Tick> ticks = axis.ticks();
        assertThat(ticks.size()).isGreaterThanOrEqualTo(1);
        double end = Double.NEGATIVE_INFINITY;
        for (Axis.Tick tick : ticks) {
            assertThat(number(tick.label())).isCloseTo(tick.value(), within(1e-9 * Math.abs(tick.value())));
            double half = Fonts.width(tick.label(), Fonts.REGULAR) / 2;
            assertThat(axis.at(tick.value()) - half).as("labels of %s", ticks).isGreaterThan(end);
            end = axis.at(tick.value()) + half;
        }
    }

    private static double number(String label) {
        String plain = label.replace("\u00a0", "");
        double unit = plain.endsWith("k") ? 1e3 : plain.endsWith("M") ? 1e6 : 1;
        return Double.parseDouble(plain.replaceAll("[kM]", "")) * unit;
    }
}
