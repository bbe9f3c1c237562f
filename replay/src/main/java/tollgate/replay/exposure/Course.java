package tollgate.replay.exposure;

import java.util.Arrays;

/**
 * How exposure went over the time of the trace: what share of each slice the full space was live. At most {@link #MOST}
 * slices of equal width; when the trace outgrows them, neighbours are joined and the width doubles.
 */
public final class Course {
    public static final int MOST = 128;

    private final long[] host = new long[MOST];
    private final long[] full = new long[MOST];
    private long start = Long.MIN_VALUE;
    private long width = 1 << 10;
    private int size;

    void pass(long from, long to, boolean isFull) {
        if (start == Long.MIN_VALUE) {
            start = from;
        }
        for (long at = Math.max(from, start); at < to; ) {
            while ((at - start) / width >= MOST) {
                join();
            }
            int slice = (int) ((at - start) / width);
            long end = Math.min(to, start + (slice + 1) * width);
            host[slice] += end - at;
            full[slice] += isFull ? end - at : 0;
            size = Math.max(size, slice + 1);
            at = end;
        }
    }

    private void join() {
        for (int i = 0; i < MOST / 2; i++) {
            host[i] = host[2 * i] + host[2 * i + 1];
            full[i] = full[2 * i] + full[2 * i + 1];
        }
        Arrays.fill(host, MOST / 2, MOST, 0);
        Arrays.fill(full, MOST / 2, MOST, 0);
        width *= 2;
        size = (size + 1) / 2;
    }

    public int size() {
        return size;
    }

    /** Nanoseconds of a slice. */
    public long width() {
        return width;
    }

    /** Time in user and kernel mode in this slice, all CPUs together. */
    public long hostNanos(int slice) {
        return host[slice];
    }

    /** Of it, with the full space live. */
    public long fullNanos(int slice) {
        return full[slice];
    }
}
