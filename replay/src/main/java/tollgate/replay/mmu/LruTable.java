package tollgate.replay.mmu;

/**
 * A set-associative table with true LRU replacement, as TLBs and paging-structure caches are: a hit
 * makes an entry the newest of its set, a miss puts it in place of an empty way or else of the oldest.
 *
 * <p>A set lies in memory from its newest entry to its oldest:
 *
 * <pre>
 *   keys   | newest | ... | oldest |   one long each: {@link Mmu} packs number, size and handle
 * </pre>
 *
 * <p>A look-up walks down the set and moves each entry it passes one place down, with the wanted key put on
 * top. When it meets the key, the set is in its new order. When it does not, the entry that fell out at
 * the end is the victim, and the set is in its new order as well. Streams have locality, so the walk is
 * short; searching first and moving afterwards was a fifth slower for 64 ways ({@code MmuBenchmark}). An
 * entry is empty if its handle is not live ({@link Tags}).
 *
 * <p>A table may be a slice of another one: the second level of Ice Lake keeps 4 KiB pages in all its sets,
 * 2 MiB pages in one half and 1 GiB pages in the other.
 */
final class LruTable {
    private final Tags tags;
    private final long[] keys;
    private final int start;
    private final int sets;
    private final int ways;
    private final Geometry.Index index;
    /** Sets minus one if that is a mask, else -1. */
    private final int mask;
    /** Distance of the bits folded in; past the number's last bit for a linear index. */
    private final int fold;

    LruTable(int sets, int ways, Geometry.Index index, Tags tags) {
        this(new long[Math.max(1, sets * ways)], 0, sets, ways, index, tags);
    }

    private LruTable(long[] keys, int start, int sets, int ways, Geometry.Index index, Tags tags) {
        boolean isPower = Integer.bitCount(sets) == 1;
        if (index == Geometry.Index.XOR && !isPower) {
            throw new IllegalArgumentException("an XOR index needs a power of two of sets, not " + sets);
        }
        this.tags = tags;
        this.keys = keys;
        this.start = start;
        this.sets = sets;
        this.ways = ways;
        this.index = index;
        this.mask = isPower ? sets - 1 : -1;
        this.fold = index == Geometry.Index.XOR ? Integer.numberOfTrailingZeros(sets) : Long.SIZE - 1;
    }

    /** The sets from {@code first} on as a table of their own, sharing their entries with this one. */
    LruTable slice(int first, int count) {
        return new LruTable(keys, start + first * ways, count, ways, index, tags);
    }

    /**
     * Looks a key up and makes it the newest of its set; if it is missing, puts it in.
     *
     * @param number page number in units of its own size, not negative
     * @return whether it was there
     */
    boolean touch(long number, long key) {
        int from = start + set(number) * ways;
        return keys[from] == key || touchOlder(key, from);
    }

    private boolean touchOlder(long key, int from) {
        int to = from + ways;
        long carried = key;
        for (int i = from; i < to; i++) {
            long here = keys[i];
            keys[i] = carried;
            if (here == key) {
                return true;
            }
            carried = here;
        }
        if (tags.isLive(Mmu.handle(carried))) {
            keepInsteadOfEmpty(carried, from, to);
        }
        return false;
    }

    /**
     * Puts a key in that is known to be missing, as the newest of its set. The first empty way from the top takes the place of what
     * falls out; after a flush that is the top itself.
     *
     * @param number page number in units of its own size, not negative
     */
    void add(long number, long key) {
        int from = start + set(number) * ways;
        long carried = key;
        for (int i = from; i < from + ways; i++) {
            long here = keys[i];
            keys[i] = carried;
            if (!tags.isLive(Mmu.handle(here))) {
                return;
            }
            carried = here;
        }
    }

    /** Empties the way that holds this key, if any. */
    void remove(long number, long key) {
        int from = start + set(number) * ways;
        for (int i = from; i < from + ways; i++) {
            if (keys[i] == key) {
                keys[i] = Tags.NONE;
            }
        }
    }

    /** Part of a sweep: clears what is stale and reports the handles of the rest. */
    void sweep(NewestHandles newest) {
        tags.sweep(keys, start, start + sets * ways);
        newest.note(keys);
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
        return ways == 0 ? 0 : start / ways;
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

    /** The oldest entry fell out although the set has an empty way: that one should have gone. */
    private void keepInsteadOfEmpty(long oldest, int from, int to) {
        for (int i = to - 1; i > from; i--) {
            if (!tags.isLive(Mmu.handle(keys[i]))) {
                System.arraycopy(keys, i + 1, keys, i, to - 1 - i);
                keys[to - 1] = oldest;
                return;
            }
        }
    }
}
