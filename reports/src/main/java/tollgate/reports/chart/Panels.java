package tollgate.reports.chart;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;

/** Plots side by side in rows, rows one below the other, and what does not fit one sheet in the next. */
final class Panels {
    /** Draws with its upper left corner at the origin; may leave the graphics as it likes. */
    interface Painter {
        void paint(Graphics2D g);
    }

    /** @param height of all of its plots with what stands between them and the next row, points */
    record Row(double height, List<Painter> plots) {}

    private record Placed(double x, double y, Painter plot) {
        void paint(Graphics2D on) {
            Graphics2D g = (Graphics2D) on.create();
            g.translate(x, y);
            plot.paint(g);
            g.dispose();
        }
    }

    private Panels() {}

    /** @param step from the left end of a plot to that of its neighbour */
    static List<Sheet> sheets(List<Row> rows, double width, double step) {
        List<Sheet> sheets = new ArrayList<>();
        List<Placed> page = new ArrayList<>();
        double top = 0;
        for (Row row : rows) {
            if (top > 0 && top + row.height() > Sheet.MAX_HEIGHT) {
                sheets.add(sheet(page, width, top));
                page = new ArrayList<>();
                top = 0;
            }
            for (int i = 0; i < row.plots().size(); i++) {
                page.add(new Placed(i * step, top, row.plots().get(i)));
            }
            top += row.height();
        }
        if (!page.isEmpty()) {
            sheets.add(sheet(page, width, top));
        }
        return sheets;
    }

    private static Sheet sheet(List<Placed> page, double width, double height) {
        return new Sheet(width, height, g -> page.forEach(placed -> placed.paint(g)));
    }
}
