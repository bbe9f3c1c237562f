package tollgate.analysis;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.commons.statistics.descriptive.Median;

/**
 * The model's record over all published measurements.
 *
 * @param cases how many
 * @param sources publications they come from
 * @param inside whose figure lies in the interval
 * @param hits among them with an interval narrow enough to say something
 * @param width median of the intervals' upper end over lower end
 * @param error median of the mid value's error, percent of the published figure
 * @param compared cases of which the naive model says anything
 * @param errorThere ours over those cases, percent
 * @param naiveError of the model "two CR3 writes a kernel entry" over those cases, percent
 */
public record Score(
        int cases,
        int sources,
        int inside,
        int hits,
        double width,
        double error,
        int compared,
        double errorThere,
        double naiveError) {
    public static Score of(List<Comparison.Check> checks) {
        List<Comparison.Check> compared =
                checks.stream().filter(check -> check.naiveError().isPresent()).toList();
        return new Score(
                checks.size(),
                (int) checks.stream().map(Comparison.Check::source).distinct().count(),
                (int) checks.stream().filter(Comparison.Check::isInside).count(),
                (int) checks.stream().filter(Comparison.Check::isHit).count(),
                median(checks, Comparison.Check::width),
                100 * median(checks, Comparison.Check::error),
                compared.size(),
                100 * median(compared, Comparison.Check::error),
                100 * median(compared, check -> check.naiveError().orElseThrow()));
    }

    private static double median(List<Comparison.Check> checks, ToDoubleFunction<Comparison.Check> what) {
        return Median.withDefaults().evaluate(checks.stream().mapToDouble(what).toArray());
    }
}
