package tollgate.ingest.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import tollgate.ingest.Batch;

/**
 * The events of a {@link Toll} frame to be written, and their columns as bytes; {@link TollFrame} reads them.
 *
 * <p>Entry and return alternate, and what a call is given is most often like what it was given last; so a and b are told
 * as differences from the last event of the same kind and code.
 */
final class TollColumns {
    /** Events of a frame at most: 16 batches. */
    static final int EVENTS = 1 << 16;

    /** Of tasks, kinds, time, a and b; of the last three, lengths and bytes. */
    static final int COLUMNS = 8;
    /** Rows of a table up to which a byte tells the number of a row, else two. */
    static final int FEW = 1 << 8;

    /** Bytes of an event at most: both tables' rows and their numbers, three numbers of 8 bytes and half a byte. */
    private static final int WIDEST = 16 + 5 + 2 * 2 + 3 * 8 + 2;

    private final long[] time = new long[EVENTS];
    private final int[] task = new int[EVENTS];
    private final int[] act = new int[EVENTS];
    private final long[] a = new long[EVENTS];
    private final long[] b = new long[EVENTS];
    private int size;

    /** CPU and thread, process and name. */
    private final TollTable tasks = new TollTable();
    /** Kind and code. */
    private final TollTable acts = new TollTable();

    private final byte[] lengths = new byte[EVENTS / 2];
    private final ByteBuffer to =
            ByteBuffer.allocate(EVENTS * WIDEST + 4 * COLUMNS + 16).order(ByteOrder.LITTLE_ENDIAN);
    private final int[] ends = new int[COLUMNS];

    int size() {
        return size;
    }

    long firstTime() {
        return time[0];
    }

    long lastTime() {
        return time[size - 1];
    }

    void clear() {
        size = 0;
        tasks.clear();
        acts.clear();
    }

    /** Takes events of a batch from {@code from} on, as many as there is room for. @return how many */
    int take(Batch batch, int from) {
        int count = Math.min(batch.size() - from, EVENTS - size);
        for (int i = from; i < from + count; i++) {
            time[size] = batch.time[i];
            task[size] = tasks.number(pair(batch.cpu[i], batch.tid[i]), pair(batch.pid[i], batch.comm[i]));
            act[size] = acts.number(batch.kind[i], batch.code[i]);
            a[size] = batch.a[i];
            b[size] = batch.b[i];
            size++;
        }
        return count;
    }

    /** All of the frame that stands behind its names, as {@link Toll} specifies; good until the next call. */
    ByteBuffer encode() {
        to.clear();
        to.putLong(time[0]).putInt(tasks.size());
        for (int i = 0; i < tasks.size(); i++) {
            to.putLong(tasks.first(i)).putLong(tasks.second(i));
        }
        to.putInt(acts.size());
        for (int i = 0; i < acts.size(); i++) {
            to.put((byte) acts.first(i)).putInt((int) acts.second(i));
        }
        int endsAt = to.position();
        to.position(endsAt + 4 * COLUMNS);
        int start = to.position();
        putNumbers(task, tasks.size());
        ends[0] = to.position() - start;
        putNumbers(act, acts.size());
        ends[1] = to.position() - start;
        long before = time[0];
        for (int i = 0; i < size; i++) {
            long now = time[i];
            time[i] = now - before;
            before = now;
        }
        put(time, 2, start);
        put(differences(a), 4, start);
        put(differences(b), 6, start);
        for (int i = 0; i < COLUMNS; i++) {
            to.putInt(endsAt + 4 * i, ends[i]);
        }
        return to.flip();
    }

    private static long pair(int low, int high) {
        return (long) high << 32 | low & 0xffffffffL;
    }

    private void putNumbers(int[] numbers, int rows) {
        for (int i = 0; i < size; i++) {
            if (rows <= FEW) {
                to.put((byte) numbers[i]);
            } else {
                to.putShort((short) numbers[i]);
            }
        }
    }

    /** From the last of the same kind and code, in zigzag: 0, -1, 1, -2 become 0, 1, 2, 3. */
    private long[] differences(long[] column) {
        long[] last = new long[acts.size()];
        for (int i = 0; i < size; i++) {
            long value = column[i];
            long difference = value - last[act[i]];
            last[act[i]] = value;
            column[i] = difference << 1 ^ difference >> 63;
        }
        return column;
    }

    /** Lengths of two numbers in a byte, then their bytes. */
    private void put(long[] numbers, int column, int start) {
        Arrays.fill(lengths, (byte) 0);
        for (int i = 0; i < size; i++) {
            lengths[i >> 1] |= (byte) (length(numbers[i]) << 4 * (i & 1));
        }
        to.put(lengths, 0, (size + 1) / 2);
        ends[column] = to.position() - start;
        for (int i = 0; i < size; i++) {
            int at = to.position();
            to.putLong(numbers[i]).position(at + length(numbers[i]));
        }
        ends[column + 1] = to.position() - start;
    }

    private static int length(long number) {
        return (71 - Long.numberOfLeadingZeros(number)) / 8;
    }
}
