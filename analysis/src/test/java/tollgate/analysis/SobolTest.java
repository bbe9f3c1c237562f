package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.random.SobolSequenceGenerator;
import org.junit.jupiter.api.Test;

final class SobolTest {
    private static final int RUNS = 1 << 14;

    /**
     * Ishigami and Homma, 1990: y = sin a + 7 sin^2 b + 0.1 c^4 sin a, each input uniform from -pi to pi. Exact:
     * first order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437.
     */
    @Test
    void ishigami() {
        double[][] x = new double[6][RUNS];
        SobolSequenceGenerator sequence = new SobolSequenceGenerator(6);
        sequence.skipTo(1);
        for (int run = 0; run < RUNS; run++) {
            double[] point = sequence.nextVector();
            for (int i = 0; i < 6; i++) {
                x[i][run] = Math.PI * (2 * point[i] - 1);
            }
        }
        double[] a = ishigami(x[0], x[1], x[2]);
        double[] b = ishigami(x[3], x[4], x[5]);
        check(Sobol.of(a, b, ishigami(x[3], x[1], x[2])), 0.3139, 0.5576);
        check(Sobol.of(a, b, ishigami(x[0], x[4], x[2])), 0.4424, 0.4424);
        check(Sobol.of(a, b, ishigami(x[0], x[1], x[5])), 0, 0.2437);
    }

    @Test
    void runsWithoutAResultAreLeftOut() {
        double[] a = {1, 5, Double.NaN, 3};
        double[] b = {3, 1, 7, Double.NaN};
        // Left are (1, 3) and (5, 1): mean 2.5, variance sum (2.25 + 0.25 + 6.25 + 2.25) / 2 = 5.5;
        // all of b exchanged: first (0.5 * 2 + -1.5 * -4) = 7, total (4 + 16) / 2 = 10.
        assertThat(Sobol.of(a, b, b)).isEqualTo(new Sobol.Indices(7 / 5.5, 10 / 5.5));
    }

    @Test
    void whatDoesNotVaryHasNoShares() {
        double[] same = {2, 2, 2};
        assertThat(Sobol.of(same, same, same)).isEqualTo(new Sobol.Indices(0, 0));
    }

    private static void check(Sobol.Indices found, double first, double total) {
        assertThat(found.first()).isCloseTo(first, within(0.005));
        assertThat(found.total()).isCloseTo(total, within(0.005));
    }

    private static double[] ishigami(double[] a, double[] b, double[] c) {
        double[] y = new double[a.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.sin(a[i]) + 7 * Math.pow(Math.sin(b[i]), 2) + 0.1 * Math.pow(c[i], 4) * Math.sin(a[i]);
        }
        return y;
    }
}
