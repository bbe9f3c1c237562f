package tollgate.ingest.format;

import java.util.Arrays;

/** Different pairs of numbers, numbered in the order in which they came, from 0 on: the tables of a {@link Toll} frame. */
final class TollTable {
    private long[] firsts = new long[64];
    private long[] seconds = new long[64];
    /** Twice as many places as pairs at least: the number of the pair, -1 for none. */
    private int[] slots = new int[128];

    private int size;

    TollTable() {
        Arrays.fill(slots, -1);
    }

    int size() {
        return size;
    }

    long first(int number) {
        return firsts[number];
    }

    long second(int number) {
        return seconds[number];
    }

    void clear() {
        size = 0;
        Arrays.fill(slots, -1);
    }

    /** The number of a pair, a new one if it is new. */
    int number(long first, long second) {
        int slot = slot(first, second);
        if (slots[slot] < 0) {
            if (size == firsts.length) {
                grow();
                slot = slot(first, second);
            }
            firsts[size] = first;
            seconds[size] = second;
            slots[slot] = size++;
        }
        return slots[slot];
    }

    private int slot(long first, long second) {
        int mask = slots.length - 1;
        int slot = (int) ((first * 31 + second) * 0x9E3779B97F4A7C15L >>> 40) & mask;
        while (slots[slot] >= 0 && (firsts[slots[slot]] != first || seconds[slots[slot]] != second)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        firsts = Arrays.copyOf(firsts, 2 * size);
        seconds = Arrays.copyOf(seconds, 2 * size);
        slots = new int[4 * size];
        Arrays.fill(slots, -1);
        for (int i = 0; i < size; i++) {
            slots[slot(firsts[i], seconds[i])] = i;
        }
    }
}
