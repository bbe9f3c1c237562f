package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountableTimesTest {
    private static final long MOST = CountableTimes.MOST;

    @TempDir
    Path folder;

    private Path csv(long... times) throws IOException {
        StringBuilder text = new StringBuilder("time_ns,kind\n");
        for (long time : times) {
            text.append(time).append(",EXIT\n");
        }
        return Files.writeString(folder.resolve("a.csv"), text);
    }

    private static long read(Path file) throws IOException {
        long events = 0;
        try (Input input = Input.of(file);
                Recording recording =
                        new CountableTimes(Formats.recognise(input).open(input), "a.csv")) {
            Batch batch = new Batch();
            while (recording.read(batch)) {
                events += batch.size();
            }
        }
        return events;
    }

    @Test
    void aRecordingMayBeginAtAnyTimeAndLastFor52Days() throws IOException {
        long epoch = 1_795_348_552_000_000_000L;
        assertThat(read(csv(epoch, epoch, epoch + MOST))).isEqualTo(3);
        assertThat(read(csv(Long.MAX_VALUE - 1, Long.MAX_VALUE))).isEqualTo(2);
        assertThat(read(csv(0, 1, MOST + 1))).isEqualTo(3);
        assertThat(read(csv(-1_896_000, 0, 1))).as("perf trace -F all").isEqualTo(3);
    }

    /** Names of what was there before have time 0, however long the machine has been up. */
    @Test
    void whatIsMadeUpBeforeTheFirstEventDoesNotCount() throws IOException {
        assertThat(read(csv(0, 0, 4 * MOST, 4 * MOST + 1))).isEqualTo(4);
    }

    @Test
    void aLongerOneIsRefused() throws IOException {
        Path file = csv(0, 5, 6, MOST + 6);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(BadInput.class)
                .hasMessage("a.csv: event 4: expected times within 52 days (2^52 ns) of the first, 5, found"
                        + " 4503599627370502; leave out the records that do not belong to it");
    }

    @Test
    void aTimeLongBeforeZeroIsRefused() throws IOException {
        for (long time : new long[] {-MOST - 1, Long.MIN_VALUE}) {
            Path file = csv(time, 6);
            assertThatThrownBy(() -> read(file))
                    .isInstanceOf(BadInput.class)
                    .hasMessage("a.csv: event 1: expected a time of about 0 or later, found " + time
                            + "; the clock or the file is damaged, record again");
        }
    }
}
