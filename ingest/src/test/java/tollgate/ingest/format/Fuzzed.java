package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * Whatever bytes a reader is given, strict or lenient: events in order, or one line that says where and what.
 *
 * <p>{@code .ci/fuzz FORMAT} lets Jazzer look for bytes that break this. What it found is kept in
 * {@code src/test/resources/fuzz/FORMAT/} and read by the contract test.
 */
public final class Fuzzed {
    /** A record makes a few events at most; far more events than bytes are made up. */
    private static final int MOST_EVENTS_A_BYTE = 64;

    private static final Batch BATCH = new Batch();

    private Fuzzed() {}

    private static final class Scratch {
        /** Memory, where there is such a folder: a file is written for each of some million tries. */
        private static final Path MEMORY = Path.of("/dev/shm");

        private static final Path FILE = file();

        private static Path file() {
            try {
                Path file = Files.isWritable(MEMORY)
                        ? Files.createTempFile(MEMORY, "tollgate-fuzz", ".in")
                        : Files.createTempFile("tollgate-fuzz", ".in");
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        read(System.getProperty("tollgate.fuzz.format"), Scratch.FILE, bytes);
    }

    /** @throws AssertionError if the reader breaks its promise; and whatever it throws against it */
    static void read(String format, Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        if (events(format, file, bytes.length, Input.Damage.REFUSE) < 0) {
            events(format, file, bytes.length, Input.Damage.SKIP);
        }
    }

    /** @return how many, -1 if refused */
    private static long events(String format, Path file, int bytes, Input.Damage damage) throws IOException {
        long events = 0;
        Map<Integer, Long> last = new HashMap<>();
        try (Input input = Input.of(file, damage);
                Recording recording = Formats.named(format).open(input)) {
            Batch batch = BATCH;
            while (recording.read(batch)) {
                events += batch.size();
                assertThat(events).isLessThanOrEqualTo((bytes + 1L) * MOST_EVENTS_A_BYTE);
                for (int i = 0; i < batch.size(); i++) {
                    Long before = last.put(batch.cpu[i], batch.time[i]);
                    assertThat(before == null || before <= batch.time[i])
                            .as("time runs back on CPU " + batch.cpu[i])
                            .isTrue();
                }
            }
            recording.coverage();
            recording.tally();
            return events;
        } catch (BadInput refused) {
            assertThat(refused.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            return -1;
        }
    }
}
