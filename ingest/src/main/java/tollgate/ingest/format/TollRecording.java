package tollgate.ingest.format;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;
import tollgate.ingest.Workers;

/** A {@link TollFile} read from its first frame to its last; with workers, a few frames are unpacked ahead. */
final class TollRecording implements Recording {
    /** Frames of 64 Ki events, 0.6 to 3.4 MB each when unpacked. */
    private static final int AHEAD = 4;

    private final TollFile file;
    private final Optional<Workers> workers;
    private TollFrame frame = new TollFrame();
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private final Deque<TollFrame> free = new ArrayDeque<>();
    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    private long next;
    /** Where the frame stands, for messages. */
    private long offset;

    private long last = Long.MIN_VALUE;
    private boolean hasCpus;
    private boolean hasProcesses;

    /** A frame on its way. @param next is where the one behind it starts, as {@link TollFile#read} says */
    private record Ahead(long offset, TollFrame frame, Future<Long> next) {}

    TollRecording(TollFile file, Optional<Workers> workers) {
        this.file = file;
        this.workers = workers;
        next = file.firstFrame();
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (batch.size() == 0 && (frame.hasMore() || next >= 0)) {
            try {
                if (frame.hasMore()) {
                    give(batch);
                } else {
                    offset = next;
                    nextFrame();
                }
            } catch (Damaged wrong) {
                batch.clear();
                frame.clear();
                file.damages().skip(wrong);
                next = file.frameBehind(offset);
            }
        }
        return batch.size() > 0;
    }

    private void nextFrame() throws IOException {
        next = isAhead() ? taken() : file.read(offset, frame);
        if (frame.hasMore() && frame.time() < last) {
            throw file.damaged(offset, "expected times in order, found one that runs back");
        }
    }

    private void give(Batch batch) {
        String wrong = frame.give(batch);
        if (!wrong.isEmpty()) {
            throw file.damaged(offset, wrong);
        }
        last = frame.time();
        if (!file.hasTail()) {
            look(batch);
        }
    }

    /** Sends frames out, as far as the tail knows them. @return whether the next one is among them */
    private boolean isAhead() {
        if (workers.isEmpty() || !file.hasTail()) {
            return false;
        }
        long last = ahead.isEmpty() ? next - 1 : ahead.peekLast().offset;
        while (ahead.size() < AHEAD && (last = file.frameBehind(last)) >= 0) {
            long from = last;
            TollFrame to = free.isEmpty() ? new TollFrame() : free.remove();
            ahead.add(new Ahead(from, to, workers.get().threads().submit(() -> file.read(from, to))));
        }
        while (!ahead.isEmpty() && ahead.peek().offset < next) {
            // The frames and the index disagree; what was decoded is not the next.
            ahead.remove();
        }
        return !ahead.isEmpty() && ahead.peek().offset == next;
    }

    private long taken() throws IOException {
        Ahead taken = ahead.remove();
        free.add(frame);
        frame = taken.frame;
        try {
            return taken.next.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        } catch (ExecutionException e) {
            // Once more, so that the error is this thread's.
            return file.read(taken.offset, frame);
        }
    }

    /** What was told when the file was written or, if it is cut, what has been seen. */
    @Override
    public Coverage coverage() {
        return file.coverage()
                .orElseGet(() -> new Coverage(
                        Coverage.Scope.UNKNOWN,
                        hasCpus,
                        hasProcesses,
                        Coverage.Clock.NANOS,
                        seen,
                        /* isRecordedSetCertain= */ false));
    }

    @Override
    public Tally tally() {
        return file.tally();
    }

    @Override
    public Names names() {
        return file.names();
    }

    @Override
    public void close() {
        // The input owns the file.
    }

    private void look(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            seen.add(batch.kind(i));
            hasCpus |= batch.cpu[i] >= 0;
            hasProcesses |= batch.pid[i] >= 0;
        }
    }
}
