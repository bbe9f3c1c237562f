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
 * @param trace path that whoever runs it can reach
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
        Replayed replayed = new TraceReplay(
                        machine, strategies.stream().map(StrategyText::strategy).toList(), seed, damage, new Stages())
                .run(Path.of(trace), format, of, pages, threads, progress);
        if (!replayed.trace().sha256().equals(sha256)) {
            throw new BadInput(trace, "is not what it was when the study began; run the study again");
        }
        return replayed;
    }
}
