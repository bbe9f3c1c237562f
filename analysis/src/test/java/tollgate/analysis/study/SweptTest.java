package tollgate.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tollgate.analysis.Metric;

/** Where two lines change places. */
final class SweptTest {
    private static final double[] AT = {0, 10, 20, 40};

    @Test
    void linesCrossWhereTheirDifferenceIsNothing() {
        // From -3 at 10 to 1 at 20: three quarters of the way.
        assertThat(Swept.crossing(AT, new double[] {-5, -3, 1, 2})).isEqualTo(17.5);
        assertThat(Swept.crossing(AT, new double[] {5, 3, 1, -1})).isEqualTo(30);
    }

    @Test
    void theFirstOfSeveralCounts() {
        assertThat(Swept.crossing(AT, new double[] {1, -1, 1, -1})).isEqualTo(5);
    }

    @Test
    void touchingIsNotCrossing() {
        assertThat(Swept.crossing(AT, new double[] {1, 0, 0, 1})).isNaN();
        assertThat(Swept.crossing(AT, new double[] {0, 0, 0, 0})).isNaN();
        assertThat(Swept.crossing(AT, new double[] {1, 2, 3, 4})).isNaN();
    }

    /** The same from 10 to 20 in between: somewhere there, and the straight line says in the middle. */
    @Test
    void aStretchOfTheSameIsCrossedInItsMiddle() {
        assertThat(Swept.crossing(new double[] {0, 10, 20, 30}, new double[] {1, 0, 0, -1}))
                .isEqualTo(15);
    }

    /** As written, not as the nearest binary fraction. */
    @Test
    void aLevelIsNamedAsItIsWritten() {
        assertThat(Swept.name(0.1, Metric.OVERHEAD)).isEqualTo("level 0.1 %");
        assertThat(Swept.name(5, Metric.OVERHEAD)).isEqualTo("level 5 %");
    }
}
