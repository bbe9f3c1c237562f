package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import tollgate.analysis.Calls.Quantile;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;

/**
 * How what a strategy adds is spread over calls: a plot per workload, a cumulative curve per strategy. Intervals stand
 * at three quantiles only, since bands of several curves would hide each other.
 */
@AutoService(Chart.class)
public final class Latency implements Chart {
    /** More curves would not be told apart. */
    private static final int CURVES = 8;

    /** Percent of calls at which a curve has its mark and its interval. */
    private static final List<Double> MARKED = List.of(50.0, 90.0, 99.0);

    /** Nanoseconds: less than a cycle of any CPU. */
    private static final double LEAST = 0.1;

    private static final double DEEPEST = 1e7;

    private static final double HEAD_GAP = 6;
    private static final double GUTTER = 5;
    private static final double GAP = 8;
    private static final double LEFT = 26;
    private static final double RIGHT = 12;
    private static final double PLOT = 96;
    private static final double BELOW = 22;
    private static final Color GRID = new Color(0xe6e6e6);

    /** @param style number of the strategy among all of the workload */
    private record Curve(String name, int style, List<Quantile> added) {}

    private record Panel(String title, String unit, List<Curve> curves) {
        PlotHead head(double width) {
            return new PlotHead(
                    title,
                    curves.stream()
                            .map(curve -> new Legend.Key(curve.name(), (g, area) -> {
                                g.setColor(IntervalMark.colour(curve.style()));
                                g.setStroke(new BasicStroke(0.9f));
                                g.draw(new Line2D.Double(
                                        area.getX(), area.getCenterY(), area.getMaxX(), area.getCenterY()));
                                IntervalMark.dot(g, curve.style(), area.getCenterX(), area.getCenterY());
                            }))
                            .toList(),
                    width);
        }

        void paint(Graphics2D g, Axis axis, double width, double top) {
            head(width).paint(g);
            g.translate(0, top);
            frame(g, axis, width);
            curves.forEach(curve -> line(g, axis, curve));
            curves.forEach(curve -> marks(g, axis, curve));
        }

        private void frame(Graphics2D g, Axis axis, double width) {
            g.setFont(Fonts.REGULAR);
            g.setStroke(new BasicStroke(0.4f));
            for (int percent = 0; percent <= 100; percent += 25) {
                g.setColor(GRID);
                g.draw(new Line2D.Double(LEFT, height(percent), width - RIGHT, height(percent)));
                g.setColor(Color.BLACK);
                String label = percent + (percent == 100 ? " %" : "");
                g.drawString(
                        label, (float) (LEFT - 4 - Fonts.width(label, Fonts.REGULAR)), (float) height(percent) + 2.5f);
            }
            for (Axis.Tick tick : axis.ticks()) {
                double at = axis.at(tick.value());
                g.setColor(GRID);
                g.draw(new Line2D.Double(at, 0, at, PLOT));
                g.setColor(Color.BLACK);
                float half = (float) Fonts.width(tick.label(), Fonts.REGULAR) / 2;
                g.drawString(tick.label(), (float) at - half, (float) PLOT + 9);
            }
            String across = "added to " + unit + ", ns";
            g.drawString(across, (float) (width - RIGHT - Fonts.width(across, Fonts.REGULAR)), (float) PLOT + 18);
        }

        private static void line(Graphics2D g, Axis axis, Curve curve) {
            Path2D path = new Path2D.Double();
            for (Quantile each : curve.added()) {
                double x = axis.at(each.nanos().value());
                if (path.getCurrentPoint() == null) {
                    path.moveTo(x, height(each.share()));
                } else {
                    path.lineTo(x, height(each.share()));
                }
            }
            g.setColor(IntervalMark.colour(curve.style()));
            g.setStroke(new BasicStroke(0.9f));
            g.draw(path);
        }

        private void marks(Graphics2D g, Axis axis, Curve curve) {
            for (Quantile each : curve.added()) {
                if (MARKED.contains(each.share())) {
                    Estimate e = each.nanos();
                    double y = height(each.share());
                    String part = Math.round(each.share()) + " % of them at most";
                    new Datum(title, curve.name(), part, e, "ns").begin(g);
                    g.setColor(IntervalMark.colour(curve.style()));
                    g.setStroke(new BasicStroke(0.6f));
                    g.draw(new Line2D.Double(axis.at(e.low()), y, axis.at(e.high()), y));
                    IntervalMark.dot(g, curve.style(), axis.at(e.value()), y);
                    Datum.end(g);
                }
            }
        }

        private static double height(double percent) {
            return PLOT * (1 - percent / 100);
        }
    }

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String title() {
        return "What is added to single calls";
    }

    @Override
    public String about() {
        return "Cumulative distribution of the time added to single system calls or VM exits, with intervals.";
    }

    @Override
    public int place() {
        return 35;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return !panels(comparison).isEmpty();
    }

    @Override
    public String caption(Comparison comparison) {
        return "Up: the share of calls that a strategy adds at most the time on the horizontal axis to, at mid prices, on "
                + comparison.cpu().title() + ". Calls are system calls, from entry to return; in guests VM exits, up to"
                + " the next VM entry or the return to the VMM; an even sample of them, at most 2048. Marks stand at half,"
                + " 90 and 99 % of the calls, with the 5 to 95 % interval over prices and over the choice of calls."
                + " Interrupts that fall into a call are not counted as its own, nor what it costs later in user mode."
                + (isLogarithmic(comparison)
                        ? " The horizontal axis is logarithmic; what adds less, or saves time, stands at its left end."
                        : "");
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        List<Panel> panels = panels(comparison);
        int columns = Math.max(1, (int) ((width + GUTTER) / (Sheet.COLUMN + GUTTER)));
        double wide = (width - (columns - 1) * GUTTER) / columns;
        Axis axis = axis(panels, LEFT, wide - RIGHT);
        List<Panels.Row> rows = new ArrayList<>();
        for (int i = 0; i < panels.size(); i += columns) {
            List<Panel> row = panels.subList(i, Math.min(panels.size(), i + columns));
            double top = HEAD_GAP
                    + row.stream()
                            .mapToDouble(panel -> panel.head(wide).height())
                            .max()
                            .orElse(0);
            List<Panels.Painter> painters = row.stream()
                    .map(panel -> (Panels.Painter) g -> panel.paint(g, axis, wide, top))
                    .toList();
            rows.add(new Panels.Row(top + PLOT + BELOW + GAP, painters));
        }
        return Panels.sheets(rows, width, wide + GUTTER);
    }

    private boolean isLogarithmic(Comparison comparison) {
        return axis(panels(comparison), 0, 100).isLogarithmic();
    }

    /** Covers every mark with its interval, but for what is nothing beside the largest. */
    private static Axis axis(List<Panel> panels, double from, double to) {
        List<Estimate> all = panels.stream()
                .flatMap(panel -> panel.curves().stream())
                .flatMap(curve -> curve.added().stream())
                .map(Quantile::nanos)
                .toList();
        double high = all.stream()
                .mapToDouble(e -> Math.max(e.value(), e.high()))
                .max()
                .orElse(1);
        if (high <= LEAST) {
            double low = all.stream()
                    .mapToDouble(e -> Math.min(e.value(), e.low()))
                    .min()
                    .orElse(0);
            return Axis.linear(low, high, from, to);
        }
        double low = all.stream()
                .mapToDouble(e -> e.low() > 0 ? Math.min(e.value(), e.low()) : e.value())
                .filter(value -> value > 0)
                .min()
                .orElse(high / 10);
        return Axis.logarithmic(Math.max(low, Math.max(LEAST, high / DEEPEST)), high, from, to);
    }

    private static List<Panel> panels(Comparison comparison) {
        List<Panel> panels = new ArrayList<>();
        for (Workload workload : comparison.workloads()) {
            List<Strategy> strategies = IntervalChart.added(workload);
            List<Curve> curves = new ArrayList<>();
            boolean isOfExits = false;
            for (int i = 0; i < strategies.size(); i++) {
                Strategy strategy = strategies.get(i);
                if (!strategy.calls().added().isEmpty()) {
                    curves.add(new Curve(
                            Fonts.printable(strategy.name()),
                            i,
                            strategy.calls().added()));
                    isOfExits |= strategy.calls().isOfExits();
                }
            }
            int count = (curves.size() + CURVES - 1) / CURVES;
            for (int i = 0; i < count; i++) {
                String part = count == 1 ? "" : " (" + (i + 1) + " of " + count + ")";
                panels.add(new Panel(
                        Fonts.printable(workload.name()) + part,
                        isOfExits ? "a VM exit" : "a system call",
                        curves.subList(curves.size() * i / count, curves.size() * (i + 1) / count)));
            }
        }
        return panels;
    }
}
