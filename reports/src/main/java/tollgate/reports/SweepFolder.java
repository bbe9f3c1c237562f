package tollgate.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVPrinter;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.study.Axis;
import tollgate.analysis.study.Sweep;
import tollgate.analysis.study.Swept;
import tollgate.reports.chart.Sheet;
import tollgate.reports.chart.SweepCurve;
import tollgate.reports.chart.SweepMap;

/**
 * The sweeps of a study as a folder, all at once or not at all:
 *
 * <pre>
 *   sweep.csv        a row for each trace, strategy, CPU and value
 *   crossovers.csv   where two strategies change places
 *   captions.md      what each figure shows and how to read it
 *   figures/SWEEP-TRACE-CPU.pdf  .svg  .png  .csv
 * </pre>
 */
public final class SweepFolder {
    private static final Predicate<String> OURS = Pattern.compile(
                    "sweep\\.csv|crossovers\\.csv|captions\\.md|figures|figures/[a-z0-9_.-]+\\.(pdf|png|svg|csv)")
            .asMatchPredicate();

    private SweepFolder() {}

    /** @param target a folder that does not exist, is empty or is an earlier one of this kind */
    public static void write(List<Swept> sweeps, Path target) throws IOException {
        ReportFolder.write(target, OURS, Set.of("sweep.csv"), folder -> {
            ReportFolder.text(folder.resolve("sweep.csv"), out -> rows(sweeps, out));
            ReportFolder.text(folder.resolve("crossovers.csv"), out -> crossovers(sweeps, out));
            Path figures = Files.createDirectory(folder.resolve("figures"));
            StringBuilder captions = new StringBuilder("# Figures of the sweeps\n");
            for (Swept swept : sweeps) {
                for (Map.Entry<String, List<Swept.Row>> each : panels(swept).entrySet()) {
                    figure(swept, each.getKey(), each.getValue(), figures);
                    captions.append("\n**figures/")
                            .append(each.getKey())
                            .append("**: ")
                            .append(caption(swept, each.getValue().get(0)))
                            .append('\n');
                }
            }
            ReportFolder.text(folder.resolve("captions.md"), out -> out.append(captions));
        });
    }

    /** Rows of each trace and CPU that have anything to show, by the name of their figure. */
    private static Map<String, List<Swept.Row>> panels(Swept swept) {
        Map<String, List<Swept.Row>> panels = new LinkedHashMap<>();
        for (Swept.Row row : swept.rows()) {
            String name = (swept.sweep().name() + "-" + row.trace() + "-" + row.cpu())
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9_.-]", "-");
            panels.computeIfAbsent(name, any -> new ArrayList<>()).add(row);
        }
        panels.values().removeIf(rows -> rows.stream().noneMatch(row -> row.figure() instanceof Estimate));
        return panels;
    }

    private static void figure(Swept swept, String name, List<Swept.Row> rows, Path figures) throws IOException {
        List<Sheet> sheets = swept.sweep().and().isPresent()
                ? new SweepMap(swept, rows).sheets(Sheet.COLUMN)
                : new SweepCurve(swept, rows).sheets(Sheet.COLUMN);
        ReportFolder.figure(name, "Sweep " + swept.sweep().name(), sheets, figures);
    }

    private static String caption(Swept swept, Swept.Row row) {
        Sweep sweep = swept.sweep();
        String what = row.metric().title() + " (" + row.metric().unit() + ") of " + row.trace() + ", priced for "
                + row.cpu() + ", against " + said(sweep.over())
                + sweep.and().map(axis -> " and " + said(axis)).orElse("") + ". ";
        what = Character.toUpperCase(what.charAt(0)) + what.substring(1);
        if (sweep.and().isPresent()) {
            return what + "Darker is more; each field has the figure and its 5 to 95 % interval."
                    + " All else is as in the study.";
        }
        return what + "Points are figures at middle prices, bands their 5 to 95 % intervals; bands that overlap do not"
                + " mean a tie, since all strategies err together: crossovers.csv says where two change places."
                + " A vertical axis without 0 is logarithmic. All else is as in the study.";
    }

    private static String said(Axis axis) {
        return switch (axis.kind()) {
            case PRICE -> "the price `" + axis.target() + "` in cycles, held at each value";
            case RATE -> "the rate of " + axis.unit() + " of busy time; what else is paid stays as recorded";
            case MODEL -> "the model parameter `" + axis.target() + "`, held at each value";
            case STRATEGY ->
                "the parameter `" + axis.parameter() + "` of " + axis.target() + ", replayed at each value";
        };
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
                if (row.figure() instanceof Estimate e) {
                    csv.print(CsvTables.number(e.value()));
                    csv.print(CsvTables.number(e.low()));
                    csv.print(CsvTables.number(e.high()));
                    csv.print(row.metric().unit());
                    csv.print("");
                } else {
                    csv.print("");
                    csv.print("");
                    csv.print("");
                    csv.print("");
                    csv.print("cannot tell: " + ((CannotTell) row.figure()).reason());
                }
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
