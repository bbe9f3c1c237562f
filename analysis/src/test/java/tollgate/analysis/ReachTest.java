package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.replay.MemoryClass.*;

import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.Strategies;
import tollgate.replay.exposure.Viewer;

/** Which memory is within whose reach, by space: 0 is the full space, then the strategy's, then the guest's own memory. */
class ReachTest {
    private static Reach of(String strategy) {
        Lane lane = new Played().takes(0, 100, 1).end(200).under(Strategies.parse(strategy), Played.siblings());
        return new Reach(lane.strategy(), lane.exposure());
    }

    @Test
    void whatIsForeignDependsOnWhoLooks() {
        Reach kpti = of("kpti");
        assertThat(kpti.foreign(0, Viewer.OWNER))
                .contains(U_OTH, K_SECRET, K_DATA, G_OTH)
                .doesNotContain(U_CUR, K_TASK_CUR);
        assertThat(kpti.foreign(0, Viewer.OWN_GUEST))
                .contains(U_CUR, K_TASK_CUR)
                .doesNotContain(G_CUR, K_VM_CUR);
        assertThat(kpti.foreign(0, Viewer.OTHER))
                .isEqualTo(EnumSet.complementOf(
                        EnumSet.of(K_TEXT, ENTRY, EPH))); // text is public, the entry code everywhere
        assertThat(kpti.foreign(1, Viewer.OWNER)).isEmpty();
        assertThat(kpti.foreign(1, Viewer.OTHER)).containsExactly(U_CUR);
    }

    @Test
    void theGuestsSpaceIsItsMemory() {
        Reach kpti = of("kpti");
        assertThat(kpti.foreign(2, Viewer.OWN_GUEST)).isEmpty();
        assertThat(kpti.foreign(2, Viewer.OTHER_GUEST)).containsExactly(G_CUR);
        assertThat(kpti.ownOfUntrusted(2, Viewer.OTHER)).containsExactly(G_CUR);
        assertThat(kpti.ownOfUntrusted(0, Viewer.OTHER)).containsExactly(U_CUR);
        assertThat(kpti.ownOfUntrusted(0, Viewer.OWNER)).isEmpty();
    }

    @Test
    void aStretchLeftAtAnUnknownMomentIsBetweenTwoSpaces() {
        Reach asi = of("kvm-asi"); // 0 full, 1 kvm, 2 the guest, 3 kvm or full
        assertThat(asi.least(3)).isEqualTo(1);
        assertThat(asi.most(3)).isZero();
        assertThat(asi.least(1)).isEqualTo(1);
    }

    @Test
    void aPartCountsAsMappedAndWhatIsOnDemandDoesNot() {
        Reach sci = of("sci");
        assertThat(sci.maps(1, K_TASK_CUR)).isTrue(); // its stack
        assertThat(sci.maps(1, K_DATA)).isFalse();
        assertThat(sci.one(1, K_DATA)).isEmpty();
    }

    @Test
    void codeIsReachedUncheckedWhereItIsMappedOrOpenedByTheFetch() {
        assertThat(of("baseline").code(0)).containsExactly(K_TEXT, K_MOD);
        assertThat(of("sci").code(1)).isEmpty();
        assertThat(of("sci").checkedCode(1)).containsExactly(K_TEXT, K_MOD);
        assertThat(of("asi-2025").code(1)).containsExactly(K_TEXT, K_MOD);
    }

    @Test
    void aReadThroughABugEndsOnlyWhereATouchIsRefused() {
        assertThat(of("netns").reads(0, K_NS_OTH)).isFalse();
        assertThat(of("netns").reads(1, K_NS_OTH)).isTrue(); // the table that maps all
        assertThat(of("kvm-asi").reads(1, K_NS_OTH)).isTrue(); // the fault opens the full space
        assertThat(of("sci").reads(1, K_NS_OTH)).isTrue(); // data are granted unchecked
    }

    @Test
    void everyClassCanBeSizedInASidecar() {
        assertThat(tollgate.ingest.Sidecar.MEMORY)
                .containsExactlyElementsOf(EnumSet.complementOf(EnumSet.of(EPH)).stream()
                        .map(each -> each.name().toLowerCase(java.util.Locale.ROOT))
                        .toList());
        MemorySizes sizes = new MemorySizes(Map.of("k_secret", 1000L, "u_oth", 0L));
        assertThat(sizes.bytes(K_SECRET)).isEqualTo(1000);
        assertThat(sizes.bytes(U_OTH)).isZero();
        assertThat(sizes.bytes(U_CUR)).isEqualTo(1L << 30);
        assertThat(sizes.all()).hasSize(MemoryClass.values().length - 1);
        // What is left of 64 GiB is less than a slab cache or two would take.
        assertThat(new MemorySizes(Map.of())
                                .all().stream()
                                        .mapToLong(MemorySizes.Size::bytes)
                                        .sum()
                        >> 30)
                .isEqualTo(62);
    }
}
