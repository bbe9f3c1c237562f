package tollgate.replay;

/**
 * One access to one page, packed into a non-negative long, as it stands in {@link Steps}.
 *
 * <pre>
 *   62      57 56  55 54  52 51        45 44                          0
 *  +----------+------+------+------------+-----------------------------+
 *  | followers| type |region|memory class| page number, 45 bits, signed|
 *  +----------+------+------+------------+-----------------------------+
 * </pre>
 *
 * <p>45 bits are a 57-bit address (5 levels) without its 12 offset bits. Class and region stand together,
 * since a view is a table over both: {@link #mapping}.
 *
 * <p>Followers: so many of the next accesses need not be made. In an address space that maps all that their part of an
 * invocation touches ({@link Steps}) in leaves of the usual size, they are sure to hit the first level of
 * {@link Steps#geometry}, and the part leaves it as it would have with them. 0 where nothing is known.
 */
public final class Access {
    public static final int FETCH = 0;
    public static final int LOAD = 1;
    public static final int STORE = 2;

    /** Values that {@link #mapping} can take: 128 classes by 8 regions. */
    public static final int MAPPINGS = 1024;

    /** Most followers. */
    public static final int MOST_FOLLOWERS = 63;

    private static final int CLASS_SHIFT = 45;
    private static final int REGION_SHIFT = 52;
    private static final int TYPE_SHIFT = 55;
    private static final int FOLLOWERS_SHIFT = 57;
    private static final long PAGE_MASK = (1L << CLASS_SHIFT) - 1;

    private Access() {}

    /** @param page virtual address >> 12, sign-extended; its region is that of the page */
    public static long of(long page, MemoryClass memoryClass, int type) {
        return of(page, memoryClass, Region.ofPage(page), type);
    }

    public static long of(long page, MemoryClass memoryClass, Region region, int type) {
        return (page & PAGE_MASK)
                | (long) memoryClass.ordinal() << CLASS_SHIFT
                | (long) region.ordinal() << REGION_SHIFT
                | (long) type << TYPE_SHIFT;
    }

    /** Virtual address >> 12, sign-extended. */
    public static long page(long access) {
        return access << (64 - CLASS_SHIFT) >> (64 - CLASS_SHIFT);
    }

    /** Class and region as one index below {@link #MAPPINGS}: class + 128 * region. */
    public static int mapping(long access) {
        return (int) (access >>> CLASS_SHIFT) & (MAPPINGS - 1);
    }

    public static int mapping(MemoryClass memoryClass, Region region) {
        return memoryClass.ordinal() | region.ordinal() << (REGION_SHIFT - CLASS_SHIFT);
    }

    public static MemoryClass memoryClass(long access) {
        return MemoryClass.of((int) (access >>> CLASS_SHIFT) & 127);
    }

    public static Region region(long access) {
        return Region.of((int) (access >>> REGION_SHIFT) & 7);
    }

    /** {@link #FETCH}, {@link #LOAD} or {@link #STORE}. */
    public static int type(long access) {
        return (int) (access >>> TYPE_SHIFT) & 3;
    }

    /** @param followers at most {@link #MOST_FOLLOWERS} */
    public static long withFollowers(long access, int followers) {
        return access | (long) followers << FOLLOWERS_SHIFT;
    }

    public static int followers(long access) {
        return (int) (access >>> FOLLOWERS_SHIFT);
    }
}
