package tollgate.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.replay.mmu.GeometryFile;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/**
 * One lane over the redis sample with full page streams: events a second when everything but the lane is done
 * (steps computed beforehand), and when the timeline draws them. Run: {@code .ci/benchmark ReplayBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ReplayBenchmark {
    @Param({"baseline", "kpti", "kpti-nopcid", "asi-2025"})
    public String strategy;

    /** Whether accesses that are sure to hit are known and left out ({@link Access}). */
    @Param({"false", "true"})
    public boolean reuse;

    private final List<Batch> batches = new ArrayList<>();
    private final Steps steps = new Steps(1 << 22);
    private tollgate.ingest.Names names;
    private Machine machine;
    private Footprints footprints;

    @Setup(Level.Trial)
    public void read() throws IOException {
        Path trace = root().resolve("traces/redis.perf.txt.zst");
        try (Input input = Input.of(trace);
                Recording recording = Formats.recognise(input).open(input)) {
            names = recording.names();
            Batch batch = new Batch();
            while (recording.read(batch)) {
                batches.add(batch);
                batch = new Batch();
            }
        }
        machine = new Machine(GeometryFile.of("skylake-sp"), true, true, true);
        footprints = Footprints.shipped();
        Timeline timeline = timeline();
        batches.forEach(batch -> timeline.accept(batch, steps));
        timeline.finish(steps);
        System.out.println(timeline.facts().events() + " events, " + steps.size() + " words");
    }

    private Timeline timeline() {
        PageStream pages = new PageStream(footprints, 1);
        if (reuse) {
            pages.withEssentials(machine.geometry(), Lane.unmapped(List.of(newLane())));
        }
        return new Timeline(names, Sidecar.NONE, pages);
    }

    private Lane newLane() {
        return new Lane(Strategies.parse(strategy), machine);
    }

    /** 29,498 events through one lane, page accesses included. */
    @Benchmark
    public Ledger lane() {
        Lane lane = newLane();
        lane.run(steps);
        lane.finish();
        return lane.ledger();
    }

    /** The same events into steps, every page drawn. */
    @Benchmark
    public int timelineAndPages() {
        Timeline timeline = timeline();
        Steps out = new Steps(1 << 18);
        int words = 0;
        for (Batch batch : batches) {
            timeline.accept(batch, out);
            words += out.size();
            out.clear();
        }
        return words;
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("traces"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
