package tollgate.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure;
import tollgate.analysis.PublishedCase;
import tollgate.replay.mmu.GroundTruth;
import tollgate.replay.pages.DrawnAgainstFull;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;
import tollgate.replay.pages.Vectors;

/** {@code tollgate validate}: the model against published measurements and, where the data is at hand, ground truth. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Holds the model against published measurements: predicted interval, published figure, hit or miss.",
            "",
            "With --footprints it also replays page-access streams of a real kernel: the simulated TLBs against expected"
                    + " misses, cell by cell, and drawn page streams against real ones, each program left out of its own draws."
        })
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

    @Override
    public Integer call() throws IOException {
        PrintStream out = System.out;
        published(out);
        if (footprints != null) {
            groundTruth(out);
            drawn(out);
        }
        return 0;
    }

    private void published(PrintStream out) {
        out.println("published measurements: added ns a call");
        out.printf("  %-26s %-15s %10s  %-22s %6s%n", "case", "priced for", "published", "predicted [5 %, 95 %]", "");
        Footprints shipped = Footprints.shipped();
        List<Comparison.Check> checks = new ArrayList<>();
        for (PublishedCase each : PublishedCase.all()) {
            Comparison.Check check = each.predict(new PageStream(shipped, seed), DRAWS, seed);
            Figure.Estimate predicted = check.predicted();
            out.printf(
                    "  %-60s %-15s %6.0f %-6s %5.0f [%.0f, %.0f] x%.1f %s naive %.0f%n",
                    check.what(),
                    check.cpu(),
                    check.published(),
                    check.unit(),
                    predicted.value(),
                    predicted.low(),
                    predicted.high(),
                    check.width(),
                    check.verdict(),
                    check.naive() instanceof Figure.Estimate n ? n.value() : Double.NaN);
            checks.add(check);
        }
        out.println(tollgate.analysis.Score.of(checks));
    }

    private void groundTruth(PrintStream out) throws IOException {
        List<GroundTruth.Row> rows = GroundTruth.check(footprints);
        List<GroundTruth.Row> wrong =
                rows.stream().filter(row -> !row.isExact()).toList();
        out.println();
        out.println("simulated TLBs against expected misses: " + (rows.size() - wrong.size()) + " of " + rows.size()
                + " cells exact");
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
                    row.drawn().name().toLowerCase(java.util.Locale.ROOT),
                    row.strategy(),
                    row.isSmallPages() ? "4 KiB" : "2 MiB",
                    row.full().cycles(DrawnAgainstFull.Prices.EXAMPLE),
                    row.fromDrawn().cycles(DrawnAgainstFull.Prices.EXAMPLE),
                    row.isGood(DrawnAgainstFull.Prices.EXAMPLE) ? "good" : "off");
        }
    }
}
