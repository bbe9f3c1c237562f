package tollgate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.analysis.Comparison;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Mainline;
import tollgate.analysis.PublishedCase;
import tollgate.analysis.Standard;
import tollgate.analysis.TraceRun;
import tollgate.ingest.Traces;
import tollgate.replay.Sampling;
import tollgate.replay.Stages;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;
import tollgate.reports.ReportFolder;
import tollgate.reports.TerminalSummary;

/** {@code tollgate compare}: the main job. Recordings in, one report out. */
@Command(
        name = "compare",
        header = "Replay recordings through strategies and write one report: the main job.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Replays recordings through isolation strategies and writes a folder: the report as PDF and HTML, its figures"
                    + " (PDF, PNG, SVG, and CSV of what they show), its tables (LaTeX, Markdown), and every number in"
                    + " results.csv, breakdown.csv, break-even.csv, exposure.csv, matrix.csv, windows.csv and results.json.",
            "",
            "A folder means the recordings in it; what is none is skipped and named. A file NAME.yaml beside a recording"
                    + " says which tasks are the workload, where start-up ends and what the recording cannot tell.",
            "",
            "Figures are added time in per cent of the workload's busy time, and cycles per VM exit where a recording has no"
                    + " real time; brackets are a 5 to 95 %% interval. Always against the same events without isolation.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate compare traces",
            "  tollgate compare make.perf.data --cpu zen4 -o make-report",
            "  tollgate compare redis.toll --strategies 'kpti,kpti(pcid=false),netns'",
            "  tollgate compare redis.toll --strategies kpti+kvm-asi     # both at once",
            "  tollgate compare redis.toll --strategies mainline,deployed",
            "                   # what Linux switches on by itself, and isolation on top",
            "  perf script -i perf.data | tollgate compare - --strategies kpti"
        })
final class CompareCommand implements Callable<Integer> {

    /** Recordings of so many bytes are sampled unless all is asked for: some 20 million events of perf.data. */
    private static final long SAMPLED_FROM = 2L << 30;

    /** One stretch in so many. */
    private static final int SAMPLED = 16;

    /** Published cases do not depend on the user's seed: the same table stands in every report of a version. */
    private static final long CHECK_SEED = 1;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "TRACE|FOLDER", description = "recordings; - reads standard input")
    private List<Path> given;

    @Option(
            names = "--strategies",
            paramLabel = "A,B(x=1),...",
            description = "what to compare with the baseline; default: isolation,mainline. Groups: all, isolation,"
                    + " comparators, deployed (each isolation on top of mainline). See 'tollgate list strategies'.")
    private String strategies = String.join(",", Standard.STRATEGIES);

    @Option(
            names = "--cpu",
            paramLabel = "NAME",
            defaultValue = Standard.CPU,
            description = "the CPU to simulate and to price; default: ${DEFAULT-VALUE}. See 'tollgate list cpus'. With"
                    + " something stated otherwise: 'zen3(ghz=3.6,stlb.entries=4096)'")
    private String cpu;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            defaultValue = "report",
            description =
                    "where the report goes; default: ${DEFAULT-VALUE}. An earlier report there is replaced when the"
                            + " new one is complete.")
    private Path output;

    @Option(names = "--format", paramLabel = "NAME", description = "format of the recordings; default: recognised")
    private String format = "";

    @Mixin
    private Leniency leniency;

    @Option(
            names = "--footprints",
            paramLabel = "FILE",
            description = "footprints of a kernel of your own instead of the shipped ones (Linux 6.1), as the generator"
                    + " in the tests of module replay writes them")
    private Path footprintsFile;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "seed of page draws and intervals; the same seed gives the same bytes")
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads that replay; default: one a CPU. The result does not depend on it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @ArgGroup
    private Share share = new Share();

    /** How much of a recording is replayed. */
    static final class Share {
        @Option(
                names = "--sample",
                paramLabel = "N",
                description = "measure one stretch of " + Sampling.STRETCH + " events in N; the report gives the error"
                        + " that this adds. Default: 16 for recordings from 2 GiB on, all of smaller ones.")
        private Integer every;

        @Option(names = "--exact", description = "measure all of every recording, however large")
        private boolean isExact;

        Sampling of(Path trace) throws IOException {
            if (every != null) {
                return Sampling.oneIn(every);
            }
            boolean isLarge = !isExact && Files.isRegularFile(trace) && Files.size(trace) >= SAMPLED_FROM;
            return isLarge ? Sampling.oneIn(SAMPLED) : Sampling.EXACT;
        }
    }

    @Option(
            names = "--every-access",
            description =
                    "simulate also the accesses that are sure to hit the first-level TLB. Slower, and the report is"
                            + " the same byte for byte: to check that.")
    private boolean everyAccess;

    @Option(names = "--timing", description = "at the end, prints on standard error where the time went, by stage")
    private boolean timing;

    @Override
    public Integer call() throws IOException {
        Main.requireOneOrMore(spec, "--threads", "--sample");
        Main.requireKnownFormat(spec, format);
        List<Path> skipped = new ArrayList<>();
        Map<String, Path> traces = Traces.recognised(given, format, skipped);
        CpuProfile profile = profile();
        TraceRun run = new TraceRun(profile, parse(profile), seed, Standard.DRAWS)
                .onDamage(leniency.damage())
                .everyAccess(everyAccess);
        ReportFolder.check(output);
        run.stages().started();
        List<Comparison.Workload> workloads = new ArrayList<>();
        Footprints footprints = footprintsFile == null ? Footprints.shipped() : Footprints.load(footprintsFile);
        Comparison comparison;
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, threads));
        try (Progress progress = new Progress(traces.size())) {
            for (Map.Entry<String, Path> trace : traces.entrySet()) {
                progress.start(trace.getKey());
                workloads.add(run.sampled(share.of(trace.getValue()))
                        .run(trace.getKey(), trace.getValue(), format, footprints, pool, progress::events));
            }
            progress.start("report");
            Stages.Stay published = run.stages().enter("publications");
            List<Comparison.Check> checks = checks();
            published.end();
            Stages.Stay stay = run.stages().enter("report");
            comparison = comparison(run, profile, workloads, checks);
            ReportFolder.write(comparison, output);
            stay.end();
        } finally {
            pool.shutdownNow();
        }
        TerminalSummary.print(comparison, System.out);
        System.out.println();
        run.warnings().forEach(warning -> System.err.println("tollgate: warning: " + warning));
        System.out.println("report: " + output.resolve("report.pdf"));
        if (!skipped.isEmpty()) {
            System.out.println("skipped, no recordings: "
                    + String.join(
                            ", ",
                            skipped.stream()
                                    .map(path -> path.getFileName().toString())
                                    .toList()));
        }
        if (timing) {
            System.err.print(run.stages().table());
        }
        return 0;
    }

    private static Comparison comparison(
            TraceRun run, CpuProfile profile, List<Comparison.Workload> workloads, List<Comparison.Check> checks) {
        Map<String, String> provenance = new LinkedHashMap<>(run.provenance(Version.number()));
        if (run.strategyNames().contains(Mainline.NAME)) {
            provenance.put(Mainline.NAME, Mainline.reason(profile.features()));
        }
        return new Comparison(
                run.cpu(workloads), workloads, TraceRun.includes(), TraceRun.excludes(), provenance, checks);
    }

    /** The model against published measurements: the same in every report of a version, so computed once. */
    static List<Comparison.Check> checks() {
        return Published.CHECKS;
    }

    /** Computed when first asked for. */
    private static final class Published {
        static final List<Comparison.Check> CHECKS = predict();

        private static List<Comparison.Check> predict() {
            Footprints footprints = Footprints.shipped();
            return PublishedCase.all().stream()
                    .map(each -> each.predict(new PageStream(footprints, CHECK_SEED), Standard.DRAWS, CHECK_SEED))
                    .toList();
        }
    }

    private CpuProfile profile() {
        try {
            return CpuProfile.load(cpu);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private List<Strategy> parse(CpuProfile profile) {
        Set<String> names = new LinkedHashSet<>();
        for (String text : Strategies.split(strategies, ',')) {
            names.addAll(Mainline.meant(text.trim()));
        }
        try {
            return names.stream()
                    .map(name -> Mainline.parse(name, profile.features()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }
}
