package tollgate.ingest;

/**
 * Durations of one sort, as a histogram: count and sum are exact, a quantile is off by less than 0.4 %.
 *
 * <p>Each power of two is divided into {@value #PARTS} buckets, so a bucket [v, v + w) has w &lt;= v / 128, and its
 * middle is within w / 2 of whatever lies in it. Below 128 ns a bucket holds one value and the quantile is exact.
 * A power of two that no duration has needs no memory: the usual few decades are some 10 KB.
 */
public final class InventoryDurations {
    private static final int BITS = 7;
    private static final int PARTS = 1 << BITS;

    private final long[][] octaves = new long[Long.SIZE - BITS][];
    private long count;
    private long total;
    private long least = Long.MAX_VALUE;
    private long most;

    InventoryDurations() {}

    /** @param nanos negative ones, of a clock that ran back, are taken as 0 */
    void add(long nanos) {
        add(nanos, 1);
    }

    void add(long nanos, long times) {
        if (times == 0) {
            return;
        }
        long value = Math.max(0, nanos);
        int octave = octave(value);
        if (octaves[octave] == null) {
            octaves[octave] = new long[PARTS];
        }
        octaves[octave][part(value, octave)] += times;
        count += times;
        total += value * times;
        least = Math.min(least, value);
        most = Math.max(most, value);
    }

    public long count() {
        return count;
    }

    public long totalNanos() {
        return total;
    }

    /**
     * The shortest duration that at least this share does not exceed, nanoseconds; 0 if there were none.
     *
     * @param share in (0, 1]
     */
    public long quantileNanos(double share) {
        long rank = Math.max(1, (long) Math.ceil(share * count));
        long seen = 0;
        for (int octave = 0; octave < octaves.length; octave++) {
            long[] parts = octaves[octave];
            for (int part = 0; parts != null && part < PARTS; part++) {
                seen += parts[part];
                if (seen >= rank) {
                    return Math.max(least, Math.min(most, middle(octave, part)));
                }
            }
        }
        return 0;
    }

    /** 0 for [0, 128), k for [128 << k - 1, 128 << k). */
    private static int octave(long value) {
        return Math.max(0, Long.SIZE - BITS - Long.numberOfLeadingZeros(value));
    }

    private static int part(long value, int octave) {
        return octave == 0 ? (int) value : (int) (value >>> octave - 1) - PARTS;
    }

    private static long middle(int octave, int part) {
        if (octave == 0) {
            return part;
        }
        long width = 1L << octave - 1;
        return (PARTS + part) * width + (width - 1) / 2;
    }
}
