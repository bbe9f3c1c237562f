package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {
    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a"), bytes);
    }

    private static Format recognise(Path file) throws IOException {
        try (Input input = Input.of(file)) {
            return Formats.recognise(input);
        }
    }

    /** The first bytes that the tools write. */
    @ParameterizedTest
    @CsvSource({
        "fd377a585a000004e6d6b446, xz, xz -d",
        "425a683931415926535905fa, bzip2, bzip2 -d",
        "04224d186440a73f18000015, lz4, lz4 -d",
        "504b03041400000008001556, a zip archive, unzip"
    })
    void whatIsPackedOtherwiseIsRefusedWithTheToolThatUnpacksIt(String head, String what, String unpack)
            throws IOException {
        Path file = file(HexFormat.of().parseHex(head));
        assertThatThrownBy(() -> recognise(file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ": expected a recording, plain or compressed by gzip or zstd, found " + what
                        + "; unpack it first, as by '" + unpack + "'");
    }

    /** Of a frame with a window of 2 GiB, as 'zstd --long=31' writes it (RFC 8878, 3.1.1): it is whole, but not opened. */
    @Test
    void aZstdWindowThatIsTooLargeIsNotToldAsDamage() throws IOException {
        // magic, no content size or checksum, window 2^(10 + 21), one last raw block of 1 byte
        Path file = file(HexFormat.of().parseHex("28b52ffd" + "00" + "a8" + "090000" + "61"));
        assertThatThrownBy(() -> recognise(file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ": expected a zstd window of at most 128 MiB, found a larger one (zstd --long);"
                        + " unpack it first by 'zstd -d --long=31'");
    }

    /** The text inside would be recognised, and the name of its file be a damaged line. */
    @Test
    void anArchiveOfTextIsNotTakenForText() throws IOException {
        byte[] tar = new byte[1024];
        byte[] line = "sh 7 [000] 1.000000: raw_syscalls:sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)\n".getBytes();
        System.arraycopy("a.txt".getBytes(), 0, tar, 0, 5);
        System.arraycopy("ustar  ".getBytes(), 0, tar, 257, 7);
        System.arraycopy(line, 0, tar, 512, line.length);
        Path file = file(tar);
        assertThatThrownBy(() -> recognise(file))
                .hasMessageEndingWith("found a tar archive; unpack it first, as by 'tar xf'");
    }
}
