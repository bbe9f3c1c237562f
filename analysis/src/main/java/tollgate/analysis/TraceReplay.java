package tollgate.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import tollgate.ingest.BadInput;
import tollgate.ingest.CountableTimes;
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
import tollgate.replay.Machine;
import tollgate.replay.PageTraceSteps;
import tollgate.replay.Replay;
import tollgate.replay.Sampling;
import tollgate.replay.Stages;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;
import tollgate.replay.Timeline;
import tollgate.replay.exposure.Neighbours;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;
import tollgate.replay.pages.PageTrace;

/** One trace through some strategies on one machine: opened, told what it is, replayed; not priced. */
final class TraceReplay {
    /** What crosses into the kernel or changes what is cached, by a kind of it that only such recordings have. */
    private static final Map<Kind, String> UNTOLD = new EnumMap<>(Map.of(
            Kind.SYSCALL_ENTER, "system calls",
            Kind.FAULT_USER, "page faults",
            Kind.IRQ_ENTER, "interrupts",
            Kind.SWITCH, "context switches",
            Kind.TLB_FLUSH, "TLB flushes"));

    private final Machine machine;
    private final List<Strategy> strategies;
    private final long seed;
    private final Stages stages;
    private Sampling sampling = Sampling.EXACT;
    private boolean everyAccess;

    /**
     * @param strategies to compare; the baseline is put first if it is missing
     * @param seed of page draws
     * @param stages told where the time goes
     */
    TraceReplay(Machine machine, List<Strategy> strategies, long seed, Stages stages) {
        this.machine = machine;
        this.strategies = withBaseline(strategies);
        this.seed = seed;
        this.stages = stages;
    }

    /** Measures some stretches only; all if nobody says. Page-access traces are always replayed whole. @return this */
    TraceReplay sampled(Sampling sampling) {
        this.sampling = sampling;
        return this;
    }

    /** Whether every lane makes every access, also those that are sure to hit; only if somebody says so. @return this */
    TraceReplay everyAccess(boolean everyAccess) {
        this.everyAccess = everyAccess;
        return this;
    }

    static List<Strategy> withBaseline(List<Strategy> strategies) {
        List<Strategy> all = new ArrayList<>();
        all.add(Strategies.parse(Strategies.BASELINE));
        strategies.stream()
                .filter(strategy -> !strategy.name().equals(Strategies.BASELINE))
                .forEach(all::add);
        return all;
    }

    /**
     * @param input the trace, which is left open
     * @param format empty to recognise it
     * @param footprints that pages are drawn from
     * @param threads that run the lanes, and decode
     * @param progress told how many events have been read, now and then
     * @throws tollgate.ingest.BadInput if the trace cannot be used
     */
    Replayed run(
            Input input,
            String format,
            Sidecar sidecar,
            Footprints footprints,
            ExecutorService threads,
            LongConsumer progress)
            throws IOException {
        if (PageTrace.isOne(input.head())) {
            return pages(input, sidecar, threads);
        }
        Format reader = format.isEmpty() ? Formats.recognise(input) : Formats.named(format);
        try (Recording recording =
                new ReadAhead(new CountableTimes(reader.open(input, new Workers(threads)), input.name()))) {
            PageStream drawn = new PageStream(footprints, seed);
            Probe probe = Probe.of(sidecar.recorded().tool(), reader.name());
            Timeline timeline =
                    probe.timed(new Timeline(recording.names(), sidecar, drawn)).sampled(sampling);
            List<Lane> lanes = lanes(Neighbours.of(sidecar));
            prepare(drawn, lanes);
            Excerpt excerpt = new Excerpt(recording, timeline.facts());
            new Replay(lanes, threads, stages).run(excerpt, timeline, progress);
            if (timeline.facts().events() == 0) {
                throw new BadInput(
                        input.name(),
                        "expected events, found none in what was read as " + reader.name()
                                + "; see what 'tollgate inspect' says of it");
            }
            Facts facts = timeline.facts();
            Tally tally = recording.tally();
            Coverage coverage = recording.coverage();
            boolean hasRealClock = sidecar.clock() == Sidecar.Clock.REAL && coverage.clock() == Coverage.Clock.NANOS;
            String noTime = probe.noBusyTime(facts, hasRealClock);
            MemorySizes sizes = new MemorySizes(sidecar.memory());
            Structure structure = Structure.measure(
                    excerpt,
                    sidecar,
                    probe,
                    footprints,
                    seed,
                    this::prepare,
                    () -> lanes(Neighbours.of(sidecar)),
                    lane -> ExposureFigures.of(lane, noTime, sizes),
                    threads);
            return new Replayed(
                    trace(input, reader, sidecar, facts, tally, coverage, hasRealClock),
                    lanes.stream().map(Lane::counts).toList(),
                    exposures(lanes, noTime, sizes),
                    protections(lanes, noTime, sizes),
                    sizes.all(),
                    facts,
                    structure,
                    probe,
                    hasRealClock,
                    sidecar.recorded().cpu(),
                    caveats(sidecar, facts, tally, coverage),
                    warnings(tally));
        }
    }

    private void prepare(PageStream pages, List<Lane> lanes) {
        if (!everyAccess) {
            pages.withEssentials(machine.geometry(), Lane.unmapped(lanes));
        }
    }

    private List<Lane> lanes() {
        return lanes(Neighbours.NONE);
    }

    private List<Lane> lanes(Neighbours neighbours) {
        return strategies.stream()
                .map(strategy -> new Lane(strategy, machine, neighbours))
                .toList();
    }

    private static List<Map<ExposureMetric, Exposed>> exposures(List<Lane> lanes, String noTime, MemorySizes sizes) {
        return lanes.stream()
                .map(lane -> ExposureFigures.of(lane, noTime, sizes))
                .toList();
    }

    /** @param lanes the baseline's first */
    private static List<Protection> protections(List<Lane> lanes, String noTime, MemorySizes sizes) {
        Protections protections = new Protections(lanes.get(0), sizes, noTime);
        return lanes.stream().map(protections::of).toList();
    }

    private static String name(Input input) {
        return String.valueOf(input.path().getFileName());
    }

    /** A page-access trace: nothing is drawn. */
    private Replayed pages(Input input, Sidecar sidecar, ExecutorService threads) throws IOException {
        List<Lane> lanes = lanes();
        PageTraceSteps steps = new PageTraceSteps();
        new Replay(lanes, threads, stages).run(input, steps);
        Facts facts = steps.facts();
        String noTime = Probe.NONE.noBusyTime(facts, false);
        MemorySizes sizes = new MemorySizes(sidecar.memory());
        Comparison.Trace about = new Comparison.Trace(
                name(input),
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
        return new Replayed(
                about,
                lanes.stream().map(Lane::counts).toList(),
                exposures(lanes, noTime, sizes),
                protections(lanes, noTime, sizes),
                sizes.all(),
                facts,
                Structure.none(lanes.size()),
                Probe.NONE,
                false,
                "",
                List.of(
                        "Every page access is recorded, none is drawn; memory classes follow from addresses alone.",
                        "Its clock counts instructions, so only counts and cycles are given."),
                List.of());
    }

    private static List<String> warnings(Tally tally) {
        List<String> warnings = new ArrayList<>();
        if (!tally.endsEarly().isEmpty()) {
            warnings.add("ends early, used up to its last whole record (" + tally.endsEarly() + ")");
        }
        if (tally.skipped() > 0) {
            warnings.add(
                    "damaged, " + tally.skipped() + " times something was skipped; the first: " + tally.firstSkipped());
        }
        if (tally.lossReports() > 0) {
            warnings.add("the recorder lost records " + tally.lossReports() + " times, "
                    + (tally.lost() > 0 ? "at least " + tally.lost() + " in all" : "it did not say how many"));
        }
        if (tally.outOfOrder() > 0) {
            warnings.add(tally.outOfOrder() + " events whose time runs back");
        }
        return warnings;
    }

    private static Comparison.Trace trace(
            Input input,
            Format reader,
            Sidecar sidecar,
            Facts facts,
            Tally tally,
            Coverage coverage,
            boolean hasRealClock)
            throws IOException {
        return new Comparison.Trace(
                name(input),
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
    private static List<String> caveats(Sidecar sidecar, Facts facts, Tally tally, Coverage coverage) {
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
        caveats.add("A replay cannot change scheduling, batching or timer phases.");
        return caveats;
    }
}
