package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.Uncertainty;
import tollgate.analysis.Uncertainty.Pair;

final class RanksTest {
    private static final Ranks RANKS = new Ranks(new Uncertainty(
            Metric.OVERHEAD,
            List.of(
                    new Pair("c", "a", 97, new Estimate(2, 1, 3)),
                    new Pair("c", "b", 100, new Estimate(3, 2, 4)),
                    new Pair("a", "b", 60, new Estimate(1, -1, 3))),
            List.of()));

    @Test
    void theOrderIsThatOfCost() {
        assertThat(RANKS.order()).containsExactly("c", "a", "b");
        assertThat(RANKS.neighbours()).extracting(Pair::b).containsExactly("a", "b");
        assertThat(new Ranks(Uncertainty.NONE).order()).isEmpty();
    }

    @Test
    void openOrdersStandInParentheses() {
        assertThat(RANKS.cell("c", "a")).isEqualTo("97");
        assertThat(RANKS.cell("a", "b")).isEqualTo("(60)");
        assertThat(RANKS.cell("a", "c")).isEmpty();
        assertThat(RANKS.cell("a", "a")).isEmpty();
    }

    @Test
    void theSameIsCalledTheSame() {
        Pair pair = new Pair("a", "b", 50, new Estimate(0, 0, 0));
        Ranks same = new Ranks(new Uncertainty(Metric.OVERHEAD, List.of(pair), List.of()));
        assertThat(same.cell("a", "b")).isEqualTo("=");
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.2,< 1", "1.4,1", "99,99", "99.4,> 99", "100,100"})
    void nothingIsRoundedToACertainty(double share, String shown) {
        assertThat(Ranks.percent(share)).isEqualTo(shown);
    }
}
