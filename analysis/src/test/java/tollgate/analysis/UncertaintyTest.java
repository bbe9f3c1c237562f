package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Uncertainty.Pair;
import tollgate.analysis.Uncertainty.Share;
import tollgate.replay.Operation;

/** Intervals, shares and rankings against closed forms, and intervals against the truth. */
final class UncertaintyTest {
    private static final int SIZE = 1 << 12;

    /** Half a percent of the variance. */
    private static final double SHARE = 0.5;

    /** Three times a price of 10 to 90 around 40: 5th percentile 3 * 40 * (1/4)^0.9, 95th 3 * 40 * (9/4)^0.9. */
    @Test
    void onePriceAlone() {
        Map<String, Price> all = Made.exactly(1);
        all.put("invlpg", Made.price("invlpg", 10, 40, 90, "invlpg"));
        double low = 120 * Math.pow(0.25, 0.9);
        double high = 120 * Math.pow(2.25, 0.9);
        List<Share> shares = shares(all, Made.whole(), Map.of(Operation.INVLPG, 3));
        assertThat(shares).hasSize(1);
        Share share = shares.get(0);
        assertThat(share.coordinate()).isEqualTo("invlpg");
        assertThat(share.prices()).containsExactly("invlpg");
        assertThat(share.first()).isCloseTo(100, within(SHARE));
        assertThat(share.total()).isCloseTo(100, within(SHARE));
        assertThat(share.alone().low()).isCloseTo(low, within(0.001 * low));
        assertThat(share.alone().high()).isCloseTo(high, within(0.001 * high));
        assertThat(share.known()).isEqualTo(new Estimate(120, 120, 120));
    }

    /** Variances add: each share is the count squared times the price's variance. */
    @Test
    void twoPricesThatAdd() {
        Map<String, Price> all = Made.exactly(1);
        all.put("invlpg", Made.price("invlpg", 10, 40, 90, "invlpg"));
        all.put("ibpb", Made.price("ibpb", 50, 100, 140, "ibpb"));
        double invlpg = 9 * variance(10, 40, 90);
        double ibpb = variance(50, 100, 140);
        List<Share> shares = shares(all, Made.whole(), Map.of(Operation.INVLPG, 3, Operation.IBPB, 1));
        assertThat(shares).extracting(Share::coordinate).containsExactly("invlpg", "ibpb");
        check(shares.get(0), invlpg / (invlpg + ibpb), invlpg / (invlpg + ibpb));
        check(shares.get(1), ibpb / (invlpg + ibpb), ibpb / (invlpg + ibpb));
    }

    /** Var(xyz) = E[x^2] E[y^2] E[z^2] - (E[x] E[y] E[z])^2; known x leaves Var(x) (E[y] E[z])^2 explained. */
    @Test
    void factorsThatMultiply() {
        Map<String, Price> all = Made.exactly(1);
        all.put("page_walk", Made.price("page_walk", 10, 40, 90, "paper"));
        Prices.ExposedFraction exposed = new Prices.ExposedFraction(0.3, 0.6, 1, "reason");
        double[] low = {10, 0.3, 1 / Draws.REFILL_ERROR};
        double[] mid = {40, 0.6, 1};
        double[] high = {90, 1, Draws.REFILL_ERROR};
        double whole = 1;
        double square = 1;
        for (int i = 0; i < 3; i++) {
            whole *= mean(low[i], mid[i], high[i]);
            square *= meanSquare(low[i], mid[i], high[i]);
        }
        double variance = square - whole * whole;
        List<Share> shares = shares(all, exposed, Map.of(Operation.WALK_USER, 5));
        List<String> names = List.of("paper", "exposed_fraction", "refill_error");
        assertThat(shares).extracting(Share::coordinate).containsExactlyElementsOf(names);
        for (int i = 0; i < 3; i++) {
            double own = variance(low[i], mid[i], high[i]);
            double mean = mean(low[i], mid[i], high[i]);
            double first = own * whole * whole / (mean * mean) / variance;
            double total = own * square / meanSquare(low[i], mid[i], high[i]) / variance;
            check(shares.get(i), first, total);
        }
        assertThat(shares.get(1).prices()).isEmpty();
    }

    /** Costs that err alike differ by what is not shared: intervals overlap, and yet the order is sure. */
    @Test
    void whatErrsForBothCancels() {
        Map<String, Price> all = Made.exactly(1);
        all.put("ibpb", Made.price("ibpb", 500, 1000, 2000, "ibpb"));
        Bill dear = Made.bill(Map.of(Operation.IBPB, 1, Operation.INVLPG, 2));
        Bill cheap = Made.bill(Map.of(Operation.IBPB, 1, Operation.INVLPG, 1));
        Pair pair = pair(all, dear, 1002, cheap, 1001);
        assertThat(pair.a()).isEqualTo("second");
        assertThat(pair.aIsCheaper()).isEqualTo(100);
        assertThat(pair.difference().low()).isCloseTo(1, within(1e-9));
        assertThat(pair.isTie()).isFalse();
    }

    /** One costs 40 exactly, the other 10 to 90 with median 39: 40 is at the quantile 0.5 + ln(40/39) / ln(90/39) / 2. */
    @Test
    void theShareOfDrawsIsTheProbability() {
        Map<String, Price> all = Made.exactly(40);
        all.put("ibpb", Made.price("ibpb", 10, 39, 90, "ibpb"));
        Pair pair = pair(all, Made.bill(Map.of(Operation.INVLPG, 1)), 40, Made.bill(Map.of(Operation.IBPB, 1)), 39);
        double expected = 100 * (0.5 + Math.log(40.0 / 39) / Math.log(90.0 / 39) / 2);
        assertThat(pair.a()).isEqualTo("second");
        assertThat(pair.aIsCheaper()).isCloseTo(expected, within(0.1));
        assertThat(pair.isTie()).isTrue();
    }

    @Test
    void theSameIsATieInHalfOfTheDraws() {
        Bill bill = Made.bill(Map.of(Operation.INVLPG, 1));
        Pair pair = pair(Made.exactly(1), bill, 1, bill, 1);
        assertThat(pair).isEqualTo(new Pair("first", "second", 50, new Estimate(0, 0, 0)));
        assertThat(pair.isTie()).isTrue();
        assertThat(pair.isSame()).isTrue();
    }

    /**
     * 2,500 workloads with random counts and true prices from the stated ranges: the truth lies in the 5 to 95 %
     * interval in 90 % of them, up to 2 points (three standard errors of a share among 2,500 are 1.8).
     */
    @Test
    void nineOfTenIntervalsHoldTheTruth() {
        SplittableRandom random = new SplittableRandom(77);
        int workloads = 2_500;
        List<Prices> cpus = List.of(
                CpuProfile.load("skylake-sp").prices(), CpuProfile.load("zen3").prices());
        int inside = 0;
        for (int workload = 0; workload < workloads; workload++) {
            Prices prices = cpus.get(workload % 2);
            int segments = 40 + random.nextInt(80);
            double[] rate = new double[Operation.count()];
            double[][] added = new double[rate.length][segments];
            for (int i = 0; i < rate.length; i++) {
                if (random.nextInt(3) == 0 && prices.price(Operation.of(i)).status() != Price.Status.ABSENT) {
                    // Costs of the same order, or one price would be all there is.
                    rate[i] = 1e6 * Math.pow(30, random.nextDouble()) / prices.mid()[i];
                    for (int s = 0; s < segments; s++) {
                        added[i][s] = Math.rint(rate[i] * 2 * random.nextDouble());
                    }
                }
            }
            double[][] divisors = new double[3][segments];
            for (int s = 0; s < segments; s++) {
                divisors[0][s] = 1e6 * (0.5 + random.nextDouble());
            }
            double[] u = random.doubles(prices.dimensions()).toArray();
            double[] cycles = prices.sample(u);
            double refill = Price.between(1 / Draws.REFILL_ERROR, 1, Draws.REFILL_ERROR, random.nextDouble());
            double truth = 0;
            for (int i = 0; i < rate.length; i++) {
                truth += rate[i] * cycles[i] * (Draws.followsFromPages(i) ? refill : 1) / 1e6;
            }
            Draws draws = Draws.sets(1, 1 << 9, segments, prices, workload).get(0);
            double[] samples = new Bill(added, rate, divisors).samples(draws, operation -> true, Bill.Per.BUSY_NANO, 1);
            Estimate interval = Bill.interval(truth, samples);
            inside += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
        }

        assertThat(100.0 * inside / workloads).isBetween(88.0, 92.0);
    }

    private static List<Share> shares(
            Map<String, Price> prices, Prices.ExposedFraction exposed, Map<Operation, Integer> counts) {
        Prices all = new Prices(prices, exposed);
        List<Draws> sets = Draws.sets(2, SIZE, 1, all, 6);
        Bill bill = Made.bill(counts);
        Function<Draws, double[]> model = draws -> bill.samples(draws, operation -> true, Bill.Per.ENTRY, 1);
        double value = bill.cycles(all.mid(), operation -> true);
        return new Sensitivity(sets.get(0), sets.get(1))
                .causes("s", value, bill.total(), model)
                .shares();
    }

    private static Pair pair(Map<String, Price> prices, Bill first, double a, Bill second, double b) {
        Draws draws =
                Draws.sets(1, SIZE, 1, new Prices(prices, Made.whole()), 6).get(0);
        double[] one = first.samples(draws, operation -> true, Bill.Per.ENTRY, 1);
        double[] two = second.samples(draws, operation -> true, Bill.Per.ENTRY, 1);
        return Ranking.pairs(List.of(new Ranking.Line("first", a, one), new Ranking.Line("second", b, two)))
                .get(0);
    }

    private static void check(Share share, double first, double total) {
        assertThat(share.first()).as(share.coordinate()).isCloseTo(100 * first, within(SHARE));
        assertThat(share.total()).as(share.coordinate()).isCloseTo(100 * total, within(SHARE));
    }

    /** Half of the draws are mid (low / mid)^t, half mid (high / mid)^t, t uniform from 0 to 1. */
    private static double mean(double low, double mid, double high) {
        return mid / 2 * (integral(low / mid) + integral(high / mid));
    }

    private static double meanSquare(double low, double mid, double high) {
        double down = low / mid;
        double up = high / mid;
        return mid * mid / 2 * (integral(down * down) + integral(up * up));
    }

    private static double variance(double low, double mid, double high) {
        double mean = mean(low, mid, high);
        return meanSquare(low, mid, high) - mean * mean;
    }

    /** Of base^t for t from 0 to 1. */
    private static double integral(double base) {
        return (base - 1) / Math.log(base);
    }
}
