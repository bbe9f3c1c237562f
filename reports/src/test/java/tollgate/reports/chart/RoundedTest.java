package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;

final class RoundedTest {
    /** The nearer end's distance decides: 1.2 has the digits 120, two are kept; 0.45 has 450, one is kept. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3.2143 | 2.01 | 4.52 | 3.2 [2.0, 4.5]",
                "3.2143 | 2.76 | 3.67 | 3.2 [2.8, 3.7]",
                "3.2143 | 2.87 | 3.56 | 3.21 [2.87, 3.56]",
                "12345 | 11100 | 13600 | 12 300 [11 100, 13 600]",
                "9999 | 9000 | 11000 | 10 000 [9000, 11 000]",
                "-0.021 | -0.2 | 0.1 | -0.02 [-0.20, 0.10]",
                "-0.0001 | -0.2 | 0.2 | 0.00 [-0.20, 0.20]",
                "0.5 | 0.01 | 50 | 0.50 [0.01, 50.00]",
                "0.5 | 0.001 | 50 | 0.5 [0.0, 50.0]",
                "40.84 | 5.18 | 158.4 | 41 [5, 158]",
                "7 | 7 | 7 | 7",
                "1234567 | 1234567 | 1234567 | 1 234 567",
                "0.25 | 0.25 | 0.25 | 0.25",
                "0.333333333 | 0.333333333 | 0.333333333 | 0.33333",
                "0 | 0 | 0 | 0",
                "2 | 2 | 3.5 | 2.0 [2.0, 3.5]",
                "123456 | 123455.99 | 123456.01 | 123 460 [123 460, 123 460]",
            })
    void digitsFollowTheInterval(double value, double low, double high, String shown) {
        assertThat(Rounded.both(new Estimate(value, low, high)).replace('\u00a0', ' '))
                .isEqualTo(shown);
    }

    @Test
    void whatCannotBeToldHasNoNumber() {
        assertThat(Rounded.both(new Figure.CannotTell("no clock"))).isEqualTo("cannot tell");
        assertThat(Rounded.interval(new Figure.CannotTell("no clock"))).isEmpty();
    }

    @Test
    void digitsAreSignificantOnes() {
        assertThat(Rounded.digits(12.3456, 4)).isEqualTo("12.35");
        assertThat(Rounded.digits(0.00123456, 2)).isEqualTo("0.0012");
        assertThat(Rounded.digits(0, 3)).isEqualTo("0");
    }
}
