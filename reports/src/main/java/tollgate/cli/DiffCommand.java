package tollgate.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tollgate.reports.Difference;
import tollgate.reports.Json;

/** {@code tollgate diff}: what moved from one report to another. */
@Command(
        name = "diff",
        header = "Say what moved between two reports beyond noise.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compares two reports of the same strategies: what moved beyond noise, and what was not the same in the runs.",
            "",
            "A figure has moved when its value lies outside the other's 5 to 95 %% interval, and clearly when the two"
                    + " intervals have nothing in common. The order of two strategies is judged by their difference in the"
                    + " same draws. Differences are no error: the exit code is 0.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate compare redis.toll --cpu skylake-sp -o before",
            "  tollgate compare redis.toll --cpu cascade-lake -o after",
            "  tollgate diff before after"
        })
final class DiffCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "a report's folder or its results.json")
    private Path before;

    @Parameters(index = "1", paramLabel = "B", description = "another")
    private Path after;

    @Option(names = "--json", description = "the same as JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Difference difference = Difference.between(before, after);
        if (json) {
            StringBuilder text = new StringBuilder();
            Json.write(difference, text);
            System.out.print(text);
        } else {
            difference.print(System.out);
        }
        return 0;
    }
}
