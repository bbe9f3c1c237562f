package tollgate.ingest.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;

/**
 * The events of one frame of a {@link Toll} file, decoded batch by batch out of its unpacked bytes; {@link TollColumns}
 * writes them.
 *
 * <p>A batch is filled a column at a time by loops that have no branch: numbers of varying length are read as 8 bytes each,
 * of which a mask leaves those that belong to it. So up to 60 KiB behind the last number are read and thrown away if lengths
 * are false, which is found out when the batch is done; the array has them.
 */
final class TollFrame {
    /** What {@link #give} may read behind the last column: a batch of numbers, each told to be 15 bytes long. */
    private static final int BEHIND = 16 * Batch.CAPACITY + 8;
    /** An array is kept for the next frame unless it is larger than what frames need: the unpacked bytes of one with nothing alike. */
    private static final int LARGEST_KEPT = 4 << 20;

    /** By how many bytes a number has; those of lengths that no number has are never told. */
    private static final long[] MASKS = new long[16];

    static {
        for (int length = 1; length < MASKS.length; length++) {
            MASKS[length] = -1L >>> Math.max(64 - 8 * length, 0);
        }
    }

    /** The array used again. */
    private byte[] kept = {};

    private byte[] bytes = kept;
    private int size;
    private int given;
    private long time;

    private int rows;
    private int[] cpus = {};
    private int[] tids = {};
    private int[] pids = {};
    private int[] comms = {};

    private int acts;
    private byte[] kinds = {};
    private int[] codes = {};
    private long[] lastA = {};
    private long[] lastB = {};

    // Where the next number of each column is.
    private final int[] at = new int[TollColumns.COLUMNS];
    private final int[] ends = new int[TollColumns.COLUMNS];
    private final int[] numbers = new int[Batch.CAPACITY];

    /** An array with room for so many bytes and what is read behind them, zero or not; for {@link #open}. */
    byte[] room(int length) {
        if (length > LARGEST_KEPT) {
            return new byte[length + BEHIND];
        }
        if (length + BEHIND > kept.length) {
            kept = new byte[Math.min(length * 2, LARGEST_KEPT) + BEHIND];
        }
        return kept;
    }

    void clear() {
        bytes = kept;
        size = 0;
        given = 0;
    }

    /** Whether there are events that have not been given. */
    boolean hasMore() {
        return given < size;
    }

    /** Time of the last event given or, before the first, its own. */
    long time() {
        return time;
    }

    /**
     * Takes the frame apart.
     *
     * @param from behind the names, in an array of {@link #room}
     * @param kindOf the kind that each number means, -1 for none
     * @param names how many there are; a task has one of them, or none
     * @return what is wrong with it, empty if nothing is
     */
    String open(ByteBuffer from, int events, int[] kindOf, int names) {
        clear();
        bytes = from.array();
        if (from.remaining() < 12) {
            return "expected a time and a table of tasks, found the end of the frame";
        }
        time = from.getLong();
        String wrong = openTasks(from, names);
        if (wrong.isEmpty()) {
            wrong = openActs(from, kindOf);
        }
        if (wrong.isEmpty()) {
            wrong = openColumns(from, events);
        }
        size = wrong.isEmpty() ? events : 0;
        return wrong;
    }

    private String openTasks(ByteBuffer from, int names) {
        rows = from.getInt();
        if (rows < 0 || rows > TollColumns.EVENTS || from.remaining() < 16 * rows) {
            return "expected a table of tasks in the frame, found one of " + rows;
        }
        if (entries(rows) > cpus.length) {
            cpus = new int[entries(rows)];
            tids = new int[cpus.length];
            pids = new int[cpus.length];
            comms = new int[cpus.length];
        }
        for (int i = 0; i < rows; i++) {
            cpus[i] = from.getInt();
            tids[i] = from.getInt();
            pids[i] = from.getInt();
            comms[i] = from.getInt();
            if (cpus[i] >= Coverage.MOST_CPUS) {
                return "expected a CPU below " + Coverage.MOST_CPUS + ", found " + cpus[i];
            }
            if (comms[i] >= names) {
                return "expected one of " + names + " names, found number " + comms[i];
            }
        }
        return "";
    }

    private String openActs(ByteBuffer from, int[] kindOf) {
        acts = from.remaining() < 4 ? -1 : from.getInt();
        if (acts < 0 || acts > TollColumns.EVENTS || from.remaining() < 5 * acts) {
            return "expected a table of acts in the frame, found one of " + acts;
        }
        if (entries(acts) > kinds.length) {
            kinds = new byte[entries(acts)];
            codes = new int[kinds.length];
            lastA = new long[kinds.length];
            lastB = new long[kinds.length];
        }
        Arrays.fill(lastA, 0, acts, 0);
        Arrays.fill(lastB, 0, acts, 0);
        for (int i = 0; i < acts; i++) {
            int kind = from.get() & 0xff;
            if (kind >= kindOf.length || kindOf[kind] < 0) {
                return "expected a kind of event that is known, found number " + kind;
            }
            kinds[i] = (byte) kindOf[kind];
            codes[i] = from.getInt();
        }
        return "";
    }

    /** Entries of a table that any number of a row finds, valid or not. */
    private static int entries(int rows) {
        return rows <= TollColumns.FEW ? TollColumns.FEW : TollColumns.EVENTS;
    }

    private String openColumns(ByteBuffer from, int events) {
        int start = from.position() + 4 * ends.length;
        int length = from.remaining() - 4 * ends.length;
        if (length < 0) {
            return "expected the ends of columns, found the end of the frame";
        }
        for (int i = 0; i < ends.length; i++) {
            int end = from.getInt();
            at[i] = i == 0 ? start : ends[i - 1];
            ends[i] = start + end;
            if (end < at[i] - start || end > length) {
                return "expected the end of column " + i + " in its frame, found " + end;
            }
        }
        int half = (events + 1) / 2;
        int[] needed = {width(rows) * events, width(acts) * events, half, 0, half, 0, half, 0};
        for (int i = 0; i < ends.length; i++) {
            if (ends[i] - at[i] < needed[i]) {
                return "expected " + needed[i] + " bytes in column " + i + ", found " + (ends[i] - at[i]);
            }
        }
        return "";
    }

    private static int width(int rows) {
        return rows <= TollColumns.FEW ? 1 : 2;
    }

    /**
     * Fills a batch with the next events.
     *
     * @param batch empty
     * @return what is wrong with them, empty if nothing is; they must not be used then
     */
    String give(Batch batch) {
        int count = Math.min(size - given, Batch.CAPACITY);
        batch.extend(count);
        if (!numbers(0, rows, count)) {
            return "expected tasks of the table, found others";
        }
        for (int i = 0; i < count; i++) {
            int task = numbers[i];
            batch.cpu[i] = cpus[task];
            batch.tid[i] = tids[task];
            batch.pid[i] = pids[task];
            batch.comm[i] = comms[task];
        }
        if (!numbers(1, acts, count)) {
            return "expected acts of the table, found others";
        }
        for (int i = 0; i < count; i++) {
            int act = numbers[i];
            batch.kind[i] = kinds[act];
            batch.code[i] = codes[act];
        }
        boolean fits = longs(2, batch.time, count) & longs(4, batch.a, count) & longs(6, batch.b, count);
        if (!fits) {
            return "expected numbers of up to 8 bytes inside their column, found others";
        }
        boolean isOrdered = sum(batch.time, count);
        sum(batch.a, lastA, count);
        sum(batch.b, lastB, count);
        given += count;
        if (!isOrdered) {
            return "expected times in order, found one that runs back";
        }
        return given < size || Arrays.equals(at, ends) ? "" : "expected columns that end with the events, found more";
    }

    /** Reads the rows that a column tells. @return whether all of them are in the table */
    private boolean numbers(int column, int rows, int count) {
        int from = at[column];
        int largest = 0;
        if (rows <= TollColumns.FEW) {
            for (int i = 0; i < count; i++) {
                int number = bytes[from + i] & 0xff;
                numbers[i] = number;
                largest = Math.max(largest, number);
            }
        } else {
            for (int i = 0; i < count; i++) {
                int number = Little.u16(bytes, from + 2 * i);
                numbers[i] = number;
                largest = Math.max(largest, number);
            }
        }
        at[column] = from + width(rows) * count;
        return largest < rows;
    }

    /** Reads numbers of which one column tells the lengths and the next the bytes. @return whether they are inside the latter */
    private boolean longs(int column, long[] to, int count) {
        byte[] from = bytes;
        int lengths = at[column];
        int next = at[column + 1];
        int tooLong = 0;
        for (int i = 0; i < count; i += 2) {
            int two = from[lengths + (i >> 1)];
            int length = two & 15;
            to[i] = Little.i64(from, next) & MASKS[length];
            next += length;
            tooLong |= length + 7;
            length = two >>> 4 & 15;
            to[i + 1] = Little.i64(from, next) & MASKS[length];
            next += length;
            tooLong |= length + 7;
        }
        at[column] = lengths + (count + 1) / 2;
        at[column + 1] = next;
        return (tooLong & 16) == 0 && next <= ends[column + 1];
    }

    /** Of differences from the event before, the times. @return whether none runs back */
    private boolean sum(long[] times, int count) {
        long now = time;
        boolean isOrdered = true;
        for (int i = 0; i < count; i++) {
            long next = now + times[i];
            isOrdered &= next >= now;
            now = next;
            times[i] = now;
        }
        time = now;
        return isOrdered;
    }

    /** Of differences from the event before of the same kind and code, in zigzag, the numbers. */
    private void sum(long[] column, long[] last, int count) {
        for (int i = 0; i < count; i++) {
            long difference = column[i] >>> 1 ^ -(column[i] & 1);
            int act = numbers[i];
            long value = last[act] + difference;
            last[act] = value;
            column[i] = value;
        }
    }
}
