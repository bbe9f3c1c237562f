package tollgate.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import tollgate.ingest.Coverage;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.ReadAhead;
import tollgate.ingest.Recorded;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Tally;
import tollgate.ingest.Workers;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.PageTraceSteps;
import tollgate.replay.Replay;
import tollgate.replay.Stages;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;
import tollgate.replay.Timeline;
import tollgate.replay.exposure.Neighbours;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;
import tollgate.replay.pages.PageTrace;

/** One trace, from the file to priced results: opened, replayed through all strategies at once, priced. */
public final class TraceRun {
    /** What crosses into the kernel or changes what is cached, by a kind of it that only such recordings have. */
    private static final Map<Kind, String> UNTOLD = new EnumMap<>(Map.of(
            Kind.SYSCALL_ENTER, "system calls",
            Kind.FAULT_USER, "page faults",
            Kind.IRQ_ENTER, "interrupts",
            Kind.SWITCH, "context switches",
            Kind.TLB_FLUSH, "TLB flushes"));

    private final CpuProfile cpu;
    private final List<Strategy> strategies;
    private final long seed;
    private final int draws;
    private final Stages stages = new Stages();
    private final List<String> warnings = new ArrayList<>();
    private Input.Damage damage = Input.Damage.REFUSE;

    /**
     * @param strategies to compare; the baseline is put first if it is missing
     * @param seed of page draws and intervals
     * @param draws that the intervals rest on
     */
    public TraceRun(CpuProfile cpu, List<Strategy> strategies, long seed, int draws) {
        this.cpu = cpu;
        this.strategies = withBaseline(strategies);
        this.seed = seed;
        this.draws = draws;
    }

    private static List<Strategy> withBaseline(List<Strategy> strategies) {
        List<Strategy> all = new ArrayList<>();
        all.add(Strategies.parse(Strategies.BASELINE));
        strategies.stream()
                .filter(strategy -> !strategy.name().equals(Strategies.BASELINE))
                .forEach(all::add);
        return all;
    }

    /** What to do where a trace is damaged; to refuse it if nobody says. @return this */
    public TraceRun onDamage(Input.Damage damage) {
        this.damage = damage;
        return this;
    }

    /**
     * Replays and prices one trace.
     *
     * @param name for the workload
     * @param format empty to recognise it
     * @param footprints that pages are drawn from
     * @param threads that run the lanes, and decode
     * @param progress told how many events have been read, now and then
     * @throws tollgate.ingest.BadInput if the trace or its sidecar cannot be used
     */
    public Comparison.Workload run(
            String name,
            Path trace,
            String format,
            Footprints footprints,
            ExecutorService threads,
            LongConsumer progress)
            throws IOException {
        Sidecar sidecar = Sidecar.of(trace);
        try (Input input = Input.of(trace, damage)) {
            if (PageTrace.isOne(input.head())) {
                return runPages(name, trace, input, sidecar, threads);
            }
            Format reader = format.isEmpty() ? Formats.recognise(input) : Formats.named(format);
            try (Recording recording = new ReadAhead(reader.open(input, new Workers(threads)))) {
                Timeline timeline = new Timeline(recording.names(), sidecar, new PageStream(footprints, seed));
                List<Lane> lanes = lanes(Neighbours.of(sidecar));
                Excerpt excerpt = new Excerpt(recording, timeline.facts());
                new Replay(lanes, threads, stages).run(excerpt, timeline, progress);
                Structure structure = Structure.measure(excerpt, sidecar, footprints, seed, this::lanes, threads);
                Facts facts = timeline.facts();
                warn(trace, recording.tally());
                boolean hasRealClock = sidecar.clock() == Sidecar.Clock.REAL
                        && recording.coverage().clock() == Coverage.Clock.NANOS;
                Probe probe = Probe.of(sidecar.recorded().tool(), reader.name());
                Stages.Stay stay = stages.enter("pricing");
                Pricing pricing = new Pricing(cpu, facts, hasRealClock, lanes, structure, probe, draws, seed);
                Comparison.Workload workload = new Comparison.Workload(
                        name,
                        trace(
                                trace,
                                input,
                                reader,
                                sidecar,
                                facts,
                                recording.tally(),
                                recording.coverage(),
                                hasRealClock),
                        lanes.stream().map(pricing::price).toList(),
                        caveats(sidecar, facts, recording.tally(), recording.coverage()),
                        pricing.uncertainty());
                stay.end();
                return workload;
            }
        }
    }

    private List<Lane> lanes() {
        return lanes(Neighbours.NONE);
    }

    private List<Lane> lanes(Neighbours neighbours) {
        return strategies.stream()
                .map(strategy -> new Lane(strategy, cpu.machine(), neighbours))
                .toList();
    }

    /** A page-access trace: nothing is drawn. */
    private Comparison.Workload runPages(String name, Path trace, Input input, Sidecar sidecar, ExecutorService threads)
            throws IOException {
        List<Lane> lanes = lanes();
        PageTraceSteps steps = new PageTraceSteps();
        new Replay(lanes, threads, stages).run(input, steps);
        Facts facts = steps.facts();
        Structure structure = Structure.none(lanes.size());
        Pricing pricing = new Pricing(cpu, facts, false, lanes, structure, Probe.NONE, draws, seed);
        Comparison.Trace about = new Comparison.Trace(
                String.valueOf(trace.getFileName()),
                input.sha256(),
                "page-trace",
                sidecar.description(),
                facts.events(),
                -1,
                facts.entries(),
                facts.exits(),
                0,
                0,
                0,
                0);
        return new Comparison.Workload(
                name,
                about,
                lanes.stream().map(pricing::price).toList(),
                List.of(
                        "Every page access is recorded, none is drawn; memory classes follow from addresses alone.",
                        "Its clock counts instructions, so only counts and cycles are given."),
                pricing.uncertainty());
    }

    private void warn(Path trace, Tally tally) {
        if (!tally.endsEarly().isEmpty()) {
            warnings.add(trace + ": ends early, used up to its last whole record (" + tally.endsEarly() + ")");
        }
        if (tally.skipped() > 0) {
            warnings.add(trace + ": damaged, " + tally.skipped() + " times something was skipped; the first: "
                    + tally.firstSkipped());
        }
        if (tally.lossReports() > 0) {
            warnings.add(trace + ": the recorder lost records " + tally.lossReports() + " times, "
                    + (tally.lost() > 0 ? "at least " + tally.lost() + " in all" : "it did not say how many"));
        }
        if (tally.outOfOrder() > 0) {
            warnings.add(trace + ": " + tally.outOfOrder() + " events whose time runs back");
        }
    }

    /** What was wrong with the traces run so far though they could be used, one line each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Where the time of the traces run so far went; others may add their own stages. */
    public Stages stages() {
        return stages;
    }

    /** The names of the strategies as they will appear, the baseline first. */
    public List<String> strategyNames() {
        return strategies.stream().map(Strategy::name).toList();
    }

    private static Comparison.Trace trace(
            Path file,
            Input input,
            Format reader,
            Sidecar sidecar,
            Facts facts,
            Tally tally,
            Coverage coverage,
            boolean hasRealClock)
            throws IOException {
        return new Comparison.Trace(
                String.valueOf(file.getFileName()),
                input.sha256(),
                reader.name(),
                sidecar.description(),
                facts.events(),
                hasRealClock ? facts.busyNanos() : -1,
                facts.entries(),
                coverage.tells(Kind.VM_EXIT) ? facts.exits() : -1,
                tally.lost(),
                facts.asidCompared(),
                facts.asidAgree(),
                facts.drawn() == 0 ? 0 : 100.0 * facts.borrowed() / facts.drawn());
    }

    /** What a reader of the figures must know of this workload, one sentence each. */
    private List<String> caveats(Sidecar sidecar, Facts facts, Tally tally, Coverage coverage) {
        List<String> caveats = new ArrayList<>();
        if (sidecar.clock() == Sidecar.Clock.NONE) {
            caveats.add(
                    "Recorded on an emulated CPU: its times mean nothing, so only counts and cycles per exit are given.");
        }
        if (!tally.endsEarly().isEmpty()) {
            caveats.add(
                    "The recording ends early (" + tally.endsEarly() + ") and was used up to its last whole record.");
        }
        if (tally.skipped() > 0) {
            caveats.add("The recording is damaged in " + tally.skipped() + (tally.skipped() == 1 ? " place" : " places")
                    + "; what stood there was skipped, so events are missing. The first: " + tally.firstSkipped());
        }
        if (tally.lossReports() > 0) {
            caveats.add("The recorder lost " + (tally.lost() > 0 ? "at least " + tally.lost() : "some")
                    + " records; the context of a CPU is unknown after each loss and its time counts nowhere.");
        }
        List<String> untold = UNTOLD.entrySet().stream()
                .filter(family -> !coverage.tells(family.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        if (!untold.isEmpty()) {
            caveats.add("Cannot tell: " + String.join(", ", untold)
                    + ". The recording has none of them, which does not mean that there were none.");
        }
        if (!coverage.hasCpus()) {
            caveats.add("The recording does not name CPUs: each thread was put on its own, so that threads do not evict"
                    + " each other's translations and the refill cost is a lower bound.");
        }
        if (facts.unseenSwitches() > facts.switches() / 10 && facts.unseenSwitches() > 0) {
            caveats.add(facts.unseenSwitches() + " context switches were not recorded and were made up where an event"
                    + " came from another task; what other tasks did in between is unknown, so the refill cost is a"
                    + " lower bound.");
        }
        Recorded recorded = sidecar.recorded();
        if (recorded.pti() == Recorded.Fact.UNKNOWN) {
            caveats.add("Whether page-table isolation was active while recording is not known.");
        } else if (recorded.pti() == Recorded.Fact.YES) {
            caveats.add("Recorded with page-table isolation active: busy time already contains its cost, so"
                    + " percentages are too low.");
        }
        if (recorded.inVm() == Recorded.Fact.YES) {
            caveats.add("Recorded inside a virtual machine, whose page walks and interrupts take longer than on bare"
                    + " metal; busy time contains that.");
        }
        if (!recorded.cpu().isEmpty()) {
            caveats.add("Recorded on " + recorded.cpu() + ", priced for " + cpu.title() + ".");
        }
        caveats.add("A replay cannot change scheduling, batching or timer phases.");
        return caveats;
    }

    /** What the intervals contain. */
    public static List<String> includes() {
        List<String> includes = new ArrayList<>(List.of(
                "price ranges, drawn jointly for all strategies",
                "which invocations were drawn, by block bootstrap over the trace",
                "the error of drawn against real page streams: a factor of " + Draws.REFILL_ERROR
                        + " on TLB refill and on faults of first touch, as"
                        + " measured on three programs left out of their own draws",
                "work scale of the priced CPU (" + Draws.WORK_SCALE_LOW + " to " + Draws.WORK_SCALE_HIGH
                        + ", percentages only)",
                "the recording tool's own cost per event, which is taken out of busy time (an estimate by tool,"
                        + " percentages only)"));
        for (ModelParameter parameter : ModelParameter.values()) {
            includes.add(parameter.title + " (" + Structure.REPLAYS + " replays of every " + Excerpt.EVERY
                    + "th batch in all)");
        }
        return includes;
    }

    public static List<String> excludes() {
        return List.of(
                "how the parameters of the page model act together (they are taken to add up)",
                "which pages of its own a process keeps in use (one order of popularity for all programs)",
                "changes of the priced CPU's clock");
    }

    /** What must be known to do it again. */
    public Map<String, String> provenance(String version) {
        Map<String, String> provenance = new java.util.LinkedHashMap<>();
        provenance.put("tollgate", version);
        provenance.put("cpu profile", cpu.name());
        provenance.put("seed", String.valueOf(seed));
        provenance.put("draws", String.valueOf(draws));
        provenance.put("strategies", String.join(" ", strategyNames()));
        return provenance;
    }
}
