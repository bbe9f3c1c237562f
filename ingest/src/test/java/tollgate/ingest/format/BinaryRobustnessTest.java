package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/** Recordings that are cut or damaged anywhere: events, or one line that says where and what. Never anything else. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BinaryRobustnessTest {
    /** Damaged copies of each sample; -Dtollgate.flips=N for more. */
    private static final int FLIPS = Integer.getInteger("tollgate.flips", 100);
    /** No sample expands to more events than bytes. */
    private static final long MOST_EVENTS = 10_000_000;

    @TempDir
    Path scratch;

    private enum End {
        WHOLE,
        CUT,
        BAD
    }

    private record Outcome(End end, long events) {}

    private static Outcome read(Path file) throws IOException {
        Format format = file.toString().endsWith(".data") ? new PerfData() : new TraceDat();
        long events = 0;
        try (Input input = Input.of(file);
                Recording recording = format.open(input)) {
            Batch batch = new Batch();
            long last = Long.MIN_VALUE;
            while (recording.read(batch)) {
                events += batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    assertThat(batch.time[i]).as("%s runs back", file).isGreaterThanOrEqualTo(last);
                    last = batch.time[i];
                }
                if (events > MOST_EVENTS) {
                    fail("more events than bytes in " + file);
                }
            }
            recording.coverage();
            return new Outcome(recording.tally().endsEarly().isEmpty() ? End.WHOLE : End.CUT, events);
        } catch (BadInput bad) {
            assertThat(bad.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            return new Outcome(End.BAD, events);
        }
    }

    private Path plain(String name) throws IOException {
        Path sample = BinarySamplesTest.sample(name, scratch);
        Path plain = SharedRecordings.plain(sample, scratch);
        Path copy = scratch.resolve("copy-" + plain.getFileName());
        return Files.copy(plain, copy, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aPipeCutAtAnyRecordIsUsedUpToThere() throws IOException {
        Path file = plain("odd.pipe.data.zst");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int[] borders = new int[400];
        int at = 16;
        for (int i = 0; i < borders.length; i++) {
            borders[i] = at;
            boolean isTracing = bytes.getInt(at) == PerfDataRecords.TRACING_DATA;
            at += (bytes.getShort(at + 6) & 0xffff) + (isTracing ? bytes.getInt(at + 8) : 0);
        }
        long previous = Long.MAX_VALUE;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = borders.length - 1; i > 0; i--) {
                for (int more : new int[] {7, 0}) {
                    channel.truncate(borders[i] + more);
                    Outcome outcome = read(file);
                    assertThat(outcome.events).isLessThanOrEqualTo(previous);
                    previous = outcome.events;
                    if (outcome.end != End.BAD) {
                        // The events come first, at least one; with them, a cut is told unless it is at a border.
                        assertThat(outcome.end)
                                .as("cut at %d", borders[i] + more)
                                .isEqualTo(more == 0 ? End.WHOLE : End.CUT);
                    } else {
                        assertThat(bytes.getInt(borders[i])).isGreaterThanOrEqualTo(PerfDataRecords.FIRST_OF_TOOL);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "odd.ns.data.zst",
                BinarySamplesTest.COMPRESSED,
                BinarySamplesTest.VERSION_7,
                "lost.trace7.dat.zst",
                "kvm.trace6.dat.zst"
            })
    void aFileCutAnywhereIsUsedOrRefused(String name) throws IOException {
        Path file = plain(name);
        long whole = read(file).events;
        long size = Files.size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 99; i >= 0; i--) {
                channel.truncate(size * i / 100);
                Outcome outcome = read(file);
                assertThat(outcome.end).isNotEqualTo(End.WHOLE);
                assertThat(outcome.events).isLessThanOrEqualTo(whole);
            }
        }
    }

    @Test
    void pagesOfVersion6CutAtAnyPageAreUsedUpToThere() throws IOException {
        Path file = plain("kvm.trace6.dat.zst");
        long previous = read(file).events;
        long size = Files.size(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            // The last 12 pages of 4096 bytes are the CPU's.
            for (int page = 1; page <= 11; page++) {
                channel.truncate(size - page * 4096L);
                Outcome outcome = read(file);
                assertThat(outcome.end).isEqualTo(End.CUT);
                assertThat(outcome.events).isBetween(1L, previous - 1);
                previous = outcome.events;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "odd.ns.data.zst",
                "odd.lost.data.zst",
                BinarySamplesTest.COMPRESSED,
                "odd.pipe.data.zst",
                BinarySamplesTest.VERSION_7,
                "lost.trace7.dat.zst",
                "kvm.trace6.dat.zst"
            })
    void damagedBytesAreEventsOrBadInput(String name) throws IOException {
        Path file = plain(name);
        byte[] whole = Files.readAllBytes(file);
        int bad = 0;
        for (int seed = 0; seed < FLIPS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] damaged = whole.clone();
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                // Half of them in the first part, where the lengths and offsets are.
                int limit = random.nextBoolean() ? Math.min(4096, whole.length) : whole.length;
                damaged[random.nextInt(limit)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try {
                bad += read(file).end == End.BAD ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name + " with seed " + seed, e);
            }
        }
        assertThat(bad).isBetween(1, FLIPS - 1);
    }
}
