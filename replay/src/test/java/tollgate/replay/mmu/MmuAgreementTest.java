package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.replay.Access;

/** The fast MMU and the plain one give the same outcome for each of millions of random accesses, flushes in between. */
final class MmuAgreementTest {
    /** For each geometry; -Dtollgate.accesses=10000000 for a long run. */
    private static final int ACCESSES = Integer.getInteger("tollgate.accesses", 40_000);

    static Stream<Geometry> geometries() {
        List<Geometry> all = new ArrayList<>();
        for (String cpu : MmuTest.CPUS) {
            all.add(GeometryFile.of(cpu));
        }
        all.add(GeometryFile.of("skylake-client").besideBusySibling());
        all.add(GeometryFile.of("zen4").besideBusySibling());
        all.add(GeometryFile.of("ice-lake-sp").withLevels(5));
        all.add(ReferenceModel.GEOMETRY);
        all.add(odd());
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("geometries")
    void agreeOnEveryAccess(Geometry geometry) {
        agree(new BothMmus(new Mmu(geometry), new PlainMmu(geometry)), geometry, 17);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("geometries")
    void agreeWhenHandlesRunOutAllTheTime(Geometry geometry) {
        agree(new BothMmus(new Mmu(geometry, 48), new PlainMmu(geometry)), geometry, 18);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("geometries")
    void agreeOnAccessesWhoseLeavesAreKnown(Geometry geometry) {
        agree(new BothMmus(new Mmu(geometry, 48), new PlainMmu(geometry)).asLeaves(), geometry, 19);
    }

    private static void agree(BothMmus both, Geometry geometry, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomMachineUse use = new RandomMachineUse(random);
        int[] outcomes = new int[40];
        for (int i = 0; i < ACCESSES; i++) {
            use.maybeFlush(both);
            outcomes[use.access(both)]++;
        }
        assertThat(both.firstDisagreement()).as("seed %d", seed).isEmpty();
        // The stream is of use only if it meets hits and walks of all kinds.
        assertThat(outcomes[Mmu.L1_HIT]).as("L1 hits").isGreaterThan(ACCESSES / 20);
        assertThat(outcomes[Mmu.STLB_HIT]).as("second-level hits").isGreaterThan(ACCESSES / 200);
        for (int steps = geometry.walks().isEmpty() ? 2 : 1; steps <= 4; steps++) {
            assertThat(outcomes[Mmu.WALK + steps])
                    .as("walks of %d reads", steps)
                    .isPositive();
        }
    }

    /** Sets that are no power of two, one way, an array of three sizes, a level of walk cache left out. */
    private static Geometry odd() {
        int all = 1 << Access.FETCH | 1 << Access.LOAD | 1 << Access.STORE;
        return new Geometry(
                "odd",
                5,
                4,
                List.of(array(1 << Access.FETCH, 0b001, 15, 5), array(all & ~1, 0b111, 7, 1)),
                List.of(array(all, 0b011, 36, 3), array(all, 0b101, 36, 3)),
                List.of(array(all, 0b0101, 9, 3), array(all, 0b1000, 1, 1)),
                List.of(array(all, 0b111, 6, 2)));
    }

    private static Geometry.Array array(int types, int sizes, int entries, int ways) {
        return new Geometry.Array(types, sizes, entries, ways, Geometry.Index.LINEAR, false, "made up", "approximate");
    }
}
