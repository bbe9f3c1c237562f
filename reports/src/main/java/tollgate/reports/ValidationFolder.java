package tollgate.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Check;
import tollgate.reports.chart.Published;
import tollgate.reports.chart.Ratios;
import tollgate.reports.chart.Sheet;

/**
 * How the model was held against measurements, as a folder:
 *
 * <pre>
 *   tables/published.csv  .md  .tex     and one for each further table
 *   figures/published.pdf  .svg  .png  .csv
 *   figures/ground-truth.pdf  .svg  .png  .csv
 * </pre>
 */
public final class ValidationFolder {
    private static final Predicate<String> OURS = Pattern.compile(
                    "figures|tables|figures/[a-z0-9-]+\\.(pdf|png|svg|csv)|tables/[a-z0-9-]+\\.(csv|tex|md)")
            .asMatchPredicate();

    private static final Set<String> MARKS = Set.of("tables/published.csv");

    private ValidationFolder() {}

    /** Before the work: whether {@link #write} could. @throws IOException if not, saying why */
    public static void check(Path target) throws IOException {
        ReportFolder.check(target, OURS, MARKS);
    }

    /**
     * @param checks the model against published measurements
     * @param more further tables
     * @param truths the model against what is true, as far as that is at hand
     * @param target a folder that does not exist, is empty or is an earlier one of this kind
     */
    public static void write(List<Check> checks, List<PlainTable> more, List<Ratios.Group> truths, Path target)
            throws IOException {
        List<PlainTable> tables = new ArrayList<>(List.of(published(checks)));
        tables.addAll(more);
        Comparison.Cpu none = new Comparison.Cpu("", "", 1, Map.of());
        Comparison comparison = new Comparison(none, List.of(), List.of(), List.of(), Map.of(), checks);
        ReportFolder.write(target, OURS, MARKS, folder -> {
            Path place = Files.createDirectory(folder.resolve("tables"));
            for (PlainTable table : tables) {
                ReportFolder.write(table, place);
            }
            Path figures = Files.createDirectory(folder.resolve("figures"));
            ReportFolder.figure(new Published(), comparison, figures);
            ReportFolder.figure(
                    "ground-truth",
                    "The model against ground truth",
                    Ratios.sheets(truths, "model over truth", Sheet.COLUMN),
                    figures);
        });
    }

    /** Every case with all that is known of it. */
    public static PlainTable published(List<Check> checks) {
        List<List<Object>> rows = new ArrayList<>();
        for (Check check : checks) {
            rows.add(List.of(
                    check.what(),
                    check.machine(),
                    check.cpu(),
                    check.published(),
                    check.unit(),
                    check.predicted(),
                    check.width(),
                    check.verdict(),
                    check.naive(),
                    check.from(),
                    check.assumes(),
                    check.cause(),
                    check.source()));
        }
        return new PlainTable(
                "published",
                "Published measurements: added by an operation, predicted with 5-95 % interval",
                List.of(
                        "case",
                        "machine",
                        "priced for",
                        "published",
                        "unit",
                        "predicted",
                        "high over low",
                        "verdict",
                        "two CR3 writes an entry",
                        "published as",
                        "assumed",
                        "likely cause of a miss",
                        "source"),
                rows);
    }
}
