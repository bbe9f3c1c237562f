package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;
import tollgate.replay.pages.Footprints;

/** What is reused changes no figure: not of a replay that reuses nothing, and not when other lanes need more or less than one does. */
class EveryAccessTest {
    private static final Path TRACE = Path.of("..", "traces", "netns.perf.txt.zst");
    private static final List<Strategy> ALL =
            Stream.of("kpti", "asi-2025", "sci").map(Strategies::parse).toList();

    private static Comparison.Workload together;

    @BeforeAll
    static void replay() throws IOException {
        together = run(ALL, false);
    }

    @Test
    void itChangesNoFigure() throws IOException {
        assertThat(run(ALL, true)).usingRecursiveComparison().isEqualTo(together);
    }

    /** Alone, kpti's lane makes essential accesses only, and nobody is told of others. */
    @Test
    void whatOtherLanesNeedChangesNothing() throws IOException {
        Comparison.Strategy alone = run(ALL.subList(0, 1), false).strategies().get(1);
        for (Metric metric : Metric.values()) {
            assertThat(alone.figure(metric))
                    .as(metric.name())
                    .isEqualTo(together.strategies().get(1).figure(metric));
        }
    }

    private static Comparison.Workload run(List<Strategy> strategies, boolean everyAccess) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            return new TraceRun(CpuProfile.load("skylake-sp"), strategies, 1, 64)
                    .everyAccess(everyAccess)
                    .run("netns", TRACE, "", Footprints.shipped(), threads, events -> {});
        } finally {
            threads.shutdownNow();
        }
    }
}
