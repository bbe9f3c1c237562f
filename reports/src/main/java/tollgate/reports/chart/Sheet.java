package tollgate.reports.chart;

import java.awt.Graphics2D;
import java.util.function.Consumer;

/**
 * One picture of a chart, at its true size. A chart with many rows has several.
 *
 * @param width points
 * @param height points
 * @param painter draws with the origin at the upper left, one unit a point, on white
 */
public record Sheet(double width, double height, Consumer<Graphics2D> painter) {
    /** No sheet is higher: it fits a column of a paper or a page of the report with its caption below. */
    public static final double MAX_HEIGHT = 560;

    /** 84 mm, a column of a two-column paper (ACM and IEEE: 84 to 89 mm). */
    public static final double COLUMN = 84 / 25.4 * 72;

    /** 170 mm, the width of text on the report's A4 page. */
    public static final double PAGE = 170 / 25.4 * 72;

    public void draw(Graphics2D g) {
        painter.accept(g);
    }
}
