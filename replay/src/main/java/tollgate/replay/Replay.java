package tollgate.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import tollgate.ingest.Batch;
import tollgate.ingest.Recording;

/**
 * One trace through all strategies: one decode, one timeline, one page stream, and every lane over the same
 * steps. While the lanes work on one buffer the timeline fills the other; the result does not depend on how
 * many threads there are, since lanes share nothing and read the same words in the same order.
 */
public final class Replay {
    /** 64 Ki words are half a megabyte: enough to keep hand-overs rare, small enough for a second-level cache. */
    private static final int WORDS = 1 << 16;

    private final Timeline timeline;
    private final List<Lane> lanes;
    private final ExecutorService threads;

    /**
     * @param timeline of this trace, not used before
     * @param lanes one for each strategy, not used before
     * @param threads that run the lanes
     */
    public Replay(Timeline timeline, List<Lane> lanes, ExecutorService threads) {
        this.timeline = timeline;
        this.lanes = List.copyOf(lanes);
        this.threads = threads;
    }

    /**
     * Reads the recording to its end.
     *
     * @param progress told how many events have been read, now and then
     * @throws tollgate.ingest.BadInput where the recording is corrupt
     */
    public void run(Recording recording, LongConsumer progress) throws IOException {
        Batch batch = new Batch();
        Steps filling = new Steps(WORDS * 2);
        Steps running = new Steps(WORDS * 2);
        List<Future<?>> work = List.of();
        boolean more = true;
        while (more) {
            more = recording.read(batch);
            if (more) {
                timeline.accept(batch, filling);
                progress.accept(timeline.facts().events());
            } else {
                timeline.finish(filling);
            }
            if (!more || filling.size() >= WORDS) {
                await(work);
                Steps filled = filling;
                filling = running;
                filling.clear();
                running = filled;
                work = submit(running);
            }
        }
        await(work);
        lanes.forEach(Lane::finish);
    }

    private List<Future<?>> submit(Steps steps) {
        List<Future<?>> work = new ArrayList<>();
        for (Lane lane : lanes) {
            work.add(threads.submit(() -> lane.run(steps.words(), steps.size())));
        }
        return work;
    }

    private static void await(List<Future<?>> work) {
        for (Future<?> future : work) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a lane failed: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while replaying", e);
            }
        }
    }
}
