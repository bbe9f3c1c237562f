package tollgate.replay;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What single calls cost, not only all of them together: of a sample of the workload's calls, how often each operation
 * happened from its entry to its end. Priced later, like everything.
 *
 * <p>Which calls are kept follows from their numbers alone, so that all lanes keep the same: those whose mixed number
 * ends in k zero bits. When there are too many, k grows by one and about half of them go.
 */
public final class CallSample implements Serializable {
    private static final long serialVersionUID = 1;

    /** Calls kept at most; the 99th percentile of as many as half of it is the tenth from the top. */
    public static final int MOST = 2048;

    private static final int COUNT_BITS = 24;

    private long[] numbers = new long[64];
    private int[] ends = new int[64]; // of a call's operations
    private int[] operations = new int[512]; // ordinal << 24 | count
    private int size;
    private long mask;

    /** Whether the call with this number is to be followed. */
    boolean takes(long number) {
        return (mix(number) & mask) == 0;
    }

    /** @param counts of a call that has ended, by operation; there may be more behind them */
    void add(long number, long[] counts) {
        if (!takes(number)) {
            return; // the sample has become thinner since the call began
        }
        if (size == MOST) {
            mask = mask << 1 | 1;
            thin();
            add(number, counts);
            return;
        }
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        int end = from(size);
        for (int i = 0; i < Operation.count(); i++) {
            if (counts[i] != 0) {
                if (end == operations.length) {
                    operations = Arrays.copyOf(operations, 2 * end);
                }
                operations[end++] = i << COUNT_BITS | (int) Math.min(counts[i], (1 << COUNT_BITS) - 1);
            }
        }
        numbers[size] = number;
        ends[size++] = end;
    }

    private void thin() {
        int kept = 0;
        int end = 0;
        int from = 0;
        for (int call = 0; call < size; call++) {
            int length = ends[call] - from;
            if (takes(numbers[call])) {
                System.arraycopy(operations, from, operations, end, length);
                end += length;
                numbers[kept] = numbers[call];
                from = ends[call];
                ends[kept++] = end;
            } else {
                from = ends[call];
            }
        }
        size = kept;
    }

    private int from(int call) {
        return call == 0 ? 0 : ends[call - 1];
    }

    public int size() {
        return size;
    }

    /** The number of a call among all of its kind, from 1. */
    public long number(int call) {
        return numbers[call];
    }

    /** Adds a call's counts, times a factor, to the first entries of an array. */
    public void addTo(double[] counts, int call, int factor) {
        for (int i = from(call); i < ends[call]; i++) {
            counts[operations[i] >>> COUNT_BITS] += factor * (operations[i] & (1 << COUNT_BITS) - 1);
        }
    }

    /** The finalizer of MurmurHash3: neighbouring numbers share nothing. */
    private static long mix(long number) {
        long z = (number ^ number >>> 33) * 0xff51afd7ed558ccdL;
        z = (z ^ z >>> 33) * 0xc4ceb9fe1a85ec53L;
        return z ^ z >>> 33;
    }
}
