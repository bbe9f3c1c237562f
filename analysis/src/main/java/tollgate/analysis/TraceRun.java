package tollgate.analysis;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import tollgate.ingest.Input;
import tollgate.ingest.Sidecar;
import tollgate.replay.Sampling;
import tollgate.replay.Stages;
import tollgate.replay.Strategy;
import tollgate.replay.pages.Footprints;

/** One trace, from the file to priced results: opened, replayed through all strategies at once, priced. */
public final class TraceRun {
    private final CpuProfile cpu;
    private final List<Strategy> strategies;
    private final long seed;
    private final int draws;
    private final Stages stages = new Stages();
    private final List<String> warnings = new ArrayList<>();
    private Input.Damage damage = Input.Damage.REFUSE;
    private Sampling sampling = Sampling.EXACT;
    private boolean everyAccess;

    /**
     * @param strategies to compare; the baseline is put first if it is missing
     * @param seed of page draws and intervals
     * @param draws that the intervals rest on
     */
    public TraceRun(CpuProfile cpu, List<Strategy> strategies, long seed, int draws) {
        this.cpu = cpu;
        this.strategies = TraceReplay.withBaseline(strategies);
        this.seed = seed;
        this.draws = draws;
    }

    /** What to do where a trace is damaged; to refuse it if nobody says. @return this */
    public TraceRun onDamage(Input.Damage damage) {
        this.damage = damage;
        return this;
    }

    /** Which stretches of the traces that follow are measured; all if nobody says. @return this */
    public TraceRun sampled(Sampling sampling) {
        this.sampling = sampling;
        return this;
    }

    /**
     * Whether every lane makes every access of the traces that follow, also those that are sure to hit the first-level TLB
     * ({@link tollgate.replay.Steps}). It takes longer and changes no figure; only if somebody says so.
     *
     * @return this
     */
    public TraceRun everyAccess(boolean everyAccess) {
        this.everyAccess = everyAccess;
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
        Replayed replayed;
        try (Input input = Input.of(trace, damage)) {
            replayed = new TraceReplay(cpu.machine(), strategies, seed, stages)
                    .sampled(sampling)
                    .everyAccess(everyAccess)
                    .run(input, format, Sidecar.of(trace), footprints, threads, progress);
        }
        replayed.warnings().forEach(warning -> warnings.add(trace + ": " + warning));
        Stages.Stay stay = stages.enter("pricing");
        Comparison.Workload workload = replayed.price(name, cpu, draws, seed);
        stay.end();
        return workload;
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

    /** The CPU as results name it. @param workloads that were run */
    public Comparison.Cpu cpu(List<Comparison.Workload> workloads) {
        return cpu.summary(workloads, draws, seed);
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
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("tollgate", version);
        provenance.put("cpu profile", cpu.name());
        provenance.put("seed", String.valueOf(seed));
        provenance.put("draws", String.valueOf(draws));
        provenance.put("strategies", String.join(" ", strategyNames()));
        return provenance;
    }
}
