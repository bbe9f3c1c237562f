package tollgate.replay.pages;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import tollgate.replay.Region;

/**
 * Where the pages of a footprints file lie for a given owner. The numbers of fixed pages of image, modules,
 * per-CPU chunk and so on are the measured ones. Pages of the direct map stay in the 2 MiB region in which they
 * were measured, since the allocator keeps kernel allocations together (pageblocks) and the number of regions
 * decides what a large-page TLB sees; within it each region is laid out anew so that nothing collides:
 *
 * <pre>
 *   +---------+----------------+----------------------------------------+------------------+
 *   | per-CPU | shared pages,  | private roles, G owners each, in banks | fresh pages,     |
 *   | chunk   | one each       | (owner / G selects the bank)           | drawn from 32    |
 *   +---------+----------------+----------------------------------------+------------------+
 * </pre>
 *
 * <p>The page of a private role is {@code base + owner / G * bank + owner % G}: no two owners and no two roles
 * share a page, and up to G owners share the regions. Beyond G owners a bank of 2 GiB follows, so that a machine with many
 * processes uses more of its memory, as it should; the number may leave the 64 TiB of the 4-level direct map then.
 */
final class Placement {
    private static final int REGION_PAGES = 512;
    /**
     * Pages that a region hands out for one invocation after the other: as many as the list of free pages of a CPU is filled by
     * at once in the measured guests (mm/page_alloc.c, zone_batchsize: 31 with 512 MiB), from which the last freed goes first.
     */
    private static final int FRESH_PAGES = 32;

    /** Pages from one bank to the next: 2 GiB, more than the memory of any measured guest (1280 MiB). */
    private static final long BANK = 1L << 19;
    /** Stacks of 4 pages with a guard, aligned; above all vmalloc pages of the streams. */
    private static final long STACKS = 0xffff_fffc_a000_0000L;

    private static final long STACK_STEP = 8;

    final long[] base;
    /** log2 of G. */
    final byte[] owners;

    final long[] bank;

    Placement(Footprints footprints) {
        int n = footprints.number.length;
        base = Arrays.copyOf(footprints.number, n);
        owners = new byte[n];
        bank = new long[n];
        Map<Long, int[]> layout = new HashMap<>();
        for (int id = 0; id < n; id++) {
            if (isPlaced(footprints, id)) {
                int[] counts = layout.computeIfAbsent(region(base[id]), k -> new int[4]);
                switch (footprints.kind[id]) {
                    case FootprintFormat.FIXED -> counts[1]++;
                    case FootprintFormat.FRESH -> counts[3]++;
                    default -> counts[2]++;
                }
            } else if (footprints.pageClass[id] == PageClass.PERCPU.ordinal()) {
                layout.computeIfAbsent(region(base[id]), k -> new int[4])[0] = 64;
            }
        }
        Map<Long, int[]> used = new HashMap<>();
        for (int id = 0; id < n; id++) {
            if (isPlaced(footprints, id)) {
                place(footprints, id, layout, used);
            } else if (footprints.pageClass[id] == PageClass.STACK.ordinal()) {
                boolean own = footprints.kind[id] == FootprintFormat.OF_TASK;
                base[id] = STACKS + (base[id] & 3) + (own ? 0 : 4);
                bank[id] = STACK_STEP;
            } else if (footprints.kind[id] != FootprintFormat.FIXED) {
                bank[id] = BANK; // vmalloc space, guest memory in the VMM: 4 KiB pages, their places do not matter
            }
        }
    }

    /** Page of a role for an owner (process, task or VM number, not negative). */
    long page(int id, int owner) {
        int g = owners[id];
        return base[id] + (owner >>> g) * bank[id] + (owner & (1 << g) - 1);
    }

    /** Page of a fresh page for an allocation: another place for another salt, injective in the region. */
    long fresh(int id, long salt) {
        long start = base[id] & ~(FRESH_PAGES - 1L);
        return start + (base[id] + salt & FRESH_PAGES - 1);
    }

    private void place(Footprints footprints, int id, Map<Long, int[]> layout, Map<Long, int[]> used) {
        long region = region(base[id]);
        int[] counts = layout.get(region);
        int[] next = used.computeIfAbsent(region, k -> new int[3]);
        long start = region * REGION_PAGES;
        int shared = counts[0];
        int room = REGION_PAGES - counts[0] - counts[1] - (counts[3] > 0 ? FRESH_PAGES : 0);
        switch (footprints.kind[id]) {
            case FootprintFormat.FIXED -> base[id] = start + shared + next[0]++;
            case FootprintFormat.FRESH -> base[id] = start + REGION_PAGES - FRESH_PAGES + (next[2]++ & FRESH_PAGES - 1);
            default -> {
                int g = Math.max(0, 31 - Integer.numberOfLeadingZeros(Math.max(1, room / counts[2])));
                int rank = next[1]++;
                int fitting = Math.max(1, room >> g);
                // A region with more roles than room goes on in a region of its own above all banks.
                long spill = rank / fitting * (1L << 40);
                base[id] = start + spill + shared + counts[1] + ((long) (rank % fitting) << g);
                owners[id] = (byte) g;
                bank[id] = BANK;
            }
        }
    }

    private static boolean isPlaced(Footprints footprints, int id) {
        return footprints.kind[id] != FootprintFormat.USER_RANK
                && Region.ofPage(footprints.number[id]) == Region.DIRECT
                && footprints.pageClass[id] != PageClass.PERCPU.ordinal();
    }

    private static long region(long page) {
        return page >> 9;
    }
}
