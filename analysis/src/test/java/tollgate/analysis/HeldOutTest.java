package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tollgate.replay.Blueprint;
import tollgate.replay.Strategies;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.Vectors;

/** The page model on programs left out of it: needs the full streams below {@code -Dtollgate.shared=FOLDER}. */
@EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
final class HeldOutTest {
    private static final Path TRACES = Path.of(System.getProperty("tollgate.shared", ""), "footprints", "traces");

    @Test
    void fourOfFiveIntervalsHoldTheFullStream() throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<HeldOut> pairs = new ArrayList<>();
        List<String> strategies = Strategies.all().stream()
                .map(Blueprint::name)
                .filter(name -> !name.equals(Strategies.BASELINE))
                .toList();
        try {
            for (String program : List.of("redis", "sqlite", "mixed")) {
                pairs.addAll(new HeldOut.Program(
                                program,
                                TRACES.resolve(program + ".pti_off.pgt.zst"),
                                Vectors.read(TRACES.resolve("vectors_6.1.txt")),
                                Footprints.shipped(),
                                1,
                                threads)
                        .compare(CpuProfile.load("skylake-sp"), strategies, 1 << 11));
            }
        } finally {
            threads.shutdownNow();
        }
        pairs.forEach(pair -> System.out.println(pair + " " + pair.isInside()));
        long inside = pairs.stream().filter(HeldOut::isInside).count();
        assertThat(100.0 * inside / pairs.size()).isGreaterThanOrEqualTo(80);
    }
}
