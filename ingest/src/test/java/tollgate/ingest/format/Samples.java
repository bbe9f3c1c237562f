package tollgate.ingest.format;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Small excerpts of real recordings, {@code src/test/resources/samples/FORMAT/ANY}: what stands in the folder of a format
 * is put through the {@link FormatContract}. A folder there is a recording that is a folder.
 */
final class Samples {
    private Samples() {}

    /** The samples of a format, by name; none if it has no folder. */
    static List<Path> of(String format) {
        Path folder = ROOT.resolve(format);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Path of(String format, String file) {
        return ROOT.resolve(format).resolve(file);
    }

    private static final Path ROOT = root();

    private static Path root() {
        try {
            return Path.of(Samples.class.getResource("/samples").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
