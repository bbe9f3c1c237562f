package tollgate.reports.chart;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** What the fills or lines of a figure stand for, in as many lines as they need; long names are broken, none is cut. */
final class Legend {
    /** @param sample draws in the given rectangle */
    record Key(String label, BiConsumer<Graphics2D, Rectangle2D> sample) {}

    private static final double LINE = 8.2;
    private static final double SAMPLE = 10;
    private static final double AFTER_SAMPLE = 4;
    private static final double BETWEEN = 12;

    /** A key where it stands. */
    private record Placed(Key key, List<String> lines, double x, double y) {}

    private final List<Placed> placed = new ArrayList<>();
    private final double height;

    Legend(List<Key> keys, double width) {
        double x = 0;
        double y = 0;
        double rowHeight = 0;
        for (Key key : keys) {
            List<String> lines = Fonts.wrap(key.label(), Fonts.REGULAR, width - SAMPLE - AFTER_SAMPLE);
            double wide = SAMPLE
                    + AFTER_SAMPLE
                    + lines.stream()
                            .mapToDouble(line -> Fonts.width(line, Fonts.REGULAR))
                            .max()
                            .orElse(0);
            if (x > 0 && x + wide > width) {
                x = 0;
                y += rowHeight;
                rowHeight = 0;
            }
            placed.add(new Placed(key, lines, x, y));
            x += wide + BETWEEN;
            rowHeight = Math.max(rowHeight, lines.size() * LINE);
        }
        height = y + rowHeight;
    }

    double height() {
        return height;
    }

    /** Draws with its upper left corner at the origin. */
    void paint(Graphics2D g) {
        for (Placed key : placed) {
            key.key().sample().accept(g, new Rectangle2D.Double(key.x(), key.y() + 1.2, SAMPLE, LINE - 2.4));
            g.setFont(Fonts.REGULAR);
            g.setColor(Color.BLACK);
            for (int i = 0; i < key.lines().size(); i++) {
                g.drawString(key.lines().get(i), (float) (key.x() + SAMPLE + AFTER_SAMPLE), (float)
                        (key.y() + (i + 1) * LINE - 2));
            }
        }
    }
}
