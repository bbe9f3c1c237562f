package tollgate.replay.mmu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The MMU once more, in the words of the manuals: lists of entries, searched from front to back, newest
 * first; a flush removes what it names. Slow and plain, the judge of {@link Mmu}.
 */
final class PlainMmu implements Translator {
    private record Entry(long number, int size, int tag, boolean isGlobal) {
        boolean isOf(int vpid) {
            return tag >>> Mmu.PCID_BITS == vpid;
        }
    }

    /** One array: a list of entries for each set, newest first, never longer than the ways. */
    private static final class Array {
        private final Geometry.Array row;
        private final List<List<Entry>> sets = new ArrayList<>();

        Array(Geometry.Array row) {
            this.row = row;
            for (int set = 0; set < row.sets(); set++) {
                sets.add(new ArrayList<>());
            }
        }

        void removeIf(Predicate<Entry> goes) {
            sets.forEach(set -> set.removeIf(goes));
        }

        void insert(List<Entry> set, Entry entry) {
            set.add(0, entry);
            if (set.size() > row.ways()) {
                set.remove(set.size() - 1);
            }
        }
    }

    private final int levels;
    private final int nestedLevels;
    private final List<Array> first;
    private final List<Array> second;
    private final List<Array> walks;
    private final List<Array> nested;

    PlainMmu(Geometry geometry) {
        levels = geometry.levels();
        nestedLevels = geometry.nestedLevels();
        first = arrays(geometry.first());
        second = arrays(geometry.second());
        walks = arrays(geometry.walks());
        nested = arrays(geometry.nested());
    }

    @Override
    public int access(long page, int size, int tag, boolean isGlobal, int type) {
        int level = lookUp(page, size, tag, isGlobal, type);
        return level < Mmu.WALK ? level : Mmu.WALK + entriesRead(walks, page, size, levels, tag);
    }

    int accessNested(long page, int size, int tag, boolean isGlobal, int type, long frame, int frameSize) {
        int level = lookUp(page, Math.min(size, frameSize), tag, isGlobal, type);
        if (level < Mmu.WALK) {
            return level;
        }
        int read = entriesRead(walks, page, size, levels, tag);
        int steps = 0;
        boolean isFirst = true;
        for (int table = size + read - 1; table >= size; table--) {
            boolean isKnown = isFirst && read < levels - size;
            if (!isKnown) {
                steps += translate(GuestTables.frame(page, table, tag), frameSize, tag >>> Mmu.PCID_BITS);
            }
            steps++;
            isFirst = false;
        }
        return Mmu.WALK + steps + translate(frame, frameSize, tag >>> Mmu.PCID_BITS);
    }

    @Override
    public void flushTag(int tag) {
        tlbs().forEach(array -> array.removeIf(e -> e.tag == tag && !e.isGlobal));
        walks.forEach(array -> array.removeIf(e -> e.tag == tag));
    }

    @Override
    public void flushNonGlobal() {
        tlbs().forEach(array -> array.removeIf(e -> e.isOf(0) && !e.isGlobal));
        walks.forEach(array -> array.removeIf(e -> e.isOf(0)));
    }

    @Override
    public void flushAll() {
        tlbs().forEach(array -> array.removeIf(e -> true));
        walks.forEach(array -> array.removeIf(e -> true));
        nested.forEach(array -> array.removeIf(e -> true));
    }

    void invlpg(long page, int tag) {
        tlbs().forEach(array -> array.removeIf(e ->
                e.number == number(page, e.size) && (e.tag == tag || e.isGlobal && e.isOf(tag >>> Mmu.PCID_BITS))));
        walks.forEach(array -> array.removeIf(e -> e.tag == tag));
    }

    void invpcidAddress(long page, int tag) {
        tlbs().forEach(array -> array.removeIf(e -> e.number == number(page, e.size) && e.tag == tag && !e.isGlobal));
        walks.forEach(array -> array.removeIf(e -> e.number == number(page, e.size + 1) && e.tag == tag));
    }

    void invpcidContext(int tag) {
        flushTag(tag);
    }

    void invpcidAll() {
        invvpid(0);
    }

    void invpcidAllNonGlobal() {
        flushNonGlobal();
    }

    void invvpid(int vpid) {
        tlbs().forEach(array -> array.removeIf(e -> e.isOf(vpid)));
        walks.forEach(array -> array.removeIf(e -> e.isOf(vpid)));
    }

    void invept(int vpid) {
        invvpid(vpid);
        walks.forEach(array -> array.removeIf(e -> e.tag == nestedTag(vpid)));
        nested.forEach(array -> array.removeIf(e -> e.tag == nestedTag(vpid)));
    }

    private int lookUp(long page, int size, int tag, boolean isGlobal, int type) {
        Entry wanted = new Entry(number(page, size), size, tag, isGlobal);
        if (touch(first, type, wanted)) {
            return Mmu.L1_HIT;
        }
        return touch(second, type, wanted) ? Mmu.STLB_HIT : Mmu.WALK;
    }

    /** Page-table entries read from the deepest cached one down to the leaf. */
    private int entriesRead(List<Array> caches, long page, int leaf, int levels, int tag) {
        int read = 1;
        for (int level = leaf; level < levels - 1; level++, read++) {
            if (touch(caches, 0, new Entry(number(page, level + 1), level, tag, false))) {
                return read;
            }
        }
        return read;
    }

    private int translate(long frame, int size, int vpid) {
        if (touch(nested, 0, new Entry(number(frame, size), size, nestedTag(vpid), false))) {
            return 0;
        }
        return entriesRead(walks, frame, size, nestedLevels, nestedTag(vpid));
    }

    /** True if the entry is in the array that serves it; it is there as the newest afterwards, if any array serves it. */
    private static boolean touch(List<Array> arrays, int type, Entry wanted) {
        int serving = 0;
        for (Array array : arrays) {
            serving += array.row.serves(type, wanted.size) ? 1 : 0;
        }
        // A size that several arrays serve is spread over them by the bits above the index of each.
        long place = 0;
        for (Array array : arrays) {
            if (array.row.serves(type, wanted.size)) {
                int each = array.row.sets();
                long index = index(wanted.number, each * serving, array.row.index());
                if (index / each == place) {
                    return touch(array, array.sets.get((int) (index % each)), wanted);
                }
                place++;
            }
        }
        return false;
    }

    private static long index(long number, int sets, Geometry.Index index) {
        return index == Geometry.Index.XOR ? number % sets ^ number / sets % sets : number % sets;
    }

    private static boolean touch(Array array, List<Entry> set, Entry wanted) {
        for (int way = 0; way < set.size(); way++) {
            Entry entry = set.get(way);
            if (entry.number == wanted.number && entry.size == wanted.size && isMatch(entry, wanted)) {
                set.remove(way);
                array.insert(set, entry);
                return true;
            }
        }
        array.insert(set, wanted);
        return false;
    }

    private static boolean isMatch(Entry entry, Entry wanted) {
        return entry.tag == wanted.tag || entry.isGlobal && entry.isOf(wanted.tag >>> Mmu.PCID_BITS);
    }

    private List<Array> tlbs() {
        List<Array> tlbs = new ArrayList<>(first);
        tlbs.addAll(second);
        return tlbs;
    }

    private static long number(long page, int size) {
        return (page & (1L << 45) - 1) >>> 9 * size;
    }

    private static int nestedTag(int vpid) {
        return -1 - vpid;
    }

    private static List<Array> arrays(List<Geometry.Array> rows) {
        return rows.stream().map(Array::new).toList();
    }
}
