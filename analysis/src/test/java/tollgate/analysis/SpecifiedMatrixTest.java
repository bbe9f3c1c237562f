package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.Strategies;

/** What is derived from a small replay against what the postings let expect: every difference, and that it is understood. */
class SpecifiedMatrixTest {
    private static final List<String> STRATEGIES =
            List.of("baseline", "kpti", "kvm-asi", "asi-2025", "sci", "netns", "verw", "l1d-flush");

    /** A guest with its VMM, a process that follows it, and a sibling that goes in and out of the kernel. */
    private static Played trace() {
        return new Played()
                .takes(0, 100, 1)
                .takes(1, 100, 2)
                .toUser(1, 150)
                .guest(0, 200, 1)
                .exit(0, 500, 1)
                .call(1, 500)
                .guest(0, 600, 1)
                .toUser(1, 700)
                .exit(0, 900, 1)
                .touch(MemoryClass.K_PROC_OTH)
                .toVmm(0, 1000)
                .toUser(0, 1050)
                .call(0, 1200)
                .guest(0, 1250, 1)
                .interruptOfUser(1, 1300)
                .toUser(1, 1340)
                .exit(0, 1500, 1)
                .takes(0, 1520, 3)
                .toUser(0, 1600)
                .call(0, 1700)
                .touch(MemoryClass.PC_RD)
                .toUser(0, 1800)
                .end(2000);
    }

    @Test
    void differencesFromWhatThePostingsLetExpectAreKnown() {
        List<Lane> lanes = STRATEGIES.stream()
                .map(name -> trace().under(Strategies.parse(name), Played.siblings()))
                .toList();
        Protections protections = new Protections(lanes.get(0), new MemorySizes(Map.of()), "");
        List<Comparison.Strategy> strategies = new ArrayList<>();
        for (Lane lane : lanes) {
            strategies.add(new Comparison.Strategy(
                    lane.strategy().name(),
                    Map.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Map.of(),
                    protections.of(lane),
                    Calls.NONE));
        }
        assertThat(SpecifiedMatrix.differences(strategies))
                .extracting(
                        each -> each.attack() + " " + each.strategy() + ": " + each.expected() + ", " + each.derived())
                .containsExactly(
                        "meltdown netns: not affected, reduced",
                        "l1tf_thread netns: not affected, reduced",
                        "l1tf_thread l1d-flush: stopped, reduced",
                        "l1tf_sibling kvm-asi: reduced, not affected",
                        "l1tf_sibling netns: not affected, reduced",
                        "mds_thread netns: not affected, reduced",
                        "mds_sibling netns: not affected, reduced",
                        "spectre_v1_guest netns: not affected, reduced",
                        "spectre_v2_guest netns: not affected, reduced",
                        "namespace_read netns: stopped, reduced");
        assertThat(SpecifiedMatrix.differences(strategies))
                .allSatisfy(each -> assertThat(each.why()).isNotEmpty());
    }
}
