package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever bytes a sidecar has: it is read, or refused with a place on every line. {@code .ci/fuzz sidecar} tries. */
public final class FuzzedSidecar {
    private FuzzedSidecar() {}

    /** Jazzer's entry. */
    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        try {
            SidecarFile.read("a.yaml", new ByteArrayInputStream(bytes));
        } catch (BadInput refused) {
            assertThat(refused.getMessage().lines()).allMatch(line -> line.startsWith("a.yaml"));
        }
    }
}
