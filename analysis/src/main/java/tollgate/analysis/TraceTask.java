package tollgate.analysis;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;
import tollgate.ingest.Sidecar;
import tollgate.ingest.SidecarFile;
import tollgate.replay.Machine;
import tollgate.replay.Stages;
import tollgate.replay.StrategyText;
import tollgate.replay.pages.Footprints;

/**
 * The unit of work: one trace through some strategies on one machine. Says all that a replay depends on, so that it can be
 * run anywhere, and names no price: what comes of it is priced by whoever asked for it.
 *
 * <p>A trace is one task, however large. A part of it would have to begin with the TLBs, tags and deferred flushes that the
 * part before left behind, with the tasks that ran on each CPU, and with the page draws' reuse of all that came before;
 * a warm-up makes these alike, not the same, and a result would depend on where it was cut. What is cut where nothing is
 * lost are the strategies: lanes share no state, so that several tasks of one trace give what one of all of them gives.
 *
 * @param trace path that whoever runs it can reach, or an address that a {@link tollgate.ingest.Remote} reads there
 * @param sha256 of the trace; what has another is refused
 * @param format empty to recognise it
 * @param sidecar as YAML, empty for none
 * @param damage what to do where the trace is damaged
 * @param strategies without the baseline, or with it
 * @param footprints path of a file of footprints, empty for the shipped ones
 * @param footprintsSha256 of that file, or empty
 * @param seed of page draws
 */
public record TraceTask(
        String trace,
        String sha256,
        String format,
        String sidecar,
        Input.Damage damage,
        List<StrategyText> strategies,
        Machine machine,
        String footprints,
        String footprintsSha256,
        long seed)
        implements Serializable {
    public TraceTask {
        strategies = List.copyOf(strategies);
    }

    /** What makes its result: two tasks that say the same here have the same result. The folder of the trace is not in it. */
    public String identity() {
        return String.join(
                "\n",
                String.valueOf(Path.of(trace).getFileName()),
                sha256,
                format,
                sidecar,
                damage.toString(),
                strategies.toString(),
                machine.toString(),
                footprintsSha256,
                String.valueOf(seed));
    }

    /**
     * @param pages the footprints that it names
     * @param threads that run the lanes, and decode
     * @param progress told how many events have been read, now and then
     * @throws BadInput if the trace or its sidecar cannot be used
     */
    public Replayed run(Footprints pages, ExecutorService threads, LongConsumer progress) throws IOException {
        Sidecar of = sidecar.isEmpty()
                ? Sidecar.NONE
                : SidecarFile.read(
                        trace + ", its sidecar", new ByteArrayInputStream(sidecar.getBytes(StandardCharsets.UTF_8)));
        try (Input input = Input.of(trace, damage)) {
            check(input.sha256());
            Replayed replayed = new TraceReplay(
                            machine,
                            strategies.stream().map(StrategyText::strategy).toList(),
                            seed,
                            new Stages())
                    .run(input, format, of, pages, threads, progress);
            check(replayed.trace().sha256());
            return replayed;
        }
    }

    /** Before, since what was copied badly would fail for another reason; after, since it may change while it is read. */
    private void check(String found) {
        if (!found.equals(sha256)) {
            throw new BadInput(
                    trace,
                    "expected the trace that the study began with (sha-256 " + sha256.substring(0, 8)
                            + "...), found another (" + found.substring(0, 8)
                            + "...); copy it again, or run the study again");
        }
    }

    /** The footprints that it names, checked. @throws BadInput if they are not there or not those of the study */
    public Footprints load() throws IOException {
        if (footprints.isEmpty()) {
            return Footprints.shipped();
        }
        try (Input input = Input.of(footprints, Input.Damage.REFUSE)) {
            if (!input.sha256().equals(footprintsSha256)) {
                throw new BadInput(footprints, "is not what it was when the study began; run the study again");
            }
            return Footprints.load(input.path());
        }
    }
}
