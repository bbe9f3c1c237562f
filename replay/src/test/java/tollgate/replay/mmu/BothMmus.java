package tollgate.replay.mmu;

import java.util.function.Consumer;

/** The fast MMU and the plain one as one: each verb goes to both, and outcomes that differ are counted. */
final class BothMmus implements Machine {
    private final Mmu fast;
    private final PlainMmu plain;
    private long accesses;
    private long disagreements;
    private String firstDisagreement = "";

    BothMmus(Mmu fast, PlainMmu plain) {
        this.fast = fast;
        this.plain = plain;
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
                fast.access(page, size, tag, isGlobal, type),
                plain.access(page, size, tag, isGlobal, type),
                page,
                size,
                tag,
                type);
    }

    @Override
    public int accessNested(long page, int size, int tag, boolean isGlobal, int type, long frame, int frameSize) {
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
        both(machine -> machine.flushTag(tag));
    }

    @Override
    public void flushNonGlobal() {
        both(machine -> machine.flushNonGlobal());
    }

    @Override
    public void flushAll() {
        both(machine -> machine.flushAll());
    }

    @Override
    public void invlpg(long page, int tag) {
        both(machine -> machine.invlpg(page, tag));
    }

    @Override
    public void invpcidAddress(long page, int tag) {
        both(machine -> machine.invpcidAddress(page, tag));
    }

    @Override
    public void invpcidContext(int tag) {
        both(machine -> machine.invpcidContext(tag));
    }

    @Override
    public void invpcidAll() {
        both(machine -> machine.invpcidAll());
    }

    @Override
    public void invpcidAllNonGlobal() {
        both(machine -> machine.invpcidAllNonGlobal());
    }

    @Override
    public void invvpid(int vpid) {
        both(machine -> machine.invvpid(vpid));
    }

    @Override
    public void invept(int vpid) {
        both(machine -> machine.invept(vpid));
    }

    private void both(Consumer<Machine> verb) {
        verb.accept(fast);
        verb.accept(plain);
    }
}
