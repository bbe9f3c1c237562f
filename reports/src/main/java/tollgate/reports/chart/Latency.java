package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.awt.BasicStroke;
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
    private static final double GAP = 8;
    private static final double PLOT = 96;

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

        void paint(Graphics2D g, Axis axis, double width) {
            PercentPlot plot = new PercentPlot(axis, width, PLOT);
            plot.paint(g, "added to " + unit + ", ns");
            curves.forEach(curve -> line(g, plot, curve));
            curves.forEach(curve -> marks(g, plot, curve));
        }

        private static void line(Graphics2D g, PercentPlot plot, Curve curve) {
            Path2D path = new Path2D.Double();
            for (Quantile each : curve.added()) {
                double x = plot.across().at(each.nanos().value());
                if (path.getCurrentPoint() == null) {
                    path.moveTo(x, plot.y(each.share()));
                } else {
                    path.lineTo(x, plot.y(each.share()));
                }
            }
            g.setColor(IntervalMark.colour(curve.style()));
            g.setStroke(new BasicStroke(0.9f));
            g.draw(path);
        }

        private void marks(Graphics2D g, PercentPlot plot, Curve curve) {
            for (Quantile each : curve.added()) {
                if (MARKED.contains(each.share())) {
                    Estimate e = each.nanos();
                    double y = plot.y(each.share());
                    String part = Math.round(each.share()) + " % of them at most";
                    new Datum(title, curve.name(), part, e, "ns").begin(g);
                    g.setColor(IntervalMark.colour(curve.style()));
                    g.setStroke(new BasicStroke(0.6f));
                    g.draw(new Line2D.Double(
                            plot.across().at(e.low()), y, plot.across().at(e.high()), y));
                    IntervalMark.dot(g, curve.style(), plot.across().at(e.value()), y);
                    Datum.end(g);
                }
            }
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
        double wide = Panels.plotWidth(width);
        Axis axis = axis(panels, PercentPlot.LEFT, wide - PercentPlot.RIGHT);
        List<Panels.Plot> plots = panels.stream()
                .map(panel -> new Panels.Plot(panel.head(wide), g -> panel.paint(g, axis, wide)))
                .toList();
        return Panels.sheets(plots, width, HEAD_GAP, PLOT + PercentPlot.BELOW + GAP);
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
