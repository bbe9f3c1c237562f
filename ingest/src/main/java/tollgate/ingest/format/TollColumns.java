package tollgate.ingest.format;

import java.util.Arrays;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Kind;

/**
 * The events of one chunk of a {@link Toll} file, and their columns as bytes.
 *
 * <p>A number is written as its difference from the one before, zigzag (0, -1, 1, -2 become 0, 1, 2, 3) and in groups of
 * 7 bits, lowest first, the top bit of a byte set if more follow. "The one before" is the last event for time, cpu, tid,
 * pid and comm, the last event of the same kind for code, a and b, 0 for the first. Differences wrap at 64 bits, so
 * every value can be written. Kinds are one byte each.
 *
 * <p>Entry and return alternate, so the last event of the same kind is a better guess than the last event: it saves 3 to
 * 13 % of the packed bytes (gcc-make/perf.cgroup.data 654 to 568 KB, kvm-amd-svm-6.1/l2-micro-io.perf.data 1636 to
 * 1588 KB).
 */
final class TollColumns {
    /** Events of a chunk at most: some 16 batches; decoded they are 3.2 MB. */
    static final int EVENTS = 1 << 16;

    static final int COLUMNS = 9;
    /** Bytes of one event at most: three numbers of 64 bits in 10, five of 33 in 5, and the kind. */
    static final int WIDEST = 3 * 10 + 5 * 5 + 1;

    private static final int KINDS = Kind.values().length;

    final long[] time = new long[EVENTS];
    final int[] cpu = new int[EVENTS];
    final int[] tid = new int[EVENTS];
    final int[] pid = new int[EVENTS];
    final int[] comm = new int[EVENTS];
    final byte[] kind = new byte[EVENTS];
    final int[] code = new int[EVENTS];
    final long[] a = new long[EVENTS];
    final long[] b = new long[EVENTS];
    int size;

    private final long[] before = new long[KINDS];

    /** Takes events of a batch from {@code from} on, as many as there is room for. @return how many */
    int take(Batch batch, int from) {
        int count = Math.min(batch.size() - from, EVENTS - size);
        System.arraycopy(batch.time, from, time, size, count);
        System.arraycopy(batch.cpu, from, cpu, size, count);
        System.arraycopy(batch.tid, from, tid, size, count);
        System.arraycopy(batch.pid, from, pid, size, count);
        System.arraycopy(batch.comm, from, comm, size, count);
        System.arraycopy(batch.kind, from, kind, size, count);
        System.arraycopy(batch.code, from, code, size, count);
        System.arraycopy(batch.a, from, a, size, count);
        System.arraycopy(batch.b, from, b, size, count);
        size += count;
        return count;
    }

    /** Appends events to a batch from {@code from} on, as many as it has room for. @return how many */
    int give(Batch batch, int from) {
        int count = Math.min(size - from, Batch.CAPACITY - batch.size());
        for (int i = from; i < from + count; i++) {
            batch.append(time[i], cpu[i], tid[i], pid[i], comm[i], Kind.of(kind[i]), code[i], a[i], b[i]);
        }
        return count;
    }

    /**
     * Writes all columns one behind the other.
     *
     * @param to with room for {@link #WIDEST} bytes an event
     * @param ends gets where each column ends, in the order of {@link Batch}
     */
    void encode(byte[] to, int[] ends) {
        int at = putLongs(time, to, 0);
        ends[0] = at;
        at = putInts(cpu, to, at);
        ends[1] = at;
        at = putInts(tid, to, at);
        ends[2] = at;
        at = putInts(pid, to, at);
        ends[3] = at;
        at = putInts(comm, to, at);
        ends[4] = at;
        System.arraycopy(kind, 0, to, at, size);
        at += size;
        ends[5] = at;
        Arrays.fill(before, 0);
        for (int i = 0; i < size; i++) {
            at = put(to, at, code[i] - before[kind[i]]);
            before[kind[i]] = code[i];
        }
        ends[6] = at;
        at = putByKind(a, to, at);
        ends[7] = at;
        ends[8] = putByKind(b, to, at);
    }

    private int putLongs(long[] column, byte[] to, int from) {
        int at = from;
        long last = 0;
        for (int i = 0; i < size; i++) {
            at = put(to, at, column[i] - last);
            last = column[i];
        }
        return at;
    }

    private int putInts(int[] column, byte[] to, int from) {
        int at = from;
        long last = 0;
        for (int i = 0; i < size; i++) {
            at = put(to, at, column[i] - last);
            last = column[i];
        }
        return at;
    }

    private int putByKind(long[] column, byte[] to, int from) {
        int at = from;
        Arrays.fill(before, 0);
        for (int i = 0; i < size; i++) {
            at = put(to, at, column[i] - before[kind[i]]);
            before[kind[i]] = column[i];
        }
        return at;
    }

    private static int put(byte[] to, int from, long difference) {
        int at = from;
        long rest = difference << 1 ^ difference >> 63;
        while ((rest & ~0x7fL) != 0) {
            to[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        to[at++] = (byte) rest;
        return at;
    }

    /**
     * Reads all columns back.
     *
     * @param bytes with at least 10 bytes behind the last column
     * @param start of the first column
     * @param ends where each column ends, none before the one before it
     * @param kinds the kind that each number in the column of kinds means, -1 for none
     * @return the first column that does not hold {@code count} numbers in its bytes, or -1 if all do
     */
    int decode(byte[] bytes, int start, int[] ends, int count, int[] kinds) {
        size = count;
        if (!longs(time, bytes, start, ends[0])) {
            return 0;
        }
        int[][] ints = {cpu, tid, pid, comm};
        for (int i = 0; i < ints.length; i++) {
            if (!ints(ints[i], bytes, ends[i], ends[i + 1])) {
                return i + 1;
            }
        }
        for (int i = 0; i < count; i++) {
            if (cpu[i] >= Coverage.MOST_CPUS) {
                return 1;
            }
        }
        if (ends[5] - ends[4] != count) {
            return 5;
        }
        for (int i = 0; i < count; i++) {
            int told = bytes[ends[4] + i] & 0xff;
            if (told >= kinds.length || kinds[told] < 0) {
                return 5;
            }
            kind[i] = (byte) kinds[told];
        }
        return !codes(bytes, ends[5], ends[6])
                ? 6
                : !byKind(a, bytes, ends[6], ends[7]) ? 7 : !byKind(b, bytes, ends[7], ends[8]) ? 8 : -1;
    }

    /** Whether no time runs back, against each other and against this one. */
    boolean isInOrderAfter(long before) {
        long last = before;
        for (int i = 0; i < size; i++) {
            if (time[i] < last) {
                return false;
            }
            last = time[i];
        }
        return true;
    }

    // The position of the reader, kept here since a method returns one number only and this one is hot.
    private int position;

    private boolean longs(long[] column, byte[] bytes, int start, int end) {
        position = start;
        long last = 0;
        int i = 0;
        for (; i < size && position < end; i++) {
            last += next(bytes);
            column[i] = last;
        }
        return i == size && position == end;
    }

    private boolean ints(int[] column, byte[] bytes, int start, int end) {
        position = start;
        long last = 0;
        int i = 0;
        for (; i < size && position < end; i++) {
            last += next(bytes);
            column[i] = (int) last;
        }
        return i == size && position == end;
    }

    private boolean codes(byte[] bytes, int start, int end) {
        position = start;
        Arrays.fill(before, 0);
        int i = 0;
        for (; i < size && position < end; i++) {
            long value = before[kind[i]] + next(bytes);
            before[kind[i]] = value;
            code[i] = (int) value;
        }
        return i == size && position == end;
    }

    private boolean byKind(long[] column, byte[] bytes, int start, int end) {
        position = start;
        Arrays.fill(before, 0);
        int i = 0;
        for (; i < size && position < end; i++) {
            long value = before[kind[i]] + next(bytes);
            before[kind[i]] = value;
            column[i] = value;
        }
        return i == size && position == end;
    }

    /** At most 10 bytes, whatever they hold. */
    private long next(byte[] bytes) {
        int at = position;
        byte first = bytes[at++];
        long value = first & 0x7f;
        if (first < 0) {
            int shift = 7;
            byte more;
            do {
                more = bytes[at++];
                value |= (long) (more & 0x7f) << shift;
                shift += 7;
            } while (more < 0 && shift < 70);
        }
        position = at;
        return value >>> 1 ^ -(value & 1);
    }
}
