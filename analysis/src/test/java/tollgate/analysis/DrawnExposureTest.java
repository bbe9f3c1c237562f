package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Exposed.Basis;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;

final class DrawnExposureTest {
    private static final int PARAMETER = ModelParameter.FOREIGN_PAGES.ordinal();
    private static final Draws DRAWS = Draws.sets(1, 1 << 12, 1, new Prices(Made.exactly(40), Made.whole()), 5)
            .get(0);

    /** 10 points less to 5 more on the excerpt: the ends of the interval lie at nine tenths of the way. */
    @Test
    void aShareMovesByPoints() {
        Map<ExposureMetric, double[][]> shifts = new EnumMap<>(ExposureMetric.class);
        note(shifts, ExposureMetric.FULL_TIME, 40, 30, 45);
        Exposed moved = moved(ExposureMetric.FULL_TIME, Estimate.exact(50), Basis.MEASURED, shifts);
        Estimate figure = (Estimate) moved.figure();
        assertThat(moved.basis()).isEqualTo(Basis.DRAWN_PAGES);
        assertThat(figure.value()).isEqualTo(50);
        assertThat(figure.low()).isCloseTo(50 - 9, within(0.1));
        assertThat(figure.high()).isCloseTo(50 + 4.5, within(0.1));
    }

    @Test
    void aCountMovesByFactors() {
        Map<ExposureMetric, double[][]> shifts = new EnumMap<>(ExposureMetric.class);
        note(shifts, ExposureMetric.WINDOWS, 100, 50, 200);
        Estimate figure = (Estimate) moved(ExposureMetric.WINDOWS, Estimate.exact(1000), Basis.MEASURED, shifts)
                .figure();
        assertThat(figure.low()).isCloseTo(1000 * (1 - 0.45), within(2.0));
        assertThat(figure.high()).isCloseTo(1000 * (1 + 0.9), within(2.0));
    }

    /** Bounds that were there stay inside, and no share leaves 0 to 100. */
    @Test
    void anIntervalIsWidenedAndNeverNarrowed() {
        Map<ExposureMetric, double[][]> shifts = new EnumMap<>(ExposureMetric.class);
        note(shifts, ExposureMetric.FULL_TIME, 40, 0, 100);
        Exposed moved = moved(ExposureMetric.FULL_TIME, new Estimate(95, 20, 95), Basis.BOUNDS, shifts);
        assertThat(moved.basis()).isEqualTo(Basis.BOUNDS);
        assertThat(moved.figure()).isEqualTo(new Estimate(95, 0, 100));
    }

    @Test
    void whatNoParameterMovesStaysMeasured() {
        Map<ExposureMetric, double[][]> shifts = new EnumMap<>(ExposureMetric.class);
        note(shifts, ExposureMetric.FULL_TIME, 40, 40, 40);
        assertThat(shifts).isEmpty();
        Exposed exact = exposed(Estimate.exact(7), Basis.MEASURED);
        assertThat(DrawnExposure.of(Map.of(ExposureMetric.FULL_TIME, exact), shifts, DRAWS))
                .containsExactly(Map.entry(ExposureMetric.FULL_TIME, exact));
    }

    @Test
    void whatCannotBeToldMovesNothing() {
        Map<ExposureMetric, double[][]> shifts = new EnumMap<>(ExposureMetric.class);
        Map<ExposureMetric, Exposed> untold =
                Map.of(ExposureMetric.FULL_TIME, exposed(new CannotTell("no clock"), Basis.NOTHING));
        DrawnExposure.shift(untold, untold, shifts, PARAMETER, 0);
        assertThat(shifts).isEmpty();
    }

    private static void note(
            Map<ExposureMetric, double[][]> shifts, ExposureMetric metric, double usual, double low, double high) {
        Map<ExposureMetric, Exposed> from = Map.of(metric, exposed(Estimate.exact(usual), Basis.MEASURED));
        DrawnExposure.shift(from, Map.of(metric, exposed(Estimate.exact(low), Basis.MEASURED)), shifts, PARAMETER, 0);
        DrawnExposure.shift(from, Map.of(metric, exposed(Estimate.exact(high), Basis.MEASURED)), shifts, PARAMETER, 1);
    }

    private static Exposed moved(
            ExposureMetric metric, Estimate figure, Basis basis, Map<ExposureMetric, double[][]> shifts) {
        return DrawnExposure.of(Map.of(metric, exposed(figure, basis)), shifts, DRAWS)
                .get(metric);
    }

    private static Exposed exposed(Figure figure, Basis basis) {
        return new Exposed(figure, "", basis, "");
    }
}
