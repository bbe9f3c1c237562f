package tollgate.replay.mmu;

/**
 * One access to memory whose leaf is known, packed into a non-negative long: what {@link Mmu#accessAll} reads.
 *
 * <pre>
 *   62       56 55  54 53        47 46  45 44                                   0
 *  +-----------+------+------------+------+--------------------------------------+
 *  |     0     | type |   class    | size | page number in units of its own size |
 *  +-----------+------+------------+------+--------------------------------------+
 * </pre>
 *
 * <p>The class stands for what decides whether the leaf is global: below 64, chosen by the caller
 * ({@link tollgate.replay.MemoryClass}).
 */
public final class Leaf {
    /** Page number and size: the lower part of an entry's key. */
    static final long KEY_MASK = (1L << 47) - 1;

    static final int SIZE_SHIFT = 45;
    static final int CLASS_SHIFT = 47;
    private static final int TYPE_SHIFT = 54;
    private static final long NUMBER_MASK = (1L << SIZE_SHIFT) - 1;
    private static final int LEVEL_BITS = 9;

    private Leaf() {}

    /**
     * @param page virtual address >> 12, sign-extended
     * @param size of the leaf that maps it: {@link Mmu#SIZE_4K}, {@link Mmu#SIZE_2M}, {@link Mmu#SIZE_1G}
     * @param kind below 64, for {@code globalClasses} of {@link Mmu#accessAll}
     * @param type {@link tollgate.replay.Access#FETCH}, LOAD or STORE
     */
    public static long of(long page, int size, int kind, int type) {
        return (page & NUMBER_MASK) >>> LEVEL_BITS * size
                | (long) size << SIZE_SHIFT
                | (long) kind << CLASS_SHIFT
                | (long) type << TYPE_SHIFT;
    }

    /** In units of its own size. */
    static long number(long leaf) {
        return leaf & NUMBER_MASK;
    }

    static int size(long leaf) {
        return (int) (leaf >>> SIZE_SHIFT) & 3;
    }

    static int type(long leaf) {
        return (int) (leaf >>> TYPE_SHIFT);
    }

    /** The first 4 KiB page under it, as a number of 45 bits. */
    static long page(long leaf) {
        return number(leaf) << LEVEL_BITS * size(leaf) & NUMBER_MASK;
    }
}
