package tollgate.replay.mmu;

/** The fast MMU and the plain one as one: each verb goes to both, and outcomes that differ are counted. */
final class BothMmus implements Translator {
    private final Mmu fast;
    private final PlainMmu plain;
    private final long[] leaves = new long[1];
    private boolean asLeaves;
    private long accesses;
    private long disagreements;
    private String firstDisagreement = "";

    BothMmus(Mmu fast, PlainMmu plain) {
        this.fast = fast;
        this.plain = plain;
    }

    /** From here on accesses of the host reach the fast one through {@link Mmu#accessAll}. @return this */
    BothMmus asLeaves() {
        asLeaves = true;
        return this;
    }

    long accesses() {
        return accesses;
    }

    long disagreements() {
        return disagreements;
    }

    /** What the first access was whose outcomes differ; empty if none did. */
    String firstDisagreement() {
        return firstDisagreement;
    }

    @Override
    public int access(long page, int size, int tag, boolean isGlobal, int type) {
        return agreed(
                asLeaves ? accessLeaf(page, size, tag, isGlobal, type) : fast.access(page, size, tag, isGlobal, type),
                plain.access(page, size, tag, isGlobal, type),
                page,
                size,
                tag,
                type);
    }

    private int accessLeaf(long page, int size, int tag, boolean isGlobal, int type) {
        leaves[0] = Leaf.of(page, size, 5, type);
        long misses = fast.accessAll(leaves, 0, 1, tag, isGlobal ? 1 << 5 : 0);
        return misses == 0
                ? Mmu.L1_HIT
                : Misses.walks(misses) == 0 ? Mmu.STLB_HIT : Mmu.WALK + Misses.walkSteps(misses);
    }

    int accessNested(long page, int size, int tag, boolean isGlobal, int type, long frame, int frameSize) {
        return agreed(
                fast.accessNested(page, size, tag, isGlobal, type, frame, frameSize),
                plain.accessNested(page, size, tag, isGlobal, type, frame, frameSize),
                page,
                size,
                tag,
                type);
    }

    private int agreed(int got, int expected, long page, int size, int tag, int type) {
        if (got != expected && disagreements++ == 0) {
            firstDisagreement = "access %d: page %x, size %d, tag %x, type %d: plain %d, fast %d"
                    .formatted(accesses, page, size, tag, type, expected, got);
        }
        accesses++;
        return expected;
    }

    @Override
    public void flushTag(int tag) {
        fast.flushTag(tag);
        plain.flushTag(tag);
    }

    @Override
    public void flushNonGlobal() {
        fast.flushNonGlobal();
        plain.flushNonGlobal();
    }

    @Override
    public void flushAll() {
        fast.flushAll();
        plain.flushAll();
    }

    void invlpg(long page, int tag) {
        fast.invlpg(page, tag);
        plain.invlpg(page, tag);
    }

    void invpcidAddress(long page, int tag) {
        fast.invpcidAddress(page, tag);
        plain.invpcidAddress(page, tag);
    }

    void invpcidContext(int tag) {
        fast.invpcidContext(tag);
        plain.invpcidContext(tag);
    }

    void invpcidAll() {
        fast.invpcidAll();
        plain.invpcidAll();
    }

    void invpcidAllNonGlobal() {
        fast.invpcidAllNonGlobal();
        plain.invpcidAllNonGlobal();
    }

    void invvpid(int vpid) {
        fast.invvpid(vpid);
        plain.invvpid(vpid);
    }

    void invept(int vpid) {
        fast.invept(vpid);
        plain.invept(vpid);
    }
}
