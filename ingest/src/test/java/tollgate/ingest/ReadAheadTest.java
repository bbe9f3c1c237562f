package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    /** As many batches as it is told, each of one event with a name of its own, then a failure if there is one. */
    private static final class Made implements Recording {
        private final int batches;
        private final RuntimeException failure;
        private final Names names = new Names();
        private int given;
        private boolean isClosed;

        Made(int batches, RuntimeException failure) {
            this.batches = batches;
            this.failure = failure;
        }

        @Override
        public boolean read(Batch batch) {
            assertThat(isClosed).isFalse();
            batch.clear();
            if (given == batches) {
                if (failure != null) {
                    throw failure;
                }
                return false;
            }
            batch.append(given, 0, 1, 1, names.id("n" + given), Kind.NAME, 0, 0, 0);
            given++;
            return true;
        }

        @Override
        public Coverage coverage() {
            return new Coverage(Coverage.Scope.UNKNOWN, true, true, Coverage.Clock.NANOS, Set.of(Kind.NAME), false);
        }

        @Override
        public Tally tally() {
            return new Tally();
        }

        @Override
        public Names names() {
            return names;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    @Test
    void aNameIsKnownWithTheEventThatHasIt() throws IOException {
        Batch batch = new Batch();
        try (Recording ahead = new ReadAhead(new Made(1000, null))) {
            for (int i = 0; i < 1000; i++) {
                assertThat(ahead.read(batch)).isTrue();
                assertThat(batch.size()).isEqualTo(1);
                assertThat(batch.time[0]).isEqualTo(i);
                assertThat(ahead.names().name(batch.comm[0])).isEqualTo("n" + i);
            }
            assertThat(ahead.read(batch)).isFalse();
            assertThat(ahead.read(batch)).isFalse();
            assertThat(batch.size()).isZero();
            assertThat(ahead.coverage().tells(Kind.NAME)).isTrue();
        }
    }

    @Test
    void anErrorComesWhereItIsAndNotBefore() throws IOException {
        Batch batch = new Batch();
        BadInput wrong = new BadInput("a:7", "expected b");
        try (Recording ahead = new ReadAhead(new Made(2, wrong))) {
            assertThat(ahead.read(batch)).isTrue();
            assertThat(ahead.read(batch)).isTrue();
            assertThatThrownBy(() -> ahead.read(batch)).isSameAs(wrong);
            assertThat(ahead.read(batch)).isFalse();
        }
    }

    @Test
    void closingHalfWayEndsTheReaderAndClosesTheRecording() throws IOException {
        Made made = new Made(Integer.MAX_VALUE, null);
        Batch batch = new Batch();
        try (Recording ahead = new ReadAhead(made)) {
            assertThat(ahead.read(batch)).isTrue();
        }
        int given = made.given;
        assertThat(made.isClosed).isTrue();
        assertThat(made.given).isEqualTo(given);
    }

    @Test
    void whatIsNotCompleteIsNotShown() throws IOException {
        try (Recording ahead = new ReadAhead(new Made(1, null))) {
            assertThatThrownBy(ahead::tally).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(ahead::coverage).isInstanceOf(IllegalStateException.class);
        }
    }
}
