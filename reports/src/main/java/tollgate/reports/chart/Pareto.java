package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Exposed;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/** What every strategy costs against how long it leaves everything mapped, a plot per workload, with the front. */
@AutoService(Chart.class)
public final class Pareto implements Chart {
    private static final double HEAD_GAP = 6;
    private static final double GAP = 8;
    private static final double PLOT = 110;
    private static final Color FRONT = new Color(0x999999);

    /** One strategy of one workload. @param exposure percent, lower is better */
    private record Point(String name, int style, Figure cost, Figure exposure) {
        boolean isTold() {
            return cost instanceof Estimate && exposure instanceof Estimate;
        }

        double x() {
            return ((Estimate) cost).value();
        }

        double y() {
            return ((Estimate) exposure).value();
        }
    }

    private record Panel(String title, Metric metric, IntervalChart costs, List<Point> points) {
        PlotHead head(double width) {
            List<Legend.Key> keys = new ArrayList<>();
            for (Point point : points) {
                String label = point.isTold() ? point.name() : point.name() + " (cannot tell)";
                keys.add(new Legend.Key(label, (g, area) -> {
                    if (point.isTold()) {
                        IntervalMark.dot(g, point.style(), area.getCenterX(), area.getCenterY());
                    } else { // has no place in the plot
                        data(g, point);
                    }
                }));
            }
            return new PlotHead(title, keys, width);
        }

        private void data(Graphics2D g, Point point) {
            for (Datum datum : List.of(cost(point), exposure(point))) {
                datum.begin(g);
                g.setColor(FRONT);
                g.fill(new Rectangle2D.Double(0, 0, 0.1, 0.1));
                Datum.end(g);
            }
        }

        Datum cost(Point point) {
            return new Datum(title, point.name(), "cost", point.cost(), metric.unit());
        }

        Datum exposure(Point point) {
            return new Datum(title, point.name(), label(metric), point.exposure(), "%");
        }

        void paint(Graphics2D g, double width) {
            Axis axis = costs.axis(PercentPlot.LEFT, width - PercentPlot.RIGHT);
            PercentPlot plot = new PercentPlot(axis, width, PLOT);
            plot.paint(g, "cost, " + MainMetric.unit(metric));
            front(g, plot);
            points.stream().filter(Point::isTold).forEach(point -> mark(g, plot, point));
        }

        private void front(Graphics2D g, PercentPlot plot) {
            List<Point> order =
                    new ArrayList<>(points.stream().filter(Point::isTold).toList());
            order.sort(Comparator.comparingDouble(Point::x).thenComparingDouble(Point::y));
            g.setColor(FRONT);
            g.setStroke(new BasicStroke(0.6f));
            Point last = null;
            for (Point point : order) {
                if (last != null && point.y() >= last.y()) {
                    continue;
                }
                if (last != null) {
                    double from = plot.across().at(last.x());
                    double to = plot.across().at(point.x());
                    g.draw(new Line2D.Double(from, plot.y(last.y()), to, plot.y(last.y())));
                    g.draw(new Line2D.Double(to, plot.y(last.y()), to, plot.y(point.y())));
                }
                last = point;
            }
        }

        private void mark(Graphics2D g, PercentPlot plot, Point point) {
            Estimate cost = (Estimate) point.cost();
            Estimate exposure = (Estimate) point.exposure();
            double x = plot.across().at(cost.value());
            double y = plot.y(exposure.value());
            g.setStroke(new BasicStroke(0.9f));
            cost(point).begin(g);
            g.setColor(IntervalMark.colour(point.style()));
            g.draw(new Line2D.Double(
                    plot.across().at(cost.low()), y, plot.across().at(cost.high()), y));
            Datum.end(g);
            exposure(point).begin(g);
            g.draw(new Line2D.Double(x, plot.y(exposure.low()), x, plot.y(exposure.high())));
            IntervalMark.dot(g, point.style(), x, y);
            Datum.end(g);
        }
    }

    private static String label(Metric metric) {
        return metric == Metric.CYCLES_PER_EXIT ? "VM exits that need the full space" : "full space live";
    }

    @Override
    public String name() {
        return "pareto";
    }

    @Override
    public String title() {
        return "Cost against exposure";
    }

    @Override
    public String about() {
        return "Cost of every strategy against how long it leaves everything mapped.";
    }

    @Override
    public int place() {
        return 32;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return !panels(comparison).isEmpty();
    }

    @Override
    public String caption(Comparison comparison) {
        return "Lower and further left is better; nothing on the grey line is beaten in both by another. Across: the cost"
                + " priced for " + comparison.cpu().title()
                + ", with its 5 to 95 % interval; on a logarithmic axis what is"
                + " less stands at its left end. Up: how long the kernel's full address space was live while the workload"
                + " ran, % of user and kernel time, with bounds; where the recording has no real clock, the share of VM"
                + " exits that were not served without it. No isolation stands at 100 %. This shows one side of exposure"
                + " only: flushes, branch state and siblings are in exposure.csv.";
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        double wide = Panels.plotWidth(width);
        List<Panels.Plot> plots = panels(comparison).stream()
                .map(panel -> new Panels.Plot(panel.head(wide), g -> panel.paint(g, wide)))
                .toList();
        return Panels.sheets(plots, width, HEAD_GAP, PLOT + PercentPlot.BELOW + GAP);
    }

    private static List<Panel> panels(Comparison comparison) {
        List<Panel> panels = new ArrayList<>();
        for (Workload workload : comparison.workloads()) {
            Metric metric = MainMetric.of(workload);
            List<Strategy> strategies = IntervalChart.added(workload);
            List<Point> points = new ArrayList<>();
            for (int i = 0; i < strategies.size(); i++) {
                Strategy strategy = strategies.get(i);
                points.add(new Point(
                        Fonts.printable(strategy.name()),
                        i,
                        MainMetric.figure(strategy, metric),
                        exposure(strategy, metric)));
            }
            if (points.stream().anyMatch(Point::isTold)) {
                IntervalChart costs = new IntervalChart(metric, comparison, each -> MainMetric.of(each) == metric);
                panels.add(new Panel(Fonts.printable(workload.name()) + ": " + label(metric), metric, costs, points));
            }
        }
        return panels;
    }

    private static Figure exposure(Strategy strategy, Metric metric) {
        boolean isByExit = metric == Metric.CYCLES_PER_EXIT;
        Exposed exposed =
                strategy.exposure().get(isByExit ? ExposureMetric.EXITS_RESTRICTED : ExposureMetric.FULL_TIME);
        if (exposed == null) {
            return new CannotTell("not metered");
        }
        return isByExit && exposed.figure() instanceof Estimate e
                ? new Estimate(100 - e.value(), 100 - e.high(), 100 - e.low())
                : exposed.figure();
    }
}
