package tollgate.reports.chart;

import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Plots side by side in rows, rows one below the other, and what does not fit one sheet in the next. */
final class Panels {
    /** Between plots side by side, points. */
    private static final double GUTTER = 5;

    /**
     * @param head over it, made for {@link #plotWidth}
     * @param body draws with its upper left corner at the origin; may leave the graphics as it likes
     */
    record Plot(PlotHead head, Consumer<Graphics2D> body) {}

    private record Placed(double x, double y, double headHeight, Plot plot) {
        void paint(Graphics2D on) {
            Graphics2D g = (Graphics2D) on.create();
            g.translate(x, y);
            plot.head().paint(g);
            g.translate(0, headHeight);
            plot.body().accept(g);
            g.dispose();
        }
    }

    private Panels() {}

    /** Points that each plot gets on a sheet of some width: as many stand side by side as columns of a paper would. */
    static double plotWidth(double sheetWidth) {
        int columns = columns(sheetWidth);
        return (sheetWidth - (columns - 1) * GUTTER) / columns;
    }

    private static int columns(double sheetWidth) {
        return Math.max(1, (int) ((sheetWidth + GUTTER) / (Sheet.COLUMN + GUTTER)));
    }

    /**
     * @param width of a sheet, points
     * @param headGap between the highest head of a row and its bodies
     * @param height of a body with what stands between it and the next row
     */
    static List<Sheet> sheets(List<Plot> plots, double width, double headGap, double height) {
        List<Sheet> sheets = new ArrayList<>();
        List<Placed> page = new ArrayList<>();
        int columns = columns(width);
        double step = plotWidth(width) + GUTTER;
        double top = 0;
        for (int from = 0; from < plots.size(); from += columns) {
            List<Plot> row = plots.subList(from, Math.min(plots.size(), from + columns));
            double headHeight = headGap
                    + row.stream()
                            .mapToDouble(plot -> plot.head().height())
                            .max()
                            .orElse(0);
            if (top > 0 && top + headHeight + height > Sheet.MAX_HEIGHT) {
                sheets.add(sheet(page, width, top));
                page = new ArrayList<>();
                top = 0;
            }
            for (int i = 0; i < row.size(); i++) {
                page.add(new Placed(i * step, top, headHeight, row.get(i)));
            }
            top += headHeight + height;
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
