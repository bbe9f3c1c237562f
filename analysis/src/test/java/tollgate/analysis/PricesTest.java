package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Price.Status;
import tollgate.replay.Operation;

class PricesTest {
    private static final double EXACT = 1e-9;

    /** Low 10, mid 40, high 90: a quarter is the geometric mean of 10 and 40, three quarters that of 40 and 90. */
    @Test
    void aPriceIsLogUniformToEitherSideOfItsMedian() {
        Price price = Made.price("k", 10, 40, 90, "k");
        assertThat(price.at(0)).isCloseTo(10, within(EXACT));
        assertThat(price.at(0.25)).isCloseTo(20, within(EXACT));
        assertThat(price.at(0.5)).isCloseTo(40, within(EXACT));
        assertThat(price.at(0.75)).isCloseTo(60, within(EXACT));
        assertThat(price.at(1)).isCloseTo(90, within(EXACT));
    }

    @Test
    void halfOfTheDrawsLieBelowTheMiddle() {
        Price price = Made.price("k", 10, 40, 90, "k");
        SplittableRandom random = new SplittableRandom(1);
        int below = 0;
        for (int i = 0; i < 10_000; i++) {
            below += price.at(random.nextDouble()) < 40 ? 1 : 0;
        }
        // binomial with p = 1/2: 5000 +- 50, four deviations
        assertThat(below).isBetween(4800, 5200);
    }

    @Test
    void pricesOfOneSourceErrTogetherAndOthersAlone() {
        Map<String, Price> all = Made.exactly(1);
        all.put("invlpg", Made.price("invlpg", 50, 100, 200, "paper"));
        all.put("ibpb", Made.price("ibpb", 500, 1000, 2000, "paper"));
        all.put("cr3_read", Made.price("cr3_read", 5, 10, 20, "cr3_read"));
        Prices prices = new Prices(all, Made.whole());
        int paper = prices.coordinates().indexOf("paper");
        double[] u = new double[prices.dimensions()];
        java.util.Arrays.fill(u, 0.5);
        u[paper] = 1;
        double[] cycles = prices.sample(u);
        assertThat(cycles[Operation.INVLPG.ordinal()]).isCloseTo(200, within(EXACT));
        assertThat(cycles[Operation.IBPB.ordinal()]).isCloseTo(2000, within(EXACT));
        assertThat(cycles[Operation.CR3_READ.ordinal()]).isCloseTo(10, within(EXACT));
    }

    @Test
    void theExposedFractionScalesTranslationsOnly() {
        Prices prices = new Prices(Made.exactly(10), new Prices.ExposedFraction(0.3, 0.6, 1, "reason"));
        double[] mid = prices.mid();
        for (int i = 0; i < mid.length; i++) {
            boolean isTranslation = Operation.of(i).name().matches("(STLB_HIT|WALK|WALK_STEP)(_USER)?");
            assertThat(mid[i]).as(Operation.of(i).name()).isCloseTo(isTranslation ? 6 : 10, within(EXACT));
        }
        assertThat(prices.coordinates().get(0)).isEqualTo("exposed_fraction");
        double[] u = new double[prices.dimensions()];
        assertThat(prices.sample(u)[Operation.WALK.ordinal()]).isCloseTo(3, within(EXACT));
    }

    /** Ends 10 and 1000 around 100: a twentieth is 100 * 0.1^0.9 = 12.589, nineteen twentieths 794.33. */
    @Test
    void lowAndHighAreFifthAndNinetyFifthPercentile() {
        Map<String, Price> all = Made.exactly(1);
        all.put("ibpb", Made.price("ibpb", 10, 100, 1000, "ibpb"));
        Prices prices = new Prices(all, Made.whole());
        int ibpb = Operation.IBPB.ordinal();
        assertThat(prices.low()[ibpb]).isCloseTo(12.589254, within(1e-6));
        assertThat(prices.mid()[ibpb]).isCloseTo(100, within(EXACT));
        assertThat(prices.high()[ibpb]).isCloseTo(794.328235, within(1e-6));
    }

    @Test
    void aMissingPriceIsNamed() {
        Map<String, Price> all = Made.exactly(1);
        all.remove("ibpb");
        assertThatThrownBy(() -> new Prices(all, Made.whole())).hasMessage("no price for 'ibpb'");
    }

    @Test
    void whatTheCpuCannotDoMustNotBeCounted() {
        Map<String, Price> all = Made.exactly(1);
        all.put(
                "vmwrite_host_cr3",
                new Price("vmwrite_host_cr3", 0, 0, 0, Status.ABSENT, "no VMX", "", "vmwrite_host_cr3"));
        Prices prices = new Prices(all, Made.whole());
        double[] count = new double[Operation.count()];
        count[Operation.IBPB.ordinal()] = 3;
        prices.requirePriced(count);
        count[Operation.VMWRITE_HOST_CR3.ordinal()] = 1;
        assertThatThrownBy(() -> prices.requirePriced(count))
                .hasMessage("VMWRITE_HOST_CR3 was counted, but has no price: no VMX");
    }

    @Test
    void aPriceOutOfOrderIsRefused() {
        assertThatThrownBy(() -> Made.price("k", 3, 2, 4, "k"))
                .hasMessage("expected 0 < low <= mid <= high, found 3.0, 2.0, 4.0");
        assertThatThrownBy(() -> Made.price("k", 0, 2, 4, "k")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Made.price("k", 1, 2, Double.POSITIVE_INFINITY, "k"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Price("k", 1, 1, 1, Status.ABSENT, "s", "", "k"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Prices.ExposedFraction(0.5, 0.4, 1, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
