package tollgate.reports;

import java.nio.file.Path;

/** Writes the report of a made-up comparison, to be looked at: {@code LookReport WORKLOADS STRATEGIES FOLDER}. */
public final class LookReport {
    private LookReport() {}

    public static void main(String[] args) throws Exception {
        var comparison = SampleComparison.of(Integer.parseInt(args[0]), Integer.parseInt(args[1]));
        ReportFolder.write(comparison, Path.of(args[2]));
        TerminalSummary.print(comparison, System.out);
    }
}
