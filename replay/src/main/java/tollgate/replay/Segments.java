package tollgate.replay;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The workload's ledger cut into consecutive pieces, for resampling: how often each operation happened,
 * and what it is to be divided by, in each of at most {@link #MOST} segments of the trace.
 *
 * <p>The length of a trace is not known beforehand: when there are too many segments, neighbours are
 * merged in pairs and from then on twice as many marks make one. All lanes see the same marks, so their
 * segments are the same pieces.
 */
public final class Segments implements Serializable {
    private static final long serialVersionUID = 2;

    /** A power of two; 128 blocks leave a bootstrap error of the interval's ends of some 5 %. */
    public static final int MOST = 128;

    private static final int DENOMINATORS = 3;

    private final int leaves = Operation.count() + DENOMINATORS;
    private final int width = leaves + 1;
    private final long[] sums = new long[MOST * width];
    private final long[] last = new long[width];
    private final long[] now = new long[width];
    private int size;
    private int marksPerSegment = 1;
    private int marks;

    /** Ends a segment at what the ledger has counted so far. */
    void mark(Ledger ledger, long busyNanos, long entries, long exits) {
        if (++marks < marksPerSegment) {
            return;
        }
        marks = 0;
        take(ledger, busyNanos, entries, exits);
        if (denominatorsMoved()) {
            begin();
            add();
        }
    }

    /** Ends the trace: what is left belongs to the last segment, or to one of its own if there is something to divide by. */
    void close(Ledger ledger, long busyNanos, long entries, long exits) {
        take(ledger, busyNanos, entries, exits);
        if (size == 0 || denominatorsMoved()) {
            begin();
        }
        add();
    }

    private void take(Ledger ledger, long busyNanos, long entries, long exits) {
        Arrays.fill(now, 0);
        ledger.sumInto(now);
        now[Operation.count()] = busyNanos;
        now[Operation.count() + 1] = entries;
        now[Operation.count() + 2] = exits;
        now[leaves] = ledger.leaves();
    }

    /**
     * Decided by what is the same in all lanes, never by what this lane has counted: else a mark at which only one of
     * them counted something would shift its segments against the others'.
     */
    private boolean denominatorsMoved() {
        int from = Operation.count();
        return !Arrays.equals(now, from, leaves, last, from, leaves);
    }

    private void begin() {
        if (size == MOST) {
            merge();
        }
        Arrays.fill(sums, size * width, (size + 1) * width, 0);
        size++;
    }

    /** Adds what came since the last addition to the last segment. */
    private void add() {
        for (int i = 0; i < width; i++) {
            sums[(size - 1) * width + i] += now[i] - last[i];
        }
        System.arraycopy(now, 0, last, 0, width);
    }

    public int size() {
        return size;
    }

    public long count(int segment, Operation operation) {
        return sums[segment * width + operation.ordinal()];
    }

    public long busyNanos(int segment) {
        return sums[segment * width + Operation.count()];
    }

    public long entries(int segment) {
        return sums[segment * width + Operation.count() + 1];
    }

    public long exits(int segment) {
        return sums[segment * width + Operation.count() + 2];
    }

    /** How often a restricted address space had to be left. */
    public long leaves(int segment) {
        return sums[segment * width + leaves];
    }

    private void merge() {
        for (int s = 0; s < MOST / 2; s++) {
            for (int i = 0; i < width; i++) {
                sums[s * width + i] = sums[2 * s * width + i] + sums[(2 * s + 1) * width + i];
            }
        }
        size = MOST / 2;
        marksPerSegment *= 2;
    }
}
