package tollgate.reports;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import tollgate.analysis.Attack;
import tollgate.analysis.AttackCell;
import tollgate.analysis.AttackCell.Verdict;
import tollgate.analysis.Calls;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Cpu;
import tollgate.analysis.Comparison.LedgerRow;
import tollgate.analysis.Comparison.Part;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Exposed;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.Protection;
import tollgate.analysis.Uncertainty;
import tollgate.analysis.study.Axis;
import tollgate.analysis.study.Sweep;
import tollgate.analysis.study.Swept;

/**
 * Made-up comparisons of any size, for tests of layout only: no number in them was measured or modelled. Every
 * third workload has exits but no real clock; every fifth strategy cannot tell its user share; names are foreign.
 */
public final class SampleComparison {
    private static final String[] WORKLOADS = {
        "made-up web server",
        "made-up database",
        "made-up guest",
        "made-up <b>build</b> & \"quotes\"",
        "=made-up(thread)"
    };
    private static final String[] STRATEGIES = {
        "kpti",
        "kvm-asi",
        "asi(year=2022)",
        "asi(year=2025, flush=every transition)",
        "sci(noflush=true)",
        "netns",
        "kpti + kvm-asi(pages=2M)"
    };
    private static final String[] PARTS = {
        "CR3 writes",
        "TLB refill, kernel",
        "TLB refill, user",
        "faults",
        "flush instructions",
        "page-table writes",
        "buffer flushes"
    };

    private SampleComparison() {}

    /** Six workloads, six strategies and the baseline. */
    public static Comparison usual() {
        return of(6, 6);
    }

    public static Comparison of(int workloads, int strategies) {
        Random random = new Random(7);
        List<Workload> made = new ArrayList<>();
        for (int i = 0; i < workloads; i++) {
            made.add(workload(i, strategies, random));
        }
        Map<String, Estimate> sources = new LinkedHashMap<>();
        sources.put("verified", new Estimate(41.5, 30, 55));
        sources.put("derived", new Estimate(22, 15, 31));
        sources.put("recalled", new Estimate(18.25, 9, 27));
        sources.put("estimate", new Estimate(12, 3, 30));
        sources.put("borrowed", new Estimate(6.25, 4, 11));
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("version", "0.0.0-made-up");
        provenance.put("seed", "7");
        provenance.put("price samples", "4000");
        provenance.put("work scale", "1.0 (0.7 to 1.5)");
        return new Comparison(
                new Cpu("made-up-lake", "Made-up Lake X-1 (no such processor)", 2.8, sources),
                made,
                List.of("prices of the operations", "draws of pages", "work scale"),
                List.of("working set", "memory-class table", "timing of shootdowns on several CPUs"),
                provenance,
                checks(30, "A loop of calls that does nothing else, isolation number"),
                sweeps("made-up-lake", made));
    }

    /** Hits, misses, intervals from far below to far above, and one whose lower end is negative. */
    private static List<Comparison.Check> checks(int count, String what) {
        List<Comparison.Check> checks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double value = 100 * Math.pow(1.4, i % 9 - 4);
            double width = 1.2 + i % 5;
            checks.add(new Comparison.Check(
                    what + " " + i,
                    "made-up-lake",
                    100,
                    new Estimate(value, i == 7 ? -5 : value / width, value * width),
                    i % 4 == 0 ? new CannotTell("nothing") : Estimate.exact(80),
                    i % 2 == 0 ? "ns" : "cycles",
                    "a machine",
                    "made up",
                    i % 3 == 0 ? "" : "what was assumed",
                    i % 5 == 0 ? "" : "why it missed",
                    "N. N., publication " + i / 7));
        }
        return checks;
    }

    /**
     * Names without a place to break, names without glyphs, right to left, empty; figures from 1e-6 to 1e9, zero,
     * negative and missing; parts that are saved.
     */
    public static Comparison nasty() {
        String[] names = {
            "x".repeat(300),
            "postgres pgbench -S -c 8 (select only, 8 clients, 60 s, shared_buffers=1GB)",
            "\ud83d\ude00 \u4e2d\u6587 \u05e9\u05dc\u05d5\u05dd",
            "a\nb\tc",
            ""
        };
        double[] values = {3.2, 0, -0.4, 1e-6, 1e9};
        List<Workload> made = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            List<Strategy> strategies = new ArrayList<>();
            strategies.add(new Strategy("baseline", Map.of(), List.of(), List.of(), List.of()));
            for (int s = 0; s < 3; s++) {
                double value = values[(i + s) % values.length];
                double width = Math.abs(value) / 2;
                Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
                for (Metric metric : Metric.values()) {
                    metrics.put(
                            metric,
                            s == 2 && i == 1
                                    ? new CannotTell(
                                            "the recording tool cost more than 30 % of the busy time it measured")
                                    : new Estimate(value, value - width, value + 3 * width));
                }
                String name = s == 0
                        ? "generic-asi(version=2025,pcid=true,flush_on_transition=every,map_physmap=restricted)"
                        : s == 1 ? "y".repeat(90) : "kpti";
                List<Part> parts = List.of(
                        new Part(
                                "TLB refill of user pages after flushes of every kind, " + names[i],
                                new Estimate(50, 40, 60),
                                new CannotTell("no clock")),
                        new Part("saved", new Estimate(-20 * s, -30 * s, -10 * s), new CannotTell("no clock")));
                List<LedgerRow> ledger =
                        List.of(new LedgerRow(names[i], "WALK", "page_walk", 5, new Estimate(5, 5, 5)));
                strategies.add(new Strategy(
                        name,
                        metrics,
                        parts,
                        ledger,
                        List.of(names[i]),
                        Map.of(),
                        Protection.NONE,
                        calls(value, i % 2 == 0, s)));
            }
            Trace trace = new Trace(
                    "/a/long/path/" + names[i] + "/perf.data.zst",
                    "0123",
                    "perf",
                    names[i],
                    1_234_567_890_123L,
                    -1,
                    1,
                    i % 2,
                    0,
                    0,
                    0,
                    0);
            made.add(new Workload(names[i], trace, strategies, List.of(names[i]), uncertainty(strategies)));
        }
        Comparison usual = usual();
        return new Comparison(
                usual.cpu(),
                made,
                List.of(),
                List.of(),
                Map.of(names[0], names[0]),
                checks(3, names[0]),
                sweeps(usual.cpu().name(), made));
    }

    private static Workload workload(int i, int strategies, Random random) {
        boolean clock = i % 3 != 2;
        String name = WORKLOADS[i % WORKLOADS.length] + (i < WORKLOADS.length ? "" : " " + i);
        Trace trace = new Trace(
                "traces/made-up-" + i + ".dat",
                "%016x".formatted(0x9e3779b97f4a7c15L * (i + 1)).repeat(4),
                clock ? "trace-cmd" : "kvm-text",
                "Made up for tests; the text says <nothing> & nothing.",
                1_200_345 + 1000L * i,
                clock ? 12_345_678_901L + i : -1,
                345_678 + i,
                clock ? 0 : 23_456 + i,
                i == 1 ? 17 : 0,
                clock ? 5000 : 0,
                clock ? 4876 : 0,
                3.75 + i);
        List<Strategy> made = new ArrayList<>();
        made.add(baseline());
        for (int s = 0; s < strategies; s++) {
            made.add(strategy(i, s, clock, trace, random));
        }
        List<String> caveats = clock
                ? List.of("The recording tool's own cost is unknown.")
                : List.of("No real clock: times and shares of time cannot be told.", "Boot was cut off.");
        return new Workload(name, trace, made, caveats, uncertainty(made));
    }

    /** By the metric that can be told: every second pair is open, and every strategy has causes of all kinds. */
    private static Uncertainty uncertainty(List<Strategy> strategies) {
        if (strategies.size() == 1) {
            return Uncertainty.NONE;
        }
        Metric metric = strategies.get(1).figure(Metric.OVERHEAD) instanceof Estimate
                ? Metric.OVERHEAD
                : Metric.CYCLES_PER_EXIT;
        List<Strategy> order = strategies.stream()
                .skip(1)
                .filter(strategy -> strategy.figure(metric) instanceof Estimate)
                .sorted(Comparator.comparingDouble(strategy -> value(strategy, metric)))
                .toList();
        List<Uncertainty.Pair> pairs = new ArrayList<>();
        List<Uncertainty.Causes> causes = new ArrayList<>();
        for (int i = 0; i < order.size(); i++) {
            Estimate whole = (Estimate) order.get(i).figure(metric);
            for (int j = i + 1; j < order.size(); j++) {
                double difference = value(order.get(j), metric) - whole.value();
                double low = (i + j) % 2 == 0 ? -difference : difference / 2;
                pairs.add(new Uncertainty.Pair(
                        order.get(i).name(),
                        order.get(j).name(),
                        (i + j) % 2 == 0 ? 71.4 : 97.2,
                        new Estimate(difference, low, 2 * difference)));
            }
            causes.add(new Uncertainty.Causes(
                    order.get(i).name(),
                    List.of(
                            share(whole, "a-paper", List.of("cr3_write_flush", "invlpg", "ibpb"), 0.6),
                            share(whole, "cr3_write", List.of("cr3_write_noflush", "cr3_write_flush"), 0.4),
                            share(whole, Uncertainty.EXPOSED_FRACTION, List.of(), 0.3),
                            share(whole, Uncertainty.WORK_SCALE, List.of(), 0.2),
                            share(whole, Uncertainty.SEGMENTS, List.of(), 0.001))));
        }
        return new Uncertainty(metric, pairs, causes);
    }

    private static double value(Strategy strategy, Metric metric) {
        return ((Estimate) strategy.figure(metric)).value();
    }

    private static Uncertainty.Share share(Estimate whole, String name, List<String> prices, double part) {
        double below = whole.value() - whole.low();
        double above = whole.high() - whole.value();
        return new Uncertainty.Share(
                name,
                prices,
                90 * part,
                100 * part,
                new Estimate(whole.value(), whole.value() - part * below, whole.value() + part * above),
                new Estimate(whole.value(), whole.low() + part * below, whole.high() - part * above));
    }

    private static Strategy baseline() {
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metrics.put(metric, Estimate.exact(0));
        }
        return new Strategy(
                "baseline",
                metrics,
                List.of(),
                List.of(new LedgerRow("read", "WALK", "page_walk", 1000, new Estimate(20000, 15000, 26000))),
                List.of());
    }

    private static Strategy strategy(int i, int s, boolean clock, Trace trace, Random random) {
        String name = STRATEGIES[s % STRATEGIES.length] + (s < STRATEGIES.length ? "" : " no. " + s);
        double perEntry = 40 * Math.pow(2.6, s % 7) * (0.6 + random.nextDouble());
        double cycles = perEntry * trace.kernelEntries();
        double overhead = cycles / (trace.busyNanos() * 2.8) * 100;
        Figure noClock = new CannotTell("the recording has no real clock");
        Figure noExits = new CannotTell("the workload has no VM exits");
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.OVERHEAD, clock ? about(overhead, random) : noClock);
        metrics.put(Metric.NANOS_PER_ENTRY, about(perEntry / 2.8, random));
        metrics.put(Metric.CYCLES_PER_ENTRY, about(perEntry, random));
        metrics.put(Metric.NANOS_PER_EXIT, clock ? noExits : about(perEntry * 3 / 2.8, random));
        metrics.put(Metric.CYCLES_PER_EXIT, clock ? noExits : about(perEntry * 3, random));
        metrics.put(Metric.CR3_WRITES_PER_ENTRY, Estimate.exact(s == 0 ? 2 : 0.25 * s));
        metrics.put(Metric.CR3_WRITES_PER_EXIT, clock ? noExits : Estimate.exact(0.5));
        metrics.put(Metric.EXITS_LEAVING, clock ? noExits : about(30, random));
        metrics.put(
                Metric.USER_SHARE, s % 5 == 4 ? new CannotTell("user pages are not modelled here") : about(35, random));
        List<Part> parts = new ArrayList<>();
        double rest = cycles;
        for (int p = 0; p < PARTS.length; p++) {
            double share = p == PARTS.length - 1 ? rest : rest * (0.2 + 0.5 * random.nextDouble());
            rest -= share;
            if (s == 1 && p == 4) {
                share = -0.3 * share;
            }
            Figure percent = clock ? about(share / (trace.busyNanos() * 2.8) * 100, random) : noClock;
            parts.add(new Part(PARTS[p], about(share, random), percent));
        }
        parts.sort((a, b) -> Double.compare(b.cycles().value(), a.cycles().value()));
        List<LedgerRow> ledger = List.of(
                new LedgerRow(
                        "read", "WALK", "page_walk", 4000, new Estimate(80000 * (s + 1), 60000, 104000 * (s + 1))),
                new LedgerRow(
                        "=cmd|' /C calc'!A0",
                        "CR3_WRITE_KEEP",
                        "cr3_write_noflush",
                        500 + s,
                        new Estimate(93000, 79000, 107000)),
                new LedgerRow(
                        "vector 236", "CR3_WRITE_KEEP", "cr3_write_noflush", 70, new Estimate(13020, 11067, 14973)));
        List<String> notes = name.startsWith("sci")
                ? List.of("Does not run as posted: its limit of 256 pages was lifted.")
                : List.of();
        return new Strategy(
                name,
                metrics,
                parts,
                ledger,
                notes,
                exposure(s, clock),
                protection(s, clock),
                calls(perEntry, clock, s));
    }

    /** Spread over a factor of some hundred; every sixth strategy saves time in its cheapest calls. */
    static Calls calls(double perEntry, boolean clock, int s) {
        List<Calls.Cause> causes = new ArrayList<>();
        for (int i = 0; i < Calls.MOST; i++) {
            double share = 61.0 / (i + 1) - 10;
            Estimate percent = new Estimate(share, share - 1, share + 4);
            double each = Math.abs(perEntry);
            Estimate cycles = new Estimate(share * each, (share - 1) * each, (share + 4) * each);
            causes.add(new Calls.Cause(i == 2 ? "exit EXTERNAL_INTERRUPT" : "call_" + i, i, cycles, percent));
        }
        List<Calls.Quantile> added = new ArrayList<>();
        for (double share : new double[] {1, 10, 25, 50, 75, 90, 99}) {
            double nanos = perEntry * Math.pow(10, share / 50 - 1) - (s % 6 == 5 ? perEntry : 0);
            added.add(new Calls.Quantile(
                    share, new Estimate(nanos, nanos - Math.abs(nanos) / 3, nanos + Math.abs(nanos))));
        }
        return new Calls(causes, !clock, 2000, added);
    }

    /** A price, words and a grid, swept on the first workload. */
    private static List<Swept> sweeps(String cpu, List<Workload> workloads) {
        Axis price = new Axis(Axis.Kind.PRICE, "cr3_write_noflush", "", List.of("50", "100", "1000", "10000"), true);
        Axis words = new Axis(Axis.Kind.STRATEGY, "kvm-asi", "l1d_flush", List.of("never", "cond", "always"), false);
        List<Swept> sweeps = new ArrayList<>();
        if (workloads.isEmpty()) {
            return sweeps;
        }
        sweeps.add(swept("price", price, Optional.empty(), cpu, workloads.get(0)));
        sweeps.add(swept("words", words, Optional.empty(), cpu, workloads.get(0)));
        sweeps.add(swept("grid", words, Optional.of(price), cpu, workloads.get(0)));
        return sweeps;
    }

    private static Swept swept(String name, Axis over, Optional<Axis> and, String cpu, Workload workload) {
        List<Swept.Row> rows = new ArrayList<>();
        List<Strategy> strategies =
                workload.strategies().subList(1, workload.strategies().size());
        for (int s = 0; s < strategies.size(); s++) {
            String strategy = strategies.get(s).name();
            for (int i = 0; i < over.values().size(); i++) {
                for (int j = 0; j < and.map(axis -> axis.values().size()).orElse(1); j++) {
                    double value = (1 + i + j) * (1 + s) / 7.0;
                    Estimate figure = new Estimate(value, value / 2 - 0.01, value * 3);
                    rows.add(new Swept.Row(workload.name(), cpu, strategy, Metric.OVERHEAD, i, j, figure));
                }
            }
        }
        List<Swept.Crossover> crossovers = strategies.size() < 2 || !over.isNumeric()
                ? List.of()
                : List.of(new Swept.Crossover(
                        workload.name(),
                        cpu,
                        strategies.get(0).name(),
                        strategies.get(1).name(),
                        Metric.OVERHEAD,
                        new Estimate(300, 200, 420),
                        98.3));
        return new Swept(
                new Sweep(name, over, and, Optional.empty(), OptionalDouble.empty(), List.of(), List.of(), List.of()),
                rows,
                crossovers);
    }

    /** The further down the list, the less is exposed. */
    private static Map<ExposureMetric, Exposed> exposure(int s, boolean clock) {
        Map<ExposureMetric, Exposed> exposure = new EnumMap<>(ExposureMetric.class);
        for (ExposureMetric metric : ExposureMetric.values()) {
            double value = 100.0 / (s + 1);
            boolean isTold = clock != (metric == ExposureMetric.EXITS_RESTRICTED);
            exposure.put(
                    metric,
                    isTold
                            ? new Exposed(
                                    new Estimate(value, value / 2, value), metric.unit(), Exposed.Basis.BOUNDS, "")
                            : new Exposed(
                                    new CannotTell("the recording has no real clock"),
                                    metric.unit(),
                                    Exposed.Basis.NOTHING,
                                    ""));
        }
        return exposure;
    }

    /** Every verdict in turn; slices in which nothing ran, and ever less of the full space. */
    private static Protection protection(int s, boolean clock) {
        Figure time = clock ? Estimate.exact(1500.0 / (s + 1)) : new CannotTell("the recording has no real clock");
        List<AttackCell> cells = new ArrayList<>();
        for (Attack attack : Attack.values()) {
            Verdict verdict = Verdict.values()[(attack.ordinal() + s) % Verdict.values().length];
            List<AttackCell.Left> left = List.of(
                    new AttackCell.Left("keys in reach, of what is without isolation", time, "%", "1 of 2 byte ns"),
                    new AttackCell.Left("VM exits with anything in reach", Estimate.exact(12.5), "%", "1 of 8"));
            boolean isTold = verdict != Verdict.CANNOT_TELL;
            cells.add(new AttackCell(
                    attack,
                    verdict,
                    isTold ? left : List.of(),
                    attack.assumes(),
                    isTold ? "" : "no guest ran in the workload"));
        }
        List<Long> host = new ArrayList<>();
        List<Long> full = new ArrayList<>();
        for (int slice = 0; clock && slice < 9; slice++) {
            host.add(slice == 4 ? 0 : 1000L);
            full.add(slice == 4 ? 0 : 1000L / (s + 1 + slice % 3));
        }
        return new Protection(
                cells,
                List.of(new Protection.Opened("VM exit", 7, time, time, time, time)),
                new Protection.Slices(1 << 20, host, full),
                List.of(new Protection.Tenant("made-up <shop>", time, time, time, time)));
    }

    /** Within -30 % and +45 %. */
    private static Estimate about(double value, Random random) {
        double low = value * (0.7 + 0.2 * random.nextDouble());
        double high = value * (1.1 + 0.35 * random.nextDouble());
        return new Estimate(value, Math.min(low, high), Math.max(low, high));
    }
}
