package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the replay notices of itself in production. */
class SelfCheckTest {
    private final Lane baseline = lane("baseline");
    private final Lane kpti = lane("kpti");

    private static Lane lane(String strategy) {
        Lane lane = new Lane(Strategies.parse(strategy), HandWorkedTraceTest.machine());
        Steps steps = new Steps(64);
        steps.crossing(Crossing.USER_ENTRY, Cause.of(Cause.Family.SYSCALL, 0), 0, 0);
        steps.crossing(Crossing.USER_RETURN, 0, 0, 0);
        lane.run(steps);
        lane.finish();
        return lane;
    }

    @Test
    void whatAddsUpPasses() {
        assertThatCode(() -> SelfCheck.run(List.of(baseline, kpti))).doesNotThrowAnyException();
    }

    @Test
    void aCountThatNoSegmentHasIsNoticed() {
        kpti.ledger().add(kpti.ledger().row(Cause.UNKNOWN), Operation.VERW, 1);
        assertThatThrownBy(() -> SelfCheck.run(List.of(baseline, kpti)))
                .isInstanceOf(Contradiction.class)
                .hasMessage("kpti: VERW in all segments, against all causes: 0 is not 1");
    }

    @Test
    void aLaneThatSawAnotherCrossingIsNoticed() {
        kpti.rest().enter(kpti.rest().row(Cause.UNKNOWN));
        assertThatThrownBy(() -> SelfCheck.run(List.of(baseline, kpti)))
                .isInstanceOf(Contradiction.class)
                .hasMessageStartingWith("kpti and baseline: crossings of other tasks");
    }
}
