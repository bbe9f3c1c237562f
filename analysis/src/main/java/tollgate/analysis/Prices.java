package tollgate.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import tollgate.replay.Operation;

/**
 * The price list of one CPU: cycles of every {@link Operation}, at the middle, at the ends, and at any point of the
 * joint space that intervals are drawn from.
 *
 * <p>That space has a coordinate for each thing that errs as one. Prices whose range follows from their source's status
 * share their source's coordinate: if its clock was read wrongly, all its figures are off to the same side. That is the
 * cautious choice, for errors then add up instead of cancelling. A price with a range of its own has a coordinate of its
 * own, unless the profile says what it errs with (the two kinds of CR3 write: neither may overtake the other), and so
 * has the exposed fraction, which all prices of translations are multiplied by.
 */
public final class Prices {
    /** Operations whose latency the core can hide in part. */
    static final Set<Operation> OVERLAPPED = EnumSet.of(
            Operation.STLB_HIT,
            Operation.WALK,
            Operation.WALK_STEP,
            Operation.STLB_HIT_USER,
            Operation.WALK_USER,
            Operation.WALK_STEP_USER);

    /**
     * What share of a translation's latency is not hidden behind other work.
     *
     * @param low not below 0
     * @param high not above 1
     */
    public record ExposedFraction(double low, double mid, double high, String reason) {
        public ExposedFraction {
            if (!(0 < low && low <= mid && mid <= high && high <= 1)) {
                throw new IllegalArgumentException(
                        "expected 0 < low <= mid <= high <= 1, found " + low + ", " + mid + ", " + high);
            }
        }

        double at(double u) {
            return Price.between(low, mid, high, u);
        }
    }

    private final Price[] prices = new Price[Operation.count()];
    private final int[] coordinate = new int[Operation.count()];
    private final List<String> coordinates = new ArrayList<>();
    private final ExposedFraction exposed;

    /**
     * @param byKey a price for every {@link Operation#price}
     * @throws IllegalArgumentException naming the key that has none
     */
    public Prices(Map<String, Price> byKey, ExposedFraction exposed) {
        this.exposed = exposed;
        coordinates.add(Uncertainty.EXPOSED_FRACTION);
        for (int i = 0; i < prices.length; i++) {
            String key = Operation.of(i).price();
            prices[i] = byKey.get(key);
            if (prices[i] == null) {
                throw new IllegalArgumentException("no price for '" + key + "'");
            }
            if (!coordinates.contains(prices[i].errsWith())) {
                coordinates.add(prices[i].errsWith());
            }
            coordinate[i] = coordinates.indexOf(prices[i].errsWith());
        }
    }

    private Prices(Prices of, UnaryOperator<Price> changed) {
        exposed = of.exposed;
        coordinates.addAll(of.coordinates);
        for (int i = 0; i < prices.length; i++) {
            coordinate[i] = of.coordinate[i];
            prices[i] = changed.apply(of.prices[i]);
        }
    }

    /** The same list with some prices known for once, by key; of a translation, its whole latency. */
    Prices held(Map<String, Double> cycles) {
        return cycles.isEmpty() ? this : new Prices(this, price -> held(price, cycles.get(price.key())));
    }

    private static Price held(Price price, Double cycles) {
        return cycles == null
                ? price
                : new Price(price.key(), cycles, cycles, cycles, Price.Status.ESTIMATE, "stated", "", price.errsWith());
    }

    /** The same list on a CPU that runs so many times as fast: what is stated in time takes as many times the cycles. */
    Prices atFrequency(double times) {
        return new Prices(this, price -> price.atFrequency(times));
    }

    /** The price as its source has it: for a translation, of its whole latency. */
    public Price price(Operation operation) {
        return prices[operation.ordinal()];
    }

    public ExposedFraction exposed() {
        return exposed;
    }

    /** Numbers that {@link #sample} takes. */
    public int dimensions() {
        return coordinates.size();
    }

    /** What errs as one, by coordinate: the names of sources, of prices that err alone, and the exposed fraction. */
    public List<String> coordinates() {
        return List.copyOf(coordinates);
    }

    /**
     * One price list of the joint space.
     *
     * @param u a number from 0 to 1 for each coordinate
     * @return cycles by ordinal of operation
     */
    public double[] sample(double[] u) {
        double[] cycles = new double[prices.length];
        double fraction = exposed.at(u[0]);
        for (int i = 0; i < cycles.length; i++) {
            cycles[i] = prices[i].at(u[coordinate[i]]) * (isOverlapped(i) ? fraction : 1);
        }
        return cycles;
    }

    /**
     * The price of one operation at many points of the joint space.
     *
     * @param points numbers from 0 to 1, [coordinate][point]
     * @param cycles are set, by point
     */
    void sample(int operation, double[][] points, double[] cycles) {
        double[] own = points[coordinate[operation]];
        for (int i = 0; i < cycles.length; i++) {
            cycles[i] = prices[operation].at(own[i]);
        }
        if (isOverlapped(operation)) {
            for (int i = 0; i < cycles.length; i++) {
                cycles[i] *= exposed.at(points[0][i]);
            }
        }
    }

    /** Whether an operation's cycles move with a coordinate. */
    boolean dependsOn(int operation, int coordinate) {
        return this.coordinate[operation] == coordinate || coordinate == 0 && isOverlapped(operation);
    }

    /** Cycles by ordinal of operation with every coordinate at its middle. */
    public double[] mid() {
        return all(0.5);
    }

    /** 5th percentile of each price by itself (for a translation, both its factors at theirs: a little wide). */
    public double[] low() {
        return all(Bill.LOW);
    }

    /** 95th percentile, likewise. */
    public double[] high() {
        return all(Bill.HIGH);
    }

    /**
     * Checks that nothing was counted which the CPU cannot do and for which there is no price.
     *
     * @param count operations by ordinal
     * @throws IllegalStateException naming the first
     */
    public void requirePriced(double[] count) {
        for (int i = 0; i < count.length; i++) {
            if (count[i] != 0 && prices[i].status() == Price.Status.ABSENT) {
                throw new IllegalStateException(
                        Operation.of(i) + " was counted, but has no price: " + prices[i].source());
            }
        }
    }

    private double[] all(double u) {
        double[] same = new double[coordinates.size()];
        Arrays.fill(same, u);
        return sample(same);
    }

    private static boolean isOverlapped(int operation) {
        return OVERLAPPED.contains(Operation.of(operation));
    }
}
