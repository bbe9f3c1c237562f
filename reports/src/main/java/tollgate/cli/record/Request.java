package tollgate.cli.record;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is to be recorded.
 *
 * @param command to run; empty for what runs already
 * @param pid process to watch; empty for the command, or for all guests
 * @param guest whether VM exits are wanted
 * @param output file of the recording; the recorder adds nothing to its name
 */
public record Request(List<String> command, OptionalLong pid, boolean guest, Path output) {
    public Request {
        command = List.copyOf(command);
    }
}
