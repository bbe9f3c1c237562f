package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tollgate.replay.Operation;

final class DrawsTest {
    private static final int SIZE = 1 << 11;
    private static final int INVLPG = Operation.INVLPG.ordinal();
    private static final int IBPB = Operation.IBPB.ordinal();
    private static final int WALK = Operation.WALK.ordinal();

    @Test
    void theSeedDecides() {
        Prices prices = CpuProfile.load("skylake-sp").prices();
        Draws once = Draws.sets(2, 64, 5, prices, 3).get(1);
        Draws again = Draws.sets(2, 64, 5, prices, 3).get(1);
        Draws other = Draws.sets(2, 64, 5, prices, 4).get(1);
        assertThat(again.prices).isDeepEqualTo(once.prices);
        assertThat(again.weights).isDeepEqualTo(once.weights);
        assertThat(again.workScale).isEqualTo(once.workScale);
        assertThat(other.prices[WALK]).isNotEqualTo(once.prices[WALK]);
        assertThat(other.weights).isNotEqualTo(once.weights);
    }

    /** A power of two of a Sobol sequence has one point in each of as many strips, whatever digits are flipped. */
    @Test
    void everyCoordinateIsCoveredEvenly() {
        Prices prices = onlyInvlpg();
        for (Draws draws : Draws.sets(2, SIZE, 1, prices, 9)) {
            double[] sorted = draws.prices[INVLPG].clone();
            Arrays.sort(sorted);
            for (int i = 0; i < SIZE; i++) {
                double from = prices.price(Operation.INVLPG).at((double) i / SIZE);
                double to = prices.price(Operation.INVLPG).at((i + 1.0) / SIZE);
                assertThat(sorted[i]).isBetween(from, to);
            }
        }
    }

    @Test
    void theSecondSetKnowsNothingOfTheFirst() {
        List<Draws> sets = Draws.sets(2, SIZE, 1, onlyInvlpg(), 9);
        assertThat(correlation(sets.get(0).prices[INVLPG], sets.get(1).prices[INVLPG]))
                .isCloseTo(0, within(0.05));
        assertThat(correlation(sets.get(0).workScale, sets.get(0).prices[INVLPG]))
                .isCloseTo(0, within(0.05));
    }

    @Test
    void pricesOfOneSourceMoveTogether() {
        Map<String, Price> all = Made.exactly(1);
        all.put("invlpg", Made.price("invlpg", 50, 100, 200, "paper"));
        all.put("ibpb", Made.price("ibpb", 500, 1000, 2000, "paper"));
        Draws draws = Draws.sets(1, 64, 1, new Prices(all, Made.whole()), 1).get(0);
        for (int i = 0; i < draws.size; i++) {
            assertThat(draws.prices[IBPB][i]).isCloseTo(10 * draws.prices[INVLPG][i], within(1e-9));
        }
    }

    /** Whatever is exchanged, the shared rest is what computing all of it anew gives. */
    @Test
    void exchangingEveryCoordinateGivesTheOtherSet() {
        List<Draws> sets = Draws.sets(2, 64, 4, CpuProfile.load("skylake-sp").prices(), 5);
        Draws mixed = sets.get(0);
        for (int i = 0; i < mixed.coordinates().size(); i++) {
            mixed = mixed.with(i, sets.get(1));
        }
        assertThat(mixed.prices).isDeepEqualTo(sets.get(1).prices);
        assertThat(mixed.weights).isDeepEqualTo(sets.get(1).weights);
        assertThat(mixed.workScale).isEqualTo(sets.get(1).workScale);
    }

    @Test
    void theMiddleIsTheMidPrices() {
        Prices prices = CpuProfile.load("skylake-sp").prices();
        Draws middle = Draws.sets(1, 2, 3, prices, 5).get(0).middle();
        for (int i = 0; i < Operation.count(); i++) {
            assertThat(middle.prices[i][1]).isEqualTo(prices.mid()[i]);
        }
        assertThat(middle.workScale[0]).isEqualTo(1);
        assertThat(middle.weights).isDeepEqualTo(new double[][] {{1, 1}, {1, 1}, {1, 1}});
    }

    /** The bill's loops over columns against one draw after the other, over everything. */
    @Test
    void samplesAreWhatOneDrawAfterTheOtherGives() {
        SplittableRandom random = new SplittableRandom(8);
        int segments = 7;
        double[][] added = new double[Operation.count()][segments];
        for (double[] row : added) {
            if (random.nextBoolean()) {
                Arrays.setAll(row, s -> random.nextInt(-20, 100));
            }
        }
        double[] entries = {3, 0, 4, 1, 0, 2, 6};
        Bill bill = new Bill(added, new double[added.length], new double[][] {entries, entries, entries});
        Draws draws =
                Draws.sets(1, 32, segments, CpuProfile.load("zen2").prices(), 2).get(0);
        double[] samples = bill.samples(draws, operation -> operation != Operation.WALK, Bill.Per.ENTRY, 3);
        for (int draw = 0; draw < draws.size; draw++) {
            double cycles = 0;
            double divisor = 0;
            for (int s = 0; s < segments; s++) {
                for (int i = 0; i < added.length; i++) {
                    cycles += i == WALK ? 0 : draws.weights[s][draw] * added[i][s] * draws.prices[i][draw];
                }
                divisor += draws.weights[s][draw] * entries[s];
            }
            assertThat(samples[draw]).isCloseTo(3 * cycles / divisor, within(1e-6 * Math.abs(samples[draw])));
        }
    }

    @Test
    void aDrawThatHasNothingToDivideByIsLeftOut() {
        double[][] added = new double[Operation.count()][2];
        added[INVLPG] = new double[] {5, 7};
        Bill bill = new Bill(added, new double[added.length], new double[][] {{0, 0}, {0, 1}, {0, 0}});
        Draws draws = Draws.sets(1, 64, 2, new Prices(Made.exactly(1), Made.whole()), 1)
                .get(0);
        double[] samples = bill.samples(draws, operation -> true, Bill.Per.ENTRY, 1);
        // Two pieces: twice the first has no entry; one of each costs 12; twice the second 14 for two entries.
        assertThat(Arrays.stream(samples).filter(x -> !Double.isNaN(x)).distinct())
                .containsExactlyInAnyOrder(12.0, 7.0);
        assertThat(Arrays.stream(samples).filter(Double::isNaN).count()).isBetween(6L, 26L);
        assertThat(Bill.interval(12, samples)).isEqualTo(new Figure.Estimate(12, 7, 12));
    }

    @Test
    void whatIsPrintedStandsInItsInterval() {
        double[] samples = {5, 5, 6, 7, 7};
        assertThat(Bill.interval(3, samples)).isEqualTo(new Figure.Estimate(3, 5, 7));
        assertThat(Bill.holding(3, samples)).isEqualTo(new Figure.Estimate(3, 3, 7));
        assertThat(Bill.holding(9, samples)).isEqualTo(new Figure.Estimate(9, 5, 9));
        assertThat(Bill.holding(6, samples)).isEqualTo(new Figure.Estimate(6, 5, 7));
    }

    @Test
    void anIntervalLeavesTheOrderOfDraws() {
        double[] samples = {3, 1, 2, 5, 4};
        Bill.interval(3, samples);
        assertThat(samples).containsExactly(3, 1, 2, 5, 4);
    }

    private static Prices onlyInvlpg() {
        Map<String, Price> all = Made.exactly(1);
        all.put("invlpg", Made.price("invlpg", 10, 40, 90, "invlpg"));
        return new Prices(all, Made.whole());
    }

    private static double correlation(double[] x, double[] y) {
        double meanX = Arrays.stream(x).average().orElseThrow();
        double meanY = Arrays.stream(y).average().orElseThrow();
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xy / Math.sqrt(xx * yy);
    }

    /**
     * With all prices known, what follows from drawn pages has the model error's interval and nothing else has any: of a
     * count of 10 at 7 cycles, 70 to either side by 1.3^0.9.
     */
    @Test
    void theErrorOfDrawnPagesIsInEveryFigureThatRestsOnThem() {
        Draws draws = Draws.sets(1, 1 << 12, 1, new Prices(Made.exactly(7), Made.whole()), 3)
                .get(0);
        int following = 0;
        for (Operation operation : Operation.values()) {
            Figure.Estimate interval =
                    Bill.interval(70, Made.bill(Map.of(operation, 10)).samples(draws, any -> true, Bill.Per.ENTRY, 1));
            double by = 1;
            if (Draws.followsFromPages(operation.ordinal())) {
                by = Math.pow(Draws.REFILL_ERROR, 0.9);
                following++;
            }
            assertThat(interval.low()).as(operation.name()).isCloseTo(70 / by, within(0.1));
            assertThat(interval.high()).as(operation.name()).isCloseTo(70 * by, within(0.1));
        }
        assertThat(Draws.followsFromPages(Operation.WALK_USER.ordinal())).isTrue();
        assertThat(following).isBetween(5, Operation.count() - 5);
    }
}
