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

/** A {@link TollFile} read from its first frame to its last; with workers, a few frames are decoded ahead. */
final class TollRecording implements Recording {
    /** Frames of 64 Ki events, some 4 MB each when unpacked. */
    private static final int AHEAD = 4;

    private final TollFile file;
    private final Optional<Workers> workers;
    private TollColumns columns = new TollColumns();
    private final Deque<Ahead> ahead = new ArrayDeque<>();
    private final Deque<TollColumns> free = new ArrayDeque<>();
    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    private long next;
    private int given;
    private long last = Long.MIN_VALUE;
    private boolean hasCpus;
    private boolean hasProcesses;

    /** A frame on its way. @param next is where the one behind it starts, as {@link TollFile#read} says */
    private record Ahead(long offset, TollColumns columns, Future<Long> next) {}

    TollRecording(TollFile file, Optional<Workers> workers) {
        this.file = file;
        this.workers = workers;
        next = file.firstFrame();
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (!batch.isFull()) {
            if (given < columns.size) {
                given += columns.give(batch, given);
            } else if (next >= 0) {
                readOrSkip();
                given = 0;
                if (!file.hasTail()) {
                    look();
                }
            } else {
                break;
            }
        }
        return batch.size() > 0;
    }

    private void readOrSkip() throws IOException {
        long offset = next;
        try {
            next = isAhead() ? taken() : file.read(offset, columns);
            if (!columns.isInOrderAfter(last)) {
                columns.size = 0;
                throw file.damaged(offset, "expected times in order, found one that runs back");
            }
            last = columns.size == 0 ? last : columns.time[columns.size - 1];
        } catch (Damaged wrong) {
            file.damages().skip(wrong);
            next = file.frameBehind(offset);
        }
    }

    /** Sends frames out, as far as the tail knows them. @return whether the next one is among them */
    private boolean isAhead() {
        if (workers.isEmpty() || !file.hasTail()) {
            return false;
        }
        long last = ahead.isEmpty() ? next - 1 : ahead.peekLast().offset;
        while (ahead.size() < AHEAD && (last = file.frameBehind(last)) >= 0) {
            long offset = last;
            TollColumns to = free.isEmpty() ? new TollColumns() : free.remove();
            ahead.add(new Ahead(offset, to, workers.get().threads().submit(() -> file.read(offset, to))));
        }
        while (!ahead.isEmpty() && ahead.peek().offset < next) {
            // The frames and the index disagree; what was decoded is not the next.
            ahead.remove();
        }
        return !ahead.isEmpty() && ahead.peek().offset == next;
    }

    private long taken() throws IOException {
        Ahead frame = ahead.remove();
        free.add(columns);
        columns = frame.columns;
        try {
            return frame.next.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading", e);
        } catch (ExecutionException e) {
            // Once more, so that the error is this thread's.
            return file.read(frame.offset, columns);
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

    private void look() {
        for (int i = 0; i < columns.size; i++) {
            seen.add(Kind.of(columns.kind[i]));
            hasCpus |= columns.cpu[i] >= 0;
            hasProcesses |= columns.pid[i] >= 0;
        }
    }
}
