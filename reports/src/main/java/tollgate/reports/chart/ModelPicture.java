package tollgate.reports.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Comparison;

/**
 * The way of an event through the model: from the recording to added cycles.
 *
 * <pre>
 *   event  ->  invocation  ->  page stream                     once, for all strategies
 *                                  |
 *   view   ->  first level  ->  second level  ->  page walk    in each strategy's own machine
 *                  ^ flushes                        ^ paging-structure caches
 *                                  |
 *   ledger  x  prices  =  bill,  less the baseline's           priced afterwards
 * </pre>
 */
public final class ModelPicture {
    private static final double GAP = 16;
    private static final double PAD = 4;
    private static final double LINE = 8.4;
    private static final double BETWEEN = 20;
    private static final double LABEL = 11;
    private static final Color LANE = new Color(0xf2f2f2);
    private static final BasicStroke THIN = new BasicStroke(0.6f);

    private record Box(String title, List<String> lines) {
        /** Title and lines as they break in a box of this width. */
        List<String> broken(double width) {
            List<String> broken = new ArrayList<>();
            for (String line : lines) {
                broken.addAll(Fonts.wrap(line, Fonts.REGULAR, width - 2 * PAD));
            }
            return broken;
        }

        double height(double width) {
            return (1 + broken(width).size()) * LINE + 2 * PAD;
        }
    }

    /** @param label what is common to the boxes of a row; @param words over the arrows between them */
    private record Row(String label, List<Box> boxes, List<String> words) {
        double boxWidth(double width) {
            return (width - 2 * PAD - (boxes.size() - 1) * gap()) / boxes.size();
        }

        /** Room for the words over an arrow. */
        double gap() {
            return words.stream()
                    .mapToDouble(word -> Fonts.width(word, Fonts.ITALIC) + 8)
                    .reduce(GAP, Math::max);
        }

        double height(double width) {
            return boxes.stream()
                    .mapToDouble(box -> box.height(boxWidth(width)))
                    .max()
                    .orElse(0);
        }
    }

    private ModelPicture() {}

    /** @param width points */
    public static Sheet sheet(Comparison.Cpu cpu, double width) {
        List<Row> rows = rows(cpu.translation());
        double height = 0;
        for (Row row : rows) {
            height += LABEL + row.height(width) + 2 * PAD + BETWEEN;
        }
        return new Sheet(width, height - BETWEEN, g -> paint(g, rows, width));
    }

    private static List<Row> rows(Map<String, List<String>> caches) {
        List<String> walk = new ArrayList<>(caches.getOrDefault("levels", List.of()));
        walk.add("starts below what the paging-structure caches know:");
        walk.addAll(caches.getOrDefault("walks", List.of()));
        return List.of(
                new Row(
                        "once, for all strategies: they see the same pages",
                        List.of(
                                new Box(
                                        "event",
                                        List.of(
                                                "of the recording: system call, fault, interrupt, switch, VM exit; how long,"
                                                        + " failed, blocked")),
                                new Box(
                                        "invocation",
                                        List.of(
                                                "a whole one of a measured kernel, drawn by seed and position in the trace;"
                                                        + " between events W(d) user pages in d ns")),
                                new Box(
                                        "page stream",
                                        List.of(
                                                "pages in order: fixed ones kept, those of process, task and VM its own;"
                                                        + " each with its memory class"))),
                        List.of("", "")),
                new Row(
                        "in each strategy's own machine: its crossings switch the view and flush",
                        List.of(
                                new Box(
                                        "view",
                                        List.of(
                                                "which classes are mapped and by which leaves; PCID, VPID or the global bit;"
                                                        + " what a touch of the rest does")),
                                new Box("first-level TLBs", caches.getOrDefault("first", List.of())),
                                new Box("second level", caches.getOrDefault("second", List.of())),
                                new Box("page walk", walk)),
                        List.of("", "miss", "miss")),
                new Row(
                        "afterwards: counts are priced, again and again, without a replay",
                        List.of(
                                new Box("ledger", List.of("how often each operation happened, by cause")),
                                new Box("prices", List.of("cycles with low, middle and high, drawn jointly")),
                                new Box(
                                        "bill",
                                        List.of("their products, added up; less the baseline's on the same draws")),
                                new Box("figure", List.of("added cycles with a 5 to 95 % interval"))),
                        List.of("\u00d7", "=", "")));
    }

    private static void paint(Graphics2D g, List<Row> rows, double width) {
        double y = 0;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double height = LABEL + row.height(width) + 2 * PAD;
            g.setColor(LANE);
            g.fill(new Rectangle2D.Double(0, y, width, height));
            text(g, Fonts.ITALIC, row.label(), PAD, y + LINE);
            paint(g, row, width, y + LABEL + PAD / 2);
            y += height;
            if (i + 1 < rows.size()) {
                arrow(g, width / 2, y + 3, width / 2, y + BETWEEN - 3);
                text(
                        g,
                        Fonts.ITALIC,
                        i == 0 ? "accesses and crossings" : "operations: hits, walks, steps, CR3 writes, flushes, ...",
                        width / 2 + 5,
                        y + BETWEEN / 2 + 2.5);
            }
            y += BETWEEN;
        }
    }

    private static void paint(Graphics2D g, Row row, double width, double top) {
        double wide = row.boxWidth(width);
        double high = row.height(width);
        for (int i = 0; i < row.boxes().size(); i++) {
            Box box = row.boxes().get(i);
            double x = PAD + i * (wide + row.gap());
            Rectangle2D frame = new Rectangle2D.Double(x, top, wide, high);
            g.setColor(Color.WHITE);
            g.fill(frame);
            g.setColor(Color.BLACK);
            g.setStroke(THIN);
            g.draw(frame);
            double baseline = top + PAD + LINE - 2;
            text(g, Fonts.BOLD, box.title(), x + PAD, baseline);
            for (String line : box.broken(wide)) {
                baseline += LINE;
                text(g, Fonts.REGULAR, line, x + PAD, baseline);
            }
            if (i > 0) {
                String word = row.words().get(i - 1);
                double middle = top + high / 2;
                double from = x - row.gap();
                if (word.length() == 1) {
                    text(g, Fonts.BOLD, word, (from + x - Fonts.width(word, Fonts.BOLD)) / 2, middle + 2.5);
                } else {
                    arrow(g, from + 1.5, middle, x - 1.5, middle);
                    text(g, Fonts.ITALIC, word, (from + x - Fonts.width(word, Fonts.ITALIC)) / 2, middle - 2.5);
                }
            }
        }
    }

    private static void arrow(Graphics2D g, double fromX, double fromY, double toX, double toY) {
        double length = Math.hypot(toX - fromX, toY - fromY);
        double dx = (toX - fromX) / length;
        double dy = (toY - fromY) / length;
        g.setColor(Color.BLACK);
        g.setStroke(THIN);
        g.draw(new Line2D.Double(fromX, fromY, toX - 3 * dx, toY - 3 * dy));
        Path2D head = new Path2D.Double();
        head.moveTo(toX, toY);
        head.lineTo(toX - 4 * dx - 1.8 * dy, toY - 4 * dy + 1.8 * dx);
        head.lineTo(toX - 4 * dx + 1.8 * dy, toY - 4 * dy - 1.8 * dx);
        head.closePath();
        g.fill(head);
    }

    private static void text(Graphics2D g, Font font, String text, double x, double baseline) {
        if (!text.isEmpty()) {
            g.setFont(font);
            g.setColor(Color.BLACK);
            g.drawString(text, (float) x, (float) baseline);
        }
    }
}
