package tollgate.replay;

import java.util.Arrays;

/** The pages that a task has had mapped on demand: a set of page numbers that empties in one step. */
final class PageSet {
    private long[] slots = new long[512];
    private int size;

    PageSet() {
        Arrays.fill(slots, Long.MIN_VALUE);
    }

    boolean contains(long page) {
        int mask = slots.length - 1;
        for (int i = hash(page) & mask; slots[i] != Long.MIN_VALUE; i = (i + 1) & mask) {
            if (slots[i] == page) {
                return true;
            }
        }
        return false;
    }

    /** Adds a page that is not in it. */
    void add(long page) {
        if (size * 2 >= slots.length) {
            long[] old = slots;
            slots = new long[old.length * 2];
            Arrays.fill(slots, Long.MIN_VALUE);
            for (long known : old) {
                if (known != Long.MIN_VALUE) {
                    place(known);
                }
            }
        }
        place(page);
        size++;
    }

    int size() {
        return size;
    }

    void clear() {
        if (size > 0) {
            Arrays.fill(slots, Long.MIN_VALUE);
            size = 0;
        }
    }

    private void place(long page) {
        int mask = slots.length - 1;
        int i = hash(page) & mask;
        while (slots[i] != Long.MIN_VALUE) {
            i = (i + 1) & mask;
        }
        slots[i] = page;
    }

    private static int hash(long page) {
        return (int) (page * 0x9E3779B97F4A7C15L >>> 40);
    }
}
