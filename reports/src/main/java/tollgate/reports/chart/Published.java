package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Check;
import tollgate.analysis.Figure.Estimate;

/** Predicted over published, a row per measurement: a dot on the line at 1 is exact, an interval over it holds the figure. */
@AutoService(Chart.class)
public final class Published implements Chart {
    private static final double LEAST = 0.01;

    @Override
    public String name() {
        return "published";
    }

    @Override
    public String title() {
        return "The model against published measurements";
    }

    @Override
    public String about() {
        return "The model against published measurements.";
    }

    @Override
    public int place() {
        return 90;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return !comparison.checks().isEmpty();
    }

    @Override
    public String caption(Comparison comparison) {
        return "Predicted over published cost of an operation, by publication: the mark is the value at mid prices, the line"
                + " its 5 to 95 % interval, the number on the right what was published. A mark at 1 is exact, and a line that"
                + " does not reach 1 is a miss. Squares are hits, circles lie inside intervals too wide to count, triangles are"
                + " misses. The axis is logarithmic; an arrow head means that the line goes on to values that it does not show."
                + (comparison.cpu().title().isEmpty()
                        ? ""
                        : " Each is priced for its own machine, not for "
                                + comparison.cpu().title() + ".");
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        Map<String, List<RowFigure.Row>> bySource = new LinkedHashMap<>();
        double low = 0.5;
        double high = 1;
        for (Check check : comparison.checks()) {
            Estimate ratio = ratio(check);
            low = Math.min(low, Math.min(ratio.value(), ratio.low()));
            high = Math.max(high, ratio.high());
            bySource.computeIfAbsent(check.source(), source -> new ArrayList<>())
                    .add(new RowFigure.Row(
                            Fonts.printable(check.what()),
                            new IntervalMark(ratio, style(check), "times the published figure"),
                            Rounded.digits(check.published(), 3) + " " + check.unit()));
        }
        List<RowFigure.Group> groups = new ArrayList<>();
        bySource.forEach((source, rows) ->
                groups.add(new RowFigure.Group(Fonts.printable(source.replaceFirst("[,:].*", "")), "", rows)));
        double from = Math.max(LEAST, low);
        double to = high;
        return new RowFigure(
                        width,
                        "predicted over published",
                        List.of(),
                        groups,
                        (left, right) -> Axis.logarithmic(from, to, left, right))
                .sheets();
    }

    private static int style(Check check) {
        return check.isHit() ? 1 : check.isInside() ? 0 : 3;
    }

    private static Estimate ratio(Check check) {
        Estimate predicted = check.predicted();
        double by = check.published();
        return new Estimate(predicted.value() / by, Math.max(LEAST / 10, predicted.low() / by), predicted.high() / by);
    }
}
