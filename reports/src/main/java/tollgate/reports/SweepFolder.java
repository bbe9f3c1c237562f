package tollgate.reports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVPrinter;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.study.Axis;
import tollgate.analysis.study.Sweep;
import tollgate.analysis.study.Swept;

/**
 * The sweeps of a study as a folder, all at once or not at all:
 *
 * <pre>
 *   sweep.csv        a row for each trace, strategy, CPU and value
 *   crossovers.csv   where two strategies change places
 * </pre>
 *
 * <p>Their figures stand in the report of each CPU.
 */
public final class SweepFolder {
    private static final Predicate<String> OURS =
            Pattern.compile("sweep\\.csv|crossovers\\.csv").asMatchPredicate();

    private SweepFolder() {}

    /** @param target a folder that does not exist, is empty or is an earlier one of this kind */
    public static void write(List<Swept> sweeps, Path target) throws IOException {
        ReportFolder.write(target, OURS, Set.of("sweep.csv"), folder -> {
            ReportFolder.text(folder.resolve("sweep.csv"), out -> rows(sweeps, out));
            ReportFolder.text(folder.resolve("crossovers.csv"), out -> crossovers(sweeps, out));
        });
    }

    private static void rows(List<Swept> sweeps, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, CsvTables.FORMAT);
        csv.printRecord(
                "sweep",
                "workload",
                "strategy",
                "cpu",
                "parameter",
                "parameter_value",
                "parameter_unit",
                "second_parameter",
                "second_value",
                "second_unit",
                "metric",
                "value",
                "low",
                "high",
                "unit",
                "note");
        for (Swept swept : sweeps) {
            Sweep sweep = swept.sweep();
            for (Swept.Row row : swept.rows()) {
                csv.print(sweep.name());
                csv.print(CsvTables.text(row.trace()));
                csv.print(CsvTables.text(row.strategy()));
                csv.print(CsvTables.text(row.cpu()));
                csv.print(sweep.over().label());
                csv.print(sweep.over().values().get(row.i()));
                csv.print(sweep.over().unit());
                csv.print(sweep.and().map(Axis::label).orElse(""));
                csv.print(sweep.and().map(axis -> axis.values().get(row.j())).orElse(""));
                csv.print(sweep.and().map(Axis::unit).orElse(""));
                csv.print(row.metric().key());
                CsvTables.print(csv, row.figure());
                csv.print(row.figure() instanceof Estimate ? row.metric().unit() : "");
                csv.print(CsvTables.note(row.figure()));
                csv.println();
            }
        }
    }

    private static void crossovers(List<Swept> sweeps, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, CsvTables.FORMAT);
        csv.printRecord(
                "sweep",
                "workload",
                "cpu",
                "parameter",
                "cheaper_below",
                "cheaper_above",
                "metric",
                "value",
                "low",
                "high",
                "unit",
                "draws_that_cross_percent");
        for (Swept swept : sweeps) {
            for (Swept.Crossover each : swept.crossovers()) {
                csv.printRecord(
                        swept.sweep().name(),
                        CsvTables.text(each.trace()),
                        CsvTables.text(each.cpu()),
                        swept.sweep().over().label(),
                        CsvTables.text(each.a()),
                        CsvTables.text(each.b()),
                        each.metric().key(),
                        CsvTables.number(each.at().value()),
                        CsvTables.number(each.at().low()),
                        CsvTables.number(each.at().high()),
                        unit(swept.sweep().over()),
                        CsvTables.number(each.draws()));
            }
        }
    }

    /** A value of a parameter that has no unit is told in that parameter. */
    private static String unit(Axis axis) {
        return axis.unit().isEmpty() ? axis.label() : axis.unit();
    }
}
