package tollgate.analysis;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import tollgate.replay.Operation;

/**
 * The joint draws behind every interval: prices, pieces of the trace, error of drawn pages, work scale. One set for all strategies
 * of a workload, so that differences between strategies are paired.
 *
 * <p>Pieces: a block bootstrap over the {@link tollgate.replay.Segments}; as many segments are drawn, with
 * replacement, as there are. Work scale: how much slower or faster the priced CPU does the recorded work, 0.7
 * to 1.5 around 1.0, log-uniform to either side (an assumption of the model, see the report's method page).
 */
final class Draws {
    static final double WORK_SCALE_LOW = 0.7;
    static final double WORK_SCALE_HIGH = 1.5;

    /**
     * How far TLB refill of drawn page streams is off that of real ones, to either side: what KPTI adds to redis,
     * sqlite and mixed, each left out of its own draws, kernel and user pages drawn, 2 MiB kernel pages, is 0.83, 0.84
     * and 1.25 times the real stream's ({@code tollgate validate --footprints}).
     */
    static final double REFILL_ERROR = 1.25;

    final int size;
    final double[][] prices;
    final double[][] weights;
    final double[] workScale;

    /**
     * @param size how many draws
     * @param segments pieces of the trace, 0 if it has none
     * @param prices to draw from
     * @param seed the same seed gives the same draws
     */
    Draws(int size, int segments, Prices prices, long seed) {
        this.size = size;
        this.prices = new double[size][];
        weights = new double[size][segments];
        workScale = new double[size];
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[] u = new double[prices.dimensions()];
        for (int draw = 0; draw < size; draw++) {
            for (int i = 0; i < u.length; i++) {
                u[i] = random.nextDouble();
            }
            this.prices[draw] = prices.sample(u);
            double refill = Math.pow(REFILL_ERROR, 2 * random.nextDouble() - 1);
            for (int i = 0; i < this.prices[draw].length; i++) {
                OperationGroup group = OperationGroup.of(Operation.of(i));
                if (group == OperationGroup.KERNEL_REFILL || group == OperationGroup.USER_REFILL) {
                    this.prices[draw][i] *= refill;
                }
            }
            for (int i = 0; i < segments; i++) {
                weights[draw][random.nextInt(segments)]++;
            }
            double side = 2 * random.nextDouble() - 1;
            workScale[draw] = Math.pow(side < 0 ? WORK_SCALE_LOW : WORK_SCALE_HIGH, Math.abs(side));
        }
    }
}
