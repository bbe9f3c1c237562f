package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Figure.Estimate;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Sidecar;
import tollgate.ingest.Tally;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.Replay;
import tollgate.replay.Strategies;
import tollgate.replay.Timeline;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** What depends on the model's parameters: the excerpt, its replays, and their way into the interval. */
final class StructureTest {
    private static final int READ = 0;
    private static final int PER_BATCH = 1_000;

    /** 3 of 40 cycles each, or 1 less to 2 more: the 5th percentile lies at nine tenths of the way down, the 95th of that up. */
    @Test
    void anIntervalGoesFromEndToEndOfAParameter() {
        double[][] added = new double[Operation.count()][1];
        double[] total = new double[added.length];
        added[Operation.INVLPG.ordinal()][0] = total[Operation.INVLPG.ordinal()] = 3;
        double[][][] shifts = Structure.none(1).shifts()[0];
        shifts[ModelParameter.USER_SPEED.ordinal()][0][Operation.INVLPG.ordinal()] = -1;
        shifts[ModelParameter.USER_SPEED.ordinal()][1][Operation.INVLPG.ordinal()] = 2;
        Bill bill = new Bill(added, total, new double[][] {{1}, {1}, {0}}, shifts);
        Prices prices = new Prices(Made.exactly(40), Made.whole());
        List<Draws> sets = Draws.sets(2, 1 << 12, 1, prices, 5);
        double[] samples = bill.samples(sets.get(0), operation -> true, Bill.Per.ENTRY, 1);
        Estimate interval = Bill.interval(120, samples);
        assertThat(interval.low()).isCloseTo((3 - 0.9) * 40, within(0.1));
        assertThat(interval.high()).isCloseTo((3 + 1.8) * 40, within(0.1));
        assertThat(new Sensitivity(sets.get(0), sets.get(1))
                        .causes("s", 120, total, draws -> bill.samples(draws, operation -> true, Bill.Per.ENTRY, 1))
                        .shares())
                .extracting(Uncertainty.Share::coordinate)
                .containsExactly(Uncertainty.USER_SPEED);
    }

    /** 2 entries and 5 exits, each 1 of 40 cycles less to 2 more, over 5 exits: the 95th percentile is 0.9 of the way up. */
    @Test
    void aParameterMovesWhatHappensAtEntriesAndAtExits() {
        double[][] added = new double[Operation.count()][1];
        double[] total = new double[added.length];
        added[Operation.INVLPG.ordinal()][0] = total[Operation.INVLPG.ordinal()] = 10;
        double[][][] shifts = Structure.none(1).shifts()[0];
        shifts[ModelParameter.USER_SPEED.ordinal()][0][Operation.INVLPG.ordinal()] = -1;
        shifts[ModelParameter.USER_SPEED.ordinal()][1][Operation.INVLPG.ordinal()] = 2;
        Bill bill = new Bill(added, total, new double[][] {{1}, {2}, {5}}, shifts);
        Draws draws = Draws.sets(1, 1 << 12, 1, new Prices(Made.exactly(40), Made.whole()), 5)
                .get(0);
        double[] samples = bill.samples(draws, operation -> true, Bill.Per.EXIT, 1);
        Estimate interval = Bill.interval(80, samples);
        assertThat(interval.low()).isCloseTo((10 - 0.9 * 7) * 40 / 5, within(0.1));
        assertThat(interval.high()).isCloseTo((10 + 1.8 * 7) * 40 / 5, within(0.1));
    }

    /** Of 45 batches the first, the 21st and the 41st after the workload has begun; the mark before each is one event more. */
    @Test
    void everyTwentiethBatchIsReplayedAgain() throws IOException {
        try (Loop loop = new Loop(45)) {
            Timeline timeline = timeline(loop);
            Excerpt excerpt = new Excerpt(loop, timeline.facts());
            replay(excerpt, timeline, List.of(lane("baseline")));
            Timeline again = timeline(loop);
            replay(excerpt.again(), again, List.of(lane("baseline")));
            assertThat(again.facts().events()).isEqualTo(3 * PER_BATCH + 3);
            replay(excerpt.again(), again = timeline(loop), List.of(lane("baseline")));
            assertThat(again.facts().events()).isEqualTo(3 * PER_BATCH + 3);
        }
    }

    /** Twice the user pages, more to refill after each flush; a strategy that flushes nothing does not care. */
    @Test
    void moreUserPagesMeanMoreWalksWhereTheyAreFlushed() throws IOException {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Loop loop = new Loop(3)) {
            Timeline timeline = timeline(loop);
            Excerpt excerpt = new Excerpt(loop, timeline.facts());
            replay(excerpt, timeline, List.of(lane("baseline")));
            Structure structure = Structure.measure(
                    excerpt,
                    Sidecar.NONE,
                    Probe.NONE,
                    Footprints.shipped(),
                    1,
                    (pages, lanes) -> {},
                    () -> List.of(lane("baseline"), lane("kpti-nopcid")),
                    lane -> ExposureFigures.of(lane, "", new MemorySizes(Map.of())),
                    threads);
            double[][] shifts = structure.shifts()[1][ModelParameter.USER_PAGES.ordinal()];
            int walks = Operation.WALK_USER.ordinal();
            assertThat(shifts[0][walks]).isNegative();
            assertThat(shifts[1][walks]).isPositive();
            assertThat(structure.shifts()[0][ModelParameter.USER_PAGES.ordinal()][1])
                    .containsOnly(0);
            assertThat(structure.exposures())
                    .allSatisfy(moved -> assertThat(moved).isEmpty());
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatTheIntervalsHoldIsNotListedAsMissing() {
        assertThat(TraceRun.includes()).anyMatch(line -> line.startsWith("user pages of a stretch"));
        assertThat(TraceRun.excludes()).doesNotContainAnyElementsOf(TraceRun.includes());
    }

    private static Timeline timeline(Recording recording) {
        return new Timeline(recording.names(), Sidecar.NONE, new PageStream(Footprints.shipped(), 1));
    }

    private static void replay(Recording recording, Timeline timeline, List<Lane> lanes) throws IOException {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            new Replay(lanes, threads).run(recording, timeline, events -> {});
        } finally {
            threads.shutdownNow();
        }
    }

    private static Lane lane(String strategy) {
        return new Lane(
                Strategies.parse(strategy), CpuProfile.load("skylake-sp").machine());
    }

    /** One task that reads, every microsecond. */
    private static final class Loop implements Recording {
        private final Names names = new Names();
        private final List<Batch> batches = new ArrayList<>();
        private int next;

        Loop(int size) {
            long time = 1_000;
            for (int i = 0; i < size; i++) {
                Batch batch = new Batch();
                for (int call = 0; call < PER_BATCH / 2; call++) {
                    batch.append(time += 700, 0, 7, 7, -1, Kind.SYSCALL_ENTER, READ, 3, 0);
                    batch.append(time += 300, 0, 7, 7, -1, Kind.SYSCALL_EXIT, READ, 0, 0);
                }
                batches.add(batch);
            }
        }

        @Override
        public boolean read(Batch batch) {
            batch.clear();
            if (next == batches.size()) {
                return false;
            }
            Batch from = batches.get(next++);
            for (int i = 0; i < from.size(); i++) {
                batch.append(from, i);
            }
            return true;
        }

        @Override
        public Coverage coverage() {
            return new Coverage(
                    Coverage.Scope.SYSTEM, true, true, Coverage.Clock.NANOS, EnumSet.allOf(Kind.class), true);
        }

        @Override
        public Tally tally() {
            return new Tally();
        }

        @Override
        public Names names() {
            return names;
        }

        @Override
        public void close() {}
    }
}
