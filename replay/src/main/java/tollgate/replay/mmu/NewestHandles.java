package tollgate.replay.mmu;

import java.util.Arrays;

/**
 * Which pages were surely not put into some tables under a tag's present handle, so that nobody need search for them there:
 * after a flush nearly all first touches are of this kind. By hash of number and size stands the newest handle under which such
 * a key was put in; handles only grow ({@link Tags}), so that a page whose handle is newer than that one is in no table.
 * For any other page nothing is known.
 */
final class NewestHandles {
    /** 2^64 divided by the golden ratio: Fibonacci hashing. */
    static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final int[] handles;
    private final int shift;

    /** @param bits of the hash: that many that few of the pages of a handle share one; few, so that a test meets it */
    NewestHandles(int bits) {
        handles = new int[1 << bits];
        shift = Long.SIZE - bits;
    }

    /** Whether this key is surely in no table. It is put in now. */
    boolean isFirst(long key) {
        int hash = hash(key);
        int handle = Mmu.handle(key);
        boolean isNewer = handles[hash] < handle;
        if (isNewer) {
            handles[hash] = handle;
        }
        return isNewer;
    }

    /** Part of a sweep: handles are numbered anew, and {@link #note} follows for all tables. */
    void forget() {
        Arrays.fill(handles, Tags.NONE);
    }

    /** Part of a sweep: these are the keys of a table, stale ones cleared. */
    void note(long[] keys) {
        for (long key : keys) {
            int hash = hash(key);
            handles[hash] = Math.max(handles[hash], Mmu.handle(key));
        }
    }

    private int hash(long key) {
        return (int) ((key & Leaf.KEY_MASK) * GOLDEN >>> shift);
    }
}
