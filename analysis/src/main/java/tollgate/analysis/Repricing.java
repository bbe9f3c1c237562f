package tollgate.analysis;

import java.util.HashMap;
import java.util.Map;
import tollgate.replay.Counts;

/**
 * One replay under prices and model parameters of one's own, again and again: nothing is replayed, and all points rest on
 * the same draws, so that a curve over them is as smooth as the model.
 */
public final class Repricing {
    private final Pricing pricing;
    private final Draws once;
    private final Map<String, Bill> bills = new HashMap<>();
    private final Map<String, Bill> againstMainline = new HashMap<>();
    private final Map<String, Counts> lanes = new HashMap<>();

    /**
     * A figure, and what it is in each draw.
     *
     * @param samples empty if it cannot be told
     */
    public record Point(Figure figure, double[] samples) {}

    /**
     * @param cpu whose machine it was replayed on
     * @param draws that the intervals rest on
     * @param seed of the draws
     */
    public Repricing(Replayed replayed, CpuProfile cpu, int draws, long seed) {
        pricing = new Pricing(
                cpu,
                replayed.facts(),
                replayed.hasRealClock(),
                replayed.lanes(),
                replayed.structure(),
                replayed.probe(),
                draws,
                seed);
        once = pricing.draws().middleOnce();
        for (Counts lane : replayed.lanes()) {
            bills.put(lane.strategy(), pricing.bill(lane));
            pricing.againstMainline(lane).ifPresent(bill -> againstMainline.put(lane.strategy(), bill));
            lanes.put(lane.strategy(), lane);
        }
    }

    /** The most telling metric that the recording allows. */
    public Metric main() {
        return pricing.main();
    }

    public boolean has(String strategy) {
        return bills.containsKey(strategy);
    }

    /** What is held for some points of several strategies. */
    public final class At {
        private final Fixed fixed;
        private final Draws draws;

        private At(Fixed fixed) {
            this.fixed = fixed;
            draws = fixed.isAsDrawn() ? pricing.draws() : pricing.draws().held(fixed);
        }

        /**
         * What a strategy adds to no isolation, or to mainline's defaults.
         *
         * @param metric a quotient of added cycles, against either; overhead, where a rate is held
         */
        public Point point(Metric metric, String strategy) {
            if (fixed.rate().isPresent()) {
                return atRate(fixed.rate().get(), strategy);
            }
            Metric alone = metric.alone();
            Bill bill = (metric.isAgainstMainline() ? againstMainline : bills).get(strategy);
            String untold = bill == null ? Pricing.NO_MAINLINE : pricing.untold(alone, lanes.get(strategy));
            if (!untold.isEmpty()) {
                return new Point(new Figure.CannotTell(untold), new double[0]);
            }
            double[] samples = pricing.samples(alone, bill, draws);
            // What was held moves the middle as well: by as much as it moves the draw that is the middle of all else.
            double moved = pricing.samples(alone, bill, once.held(fixed))[0] - pricing.samples(alone, bill, once)[0];
            return new Point(Bill.interval(pricing.value(alone, bill) + moved, samples), samples);
        }

        private Point atRate(Fixed.Rate rate, String strategy) {
            String untold = pricing.untold(rate.event());
            if (!untold.isEmpty()) {
                return new Point(new Figure.CannotTell(untold), new double[0]);
            }
            Counts lane = lanes.get(strategy);
            RateLine line = pricing.line(rate.event(), lane, draws);
            double moved = pricing.line(rate.event(), lane, once.held(fixed)).drawn(rate.perSecond(), 0)
                    - pricing.line(rate.event(), lane, once).drawn(rate.perSecond(), 0);
            double[] samples = line.drawnAt(rate.perSecond());
            return new Point(Bill.interval(line.at(rate.perSecond()) + moved, samples), samples);
        }
    }

    /** A value with the 5th and 95th percentile of draws. */
    public static Figure.Estimate interval(double value, double[] draws) {
        return Bill.interval(value, draws);
    }

    public At at(Fixed fixed) {
        return new At(fixed);
    }
}
