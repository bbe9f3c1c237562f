package tollgate.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.hipparchus.random.SobolSequenceGenerator;
import tollgate.replay.Operation;

/**
 * The joint draws behind every interval: prices, error of drawn pages, work scale, the recorder's own cost, model
 * parameters, pieces of the trace. One set for all strategies of a workload, so that differences between strategies are
 * paired.
 *
 * <p>A draw is a point with a coordinate for each thing that errs as one: those of {@link Prices#coordinates}, then
 * refill error, work scale, the recorder's cost and each {@link ModelParameter}. The points are a Sobol sequence (direction
 * numbers of Joe and Kuo, 2008, up to 21201 coordinates; a profile has some 30), whose binary digits are flipped by the
 * seed: with as many points as before the ends of an interval are steadier. The pieces are the last coordinate, and random:
 * a block bootstrap over the {@link tollgate.replay.Segments}, as many drawn with replacement as there are.
 *
 * <p>Columns run over draws, so that pricing is a handful of loops over long arrays.
 */
final class Draws {
    /**
     * How much slower or faster the priced CPU does the recorded work, log-uniform to either side of 1 (an assumption of
     * the model, see the report's method page).
     */
    static final double WORK_SCALE_LOW = 0.7;

    static final double WORK_SCALE_HIGH = 1.5;

    /**
     * How far TLB refill and first-touch faults of drawn page streams are off those of real ones, to either side: the least, in
     * steps of 0.05, with which nine of ten held-out costs lie in their 5 to 95 % interval (held-out.csv: 22 of 24; 21 at 1.15,
     * all at 1.3). Of redis, sqlite and mixed, each left out of its own draws, kernel and user pages drawn and 2 MiB kernel
     * pages, what KPTI without PCID adds is 0.94, 0.97 and 1.12 times the real stream's ({@code tollgate validate
     * --footprints}); the few refills of KVM ASI in mixed, the worst, are 1.34 times as many.
     */
    static final double REFILL_ERROR = 1.2;

    /** Binary digits of a coordinate of the sequence. */
    private static final int BITS = 52;

    private static final double MIDDLE = 0.5;

    final int size;

    /** Cycles, [operation][draw]. */
    final double[][] prices;

    /** How often each piece of the trace was drawn, [segment][draw]. */
    final double[][] weights;

    final double[] workScale;

    /** Where each {@link ModelParameter} lies, -1 its low end, 0 its middle, 1 its high end; [parameter][draw]. */
    final double[][] sides;

    /** Quantile of the recorder's own cost. */
    final double[] probe;

    /** Coordinates after those of the prices. */
    private static final int REFILL = 0;

    private static final int SCALE = 1;
    private static final int PROBE = 2;
    private static final int PARAMETERS = 3;
    private static final int MODEL = PARAMETERS + ModelParameter.values().length;

    private final Prices source;
    private final double[][] points; // [coordinate][draw], 0 to 1; all but the pieces

    private Draws(Prices source, double[][] points, double[][] weights, double[][] prices) {
        this.size = points[0].length;
        this.source = source;
        this.points = points;
        this.weights = weights;
        this.prices = prices;
        int model = source.dimensions();
        this.workScale = scaled(points[model + SCALE]);
        this.probe = points[model + PROBE];
        this.sides = new double[ModelParameter.values().length][];
        for (int p = 0; p < sides.length; p++) {
            sides[p] = Arrays.stream(points[model + PARAMETERS + p])
                    .map(u -> 2 * u - 1)
                    .toArray();
        }
    }

    private Draws(Prices source, double[][] points, double[][] weights) {
        this(source, points, weights, new double[Operation.count()][]);
        for (int i = 0; i < prices.length; i++) {
            prices[i] = priced(i);
        }
    }

    /**
     * Sets of draws that are independent of each other.
     *
     * @param sets how many
     * @param size draws in each; a power of two is spread most evenly
     * @param segments pieces of the trace, 0 if it has none
     * @param prices to draw from
     * @param seed the same seed gives the same draws
     */
    static List<Draws> sets(int sets, int size, int segments, Prices prices, long seed) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        int width = prices.dimensions() + MODEL;
        long[] flipped = new long[sets * width];
        Arrays.setAll(flipped, i -> random.nextLong() >>> (Long.SIZE - BITS));
        double[][] points = new double[flipped.length][size];
        SobolSequenceGenerator sequence = new SobolSequenceGenerator(flipped.length);
        for (int draw = 0; draw < size; draw++) {
            double[] point = sequence.nextVector();
            for (int i = 0; i < flipped.length; i++) {
                long digits = (long) (point[i] * 0x1p52) ^ flipped[i];
                points[i][draw] = (digits + 0.5) * 0x1p-52;
            }
        }
        List<Draws> all = new ArrayList<>();
        for (int set = 0; set < sets; set++) {
            double[][] own = Arrays.copyOfRange(points, set * width, (set + 1) * width);
            all.add(new Draws(prices, own, bootstrap(size, segments, random)));
        }
        return all;
    }

    private static double[][] bootstrap(int size, int segments, UniformRandomProvider random) {
        double[][] weights = new double[segments][size];
        for (int draw = 0; draw < size; draw++) {
            for (int i = 0; i < segments; i++) {
                weights[random.nextInt(segments)][draw]++;
            }
        }
        return weights;
    }

    /** As many draws that all are the middle: every coordinate at its median, every piece of the trace once. */
    Draws middle() {
        return middle(size);
    }

    /** The middle once. */
    Draws middleOnce() {
        return middle(1);
    }

    private Draws middle(int times) {
        double[][] same = new double[points.length][times];
        double[][] once = new double[weights.length][times];
        for (double[] row : same) {
            Arrays.fill(row, MIDDLE);
        }
        for (double[] row : once) {
            Arrays.fill(row, 1);
        }
        return new Draws(source, same, once);
    }

    /** What errs as one, by coordinate. */
    List<String> coordinates() {
        List<String> names = new ArrayList<>(source.coordinates());
        names.addAll(List.of(Uncertainty.REFILL_ERROR, Uncertainty.WORK_SCALE, Uncertainty.PROBE_EFFECT));
        for (ModelParameter parameter : ModelParameter.values()) {
            names.add(parameter.key);
        }
        names.add(Uncertainty.SEGMENTS);
        return names;
    }

    /** These draws with one coordinate taken from others. What does not move with it is shared, not computed anew. */
    Draws with(int coordinate, Draws other) {
        if (coordinate == points.length) {
            return new Draws(source, points, other.weights, prices);
        }
        double[][] mixed = points.clone();
        mixed[coordinate] = other.points[coordinate];
        Draws draws = new Draws(source, mixed, weights, prices.clone());
        for (int i = 0; i < prices.length; i++) {
            if (dependsOn(i, coordinate)) {
                draws.prices[i] = draws.priced(i);
            }
        }
        return draws;
    }

    /** These draws with some prices and model parameters held; the pieces of the trace are shared. */
    Draws held(Fixed fixed) {
        double[][] held = points.clone();
        List<String> names = coordinates();
        for (String key : fixed.model().keySet()) {
            double[] same = new double[size];
            Arrays.fill(same, fixed.quantile(key));
            held[names.indexOf(key)] = same;
        }
        return new Draws(source.held(fixed.prices()), held, weights);
    }

    /** What the model's parameters add in one draw. @param ends what each adds at its ends, [parameter][end] */
    double shift(double[][] ends, int draw) {
        double sum = 0;
        for (int p = 0; p < ends.length; p++) {
            double side = sides[p][draw];
            sum += side < 0 ? -side * ends[p][0] : side * ends[p][1];
        }
        return sum;
    }

    /** Whether a coordinate is that of prices, not of the model. */
    boolean isPrice(int coordinate) {
        return coordinate > 0 && coordinate < source.dimensions();
    }

    /** Whether an operation's price, with all its factors, moves with a coordinate. */
    boolean dependsOn(int operation, int coordinate) {
        return coordinate == source.dimensions() + REFILL
                ? followsFromPages(operation)
                : source.dependsOn(operation, coordinate);
    }

    private double[] priced(int operation) {
        double[] cycles = new double[size];
        source.sample(operation, points, cycles);
        if (followsFromPages(operation)) {
            double[] u = points[source.dimensions() + REFILL];
            for (int draw = 0; draw < size; draw++) {
                cycles[draw] *= Price.between(1 / REFILL_ERROR, 1, REFILL_ERROR, u[draw]);
            }
        }
        return cycles;
    }

    private static double[] scaled(double[] u) {
        double[] scale = new double[u.length];
        for (int draw = 0; draw < u.length; draw++) {
            scale[draw] = Price.between(WORK_SCALE_LOW, 1, WORK_SCALE_HIGH, u[draw]);
        }
        return scale;
    }

    /** Whether how often an operation happens depends on which pages are touched, and so errs with them. */
    static boolean followsFromPages(int operation) {
        return switch (OperationGroup.of(Operation.of(operation))) {
            case KERNEL_REFILL, USER_REFILL, FAULTS -> true;
            default -> Operation.of(operation) == Operation.PTE_WRITE;
        };
    }
}
