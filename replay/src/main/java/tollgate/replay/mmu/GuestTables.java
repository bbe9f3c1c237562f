package tollgate.replay.mmu;

/**
 * Where a guest's page tables lie in its physical memory, which no recording says. All lie in one GiB
 * above the guest's memory, since kernels take them from a common pool; the tables of one level of one
 * process stand side by side from a scattered start, as an allocator that hands out pages in order would
 * place them. An estimate, used for nested walks only.
 */
final class GuestTables {
    /** Frames from here on hold tables: 2^39 pages of 4 KiB are 2 PiB, more than any guest has. */
    private static final long FIRST = 1L << 39;

    /** 2^18 tables of 4 KiB are 1 GiB and map 512 GiB. */
    private static final long TABLES_MASK = (1L << 18) - 1;

    /** Multiplier of Fibonacci hashing, 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4). */
    private static final long SCATTER = 0x9E3779B97F4A7C15L;

    private GuestTables() {}

    /**
     * @param page guest-virtual address >> 12
     * @param level 0 for the table of PTEs, 1 of PDEs, 2 of PDPTEs, 3 of PML4Es, 4 of PML5Es
     * @param tag of the guest's address space
     */
    static long frame(long page, int level, int tag) {
        long table = page >>> Mmu.LEVEL_BITS * (level + 1);
        long start = ((long) tag << 3 | level) * SCATTER >>> 40;
        return FIRST | start + table & TABLES_MASK;
    }
}
