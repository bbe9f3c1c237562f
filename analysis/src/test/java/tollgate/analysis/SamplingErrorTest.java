package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Figure.Estimate;
import tollgate.ingest.Input;
import tollgate.ingest.Sidecar;
import tollgate.replay.Counts;
import tollgate.replay.Sampling;
import tollgate.replay.Stages;
import tollgate.replay.Strategies;
import tollgate.replay.pages.Footprints;

/** What a sample says of its error holds against the exact replay of the same recording. */
class SamplingErrorTest {
    private static final Path TRACE = Path.of("..", "traces", "gcc-make.perf.txt.zst");
    private static final CpuProfile CPU = CpuProfile.load("skylake-sp");

    @Test
    void theExactFigureLiesWithinTheStatedError() throws IOException {
        Replayed exact = replay(Sampling.EXACT);
        Replayed sampled = replay(Sampling.oneIn(4));
        Comparison.Workload all = exact.price("make", CPU, 64, 1);
        Comparison.Workload some = sampled.price("make", CPU, 64, 1);
        assertThat(some.caveats()).anyMatch(caveat -> caveat.startsWith("Sampled: one stretch of 8192 events in 4"));
        assertThat(all.caveats()).noneMatch(caveat -> caveat.startsWith("Sampled"));
        Pricing pricing =
                new Pricing(CPU, sampled.facts(), true, sampled.lanes(), sampled.structure(), sampled.probe(), 64, 1);
        for (int lane = 1; lane < exact.lanes().size(); lane++) {
            double whole = value(all, lane);
            double error = pricing.samplingError(sampled.lanes().get(lane));
            assertThat(error).isBetween(0.001, 0.5);
            assertThat(value(some, lane))
                    .as(sampled.lanes().get(lane).strategy())
                    .isCloseTo(whole, within(error * Math.abs(value(some, lane))));
        }
    }

    @Test
    void nothingIsUnsureOfAnExactReplay() throws IOException {
        Replayed exact = replay(Sampling.EXACT);
        Counts kpti = exact.lanes().get(1);
        assertThat(SamplingError.share(kpti, exact.lanes().get(0), CPU.prices().mid(), Bill.Per.ENTRY, 1))
                .isZero();
        assertThat(SamplingError.share(kpti, kpti, CPU.prices().mid(), Bill.Per.ENTRY, 4))
                .isNaN();
    }

    private static double value(Comparison.Workload workload, int lane) {
        return ((Estimate) workload.strategies().get(lane).figure(Metric.OVERHEAD)).value();
    }

    private static Replayed replay(Sampling sampling) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Input input = Input.of(TRACE)) {
            return new TraceReplay(
                            CPU.machine(),
                            List.of(Strategies.parse("kpti"), Strategies.parse("kpti-nopcid")),
                            1,
                            new Stages())
                    .sampled(sampling)
                    .run(input, "", Sidecar.of(TRACE), Footprints.shipped(), threads, events -> {});
        } finally {
            threads.shutdownNow();
        }
    }
}
