package tollgate.analysis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tollgate.replay.Counts;
import tollgate.replay.Facts;
import tollgate.replay.Sampling;

/**
 * What came of a replay, before any price: all that reports are made from, fit to be sent or kept. The same counts are
 * priced for every CPU with the same machine and for every price list.
 *
 * @param trace what was replayed
 * @param lanes the baseline's first
 * @param exposures what was exposed, for the same lanes
 * @param protections what else is told of it, for the same lanes
 * @param memory sizes that figures in bytes rest on
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
        List<Protection> protections,
        List<MemorySizes.Size> memory,
        Facts facts,
        Structure structure,
        Probe probe,
        boolean hasRealClock,
        String recordedOn,
        List<String> caveats,
        List<String> warnings)
        implements Serializable {
    /** 64 MiB; results of the shipped recordings have less than 1 MiB. */
    public static final int MOST_BYTES = 64 << 20;

    /** Results and what they consist of; nothing else is ever made from bytes. An array may not be longer than all of them. */
    private static final ObjectInputFilter OURS = ObjectInputFilter.Config.createFilter(
            "maxarray=" + MOST_BYTES / Long.BYTES + ";maxdepth=64;tollgate.**;java.lang.*;java.util.*;!*");

    public Replayed {
        lanes = List.copyOf(lanes);
        exposures = List.copyOf(exposures);
        protections = List.copyOf(protections);
        memory = List.copyOf(memory);
        caveats = List.copyOf(caveats);
        warnings = List.copyOf(warnings);
    }

    /** As bytes, to be kept or sent. */
    public byte[] packed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(new GZIPOutputStream(bytes))) {
            objects.writeObject(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * From such bytes, whatever they are: no more memory is taken than {@link #MOST_BYTES}, and nothing but results is made.
     *
     * @throws IOException if it is none
     */
    public static Replayed unpacked(byte[] packed) throws IOException {
        byte[] bytes;
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new IOException("expected a result of at most " + (MOST_BYTES >> 20) + " MiB, found more");
        }
        try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            objects.setObjectInputFilter(OURS);
            return (Replayed) objects.readObject();
        } catch (ClassNotFoundException | RuntimeException damaged) {
            throw new IOException("expected a result, found something else", damaged);
        }
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
        String takenOut = probe.takenOut(facts, hasRealClock);
        if (!takenOut.isEmpty()) {
            all.add(takenOut);
        }
        if (facts.sampledOneIn() > 1) {
            all.add("Sampled: one stretch of " + Sampling.STRETCH + " events in " + facts.sampledOneIn()
                    + " was measured, "
                    + facts.measured() + " events of " + facts.events()
                    + ", each after a warm-up; counts are of these alone. " + pricing.samplingError());
        }
        List<Comparison.Strategy> strategies = new ArrayList<>();
        for (int lane = 0; lane < lanes.size(); lane++) {
            strategies.add(pricing.price(lanes.get(lane), exposures.get(lane), protections.get(lane)));
        }
        return new Comparison.Workload(
                name, trace, strategies, all, pricing.uncertainty(), memory, pricing.breakEven());
    }
}
