package tollgate.replay.mmu;

import java.util.SplittableRandom;

/**
 * Draws what a kernel might do to an MMU: accesses with locality from several address spaces and two guests,
 * large and small pages, user and global ones, and now and then an instruction that drops entries. Whether a
 * page is global and how large it is follows from its number, as in a real address space.
 */
final class RandomMachineUse {
    private static final int RECENT = 64;
    /** Host PCIDs 0 to 5, and PCIDs 0 to 2 of the guests 1 and 9. */
    private static final int[] TAGS = {0, 1, 2, 3, 4, 5, 1 << 12, 1 << 12 | 1, 9 << 12, 9 << 12 | 2};

    private final SplittableRandom random;
    private final long[] recent = new long[RECENT];
    private int tag;

    RandomMachineUse(SplittableRandom random) {
        this.random = random;
    }

    void maybeFlush(BothMmus machine) {
        if (random.nextInt(30) == 0) {
            tag = TAGS[random.nextInt(TAGS.length)];
        }
        int what = random.nextInt(1500);
        long where = recent[random.nextInt(RECENT)];
        int whose = TAGS[random.nextInt(TAGS.length)];
        switch (what) {
            case 0, 1, 2 -> machine.flushTag(whose);
            case 3 -> machine.flushNonGlobal();
            case 4 -> machine.invpcidAllNonGlobal();
            case 5 -> machine.invpcidAll();
            case 6, 7, 8, 9 -> machine.invlpg(where, whose);
            case 10, 11, 12 -> machine.invpcidAddress(where, whose);
            case 13 -> machine.invpcidContext(whose);
            case 14 -> machine.invvpid(whose >>> Mmu.PCID_BITS);
            case 15 -> machine.invept(9);
            case 16 -> {
                if (where % 3 == 0) {
                    machine.flushAll();
                }
            }
            default -> {}
        }
    }

    /** Draws an access and makes it. */
    int access(BothMmus machine) {
        int slot = random.nextInt(RECENT);
        if (random.nextInt(8) == 0) {
            recent[slot] = fresh();
        }
        long page = recent[slot] + (random.nextInt(4) == 0 ? random.nextInt(3) : 0);
        // Regions of 1 GiB: in a third each all leaves are 4 KiB, 2 MiB or 1 GiB.
        int size = Math.floorMod(page >> 18, 3);
        boolean isGlobal = page < 0 && (page >> 20 & 1) != 0;
        int type = random.nextInt(3);
        if (tag >>> Mmu.PCID_BITS == 0) {
            return machine.access(page, size, tag, isGlobal, type);
        }
        long frame = page & (1L << 21) - 1;
        return machine.accessNested(page, size, tag, isGlobal, type, frame, (int) (frame >> 9) % 2);
    }

    private long fresh() {
        long near = random.nextInt(1 << 11);
        long region = (long) random.nextInt(12) << 18;
        long half = random.nextBoolean() ? 0 : -1L << 35;
        long far = random.nextInt(20) == 0 ? (long) random.nextInt(64) << 28 : 0;
        return half + far + region + near;
    }
}
