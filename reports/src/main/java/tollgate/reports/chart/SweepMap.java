package tollgate.reports.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.study.Axis;
import tollgate.analysis.study.Swept;

/**
 * A figure over a grid of two swept parameters, a sheet a strategy: a field for each pair of values, the darker the more,
 * with the figure and its 5 to 95 % interval written in where there is room. All sheets have one scale.
 */
public final class SweepMap {
    private static final double TITLE = 22;
    private static final double LEFT = 40;
    private static final double BELOW = 24;
    private static final double ROW = 20;

    /** From almost white to dark blue: its lightness alone tells the order, in grey as well. */
    private static final int[] LIGHT = {247, 251, 255};

    private static final int[] DARK = {8, 48, 107};

    private final Swept.Row first;
    private final Axis over;
    private final Axis and;
    private final Map<String, Figure[][]> grids = new LinkedHashMap<>();
    private final double low;
    private final double high;

    /** @param rows of one trace and CPU, at least one of them told */
    public SweepMap(Swept swept, List<Swept.Row> rows) {
        first = rows.get(0);
        over = swept.sweep().over();
        and = swept.sweep().and().orElseThrow();
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Swept.Row row : rows) {
            grids.computeIfAbsent(
                                    Fonts.printable(row.strategy()),
                                    any -> new Figure[over.values().size()]
                                            [and.values().size()])[row.i()][row.j()] =
                    row.figure();
            if (row.figure() instanceof Estimate e) {
                least = Math.min(least, e.value());
                most = Math.max(most, e.value());
            }
        }
        low = least;
        high = most;
    }

    /** @param width points */
    public List<Sheet> sheets(double width) {
        List<Sheet> sheets = new ArrayList<>();
        double height = TITLE + ROW * and.values().size() + BELOW;
        grids.forEach((strategy, grid) -> sheets.add(new Sheet(width, height, g -> paint(g, strategy, grid, width))));
        return sheets;
    }

    private void paint(Graphics2D g, String strategy, Figure[][] grid, double width) {
        g.setFont(Fonts.BOLD);
        g.setColor(Color.BLACK);
        g.drawString(strategy + " on " + Fonts.printable(first.trace()) + ", " + Fonts.printable(first.cpu()), 0, 8);
        g.setFont(Fonts.REGULAR);
        g.drawString(first.metric().title() + ", " + first.metric().unit(), 0, 17);
        double wide = (width - LEFT) / grid.length;
        int rows = and.values().size();
        double bottom = TITLE + rows * ROW;
        for (int j = 0; j < rows; j++) {
            double y = TITLE + (rows - 1 - j) * ROW;
            String label = and.values().get(j);
            g.setFont(Fonts.REGULAR);
            g.setColor(Color.BLACK);
            g.drawString(label, (float) (LEFT - 4 - Fonts.width(label, Fonts.REGULAR)), (float) (y + ROW / 2 + 2.5));
            for (int i = 0; i < grid.length; i++) {
                field(g, strategy, grid[i][j], i, j, new Rectangle2D.Double(LEFT + i * wide, y, wide, ROW));
            }
        }
        g.setFont(Fonts.REGULAR);
        g.setColor(Color.BLACK);
        double end = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < grid.length; i++) {
            String label = over.values().get(i);
            double half = Fonts.width(label, Fonts.REGULAR) / 2;
            double centre = LEFT + (i + 0.5) * wide;
            if (centre - half >= end) {
                g.drawString(label, (float) (centre - half), (float) bottom + 9);
                end = centre + half + 3;
            }
        }
        String across = SweepCurve.heading(over) + "; upwards: " + SweepCurve.heading(and);
        g.drawString(across, (float) Math.max(0, width - Fonts.width(across, Fonts.REGULAR)), (float) bottom + 19);
    }

    private void field(Graphics2D g, String strategy, Figure figure, int i, int j, Rectangle2D area) {
        double share = figure instanceof Estimate e && high > low ? (e.value() - low) / (high - low) : 0;
        int[] rgb = new int[3];
        for (int c = 0; c < 3; c++) {
            rgb[c] = (int) Math.round(LIGHT[c] + share * (DARK[c] - LIGHT[c]));
        }
        String where = over.label() + "=" + over.values().get(i) + ", " + and.label() + "="
                + and.values().get(j);
        new Datum(strategy, where, "", figure, first.metric().unit()).begin(g);
        g.setColor(figure instanceof Estimate ? new Color(rgb[0], rgb[1], rgb[2]) : Color.WHITE);
        g.fill(area);
        Datum.end(g);
        g.setColor(Color.WHITE);
        g.setStroke(new BasicStroke(0.5f));
        g.draw(area);
        g.setColor(share > 0.5 ? Color.WHITE : Color.BLACK);
        write(g, Rounded.value(figure), Fonts.REGULAR, area, 0.42);
        write(g, Rounded.interval(figure), Fonts.REGULAR.deriveFont(5f), area, 0.82);
    }

    private static void write(Graphics2D g, String text, Font font, Rectangle2D area, double at) {
        double wide = Fonts.width(text, font);
        if (wide < area.getWidth() - 2) {
            g.setFont(font);
            g.drawString(
                    text, (float) (area.getCenterX() - wide / 2), (float) (area.getY() + at * area.getHeight() + 1));
        }
    }
}
