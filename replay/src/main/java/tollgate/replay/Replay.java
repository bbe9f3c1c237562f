package tollgate.replay;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;
import tollgate.ingest.Batch;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.replay.pages.PageTrace;

/**
 * One trace through all strategies: one decode, one page stream, and every lane over the same steps. Buffers go
 * round in a ring: while lanes work on some the next is filled, and a slow lane may be that many behind a quick one, so
 * that threads seldom wait for each other. The result does not depend on how many threads there are, since lanes share
 * nothing and read the same words in the same order.
 */
public final class Replay {
    /**
     * From so many words on a buffer is handed over. Events come in batches that make far more, some 200 words an event; smaller
     * buffers, which would stay in a second-level cache, gained nothing.
     */
    private static final int WORDS = 1 << 14;

    private static final int BUFFERS = 4;

    private final List<Lane> lanes;
    private final ExecutorService threads;
    private final Stages stages;
    private final Buffer[] ring = new Buffer[BUFFERS];
    /** By lane: done when it is through all that was handed over. */
    private final List<CompletableFuture<Void>> work = new ArrayList<>();

    private int turn;
    private Steps filling;
    private long events; // handed over so far, to say where a lane failed

    /**
     * @param lanes one for each strategy, not used before
     * @param threads that run the lanes
     */
    public Replay(List<Lane> lanes, ExecutorService threads) {
        this(lanes, threads, new Stages());
    }

    /**
     * @param lanes one for each strategy, not used before
     * @param threads that run the lanes
     * @param stages told what the page stream and the lanes take
     */
    public Replay(List<Lane> lanes, ExecutorService threads, Stages stages) {
        this.lanes = List.copyOf(lanes);
        this.threads = threads;
        this.stages = stages;
        for (int i = 0; i < BUFFERS; i++) {
            ring[i] = new Buffer();
        }
        filling = ring[0].steps;
        lanes.forEach(lane -> work.add(CompletableFuture.completedFuture(null)));
    }

    private static final class Buffer {
        final Steps steps = new Steps(WORDS * 2);
        /** Done when every lane is through it. */
        CompletableFuture<Void> read = CompletableFuture.completedFuture(null);
    }

    /**
     * Replays a recording of events to its end.
     *
     * @param timeline of this recording, not used before
     * @param progress told how many events have been read, now and then
     * @throws tollgate.ingest.BadInput where the recording is corrupt
     * @throws Contradiction if the lanes' counts cannot be true
     */
    public void run(Recording recording, Timeline timeline, LongConsumer progress) throws IOException {
        Batch batch = new Batch();
        while (recording.read(batch)) {
            Stages.Stay stay = stages.enter("page stream");
            timeline.accept(batch, filling);
            stay.end();
            events = timeline.facts().events();
            progress.accept(events);
            handOverIfFull();
        }
        timeline.finish(filling);
        finish();
        long busy = timeline.facts().busyNanos();
        if (busy >= 0) { // else the recording has no switches to tell by
            lanes.forEach(lane -> lane.exposure().requireBusy(busy));
        }
    }

    /**
     * Replays a page-access trace, whose pages are recorded and not drawn, to its end.
     *
     * @throws tollgate.ingest.BadInput where the trace is corrupt
     * @throws Contradiction if the lanes' counts cannot be true
     */
    public void run(Input pageTrace, PageTraceSteps steps) throws IOException {
        run(sink -> PageTrace.read(pageTrace, sink), steps);
    }

    /** Replays page accesses from anywhere, to their end. */
    public void run(PageAccesses pages, PageTraceSteps steps) throws IOException {
        pages.into(steps.into(() -> {
            handOverIfFull();
            return filling;
        }));
        steps.finish(filling);
        finish();
    }

    /** Page accesses and events in the order of a trace. */
    public interface PageAccesses {
        void into(PageTrace.Sink sink) throws IOException;
    }

    private void handOverIfFull() {
        if (filling.size() >= WORDS) {
            handOver();
        }
    }

    private void handOver() {
        Buffer filled = ring[turn];
        for (int i = 0; i < lanes.size(); i++) {
            Lane lane = lanes.get(i);
            work.set(i, work.get(i).thenRunAsync(() -> run(lane, filled.steps), threads));
        }
        filled.read = CompletableFuture.allOf(work.toArray(CompletableFuture[]::new));
        turn = (turn + 1) % BUFFERS;
        await(ring[turn]);
        filling = ring[turn].steps;
        filling.clear();
    }

    private void run(Lane lane, Steps steps) {
        Stages.Stay stay = stages.enter("replay");
        lane.run(steps);
        stay.end();
    }

    private void finish() {
        handOver();
        for (Buffer each : ring) {
            await(each);
        }
        lanes.forEach(Lane::finish);
        SelfCheck.run(lanes);
    }

    private void await(Buffer buffer) {
        try {
            buffer.read.get();
        } catch (ExecutionException e) {
            throw new Contradiction("a lane failed before event " + events + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while replaying", e);
        }
    }
}
