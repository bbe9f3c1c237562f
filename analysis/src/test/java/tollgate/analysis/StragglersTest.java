package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.ingest.Input;

/** Who is late, by a clock that the test moves. */
final class StragglersTest {
    private static final long SECOND = 1_000_000_000L;

    private final Stragglers stragglers = new Stragglers();

    private static TraceTask task(String trace) {
        return new TraceTask(
                trace,
                "",
                "",
                "",
                Input.Damage.REFUSE,
                List.of(),
                CpuProfile.load("skylake-sp").machine(),
                "",
                "",
                1);
    }

    private void finished(String trace, long seconds) {
        stragglers.begun(task(trace), "", 0);
        stragglers.ended(task(trace), true, seconds * SECOND);
    }

    /** Of 4, 5 and 60 s the median is 5 s: three times that are 15 s. */
    @Test
    void whoTakesThreeTimesTheMedianIsNamedOnce() {
        finished("a", 4);
        finished("b", 60);
        finished("c", 5);
        stragglers.begun(task("slow"), "executor 1, 10.0.0.7", 0);
        stragglers.begun(task("slower"), "", 0);
        stragglers.begun(task("young"), "", 14 * SECOND);
        assertThat(stragglers.late(15 * SECOND)).isEmpty();
        assertThat(stragglers.late(16 * SECOND))
                .containsExactly(
                        "slow is late: 16.0 s on executor 1, 10.0.0.7, the median of 3 finished is 5.0 s",
                        "slower is late: 16.0 s, the median of 3 finished is 5.0 s");
        assertThat(stragglers.late(17 * SECOND)).isEmpty();
    }

    /** Three finished, and ten seconds: before that nobody knows what is usual. */
    @Test
    void nobodyIsLateTooSoon() {
        finished("a", 1);
        finished("b", 1);
        stragglers.begun(task("c"), "", 0);
        stragglers.begun(task("d"), "", 0);
        assertThat(stragglers.late(100 * SECOND)).isEmpty();
        stragglers.ended(task("c"), true, SECOND);
        assertThat(stragglers.late(10 * SECOND)).isEmpty();
        assertThat(stragglers.late(10 * SECOND + 1)).hasSize(1);
    }

    /** What was lost with its machine is neither running nor finished. */
    @Test
    void whatIsLostCountsNowhere() {
        finished("a", 30);
        finished("b", 30);
        stragglers.begun(task("c"), "", 0);
        stragglers.ended(task("c"), false, SECOND);
        stragglers.begun(task("d"), "", 0);
        assertThat(stragglers.late(1_000 * SECOND)).isEmpty();
    }
}
