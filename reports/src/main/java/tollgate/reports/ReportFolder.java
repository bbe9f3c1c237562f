package tollgate.reports;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tollgate.analysis.Comparison;
import tollgate.reports.chart.Chart;
import tollgate.reports.chart.Charts;
import tollgate.reports.chart.Sheet;

/**
 * A comparison as a folder, all at once or not at all: it is written beside its place and then moved there. An earlier
 * report is replaced only by a complete one; anything else that stands in the way is left alone.
 *
 * <pre>
 *   report.pdf  report.html
 *   results.csv  breakdown.csv  break-even.csv  exposure.csv  matrix.csv  windows.csv  results.json  results.schema.json
 *   figures/overhead.pdf  .svg  .png  .csv  ...
 *   tables/overhead.tex  tables/overhead.md  ...
 * </pre>
 */
public final class ReportFolder {
    /** Every name that a report may hold, with '/' between folders. */
    static final Predicate<String> OURS = Pattern.compile(
                    "report\\.(pdf|html)|(results|breakdown|break-even|exposure|matrix|windows)\\.csv|results\\.(schema\\.)?json"
                            + "|figures|tables|figures/[a-z0-9-]+\\.(pdf|png|svg|csv)|tables/[a-z0-9_-]+\\.(tex|md|csv)")
            .asMatchPredicate();

    /** What every report holds. */
    static final Set<String> MARKS = Set.of("report.pdf", "results.csv");

    private ReportFolder() {}

    /**
     * Writes a report.
     *
     * @param target where it shall stand: a folder that does not exist, is empty or is an earlier report
     * @throws IOException naming the file that could not be written, with nothing changed at the target
     */
    public static void write(Comparison comparison, Path target) throws IOException {
        write(target, OURS, MARKS, folder -> fill(comparison, folder));
    }

    /**
     * Asks whether a report could stand there, before the work that it takes.
     *
     * @throws IOException as {@link #write(Comparison, Path)} does, if it holds what is not part of a report
     */
    public static void check(Path target) throws IOException {
        check(target, OURS, MARKS);
    }

    static void check(Path target, Predicate<String> ours, Set<String> marks) throws IOException {
        Path around = place(target, ours, marks).getParent();
        while (around.getParent() != null && !Files.exists(around)) {
            around = around.getParent();
        }
        if (!Files.isDirectory(around) || !Files.isWritable(around)) {
            throw new IOException(target + ": no folder can be made in " + around);
        }
    }

    /**
     * Writes a folder of files, all at once or not at all.
     *
     * @param ours names that such a folder may hold
     * @param marks names that an earlier one holds for certain
     */
    static void write(Path target, Predicate<String> ours, Set<String> marks, Content<Path> fill) throws IOException {
        Path place = place(target, ours, marks);
        Path parent = place.getParent();
        Files.createDirectories(parent);
        Path fresh;
        try {
            fresh = Files.createTempDirectory(parent, "." + place.getFileName() + ".new-");
        } catch (IOException e) {
            throw new IOException(target + ": no folder can be made in " + parent, e);
        }
        try (Temporary gone = new Temporary(fresh)) {
            fill.write(gone.path());
            replace(place, gone.path());
        } catch (IOException e) {
            // The reader knows the place that he asked for, not the temporary one.
            throw new IOException(String.valueOf(e.getMessage()).replace(fresh.toString(), place.toString()), e);
        }
    }

    /** Where the target is, all links followed. */
    private static Path place(Path target, Predicate<String> ours, Set<String> marks) throws IOException {
        Path place = target.toAbsolutePath().normalize();
        if (Files.exists(place)) {
            place = place.toRealPath();
            if (Path.of("").toRealPath().startsWith(place)) { // moved aside, it would be gone for who works in it
                throw new FileAlreadyExistsException(
                        place + ": is the working folder, or around it, and cannot be replaced; choose a folder in it");
            }
            refuseForeign(place, ours, marks);
        } else if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target + ": is a link that leads nowhere; choose another folder");
        }
        if (place.getParent() == null) {
            throw new FileAlreadyExistsException(target + ": is a root folder; choose another");
        }
        return place;
    }

    private static void refuseForeign(Path place, Predicate<String> ours, Set<String> marks) throws IOException {
        if (!Files.isDirectory(place)) {
            throw new FileAlreadyExistsException(place + ": is not a folder; choose another place for the report");
        }
        // One level more than a report has: enough to find what is none, in a folder of any size.
        try (Stream<Path> files = Files.walk(place, 3)) {
            List<String> names = files.skip(1)
                    .map(file -> place.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
            for (String name : names) {
                if (!ours.test(name)) {
                    throw new FileAlreadyExistsException(place.resolve(name)
                            + ": is not part of a report and would be lost; move it or choose another folder");
                }
            }
            if (!names.isEmpty() && !names.containsAll(marks)) {
                throw new FileAlreadyExistsException(
                        place + ": is neither empty nor an earlier report; choose another folder");
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void fill(Comparison comparison, Path folder) throws IOException {
        text(folder.resolve("results.csv"), out -> CsvTables.results(comparison, out));
        text(folder.resolve("breakdown.csv"), out -> CsvTables.breakdown(comparison, out));
        text(folder.resolve("break-even.csv"), out -> CsvTables.breakEven(comparison, out));
        text(folder.resolve("exposure.csv"), out -> CsvTables.exposure(comparison, out));
        text(folder.resolve("matrix.csv"), out -> CsvTables.matrix(comparison, out));
        text(folder.resolve("windows.csv"), out -> CsvTables.windows(comparison, out));
        text(folder.resolve("results.json"), out -> Json.results(comparison, out));
        text(folder.resolve("results.schema.json"), out -> out.append(ReportPdf.resource("results.schema.json")));
        Path tables = Files.createDirectory(folder.resolve("tables"));
        List<SummaryTable> summaries = new ArrayList<>(SummaryTable.of(comparison));
        summaries.addAll(SummaryTable.againstMainline(comparison));
        for (SummaryTable table : summaries) {
            String name = table.metric().key();
            text(tables.resolve(name + ".tex"), out -> LatexTables.write(table, comparison, out));
            text(tables.resolve(name + ".md"), out -> MarkdownTables.write(table, comparison, out));
        }
        Optional<PlainTable> runs = Runs.table(comparison);
        if (runs.isPresent()) {
            write(runs.get(), tables);
        }
        Path figures = Files.createDirectory(folder.resolve("figures"));
        for (Chart chart : Charts.of(comparison)) {
            figure(chart, comparison, figures);
        }
        bytes(folder.resolve("report.pdf"), out -> ReportPdf.write(comparison, out));
        text(folder.resolve("report.html"), out -> ReportWeb.write(comparison, out));
    }

    /** A table in all its forms. */
    static void write(PlainTable table, Path tables) throws IOException {
        text(tables.resolve(table.name() + ".csv"), table::csv);
        text(tables.resolve(table.name() + ".md"), table::markdown);
        text(tables.resolve(table.name() + ".tex"), table::latex);
    }

    /** A chart in all its forms. */
    static void figure(Chart chart, Comparison comparison, Path figures) throws IOException {
        figure(chart.name(), chart.title(), chart.sheets(comparison, Sheet.COLUMN), figures);
    }

    /** A figure in all its forms. */
    static void figure(String name, String title, List<Sheet> sheets, Path figures) throws IOException {
        text(figures.resolve(name + ".csv"), out -> CsvTables.figure(FigureData.of(sheets), out));
        for (int i = 0; i < sheets.size(); i++) {
            Sheet sheet = sheets.get(i);
            String file = name + (sheets.size() == 1 ? "" : "-" + (i + 1));
            bytes(figures.resolve(file + ".pdf"), out -> FigureFiles.pdf(sheet, title, out));
            text(figures.resolve(file + ".svg"), out -> Svg.write(sheet, title, out));
            bytes(figures.resolve(file + ".png"), out -> FigureFiles.png(sheet, out));
        }
    }

    /** Moves the new folder to its place; an earlier one steps aside first, and back if that fails. */
    private static void replace(Path place, Path fresh) throws IOException {
        readable(fresh);
        if (!Files.exists(place)) {
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path aside = Files.createTempDirectory(place.getParent(), "." + place.getFileName() + ".old-");
        Path old = aside.resolve("report");
        try {
            Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
            try {
                Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
                throw e;
            }
        } finally {
            // As long as nothing stands in its place, what stepped aside is all there is.
            if (Files.exists(place)) {
                Temporary.delete(aside);
            }
        }
    }

    /** Temporary folders are closed to others; a report has the rights that new folders have here. */
    private static void readable(Path fresh) throws IOException {
        if (fresh.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Path made = Files.createDirectory(fresh.resolve(".rights"));
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(made));
            Files.delete(made);
        }
    }

    interface Content<T> {
        void write(T out) throws IOException;
    }

    static void text(Path file, Content<Writer> content) throws IOException {
        bytes(file, out -> {
            Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            content.write(writer);
            writer.flush();
        });
    }

    private static void bytes(Path file, Content<OutputStream> content) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            content.write(out);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": cannot be written: " + e.getMessage(), e);
        }
    }
}
