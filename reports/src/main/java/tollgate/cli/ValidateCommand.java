package tollgate.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.HeldOut;
import tollgate.analysis.PublishedCase;
import tollgate.analysis.Score;
import tollgate.analysis.Standard;
import tollgate.ingest.BadInput;
import tollgate.replay.mmu.GroundTruth;
import tollgate.replay.mmu.Twins;
import tollgate.replay.pages.DrawnAgainstFull;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;
import tollgate.replay.pages.Vectors;
import tollgate.reports.PlainTable;
import tollgate.reports.ValidationFolder;
import tollgate.reports.chart.Ratios;
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
                    + " misses, cell by cell, KPTI predicted for programs that were also recorded under it, and drawn page streams"
                    + " against real ones, each program left out of its own draws.",
            "",
            "Misses are no error: the exit code is 0.",
            ""
        },
        footer = {"", "Examples:", "  tollgate validate", "  tollgate validate -o validation"})
final class ValidateCommand implements Callable<Integer> {
    /** At which drawn page streams are held against real ones. */
    private static final DrawnAgainstFull.Prices PRICES = DrawnAgainstFull.Prices.EXAMPLE;

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
            description = "where tables (CSV, Markdown, LaTeX) and charts go; without it only the terminal is told")
    private Path output;

    private final List<PlainTable> tables = new ArrayList<>();
    private final List<Ratios.Group> truths = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        if (footprints != null && !Files.isDirectory(footprints.resolve("traces"))) {
            throw new BadInput(
                    footprints.toString(), "expected a folder with traces/*.pgt.zst, found none; check the path");
        }
        if (output != null) {
            ValidationFolder.check(output);
        }
        PrintStream out = System.out;
        List<Comparison.Check> checks = published(out);
        heldOut(out);
        if (footprints != null) {
            groundTruth(out);
            twins(out);
            drawn(out);
        }
        if (output != null) {
            ValidationFolder.write(checks, tables, truths, output);
            out.println();
            out.println("tables and charts: " + output);
        }
        return 0;
    }

    private List<Comparison.Check> published(PrintStream out) {
        Footprints shipped = Footprints.shipped();
        List<Comparison.Check> checks = new ArrayList<>();
        for (PublishedCase each : PublishedCase.all()) {
            checks.add(each.predict(new PageStream(shipped, seed), Standard.DRAWS, seed));
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
                    "cycles",
                    pair.full(),
                    pair.drawn(),
                    pair.width(),
                    pair.isInside() ? "inside" : "outside"));
        }
        tables.add(new PlainTable(
                "held-out",
                "Full page streams of programs left out of the drawn pages: added cycles a kernel entry at middle prices, predicted"
                        + " with 5-95 % interval of the page model",
                List.of("program", "strategy", "unit", "full stream", "predicted", "high over low", "verdict"),
                rows));
        truths.add(new Ratios.Group(
                "Programs left out of the drawn pages: added by a strategy, with the interval of the page model",
                "cycles an entry",
                pairs.stream()
                        .map(pair -> new Ratios.Row(
                                pair.program() + ", " + pair.strategy(),
                                new Estimate(
                                        pair.drawn().value() / pair.full(),
                                        pair.drawn().low() / pair.full(),
                                        pair.drawn().high() / pair.full()),
                                pair.isInside(),
                                Rounded.digits(pair.full(), 3)))
                        .toList()));
        out.println();
        out.printf(
                Locale.ROOT,
                "programs left out of the drawn pages: the cost on their full page stream lies in the predicted interval for %d of"
                        + " %d pairs of program and strategy; median width a factor of %.2f, prices known (computed when this version"
                        + " was made)%n",
                pairs.stream().filter(HeldOut::isInside).count(),
                pairs.size(),
                HeldOut.medianWidth(pairs));
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
        Map<String, List<GroundTruth.Row>> byPolicy = new TreeMap<>();
        rows.forEach(row ->
                byPolicy.computeIfAbsent(row.policy(), any -> new ArrayList<>()).add(row));
        List<Ratios.Row> policies = new ArrayList<>();
        byPolicy.forEach((policy, own) -> {
            long exact = own.stream().filter(GroundTruth.Row::isExact).count();
            double got = own.stream().mapToDouble(GroundTruth.Row::got).sum();
            double expected =
                    own.stream().mapToDouble(GroundTruth.Row::expected).sum();
            policies.add(new Ratios.Row(
                    policy, Estimate.exact(got / expected), exact == own.size(), exact + " of " + own.size()));
        });
        truths.add(new Ratios.Group(
                "Simulated TLBs against another program's: all counts of a policy", "cells exact", policies));
        for (GroundTruth.Row row : wrong) {
            out.println("  " + row.stream() + " " + row.policy() + " " + row.cell() + ": expected " + row.expected()
                    + ", got " + row.got());
        }
    }

    private void twins(PrintStream out) throws IOException {
        List<Twins> all = Twins.of(footprints.resolve("traces"));
        tables.add(new PlainTable(
                "twins",
                "KPTI without PCID, predicted from programs recorded without it, against the same programs recorded with it:"
                        + " counts a kernel entry",
                List.of(
                        "program",
                        "KPTI's CR3 writes predicted",
                        "recorded",
                        "other CR3 writes predicted",
                        "recorded",
                        "walks predicted",
                        "recorded",
                        "off by, %",
                        "verdict"),
                all.stream()
                        .map(twins -> List.<Object>of(
                                twins.program(),
                                twins.predicted().perEntry(twins.predicted().kptiWrites()),
                                twins.recorded().perEntry(twins.recorded().kptiWrites()),
                                twins.predicted().perEntry(twins.predicted().otherWrites()),
                                twins.recorded().perEntry(twins.recorded().otherWrites()),
                                twins.predicted().perEntry(twins.predicted().walks()),
                                twins.recorded().perEntry(twins.recorded().walks()),
                                100 * (twins.walks() - 1),
                                isGood(twins) ? "met" : "missed"))
                        .toList()));
        truths.add(new Ratios.Group(
                "Twins: page walks an entry under KPTI without PCID, predicted from a recording without KPTI",
                "off by",
                all.stream()
                        .map(twins -> new Ratios.Row(
                                twins.program(),
                                Estimate.exact(twins.walks()),
                                isGood(twins),
                                String.format(Locale.ROOT, "%+.1f %%", 100 * (twins.walks() - 1))))
                        .toList()));
        out.println();
        out.printf(
                Locale.ROOT,
                "KPTI without PCID, predicted from recordings without it, against recordings with it: two CR3 writes an entry in"
                        + " %d of %d programs exactly, page walks within %.0f %% in %d; the largest difference is %.1f %%. The two"
                        + " runs of a program are not the same: timers, switches and allocations fall differently%n",
                all.stream().filter(Twins::areWritesExact).count(),
                all.size(),
                100 * Twins.WALKS_WITHIN,
                all.stream().filter(Twins::areWalksWithin).count(),
                100
                        * all.stream()
                                .mapToDouble(twins -> Math.abs(twins.walks() - 1))
                                .max()
                                .orElse(0));
    }

    private static boolean isGood(Twins twins) {
        return twins.areWritesExact() && twins.areWalksWithin();
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
        tables.add(drawnTable(rows));
        drawnTruths(rows);
        print(rows, out);
    }

    private static PlainTable drawnTable(List<DrawnAgainstFull.Row> rows) {
        return new PlainTable(
                "drawn-against-full",
                "Drawn page streams against real ones, program left out: added cycles a kernel entry at "
                        + PRICES.stlbHit() + " a second-level hit and "
                        + PRICES.walk() + " a walk",
                List.of(
                        "program",
                        "drawn pages",
                        "strategy",
                        "kernel pages",
                        "cycles real",
                        "cycles drawn",
                        "cycles drawn from itself",
                        "walks real",
                        "walks drawn",
                        "walks drawn from itself",
                        "L1 misses real",
                        "L1 misses drawn",
                        "goal",
                        "goal from itself"),
                rows.stream()
                        .map(row -> List.<Object>of(
                                row.program(),
                                words(row.drawn()),
                                row.strategy(),
                                row.isSmallPages() ? "4 KiB" : "2 MiB",
                                row.full().cycles(PRICES),
                                row.fromDrawn().cycles(PRICES),
                                row.fromOwn().cycles(PRICES),
                                row.full().walks(),
                                row.fromDrawn().walks(),
                                row.fromOwn().walks(),
                                row.full().firstLevelMisses(),
                                row.fromDrawn().firstLevelMisses(),
                                row.isGood(PRICES) ? "met" : "missed",
                                row.isOwnGood(PRICES) ? "met" : "missed"))
                        .toList());
    }

    private void drawnTruths(List<DrawnAgainstFull.Row> rows) {
        for (DrawnAgainstFull.Drawn which : DrawnAgainstFull.Drawn.values()) {
            truths.add(new Ratios.Group(
                    "Drawn pages for real ones, program left out, " + words(which) + ": added to the baseline",
                    "cycles an entry",
                    rows.stream()
                            .filter(row -> row.drawn() == which)
                            .map(row -> new Ratios.Row(
                                    row.program() + ", " + row.strategy() + ", "
                                            + (row.isSmallPages() ? "4 KiB" : "2 MiB"),
                                    Estimate.exact(row.fromDrawn().cycles(PRICES)
                                            / row.full().cycles(PRICES)),
                                    row.isGood(PRICES),
                                    Rounded.digits(row.full().cycles(PRICES), 3)))
                            .toList()));
        }
    }

    private static void print(List<DrawnAgainstFull.Row> rows, PrintStream out) {
        out.println();
        out.println("drawn page streams against real ones, program left out: added cycles a kernel entry at "
                + PRICES.stlbHit() + " a second-level hit and "
                + PRICES.walk() + " a walk");
        out.printf(
                "  %-8s %-16s %-12s %-6s %8s %8s %-5s %8s%n",
                "program", "drawn", "strategy", "pages", "real", "drawn", "", "itself");
        for (DrawnAgainstFull.Row row : rows) {
            out.printf(
                    Locale.ROOT,
                    "  %-8s %-16s %-12s %-6s %8.0f %8.0f %-5s %8.0f %s%n",
                    row.program(),
                    words(row.drawn()),
                    row.strategy(),
                    row.isSmallPages() ? "4 KiB" : "2 MiB",
                    row.full().cycles(PRICES),
                    row.fromDrawn().cycles(PRICES),
                    row.isGood(PRICES) ? "good" : "off",
                    row.fromOwn().cycles(PRICES),
                    row.isOwnGood(PRICES) ? "good" : "off");
        }
        for (DrawnAgainstFull.Drawn which : DrawnAgainstFull.Drawn.values()) {
            List<DrawnAgainstFull.Row> own =
                    rows.stream().filter(row -> row.drawn() == which).toList();
            out.printf(
                    Locale.ROOT,
                    "  %s: within %.0f %% or %.0f cycles in %d of %d; drawn from the program itself in %d%n",
                    words(which),
                    100 * DrawnAgainstFull.GOAL_SHARE,
                    DrawnAgainstFull.GOAL_CYCLES,
                    own.stream().filter(row -> row.isGood(PRICES)).count(),
                    own.size(),
                    own.stream().filter(row -> row.isOwnGood(PRICES)).count());
        }
    }

    private static String words(DrawnAgainstFull.Drawn drawn) {
        return drawn == DrawnAgainstFull.Drawn.KERNEL ? "kernel" : "kernel and user";
    }
}
