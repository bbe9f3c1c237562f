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
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Uncertainty.Share;

/**
 * What makes intervals wide: for each strategy, on the workload where it is known least, how far the figure swings when
 * one thing moves and all else stays at its middle. The axis is in widths of the whole interval, because strategies
 * differ by orders of magnitude and by unit.
 */
@AutoService(Chart.class)
public final class Tornado implements Chart {
    /** Contributors shown of each strategy; the rest is small. */
    private static final int SHOWN = 4;

    /** A strategy's interval on a workload and what it comes from. */
    private record Case(Workload workload, Strategy strategy, Estimate whole, List<Share> shares) {
        double width() {
            return whole.high() - whole.low();
        }
    }

    @Override
    public String name() {
        return "tornado";
    }

    @Override
    public String title() {
        return "What makes the intervals wide";
    }

    @Override
    public String about() {
        return "What makes the intervals wide: prices and model parameters, by share.";
    }

    @Override
    public int place() {
        return 50;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return !cases(comparison).isEmpty();
    }

    @Override
    public String caption(Comparison comparison) {
        return "Each strategy on the workload where its figure is known least, priced for "
                + comparison.cpu().title()
                + ". The white bar is the whole 5 to 95 % interval, given in the heading; each other bar is the interval "
                + "if only that one thing is drawn and all else stays at its middle. The line at zero is the value at mid prices. "
                + "The number on the right is the share of the variance in which the thing has a part, alone or with "
                + "others (total Sobol index), so that the shares may add up to more than 100 %. Prices that share a "
                + "source err together and are one thing. The " + SHOWN + " largest are shown.";
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        double low = 0;
        double high = 0;
        List<RowFigure.Group> groups = new ArrayList<>();
        for (Case one : cases(comparison)) {
            List<Swing> swings = new ArrayList<>();
            List<RowFigure.Row> rows = new ArrayList<>();
            swings.add(Swing.of(one.whole(), one, Fill.WHITE));
            rows.add(new RowFigure.Row("all together", swings.get(0), ""));
            for (Share share :
                    one.shares().subList(0, Math.min(SHOWN, one.shares().size()))) {
                Swing swing = Swing.of(share.alone(), one, Fill.BLUE);
                swings.add(swing);
                rows.add(new RowFigure.Row(Fonts.printable(Contributors.label(share)), swing, percent(share.total())));
            }
            for (Swing swing : swings) {
                low = Math.min(low, swing.from());
                high = Math.max(high, swing.to());
            }
            groups.add(new RowFigure.Group(Fonts.printable(heading(one)), "variance, %", rows));
        }
        double from = low;
        double to = high;
        return new RowFigure(
                        width,
                        "distance from the value, % of the interval's width",
                        List.of(),
                        groups,
                        (left, right) -> Axis.linear(from, to, left, right))
                .sheets();
    }

    private static String heading(Case one) {
        return one.strategy().name() + " on " + one.workload().name() + ": " + Rounded.both(one.whole()) + " "
                + MainMetric.unit(one.workload().uncertainty().metric());
    }

    private static String percent(double share) {
        return share < 0.5 ? "< 1" : String.format(Locale.ROOT, "%.0f", share);
    }

    /** One for each strategy that has an interval, in the order in which the strategies come. */
    private static List<Case> cases(Comparison comparison) {
        return IntervalChart.oneEach(
                comparison,
                Tornado::of,
                Comparator.comparing((Case one) -> one.workload().uncertainty().metric())
                        .thenComparing(one -> -one.width()));
    }

    private static Stream<Case> of(Workload workload, String name) {
        Optional<Strategy> strategy = IntervalChart.added(workload, name);
        return workload.uncertainty().causes().stream()
                .filter(causes ->
                        causes.strategy().equals(name) && !causes.shares().isEmpty())
                .flatMap(causes -> strategy.stream()
                        .filter(each ->
                                MainMetric.figure(each, workload.uncertainty().metric()) instanceof Estimate)
                        .map(each -> new Case(
                                workload,
                                each,
                                (Estimate) MainMetric.figure(
                                        each, workload.uncertainty().metric()),
                                causes.shares())))
                .filter(one -> one.width() > 0);
    }

    /** A bar, in percent of the whole interval's width to either side of the value. */
    private record Swing(double from, double to, Fill fill, Estimate shown, String unit) implements RowFigure.Mark {
        private static final double HEIGHT = 6;

        static Swing of(Estimate swing, Case one, Fill fill) {
            double value = one.whole().value();
            return new Swing(
                    100 * (swing.low() - value) / one.width(),
                    100 * (swing.high() - value) / one.width(),
                    fill,
                    swing,
                    MainMetric.unit(one.workload().uncertainty().metric()));
        }

        @Override
        public void paint(Graphics2D g, Axis axis, double y) {
            double left = axis.at(from);
            fill.paint(g, new Rectangle2D.Double(left, y - HEIGHT / 2, axis.at(to) - left, HEIGHT));
            if (from < 0 && to > 0) {
                g.setColor(Color.BLACK);
                g.setStroke(new BasicStroke(0.8f));
                g.draw(new Line2D.Double(axis.at(0), y - HEIGHT / 2, axis.at(0), y + HEIGHT / 2));
            }
        }
    }
}
