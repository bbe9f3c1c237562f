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
}
