package tollgate.replay;

import java.util.Arrays;
import tollgate.replay.mmu.Geometry;

/**
 * What the CPUs do, step by step: page accesses and crossings, one stream for all strategies. Computed
 * once, read by every lane, so that strategies are compared on the same draws; a lane cannot tell an
 * access that was recorded from one that was drawn.
 *
 * <p>A word that is not negative is an {@link Access}. A negative word opens a crossing of three words:
 *
 * <pre>
 *   63 62       56 55                 0
 *  +--+-----------+--------------------+    +---------------+    +-------+
 *  | 1| crossing  |      argument      |    | time, ns      |    | extra |
 *  +--+-----------+--------------------+    +---------------+    +-------+
 * </pre>
 *
 * <p>A negative word of crossing 127 opens a part of an invocation. Its accesses stand apart, in {@link #accesses}, those of one
 * part behind those of the part before; here follow only those that are essential, as {@link tollgate.replay.mmu.Leaf} words:
 *
 * <pre>
 *  +--+-----------+--------------------+    +-----------+----------+    +--------+
 *  | 1|    127    | classes: a bit each|    | essential | accesses |    | Leaves |
 *  +--+-----------+--------------------+    +-----------+----------+    +--------+
 * </pre>
 *
 * A class is a {@link MemoryClass} by its ordinal, or {@link #USER_PAGES}. The second word has how many there are of each, 32 bits apiece. Where an address space maps all classes that the part
 * touches, in leaves of the usual size, the essential accesses are enough: the others are sure to hit the first level of
 * {@link #geometry}, and the part leaves it as it would have with them. Whoever writes for lanes that all do so may leave out
 * the accesses, of which there are 0 then.
 *
 * <p>A buffer ends anywhere between two steps; its length carries no meaning.
 */
public final class Steps {
    /** Words in a crossing. */
    public static final int CROSSING_WORDS = 3;

    /** Words in a part before its leaves. */
    public static final int PART_WORDS = 2;

    /** Among the classes of a part: the current process's memory at its user addresses, which a space may map and its direct map not. */
    public static final long USER_PAGES = 1L << 55;

    /** The mm of a kernel thread, which has none. */
    public static final int NO_MM = 0xffffff;

    /** Tenants that a sidecar may name. */
    public static final int MOST_TENANTS = (1 << 13) - 1;

    private static final long ARGUMENT_MASK = (1L << 56) - 1;
    private static final long PART = 1L << 63 | 127L << 56;

    private long[] words;
    private int size;
    private long[] accesses = {};
    private int accessCount;
    private Geometry geometry;

    /** @param capacity words to start with; grows when an invocation does not fit */
    public Steps(int capacity) {
        words = new long[capacity];
    }

    /** The words themselves; those from {@link #size} on are stale. */
    public long[] words() {
        return words;
    }

    public int size() {
        return size;
    }

    /** All accesses of parts, one part after another. */
    public long[] accesses() {
        return accesses;
    }

    public void clear() {
        size = 0;
        accessCount = 0;
        geometry = null;
    }

    /** For which CPU the essential accesses of parts were found; null if there are no parts. */
    public Geometry geometry() {
        return geometry;
    }

    /**
     * Opens a part; its leaves are to be added, and its accesses by {@link #addAccesses}.
     *
     * @param geometry of the CPU for which the essential accesses were found, the same for all of a buffer
     * @return where it begins, for {@link #endPart}
     */
    public int beginPart(Geometry geometry) {
        if (this.geometry != null && this.geometry != geometry) {
            throw new IllegalStateException("essential accesses for two CPUs in one buffer");
        }
        this.geometry = geometry;
        reserve(PART_WORDS);
        size += PART_WORDS;
        return size - PART_WORDS;
    }

    /**
     * Makes room for so many accesses of the part, which the caller then writes.
     *
     * @return place in {@link #accesses} of the first
     */
    public int addAccesses(int more) {
        int from = accessCount;
        accessCount += more;
        if (accessCount > accesses.length) {
            accesses = Arrays.copyOf(accesses, Math.max(accesses.length * 2, accessCount));
        }
        return from;
    }

    /**
     * The part is complete.
     *
     * @param at where it begins
     * @param classes bit per class that it touches
     * @param accesses how many were added for it, all or 0
     */
    public void endPart(int at, long classes, int accesses) {
        words[at] = PART | classes;
        words[at + 1] = (long) (size - at - PART_WORDS) << 32 | accesses;
    }

    public static boolean isPart(long word) {
        return (word & PART) == PART;
    }

    /** All accesses of a part, by its second word; 0 if they were left out. */
    public static int accesses(long second) {
        return (int) second;
    }

    /** Those that are essential. */
    public static int essential(long second) {
        return (int) (second >>> 32);
    }

    /** Makes room for so many words more, which {@link #words} then takes from {@link #size} on, and {@link #added} counts. */
    public void reserve(int more) {
        if (size + more > words.length) {
            grow(more);
        }
    }

    /** So many words were written behind the last. */
    public void added(int more) {
        size += more;
    }

    public void access(long access) {
        if (size == words.length) {
            grow(1);
        }
        words[size++] = access;
    }

    public void crossing(Crossing crossing, long argument, long time, long extra) {
        if (size + CROSSING_WORDS > words.length) {
            grow(CROSSING_WORDS);
        }
        words[size] = 1L << 63 | (long) crossing.ordinal() << 56 | argument & ARGUMENT_MASK;
        words[size + 1] = time;
        words[size + 2] = extra;
        size += CROSSING_WORDS;
    }

    /** Ordinal of the {@link Crossing} that this negative word opens. */
    public static int crossing(long word) {
        return (int) (word >>> 56) & 127;
    }

    public static long argument(long word) {
        return word & ARGUMENT_MASK;
    }

    /**
     * Who the next task is, as one word.
     *
     * @param mm number of its address space below 2^24, {@link #NO_MM} for a kernel thread
     * @param namespace number of its network namespace below 2^24
     * @param selected whether the task belongs to the workload, so that its costs are counted there
     */
    public static long owner(int mm, int namespace, boolean selected) {
        return (selected ? 1L << 48 : 0) | (long) namespace << 24 | mm;
    }

    /**
     * The same with what only the exposure meter asks for.
     *
     * @param idle whether it is the idle task
     * @param tenant number of the tenant that the sidecar names, from 1; 0 for none
     */
    public static long owner(int mm, int namespace, boolean selected, boolean idle, int tenant) {
        return owner(mm, namespace, selected) | (idle ? 1L << 49 : 0) | (long) tenant << 50;
    }

    public static int mm(long owner) {
        return (int) owner & 0xffffff;
    }

    public static int namespace(long owner) {
        return (int) (owner >>> 24) & 0xffffff;
    }

    public static boolean isSelected(long owner) {
        return (owner >>> 48 & 1) != 0;
    }

    public static boolean isIdle(long owner) {
        return (owner >>> 49 & 1) != 0;
    }

    public static int tenant(long owner) {
        return (int) (owner >>> 50) & MOST_TENANTS;
    }

    private void grow(int more) {
        words = Arrays.copyOf(words, Math.max(words.length * 2, size + more));
    }
}
