package tollgate.replay;

import java.util.Arrays;

/** The pages that a task has had mapped on demand: a set of page numbers that empties in as many steps as it has pages. */
final class PageSet {
    private long[] slots = new long[512];
    private int[] taken = new int[256]; // slots, in the order of their pages
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
        if (size == taken.length) {
            long[] old = slots;
            int[] from = taken;
            slots = new long[old.length * 2];
            taken = new int[from.length * 2];
            Arrays.fill(slots, Long.MIN_VALUE);
            for (int i = 0; i < size; i++) {
                taken[i] = place(old[from[i]]);
            }
        }
        taken[size++] = place(page);
    }

    int size() {
        return size;
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            slots[taken[i]] = Long.MIN_VALUE;
        }
        size = 0;
    }

    /** @return the slot it went to */
    private int place(long page) {
        int mask = slots.length - 1;
        int i = hash(page) & mask;
        while (slots[i] != Long.MIN_VALUE) {
            i = (i + 1) & mask;
        }
        slots[i] = page;
        return i;
    }

    private static int hash(long page) {
        return (int) (page * 0x9E3779B97F4A7C15L >>> 40);
    }
}
