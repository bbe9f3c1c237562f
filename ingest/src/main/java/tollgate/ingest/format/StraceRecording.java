package tollgate.ingest.format;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/**
 * One file of strace, or the files of -ff merged by their stamps. Where stamps are equal, files that begin a turn take it in
 * order of their threads, and the one whose turn it is goes on.
 */
final class StraceRecording implements Recording {
    /** Opens a file when its time has come, so that only threads that live at one time need a buffer. */
    interface Opener {
        StraceFile open() throws IOException;
    }

    /** A file to come, or being read. */
    static final class Part {
        private final int order;
        private final Opener opener;
        private StraceFile file;
        private long time;

        /** @param time of its first line, nanoseconds; 0 if it has none */
        Part(int order, long time, Opener opener) {
            this.order = order;
            this.time = time;
            this.opener = opener;
        }
    }

    private final StraceState state;
    private final boolean isMerged;
    private final PriorityQueue<Part> parts = new PriorityQueue<>(
            Comparator.comparingLong((Part part) -> part.time).thenComparingInt(part -> part.order));

    StraceRecording(StraceState state, List<Part> parts) {
        this.state = state;
        this.isMerged = parts.size() > 1;
        this.parts.addAll(parts);
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        if (!isMerged) {
            Part only = parts.peek();
            if (only.file == null) {
                only.file = only.opener.open();
            }
            only.file.fill(batch);
            return batch.size() > 0;
        }
        while (!batch.isFull() && !parts.isEmpty()) {
            Part part = parts.poll();
            if (part.file == null) {
                part.file = part.opener.open();
            }
            long horizon = parts.isEmpty() ? Long.MAX_VALUE : parts.peek().time;
            boolean hasMore = part.file.advance();
            while (hasMore && !batch.isFull() && part.file.time() <= horizon) {
                part.file.take(batch);
                hasMore = part.file.advance();
            }
            if (hasMore) {
                part.time = part.file.time();
                parts.add(part);
            } else {
                part.file.close();
            }
        }
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        return state.coverage(isMerged);
    }

    @Override
    public Tally tally() {
        return state.tally;
    }

    @Override
    public Names names() {
        return state.names;
    }

    @Override
    public void close() throws IOException {
        List<Part> open = new ArrayList<>(parts);
        parts.clear();
        for (Part part : open) {
            if (part.file != null) {
                part.file.close();
            }
        }
    }
}
