package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The pieces of a trace are the same for all lanes, whatever each of them counts. */
class SegmentsTest {
    private final Ledger ledger = new Ledger();
    private final Segments segments = new Segments();

    private void count(int times) {
        ledger.add(ledger.row(Cause.UNKNOWN), Operation.FAULT, times);
    }

    @Test
    void aMarkWithNothingToDivideByJoinsTheNextSegment() {
        count(1);
        segments.mark(ledger, 10, 1, 0);
        count(2); // while nothing of the workload ran
        segments.mark(ledger, 10, 1, 0);
        count(4);
        segments.mark(ledger, 20, 2, 0);
        segments.close(ledger, 20, 2, 0);
        assertThat(segments.size()).isEqualTo(2);
        assertThat(segments.count(0, Operation.FAULT)).isEqualTo(1);
        assertThat(segments.count(1, Operation.FAULT)).isEqualTo(6);
        assertThat(segments.busyNanos(1)).isEqualTo(10);
    }

    @Test
    void leavesAreCutLikeOperationsAndMakeNoPieceOfTheirOwn() {
        ledger.leave(ledger.row(Cause.UNKNOWN));
        segments.mark(ledger, 10, 0, 1);
        ledger.leave(ledger.row(Cause.UNKNOWN));
        segments.mark(ledger, 10, 0, 1);
        ledger.leave(ledger.row(Cause.UNKNOWN));
        segments.close(ledger, 20, 0, 2);
        assertThat(segments.size()).isEqualTo(2);
        assertThat(segments.leaves(0)).isEqualTo(1);
        assertThat(segments.leaves(1)).isEqualTo(2);
    }

    @Test
    void aLaneThatCountsNothingHasTheSamePieces() {
        for (int i = 1; i <= 3; i++) {
            segments.mark(ledger, 10 * i, i, 0);
        }
        segments.close(ledger, 30, 3, 0);
        assertThat(segments.size()).isEqualTo(3);
    }

    @Test
    void whatComesAfterTheLastMarkBelongsToTheLastSegment() {
        count(1);
        segments.mark(ledger, 10, 1, 0);
        count(5);
        segments.close(ledger, 10, 1, 0);
        assertThat(segments.size()).isEqualTo(1);
        assertThat(segments.count(0, Operation.FAULT)).isEqualTo(6);
    }

    @Test
    void neighboursMergeWhenThereAreTooManyAndNothingIsLost() {
        int marks = 3 * Segments.MOST;
        for (int i = 1; i <= marks; i++) {
            count(1);
            segments.mark(ledger, i, i, 0);
        }
        segments.close(ledger, marks, marks, 0);
        long sum = 0;
        for (int i = 0; i < segments.size(); i++) {
            sum += segments.count(i, Operation.FAULT);
        }
        assertThat(segments.size()).isBetween(Segments.MOST / 2, Segments.MOST);
        assertThat(sum).isEqualTo(marks);
    }

    @Test
    void everySegmentHasItsOwnDenominators() {
        segments.mark(ledger, 10, 1, 2);
        segments.mark(ledger, 30, 4, 7);
        segments.close(ledger, 70, 9, 16); // something ran after the last mark: a piece of its own
        assertThat(segments.size()).isEqualTo(3);
        long[] busy = {10, 20, 40};
        long[] entries = {1, 3, 5};
        long[] exits = {2, 5, 9};
        for (int i = 0; i < 3; i++) {
            assertThat(segments.busyNanos(i)).isEqualTo(busy[i]);
            assertThat(segments.entries(i)).isEqualTo(entries[i]);
            assertThat(segments.exits(i)).isEqualTo(exits[i]);
        }
    }

    @Test
    void mergedSegmentsHoldTheSumOfTwo() {
        int row = ledger.row(Cause.UNKNOWN);
        long busy = 0;
        for (int i = 1; i <= Segments.MOST + 1; i++) { // the last one merges those before it
            ledger.add(row, Operation.WALK, i);
            busy += 3L * i;
            segments.mark(ledger, busy, 2L * i, 5L * i);
        }
        segments.close(ledger, busy, 2L * (Segments.MOST + 1), 5L * (Segments.MOST + 1));
        assertThat(segments.size()).isEqualTo(Segments.MOST / 2 + 1);
        for (int i = 0; i < Segments.MOST / 2; i++) {
            assertThat(segments.count(i, Operation.WALK)).isEqualTo(4L * i + 3);
            assertThat(segments.busyNanos(i)).isEqualTo(3 * (4L * i + 3));
            assertThat(segments.entries(i)).isEqualTo(4);
            assertThat(segments.exits(i)).isEqualTo(10);
        }
        assertThat(segments.count(Segments.MOST / 2, Operation.WALK)).isEqualTo(Segments.MOST + 1);
    }

    @Test
    void afterAMergeTwiceAsManyMarksMakeASegment() {
        long busy = 0;
        for (int i = 0; i <= Segments.MOST; i++) {
            segments.mark(ledger, ++busy, 0, 0);
        }
        int size = segments.size();
        segments.mark(ledger, ++busy, 0, 0);
        assertThat(segments.size()).isEqualTo(size);
        segments.mark(ledger, ++busy, 0, 0);
        assertThat(segments.size()).isEqualTo(size + 1);
        assertThat(segments.busyNanos(size)).isEqualTo(2);
    }
}
