package tollgate.ingest;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A value for each of some whole numbers (threads, vectors, error codes), found without boxing.
 *
 * <p>Open addressing with linear probing; a removal shifts back what followed (Knuth, The Art of Computer
 * Programming 6.4, algorithm R), so that numbers that come and go leave no trace. Past {@code most} numbers, all
 * new ones share one value: a recording of random numbers costs no more memory than that.
 */
final class InventoryTable<T> {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final Supplier<T> maker;
    private final int most;
    private int[] keys = new int[16];
    private Object[] values = new Object[16];
    private int size;
    private T others;

    /** @param most numbers that get a value of their own */
    InventoryTable(Supplier<T> maker, int most) {
        this.maker = maker;
        this.most = most;
    }

    InventoryTable(Supplier<T> maker) {
        this(maker, NO_LIMIT);
    }

    int size() {
        return size;
    }

    /** The value of this number, made if it is new. */
    @SuppressWarnings("unchecked")
    T at(int key) {
        int slot = slot(key);
        if (values[slot] == null) {
            if (size >= most) {
                if (others == null) {
                    others = maker.get();
                }
                return others;
            }
            if (2 * (size + 1) > keys.length) {
                grow();
                slot = slot(key);
            }
            keys[slot] = key;
            values[slot] = maker.get();
            size++;
        }
        return (T) values[slot];
    }

    /** The value of this number, or {@code otherwise} if it has none. */
    @SuppressWarnings("unchecked")
    T find(int key, T otherwise) {
        int slot = slot(key);
        return values[slot] == null ? otherwise : (T) values[slot];
    }

    void remove(int key) {
        int hole = slot(key);
        if (values[hole] == null) {
            return;
        }
        size--;
        int mask = keys.length - 1;
        int at = hole;
        while (true) {
            at = (at + 1) & mask;
            if (values[at] == null) {
                values[hole] = null;
                return;
            }
            int home = hash(keys[at]) & mask;
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                keys[hole] = keys[at];
                values[hole] = values[at];
                hole = at;
            }
        }
    }

    /** In no particular order; the shared value of the numbers past the limit is not among them. */
    @SuppressWarnings("unchecked")
    void forEach(BiConsumer<Integer, T> action) {
        for (int i = 0; i < keys.length; i++) {
            if (values[i] != null) {
                action.accept(keys[i], (T) values[i]);
            }
        }
    }

    /** The value that all numbers past the limit share, or {@code otherwise} if there were none. */
    T others(T otherwise) {
        return others == null ? otherwise : others;
    }

    /** Counts of a table of counters by number; those past the limit stand at -1. */
    static Map<Integer, Long> counts(InventoryTable<Tally.Count> table) {
        Map<Integer, Long> counts = new TreeMap<>();
        table.forEach((key, count) -> counts.merge(key, count.value(), Long::sum));
        if (table.others != null) {
            counts.merge(-1, table.others.value(), Long::sum);
        }
        return counts;
    }

    private int slot(int key) {
        int mask = keys.length - 1;
        int at = hash(key) & mask;
        while (values[at] != null && keys[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        int[] oldKeys = keys;
        Object[] oldValues = values;
        keys = new int[2 * oldKeys.length];
        values = new Object[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }

    /** Fibonacci hashing: the upper bits of the product, since the lower ones depend on lower bits of the key only. */
    private static int hash(int key) {
        return key * 0x9E3779B9 >>> 7;
    }
}
