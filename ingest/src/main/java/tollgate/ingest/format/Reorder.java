package tollgate.ingest.format;

import java.util.Arrays;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Tally;

/**
 * Puts events in order of time that come nearly in order: a binary heap of at most {@link #WINDOW} events, whose earliest
 * leaves when the next comes. An event that comes later than that is told at the time of the last that left, and counted.
 * Events of equal time leave in the order in which they came.
 */
final class Reorder {
    /** 64 Ki events: perf trace reads a buffer per CPU of 1 to 4 MiB at a time, some ten thousand records. */
    static final int WINDOW = 1 << 16;

    private final Tally tally;
    private long[] time = new long[1 << 10];
    private long[] order = new long[1 << 10];
    private long[][] rest = new long[1 << 10][];
    private int size;
    private long came;
    private long last = Long.MIN_VALUE;

    Reorder(Tally tally) {
        this.tally = tally;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** True if the earliest must leave before another comes. */
    boolean isFull() {
        return size == WINDOW;
    }

    void add(long time, int tid, int comm, Kind kind, int code, long a, long b) {
        if (size == this.time.length) {
            this.time = Arrays.copyOf(this.time, 2 * size);
            order = Arrays.copyOf(order, 2 * size);
            rest = Arrays.copyOf(rest, 2 * size);
        }
        long[] event = {tid, comm, kind.ordinal(), code, a, b};
        int hole = size++;
        long number = came++;
        while (hole > 0) {
            int parent = (hole - 1) >>> 1;
            if (this.time[parent] <= time) {
                break;
            }
            move(parent, hole);
            hole = parent;
        }
        set(hole, time, number, event);
    }

    /** Moves the earliest event into the batch, which the caller has made sure is not full. */
    void leave(Batch batch) {
        long at = time[0];
        if (at < last) {
            tally.countOutOfOrder();
            at = last;
        }
        last = at;
        long[] e = rest[0];
        batch.append(at, -1, (int) e[0], -1, (int) e[1], Kind.of((int) e[2]), (int) e[3], e[4], e[5]);
        size--;
        int hole = 0;
        while (2 * hole + 1 < size) {
            int child = 2 * hole + 1;
            if (child + 1 < size && isBefore(child + 1, child)) {
                child++;
            }
            if (!isBefore(child, size)) {
                break;
            }
            move(child, hole);
            hole = child;
        }
        move(size, hole);
        rest[size] = null;
    }

    private boolean isBefore(int i, int j) {
        return time[i] < time[j] || time[i] == time[j] && order[i] < order[j];
    }

    private void move(int from, int to) {
        set(to, time[from], order[from], rest[from]);
    }

    private void set(int at, long time, long order, long[] rest) {
        this.time[at] = time;
        this.order[at] = order;
        this.rest[at] = rest;
    }
}
