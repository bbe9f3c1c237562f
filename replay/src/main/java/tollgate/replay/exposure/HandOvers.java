package tollgate.replay.exposure;

import java.util.Arrays;

/**
 * How often untrusted code was let run, by what was left behind by then: a set of (space, {@link Viewer}) pairs, packed
 * as three bits a space, 0 for nothing. Few sets occur, so they are searched one by one, the last one first.
 */
public final class HandOvers {
    private static final int BITS = 3;

    /** Most spaces that a set has bits for. */
    static final int SPACES = Long.SIZE / BITS;

    private long[] sets = new long[4];
    private long[] counts = new long[4];
    private int size;
    private int last;
    private long count;
    private long flushes;
    private long toGuests;
    private long cleanToGuests;

    static long with(long set, int space, Viewer viewer) {
        return set | (long) (viewer.ordinal() + 1) << BITS * space;
    }

    /** @param flushed whether the last thing done before was a flush */
    void add(long set, boolean flushed, boolean toGuest) {
        count++;
        flushes += flushed ? 1 : 0;
        toGuests += toGuest ? 1 : 0;
        cleanToGuests += toGuest && set == 0 ? 1 : 0;
        if (last >= size || sets[last] != set) {
            last = find(set);
        }
        counts[last]++;
    }

    private int find(long set) {
        for (int i = 0; i < size; i++) {
            if (sets[i] == set) {
                return i;
            }
        }
        if (size == sets.length) {
            sets = Arrays.copyOf(sets, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        sets[size] = set;
        return size++;
    }

    /** All of them. */
    public long count() {
        return count;
    }

    /** Of these, the ones to guests: VM entries. */
    public long toGuests() {
        return toGuests;
    }

    /** Of the ones to guests, those after which nothing was left since the last flush. */
    public long cleanToGuests() {
        return cleanToGuests;
    }

    /** After which nothing was left since the last flush. */
    public long clean() {
        return count(0);
    }

    /** Right after a flush: these must be clean. */
    long flushed() {
        return flushes;
    }

    public long dirty() {
        return count - clean();
    }

    private long count(long set) {
        for (int i = 0; i < size; i++) {
            if (sets[i] == set) {
                return counts[i];
            }
        }
        return 0;
    }

    /** Told of each set of pairs that occurred. */
    public interface Visitor {
        /** @param viewers by space, null where nothing of it was left */
        void visit(Viewer[] viewers, long count);
    }

    /** In the order in which they first occurred. @param spaces how many there are */
    public void visit(int spaces, Visitor visitor) {
        for (int i = 0; i < size; i++) {
            Viewer[] viewers = new Viewer[spaces];
            for (int space = 0; space < spaces; space++) {
                int viewer = (int) (sets[i] >>> BITS * space) & (1 << BITS) - 1;
                viewers[space] = viewer == 0 ? null : Viewer.of(viewer - 1);
            }
            visitor.visit(viewers, counts[i]);
        }
    }
}
