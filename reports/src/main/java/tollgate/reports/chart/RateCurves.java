package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/**
 * What a cost per VM exit means at a stated rate of exits: for guests whose recording has no real clock, so that the
 * rate, and with it the overhead, must come from the reader's own system. Overhead % = cycles per exit x exits per
 * second / frequency x 100: a straight line on logarithmic axes. Drawn by XChart.
 */
@AutoService(Chart.class)
public final class RateCurves implements Chart {
    /** VM exits per second of busy CPU: from a guest that hardly exits to one that does nothing else. */
    private static final double[] RATES = {1e2, 1e3, 1e4, 1e5, 1e6};

    /** More lines with their intervals would not be told apart. */
    private static final int LINES = 4;

    /** XChart lays out in whole pixels, its legend swatch has a fixed size: laid out at twice the size and scaled. */
    private static final double SCALE = 0.5;

    private static final double GAP = 6;
    private static final Color[] COLOURS = {new Color(0x0072b2), new Color(0xd55e00), new Color(0x009e73), Color.BLACK};
    private static final Marker[] MARKERS = {
        SeriesMarkers.CIRCLE, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.DIAMOND
    };

    /** Overheads shown, %: what is less does not matter, what is more is no overhead any more but a different machine. */
    private static final double LEAST = 0.01;

    private static final double MOST = 100;

    /** One plot: some strategies of one workload. */
    private record Panel(String title, List<Strategy> strategies) {
        PlotHead head(double width) {
            List<Legend.Key> keys = new ArrayList<>();
            for (int i = 0; i < strategies.size(); i++) {
                Color colour = COLOURS[i];
                Marker marker = MARKERS[i];
                String name = Fonts.printable(strategies.get(i).name());
                Datum shown = new Datum(title, name, "", perExit(strategies.get(i)), "cycles per exit");
                keys.add(new Legend.Key(name, (g, area) -> {
                    shown.begin(g);
                    g.setColor(colour);
                    g.setStroke(new BasicStroke(0.9f));
                    g.draw(new Line2D.Double(area.getX(), area.getCenterY(), area.getMaxX(), area.getCenterY()));
                    marker.paint(g, area.getCenterX(), area.getCenterY(), 5);
                    Datum.end(g);
                }));
            }
            return new PlotHead(title, keys, width);
        }

        void paint(Graphics2D g, double width, double height, double gigahertz, double least) {
            g.scale(SCALE, SCALE);
            chart(this, gigahertz, least).paint(g, (int) (width / SCALE), (int) (height / SCALE));
        }
    }

    @Override
    public String name() {
        return "exit-rate";
    }

    @Override
    public String title() {
        return "Overhead at a given rate of VM exits";
    }

    @Override
    public String about() {
        return "What a cost per VM exit amounts to at a given rate of exits.";
    }

    @Override
    public int place() {
        return 25;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return !panels(comparison).isEmpty();
    }

    @Override
    public String caption(Comparison comparison) {
        return "What the cost of a VM exit amounts to on " + comparison.cpu().title() + " at "
                + Rounded.digits(comparison.cpu().gigahertz(), 3)
                + " GHz, for workloads recorded without a real clock. The rate is not in the recording: find the exits "
                + "per second of busy CPU of a system of your own on the horizontal axis and read the overhead on the "
                + "vertical one. Dashed lines are the 5 to 95 % interval of the cost of an exit. Both axes are "
                + "logarithmic. It is assumed that the mix of exits does not change with their rate.";
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        double gigahertz = comparison.cpu().gigahertz();
        List<Panel> panels = panels(comparison);
        double least = least(panels, gigahertz);
        double wide = Panels.plotWidth(width);
        double height = 0.6 * wide;
        List<Panels.Plot> plots = panels.stream()
                .map(panel -> new Panels.Plot(panel.head(wide), g -> panel.paint(g, wide, height, gigahertz, least)))
                .toList();
        return Panels.sheets(plots, width, /* headGap */ 0, height + GAP);
    }

    private static List<Panel> panels(Comparison comparison) {
        List<Panel> panels = new ArrayList<>();
        for (Workload workload : comparison.workloads()) {
            if (MainMetric.of(workload) != Metric.CYCLES_PER_EXIT) {
                continue;
            }
            List<Strategy> told = IntervalChart.added(workload).stream()
                    .filter(strategy -> perExit(strategy) instanceof Estimate e && e.value() > 0)
                    .toList();
            int count = (told.size() + LINES - 1) / LINES;
            for (int i = 0; i < count; i++) {
                String part = count == 1 ? "" : " (" + (i + 1) + " of " + count + ")";
                panels.add(new Panel(
                        Fonts.printable(workload.name()) + part,
                        told.subList(told.size() * i / count, told.size() * (i + 1) / count)));
            }
        }
        return panels;
    }

    private static Figure perExit(Strategy strategy) {
        return MainMetric.figure(strategy, Metric.CYCLES_PER_EXIT);
    }

    /** The lower end of the vertical axis, a power of ten: every line comes into view at the highest rate at least. */
    private static double least(List<Panel> panels, double gigahertz) {
        double least = LEAST;
        for (Panel panel : panels) {
            for (Strategy strategy : panel.strategies()) {
                double end = percent(((Estimate) perExit(strategy)).value(), RATES[RATES.length - 1], gigahertz);
                least = Math.min(least, Math.pow(10, Math.ceil(Math.log10(end)) - 1));
            }
        }
        return least;
    }

    private static double percent(double cycles, double rate, double gigahertz) {
        return cycles * rate / (gigahertz * 1e9) * 100;
    }

    private static XYChart chart(Panel panel, double gigahertz, double least) {
        XYChart chart = new XYChart(100, 100);
        chart.setXAxisTitle("VM exits per second of busy CPU");
        chart.setYAxisTitle("overhead, %");
        style(chart.getStyler(), least);
        for (int i = 0; i < panel.strategies().size(); i++) {
            Strategy strategy = panel.strategies().get(i);
            Estimate e = (Estimate) perExit(strategy);
            String name = Fonts.printable(strategy.name());
            line(chart, name, e.value(), gigahertz, least, COLOURS[i], MARKERS[i]);
            if (e.low() > 0) {
                bound(line(chart, name + " low", e.low(), gigahertz, least, COLOURS[i], SeriesMarkers.NONE));
            }
            if (e.high() > 0) {
                bound(line(chart, name + " high", e.high(), gigahertz, least, COLOURS[i], SeriesMarkers.NONE));
            }
        }
        return chart;
    }

    /** The part of a line that lies within the axes, with points where it crosses their ends. */
    private static XYSeries line(
            XYChart chart, String name, double cycles, double gigahertz, double least, Color colour, Marker marker) {
        double perRate = percent(cycles, 1, gigahertz);
        double first = Math.max(RATES[0], least / perRate);
        double last = Math.min(RATES[RATES.length - 1], MOST / perRate);
        double[] rates = DoubleStream.concat(
                        DoubleStream.of(first, last),
                        DoubleStream.of(RATES).filter(rate -> rate > first && rate < last))
                .sorted()
                .toArray();
        double[] percents = DoubleStream.of(rates).map(rate -> rate * perRate).toArray();
        XYSeries series = chart.addSeries(name, rates, percents);
        series.setLineColor(colour);
        series.setMarkerColor(colour);
        series.setMarker(marker);
        series.setLineStyle(new BasicStroke(1.8f));
        return series;
    }

    private static void bound(XYSeries series) {
        series.setLineStyle(
                new BasicStroke(0.9f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {4, 3}, 0));
    }

    private static void style(XYStyler styler, double least) {
        Font type = Fonts.REGULAR.deriveFont((float) (Fonts.SIZE / SCALE));
        styler.setChartBackgroundColor(Color.WHITE);
        styler.setPlotBackgroundColor(Color.WHITE);
        styler.setPlotBorderColor(Color.BLACK);
        styler.setPlotGridLinesColor(new Color(0xe6e6e6));
        styler.setPlotGridLinesStroke(new BasicStroke(0.6f));
        styler.setPlotContentSize(0.97);
        styler.setChartPadding(8);
        styler.setChartTitleVisible(false);
        styler.setLegendVisible(false);
        styler.setAxisTickLabelsFont(type);
        styler.setAxisTitleFont(type);
        styler.setMarkerSize(9);
        styler.setXAxisLogarithmic(true);
        styler.setYAxisLogarithmic(true);
        styler.setXAxisLogarithmicDecadeOnly(true);
        styler.setYAxisLogarithmicDecadeOnly(true);
        styler.setXAxisTickMarkSpacingHint(12);
        styler.setYAxisTickMarkSpacingHint(12);
        styler.setXAxisMin(RATES[0]);
        styler.setXAxisMax(RATES[RATES.length - 1]);
        styler.setYAxisMin(least);
        styler.setYAxisMax(MOST);
        styler.setXAxisTickLabelsFormattingFunction(value -> Axis.label(value, value, value));
        styler.setYAxisTickLabelsFormattingFunction(value -> Axis.label(value, value, value));
    }
}
