package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
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
    private static final Path GUEST = Path.of("..", "traces", "kvm-intel.trace.dat.zst");
    private static final CpuProfile CPU = CpuProfile.load("skylake-sp");

    @Test
    void theExactFigureLiesWithinTheStatedError() throws IOException {
        Replayed exact = replay(TRACE, Sampling.EXACT, "kpti", "kpti-nopcid");
        Replayed sampled = replay(TRACE, Sampling.oneIn(4), "kpti", "kpti-nopcid");
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

    /**
     * A guest that works in phases: two stretches of its region are measured, as it happens two that are alike, and have half
     * as many L1D flushes again as the whole. Entries within a stretch are alike too: their spread would promise a fifth.
     */
    @Test
    void fewStretchesPromiseNothing() throws IOException {
        Replayed sampled = replay(GUEST, Sampling.oneIn(4), "l1d-flush");
        Pricing pricing =
                new Pricing(CPU, sampled.facts(), false, sampled.lanes(), sampled.structure(), sampled.probe(), 64, 1);
        Comparison.Strategy flush =
                sampled.price("guest", CPU, 64, 1).strategies().get(1);
        Estimate nanos = (Estimate) flush.figure(Metric.NANOS_PER_EXIT);
        Estimate cycles = (Estimate) flush.figure(Metric.CYCLES_PER_EXIT);
        assertThat(nanos.value()).as("at 2.1 GHz").isCloseTo(cycles.value() / 2.1, within(1e-9));
        assertThat(nanos.high()).isCloseTo(cycles.high() / 2.1, within(1e-9));
        assertThat(sampled.lanes().get(1).segments().size()).isLessThan(SamplingError.FEWEST);
        assertThat(pricing.samplingError(sampled.lanes().get(1))).isNaN();
        assertThat(pricing.samplingError()).isEqualTo("How far that is from the whole cannot be told from so few.");
    }

    /**
     * By hand: 100, 200, 300, 400 and 500 cycles of an entry each, in stretches of which one in four was measured. The quotient
     * is 300, the squares of the residues are 100000 together, the standard error of their sum is sqrt(3/4 x 100000 x 5/4) =
     * 306.2, Student's t of four degrees of freedom 2.7764: 2.7764 x 306.2 / 1500 = 0.5667.
     */
    @Test
    void theErrorOfAFewPiecesIsStudents() {
        double[] added = {100, 200, 300, 400, 500};
        double[] alike = {1, 1, 1, 1, 1};
        assertThat(SamplingError.share(added, alike, 4)).isCloseTo(0.5667, within(1e-4));
        assertThat(SamplingError.share(added, new double[] {1, 2, 3, 4, 5}, 4))
                .as("the same quotient in each")
                .isCloseTo(0, within(1e-12));
        assertThat(SamplingError.share(added, alike, 1)).isZero();
        assertThat(SamplingError.share(new double[] {100, 200, 300, 400}, new double[] {1, 1, 1, 1}, 4))
                .isNaN();
    }

    @Test
    void nothingIsUnsureOfAnExactReplay() throws IOException {
        Replayed exact = replay(TRACE, Sampling.EXACT, "kpti");
        Counts kpti = exact.lanes().get(1);
        assertThat(SamplingError.share(kpti, exact.lanes().get(0), CPU.prices().mid(), Bill.Per.ENTRY, 1))
                .isZero();
        assertThat(SamplingError.share(kpti, kpti, CPU.prices().mid(), Bill.Per.ENTRY, 4))
                .isNaN();
    }

    private static double value(Comparison.Workload workload, int lane) {
        return ((Estimate) workload.strategies().get(lane).figure(Metric.OVERHEAD)).value();
    }

    private static Replayed replay(Path trace, Sampling sampling, String... strategies) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Input input = Input.of(trace)) {
            return new TraceReplay(
                            CPU.machine(),
                            Stream.of(strategies).map(Strategies::parse).toList(),
                            1,
                            new Stages())
                    .sampled(sampling)
                    .run(input, "", Sidecar.of(trace), Footprints.shipped(), threads, events -> {});
        } finally {
            threads.shutdownNow();
        }
    }
}
