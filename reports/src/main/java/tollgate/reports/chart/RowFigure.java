package tollgate.reports.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;

/**
 * A figure of labelled rows in groups over one horizontal axis: names are read level, however many there are,
 * and what does not fit one sheet goes on in the next under the same axis.
 *
 * <pre>
 *   legend entries, as many lines as they need
 *   Group title                         note title
 *     row label   |---o-------|           3.2
 *     row label      |-----o----|         5.1
 *                 +----+----+----+
 *                 0    2    4    6
 *                    axis title
 * </pre>
 */
final class RowFigure {
    /** What a row shows on the axis. */
    interface Mark {
        void paint(Graphics2D g, Axis axis, double y);

        /** What the whole mark shows; one of several parts tells each as it draws it, beginning from this. */
        default Figure shown() {
            return new CannotTell("nothing is drawn");
        }

        /** Unit of what is shown, unless it is the one over the notes. */
        default String unit() {
            return "";
        }
    }

    /** @param note text at the right end, or empty */
    record Row(String label, Mark mark, String note) {}

    /** @param noteTitle stands over the notes, or empty */
    record Group(String title, String noteTitle, List<Row> rows) {}

    private static final double LINE = 8.2;
    private static final double ROW = 9.6;
    private static final double TITLE = 10.5;
    private static final double GROUP_GAP = 4;
    private static final double INDENT = 5;
    private static final double PAD = 4;
    /** A sheet filled to here ends rather than that it cuts a group. */
    private static final double LEAST_FILLED = 0.6 * Sheet.MAX_HEIGHT;

    private static final String CONTINUED = " (continued)";
    private static final double AXIS = 26;
    private static final double LARGEST_LABEL_SHARE = 0.38;
    private static final Color GRID = new Color(0xd9d9d9);
    private static final BasicStroke HAIR = new BasicStroke(0.4f);

    private final double width;
    private final String axisTitle;
    private final Legend legend;
    private final List<Group> groups;
    private final double labelWidth;
    private final Axis axis;

    /** @param axis makes the axis between two positions */
    RowFigure(
            double width,
            String axisTitle,
            List<Legend.Key> keys,
            List<Group> groups,
            BiFunction<Double, Double, Axis> axis) {
        this.width = width;
        this.axisTitle = axisTitle;
        this.legend = new Legend(keys, width);
        this.groups = groups;
        double widest = 0;
        double widestNote = 0;
        for (Group group : groups) {
            for (Row row : group.rows()) {
                widest = Math.max(widest, Fonts.width(row.label(), Fonts.REGULAR));
                widestNote = Math.max(widestNote, Fonts.width(row.note(), Fonts.REGULAR));
            }
        }
        this.labelWidth = Math.min(widest, width * LARGEST_LABEL_SHARE);
        double from = INDENT + labelWidth + 2 * PAD;
        double to = width - (widestNote > 0 ? widestNote + 2 * PAD : 3 * PAD);
        this.axis = axis.apply(from, to);
    }

    List<Sheet> sheets() {
        List<Sheet> sheets = new ArrayList<>();
        List<Group> page = new ArrayList<>();
        double height = fixedHeight();
        for (Group group : groups) {
            List<Row> rows = new ArrayList<>();
            String title = group.title();
            double head = titleHeight(group) + GROUP_GAP;
            double whole = head + rowsHeight(group);
            if (height > LEAST_FILLED
                    && height + whole > Sheet.MAX_HEIGHT
                    && fixedHeight() + whole <= Sheet.MAX_HEIGHT) {
                sheets.add(sheet(page));
                page = new ArrayList<>();
                height = fixedHeight();
            }
            for (Row row : group.rows()) {
                double needed = rowHeight(row) + (rows.isEmpty() ? head : 0);
                if (height + needed > Sheet.MAX_HEIGHT && !(page.isEmpty() && rows.isEmpty())) {
                    if (!rows.isEmpty()) {
                        page.add(new Group(title, group.noteTitle(), rows));
                        rows = new ArrayList<>();
                        title = group.title() + CONTINUED;
                    }
                    sheets.add(sheet(page));
                    page = new ArrayList<>();
                    height = fixedHeight();
                    needed = rowHeight(row) + head;
                }
                rows.add(row);
                height += needed;
            }
            if (!rows.isEmpty()) {
                page.add(new Group(title, group.noteTitle(), rows));
            }
        }
        if (!page.isEmpty()) {
            sheets.add(sheet(page));
        }
        return sheets;
    }

    private Sheet sheet(List<Group> page) {
        double height = fixedHeight();
        for (Group group : page) {
            height += titleHeight(group) + GROUP_GAP + rowsHeight(group);
        }
        double bottom = height - AXIS;
        return new Sheet(width, height, g -> paint(g, page, bottom));
    }

    private double fixedHeight() {
        return legend.height() + PAD + AXIS;
    }

    private double rowHeight(Row row) {
        return ROW + (Fonts.wrap(row.label(), Fonts.REGULAR, labelWidth).size() - 1) * LINE;
    }

    private double rowsHeight(Group group) {
        return group.rows().stream().mapToDouble(this::rowHeight).sum();
    }

    private double titleHeight(Group group) {
        return TITLE + (titleLines(group).size() - 1) * LINE;
    }

    private List<String> titleLines(Group group) {
        return Fonts.wrap(group.title(), Fonts.BOLD, width - Fonts.width(group.noteTitle(), Fonts.ITALIC) - 2 * PAD);
    }

    private void paint(Graphics2D g, List<Group> page, double bottom) {
        legend.paint(g);
        double y = legend.height() + PAD;
        paintGrid(g, page, y, bottom);
        for (Group group : page) {
            y += GROUP_GAP;
            double titleTop = y;
            String noteTitle = group.noteTitle();
            text(g, Fonts.ITALIC, noteTitle, width - Fonts.width(noteTitle, Fonts.ITALIC), y + LINE - 1);
            for (String line : titleLines(group)) {
                text(g, Fonts.BOLD, line, 0, y + LINE - 1);
                y += LINE;
            }
            y = titleTop + titleHeight(group);
            for (Row row : group.rows()) {
                List<String> lines = Fonts.wrap(row.label(), Fonts.REGULAR, labelWidth);
                double centre = y + rowHeight(row) / 2;
                double baseline = centre + 2.5 - (lines.size() - 1) * LINE / 2;
                for (String line : lines) {
                    text(g, Fonts.REGULAR, line, INDENT, baseline);
                    baseline += LINE;
                }
                g.setColor(Color.BLACK);
                datum(group, row).begin(g);
                row.mark().paint(g, axis, centre);
                Datum.end(g);
                if (!row.note().isEmpty()) {
                    text(g, Fonts.REGULAR, row.note(), width - Fonts.width(row.note(), Fonts.REGULAR), centre + 2.5);
                }
                y += rowHeight(row);
            }
        }
        paintAxis(g, bottom);
    }

    private static Datum datum(Group group, Row row) {
        String title = group.title();
        String whole = title.endsWith(CONTINUED) ? title.substring(0, title.length() - CONTINUED.length()) : title;
        String unit =
                row.mark().unit().isEmpty() ? group.noteTitle() : row.mark().unit();
        return new Datum(whole, row.label(), "", row.mark().shown(), unit);
    }

    /** Lines at the ticks, behind the rows only: titles stand on white. */
    private void paintGrid(Graphics2D g, List<Group> page, double top, double bottom) {
        g.setStroke(HAIR);
        double y = top;
        for (Group group : page) {
            y += GROUP_GAP + titleHeight(group);
            double end = y + rowsHeight(group);
            for (Axis.Tick tick : axis.ticks()) {
                double x = axis.at(tick.value());
                g.setColor(tick.value() == 0 ? Color.GRAY : GRID);
                g.draw(new Line2D.Double(x, y, x, end));
            }
            y = end;
        }
    }

    private void paintAxis(Graphics2D g, double y) {
        g.setStroke(new BasicStroke(0.6f));
        g.setColor(Color.BLACK);
        g.draw(new Line2D.Double(axis.from(), y + 2, axis.to(), y + 2));
        for (Axis.Tick tick : axis.ticks()) {
            double x = axis.at(tick.value());
            g.setColor(Color.BLACK);
            g.draw(new Line2D.Double(x, y + 2, x, y + 4.5));
            text(g, Fonts.REGULAR, tick.label(), x - Fonts.width(tick.label(), Fonts.REGULAR) / 2, y + 12);
        }
        double middle = (axis.from() + axis.to()) / 2 - Fonts.width(axisTitle, Fonts.REGULAR) / 2;
        double latest = width - Fonts.width(axisTitle, Fonts.REGULAR);
        text(g, Fonts.REGULAR, axisTitle, Math.max(0, Math.min(middle, latest)), y + 22);
    }

    private static void text(Graphics2D g, Font font, String text, double x, double baseline) {
        if (text.isEmpty()) {
            return;
        }
        g.setFont(font);
        g.setColor(Color.BLACK);
        g.drawString(text, (float) x, (float) baseline);
    }
}
