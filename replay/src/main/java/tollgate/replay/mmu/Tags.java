package tollgate.replay.mmu;

import java.util.Arrays;

/**
 * Gives every live tag (address space) a small handle that table keys carry, so that dropping all
 * entries of a tag means forgetting its handle: no table is touched, and an entry whose handle is not
 * live counts as an empty way.
 *
 * <p>Handles are never reused while a table may still hold entries with them. When they run out, the
 * owner sweeps its tables: stale entries are cleared, tags left without entries are forgotten, and
 * numbering starts again, past the handles still in use.
 *
 * <p>The live tags form a list in order of last use. A CPU has a handful of them (Linux: 6 ASIDs, twice
 * that with KPTI), and successive accesses nearly always name the same one.
 */
final class Tags {
    /** Bits of a handle in a key; see {@link Mmu}. */
    static final int BITS = 17;
    /** No handle: an entry that carries it is empty. */
    static final int NONE = 0;

    private static final int NO_TAG = -1;

    /** A tag and that of its global pages: the first handle must outlive a sweep that the second needs. */
    private static final int ASKED_TOGETHER = 2;

    /** The live tags past which a sweep is tried before the list grows. */
    private static final int SWEEP_AT = 1024;

    private final int limit;
    private final Runnable sweep;
    private final long[] live;
    /** Handles that entries carried at the last sweep. They are not given out before the next, live or not. */
    private final long[] used;

    private int next = 1;

    // All live tags with their handles, as they were last found: newest first.
    private int[] tags = new int[16];
    private int[] handles = new int[16];
    private int size;
    private int sweepAt = SWEEP_AT;

    // The first two of them once more. Accesses alternate between a tag and its global pages.
    private int newest = NO_TAG;
    private int newestHandle;
    private int second = NO_TAG;
    private int secondHandle;

    /**
     * @param limit handles are below it; at most {@code 1 << BITS}, fewer so that a test meets the wrap-around
     * @param sweep told to {@link #sweep(long[], int, int)} all keys
     */
    Tags(int limit, Runnable sweep) {
        this.limit = limit;
        this.sweep = sweep;
        this.live = new long[(limit + 63) / 64];
        this.used = new long[live.length];
    }

    /** The handle of a tag, a fresh one if it has none. */
    int handle(int tag) {
        return tag == newest ? newestHandle : tag == second ? secondHandle : find(tag);
    }

    /** The handle of a tag, or {@link #NONE}. Leaves the order alone. */
    int peek(int tag) {
        for (int i = 0; i < size; i++) {
            if (tags[i] == tag) {
                return handles[i];
            }
        }
        return NONE;
    }

    boolean isLive(int handle) {
        return live(handle) != 0;
    }

    /** 1 if it is live, else 0. */
    long live(int handle) {
        return live[handle >>> 6] >>> handle & 1;
    }

    /** During a sweep: clears those of these keys that are stale, and takes note of the handles of the rest. */
    void sweep(long[] keys, int from, int to) {
        for (int i = from; i < to; i++) {
            int handle = Mmu.handle(keys[i]);
            if (isLive(handle)) {
                use(handle);
            } else {
                keys[i] = NONE;
            }
        }
    }

    /** During a sweep: an entry with this live handle exists. */
    void use(int handle) {
        used[handle >>> 6] |= 1L << handle;
    }

    /** All entries of this tag are gone. It is about to be used again, or has just been: it gets its next handle at once. */
    void drop(int tag) {
        int i = 0;
        while (i < size && tags[i] != tag) {
            i++;
        }
        if (i == size) {
            return;
        }
        live[handles[i] >>> 6] &= ~(1L << handles[i]);
        if (next == limit || isUsed(next)) {
            forget(i);
            return;
        }
        int handle = next++;
        live[handle >>> 6] |= 1L << handle;
        handles[i] = handle;
        newestHandle = tag == newest ? handle : newestHandle;
        secondHandle = tag == second ? handle : secondHandle;
    }

    private void forget(int i) {
        size--;
        System.arraycopy(tags, i + 1, tags, i, size - i);
        System.arraycopy(handles, i + 1, handles, i, size - i);
        second = NO_TAG;
        newest = NO_TAG;
    }

    /** All entries are gone whose tag has these bits under this mask. */
    void dropMatching(int mask, int bits) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if ((tags[i] & mask) == bits) {
                live[handles[i] >>> 6] &= ~(1L << handles[i]);
            } else {
                tags[kept] = tags[i];
                handles[kept++] = handles[i];
            }
        }
        size = kept;
        second = NO_TAG;
        newest = NO_TAG;
    }

    private int find(int tag) {
        int i = 0;
        while (i < size && tags[i] != tag) {
            i++;
        }
        if (i == size) {
            int handle = fresh(); // may shorten the list
            i = size;
            append(tag, handle);
        }
        moveToFront(i);
        second = newest;
        secondHandle = newestHandle;
        newest = tag;
        newestHandle = handles[0];
        return newestHandle;
    }

    private void append(int tag, int handle) {
        if (size == tags.length) {
            tags = Arrays.copyOf(tags, size * 2);
            handles = Arrays.copyOf(handles, size * 2);
        }
        tags[size] = tag;
        handles[size++] = handle;
    }

    private void moveToFront(int i) {
        int tag = tags[i];
        int handle = handles[i];
        System.arraycopy(tags, 0, tags, 1, i);
        System.arraycopy(handles, 0, handles, 1, i);
        tags[0] = tag;
        handles[0] = handle;
    }

    private int fresh() {
        if (size >= sweepAt) {
            sweep();
            sweepAt = Math.max(SWEEP_AT, 2 * size);
        }
        int handle = nextFree();
        if (handle == limit) {
            sweep();
            handle = nextFree();
            if (handle == limit) {
                throw new IllegalStateException("more than " + (limit - 1) + " address spaces have entries at once");
            }
        }
        next = handle + 1;
        live[handle >>> 6] |= 1L << handle;
        return handle;
    }

    private boolean isUsed(int handle) {
        return (used[handle >>> 6] >>> handle & 1) != 0;
    }

    private int nextFree() {
        int handle = next;
        while (handle < limit && isUsed(handle)) {
            handle++;
        }
        return handle;
    }

    private void sweep() {
        Arrays.fill(used, 0);
        for (int i = 0; i < Math.min(ASKED_TOGETHER, size); i++) {
            use(handles[i]); // somebody may hold it and be about to put entries in
        }
        sweep.run();
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if ((used[handles[i] >>> 6] >>> handles[i] & 1) != 0) {
                tags[kept] = tags[i];
                handles[kept++] = handles[i];
            }
        }
        size = kept;
        second = NO_TAG;
        newest = NO_TAG;
        System.arraycopy(used, 0, live, 0, live.length);
        next = 1;
    }
}
