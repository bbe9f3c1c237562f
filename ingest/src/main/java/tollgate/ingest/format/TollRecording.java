package tollgate.ingest.format;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/** A {@link TollFile} read from its first frame to its last. */
final class TollRecording implements Recording {
    private final TollFile file;
    private final TollColumns columns = new TollColumns();
    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    private long next;
    private int given;
    private boolean hasCpus;
    private boolean hasProcesses;

    TollRecording(TollFile file) {
        this.file = file;
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
        try {
            next = file.read(next, columns);
        } catch (Damaged wrong) {
            file.damages().skip(wrong);
            next = file.frameBehind(next);
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
