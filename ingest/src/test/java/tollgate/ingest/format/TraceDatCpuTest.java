package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;
import tollgate.ingest.Tally;

/** Ring-buffer pages made by hand, entry by entry, and the ways in which chunks of them are packed. */
class TraceDatCpuTest {
    private static final int PAGE = 4096;
    private static final int PADDING = 29;
    private static final int TIME_EXTEND = 30;
    private static final int TIME_STAMP = 31;

    @TempDir
    Path folder;

    private final ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    private final Tally tally = new Tally();

    private TraceDatCpuTest start(long time) {
        page.putLong(time).putLong(0);
        return this;
    }

    private TraceDatCpuTest entry(int type, int delta, int... words) {
        page.putInt(delta << 5 | type);
        for (int word : words) {
            page.putInt(word);
        }
        return this;
    }

    private TraceDatCpu end(long flags) throws IOException {
        page.putLong(8, page.position() - 16 | flags);
        Path file = folder.resolve("pages");
        Files.write(file, page.array());
        try (FileChannel channel = FileChannel.open(file)) {
            return new TraceDatCpu(
                    "pages",
                    new Mapped(channel),
                    new TraceDatFile.Cpu(3, 0, PAGE, PAGE, false),
                    TraceDatCompression.NONE,
                    new TraceDatCpu.PageLayout(8, 8, 16),
                    tally,
                    new Damages(Input.Damage.REFUSE, tally));
        }
    }

    @Test
    void timesAddUpOverEveryKindOfEntry() throws IOException {
        TraceDatCpu cpu = start(1000)
                .entry(1, 5, 0xa) // 1000 + 5
                .entry(TIME_EXTEND, 3, 2) // + 3 + 2 * 2^27
                .entry(0, 1, 12, 0xb, 0xc) // 12 bytes with the length itself: 8 of data; + 1
                .entry(PADDING, 7, 8, 0) // discarded, 8 bytes with the length itself; + 7
                .entry(2, 0, 0xd, 0xe)
                .entry(TIME_STAMP, 9, 16) // 9 + 16 * 2^27 = 2147483657, whatever was before
                .entry(1, 1, 0xf)
                .entry(PADDING, 0)
                .end(0);
        long[][] expected = {
            {1005, 4, 0xa},
            {1009 + (2L << 27), 8, 0xb},
            {1016 + (2L << 27), 8, 0xd},
            {2147483658L, 4, 0xf},
        };
        for (long[] event : expected) {
            assertThat(cpu.next()).isTrue();
            assertThat(cpu.time()).isEqualTo(event[0]);
            assertThat(cpu.length()).isEqualTo((int) event[1]);
            assertThat(Little.i32(cpu.bytes(), cpu.at())).isEqualTo((int) event[2]);
            assertThat(cpu.takeMissed()).isZero();
        }
        assertThat(cpu.next()).isFalse();
        assertThat(tally.endsEarly()).isEmpty();
    }

    @Test
    void missedEventsAreToldOnceWithOrWithoutACount() throws IOException {
        start(1).entry(1, 0, 0);
        page.putLong(page.position(), 318);
        TraceDatCpu counted = end(3L << 30);
        assertThat(counted.next()).isTrue();
        assertThat(counted.takeMissed()).isEqualTo(318);
        assertThat(counted.takeMissed()).isZero();
        TraceDatCpu uncounted = end(2L << 30);
        assertThat(uncounted.next()).isTrue();
        assertThat(uncounted.takeMissed()).isEqualTo(-1);
    }

    /** An absolute time has 59 bits; the top 5 are those of the page's time, or one more if it would run back. */
    @Test
    void anAbsoluteTimeKeepsTheTopBits() throws IOException {
        long top = 3L << 59;
        TraceDatCpu cpu = start(top + 500)
                .entry(TIME_STAMP, 600, 0)
                .entry(1, 0, 0)
                .entry(TIME_STAMP, 100, 0)
                .entry(1, 0, 0)
                .end(0);
        assertThat(cpu.next()).isTrue();
        assertThat(cpu.time()).isEqualTo(top + 600);
        assertThat(cpu.next()).isTrue();
        assertThat(cpu.time()).isEqualTo((4L << 59) + 100);
    }

    @Test
    void anEntryThatRunsOverThePageIsRefused() throws IOException {
        TraceDatCpu cpu = start(1).entry(0, 0, 5000).end(0);
        assertThatThrownBy(cpu::next)
                .isInstanceOf(BadInput.class)
                .hasMessage(
                        "pages: byte 0: expected an event of 5000 bytes at byte 16 of a page of CPU 3, found room for 4;"
                                + " copy the file again");
    }

    @Test
    void everyCompressionGivesTheBytesBack() throws IOException {
        byte[] bytes = new byte[10 * PAGE];
        new Random(7).nextBytes(bytes);
        java.util.Arrays.fill(bytes, 100, 30000, (byte) 5);
        ByteArrayOutputStream zlib = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(zlib)) {
            out.write(bytes);
        }
        check(TraceDatCompression.ZLIB, zlib.toByteArray(), bytes);
        check(TraceDatCompression.ZSTD, com.github.luben.zstd.Zstd.compress(bytes), bytes);
        check(TraceDatCompression.NONE, bytes, bytes);
    }

    private static void check(TraceDatCompression compression, byte[] packed, byte[] bytes) {
        assertThat(compression.section(packed, bytes.length, "here")).isEqualTo(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(packed.length).put(packed).flip();
        byte[] chunk = new byte[bytes.length];
        compression
                .chunk(direct, bytes.length, ByteBuffer.allocateDirect(0), "here")
                .get(0, chunk);
        assertThat(chunk).isEqualTo(bytes);
        for (int wrong : new int[] {bytes.length - 1, bytes.length + 1}) {
            assertThatThrownBy(() -> compression.section(packed, wrong, "here"))
                    .isInstanceOf(BadInput.class)
                    .hasMessageStartingWith("here: expected ");
        }
        assertThatThrownBy(() -> compression.chunk(direct, bytes.length + 1, ByteBuffer.allocateDirect(0), "here"))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith("here: expected ");
    }
}
