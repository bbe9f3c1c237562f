package tollgate.cli;

import java.io.IOException;
import java.nio.file.Path;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Inventory;
import tollgate.ingest.Recording;

/**
 * One recording, looked through.
 *
 * @param trace its path as given
 * @param format its name
 * @param sha256 of the file as it lies on disk, in hexadecimal
 */
record Inspected(String trace, String format, String sha256, Inventory inventory) {
    /** @param format a name, or the empty string to recognise it */
    static Inspected of(Path trace, String format) throws IOException {
        try (Input input = Input.of(trace)) {
            Format form = format.isEmpty() ? Formats.recognise(input) : Formats.named(format);
            try (Recording recording = form.open(input)) {
                return new Inspected(trace.toString(), form.name(), input.sha256(), Inventory.of(recording));
            }
        }
    }

    boolean isStrace() {
        return format.startsWith("strace");
    }
}
