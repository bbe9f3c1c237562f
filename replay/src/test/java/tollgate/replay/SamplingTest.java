package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.replay.mmu.GeometryFile;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** Some stretches stand for all of a trace, and are found by their replay as an exact one finds them. */
class SamplingTest {
    private static final Path TRACE = Path.of("..", "traces", "gcc-make.perf.txt.zst");
    private static final Machine MACHINE = new Machine(GeometryFile.of("skylake-sp"), true, true, true);
    private static final Footprints FOOTPRINTS = Footprints.shipped();
    private static final int EVERY = 4;
    private static final List<String> STRATEGIES = List.of("baseline", "kpti", "kpti-nopcid", "asi-2025");

    private static final Sampled EXACT = replay(Sampling.EXACT);
    private static final Sampled SAMPLED = replay(Sampling.oneIn(EVERY));
    private static final Sampled TOUCHING_ALL = replay(new Sampling(EVERY, EVERY * Sampling.STRETCH));

    private record Sampled(Facts facts, List<Lane> lanes) {
        /** Per kernel entry, over the baseline. */
        double added(int lane, Operation operation) {
            long more = lanes.get(lane).ledger().count(operation)
                    - lanes.get(0).ledger().count(operation);
            return (double) more / facts.entries();
        }
    }

    @Test
    void everyStretchIsMeasuredOrLeftOutWhole() {
        Sampling sampling = Sampling.oneIn(3);
        assertThat(sampling.measures(Sampling.STRETCH - 1)).isTrue();
        assertThat(sampling.measures(Sampling.STRETCH)).isFalse();
        assertThat(sampling.touches(Sampling.STRETCH)).isFalse();
        assertThat(sampling.touches(3L * Sampling.STRETCH - 1)).isTrue();
        assertThat(sampling.measures(3L * Sampling.STRETCH - 1)).isFalse();
        assertThat(sampling.measures(3L * Sampling.STRETCH)).isTrue();
    }

    @Test
    void aboutItsShareOfTheTraceIsMeasured() {
        assertThat(EXACT.facts.measured()).isEqualTo(EXACT.facts.events());
        assertThat(SAMPLED.facts.events()).isEqualTo(EXACT.facts.events());
        double share = (double) SAMPLED.facts.measured() / EXACT.facts.measured();
        assertThat(share).isCloseTo(1.0 / EVERY, within((double) Sampling.STRETCH / EXACT.facts.measured()));
        assertThat((double) SAMPLED.facts.busyNanos() / EXACT.facts.busyNanos()).isCloseTo(1.0 / EVERY, within(0.1));
    }

    /** What figures are divided by is of the stretches alone, as the counts are. */
    @Test
    void aPieceHasTheEntriesOfItsStretchOnly() {
        for (Lane lane : SAMPLED.lanes) {
            long entries = 0;
            for (int segment = 0; segment < lane.segments().size(); segment++) {
                entries += lane.segments().entries(segment);
            }
            assertThat(entries).isEqualTo(SAMPLED.facts.entries());
        }
    }

    /** 154,785 events are 19 stretches, of which 0, 4, 8, 12 and 16 are measured: nothing smaller was chosen. */
    @Test
    void aPieceIsAStretch() {
        for (Lane lane : SAMPLED.lanes) {
            assertThat(lane.segments().size()).isEqualTo(5);
        }
        assertThat(EXACT.lanes.get(0).segments().size()).isGreaterThanOrEqualTo(Segments.MOST / 2);
    }

    /**
     * What the warm-up leaves wrong, against a replay that touches all pages and counts the same stretches. Untouched
     * stretches evict nothing, so each lane has a few walks too few; what is priced is the difference between two lanes.
     */
    @Test
    void stretchesAreFoundWarm() {
        assertThat(SAMPLED.facts.entries()).isEqualTo(TOUCHING_ALL.facts.entries());
        for (int lane = 1; lane < STRATEGIES.size(); lane++) {
            assertThat(SAMPLED.added(lane, Operation.WALK))
                    .as(STRATEGIES.get(lane))
                    .isCloseTo(TOUCHING_ALL.added(lane, Operation.WALK), within(0.1));
            assertThat(SAMPLED.added(lane, Operation.STLB_HIT))
                    .isCloseTo(TOUCHING_ALL.added(lane, Operation.STLB_HIT), within(0.1));
            assertThat(SAMPLED.added(lane, Operation.CR3_WRITE_KEEP))
                    .isCloseTo(TOUCHING_ALL.added(lane, Operation.CR3_WRITE_KEEP), within(0.01));
        }
    }

    private static Sampled replay(Sampling sampling) {
        List<Lane> lanes = STRATEGIES.stream()
                .map(name -> new Lane(Strategies.parse(name), MACHINE))
                .toList();
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (Input input = Input.of(TRACE);
                Recording recording = Formats.recognise(input).open(input)) {
            PageStream pages = new PageStream(FOOTPRINTS, 1).withEssentials(MACHINE.geometry());
            Timeline timeline = new Timeline(recording.names(), Sidecar.NONE, pages).sampled(sampling);
            new Replay(lanes, pool).run(recording, timeline, events -> {});
            return new Sampled(timeline.facts(), lanes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            pool.shutdownNow();
        }
    }
}
