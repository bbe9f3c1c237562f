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
final class SweepMap {
    private static final double LINE = 8.5;
    private static final double LEFT = 40;
    private static final double GAP = 4;
    private static final double LABELS = 11;
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
    SweepMap(Swept swept, List<Swept.Row> rows) {
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
    List<Sheet> sheets(double width) {
        List<Sheet> sheets = new ArrayList<>();
        int rows = and.values().size();
        grids.forEach((strategy, grid) -> {
            List<String> heading = Fonts.wrap(
                    strategy + " on " + Fonts.printable(first.trace()) + ", " + Fonts.printable(first.cpu()),
                    Fonts.BOLD,
                    width);
            List<String> below = Fonts.wrap(
                    SweepCurve.heading(over) + "; upwards: " + SweepCurve.heading(and), Fonts.REGULAR, width);
            double top = LINE * (heading.size() + 1) + GAP;
            double under = LABELS + LINE * below.size();
            double row = Math.min(ROW, (Sheet.MAX_HEIGHT - top - under) / rows);
            sheets.add(new Sheet(width, top + row * rows + under, g -> {
                head(g, heading);
                fields(g, strategy, grid, width, top, row);
                foot(g, below, grid.length, width, top + row * rows);
            }));
        });
        return sheets;
    }

    private void head(Graphics2D g, List<String> heading) {
        g.setFont(Fonts.BOLD);
        g.setColor(Color.BLACK);
        for (int i = 0; i < heading.size(); i++) {
            g.drawString(heading.get(i), 0, (float) (LINE * (i + 1)));
        }
        g.setFont(Fonts.REGULAR);
        g.drawString(first.metric().title() + ", " + first.metric().unit(), 0, (float) (LINE * (heading.size() + 1)));
    }

    private void fields(Graphics2D g, String strategy, Figure[][] grid, double width, double top, double row) {
        double wide = (width - LEFT) / grid.length;
        int rows = and.values().size();
        double free = Double.POSITIVE_INFINITY;
        for (int j = 0; j < rows; j++) {
            double y = top + (rows - 1 - j) * row;
            String label = and.values().get(j);
            double base = y + row / 2 + 2.5;
            if (base <= free) {
                g.setFont(Fonts.REGULAR);
                g.setColor(Color.BLACK);
                g.drawString(label, (float) (LEFT - 4 - Fonts.width(label, Fonts.REGULAR)), (float) base);
                free = base - LINE;
            }
            for (int i = 0; i < grid.length; i++) {
                field(g, strategy, grid[i][j], i, j, new Rectangle2D.Double(LEFT + i * wide, y, wide, row));
            }
        }
    }

    private void foot(Graphics2D g, List<String> below, int columns, double width, double bottom) {
        double wide = (width - LEFT) / columns;
        g.setFont(Fonts.REGULAR);
        g.setColor(Color.BLACK);
        double free = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < columns; i++) {
            String label = over.values().get(i);
            double half = Fonts.width(label, Fonts.REGULAR) / 2;
            double centre = LEFT + (i + 0.5) * wide;
            if (centre - half >= free && centre + half <= width) {
                g.drawString(label, (float) (centre - half), (float) bottom + 9);
                free = centre + half + 3;
            }
        }
        for (int i = 0; i < below.size(); i++) {
            g.drawString(below.get(i), 0, (float) (bottom + LABELS + LINE * (i + 1) - 2));
        }
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
        if (area.getHeight() >= ROW) {
            write(g, Rounded.value(figure), Fonts.REGULAR, area, 0.42);
            write(g, Rounded.interval(figure), Fonts.REGULAR.deriveFont(5f), area, 0.82);
        }
    }

    private static void write(Graphics2D g, String text, Font font, Rectangle2D area, double at) {
        double wide = Fonts.width(text, font);
        if (!text.isEmpty() && wide < area.getWidth() - 2) {
            g.setFont(font);
            g.drawString(
                    text, (float) (area.getCenterX() - wide / 2), (float) (area.getY() + at * area.getHeight() + 1));
        }
    }
}
