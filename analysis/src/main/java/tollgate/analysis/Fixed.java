package tollgate.analysis;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is known for once: prices and model parameters held at a value, all else drawn as always.
 *
 * @param prices cycles by key of price; of a translation, its whole latency
 * @param model value by name of the model parameter
 * @param rate of an event on another system than the recorded one
 */
public record Fixed(Map<String, Double> prices, Map<String, Double> model, Optional<Rate> rate) {
    /** Nothing is held. */
    public static final Fixed NONE = new Fixed(Map.of(), Map.of());

    /** @param perSecond of busy time */
    public record Rate(EventRate event, double perSecond) {}

    /** Rates are as recorded. */
    public Fixed(Map<String, Double> prices, Map<String, Double> model) {
        this(prices, model, Optional.empty());
    }

    /** A model parameter's ends and middle; between them it is drawn log-uniform or uniform to either side. */
    private record Range(double low, double mid, double high, boolean isLogarithmic) {
        /** The quantile at which a draw has this value. */
        double quantile(double value) {
            double end = value < mid ? low : high;
            double side = isLogarithmic
                    ? Math.log(value / mid) / Math.abs(Math.log(end / mid))
                    : (value - mid) / Math.abs(end - mid);
            return (1 + side) / 2;
        }
    }

    private static final Map<String, Range> MODEL = ranges();

    private static Map<String, Range> ranges() {
        Map<String, Range> ranges = new TreeMap<>();
        ranges.put(Uncertainty.WORK_SCALE, new Range(Draws.WORK_SCALE_LOW, 1, Draws.WORK_SCALE_HIGH, true));
        ranges.put(Uncertainty.REFILL_ERROR, new Range(1 / Draws.REFILL_ERROR, 1, Draws.REFILL_ERROR, true));
        for (ModelParameter each : ModelParameter.values()) {
            ranges.put(each.key, new Range(each.low, each.usual, each.high, false));
        }
        return ranges;
    }

    public Fixed {
        prices = Map.copyOf(prices);
        model = Map.copyOf(model);
    }

    /** Names of the model parameters that may be held. */
    public static Set<String> modelKeys() {
        return MODEL.keySet();
    }

    /** Least value that a model parameter may be held at: beyond it nothing was replayed. */
    public static double least(String key) {
        return MODEL.get(key).low();
    }

    public static double most(String key) {
        return MODEL.get(key).high();
    }

    /** What a model parameter is at if nobody holds it. */
    public static double usual(String key) {
        return MODEL.get(key).mid();
    }

    /** Whether prices and model parameters all are drawn. */
    boolean isAsDrawn() {
        return prices.isEmpty() && model.isEmpty();
    }

    double quantile(String key) {
        return MODEL.get(key).quantile(model.get(key));
    }
}
