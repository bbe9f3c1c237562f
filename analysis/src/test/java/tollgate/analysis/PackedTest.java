package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Strategies;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** Results as bytes: there and back, and what else may come. */
final class PackedTest {
    private static byte[] zipped(byte[] bytes, int times) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            for (int i = 0; i < times; i++) {
                out.write(bytes);
            }
        }
        return zipped.toByteArray();
    }

    private static byte[] written(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    @Test
    void aResultComesBackAsItWas() throws IOException {
        List<Lane> lanes = List.of(
                new Lane(Strategies.parse("kpti"), CpuProfile.load("skylake-sp").machine()));
        Facts facts = new LoopTrace(List.of(1, 0), 300, 3, 2).replay(new PageStream(Footprints.shipped(), 1), lanes);
        Replayed replayed = new Replayed(
                new Comparison.Trace("made", "", "", "", 0, 0, 0, 0, 0, 0, 0, 0),
                lanes.stream().map(Lane::counts).toList(),
                List.of(Map.of()),
                List.of(),
                List.of(),
                facts,
                Structure.none(1),
                Probe.NONE,
                true,
                "",
                List.of("a caveat"),
                List.of());
        Replayed back = Replayed.unpacked(replayed.packed());
        assertThat(back.packed()).isEqualTo(replayed.packed());
        assertThat(back.caveats()).containsExactly("a caveat");
    }

    /** 65 MiB of zeros are 65 kB of gzip. */
    @Test
    void nothingExpandsWithoutEnd() throws IOException {
        byte[] bomb = zipped(new byte[1 << 20], 65);
        assertThatThrownBy(() -> Replayed.unpacked(bomb))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a result of at most 64 MiB, found more");
    }

    @Test
    void nothingElseIsMade() throws IOException {
        byte[] file = zipped(written(new File("/")), 1);
        assertThatThrownBy(() -> Replayed.unpacked(file)).isInstanceOf(IOException.class);
        byte[] word = zipped(written("a word"), 1);
        assertThatThrownBy(() -> Replayed.unpacked(word))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a result, found something else");
    }

    /** An array that says it has 2^31 - 1 numbers is refused before memory is taken for them. */
    @Test
    void aLengthIsNotBelieved() throws IOException {
        byte[] array = written(new long[] {7});
        int length = array.length - Long.BYTES - Integer.BYTES;
        assertThat(ByteBuffer.wrap(array).getInt(length)).isEqualTo(1);
        ByteBuffer.wrap(array).putInt(length, Integer.MAX_VALUE);
        byte[] huge = zipped(array, 1);
        assertThatThrownBy(() -> Replayed.unpacked(huge))
                .isInstanceOf(java.io.InvalidClassException.class)
                .hasMessageContaining("REJECTED");
    }
}
