package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.Uncertainty;
import tollgate.analysis.Uncertainty.Causes;
import tollgate.analysis.Uncertainty.Share;

final class AdviceTest {
    /** Of 8 that the interval is wide, invlpg leaves 6, ibpb 2; the pieces of the trace leave 1 but cannot be measured. */
    @Test
    void namesTheMeasurementThatLeavesTheNarrowestInterval() {
        assertThat(Advice.of(workload(
                        share("invlpg", List.of("invlpg"), 13, 19),
                        share("paper", List.of("ibpb", "verw_mds_clear"), 15, 17),
                        share(Uncertainty.SEGMENTS, List.of(), 15.5, 16.5))))
                .contains(
                        "The widest interval is that of dear, 16 [12, 20] % of busy time. To narrow it most, measure on your"
                                + " machine ibpb, verw_mds_clear: if that turned out at its middle, [15.0, 17.0] would be left, 75 %"
                                + " narrower.");
    }

    @Test
    void saysThatNoMeasurementHalvesIt() {
        assertThat(Advice.of(workload(share(Uncertainty.WORK_SCALE, List.of(), 13, 19)))
                        .orElseThrow())
                .contains("how long the workload takes on the priced CPU without isolation")
                .endsWith("25 % narrower; no single measurement would halve it.");
    }

    @Test
    void isSilentWhereNothingCanBeMeasured() {
        assertThat(Advice.of(workload(share(Uncertainty.REFILL_ERROR, List.of(), 15, 17))))
                .isEmpty();
        assertThat(Advice.of(workload())).isEmpty();
    }

    private static Share share(String coordinate, List<String> prices, double low, double high) {
        return new Share(coordinate, prices, 50, 50, new Estimate(16, 14, 18), new Estimate(16, low, high));
    }

    private static Workload workload(Share... shares) {
        return new Workload(
                "w",
                new Trace("f", "0", "x", "", 1, 1, 1, 0, 0, 0, 0, 0),
                List.of(
                        strategy("baseline", Estimate.exact(0)),
                        strategy("dear", new Estimate(16, 12, 20)),
                        strategy("cheap", new Estimate(3, 2, 4))),
                List.of(),
                new Uncertainty(Metric.OVERHEAD, List.of(), List.of(new Causes("dear", List.of(shares)))));
    }

    private static Strategy strategy(String name, Estimate overhead) {
        return new Strategy(name, Map.of(Metric.OVERHEAD, overhead), List.of(), List.of(), List.of());
    }
}
