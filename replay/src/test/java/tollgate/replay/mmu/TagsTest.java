package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Handles of tags: fresh after a flush, and never one that an old entry still carries. */
final class TagsTest {
    private final Set<Integer> entries = new HashSet<>();
    private int sweeps;
    private final Tags tags = new Tags(8, this::sweep);

    @Test
    void aTagKeepsItsHandle() {
        int a = tags.handle(100);
        int b = tags.handle(200);
        int c = tags.handle(300);
        assertThat(Set.of(a, b, c)).hasSize(3).doesNotContain(Tags.NONE);
        assertThat(new int[] {tags.handle(100), tags.handle(200), tags.handle(300)})
                .containsExactly(a, b, c);
    }

    @Test
    void droppedTagsGetAFreshHandle() {
        int before = tags.handle(100);
        tags.drop(100);
        assertThat(tags.isLive(before)).isFalse();
        int after = tags.handle(100);
        assertThat(after).isNotEqualTo(before);
        assertThat(tags.isLive(after)).isTrue();
        tags.handle(200);
        tags.drop(100);
        assertThat(tags.isLive(after)).isFalse();
        assertThat(tags.handle(100)).isNotIn(before, after, tags.handle(200));
    }

    @Test
    void aMaskDropsAFamilyOfTags() {
        int a = tags.handle(0x1001);
        int b = tags.handle(0x1002);
        int c = tags.handle(0x2001);
        tags.dropMatching(0xf000, 0x1000);
        assertThat(tags.isLive(a)).isFalse();
        assertThat(tags.isLive(b)).isFalse();
        assertThat(tags.isLive(c)).isTrue();
    }

    @Test
    void aHandleWithEntriesIsNotReusedBeforeASweepClearsThem() {
        int kept = tags.handle(100); // handle 1, with an entry
        entries.add(kept);
        Set<Integer> given = new HashSet<>();
        for (int i = 0; i < 6; i++) { // handles 2 to 7
            given.add(tags.handle(200));
            tags.drop(200);
        }
        assertThat(given).doesNotContain(kept).hasSize(6);
        tags.drop(100); // stale now, its entry still there
        entries.add(tags.handle(300)); // no handle left: sweep, and 1 may be given again, since its entry was cleared
        assertThat(sweeps).isEqualTo(1);
        assertThat(entries).hasSize(1);
    }

    @Test
    void aHandleThatDiesAfterASweepWaitsForTheNext() {
        int kept = 0;
        for (int i = 0; i < 7; i++) { // all handles given; the last is live and has an entry
            tags.drop(100);
            kept = tags.handle(100);
        }
        entries.add(kept);
        tags.handle(200); // sweeps: 100 stays
        assertThat(sweeps).isEqualTo(1);
        assertThat(tags.handle(100)).isEqualTo(kept);
        tags.drop(100); // its entry is stale, and not cleared yet
        for (int i = 0; i < 4; i++) {
            assertThat(tags.handle(300)).isNotEqualTo(kept);
            tags.drop(300);
        }
        assertThat(sweeps).isEqualTo(1);
    }

    @Test
    void aSweepForgetsTagsWithoutEntries() {
        for (int tag = 0; tag < 7; tag++) {
            tags.handle(tag);
        }
        entries.add(tags.handle(3));
        tags.handle(50);
        assertThat(tags.peek(3)).isNotEqualTo(Tags.NONE);
        assertThat(tags.peek(4)).isEqualTo(Tags.NONE);
    }

    @Test
    void moreLiveTagsThanHandlesAreRefused() {
        for (int tag = 0; tag < 7; tag++) {
            entries.add(tags.handle(tag));
        }
        assertThatThrownBy(() -> tags.handle(99))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("more than 7 address spaces have entries at once");
    }

    @Test
    void handlesEndAtTheLimitAlsoAtAWordsBorder() {
        Set<Integer> held = new HashSet<>();
        Tags[] whole = new Tags[1];
        whole[0] = new Tags(64, () -> held.forEach(whole[0]::use));
        for (int tag = 0; tag < 63; tag++) {
            held.add(whole[0].handle(tag));
        }
        assertThat(held).hasSize(63).allMatch(handle -> handle > 0 && handle < 64);
        assertThatThrownBy(() -> whole[0].handle(99)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void manyTagsAtOnceKeepTheirHandlesAndAreSweptBeforeTheListGrowsPastAThousand() {
        int[] swept = new int[1];
        Set<Integer> held = new HashSet<>();
        Tags[] whole = new Tags[1];
        whole[0] = new Tags(1 << 13, () -> {
            swept[0]++;
            held.forEach(whole[0]::use);
        });
        int[] handles = new int[3000];
        for (int tag = 0; tag < handles.length; tag++) {
            handles[tag] = whole[0].handle(tag);
            held.add(handles[tag]);
            assertThat(swept[0]).isEqualTo(tag < 1024 ? 0 : tag < 2048 ? 1 : 2);
        }
        assertThat(held).hasSize(handles.length);
        for (int tag = 0; tag < handles.length; tag++) {
            assertThat(whole[0].peek(tag)).isEqualTo(handles[tag]);
        }
    }

    @Test
    void aSweepOfAFullListKeepsWhatHasEntries() {
        int[] swept = new int[1];
        Tags[] whole = new Tags[1];
        whole[0] = new Tags(17, () -> {
            swept[0]++;
            whole[0].use(3);
        });
        for (int tag = 0; tag < 16; tag++) { // the list's first size
            whole[0].handle(tag);
        }
        whole[0].handle(100);
        assertThat(swept[0]).isEqualTo(1);
        assertThat(whole[0].peek(2)).isEqualTo(3);
        assertThat(whole[0].peek(3)).isEqualTo(Tags.NONE);
        assertThat(whole[0].isLive(4)).as("forgotten with its tag").isFalse();
    }

    private void sweep() {
        sweeps++;
        entries.removeIf(handle -> !tags.isLive(handle));
        entries.forEach(tags::use);
    }
}
