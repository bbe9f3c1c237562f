package tollgate.replay.mmu;

/** How many accesses missed the first level, counted in one long: second-level hits, walks and their steps, below 2^20 each. */
public final class Misses {
    private static final int BITS = 20;
    private static final int MASK = (1 << BITS) - 1;

    private Misses() {}

    /** @param outcome of one access that missed: {@link Mmu#access} */
    static long of(int outcome) {
        return outcome == Mmu.STLB_HIT ? 1 : 1L << BITS | (long) (outcome - Mmu.WALK) << 2 * BITS;
    }

    public static int stlbHits(long misses) {
        return (int) misses & MASK;
    }

    public static int walks(long misses) {
        return (int) (misses >>> BITS) & MASK;
    }

    /** Page-table entries read by the walks. */
    public static int walkSteps(long misses) {
        return (int) (misses >>> 2 * BITS);
    }
}
