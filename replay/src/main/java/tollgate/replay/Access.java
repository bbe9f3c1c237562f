package tollgate.replay;

import tollgate.replay.mmu.Leaf;

/**
 * One access to one page, packed into a non-negative long, as it stands in {@link Steps}.
 *
 * <pre>
 *   62      57 56  55 54  52 51        45 44                          0
 *  +----------+------+------+------------+-----------------------------+
 *  |     0    | type |region|memory class| page number, 45 bits, signed|
 *  +----------+------+------+------------+-----------------------------+
 * </pre>
 *
 * <p>45 bits are a 57-bit address (5 levels) without its 12 offset bits. Class and region stand together,
 * since a view is a table over both: {@link #mapping}.
 */
public final class Access {
    public static final int FETCH = 0;
    public static final int LOAD = 1;
    public static final int STORE = 2;

    /** Values that {@link #mapping} can take: 128 classes by 8 regions. */
    public static final int MAPPINGS = 1024;

    private static final int CLASS_SHIFT = 45;
    private static final int REGION_SHIFT = 52;
    private static final int TYPE_SHIFT = 55;
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

    /** The same access where the region is mapped in leaves of its usual size: a {@link Leaf} with the memory class as its class. */
    public static long leaf(long access) {
        return Leaf.of(access, region(access).leaf(), memoryClass(access).ordinal(), type(access));
    }

    /** {@link #FETCH}, {@link #LOAD} or {@link #STORE}. */
    public static int type(long access) {
        return (int) (access >>> TYPE_SHIFT) & 3;
    }
}
