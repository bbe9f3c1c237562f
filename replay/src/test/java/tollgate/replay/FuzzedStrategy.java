package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tollgate.ingest.BadInput;

/** Whatever bytes a strategy file has: a strategy that compiles, or every mistake with its place. {@code .ci/fuzz strategy} tries. */
public final class FuzzedStrategy {
    private static final Path FILE = file();

    private FuzzedStrategy() {}

    private static Path file() {
        try {
            Path file = Files.createTempFile(Path.of("/dev/shm"), "tollgate-fuzz", ".yaml");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        Files.write(FILE, bytes);
        try {
            Program.compile(Strategies.parse(FILE.toString()));
        } catch (BadInput refused) {
            assertThat(refused.getMessage().lines()).allMatch(line -> line.startsWith(FILE.toString()));
        }
    }
}
