package tollgate.replay;

import java.io.Serializable;
import java.util.Arrays;

/**
 * How often each operation happened, by cause. One lane writes it; counts only grow.
 *
 * <p>A cause gets a dense row at its first mention; the engine keeps the row of the running cause at
 * hand, so that counting in the loop is one addition to an array.
 */
public final class Ledger implements Serializable {
    private static final long serialVersionUID = 1;

    private int[] slots = new int[256]; // row + 1 by hash of the cause, 0 for none
    private int[] causes = new int[64];
    private long[] entries = new long[64];
    private long[] leaves = new long[64];
    private long[] counts = new long[64 * Operation.count()];
    private int rows;

    /** The row of a cause, made if need be. */
    public int row(int cause) {
        int mask = slots.length - 1;
        int slot = hash(cause) & mask;
        for (int row = slots[slot] - 1; row >= 0; row = slots[slot] - 1) {
            if (causes[row] == cause) {
                return row;
            }
            slot = (slot + 1) & mask;
        }
        if (rows == causes.length) {
            grow();
            return row(cause);
        }
        causes[rows] = cause;
        slots[slot] = ++rows;
        return rows - 1;
    }

    public void add(int row, Operation operation, long times) {
        counts[row * Operation.count() + operation.ordinal()] += times;
    }

    /** Counts one crossing for this cause: a kernel entry, an exit. */
    public void enter(int row) {
        entries[row]++;
    }

    /** Counts that the restricted space in which this cause began was left. */
    void leave(int row) {
        leaves[row]++;
    }

    public int rows() {
        return rows;
    }

    public int cause(int row) {
        return causes[row];
    }

    /** How often the cause occurred. */
    public long entries(int row) {
        return entries[row];
    }

    /** How often the restricted address space in which the cause began had to be left before it ended. */
    public long leaves(int row) {
        return leaves[row];
    }

    /** Sum over all causes. */
    public long leaves() {
        long sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += leaves[row];
        }
        return sum;
    }

    public long count(int row, Operation operation) {
        return counts[row * Operation.count() + operation.ordinal()];
    }

    /** Sum over all causes. */
    public long count(Operation operation) {
        long sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += count(row, operation);
        }
        return sum;
    }

    /** Adds the sum over all causes to the first entries of an array. */
    void sumInto(long[] sums) {
        int columns = Operation.count();
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < columns; i++) {
                sums[i] += counts[row * columns + i];
            }
        }
    }

    /** Moves all counts of a row to another and leaves a copy of them in the first entries of an array. */
    void move(int from, int to, long[] copy) {
        int columns = Operation.count();
        for (int i = 0; i < columns; i++) {
            copy[i] = counts[from * columns + i];
            counts[from * columns + i] = 0;
            counts[to * columns + i] += copy[i];
        }
    }

    private void grow() {
        causes = Arrays.copyOf(causes, rows * 2);
        entries = Arrays.copyOf(entries, rows * 2);
        leaves = Arrays.copyOf(leaves, rows * 2);
        counts = Arrays.copyOf(counts, rows * 2 * Operation.count());
        slots = new int[slots.length * 2];
        for (int row = 0; row < rows; row++) {
            int slot = hash(causes[row]) & (slots.length - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = row + 1;
        }
    }

    private static int hash(int cause) {
        return cause * 0x9E3779B9 >>> 8;
    }
}
