package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.Input;
import tollgate.ingest.Tally;

/** Records of invented CPUs, as perf empties their buffers, against one stable sort of them all. */
class PerfDataRoundsTest {
    private static final int RECORD = 32;
    /** Samples of a layout with nothing but the time (PERF_SAMPLE_TIME), and trailers of the same. */
    private static final PerfDataLayout LAYOUT = new PerfDataLayout(1 << 2, 0, /* hasTrailer= */ true);

    @TempDir
    Path folder;

    private record Told(long time, int number) {}

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    private final List<Told> written = new ArrayList<>();

    /** A sample of 32 bytes: header, time, its number. */
    private void sample(long time) {
        int number = written.size();
        bytes.putInt(PerfDataRecords.SAMPLE).putShort((short) 0).putShort((short) RECORD);
        bytes.putLong(time).putLong(number).putLong(0);
        written.add(new Told(time, number));
    }

    private void finishedRound() {
        bytes.putInt(PerfDataRecords.FINISHED_ROUND).putShort((short) 0).putShort((short) 8);
    }

    /**
     * Time goes on by one a step, on whichever CPU, several CPUs often at the same time. A pass empties all buffers in
     * turn while new records come in, so that the CPUs emptied later tell of times that the earlier ones do not yet.
     */
    private void record(Random random, int cpus, int passes, boolean hasRounds) {
        List<List<Long>> buffers = new ArrayList<>();
        for (int cpu = 0; cpu < cpus; cpu++) {
            buffers.add(new ArrayList<>());
        }
        long now = 1000;
        for (int pass = 0; pass < passes; pass++) {
            for (List<Long> buffer : buffers) {
                for (int n = random.nextInt(12); n > 0; n--) {
                    now += random.nextInt(3);
                    buffers.get(random.nextInt(cpus)).add(now);
                }
                buffer.forEach(this::sample);
                buffer.clear();
            }
            if (hasRounds) {
                finishedRound();
            }
        }
        buffers.forEach(buffer -> buffer.forEach(this::sample));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void recordsComeInOrderOfTimeAndOfTheFile(long seed) throws IOException {
        Random random = new Random(seed);
        record(random, 1 + random.nextInt(9), 40, /* hasRounds= */ seed % 3 != 0);
        List<Told> expected = new ArrayList<>(written);
        expected.sort(Comparator.comparingLong(Told::time));
        assertThat(read(bytes.position())).isEqualTo(expected);
        // Blocks of eight records, of which one or three are in memory: all others are read again when their turn
        // comes.
        for (int most : new int[] {1, 3}) {
            assertThat(read(bytes.position(), 8 * RECORD, most))
                    .as("%d blocks", most)
                    .isEqualTo(expected);
        }
    }

    private List<Told> read(int length) throws IOException {
        return read(length, 1 << 17, 256);
    }

    private List<Told> read(int length, int sizeOfBlock, int mostBlocks) throws IOException {
        Path file = folder.resolve("records");
        Files.write(file, java.util.Arrays.copyOf(bytes.array(), length));
        PerfDataEvent event = new PerfDataEvent(PerfDataEvent.TRACEPOINT, 1, LAYOUT, 0, -1);
        PerfDataTimes times = new PerfDataTimes("records", List.of(event), new PerfDataIds());
        List<Told> read = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file)) {
            PerfDataRounds rounds = new PerfDataRounds(
                    new String[] {"records"},
                    new FileChannel[] {channel},
                    new PerfDataBlocks(new FileChannel[] {channel}, sizeOfBlock, mostBlocks),
                    new long[] {0},
                    new long[] {length},
                    times,
                    new Tally(),
                    new Damages(Input.Damage.REFUSE, new Tally()));
            while (rounds.next()) {
                read.add(new Told(rounds.time(), (int) Little.i64(rounds.bytes(), rounds.at() + 16)));
            }
        }
        return read;
    }
}
