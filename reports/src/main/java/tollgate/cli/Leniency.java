package tollgate.cli;

import picocli.CommandLine.Option;
import tollgate.ingest.Input;

/** The option of every command that reads recordings: what to do where one is damaged. */
final class Leniency {
    @Option(
            names = "--lenient",
            description = "where a recording is damaged, go on at the next whole record instead of refusing it; what is"
                    + " skipped is counted and told")
    private boolean isLenient;

    Input.Damage damage() {
        return isLenient ? Input.Damage.SKIP : Input.Damage.REFUSE;
    }
}
