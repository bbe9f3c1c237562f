package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.Vectors;

/** The page model on programs left out of it. */
final class HeldOutTest {
    private static final String SHARED = "tollgate.shared";

    @Test
    void nineOfTenIntervalsHoldTheFullStream() {
        List<HeldOut> pairs = HeldOut.shipped();
        long inside = pairs.stream().filter(HeldOut::isInside).count();
        assertThat(100.0 * inside / pairs.size()).isGreaterThanOrEqualTo(90);
    }

    /** Needs the full streams below {@code -Dtollgate.shared=FOLDER}. */
    @Test
    @EnabledIfSystemProperty(named = SHARED, matches = ".+")
    void theShippedPairsAreWhatTheStreamsGive() throws IOException {
        Path traces = Path.of(System.getProperty(SHARED), "footprints", "traces");
        List<HeldOut> shipped = HeldOut.shipped();
        List<String> strategies =
                shipped.stream().map(HeldOut::strategy).distinct().toList();
        List<HeldOut> pairs = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (String program :
                    shipped.stream().map(HeldOut::program).distinct().toList()) {
                pairs.addAll(new HeldOut.Program(
                                program,
                                traces.resolve(program + ".pti_off.pgt.zst"),
                                Vectors.read(traces.resolve("vectors_6.1.txt")),
                                Footprints.shipped(),
                                1,
                                threads)
                        .compare(CpuProfile.load("skylake-sp"), strategies, 1 << 11));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(pairs).hasSameSizeAs(shipped);
        for (int i = 0; i < pairs.size(); i++) {
            HeldOut pair = pairs.get(i);
            String name = pair.program() + " " + pair.strategy();
            assertThat(name)
                    .isEqualTo(shipped.get(i).program() + " " + shipped.get(i).strategy());
            near(name, pair.full(), shipped.get(i).full());
            near(name, pair.drawn().value(), shipped.get(i).drawn().value());
            near(name, pair.drawn().low(), shipped.get(i).drawn().low());
            near(name, pair.drawn().high(), shipped.get(i).drawn().high());
        }
    }

    /** To the digits that are shipped. */
    private static void near(String name, double computed, double shipped) {
        assertThat(computed).as(name).isCloseTo(shipped, withinPercentage(0.001));
    }
}
