package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Tally;
import tollgate.replay.mmu.GeometryFile;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** The size of batches, the number of threads, the order of lanes and what is known to be essential change no count. */
class DeterminismTest {
    private static final Path TRACE = Path.of("..", "traces", "redis.perf.txt.zst");
    private static final int EVENTS = Integer.getInteger("tollgate.events", 6_000);
    private static final Footprints FOOTPRINTS = Footprints.shipped();
    private static final Machine MACHINE = HandWorkedTraceTest.machine();
    private static final Map<String, String> PLAIN =
            counts(TRACE, MACHINE, new Random(0), 1, Batch.CAPACITY, false, false);

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void countsDependOnTheRecordingAlone(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int threads,
            @ForAll @IntRange(min = 1, max = 999) int room) {
        assertThat(counts(TRACE, MACHINE, new Random(seed), threads, room, true, true))
                .isEqualTo(PLAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "redis.perf.txt.zst, haswell",
        "nginx.perf.txt.zst, zen3",
        "gcc-make.perf.txt.zst, skylake-sp",
        "netns.perf.txt.zst, ice-lake-sp",
        "kvm-intel.trace.dat.zst, zen1",
        "kvm-amd.perf.data.zst, skylake-client"
    })
    void leavingOutWhatIsNotEssentialChangesNoCount(String name, String cpu) {
        Path trace = TRACE.resolveSibling(name);
        Machine machine = new Machine(GeometryFile.of(cpu), true, true, true);
        assertThat(counts(trace, machine, new Random(0), 2, Batch.CAPACITY, false, true))
                .isEqualTo(counts(trace, machine, new Random(0), 2, Batch.CAPACITY, false, false));
    }

    /** By strategy: every count of both ledgers and of all segments. */
    private static Map<String, String> counts(
            Path trace,
            Machine machine,
            Random random,
            int threads,
            int room,
            boolean isShuffled,
            boolean onlyEssential) {
        List<Lane> lanes = new ArrayList<>(Strategies.all().stream()
                .map(blueprint -> new Lane(Strategies.parse(blueprint.name()), machine))
                .toList());
        if (isShuffled) {
            Collections.shuffle(lanes, random);
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Input input = Input.of(trace);
                Recording recording = new Rebatched(Formats.recognise(input).open(input), random, room)) {
            PageStream pages = new PageStream(FOOTPRINTS, 1);
            if (onlyEssential) {
                pages.withEssentials(machine.geometry(), Lane.unmapped(lanes));
            }
            Timeline timeline = new Timeline(recording.names(), Sidecar.NONE, pages);
            new Replay(lanes, pool).run(recording, timeline, events -> {});
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            pool.shutdownNow();
        }
        Map<String, String> counts = new TreeMap<>();
        lanes.forEach(lane -> counts.put(
                lane.strategy().name(),
                lane.refused() + show(lane.ledger()) + show(lane.rest()) + show(lane.segments())));
        return counts;
    }

    private static String show(Ledger ledger) {
        Map<Integer, String> rows = new TreeMap<>();
        for (int row = 0; row < ledger.rows(); row++) {
            StringBuilder line = new StringBuilder();
            line.append(ledger.entries(row)).append('/').append(ledger.leaves(row));
            for (Operation operation : Operation.values()) {
                line.append(' ').append(ledger.count(row, operation));
            }
            rows.put(ledger.cause(row), line.toString());
        }
        return rows.toString();
    }

    private static String show(Segments segments) {
        StringBuilder all = new StringBuilder();
        for (int segment = 0; segment < segments.size(); segment++) {
            for (Operation operation : Operation.values()) {
                all.append(segments.count(segment, operation)).append(' ');
            }
            all.append(segments.busyNanos(segment)).append('\n');
        }
        return all.toString();
    }

    /** The first events of another recording in batches of other sizes. */
    private static final class Rebatched implements Recording {
        private final Recording from;
        private final Random random;
        private final int room;
        private final Batch read = new Batch();
        private int next;
        private int left = EVENTS;

        Rebatched(Recording from, Random random, int room) {
            this.from = from;
            this.random = random;
            this.room = room;
        }

        @Override
        public boolean read(Batch batch) throws IOException {
            batch.clear();
            int most = Math.min(left, 1 + random.nextInt(room));
            while (batch.size() < most) {
                if (next == read.size()) {
                    next = 0;
                    if (!from.read(read)) {
                        break;
                    }
                }
                batch.append(read, next++);
            }
            left -= batch.size();
            return batch.size() > 0;
        }

        @Override
        public Coverage coverage() {
            return from.coverage();
        }

        @Override
        public Tally tally() {
            return from.tally();
        }

        @Override
        public Names names() {
            return from.names();
        }

        @Override
        public void close() throws IOException {
            from.close();
        }
    }
}
