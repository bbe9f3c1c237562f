package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;
import tollgate.ingest.Tally;

/** One zstd stream of records, cut anywhere into PERF_RECORD_COMPRESSED with other records between. */
class PerfDataExpanderTest {
    private static final int RECORD = 40;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final ByteArrayOutputStream expected = new ByteArrayOutputStream();

    private static ByteBuffer record(int type, int size) {
        return ByteBuffer.allocate(size)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putShort((short) 0)
                .putShort((short) size);
    }

    /** Pieces of 1 to {@code longest} bytes; a FINISHED_ROUND goes behind the whole records that came before it. */
    private void compress(Random random, int records, int longest, int type) {
        ByteBuffer plain = ByteBuffer.allocateDirect(records * RECORD);
        for (int i = 0; i < records; i++) {
            plain.put(record(PerfDataRecords.SAMPLE, RECORD)
                    .putLong(i)
                    .putLong(random.nextLong())
                    .array());
        }
        byte[] all = new byte[plain.flip().limit()];
        plain.get(0, all);
        int told = 0;
        try (ZstdCompressCtx zstd = new ZstdCompressCtx()) {
            ByteBuffer packed = ByteBuffer.allocateDirect(1 << 16);
            int end = 0;
            while (end < all.length) {
                end = Math.min(end + 1 + random.nextInt(longest), all.length);
                plain.limit(end);
                packed.clear();
                while (!zstd.compressDirectByteBufferStream(packed, plain, EndDirective.FLUSH)) {
                    continue;
                }
                byte[] piece = new byte[packed.flip().limit()];
                packed.get(piece);
                ByteBuffer head = type == PerfDataRecords.COMPRESSED
                        ? record(type, 8 + piece.length)
                        : record(type, 16 + (piece.length + 7 & ~7)).putLong(piece.length);
                file.writeBytes(head.put(piece).array());
                if (random.nextInt(3) == 0) {
                    int whole = end / RECORD * RECORD;
                    expected.write(all, told, whole - told);
                    told = whole;
                    byte[] round = record(PerfDataRecords.FINISHED_ROUND, 8).array();
                    file.writeBytes(round);
                    expected.writeBytes(round);
                }
            }
        }
        expected.write(all, told, all.length - told);
    }

    private byte[] expand(byte[] bytes) throws IOException {
        Path path = folder.resolve("compressed");
        Files.write(path, bytes);
        try (FileChannel channel = FileChannel.open(path);
                FileChannel plain = PerfDataExpander.expand(
                        "compressed", channel, 0, bytes.length, new Damages(Input.Damage.REFUSE, new Tally()))) {
            ByteBuffer all = ByteBuffer.allocate((int) plain.size());
            plain.read(all, 0);
            return all.array();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 50, 700, 60000})
    void recordsCutAnywhereAreWholeAgain(int longest) throws IOException {
        compress(new Random(longest), longest == 3 ? 300 : 30000, longest, PerfDataRecords.COMPRESSED);
        assertThat(expand(file.toByteArray())).isEqualTo(expected.toByteArray());
    }

    @Test
    void theSecondFormOfTheRecordTellsItsLength() throws IOException {
        compress(new Random(2), 5000, 900, PerfDataRecords.COMPRESSED2);
        assertThat(expand(file.toByteArray())).isEqualTo(expected.toByteArray());
    }

    @Test
    void otherBytesThanZstdAreRefused() {
        file.writeBytes(
                record(PerfDataRecords.COMPRESSED, 24).putLong(1).putLong(2).array());
        assertThatThrownBy(() -> expand(file.toByteArray()))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("compressed: byte 0: expected a piece of the zstd stream, found other bytes");
    }

    /** What is left of a cut file starts as the whole one. */
    @Test
    void aCutStreamGivesWhatItHas() throws IOException {
        compress(new Random(5), 2000, 400, PerfDataRecords.COMPRESSED);
        byte[] whole = file.toByteArray();
        for (int length = whole.length - 1; length > 0; length -= 997) {
            byte[] plain = expand(Arrays.copyOf(whole, length));
            int whatIsWhole = Math.min(plain.length / 8 * 8, expected.size()) - 2 * RECORD;
            if (whatIsWhole > 0) {
                assertThat(Arrays.copyOf(plain, whatIsWhole))
                        .isEqualTo(Arrays.copyOf(expected.toByteArray(), whatIsWhole));
            }
        }
    }
}
