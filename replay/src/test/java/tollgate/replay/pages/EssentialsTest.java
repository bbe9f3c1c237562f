package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
import tollgate.replay.MemoryClass;
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
        int next = 0;
        for (int i = 0; i < steps.size(); ) {
            assertThat(Steps.isPart(words[i])).isTrue();
            int leaves = i + Steps.PART_WORDS;
            int end = leaves + Steps.essential(words[i + 1]);
            int to = next + Steps.accesses(words[i + 1]);
            long misses = 0;
            for (; next < to; next++) {
                misses += misses(access(all, steps.accesses()[next]));
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
            i += Steps.PART_WORDS + Steps.essential(second);
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
            assertThat(steps.words()[Steps.PART_WORDS + i]).isEqualTo(Access.leaf(steps.accesses()[i]));
        }
    }

    /** What no lane asks for is not written, and changes nothing else. */
    @Test
    void accessesAreToldOnlyOfPartsThatNeedThem() {
        Geometry skylake = GeometryFile.of("skylake-sp");
        long unmapped = 1L << MemoryClass.K_TASK_OTH.ordinal();
        Steps all = drawn(new PageStream(SHIPPED, 1).withEssentials(skylake), 1);
        Steps some = drawn(new PageStream(SHIPPED, 1).withEssentials(skylake, unmapped), 1);
        assertThat(some.size()).isEqualTo(all.size());
        int left = 0;
        int told = 0;
        for (int i = 0; i < all.size(); ) {
            long second = all.words()[i + 1];
            boolean needsAll = (Steps.argument(all.words()[i]) & unmapped) != 0;
            assertThat(some.words()[i]).isEqualTo(all.words()[i]);
            assertThat(some.words()[i + 1]).isEqualTo(needsAll ? second : (long) Steps.essential(second) << 32);
            int end = i + Steps.PART_WORDS + Steps.essential(second);
            assertThat(Arrays.copyOfRange(some.words(), i + Steps.PART_WORDS, end))
                    .isEqualTo(Arrays.copyOfRange(all.words(), i + Steps.PART_WORDS, end));
            left += needsAll ? 0 : 1;
            told += needsAll ? 1 : 0;
            i = end;
        }
        assertThat(left).isPositive();
        assertThat(told).isPositive();
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
        return drawn(new PageStream(SHIPPED, seed).withEssentials(geometry), seed);
    }

    private static Steps drawn(PageStream stream, long seed) {
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
