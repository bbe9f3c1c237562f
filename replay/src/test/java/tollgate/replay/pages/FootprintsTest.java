package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.BadInput;
import tollgate.replay.Cause;

class FootprintsTest {
    private static final int READ = Cause.of(Cause.Family.SYSCALL, 0);

    @TempDir
    Path folder;

    @Test
    void shippedFileIsTheOneThatWasRecorded() throws Exception {
        byte[] bytes = resource("footprints.bin.zst");
        assertThat(bytes.length).isLessThan(3 << 20);
        assertThat(sha256(bytes)).isEqualTo(recordedSum());
        assertThat(Footprints.shipped().pagesPerFault).isEqualTo(1.171);
    }

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Footprints read = load(small());
        assertThat(read.kernel()).isEqualTo("test");
        assertThat(read.programs()).containsExactly("a", "b");
        assertThat(read.invocations()).isEqualTo(2);
        int pool = read.pool(READ, FootprintFormat.SWITCHED);
        assertThat(pool).isZero();
        assertThat(read.pool(READ, 0)).isEqualTo(-1);
        assertThat(read.rowProgram[read.poolRow[pool]]).isEqualTo(1);
        assertThat(read.templateInstructions).containsExactly(10, 300);
        assertThat(read.templatePart).containsExactly(0, 2, 3);
        assertThat(read.partAccess).startsWith(0, 2, 3, 4);
        assertThat(read.accesses).containsExactly(0, 5, 2, 4);
        assertThat(read.number).containsExactly(-1000, 7);
        assertThat(read.pagesPerFault).isEqualTo(1.5);
    }

    @Test
    void everyTruncationIsRefusedWithItsPlace() throws IOException {
        byte[] whole = new ZstdInputStream(new ByteArrayInputStream(small())).readAllBytes();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Zstd.compress(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> load(cut)).isInstanceOf(BadInput.class).hasMessageContaining(": byte ");
        }
        byte[] longer = Zstd.compress(Arrays.copyOf(whole, whole.length + 1));
        assertThatThrownBy(() -> load(longer)).isInstanceOf(BadInput.class).hasMessageContaining("end of the file");
    }

    @Test
    void everyChangedByteIsReadOrRefused() throws IOException {
        byte[] whole = new ZstdInputStream(new ByteArrayInputStream(small())).readAllBytes();
        for (int at = 0; at < whole.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) (1 << bit);
                try {
                    load(Zstd.compress(changed));
                } catch (BadInput refused) {
                    assertThat(refused.getMessage()).contains("expected");
                }
            }
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void theGeneratorWritesTheShippedFile() throws Exception {
        Path out = folder.resolve("footprints.bin.zst");
        FootprintGenerator.main(new String[] {System.getProperty("tollgate.shared") + "/footprints", out.toString()});
        assertThat(sha256(Files.readAllBytes(out))).isEqualTo(recordedSum());
    }

    private Footprints load(byte[] bytes) throws IOException {
        Path file = folder.resolve("small.bin.zst");
        Files.write(file, bytes);
        return Footprints.load(file);
    }

    /** Two pages; a blocked read of two parts and one of one part. */
    private static byte[] small() {
        TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools = new TreeMap<>();
        pools.put(
                FootprintFormat.key(READ, FootprintFormat.SWITCHED),
                new TreeMap<>(Map.of(
                        1,
                        List.of(
                                new FootprintWriter.Template(10, List.of(new int[] {0, 5}, new int[] {2})),
                                new FootprintWriter.Template(300, List.of(new int[] {4}))))));
        return FootprintWriter.write(
                "test",
                List.of("a", "b"),
                List.of(
                        new Roles.Row(FootprintFormat.FIXED, PageClass.TEXT, 0, -1000),
                        new Roles.Row(FootprintFormat.USER_RANK, PageClass.USER, 0, 7)),
                1.5,
                Map.of(0, new UserModel(new long[] {10, 100}, new double[] {1, 2}, new long[] {5, 1})),
                pools);
    }

    private static String recordedSum() throws IOException {
        return new String(resource("footprints.bin.zst.sha256"), StandardCharsets.US_ASCII).strip();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Footprints.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
