package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import tollgate.replay.Access;
import tollgate.replay.mmu.Geometry.Index;

/** The first level against lists, newest first: any arrays, wherever a guess leads, with flushes and handles that come round again. */
class FirstTlbTest {
    private static final int TAGS = 3;

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void itDoesAsListsWould(
            @ForAll("arrays") List<Geometry.Array> arrays, @ForAll("guesses") int guesses, @ForAll long seed) {
        Geometry geometry = geometry(arrays);
        FirstLevel layout = new FirstLevel(geometry);
        FirstTlb[] made = new FirstTlb[1];
        Tags tags = new Tags(TAGS + 3, () -> made[0].sweep(List.of()));
        made[0] = new FirstTlb(geometry, tags, guesses);
        Map<Integer, List<String>> sets = new HashMap<>();
        Random random = new Random(seed);
        for (int step = 0; step < 3_000; step++) {
            int tag = random.nextInt(TAGS);
            int size = random.nextInt(Mmu.SIZES);
            int type = random.nextInt(Mmu.TYPES);
            long number = random.nextInt(24);
            String entry = tag + ":" + size + ":" + number;
            switch (random.nextInt(16)) {
                case 0 -> {
                    tags.drop(tag);
                    sets.values().forEach(set -> set.removeIf(old -> old.startsWith(tag + ":")));
                }
                case 1 -> {
                    long leaf = leaf(number, size, type);
                    made[0].remove(number, size, key(leaf, tags.peek(tag)));
                    sets.values().forEach(set -> set.remove(entry));
                }
                default -> {
                    List<String> set = sets.computeIfAbsent(layout.set(type, size, number), any -> new ArrayList<>());
                    long leaf = leaf(number, size, type);
                    boolean isThere = set.remove(entry);
                    assertThat(made[0].touch(leaf, key(leaf, tags.handle(tag)))).isEqualTo(isThere);
                    if (!isThere && made[0].isFirst()) {
                        assertThat(sets.values().stream().anyMatch(each -> each.contains(entry)))
                                .as("in an array of another type")
                                .isFalse();
                    }
                    set.add(0, entry);
                    set.subList(Math.min(layout.ways(type, size), set.size()), set.size())
                            .clear();
                }
            }
        }
    }

    /** A fetch and a load of one page share a guess here, and go to different arrays. */
    @Test
    void aGuessOfOneTypeIsNoneOfAnother() {
        Geometry geometry = geometry(List.of(array(1 << Access.FETCH, 1, 2), array(1 << Access.LOAD, 1, 2)));
        Tags tags = new Tags(1 << Tags.BITS, () -> {});
        FirstTlb tlb = new FirstTlb(geometry, tags, 0);
        for (long number = 0; number < 40; number++) {
            long fetch = leaf(number, 0, Access.FETCH);
            long load = leaf(number, 0, Access.LOAD);
            assertThat(tlb.touch(fetch, key(fetch, tags.handle(1)))).isFalse();
            assertThat(tlb.touch(load, key(load, tags.handle(1)))).isFalse();
            assertThat(tlb.touch(fetch, key(fetch, tags.handle(1)))).isTrue();
        }
    }

    @Test
    void pagesThatItDoesNotServeAlwaysMiss() {
        Geometry geometry = geometry(List.of(array(1 << Access.FETCH, 4, 2)));
        Tags tags = new Tags(1 << Tags.BITS, () -> {});
        FirstTlb tlb = new FirstTlb(geometry, tags);
        long load = leaf(5, 0, Access.LOAD);
        for (int i = 0; i < 3; i++) {
            assertThat(tlb.touch(load, key(load, tags.handle(1)))).isFalse();
        }
    }

    @Provide
    Arbitrary<Integer> guesses() {
        return Arbitraries.of(0, 1, 2, 8);
    }

    /** One array for all types, one for code and one for data, or one for each type. */
    @Provide
    Arbitrary<List<Geometry.Array>> arrays() {
        return Arbitraries.of(List.of(7), List.of(1, 6), List.of(1, 2, 4), List.of(1, 2))
                .flatMap(types -> Combinators.combine(Arbitraries.of(1, 2, 3, 4), Arbitraries.of(1, 2, 4, 7))
                        .as((sets, ways) -> types.stream()
                                .map(each -> array(each, sets, ways))
                                .toList()));
    }

    private static Geometry.Array array(int types, int sets, int ways) {
        return new Geometry.Array(types, 7, sets * ways, ways, Index.LINEAR, true, "test", "test");
    }

    private static Geometry geometry(List<Geometry.Array> first) {
        return new Geometry("test", 4, 4, first, List.of(), List.of(), List.of());
    }

    private static long leaf(long number, int size, int type) {
        return Leaf.of(number << 9 * size, size, 0, type);
    }

    private static long key(long leaf, int handle) {
        return leaf & Leaf.KEY_MASK | (long) handle << 64 - Tags.BITS;
    }
}
