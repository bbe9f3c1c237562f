package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import tollgate.replay.Access;
import tollgate.replay.Steps;
import tollgate.replay.mmu.Geometry;
import tollgate.replay.mmu.GeometryFile;
import tollgate.replay.mmu.Mmu;

/** Leaving out what is not essential changes neither what the other accesses meet nor what comes after the part. */
class EssentialsTest {
    private static final Footprints SHIPPED = Footprints.shipped();
    private static final int[] CALLS = {0, 1, 7, 20, 44, 45, 56, 59, 202, 232};

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void leavingThemOutChangesNothing(@ForAll("firstLevels") List<Geometry.Array> first, @ForAll long seed) {
        Geometry skylake = GeometryFile.of("skylake-sp");
        Geometry geometry = new Geometry("random", 4, 4, first, skylake.second(), skylake.walks(), skylake.nested());
        Steps steps = drawn(geometry, seed);
        Mmu all = new Mmu(geometry);
        Mmu essential = new Mmu(geometry);
        long[] words = steps.words();
        for (int i = 0; i < steps.size(); ) {
            assertThat(Steps.isPart(words[i])).isTrue();
            int leaves = i + Steps.PART_WORDS + Steps.accesses(words[i + 1]);
            int end = leaves + Steps.essential(words[i + 1]);
            long misses = 0;
            for (int j = i + Steps.PART_WORDS; j < leaves; j++) {
                misses += misses(access(all, words[j]));
            }
            assertThat(essential.accessAll(words, leaves, end, 1, 0)).isEqualTo(misses);
            i = end;
        }
    }

    @Test
    void leavesOutMoreThanHalf() {
        Steps steps = drawn(GeometryFile.of("skylake-sp"), 1);
        int accesses = 0;
        int essential = 0;
        for (int i = 0; i < steps.size(); ) {
            long second = steps.words()[i + 1];
            accesses += Steps.accesses(second);
            essential += Steps.essential(second);
            i += Steps.PART_WORDS + Steps.accesses(second) + Steps.essential(second);
        }
        assertThat(essential).isLessThan(accesses / 2);
    }

    @Test
    void userStretchesAreEssentialAsAWhole() {
        PageStream stream = new PageStream(SHIPPED, 1).withEssentials(GeometryFile.of("skylake-sp"));
        Steps steps = new Steps(16);
        stream.user(steps, 1, 1, 50_000, 0);
        long second = steps.words()[1];
        assertThat(Steps.essential(second)).isEqualTo(Steps.accesses(second)).isGreaterThan(1);
        for (int i = 0; i < Steps.accesses(second); i++) {
            long access = steps.words()[Steps.PART_WORDS + i];
            assertThat(steps.words()[Steps.PART_WORDS + Steps.accesses(second) + i])
                    .isEqualTo(Access.leaf(access));
        }
    }

    @Provide
    Arbitrary<List<Geometry.Array>> firstLevels() {
        return Combinators.combine(array(1), array(6)).as(List::of);
    }

    /** Any sets, powers of two or not, of any ways; all sizes in one array. */
    private static Arbitrary<Geometry.Array> array(int types) {
        return Combinators.combine(
                        Arbitraries.of(1, 2, 3, 4, 8, 12, 16),
                        Arbitraries.of(1, 2, 4, 6, 8, 16),
                        Arbitraries.of(true, false))
                .as((sets, ways, isLinear) -> new Geometry.Array(
                        types,
                        7,
                        sets * ways,
                        ways,
                        isLinear || Integer.bitCount(sets) > 1 ? Geometry.Index.LINEAR : Geometry.Index.XOR,
                        true,
                        "test",
                        "test"));
    }

    /** Calls of few and of many owners, each several times. */
    private static Steps drawn(Geometry geometry, long seed) {
        PageStream stream = new PageStream(SHIPPED, seed).withEssentials(geometry);
        Steps steps = new Steps(1 << 16);
        for (int i = 0; i < 200; i++) {
            long random = Draw.mix(seed, i);
            int call = CALLS[Draw.below(random, CALLS.length)];
            int owner = i % 3 == 0 ? Draw.below(Draw.mix(random), 5000) : i % 5;
            stream.syscall(steps, call, owner, owner / 2, false, -1, Draw.below(Draw.mix(random + 1), 4));
        }
        return steps;
    }

    private static int access(Mmu mmu, long word) {
        return mmu.access(Access.page(word), Access.region(word).leaf(), 1, false, Access.type(word));
    }

    private static long misses(int outcome) {
        if (outcome == Mmu.L1_HIT) {
            return 0;
        }
        return outcome == Mmu.STLB_HIT ? 1 : 1L << 20 | (long) (outcome - Mmu.WALK) << 40;
    }
}
