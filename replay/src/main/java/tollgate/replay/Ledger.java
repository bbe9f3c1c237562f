package tollgate.replay;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How often each operation happened, by cause. One lane writes it; counts only grow.
 *
 * <p>A cause gets a dense row at its first mention; the engine keeps the row of the running cause at
 * hand, so that counting in the loop is one addition to an array.
 */
public final class Ledger {
    private final Map<Integer, Integer> rowByCause = new HashMap<>();
    private int[] causes = new int[64];
    private long[] entries = new long[64];
    private long[] counts = new long[64 * Operation.count()];
    private int rows;

    /** The row of a cause, made if need be. */
    public int row(int cause) {
        Integer known = rowByCause.get(cause);
        if (known != null) {
            return known;
        }
        if (rows == causes.length) {
            causes = Arrays.copyOf(causes, rows * 2);
            entries = Arrays.copyOf(entries, rows * 2);
            counts = Arrays.copyOf(counts, rows * 2 * Operation.count());
        }
        causes[rows] = cause;
        rowByCause.put(cause, rows);
        return rows++;
    }

    public void add(int row, Operation operation, long times) {
        counts[row * Operation.count() + operation.ordinal()] += times;
    }

    /** Counts one crossing for this cause: a kernel entry, an exit. */
    public void enter(int row) {
        entries[row]++;
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
}
