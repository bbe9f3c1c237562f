package tollgate.ingest.format;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Lines of real recordings that show one quirk each, {@code src/test/resources/excerpts/FORMAT/ANY}; see also {@link Samples}. */
final class Excerpts {
    private Excerpts() {}

    static Path of(String format, String file) {
        try {
            return Path.of(Excerpts.class
                    .getResource("/excerpts/" + format + "/" + file)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
