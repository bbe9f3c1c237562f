package tollgate.replay.mmu;

import java.util.ArrayList;
import java.util.List;

/**
 * The simulated memory-management unit of one CPU: two levels of TLB, paging-structure caches, page walks
 * in one or two dimensions, and the instructions that drop entries (Intel SDM volume 3, sections 4.10 and
 * 29.4; AMD APM volume 2, sections 5.5 and 15.16).
 *
 * <p>Entries belong to a tag: {@code vpid << 12 | pcid}, with VPID 0 for the host. An entry of a global page
 * matches under every PCID of its VPID. Whether a page is global is a property of the page: it must not be
 * accessed as global under one tag and as non-global under another while entries of it may live.
 * Paging-structure caches are tagged and never global.
 *
 * <p>A key is one long; dropping a tag's entries gives it a new handle ({@link Tags}):
 *
 * <pre>
 *   63             47 46  45 44                                   0
 *  +-----------------+------+--------------------------------------+
 *  |      handle     | size | page number in units of its own size |
 *  +-----------------+------+--------------------------------------+
 * </pre>
 *
 * 45 bits are a 57-bit address without its 12 offset bits.
 *
 * <p>Left out: page-table entries competing for the data caches, accessed and dirty bits, prefetch, AMD's
 * merging of neighbouring pages, and entries that hardware may drop of its own accord.
 */
public final class Mmu implements Translator {
    public static final int SIZE_4K = 0;
    public static final int SIZE_2M = 1;
    public static final int SIZE_1G = 2;

    public static final int L1_HIT = 0;
    public static final int STLB_HIT = 1;
    /** A result from here on is a page walk: {@code WALK + page-table entries read}. */
    public static final int WALK = 2;

    /** Bits of a PCID in a tag (SDM 4.10.1). */
    public static final int PCID_BITS = 12;

    static final int SIZES = 3;
    static final int TYPES = 3;
    /** Caches of PDEs, PDPTEs, PML4Es and PML5Es. */
    static final int WALK_CACHES = 4;
    /** Index bits of one page-table level: 512 entries of 8 bytes in 4 KiB. */
    static final int LEVEL_BITS = 9;

    /** For {@link NewestHandles}: far more than a handful of prefixes after a flush. */
    private static final int NEWEST_WALKS_BITS = 10;

    private static final int NUMBER_BITS = 45;
    private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;
    private static final int HANDLE_SHIFT = 64 - Tags.BITS;

    // Pseudo-tags: the global pages of a VPID, and the guest-physical addresses of a VPID.
    private static final int GLOBAL = 1 << 30;
    private static final int NESTED = 1 << 29;
    private static final int VPID_MASK = NESTED - 1 & -1 << PCID_BITS;

    private final int levels;
    private final int nestedLevels;
    private final Tags tlbTags;
    private final Tags walkTags;
    private final FirstTlb first;
    /** By type * SIZES + size. Where nothing serves a page there is a table without entries. */
    private final LruTable[] second;

    private final LruTable[] walks;
    private final NewestHandles newestWalks = new NewestHandles(NEWEST_WALKS_BITS);
    private final LruTable nested;
    // What a sweep or INVLPG visits: each table once; each (table, size) once.
    private final List<LruTable> tlbs = new ArrayList<>();
    private final List<LruTable> walkCaches = new ArrayList<>();
    private final LruTable[][] bySize = new LruTable[SIZES][];

    public Mmu(Geometry geometry) {
        this(geometry, 1 << Tags.BITS);
    }

    /** @param handles see {@link Tags}: few, so that a test meets the wrap-around */
    Mmu(Geometry geometry, int handles) {
        levels = geometry.levels();
        nestedLevels = geometry.nestedLevels();
        tlbTags = new Tags(handles, this::sweepTlbs);
        walkTags = new Tags(handles, this::sweepWalkCaches);
        first = new FirstTlb(geometry, tlbTags);
        second = Tables.byTypeAndSize(geometry.second(), tlbTags, tlbs);
        walks = Tables.byLevel(geometry.walks(), walkTags, walkCaches);
        nested = Tables.single(geometry.nested(), tlbTags, tlbs);
        for (int size = 0; size < SIZES; size++) {
            bySize[size] = Tables.distinct(size, second);
        }
    }

    /**
     * One access of the host.
     *
     * @param page virtual address >> 12, sign-extended
     * @param size of the leaf that maps it: {@link #SIZE_4K}, {@link #SIZE_2M}, {@link #SIZE_1G}
     * @param tag of the running address space
     * @param isGlobal whether the leaf has its global bit set
     * @param type {@link tollgate.replay.Access#FETCH}, LOAD or STORE
     * @return {@link #L1_HIT}, {@link #STLB_HIT}, or {@link #WALK} plus the page-table entries read
     */
    @Override
    public int access(long page, int size, int tag, boolean isGlobal, int type) {
        long leaf = Leaf.of(page, size, 0, type);
        int handle = tlbTags.handle(isGlobal ? globalOf(tag) : tag);
        return first.touch(leaf, key(leaf, handle)) ? L1_HIT : behindFirst(leaf, handle, tag);
    }

    /**
     * Accesses of the host, one after another, to memory that the address space maps: the same as {@link #access} for each.
     *
     * @param leaves {@link Leaf} words from {@code from} to before {@code to}
     * @param tag of the running address space
     * @param globalClasses bit for each class of a leaf that is global
     * @return what missed: {@link Misses}
     */
    public long accessAll(long[] leaves, int from, int to, int tag, long globalClasses) {
        int own = tlbTags.handle(tag);
        int global = tlbTags.handle(globalOf(tag));
        long misses = 0;
        int i = from;
        while (true) {
            i = first.touchAll(leaves, i, to, key(0, own), key(0, global), globalClasses);
            if (i == to) {
                return misses;
            }
            long leaf = leaves[i++];
            boolean isGlobal = (globalClasses >>> (leaf >>> Leaf.CLASS_SHIFT) & 1) != 0;
            misses += Misses.of(behindFirst(leaf, isGlobal ? global : own, tag));
        }
    }

    private int behindFirst(long leaf, int handle, int tag) {
        int size = Leaf.size(leaf);
        if (touchSecond(leaf, key(leaf, handle))) {
            return STLB_HIT;
        }
        return WALK + walk(Leaf.page(leaf), size, tag);
    }

    /** Looks up in the second level what the first has just missed. */
    private boolean touchSecond(long leaf, long key) {
        LruTable table = second[Leaf.type(leaf) * SIZES + Leaf.size(leaf)];
        if (first.isFirst()) {
            table.add(Leaf.number(leaf), key);
            return false;
        }
        return table.touch(Leaf.number(leaf), key);
    }

    /** Looks a paging-structure entry up; if it is missing, puts it in. */
    private boolean touchWalkCache(int level, long prefix, int handle) {
        long key = key(prefix, level, handle);
        if (newestWalks.isFirst(key)) {
            walks[level].add(prefix, key);
            return false;
        }
        return walks[level].touch(prefix, key);
    }

    /**
     * One access of a guest. The TLB holds the combined translation, in the smaller of both page sizes.
     *
     * <p>The walk is two-dimensional: every guest table it reads has itself to be found through the nested
     * table, unless a paging-structure cache gave its place; without any cache, 4 by 4 levels are
     * 24 reads. Where the guest's tables lie is not recorded: each is given a frame of its own, neighbours
     * side by side, under the page size of the guest's memory. An estimate.
     *
     * @param page guest-virtual address >> 12, sign-extended
     * @param size of the guest's leaf
     * @param tag {@code vpid << 12 | pcid of the guest}, VPID not 0
     * @param isGlobal whether the guest's leaf is global
     * @param type {@link tollgate.replay.Access#FETCH}, LOAD or STORE
     * @param frame guest-physical address >> 12 of the page, below 2^39
     * @param frameSize size of the nested leaf that maps the guest's memory
     */
    public int accessNested(long page, int size, int tag, boolean isGlobal, int type, long frame, int frameSize) {
        int leafSize = Math.min(size, frameSize);
        long leaf = Leaf.of(page, leafSize, 0, type);
        long key = key(leaf, tlbTags.handle(isGlobal ? globalOf(tag) : tag));
        if (first.touch(leaf, key)) {
            return L1_HIT;
        }
        if (touchSecond(leaf, key)) {
            return STLB_HIT;
        }
        int vpid = tag & VPID_MASK;
        int reads = walk(page, size, tag);
        int steps = reads;
        boolean isFromRoot = reads == levels - size;
        // Reads go down from level size + reads - 1 to level size. A cached upper entry holds the host address
        // of the first table read, so that only the root table and those below the first need a nested walk.
        for (int level = size + reads - (isFromRoot ? 1 : 2); level >= size; level--) {
            steps += nestedWalk(GuestTables.frame(page, level, tag), frameSize, vpid);
        }
        return WALK + steps + nestedWalk(frame, frameSize, vpid);
    }

    /** MOV to CR3 under PCID with bit 63 clear: the tag's non-global entries and paging-structure caches go. */
    @Override
    public void flushTag(int tag) {
        tlbTags.drop(tag);
        walkTags.drop(tag);
    }

    /** MOV to CR3 without PCID: all non-global entries of the host and its paging-structure caches go. */
    @Override
    public void flushNonGlobal() {
        tlbTags.dropMatching(~((1 << PCID_BITS) - 1), 0);
        walkTags.dropMatching(~((1 << PCID_BITS) - 1), 0);
    }

    /** Everything goes, guests' entries too: reset, or an idle state deep enough to lose the TLBs. */
    @Override
    public void flushAll() {
        tlbTags.dropMatching(0, 0);
        walkTags.dropMatching(0, 0);
    }

    /** INVLPG: the page under this tag, the global page under all tags of its VPID, and all paging-structure caches of the tag. */
    public void invlpg(long page, int tag) {
        remove(page, tlbTags.peek(tag));
        remove(page, tlbTags.peek(globalOf(tag)));
        walkTags.drop(tag);
    }

    /** INVPCID type 0: the non-global page under this tag, and the paging-structure entries that lead to it. */
    public void invpcidAddress(long page, int tag) {
        remove(page, tlbTags.peek(tag));
        int handle = walkTags.peek(tag);
        for (int level = 0; level < WALK_CACHES; level++) {
            long prefix = number(page, level + 1);
            walks[level].remove(prefix, key(prefix, level, handle));
        }
    }

    /** INVPCID type 1: all of a tag but global pages. */
    public void invpcidContext(int tag) {
        flushTag(tag);
    }

    /** INVPCID type 2, or a write to CR4 that changes PGE: all of the host, global pages too. Guests' entries stay. */
    public void invpcidAll() {
        invvpid(0);
    }

    /** INVPCID type 3: all of the host but global pages. */
    public void invpcidAllNonGlobal() {
        flushNonGlobal();
    }

    /** INVVPID type 1: all entries of a VPID, global ones too. */
    public void invvpid(int vpid) {
        int mask = VPID_MASK | NESTED;
        tlbTags.dropMatching(mask, vpid << PCID_BITS);
        walkTags.dropMatching(mask, vpid << PCID_BITS);
    }

    /** INVEPT type 1, for a guest that has one VPID: its combined entries and its guest-physical ones. */
    public void invept(int vpid) {
        tlbTags.dropMatching(VPID_MASK, vpid << PCID_BITS);
        walkTags.dropMatching(VPID_MASK, vpid << PCID_BITS);
    }

    /** The handle in a key. */
    static int handle(long key) {
        return (int) (key >>> HANDLE_SHIFT);
    }

    private static long key(long leaf, int handle) {
        return leaf & Leaf.KEY_MASK | (long) handle << HANDLE_SHIFT;
    }

    private static long key(long number, int size, int handle) {
        return number | (long) size << NUMBER_BITS | (long) handle << HANDLE_SHIFT;
    }

    private static long number(long page, int size) {
        return (page & NUMBER_MASK) >>> LEVEL_BITS * size;
    }

    private static int globalOf(int tag) {
        return tag & VPID_MASK | GLOBAL;
    }

    /**
     * Page-table entries read until the leaf. The caches are asked from the deepest level up: a PDE saves all
     * reads but that of the PTE. What is missing on the way up is read on the way down, and cached.
     */
    private int walk(long page, int size, int tag) {
        int handle = walkTags.handle(tag);
        int reads = 1;
        for (int level = size; level < levels - 1; level++) {
            long prefix = number(page, level + 1);
            if (touchWalkCache(level, prefix, handle)) {
                return reads;
            }
            reads++;
        }
        return reads;
    }

    /** Entries read to translate a guest-physical frame. */
    private int nestedWalk(long frame, int size, int vpid) {
        long number = number(frame, size);
        if (nested.touch(number, key(number, size, tlbTags.handle(vpid | NESTED)))) {
            return 0;
        }
        int handle = walkTags.handle(vpid | NESTED);
        int reads = 1;
        for (int level = size; level < nestedLevels - 1; level++) {
            long prefix = number(frame, level + 1);
            if (touchWalkCache(level, prefix, handle)) {
                return reads;
            }
            reads++;
        }
        return reads;
    }

    private void sweepTlbs() {
        first.sweep(tlbs);
    }

    private void sweepWalkCaches() {
        newestWalks.forget();
        walkCaches.forEach(table -> table.sweep(newestWalks));
    }

    private void remove(long page, int handle) {
        if (handle == Tags.NONE) {
            return;
        }
        for (int size = 0; size < SIZES; size++) {
            long number = number(page, size);
            first.remove(number, size, key(number, size, handle));
            for (LruTable table : bySize[size]) {
                table.remove(number, key(number, size, handle));
            }
        }
    }
}
