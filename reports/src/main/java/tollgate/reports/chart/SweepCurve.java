package tollgate.reports.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.study.Swept;

/**
 * A figure against one swept parameter: a line for each strategy through its points, its 5 to 95 % interval as a band. A
 * sheet for every few strategies, all on the same axes.
 */
final class SweepCurve {
    /** More bands would not be told apart. */
    private static final int LINES = 4;

    /** Two figures with their captions fit a page. */
    private static final double HIGHEST = 190;

    private static final double LEFT = 34;
    private static final double RIGHT = 8;
    private static final double BELOW = 24;
    private static final double GAP = 4;
    private static final int BAND = 0x30;

    /** Where the largest is so many times the smallest, both are seen on a logarithmic axis only. */
    private static final double DECADES = 50;

    /** The vertical axis: an {@link Axis} from the bottom upwards. */
    private record Up(Axis axis, double bottom) {
        double at(double value) {
            return bottom - axis.at(value);
        }

        double top() {
            return bottom - axis.to();
        }
    }

    private final Swept.Row first;
    private final tollgate.analysis.study.Axis over;
    private final String title;
    private final Map<String, List<Figure>> lines = new LinkedHashMap<>();
    private final String unit;
    private final double low;
    private final double high;
    private final boolean isLogarithmic;

    /** @param rows of one trace and CPU, at least one of them told */
    SweepCurve(Swept swept, List<Swept.Row> rows) {
        over = swept.sweep().over();
        first = rows.get(0);
        title = Fonts.printable(first.trace()) + ", " + Fonts.printable(first.cpu());
        unit = first.metric().unit();
        double least = 0;
        double most = 0;
        double smallest = Double.POSITIVE_INFINITY;
        for (Swept.Row row : rows) {
            lines.computeIfAbsent(Fonts.printable(row.strategy()), any -> new ArrayList<>())
                    .add(row.figure());
            if (row.figure() instanceof Estimate e) {
                least = Math.min(least, e.low());
                most = Math.max(most, e.high());
                smallest = Math.min(smallest, e.value());
            }
        }
        isLogarithmic = smallest > 0 && most > DECADES * smallest;
        low = isLogarithmic ? smallest / 2 : least;
        high = most;
    }

    /** What is on the horizontal axis. */
    static String heading(tollgate.analysis.study.Axis axis) {
        return switch (axis.kind()) {
            case PRICE -> "price " + axis.label() + ", cycles";
            case MODEL -> "model parameter " + axis.label();
            case RATE -> axis.unit() + " of busy time";
            case CPU -> axis.label() + ", " + axis.unit();
            case STRATEGY -> axis.label();
        };
    }

    /** @param width points */
    List<Sheet> sheets(double width) {
        List<String> names = List.copyOf(lines.keySet());
        int count = (names.size() + LINES - 1) / LINES;
        List<Sheet> sheets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> own = names.subList(names.size() * i / count, names.size() * (i + 1) / count);
            double top = head(own, width).height() + GAP + 8;
            double plot = Math.min(0.55 * width, HIGHEST);
            sheets.add(new Sheet(width, top + plot + BELOW, g -> paint(g, own, width, top, plot)));
        }
        return sheets;
    }

    private PlotHead head(List<String> own, double width) {
        List<Legend.Key> keys = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            int style = i;
            keys.add(new Legend.Key(own.get(i), (g, area) -> {
                g.setColor(IntervalMark.colour(style));
                g.setStroke(new BasicStroke(0.9f));
                g.draw(new Line2D.Double(area.getX(), area.getCenterY(), area.getMaxX(), area.getCenterY()));
                IntervalMark.dot(g, style, area.getCenterX(), area.getCenterY());
            }));
        }
        return new PlotHead(title, keys, width);
    }

    private void paint(Graphics2D g, List<String> own, double width, double top, double plot) {
        head(own, width).paint(g);
        Axis across = across(LEFT, width - RIGHT);
        Up up = new Up(
                isLogarithmic ? Axis.logarithmic(low, high, 0, plot) : Axis.linear(low, high, 0, plot), top + plot);
        frame(g, across, up, width);
        double[] x = new double[over.values().size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = over.isNumeric()
                    ? across.at(over.position(i))
                    : LEFT + (width - LEFT - RIGHT) * (i + 0.5) / x.length;
        }
        for (int i = 0; i < own.size(); i++) {
            if (over.isNumeric()) {
                band(g, lines.get(own.get(i)), x, up, IntervalMark.colour(i));
            }
        }
        for (int i = 0; i < own.size(); i++) {
            line(g, own.get(i), x, up, i);
        }
    }

    private Axis across(double from, double to) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < over.values().size(); i++) {
            least = Math.min(least, over.position(i));
            most = Math.max(most, over.position(i));
        }
        return over.isLogarithmic() && least > 0
                ? Axis.logarithmic(least, most, from, to)
                : Axis.between(least, most, from, to);
    }

    private void frame(Graphics2D g, Axis across, Up up, double width) {
        g.setFont(Fonts.REGULAR);
        for (Axis.Tick tick : up.axis().ticks()) {
            double y = up.at(tick.value());
            g.setColor(tick.value() == 0 ? Color.GRAY : new Color(0xe6e6e6));
            g.setStroke(new BasicStroke(tick.value() == 0 ? 0.6f : 0.4f));
            g.draw(new Line2D.Double(LEFT, y, width - RIGHT, y));
            g.setColor(Color.BLACK);
            g.drawString(tick.label(), (float) (LEFT - 4 - Fonts.width(tick.label(), Fonts.REGULAR)), (float) y + 2.5f);
        }
        double below = up.bottom() + 9;
        if (over.isNumeric()) {
            for (Axis.Tick tick : across.ticks()) {
                double at = across.at(tick.value());
                g.setStroke(new BasicStroke(0.4f));
                g.setColor(new Color(0xe6e6e6));
                g.draw(new Line2D.Double(at, up.bottom(), at, up.top()));
                g.setColor(Color.BLACK);
                centred(g, tick.label(), at, below);
            }
        } else {
            int count = over.values().size();
            double room = (width - LEFT - RIGHT) / count;
            for (int i = 0; i < count; i++) {
                String word =
                        Fonts.wrap(over.values().get(i), Fonts.REGULAR, room).get(0);
                centred(g, word, LEFT + room * (i + 0.5), below);
            }
        }
        centred(g, heading(over), (LEFT + width - RIGHT) / 2, below + 10);
        g.drawString(first.metric().title() + ", " + unit, 0, (float) up.top() - 6);
    }

    private static void centred(Graphics2D g, String text, double x, double y) {
        g.drawString(text, (float) (x - Fonts.width(text, Fonts.REGULAR) / 2), (float) y);
    }

    private static void band(Graphics2D g, List<Figure> figures, double[] x, Up up, Color colour) {
        Path2D band = new Path2D.Double();
        for (int i = 0; i < x.length; i++) {
            if (!(figures.get(i) instanceof Estimate e)) {
                return;
            }
            if (i == 0) {
                band.moveTo(x[i], up.at(e.high()));
            } else {
                band.lineTo(x[i], up.at(e.high()));
            }
        }
        for (int i = x.length - 1; i >= 0; i--) {
            band.lineTo(x[i], up.at(((Estimate) figures.get(i)).low()));
        }
        band.closePath();
        g.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), BAND));
        g.fill(band);
    }

    private void line(Graphics2D g, String name, double[] x, Up up, int style) {
        List<Figure> figures = lines.get(name);
        for (int i = 0; i < x.length; i++) {
            if (figures.get(i) instanceof Estimate e) {
                if (over.isNumeric() && i > 0 && figures.get(i - 1) instanceof Estimate before) {
                    g.setColor(IntervalMark.colour(style));
                    g.setStroke(new BasicStroke(0.9f));
                    g.draw(new Line2D.Double(x[i - 1], up.at(before.value()), x[i], up.at(e.value())));
                }
                String value =
                        over.label() + "=" + over.values().get(i) + (over.unit().isEmpty() ? "" : " " + over.unit());
                new Datum(name, value, "", e, unit).begin(g);
                if (!over.isNumeric()) {
                    g.setColor(IntervalMark.colour(style));
                    g.setStroke(new BasicStroke(0.9f));
                    double at = x[i] + (style - (LINES - 1) / 2.0) * 6;
                    g.draw(new Line2D.Double(at, up.at(e.low()), at, up.at(e.high())));
                    IntervalMark.dot(g, style, at, up.at(e.value()));
                } else {
                    IntervalMark.dot(g, style, x[i], up.at(e.value()));
                }
                Datum.end(g);
            }
        }
    }
}
