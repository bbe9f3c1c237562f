package tollgate.replay;

import java.util.EnumSet;
import java.util.Set;
import java.util.StringJoiner;
import tollgate.ingest.ExitReason;

/**
 * A few crossings written by hand, and what a strategy does at those after {@link #then}: every operation but
 * translations, as text such as {@code CR3_READ 1, CR3_WRITE_KEEP 1}. All tasks belong to the workload.
 */
final class Play {
    static final int READ = Cause.of(Cause.Family.SYSCALL, 0);
    static final int SENDTO = Cause.of(Cause.Family.SYSCALL, 44);
    static final int IOCTL = Cause.of(Cause.Family.SYSCALL, 16);
    static final int NMI = Cause.of(Cause.Family.INTERRUPT, 2);
    static final int TIMER = Cause.of(Cause.Family.INTERRUPT, 236);
    static final int EXIT = Cause.of(Cause.Family.VM_EXIT, ExitReason.id(ExitReason.SVM, 0x72));

    static final long TEXT = FixedPages.T;
    static final long OBJECT = FixedPages.D;
    static final long VM = FixedPages.V;
    static final long USER = FixedPages.U;
    static final long ENTRY = direct(0x10, MemoryClass.ENTRY);
    static final long GUEST = direct(0x20, MemoryClass.G_CUR);
    static final long FILE = direct(0x30, MemoryClass.PC_RD);
    static final long OTHER_FILE = direct(0x31, MemoryClass.PC_OTH);
    static final long OTHER_VM = direct(0x40, MemoryClass.K_VM_OTH);
    static final long OTHER_NAMESPACE = direct(0x50, MemoryClass.K_NS_OTH);
    static final long STACK = Access.of(0xffffc90000001000L >> 12, MemoryClass.K_TASK_CUR, Access.STORE);
    static final long TASK = direct(0x60, MemoryClass.K_TASK_CUR);

    private static final Set<Operation> TRANSLATIONS = EnumSet.of(
            Operation.STLB_HIT,
            Operation.WALK,
            Operation.WALK_STEP,
            Operation.STLB_HIT_USER,
            Operation.WALK_USER,
            Operation.WALK_STEP_USER);

    private final Steps steps = new Steps(64);
    private final boolean isIntel;
    private final boolean hasInvpcid;
    private int mark;
    private Lane lane;

    private Play(boolean isIntel, boolean hasInvpcid) {
        this.isIntel = isIntel;
        this.hasInvpcid = hasInvpcid;
    }

    static Play onAmd() {
        return new Play(false, true);
    }

    static Play onIntel() {
        return new Play(true, true);
    }

    static Play withoutInvpcid() {
        return new Play(false, false);
    }

    /** The loads are those of a page of this class in the direct map; 2 MiB apart. */
    private static long direct(long number, MemoryClass memoryClass) {
        return Access.of((0xffff888010000000L >> 12) + (number << 9), memoryClass, Access.LOAD);
    }

    /** A 4 KiB page of kernel text, or of an object if {@code type} is not FETCH. */
    static long page(int number, int type) {
        return type == Access.FETCH
                ? Access.of((0xffffffff81000000L >> 12) + number, MemoryClass.K_TEXT, type)
                : Access.of((0xffff888020000000L >> 12) + number, MemoryClass.K_PROC_CUR, type);
    }

    /** What was played so far is not asserted. */
    Play then() {
        mark = steps.size();
        return this;
    }

    Play on(int cpu) {
        return at(Crossing.CPU, cpu, 0);
    }

    Play enter(int cause) {
        return at(Crossing.USER_ENTRY, cause, 0);
    }

    Play leave() {
        return at(Crossing.USER_RETURN, 0, 0);
    }

    Play interrupt(int cause) {
        return at(Crossing.KERNEL_ENTRY, cause, 0);
    }

    Play back() {
        return at(Crossing.KERNEL_RETURN, 0, 0);
    }

    /** Task and mm bear the same number, below 100; threads of it are 100 more, 200 more. */
    Play task(int task) {
        return at(Crossing.SWITCH, task, Steps.owner(task % 100, 0, true));
    }

    Play taskIn(int task, int namespace) {
        return at(Crossing.SWITCH, task, Steps.owner(task % 100, namespace, true));
    }

    Play kernelThread() {
        return at(Crossing.SWITCH, 99, Steps.owner(Steps.NO_MM, 0, true));
    }

    Play exec(int mm) {
        return at(Crossing.EXEC, 0, Steps.owner(mm, 0, true));
    }

    Play namespace(int mm, int namespace) {
        return at(Crossing.NAMESPACE, 0, Steps.owner(mm, namespace, true));
    }

    Play guest(int vm) {
        return at(Crossing.VM_ENTRY, vm, 0);
    }

    Play exit(int vm) {
        return at(Crossing.VM_EXIT, EXIT, vm);
    }

    Play guestFault() {
        return at(Crossing.GUEST_FAULT, 0, 0);
    }

    Play toVmm() {
        return at(Crossing.VMM_RETURN, 0, 0);
    }

    Play flush(int pages) {
        return at(Crossing.FLUSH_LOCAL, 0, pages);
    }

    Play send(int pages) {
        return at(Crossing.FLUSH_SEND, 0, pages);
    }

    Play receive(int pages) {
        return at(Crossing.FLUSH_RECEIVE, 0, pages);
    }

    Play kernelFlush(int pages) {
        return at(Crossing.FLUSH_KERNEL, 0, pages);
    }

    Play deepIdle() {
        return at(Crossing.DEEP_IDLE, 0, 0);
    }

    Play touch(long... accesses) {
        for (long access : accesses) {
            steps.access(access);
        }
        return this;
    }

    private Play at(Crossing crossing, long argument, long extra) {
        steps.crossing(crossing, argument, 0, extra);
        return this;
    }

    /** What the strategy does after the mark. */
    String costs(String strategy) {
        return costs(Strategies.parse(strategy));
    }

    String costs(Strategy strategy) {
        long[] sums = run(strategy);
        StringJoiner costs = new StringJoiner(", ");
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] > 0 && !TRANSLATIONS.contains(Operation.of(i))) {
                costs.add(Operation.of(i) + " " + sums[i]);
            }
        }
        return costs.toString();
    }

    /** Walks, user and kernel, after the mark. */
    long walks(String strategy) {
        long[] sums = run(Strategies.parse(strategy));
        return sums[Operation.WALK.ordinal()] + sums[Operation.WALK_USER.ordinal()];
    }

    private long[] run(Strategy strategy) {
        Machine machine = HandWorkedTraceTest.machine();
        lane = new Lane(strategy, new Machine(machine.geometry(), true, hasInvpcid, isIntel));
        lane.run(Slice.of(steps, 0, mark));
        long[] before = sums();
        lane.run(Slice.of(steps, mark, steps.size()));
        lane.finish();
        long[] after = sums();
        for (int i = 0; i < after.length; i++) {
            after[i] -= before[i];
        }
        return after;
    }

    private long[] sums() {
        long[] sums = new long[Operation.count()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = lane.ledger().count(Operation.of(i)) + lane.rest().count(Operation.of(i));
        }
        return sums;
    }

    /** That of the last run. */
    Lane lane() {
        return lane;
    }
}
