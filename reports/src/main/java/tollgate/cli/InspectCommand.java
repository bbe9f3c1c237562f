package tollgate.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.ingest.Traces;
import tollgate.reports.Json;

/** {@code tollgate inspect}: what is in a recording, before trusting it. */
@Command(
        name = "inspect",
        header = "Show what is in a recording, and what it cannot tell.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Shows what is in recordings: format, time span, what they can and cannot tell, system calls, VM exits, faults,"
                    + " switches, losses, and reasons for care.",
            "",
            "A folder means the recordings in it. All are read to their end before anything is printed. Nothing is replayed"
                    + " or priced.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate inspect make.perf.data",
            "  tollgate inspect --json traces | jq '.[] | {trace, lost, warnings}'",
            "  zstdcat big.perf.txt.zst | tollgate inspect -"
        })
final class InspectCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "TRACE|FOLDER", description = "recordings; - reads standard input")
    private List<Path> given;

    @Option(names = "--json", description = "one JSON array with an object for each recording, on standard output")
    private boolean json;

    @Option(names = "--format", paramLabel = "NAME", description = "format of the recordings; default: recognised")
    private String format = "";

    @Spec
    private CommandSpec spec;

    @Mixin
    private Leniency leniency;

    @Override
    public Integer call() throws IOException {
        Main.requireKnownFormat(spec, format);
        List<Path> skipped = new ArrayList<>();
        List<Inspected> all = new ArrayList<>();
        for (Path trace : Traces.recognised(given, format, skipped).values()) {
            all.add(Inspected.of(trace, format, leniency.damage()));
        }
        StringBuilder text = new StringBuilder();
        if (json) {
            Json.write(all.stream().map(InspectJson::of).toList(), text);
        } else {
            for (Inspected one : all) {
                text.append(text.isEmpty() ? "" : "\n");
                InspectText.of(one).forEach(line -> text.append(line).append('\n'));
            }
        }
        System.out.print(text);
        System.out.flush();
        skipped.forEach(path -> System.err.println("tollgate: skipped, no recording: " + path));
        return 0;
    }
}
