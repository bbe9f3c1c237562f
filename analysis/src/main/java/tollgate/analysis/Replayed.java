package tollgate.analysis;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tollgate.replay.Counts;
import tollgate.replay.Facts;

/**
 * What came of a replay, before any price: all that reports are made from, fit to be sent or kept. The same counts are
 * priced for every CPU with the same machine and for every price list.
 *
 * @param trace what was replayed
 * @param lanes the baseline's first
 * @param exposures what was exposed, for the same lanes
 * @param facts denominators
 * @param structure what depends on the model's parameters, for the same lanes
 * @param probe what the recorder cost
 * @param hasRealClock false for recordings of emulated machines, whose times mean nothing
 * @param recordedOn the CPU that it was recorded on, or empty
 * @param caveats what a reader of the figures must know, one sentence each
 * @param warnings what was wrong with the trace though it could be used, one line each
 */
public record Replayed(
        Comparison.Trace trace,
        List<Counts> lanes,
        List<Map<ExposureMetric, Exposed>> exposures,
        Facts facts,
        Structure structure,
        Probe probe,
        boolean hasRealClock,
        String recordedOn,
        List<String> caveats,
        List<String> warnings)
        implements Serializable {
    public Replayed {
        lanes = List.copyOf(lanes);
        exposures = List.copyOf(exposures);
        caveats = List.copyOf(caveats);
        warnings = List.copyOf(warnings);
    }

    /**
     * @param name for the workload
     * @param cpu whose machine it was replayed on
     * @param draws that the intervals rest on
     * @param seed of the draws
     */
    public Comparison.Workload price(String name, CpuProfile cpu, int draws, long seed) {
        Pricing pricing = new Pricing(cpu, facts, hasRealClock, lanes, structure, probe, draws, seed);
        List<String> all = new ArrayList<>(caveats);
        if (!recordedOn.isEmpty()) {
            all.add("Recorded on " + recordedOn + ", priced for " + cpu.title() + ".");
        }
        List<Comparison.Strategy> strategies = new ArrayList<>();
        for (int lane = 0; lane < lanes.size(); lane++) {
            strategies.add(pricing.price(lanes.get(lane), exposures.get(lane)));
        }
        return new Comparison.Workload(name, trace, strategies, all, pricing.uncertainty(), pricing.breakEven());
    }
}
