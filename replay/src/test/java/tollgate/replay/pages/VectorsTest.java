package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.BadInput;

final class VectorsTest {
    @TempDir
    Path folder;

    @Test
    void aListThatCannotBeReadIsNamed() throws IOException {
        Path file = folder.resolve("vectors.txt");
        assertRefused(file, "no such file; the page-access traces need their list of handlers beside them");
        Files.write(file, new byte[] {'1', ' ', (byte) 0xe9, '\n'});
        assertRefused(file, "expected UTF-8 text, found other bytes");
    }

    private static void assertRefused(Path file, String why) {
        assertThatThrownBy(() -> Vectors.read(file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ": " + why);
    }
}
