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
    /** The bit of each of eight bytes that says that the number goes on. */
    private static final long MORE = 0x8080808080808080L;

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
    /** Of one column, while it is decoded: differences, then values. */
    private final long[] numbers = new long[EVENTS];

    private byte[] room = {};

    /** An array of at least so many bytes for what is decoded next; the same one again, unless it is asked for more than any events need. */
    byte[] room(int length) {
        if (length > EVENTS * WIDEST) {
            return new byte[length];
        }
        if (length > room.length) {
            room = new byte[Math.min(length * 2, EVENTS * WIDEST)];
        }
        return room;
    }

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
        batch.append(time, cpu, tid, pid, comm, kind, code, a, b, from, count);
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
        int[][] ints = {cpu, tid, pid, comm};
        if (!differences(bytes, start, ends[0])) {
            return 0;
        }
        sum(time);
        for (int i = 0; i < ints.length; i++) {
            if (!differences(bytes, ends[i], ends[i + 1])) {
                return i + 1;
            }
            sum(ints[i]);
        }
        for (int i = 0; i < count; i++) {
            if (cpu[i] >= Coverage.MOST_CPUS) {
                return 1;
            }
        }
        if (ends[5] - ends[4] != count || !kinds(bytes, ends[4], kinds)) {
            return 5;
        }
        if (!differences(bytes, ends[5], ends[6])) {
            return 6;
        }
        sumByKind();
        for (int i = 0; i < count; i++) {
            code[i] = (int) numbers[i];
        }
        if (!differences(bytes, ends[6], ends[7])) {
            return 7;
        }
        sumByKind();
        System.arraycopy(numbers, 0, a, 0, count);
        if (!differences(bytes, ends[7], ends[8])) {
            return 8;
        }
        sumByKind();
        System.arraycopy(numbers, 0, b, 0, count);
        return -1;
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

    private boolean kinds(byte[] bytes, int start, int[] kinds) {
        for (int i = 0; i < size; i++) {
            int told = bytes[start + i] & 0xff;
            if (told >= kinds.length || kinds[told] < 0) {
                return false;
            }
            kind[i] = (byte) kinds[told];
        }
        return true;
    }

    private void sum(long[] column) {
        long last = 0;
        for (int i = 0; i < size; i++) {
            last += numbers[i];
            column[i] = last;
        }
    }

    private void sum(int[] column) {
        long last = 0;
        for (int i = 0; i < size; i++) {
            last += numbers[i];
            column[i] = (int) last;
        }
    }

    /** Of differences from the last event of the same kind, the values. */
    private void sumByKind() {
        Arrays.fill(before, 0);
        for (int i = 0; i < size; i++) {
            long value = before[kind[i]] + numbers[i];
            before[kind[i]] = value;
            numbers[i] = value;
        }
    }

    /** Reads the differences of one column. @return whether its bytes hold as many as there are events, no more and no fewer */
    private boolean differences(byte[] bytes, int start, int end) {
        long[] to = numbers;
        int at = start;
        int i = 0;
        while (i < size && at < end) {
            long word = Little.i64(bytes, at);
            if ((word & MORE) == 0 && i + 8 <= size && at + 8 <= end) {
                for (int k = 0; k < 8; k++) {
                    to[i + k] = signed(word >>> 8 * k & 0x7f);
                }
                i += 8;
                at += 8;
            } else {
                // The number ends with the first byte that says that none follows.
                long last = ~word & MORE;
                if (last == 0) {
                    boolean isTen = bytes[at + 8] < 0;
                    long upper = (bytes[at + 8] & 0x7fL) << 56 | (isTen ? (long) bytes[at + 9] << 63 : 0);
                    to[i++] = signed(join(word) | upper);
                    at += isTen ? 10 : 9;
                } else {
                    to[i++] = signed(join(word & (last ^ last - 1)));
                    at += (Long.numberOfTrailingZeros(last) >> 3) + 1;
                }
            }
        }
        return i == size && at == end;
    }

    /** Takes the top bit out of each byte: of eight groups of 7 bits two by two, then of four of 14, then of two of 28. */
    private static long join(long groups) {
        long seven = groups & ~MORE;
        long fourteen = seven & 0x007f007f007f007fL | seven >>> 1 & 0x3f803f803f803f80L;
        long twentyEight = fourteen & 0x00003fff00003fffL | fourteen >>> 2 & 0x0fffc0000fffc000L;
        return twentyEight & 0x000000000fffffffL | twentyEight >>> 4 & 0x00fffffff0000000L;
    }

    private static long signed(long zigzag) {
        return zigzag >>> 1 ^ -(zigzag & 1);
    }
}
