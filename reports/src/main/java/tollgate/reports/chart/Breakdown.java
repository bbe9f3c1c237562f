package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Part;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;

/**
 * What the added cycles are spent on: a bar per strategy and workload, cut by group of operations. Bars show shares,
 * with the whole beside them, because strategies differ by orders of magnitude and the shares are what one compares.
 */
@AutoService(Chart.class)
public final class Breakdown implements Chart {
    private static final String REST = "all other";

    @Override
    public String name() {
        return "breakdown";
    }

    @Override
    public String title() {
        return "What the added cycles are spent on";
    }

    @Override
    public String about() {
        return "What the added cycles are spent on, by kind of operation, stacked.";
    }

    @Override
    public int place() {
        return 40;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return comparison.workloads().stream().anyMatch(Breakdown::shows);
    }

    @Override
    public String caption(Comparison comparison) {
        return "Shares of the cycles that each strategy adds, by kind of operation, at mid prices for "
                + comparison.cpu().title()
                + ". The cycles of each part, with their interval, are in the tables of the workload. A part to the left of zero is "
                + "one that the strategy saves. TLB refill is what page walks cost because translations were flushed or split; "
                + "it is paid in the kernel and, after the return, in user mode.";
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        List<Workload> workloads =
                comparison.workloads().stream().filter(Breakdown::shows).toList();
        Map<String, Fill> fills = fills(workloads);
        List<Legend.Key> keys = new ArrayList<>();
        fills.forEach((name, fill) -> keys.add(new Legend.Key(Fonts.printable(name), fill::paint)));
        List<RowFigure.Group> groups = new ArrayList<>();
        double lowest = 0;
        for (Workload workload : workloads) {
            List<RowFigure.Row> rows = new ArrayList<>();
            for (Strategy strategy : IntervalChart.added(workload)) {
                Stack stack = stack(strategy, fills);
                lowest = Math.min(lowest, -Stack.whole(stack.saved()));
                rows.add(new RowFigure.Row(Fonts.printable(strategy.name()), stack, ""));
            }
            groups.add(new RowFigure.Group(Fonts.printable(workload.name()), "", rows));
        }
        double low = lowest;
        return new RowFigure(
                        width, "share of the added cycles, %", keys, groups, (from, to) -> Axis.shares(low, from, to))
                .sheets();
    }

    private static boolean shows(Workload workload) {
        return IntervalChart.added(workload).stream()
                .anyMatch(strategy -> !strategy.breakdown().isEmpty());
    }

    /** The kinds that weigh most over all bars get a fill of their own, the others share the last. */
    private static Map<String, Fill> fills(List<Workload> workloads) {
        Map<String, Double> weights = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            for (Strategy strategy : IntervalChart.added(workload)) {
                double whole = positive(strategy);
                for (Part part : strategy.breakdown()) {
                    if (part.cycles().value() != 0 && whole > 0) {
                        weights.merge(part.name(), Math.abs(part.cycles().value()) / whole, Double::sum);
                    }
                }
            }
        }
        List<String> names = weights.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        Fill[] all = Fill.values();
        boolean rest = names.size() > all.length;
        int own = rest ? all.length - 1 : names.size();
        Map<String, Fill> fills = new LinkedHashMap<>();
        for (int i = 0; i < own; i++) {
            fills.put(names.get(i), all[i]);
        }
        if (rest) {
            fills.put(REST, all[all.length - 1]);
        }
        return fills;
    }

    private static double positive(Strategy strategy) {
        return strategy.breakdown().stream()
                .mapToDouble(part -> Math.max(0, part.cycles().value()))
                .sum();
    }

    private static Stack stack(Strategy strategy, Map<String, Fill> fills) {
        double whole = positive(strategy);
        Map<Fill, String> names = new LinkedHashMap<>();
        fills.forEach((name, fill) -> names.put(fill, name));
        Map<Fill, Double> added = new LinkedHashMap<>();
        Map<Fill, Double> saved = new LinkedHashMap<>();
        Map<Fill, Estimate> shares = new LinkedHashMap<>();
        for (String name : fills.keySet()) {
            for (Part part : strategy.breakdown()) {
                boolean mine = name.equals(REST) ? !fills.containsKey(part.name()) : name.equals(part.name());
                double cycles = part.cycles().value();
                if (mine && cycles != 0 && whole > 0) {
                    shares.merge(fills.get(name), share(part.cycles(), whole), Breakdown::sum);
                    (cycles > 0 ? added : saved).merge(fills.get(name), 100 * Math.abs(cycles) / whole, Double::sum);
                }
            }
        }
        return new Stack(names, added, saved, shares);
    }

    private static Estimate share(Estimate cycles, double whole) {
        return new Estimate(100 * cycles.value() / whole, 100 * cycles.low() / whole, 100 * cycles.high() / whole);
    }

    /** Parts that share a fill, as if they erred together. */
    private static Estimate sum(Estimate a, Estimate b) {
        return new Estimate(a.value() + b.value(), a.low() + b.low(), a.high() + b.high());
    }

    /**
     * @param names of the kinds
     * @param added percent of all that is added, by fill, in the legend's order
     * @param shares the same and what is saved, with the interval of the part's cycles
     */
    private record Stack(
            Map<Fill, String> names, Map<Fill, Double> added, Map<Fill, Double> saved, Map<Fill, Estimate> shares)
            implements RowFigure.Mark {
        private static final double HEIGHT = 6.4;

        static double whole(Map<Fill, Double> parts) {
            return parts.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        @Override
        public void paint(Graphics2D g, Axis axis, double y) {
            double at = 0;
            for (Map.Entry<Fill, Double> part : added.entrySet()) {
                tell(g, part.getKey());
                paint(g, part.getKey(), axis.at(at), axis.at(at + part.getValue()), y);
                at += part.getValue();
            }
            at = 0;
            for (Map.Entry<Fill, Double> part : saved.entrySet()) {
                tell(g, part.getKey());
                paint(g, part.getKey(), axis.at(at - part.getValue()), axis.at(at), y);
                at -= part.getValue();
            }
        }

        private void tell(Graphics2D g, Fill fill) {
            Datum whole = Datum.of(g);
            new Datum(
                            whole.group(),
                            whole.row(),
                            Fonts.printable(names.get(fill)),
                            shares.get(fill),
                            "% of what is added at mid prices")
                    .begin(g);
        }

        private static void paint(Graphics2D g, Fill fill, double from, double to, double y) {
            fill.paint(g, new Rectangle2D.Double(from, y - HEIGHT / 2, to - from, HEIGHT));
        }
    }
}
