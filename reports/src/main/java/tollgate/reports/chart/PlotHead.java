package tollgate.reports.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.util.List;

/** What stands over a plot: its title, broken where it must be, and its legend. */
final class PlotHead {
    private static final double LINE = 8.2;
    private static final double BELOW_TITLE = 2.8;

    private final List<String> title;
    private final Legend legend;

    PlotHead(String title, List<Legend.Key> keys, double width) {
        this.title = Fonts.wrap(title, Fonts.BOLD, width);
        this.legend = new Legend(keys, width);
    }

    double height() {
        return titleHeight() + legend.height();
    }

    private double titleHeight() {
        return LINE * title.size() + BELOW_TITLE;
    }

    /** Draws with its upper left corner at the origin, and leaves that where it was. */
    void paint(Graphics2D g) {
        g.setFont(Fonts.BOLD);
        g.setColor(Color.BLACK);
        for (int i = 0; i < title.size(); i++) {
            g.drawString(title.get(i), 0, (float) (LINE * i + 8));
        }
        g.translate(0, titleHeight());
        legend.paint(g);
        g.translate(0, -titleHeight());
    }
}
