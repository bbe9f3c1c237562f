package tollgate.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tollgate.analysis.Comparison;
import tollgate.analysis.HeldOut;
import tollgate.analysis.PublishedCase;
import tollgate.analysis.Score;
import tollgate.replay.mmu.GroundTruth;
import tollgate.replay.pages.DrawnAgainstFull;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;
import tollgate.replay.pages.Vectors;
import tollgate.reports.PlainTable;
import tollgate.reports.ValidationFolder;
import tollgate.reports.chart.Rounded;

/** {@code tollgate validate}: the model against published measurements and, where the data is at hand, ground truth. */
@Command(
        name = "validate",
        header = "Hold the model against published measurements.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Holds the model against published measurements: predicted interval, published figure, hit or miss.",
            "",
            "With --footprints it also replays page-access streams of a real kernel: the simulated TLBs against expected"
                    + " misses, cell by cell, and drawn page streams against real ones, each program left out of its own draws.",
            "",
            "Misses are no error: the exit code is 0.",
            ""
        },
        footer = {"", "Examples:", "  tollgate validate", "  tollgate validate -o validation"})
final class ValidateCommand implements Callable<Integer> {
    private static final int DRAWS = 2048;
    private static final List<String> PROGRAMS = List.of("redis", "sqlite", "mixed");

    @Option(
            names = "--footprints",
            paramLabel = "DIR",
            description = "folder with traces/*.pgt.zst and trace_tlb_expected.csv")
    private Path footprints;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "seed of draws and intervals")
    private long seed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "where tables (CSV, Markdown, LaTeX) and a chart go; without it only the terminal is told")
    private Path output;

    private final List<PlainTable> tables = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        PrintStream out = System.out;
        List<Comparison.Check> checks = published(out);
        heldOut(out);
        if (footprints != null) {
            groundTruth(out);
            drawn(out);
        }
        if (output != null) {
            ValidationFolder.write(checks, tables, output);
            out.println();
            out.println("tables and chart: " + output);
        }
        return 0;
    }

    private List<Comparison.Check> published(PrintStream out) {
        Footprints shipped = Footprints.shipped();
        List<Comparison.Check> checks = new ArrayList<>();
        for (PublishedCase each : PublishedCase.all()) {
            checks.add(each.predict(new PageStream(shipped, seed), DRAWS, seed));
        }
        out.println("published measurements: what isolation added to an operation");
        String source = "";
        for (Comparison.Check check : checks) {
            if (!check.source().equals(source)) {
                source = check.source();
                out.println();
                out.println("  " + source);
            }
            out.printf(
                    Locale.ROOT,
                    "    %-58s %6s %-6s  predicted %-20s %s%n",
                    check.what(),
                    Rounded.digits(check.published(), 3),
                    check.unit(),
                    Rounded.both(check.predicted()),
                    check.verdict() + (check.isInside() || check.cause().isEmpty() ? "" : ": " + check.cause()));
        }
        Score score = Score.of(checks);
        out.println();
        out.printf(
                Locale.ROOT,
                "  %d cases of %d publications: %d inside the 5 to 95 %% interval, %d of them with an interval narrower than a"
                        + " factor of %.0f, which count as hits%n",
                score.cases(),
                score.sources(),
                score.inside(),
                score.hits(),
                Comparison.Check.WIDEST);
        out.printf(
                Locale.ROOT,
                "  median width of the intervals: a factor of %.1f; median error of the middle: %.0f %%%n",
                score.width(),
                score.error());
        out.printf(
                Locale.ROOT,
                "  the model \"two CR3 writes a kernel entry\" says something of %d; its median error is %.0f %%, ours there %.0f"
                        + " %%%n",
                score.compared(),
                score.naiveError(),
                score.errorThere());
        return checks;
    }

    private void heldOut(PrintStream out) {
        List<HeldOut> pairs = HeldOut.shipped();
        List<List<Object>> rows = new ArrayList<>();
        for (HeldOut pair : pairs) {
            rows.add(List.of(
                    pair.program(),
                    pair.strategy(),
                    pair.full(),
                    pair.drawn(),
                    pair.width(),
                    pair.isInside() ? "inside" : "outside"));
        }
        tables.add(new PlainTable(
                "held-out",
                "Full page streams of programs left out of the drawn pages: added cycles a kernel entry at middle prices, predicted"
                        + " with 5-95 % interval of the page model",
                List.of("program", "strategy", "full", "drawn", "high over low", "verdict"),
                rows));
        double[] widths = pairs.stream().mapToDouble(HeldOut::width).sorted().toArray();
        out.println();
        out.printf(
                Locale.ROOT,
                "programs left out of the drawn pages: the cost on their full page stream lies in the predicted interval for %d of"
                        + " %d pairs of program and strategy; median width a factor of %.2f, prices known (computed when this version"
                        + " was made)%n",
                pairs.stream().filter(HeldOut::isInside).count(),
                pairs.size(),
                (widths[(widths.length - 1) / 2] + widths[widths.length / 2]) / 2);
    }

    private void groundTruth(PrintStream out) throws IOException {
        List<GroundTruth.Row> rows = GroundTruth.check(footprints);
        List<GroundTruth.Row> wrong =
                rows.stream().filter(row -> !row.isExact()).toList();
        out.println();
        out.println("simulated TLBs against expected misses: " + (rows.size() - wrong.size()) + " of " + rows.size()
                + " cells exact");
        tables.add(new PlainTable(
                "expected-misses",
                "Simulated TLBs against expected misses, counts of every cell",
                List.of("stream", "policy", "cell", "expected", "got"),
                rows.stream()
                        .map(row -> List.<Object>of(row.stream(), row.policy(), row.cell(), row.expected(), row.got()))
                        .toList()));
        for (GroundTruth.Row row : wrong) {
            out.println("  " + row.stream() + " " + row.policy() + " " + row.cell() + ": expected " + row.expected()
                    + ", got " + row.got());
        }
    }

    private void drawn(PrintStream out) throws IOException {
        List<DrawnAgainstFull.Row> rows = new ArrayList<>();
        Path traces = footprints.resolve("traces");
        Vectors vectors = Vectors.read(traces.resolve("vectors_6.1.txt"));
        for (String program : PROGRAMS) {
            for (DrawnAgainstFull.Drawn which : DrawnAgainstFull.Drawn.values()) {
                Path trace = traces.resolve(program + ".pti_off.pgt.zst");
                rows.addAll(DrawnAgainstFull.compare(program, trace, vectors, Footprints.shipped(), seed, which));
            }
        }
        tables.add(new PlainTable(
                "drawn-against-full",
                "Drawn page streams against real ones, program left out: added cycles a kernel entry at "
                        + DrawnAgainstFull.Prices.EXAMPLE.stlbHit() + " a second-level hit and "
                        + DrawnAgainstFull.Prices.EXAMPLE.walk() + " a walk",
                List.of("program", "drawn pages", "strategy", "kernel pages", "real", "drawn", "goal"),
                rows.stream()
                        .map(row -> List.<Object>of(
                                row.program(),
                                row.drawn().name().toLowerCase(Locale.ROOT),
                                row.strategy(),
                                row.isSmallPages() ? "4 KiB" : "2 MiB",
                                row.full().cycles(DrawnAgainstFull.Prices.EXAMPLE),
                                row.fromDrawn().cycles(DrawnAgainstFull.Prices.EXAMPLE),
                                row.isGood(DrawnAgainstFull.Prices.EXAMPLE) ? "met" : "missed"))
                        .toList()));
        out.println();
        out.println("drawn page streams against real ones, program left out: added cycles a kernel entry at "
                + DrawnAgainstFull.Prices.EXAMPLE.stlbHit() + " a second-level hit and "
                + DrawnAgainstFull.Prices.EXAMPLE.walk() + " a walk");
        out.printf(
                "  %-8s %-16s %-12s %-6s %8s %8s %8s%n", "program", "drawn", "strategy", "pages", "real", "drawn", "");
        for (DrawnAgainstFull.Row row : rows) {
            out.printf(
                    "  %-8s %-16s %-12s %-6s %8.0f %8.0f %8s%n",
                    row.program(),
                    row.drawn().name().toLowerCase(Locale.ROOT),
                    row.strategy(),
                    row.isSmallPages() ? "4 KiB" : "2 MiB",
                    row.full().cycles(DrawnAgainstFull.Prices.EXAMPLE),
                    row.fromDrawn().cycles(DrawnAgainstFull.Prices.EXAMPLE),
                    row.isGood(DrawnAgainstFull.Prices.EXAMPLE) ? "good" : "off");
        }
    }
}
