package tollgate.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;
import tollgate.replay.Facts;

/**
 * Every twentieth batch of a recording, kept while it is read, to be replayed again: a systematic sample, so that all
 * phases of a trace are in it. Between two kept batches stands a mark of loss, for what came between is not known.
 */
final class Excerpt implements Recording {
    /** One in so many: seven replays of it are a third of a replay of all. */
    static final int EVERY = 20;

    /** 1.5 MB, 33,000 events. Of a longer recording every second one kept so far is dropped, and from then on half as many are kept. */
    private static final int MOST = 8;

    private final Recording recording;
    private final Facts facts;
    private List<Batch> kept = new ArrayList<>();
    private int every = EVERY;
    private long counted;
    private boolean isWarmUp = true;

    /** @param facts of the timeline that this is read by: what comes before the workload's first event is not kept */
    Excerpt(Recording recording, Facts facts) {
        this.recording = recording;
        this.facts = facts;
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        if (!recording.read(batch)) {
            return false;
        }
        if (facts.entries() + facts.exits() > 0 && counted++ % every == 0) {
            keep(batch);
        } else if (kept.isEmpty()) {
            kept.add(copy(batch)); // a recording of one batch has no other
        }
        return true;
    }

    private void keep(Batch batch) {
        if (isWarmUp) {
            isWarmUp = false;
            kept.clear();
        }
        if (kept.size() == MOST) {
            List<Batch> half = new ArrayList<>();
            for (int i = 0; i < MOST; i += 2) {
                half.add(kept.get(i));
            }
            kept = half;
            every *= 2;
        }
        kept.add(copy(batch));
    }

    private static Batch copy(Batch batch) {
        Batch copy = new Batch();
        for (int i = 0; i < batch.size(); i++) {
            copy.append(batch, i);
        }
        return copy;
    }

    /** What was kept, from its beginning; as often as wanted. */
    Recording again() {
        return new Again();
    }

    @Override
    public Coverage coverage() {
        return recording.coverage();
    }

    @Override
    public Tally tally() {
        return recording.tally();
    }

    @Override
    public Names names() {
        return recording.names();
    }

    @Override
    public void close() throws IOException {
        recording.close();
    }

    private final class Again implements Recording {
        private int next;
        /** Whether a mark of loss comes next; the first, at the recording's own beginning, is what its region counts from. */
        private boolean isGap = true;

        @Override
        public boolean read(Batch batch) {
            batch.clear();
            if (isGap) {
                isGap = false;
                long time = next == 0 ? facts.firstTime() : kept.get(next).time[0];
                batch.append(time, -1, -1, -1, -1, Kind.LOST, 0, -1, 0);
                return true;
            }
            if (next == kept.size()) {
                return false;
            }
            Batch from = kept.get(next++);
            for (int i = 0; i < from.size(); i++) {
                batch.append(from, i);
            }
            isGap = next < kept.size();
            return true;
        }

        @Override
        public Coverage coverage() {
            return Excerpt.this.coverage();
        }

        @Override
        public Tally tally() {
            return Excerpt.this.tally();
        }

        @Override
        public Names names() {
            return Excerpt.this.names();
        }

        @Override
        public void close() {}
    }
}
