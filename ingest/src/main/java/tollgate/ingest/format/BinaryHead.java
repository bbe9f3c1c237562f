package tollgate.ingest.format;

import tollgate.ingest.Batch;
import tollgate.ingest.Damaged;
import tollgate.ingest.Kind;

/**
 * What every record says whatever its tracepoint: when, where and who. One object a recording, filled anew
 * for each record.
 */
final class BinaryHead {
    private final String file;

    long time;
    int cpu;
    int tid;
    int pid;
    int comm;
    /** Where the record stands in the file, for messages. */
    long position;

    BinaryHead(String file) {
        this.file = file;
    }

    void append(Batch batch, Kind kind, int code, long a, long b) {
        batch.append(time, cpu, tid, pid, comm, kind, code, a, b);
    }

    Damaged corrupt(String problem) {
        return new Damaged(file + ": byte " + position, problem + "; copy the file again");
    }
}
