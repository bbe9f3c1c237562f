package tollgate.replay.mmu;

import java.util.Arrays;

/**
 * A set-associative table with true LRU replacement, as TLBs and paging-structure caches are: a hit
 * makes an entry the newest of its set, a miss puts it in place of an empty way or else of the oldest.
 *
 * <p>A set lies in memory from its newest entry to its oldest, empty ways last:
 *
 * <pre>
 *   keys   | newest | ... | oldest | empty |   one long each: {@link Mmu} packs number, size and handle
 * </pre>
 *
 * <p>A look-up walks down the set and moves each entry it passes one place down, with the wanted key put on
 * top. When it meets the key, the set is in its new order. When it does not, the entry that fell out at
 * the end is the victim or fills an empty way, and the set is in its new order as well. Streams have locality, so the
 * walk is short; searching first and moving afterwards was a fifth slower for 64 ways ({@code MmuBenchmark}).
 *
 * <p>An entry whose handle is not live ({@link Tags}) is gone. It is taken out when its set is next asked for more than
 * its newest entry after something was dropped, so that behind a flush a walk meets only what outlived it.
 *
 * <p>A table may be a slice of another one: the second level of Ice Lake keeps 4 KiB pages in all its sets,
 * 2 MiB pages in one half and 1 GiB pages in the other.
 */
final class LruTable {
    private final Tags tags;
    private final long[] keys;
    /** By set of the whole table: entries, of which some may be gone unless nothing was dropped since {@link #cleaned}. */
    private final int[] sizes;
    /** By set of the whole table: {@link Tags#drops} when it was last rid of entries that are gone. */
    private final long[] cleaned;

    /** By set of the whole table: the largest handle that an entry may carry. */
    private final int[] largest;

    private final int firstSet;
    private final int sets;
    private final int ways;
    private final Geometry.Index index;
    /** Sets minus one if that is a mask, else -1. */
    private final int mask;
    /** Distance of the bits folded in; past the number's last bit for a linear index. */
    private final int fold;

    LruTable(int sets, int ways, Geometry.Index index, Tags tags) {
        this(
                new long[Math.max(1, sets * ways)],
                new int[sets],
                new long[sets],
                new int[sets],
                0,
                sets,
                ways,
                index,
                tags);
    }

    private LruTable(
            long[] keys,
            int[] sizes,
            long[] cleaned,
            int[] largest,
            int firstSet,
            int sets,
            int ways,
            Geometry.Index index,
            Tags tags) {
        boolean isPower = Integer.bitCount(sets) == 1;
        if (index == Geometry.Index.XOR && !isPower) {
            throw new IllegalArgumentException("an XOR index needs a power of two of sets, not " + sets);
        }
        this.tags = tags;
        this.keys = keys;
        this.sizes = sizes;
        this.cleaned = cleaned;
        this.largest = largest;
        this.firstSet = firstSet;
        this.sets = sets;
        this.ways = ways;
        this.index = index;
        this.mask = isPower ? sets - 1 : -1;
        this.fold = index == Geometry.Index.XOR ? Integer.numberOfTrailingZeros(sets) : Long.SIZE - 1;
    }

    /** The sets from {@code first} on as a table of their own, sharing their entries with this one. */
    LruTable slice(int first, int count) {
        return new LruTable(keys, sizes, cleaned, largest, firstSet + first, count, ways, index, tags);
    }

    /**
     * Looks a key up and makes it the newest of its set; if it is missing, puts it in.
     *
     * @param number page number in units of its own size, not negative
     * @param key of a handle that is live
     * @return whether it was there
     */
    boolean touch(long number, long key) {
        int at = firstSet + set(number);
        int from = at * ways;
        return keys[from] == key || touchOlder(key, at, from);
    }

    private boolean touchOlder(long key, int at, int from) {
        int handle = Mmu.handle(key);
        if (handle > largest[at]) {
            largest[at] = handle;
            put(key, at, from);
            return false;
        }
        if (cleaned[at] != tags.drops()) {
            clean(at, from);
        }
        int to = from + sizes[at];
        long carried = key;
        for (int i = from; i < to; i++) {
            long here = keys[i];
            keys[i] = carried;
            if (here == key) {
                return true;
            }
            carried = here;
        }
        append(carried, at, from);
        return false;
    }

    /** Puts in what is missing for sure. */
    private void put(long key, int at, int from) {
        boolean isClean = cleaned[at] == tags.drops();
        int to = from + sizes[at];
        long carried = key;
        for (int i = from; i < to; i++) {
            long here = keys[i];
            keys[i] = carried;
            if (!isClean && !tags.isLive(Mmu.handle(here))) {
                return;
            }
            carried = here;
        }
        cleaned[at] = tags.drops();
        append(carried, at, from);
    }

    private void append(long oldest, int at, int from) {
        if (sizes[at] < ways) {
            keys[from + sizes[at]++] = oldest;
        }
    }

    /** Takes out what is gone. */
    private void clean(int at, int from) {
        int to = from + sizes[at];
        int kept = from;
        for (int i = from; i < to; i++) {
            long here = keys[i];
            if (tags.isLive(Mmu.handle(here))) {
                keys[kept++] = here;
            }
        }
        sizes[at] = kept - from;
        cleaned[at] = tags.drops();
    }

    /** Empties the way that holds this key, if any. */
    void remove(long number, long key) {
        int at = firstSet + set(number);
        int from = at * ways;
        int last = from + sizes[at] - 1;
        for (int i = from; i <= last; i++) {
            if (keys[i] == key) {
                System.arraycopy(keys, i + 1, keys, i, last - i);
                keys[last] = Tags.NONE;
                sizes[at]--;
                return;
            }
        }
    }

    /** Part of a sweep: clears what is gone and reports the handles of the rest. */
    void sweep() {
        for (int at = firstSet; at < firstSet + sets; at++) {
            int from = at * ways;
            clean(at, from);
            int to = from + sizes[at];
            largest[at] = Tags.NONE;
            for (int i = from; i < to; i++) {
                int handle = Mmu.handle(keys[i]);
                largest[at] = Math.max(largest[at], handle);
                tags.use(handle);
            }
            Arrays.fill(keys, to, from + ways, Tags.NONE);
        }
    }

    int ways() {
        return ways;
    }

    int sets() {
        return sets;
    }

    /** Whether this is that table or a slice of it. */
    boolean isPartOf(LruTable whole) {
        return ways > 0 && keys == whole.keys;
    }

    /** Sets of the whole table before this slice. */
    int firstSet() {
        return firstSet;
    }

    /** Whether a page goes to the same set as the page {@link #sets()} further. */
    boolean isPeriodic() {
        return index == Geometry.Index.LINEAR || sets == 1;
    }

    int set(long number) {
        if (mask >= 0) {
            return (int) (number ^ number >>> fold) & mask;
        }
        return (int) (number % sets);
    }
}
