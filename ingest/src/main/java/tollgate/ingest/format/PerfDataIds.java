package tollgate.ingest.format;

import java.util.Arrays;

/** Which event a sample belongs to, by the 64-bit id that the kernel gave each event on each CPU. */
final class PerfDataIds {
    private long[] ids = new long[64];
    private int[] events = new int[64];
    private int size;

    PerfDataIds() {
        Arrays.fill(events, -1);
    }

    void put(long id, int event) {
        if (size * 2 >= ids.length) {
            grow();
        }
        int slot = slot(id);
        if (events[slot] < 0) {
            size++;
        }
        ids[slot] = id;
        events[slot] = event;
    }

    /** The event with this id, or -1. */
    int event(long id) {
        return events[slot(id)];
    }

    private int slot(long id) {
        int mask = ids.length - 1;
        // Fibonacci hashing (Knuth, TAOCP vol. 3, 6.4): ids are consecutive, the multiplication spreads them.
        int slot = (int) (id * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (events[slot] >= 0 && ids[slot] != id) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldIds = ids;
        int[] oldEvents = events;
        ids = new long[oldIds.length * 2];
        events = new int[oldIds.length * 2];
        Arrays.fill(events, -1);
        size = 0;
        for (int i = 0; i < oldIds.length; i++) {
            if (oldEvents[i] >= 0) {
                put(oldIds[i], oldEvents[i]);
            }
        }
    }
}
