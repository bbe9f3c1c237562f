package tollgate.analysis;

import java.util.EnumMap;
import java.util.Map;
import tollgate.analysis.Exposed.Basis;
import tollgate.analysis.Figure.Estimate;

/**
 * Figures of exposure follow from which pages were touched wherever a touch makes a strategy leave a space or map a page, and
 * pages are drawn: their intervals hold what the model's parameters move, as those of costs do. Percentages move by points, counts
 * and lengths by factors, as far as on the excerpt.
 */
final class DrawnExposure {
    private DrawnExposure() {}

    /**
     * Notes how far a lane's figures move when a parameter is at an end; nothing where they do not.
     *
     * @param usual the lane's figures on the excerpt
     * @param moved the same with the parameter at its end
     * @param shifts by metric, [parameter][end]
     */
    static void shift(
            Map<ExposureMetric, Exposed> usual,
            Map<ExposureMetric, Exposed> moved,
            Map<ExposureMetric, double[][]> shifts,
            int parameter,
            int end) {
        usual.forEach((metric, from) -> {
            if (from.figure() instanceof Estimate a && moved.get(metric).figure() instanceof Estimate b) {
                double by = isShare(metric) ? b.value() - a.value() : a.value() == 0 ? 0 : b.value() / a.value() - 1;
                if (by != 0) {
                    shifts.computeIfAbsent(metric, none -> Structure.ends())[parameter][end] = by;
                }
            }
        });
    }

    /** The figures with the intervals that these shifts give them. */
    static Map<ExposureMetric, Exposed> of(
            Map<ExposureMetric, Exposed> exposure, Map<ExposureMetric, double[][]> shifts, Draws draws) {
        Map<ExposureMetric, Exposed> drawn = new EnumMap<>(ExposureMetric.class);
        exposure.forEach((metric, exposed) -> drawn.put(
                metric,
                shifts.containsKey(metric) && exposed.figure() instanceof Estimate estimate
                        ? new Exposed(
                                widened(metric, estimate, shifts.get(metric), draws),
                                exposed.unit(),
                                exposed.basis() == Basis.MEASURED ? Basis.DRAWN_PAGES : exposed.basis(),
                                exposed.from())
                        : exposed));
        return drawn;
    }

    private static Estimate widened(ExposureMetric metric, Estimate estimate, double[][] shifts, Draws draws) {
        double[] by = new double[draws.size];
        for (int draw = 0; draw < by.length; draw++) {
            by[draw] = draws.shift(shifts, draw);
        }
        Estimate shift = Bill.holding(0, by);
        double low = isShare(metric) ? estimate.low() + shift.low() : estimate.low() * (1 + shift.low());
        double high = isShare(metric) ? estimate.high() + shift.high() : estimate.high() * (1 + shift.high());
        return new Estimate(
                estimate.value(),
                Math.min(estimate.low(), Math.max(low, 0)),
                isShare(metric) ? Math.max(estimate.high(), Math.min(high, 100)) : high);
    }

    private static boolean isShare(ExposureMetric metric) {
        return metric.unit().equals("%");
    }
}
