package tollgate.reports.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;

/**
 * The frame of a plot whose vertical axis is percent, 0 at the bottom and 100 at the top.
 *
 * @param across the horizontal axis, from {@link #LEFT} to {@link #RIGHT} before the right end
 * @param width of the plot with its labels, points
 * @param height of the plot without what stands {@link #BELOW}, points
 */
record PercentPlot(Axis across, double width, double height) {
    /** Points for the labels of the vertical axis. */
    static final double LEFT = 26;

    static final double RIGHT = 12;
    /** Points for labels and title of the horizontal axis. */
    static final double BELOW = 22;

    private static final Color GRID = new Color(0xe6e6e6);

    /** Where a percentage lies; what is less than 0 or more than 100 lies on the nearer end. */
    double y(double percent) {
        return height * (1 - Math.min(Math.max(percent, 0), 100) / 100);
    }

    /** Draws grid and labels with the plot's upper left corner at the origin. */
    void paint(Graphics2D g, String title) {
        g.setFont(Fonts.REGULAR);
        g.setStroke(new BasicStroke(0.4f));
        for (int percent = 0; percent <= 100; percent += 25) {
            double y = y(percent);
            g.setColor(GRID);
            g.draw(new Line2D.Double(LEFT, y, width - RIGHT, y));
            g.setColor(Color.BLACK);
            String label = percent + (percent == 100 ? " %" : "");
            g.drawString(label, (float) (LEFT - 4 - Fonts.width(label, Fonts.REGULAR)), (float) y + 2.5f);
        }
        for (Axis.Tick tick : across.ticks()) {
            double at = across.at(tick.value());
            g.setColor(GRID);
            g.draw(new Line2D.Double(at, 0, at, height));
            g.setColor(Color.BLACK);
            float half = (float) Fonts.width(tick.label(), Fonts.REGULAR) / 2;
            g.drawString(tick.label(), (float) at - half, (float) height + 9);
        }
        g.drawString(title, (float) (width - RIGHT - Fonts.width(title, Fonts.REGULAR)), (float) height + 18);
    }
}
