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
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Tally;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** The size of batches, the number of threads and the order of lanes change no count. */
class DeterminismTest {
    private static final Path TRACE = Path.of("..", "traces", "redis.perf.txt.zst");
    private static final int EVENTS = 6_000;
    private static final Footprints FOOTPRINTS = Footprints.shipped();
    private static final Map<String, String> PLAIN = counts(new Random(0), 1, Batch.CAPACITY, false);

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void countsDependOnTheRecordingAlone(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 4) int threads,
            @ForAll @IntRange(min = 1, max = 999) int room) {
        assertThat(counts(new Random(seed), threads, room, true)).isEqualTo(PLAIN);
    }

    /** By strategy: every count of both ledgers and of all segments. */
    private static Map<String, String> counts(Random random, int threads, int room, boolean isShuffled) {
        List<Lane> lanes = new ArrayList<>(Strategies.all().stream()
                .map(blueprint -> new Lane(Strategies.parse(blueprint.name()), HandWorkedTraceTest.machine()))
                .toList());
        if (isShuffled) {
            Collections.shuffle(lanes, random);
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Input input = Input.of(TRACE);
                Recording recording = new Rebatched(Formats.recognise(input).open(input), random, room)) {
            Timeline timeline = new Timeline(recording.names(), Sidecar.NONE, new PageStream(FOOTPRINTS, 1));
            new Replay(lanes, pool).run(recording, timeline, events -> {});
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            pool.shutdownNow();
        }
        Map<String, String> counts = new TreeMap<>();
        lanes.forEach(lane ->
                counts.put(lane.strategy().name(), show(lane.ledger()) + show(lane.rest()) + show(lane.segments())));
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
