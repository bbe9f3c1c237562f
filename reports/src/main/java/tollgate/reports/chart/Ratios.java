package tollgate.reports.chart;

import java.util.ArrayList;
import java.util.List;
import tollgate.analysis.Figure.Estimate;

/** What the model says over what is true, a row per check: a mark at 1 is exact. */
public final class Ratios {
    private static final double LEAST = 0.5;
    private static final double MOST = 2;

    /**
     * @param title what is checked
     * @param noteTitle stands over the notes
     */
    public record Group(String title, String noteTitle, List<Row> rows) {}

    /**
     * @param ratio to the true one; exact where both are counts
     * @param isGood whether the check is passed
     * @param note for its right end
     */
    public record Row(String label, Estimate ratio, boolean isGood, String note) {}

    private Ratios() {}

    /**
     * Squares are checks that are passed, triangles those that are not.
     *
     * @param axisTitle what is divided by what
     * @param width points
     */
    public static List<Sheet> sheets(List<Group> groups, String axisTitle, double width) {
        double low = LEAST;
        double high = MOST;
        List<RowFigure.Group> shown = new ArrayList<>();
        for (Group group : groups) {
            List<RowFigure.Row> rows = new ArrayList<>();
            for (Row row : group.rows()) {
                Estimate ratio = row.ratio();
                low = Math.min(low, ratio.low());
                high = Math.max(high, ratio.high());
                rows.add(new RowFigure.Row(
                        Fonts.printable(row.label()),
                        new IntervalMark(ratio, row.isGood() ? 1 : 3, "times the true one"),
                        row.note()));
            }
            shown.add(new RowFigure.Group(group.title(), group.noteTitle(), rows));
        }
        double from = low;
        double to = high;
        return new RowFigure(
                        width, axisTitle, List.of(), shown, (left, right) -> Axis.logarithmic(from, to, left, right))
                .sheets();
    }
}
