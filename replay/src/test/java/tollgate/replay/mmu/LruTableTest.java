package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.replay.mmu.Geometry.Index;

/** The set-associative table alone. Keys here are a page number with a handle; sets and ways are few. */
final class LruTableTest {
    private static final int A = 1;
    private static final int B = 2;

    private final Tags tags = new Tags(1 << Tags.BITS, () -> {});
    private LruTable table;

    @BeforeEach
    void fourSetsOfTwoWays() {
        table = new LruTable(4, 2, Index.LINEAR, tags);
    }

    @Test
    void aMissPutsTheKeyIn() {
        assertThat(touch(5, A)).isFalse();
        assertThat(touch(5, A)).isTrue();
    }

    @Test
    void theOldestOfASetGoesFirst() {
        touch(1, A);
        touch(5, A);
        touch(1, A); // 5 is the oldest now
        touch(9, A);
        assertThat(touch(1, A)).isTrue();
        assertThat(touch(9, A)).isTrue();
        assertThat(touch(5, A)).isFalse();
    }

    @Test
    void setsDoNotMeet() {
        for (int number = 0; number < 8; number++) {
            touch(number, A);
        }
        for (int number = 0; number < 8; number++) {
            assertThat(touch(number, A)).isTrue();
        }
    }

    @Test
    void theSameNumberUnderAnotherTagIsAnotherKeyOfTheSameSet() {
        touch(1, A);
        touch(1, B);
        assertThat(touch(1, A)).isTrue();
        touch(5, A);
        assertThat(touch(1, B)).isFalse(); // it was the oldest of three
    }

    @Test
    void aRemovedWayIsFilledFirst() {
        touch(1, A);
        touch(5, A);
        table.remove(5, key(5, A));
        touch(9, A);
        assertThat(touch(1, A)).isTrue();
        assertThat(touch(9, A)).isTrue();
    }

    @Test
    void aStaleWayIsFilledFirstWhereverItStands() {
        LruTable wide = new LruTable(1, 3, Index.LINEAR, tags);
        for (int stale = 0; stale < 3; stale++) {
            tags.dropMatching(0, 0);
            for (int number = 0; number < 3; number++) {
                wide.touch(number, key(number, number == stale ? B : A));
            }
            tags.drop(B);
            wide.touch(7, key(7, A));
            for (int number = 0; number < 3; number++) {
                if (number != stale) {
                    assertThat(wide.touch(number, key(number, A))).isTrue();
                }
            }
        }
    }

    @Test
    void orderOutlivesAFlushOfOthers() {
        LruTable wide = new LruTable(1, 4, Index.LINEAR, tags);
        wide.touch(0, key(0, A));
        wide.touch(1, key(1, B));
        wide.touch(2, key(2, A));
        wide.touch(3, key(3, A));
        tags.drop(B);
        wide.touch(4, key(4, A)); // into the way of 1
        wide.touch(5, key(5, A)); // 0 is the oldest
        assertThat(wide.touch(2, key(2, A))).isTrue();
        assertThat(wide.touch(3, key(3, A))).isTrue();
        assertThat(wide.touch(0, key(0, A))).isFalse();
    }

    /**
     * Against lists, newest first: flushes, removals, and handles so few that they come round again. Keys that are surely missing are
     * added without a search, as {@link Mmu} does; with one bit nearly all share a hash.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 10})
    void itDoesAsAListWould(int bits) {
        Random random = new Random(1);
        for (int ways = 1; ways <= 5; ways++) {
            LruTable[] made = new LruTable[1];
            NewestHandles newest = new NewestHandles(bits);
            Tags few = new Tags(6, () -> {
                newest.forget();
                made[0].sweep(newest);
            });
            made[0] = new LruTable(2, ways, Index.LINEAR, few);
            List<List<String>> sets = List.of(new ArrayList<>(), new ArrayList<>());
            for (int step = 0; step < 20_000; step++) {
                int number = random.nextInt(2 * ways + 2);
                int tag = random.nextInt(3);
                String entry = tag + ":" + number;
                List<String> set = sets.get(number % 2);
                switch (random.nextInt(12)) {
                    case 0 -> {
                        few.drop(tag);
                        sets.forEach(each -> each.removeIf(old -> old.startsWith(tag + ":")));
                    }
                    case 1 -> {
                        made[0].remove(number, keyOf(number, few.peek(tag)));
                        set.remove(entry);
                    }
                    default -> {
                        long key = keyOf(number, few.handle(tag));
                        boolean isThere = set.remove(entry);
                        if (newest.isFirst(key)) {
                            assertThat(isThere).isFalse();
                            made[0].add(number, key);
                        } else {
                            assertThat(made[0].touch(number, key)).isEqualTo(isThere);
                        }
                        set.add(0, entry);
                        set.subList(Math.min(ways, set.size()), set.size()).clear();
                    }
                }
            }
        }
    }

    @Test
    void setsNeedNotBeAPowerOfTwo() {
        LruTable three = new LruTable(3, 1, Index.LINEAR, tags);
        three.touch(0, key(0, A));
        three.touch(1, key(1, A));
        three.touch(2, key(2, A));
        assertThat(three.touch(0, key(0, A))).isTrue();
        three.touch(5, key(5, A)); // 5 modulo 3 is 2
        assertThat(three.touch(2, key(2, A))).isFalse();
        assertThat(three.touch(1, key(1, A))).isTrue();
    }

    @Test
    void anXorIndexFoldsTheNextBitsIn() {
        // 4 sets: set = bits 0-1 XOR bits 2-3. Numbers 0, 5, 10, 15 all fall into set 0; 4 into set 1.
        LruTable xor = new LruTable(4, 1, Index.XOR, tags);
        xor.touch(0, key(0, A));
        xor.touch(4, key(4, A));
        assertThat(xor.touch(0, key(0, A))).isTrue();
        xor.touch(5, key(5, A));
        assertThat(xor.touch(0, key(0, A))).isFalse();
        assertThat(xor.touch(4, key(4, A))).isTrue();
    }

    @Test
    void anXorIndexNeedsAPowerOfTwo() {
        assertThatThrownBy(() -> new LruTable(3, 1, Index.XOR, tags))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an XOR index needs a power of two of sets, not 3");
    }

    @Test
    void aSliceSharesItsSetsWithTheWhole() {
        LruTable upper = table.slice(2, 2); // sets 2 and 3
        upper.touch(0, key(2, A)); // number 0 of the slice is set 2 of the whole
        assertThat(table.touch(2, key(2, A))).isTrue();
        table.touch(6, key(6, A));
        table.touch(10, key(10, A)); // set 2 again: 2 is evicted
        assertThat(upper.touch(0, key(2, A))).isFalse();
    }

    @Test
    void aTableWithoutWaysHoldsNothing() {
        LruTable none = new LruTable(1, 0, Index.LINEAR, tags);
        assertThat(none.touch(1, key(1, A))).isFalse();
        assertThat(none.touch(1, key(1, A))).isFalse();
    }

    private boolean touch(long number, int tag) {
        return table.touch(number, key(number, tag));
    }

    private long key(long number, int tag) {
        return keyOf(number, tags.handle(tag));
    }

    private static long keyOf(long number, int handle) {
        return number | (long) handle << 64 - Tags.BITS;
    }
}
