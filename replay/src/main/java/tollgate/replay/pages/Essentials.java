package tollgate.replay.pages;

import java.util.Arrays;
import tollgate.replay.Access;
import tollgate.replay.Steps;
import tollgate.replay.mmu.FirstLevel;

/**
 * Finds, once for a part of a measured invocation, which of its accesses are essential: the others change nothing wherever
 * it is drawn, so that lanes need not make them ({@link Steps}).
 *
 * <p>True LRU allows it without knowing what a set held before. Of a set that has at least as many ways as the part has
 * pages for it, no page is evicted again within the part, so all accesses but the first to each page hit; and what the set
 * is in the end follows from the order of last accesses alone. It is enough to make the first access to each page and,
 * from the first page on whose first and last accesses come in different orders, the last ones:
 *
 * <pre>
 *   accesses   A B A A C B C     first  A B C     last  A B C     made  A B . . C . .
 *   accesses   A B A A C B A     first  A B C     last  C B A     made  A B . . C B A
 * </pre>
 *
 * Of a set with fewer ways, an access changes nothing if the one before it to this set was to the same page.
 *
 * <p>Pages are told apart more finely than the TLB does: by memory class, since a view may make one global and not the
 * other, by owner and bank ({@link Placement}), and all whose class is drawn. What holds for the finer pages holds for the coarser. Where an owner's
 * pages may go to any set, the whole array is taken for one set.
 */
final class Essentials {
    private static final int PAGE_BITS = 45;
    private static final long PAGE_MASK = (1L << PAGE_BITS) - 1;
    private static final int LEVEL_BITS = 9;
    // Above page number and mapping.
    private static final int KIND_SHIFT = 55;
    private static final int OWNERS_SHIFT = 58;

    private final FirstLevel first;
    private final Footprints footprints;
    private final Placement placement;
    private final long[] word;
    private final long[] classBits;
    /** The essential accesses of one part after another, as places in the part. */
    private int[] essential = new int[1 << 12];

    private int found;
    /** By part: where its essential accesses begin and end. */
    private final int[] begin;

    private final int[] end;
    private final long[] classes;

    // Of the part at hand, by access.
    private int[] set = {};
    private long[] page = {};
    private boolean[] isRepeated = {};
    private boolean[] isMade = {};

    // By set: its pages in the order of their first accesses, more than its ways if they do not fit.
    private final int[] ways;
    private final int[] size;
    private final long[][] pages;
    private final int[][] firsts;
    private final int[][] lasts;
    private final long[] latest;
    /** By number of a whole array: whether some page of the part may go to any set of it. */
    private final boolean[] isBlurred;

    /**
     * @param word by page id: class, region, and of fixed pages and those of user mode the page
     * @param classBits by page id: bit per class that it may be of
     */
    Essentials(FirstLevel first, Footprints footprints, Placement placement, long[] word, long[] classBits) {
        this.first = first;
        this.footprints = footprints;
        this.placement = placement;
        this.word = word;
        this.classBits = classBits;
        begin = new int[footprints.partAccess.length];
        end = new int[begin.length];
        classes = new long[begin.length];
        int sets = first.numbers();
        ways = new int[sets];
        size = new int[sets];
        pages = new long[sets][];
        firsts = new int[sets][];
        lasts = new int[sets][];
        latest = new long[sets];
        isBlurred = new boolean[sets];
    }

    /** Bit per class ({@link Steps}) that a part touches; of a part that was asked for. */
    long classes(int part) {
        return classes[part];
    }

    /** How many accesses of a part are essential; of a part that was asked for. */
    int count(int part) {
        return end[part] - begin[part];
    }

    /** Place in the part of its i-th essential access. */
    int place(int part, int i) {
        return essential[begin[part] + i];
    }

    /** Finds the essential accesses in one part, unless they are known. */
    void find(int part) {
        if (classes[part] != 0) {
            return;
        }
        int from = footprints.partAccess[part];
        int n = footprints.partAccess[part + 1] - from;
        if (n > set.length) {
            set = new int[n];
            page = new long[n];
            isRepeated = new boolean[n];
            isMade = new boolean[n];
        }
        locate(from, n);
        for (int i = 0; i < n; i++) {
            classes[part] |= classBits[footprints.accesses[from + i] >>> 2];
            note(set[i], i);
        }
        for (int i = 0; i < n; i++) {
            isMade[i] = size[set[i]] > ways[set[i]] && !(isRepeated[i] && ways[set[i]] > 0);
        }
        for (int i = 0; i < n; i++) {
            decide(set[i]);
        }
        keep(part, n);
    }

    private void locate(int from, int n) {
        Arrays.fill(isBlurred, false);
        for (int i = 0; i < n; i++) {
            int id = footprints.accesses[from + i] >>> 2;
            int type = footprints.accesses[from + i] & 3;
            isBlurred[first.whole(type, leaf(id))] |= goesAnywhere(id, type);
        }
        for (int i = 0; i < n; i++) {
            int id = footprints.accesses[from + i] >>> 2;
            int type = footprints.accesses[from + i] & 3;
            int leaf = leaf(id);
            int whole = first.whole(type, leaf);
            long number = (start(id) & PAGE_MASK) >>> LEVEL_BITS * leaf;
            int at = isBlurred[whole] ? whole : first.set(type, leaf, number);
            page[i] = Long.bitCount(classBits[id]) > 1
                    ? id | (long) FootprintFormat.FRESH << KIND_SHIFT
                    : number | (long) Access.mapping(word[id]) << PAGE_BITS | owner(id, leaf);
            set[i] = at;
            size[at] = 0;
            latest[at] = -1;
            ways[at] = first.ways(type, leaf);
            if (pages[at] == null) {
                pages[at] = new long[ways[at]];
                firsts[at] = new int[ways[at]];
                lasts[at] = new int[ways[at]];
            }
        }
    }

    private int leaf(int id) {
        return Access.region(word[id]).leaf();
    }

    /** The page itself, or that of the first owner. */
    private long start(int id) {
        int kind = footprints.kind[id];
        return kind == FootprintFormat.FIXED || kind == FootprintFormat.USER_RANK ? word[id] : placement.base[id];
    }

    /** What tells pages apart whose first owners share a large page: others may not. A fresh page stays in its 2 MiB. */
    private long owner(int id, int leaf) {
        int kind = footprints.kind[id];
        return switch (kind) {
            case FootprintFormat.FIXED, FootprintFormat.USER_RANK -> 0;
            case FootprintFormat.FRESH -> leaf > 0 ? 0 : (long) kind << KIND_SHIFT;
            default -> (long) kind << KIND_SHIFT | (long) placement.owners[id] << OWNERS_SHIFT;
        };
    }

    /** Whether another owner's page, or the next fresh one, may go to another set. */
    private boolean goesAnywhere(int id, int type) {
        int leaf = leaf(id);
        return switch (footprints.kind[id]) {
            case FootprintFormat.FIXED, FootprintFormat.USER_RANK -> false;
            case FootprintFormat.FRESH -> leaf == 0;
            default -> !first.isPeriodic(type, leaf, placement.bank[id] >>> LEVEL_BITS * leaf);
        };
    }

    private void note(int at, int i) {
        isRepeated[i] = latest[at] == page[i];
        latest[at] = page[i];
        int j = 0;
        while (j < size[at] && j < ways[at] && pages[at][j] != page[i]) {
            j++;
        }
        if (j < ways[at] && j == size[at]) {
            pages[at][j] = page[i];
            firsts[at][j] = i;
            size[at]++;
        }
        if (j < ways[at]) {
            lasts[at][j] = i;
        } else {
            size[at] = ways[at] + 1;
        }
    }

    /** Of a set whose pages fit: the first accesses, and the last ones from where the orders differ. */
    private void decide(int at) {
        if (size[at] > ways[at]) {
            return;
        }
        int before = -1;
        boolean isOrdered = true;
        for (int done = 0, after = -1; done < size[at]; done++) {
            int next = -1; // the page whose last access follows
            for (int j = 0; j < size[at]; j++) {
                if (lasts[at][j] > after && (next < 0 || lasts[at][j] < lasts[at][next])) {
                    next = j;
                }
            }
            after = lasts[at][next];
            isOrdered &= firsts[at][next] > before;
            before = firsts[at][next];
            isMade[before] = true;
            isMade[after] |= !isOrdered;
        }
        size[at] = 0;
    }

    private void keep(int part, int n) {
        if (found + n > essential.length) {
            essential = Arrays.copyOf(essential, Math.max(essential.length * 2, found + n));
        }
        begin[part] = found;
        for (int i = 0; i < n; i++) {
            if (isMade[i]) {
                essential[found++] = i;
            }
        }
        end[part] = found;
    }
}
