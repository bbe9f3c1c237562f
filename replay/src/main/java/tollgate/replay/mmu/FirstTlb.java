package tollgate.replay.mmu;

import java.util.List;

/**
 * The first-level TLBs of one CPU, all their arrays as one: set-associative, with true LRU replacement. Nearly all
 * look-ups hit here, so that a hit is what must cost little; the tables behind are {@link LruTable}s.
 *
 * <p>Entries stay where they were put, each with the time of its last use. A look-up first tries the entry where a page that
 * hashes alike was met last: nearly always it is the right one, and nothing has to be searched or moved. A guess is never trusted
 * without comparing the key; else the set is searched. An entry is empty if its handle is not live ({@link Tags}).
 */
final class FirstTlb {
    /** Guesses for each entry and type at least, so that few are shared. */
    private static final int GUESSES = 8;

    /** For {@link NewestHandles}: a hundred pages after a flush seldom share one of so many hashes. */
    private static final int NEWEST_BITS = 12;

    private static final int NONE = -1;

    private final FirstLevel layout;
    private final Tags tags;
    /** By number of a set: its first entry; one more for the end. Entry 0 stays empty: that is where a guess leads at first. */
    private final int[] start;
    /** By entry: number, size and handle as {@link Mmu} packs them. */
    private final long[] keys;
    /** By entry: when it was used last. */
    private final long[] uses;
    /** By type of access and hash of the page: the entry to try first. Those of one type never lead to an array that does not serve it. */
    private final short[] guesses;

    private final int guessBits;
    private final NewestHandles newest;
    private long now;
    private boolean isFirst;

    FirstTlb(Geometry geometry, Tags tags) {
        this(geometry, tags, GUESSES);
    }

    /** @param guessesEach for each entry and type; 0, so that a test has all share them */
    FirstTlb(Geometry geometry, Tags tags, int guessesEach) {
        this.layout = new FirstLevel(geometry);
        this.tags = tags;
        start = new int[layout.numbers() + 1];
        start[0] = 1;
        for (int set = 0; set < layout.numbers(); set++) {
            start[set + 1] = start[set] + layout.waysOf(set);
        }
        keys = new long[start[layout.numbers()]];
        uses = new long[keys.length];
        guessBits = guessesEach == 0 ? 1 : Integer.SIZE - Integer.numberOfLeadingZeros(keys.length * guessesEach);
        newest = new NewestHandles(guessesEach == 0 ? 1 : NEWEST_BITS);
        guesses = new short[Mmu.TYPES << guessBits];
    }

    /**
     * Looks a key up and makes it the newest of its set; if it is missing, puts it in.
     *
     * @param leaf the access, a {@link Leaf}
     * @param key what is to be found: the leaf's number and size with a handle
     * @return whether it was there
     */
    boolean touch(long leaf, long key) {
        int guess = guess(leaf);
        int at = guesses[guess];
        if (keys[at] == key) {
            uses[at] = ++now;
            return true;
        }
        return search(leaf, key, guess);
    }

    /**
     * The same for one access after another, until one misses.
     *
     * @param leaves {@link Leaf} words
     * @param own handle of leaves that are not global, as it stands in a key
     * @param global that of global ones
     * @param globalClasses bit for each class of a leaf that is global
     * @return place of the first that was not there, or {@code to}
     */
    int touchAll(long[] leaves, int from, int to, long own, long global, long globalClasses) {
        long time = now;
        for (int i = from; i < to; i++) {
            long leaf = leaves[i];
            boolean isGlobal = (globalClasses >>> (leaf >>> Leaf.CLASS_SHIFT) & 1) != 0;
            long key = leaf & Leaf.KEY_MASK | (isGlobal ? global : own);
            int guess = guess(leaf);
            int at = guesses[guess];
            if (keys[at] == key) {
                uses[at] = ++time;
            } else {
                now = time;
                if (!search(leaf, key, guess)) {
                    return i;
                }
                time = now;
            }
        }
        now = time;
        return to;
    }

    private int guess(long leaf) {
        return Leaf.type(leaf) << guessBits
                | (int) ((leaf & Leaf.KEY_MASK) * NewestHandles.GOLDEN >>> Long.SIZE - guessBits);
    }

    /** Whether what {@link #touch} or {@link #touchAll} missed last is sure to be in no table behind this one either. */
    boolean isFirst() {
        return isFirst;
    }

    private boolean search(long leaf, long key, int guess) {
        int set = layout.set(Leaf.type(leaf), Leaf.size(leaf), Leaf.number(leaf));
        int from = start[set];
        int to = start[set + 1];
        isFirst = newest.isFirst(key);
        int at = isFirst ? victim(from, to) : find(key, from, to);
        if (at == NONE) {
            return false; // the first level does not serve such pages
        }
        boolean isFound = keys[at] == key;
        keys[at] = key;
        uses[at] = ++now;
        guesses[guess] = (short) at;
        return isFound;
    }

    /** Looks through the whole set without asking on the way, since where the search ends cannot be foretold. */
    private int find(long key, int from, int to) {
        int found = NONE;
        int victim = NONE;
        long oldest = Long.MAX_VALUE;
        for (int i = from; i < to; i++) {
            found = keys[i] == key ? i : found;
            long use = uses[i] & -tags.live(Mmu.handle(keys[i])); // of an empty way 0
            victim = use < oldest ? i : victim;
            oldest = Math.min(use, oldest);
        }
        return found == NONE ? victim : found;
    }

    /** The first empty way, else the oldest. */
    private int victim(int from, int to) {
        int victim = NONE;
        long oldest = Long.MAX_VALUE;
        for (int i = from; i < to; i++) {
            if (tags.live(Mmu.handle(keys[i])) == 0) {
                return i;
            }
            victim = uses[i] < oldest ? i : victim;
            oldest = Math.min(uses[i], oldest);
        }
        return victim;
    }

    /** Empties the ways that hold this key, whatever the type of access. */
    void remove(long number, int size, long key) {
        for (int type = 0; type < Mmu.TYPES; type++) {
            int set = layout.set(type, size, number);
            for (int i = start[set]; i < start[set + 1]; i++) {
                if (keys[i] == key) {
                    keys[i] = Tags.NONE;
                }
            }
        }
    }

    /** Part of a sweep: clears what is stale and reports the handles of the rest. */
    void sweep(List<LruTable> behind) {
        tags.sweep(keys, 0, keys.length);
        newest.forget();
        newest.note(keys);
        behind.forEach(table -> table.sweep(newest));
    }
}
