package tollgate.reports.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;

/**
 * A dot with its interval. Strategies differ by shape as well as by colour (Okabe and Ito, "Color Universal
 * Design", 2008), so that fifteen marks are told apart in grey print too.
 *
 * @param style number of the strategy
 * @param unit of the figure, or empty for the one over the notes
 */
record IntervalMark(Figure figure, int style, String unit) implements RowFigure.Mark {
    private static final Color[] COLOURS = {
        new Color(0x0072b2),
        new Color(0xd55e00),
        new Color(0x009e73),
        new Color(0xcc79a7),
        new Color(0x000000),
        new Color(0xe69f00),
        new Color(0x56b4e9)
    };
    private static final double RADIUS = 2.5;
    private static final double CAP = 1.8;
    private static final double POINT = 0.9;
    private static final int SHAPES = 5;

    IntervalMark(Figure figure, int style) {
        this(figure, style, "");
    }

    @Override
    public Figure shown() {
        return figure;
    }

    @Override
    public void paint(Graphics2D g, Axis axis, double y) {
        if (figure instanceof CannotTell reason) {
            paintReason(g, axis, y, reason.reason());
            return;
        }
        Estimate e = (Estimate) figure;
        g.setColor(colour(style));
        g.setStroke(new BasicStroke(0.9f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        double left = axis.at(e.low());
        double right = axis.at(e.high());
        if (right > left) {
            g.draw(new Line2D.Double(left, y, right, y));
        }
        paintLowEnd(g, axis.covers(e.low()), left, y);
        if (axis.covers(e.high())) {
            paintCap(g, right, y);
        }
        if (axis.covers(e.value())) {
            dot(g, style, axis.at(e.value()), y);
        } else if (!axis.covers(e.high())) {
            g.setFont(Fonts.ITALIC);
            g.setColor(Color.DARK_GRAY);
            g.drawString("below the axis", (float) axis.from() + 6, (float) y + 2.5f);
        }
    }

    static Color colour(int style) {
        return COLOURS[style % COLOURS.length];
    }

    /** The mark of a strategy, in its colour and shape. */
    static void dot(Graphics2D g, int style, double x, double y) {
        Shape shape = shape(style % SHAPES, x, y);
        int turn = style / SHAPES % 3; // full, hollow, hollow with a point
        boolean hollow = turn > 0;
        g.setStroke(new BasicStroke(0.9f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
        g.setColor(hollow ? Color.WHITE : colour(style));
        g.fill(shape);
        g.setColor(colour(style));
        g.draw(shape);
        if (turn == 2) {
            g.fill(new Ellipse2D.Double(x - POINT, y - POINT, 2 * POINT, 2 * POINT));
        }
    }

    /** A cap where the interval ends, an arrow head where it goes on to what a logarithmic axis cannot show. */
    private static void paintLowEnd(Graphics2D g, boolean covered, double x, double y) {
        if (covered) {
            paintCap(g, x, y);
        } else {
            g.fill(polygon(x - 3.2, y, x, y - 2, x, y + 2));
        }
    }

    private static void paintCap(Graphics2D g, double x, double y) {
        g.draw(new Line2D.Double(x, y - CAP, x, y + CAP));
    }

    private static void paintReason(Graphics2D g, Axis axis, double y, String reason) {
        String full = "cannot tell: " + Fonts.printable(reason);
        boolean fits = Fonts.width(full, Fonts.ITALIC) <= axis.to() - axis.from() - 4;
        g.setFont(Fonts.ITALIC);
        g.setColor(Color.DARK_GRAY);
        g.drawString(fits ? full : "cannot tell", (float) axis.from() + 4, (float) y + 2.5f);
    }

    private static Shape shape(int kind, double x, double y) {
        double r = RADIUS;
        return switch (kind) {
            case 0 -> new Ellipse2D.Double(x - r, y - r, 2 * r, 2 * r);
            case 1 -> new Rectangle2D.Double(x - 0.85 * r, y - 0.85 * r, 1.7 * r, 1.7 * r);
            case 2 -> polygon(x, y - 1.2 * r, x + 1.2 * r, y, x, y + 1.2 * r, x - 1.2 * r, y);
            case 3 -> polygon(x, y - 1.1 * r, x + 1.1 * r, y + 0.9 * r, x - 1.1 * r, y + 0.9 * r);
            default -> polygon(x, y + 1.1 * r, x + 1.1 * r, y - 0.9 * r, x - 1.1 * r, y - 0.9 * r);
        };
    }

    private static Shape polygon(double... xy) {
        Path2D path = new Path2D.Double();
        path.moveTo(xy[0], xy[1]);
        for (int i = 2; i < xy.length; i += 2) {
            path.lineTo(xy[i], xy[i + 1]);
        }
        path.closePath();
        return path;
    }
}
