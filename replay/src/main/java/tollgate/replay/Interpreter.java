package tollgate.replay;

import java.util.BitSet;
import tollgate.replay.exposure.Demand;
import tollgate.replay.exposure.Watch;

/** Runs the acts of one strategy, compiled to a {@link Program}, on its CPUs. */
final class Interpreter {
    /** The vector of non-maskable interrupts. */
    private static final int NMI = Cause.of(Cause.Family.INTERRUPT, 2);

    private static final Act.Flush[] FLUSHES = Act.Flush.values();

    private final Program program;
    private final Lane lane;
    /** By rate: how much of an act is due. */
    private final double[] owed;

    private long callsMapped;
    private long callsBeyondLimits;

    /** @param lane that knows the other CPUs, for acts that reach them */
    Interpreter(Program program, Lane lane) {
        this.program = program;
        this.lane = lane;
        owed = new double[program.rates.length];
    }

    /** Calls of the workload that ran on a set of pages mapped one by one. */
    long callsMapped() {
        return callsMapped;
    }

    /** Of these, calls that needed more pages than the strategy as posted maps before it kills the task. */
    long callsBeyondLimits() {
        return callsBeyondLimits;
    }

    /** The acts at a crossing, in the space that is live. */
    void run(Cpu c, Crossing crossing) {
        run(c, program.start[crossing.ordinal() * program.spaces + c.space]);
    }

    /** The acts at the touch of unmapped memory that this access is; those that map it change the view or what is mapped apart. */
    void touch(Cpu c, long access) {
        c.touched = access;
        run(c, Access.type(access) == Access.FETCH ? program.onFetch[c.space] : program.onData[c.space]);
    }

    private void run(Cpu c, int start) {
        int[] code = program.code;
        int at = start;
        while (true) {
            switch (code[at]) {
                case Program.END -> {
                    return;
                }
                case Program.CHARGE -> {
                    c.charge(Operation.of(code[at + 1]), code[at + 2]);
                    if ((Watch.FLUSHES >>> code[at + 1] & 1) != 0) {
                        c.watch.flushed(Operation.of(code[at + 1]));
                    }
                    at += 3;
                }
                case Program.LOAD -> {
                    c.load(code[at + 1], FLUSHES[code[at + 2]]);
                    at += 3;
                }
                case Program.IF_FAMILY -> at = (code[at + 1] >> (c.cause >>> 28) & 1) != 0 ? at + 3 : code[at + 2];
                case Program.IF_SYSCALL -> {
                    BitSet set = program.syscalls[code[at + 1]];
                    boolean holds = c.cause >>> 28 == Cause.Family.SYSCALL.ordinal() && set.get(Cause.number(c.cause));
                    at = holds ? at + 3 : code[at + 2];
                }
                case Program.IF_NMI -> at = c.cause == NMI ? at + 2 : code[at + 1];
                case Program.IF_FULL_FLUSH -> at = c.flushesAll ? at + 2 : code[at + 1];
                case Program.IF_MM_CHANGES -> at = c.changesMm ? at + 2 : code[at + 1];
                case Program.IF_VCPU_CHANGES -> at = c.lastVcpu != null && c.lastVcpu != c.held ? at + 2 : code[at + 1];
                case Program.IF_KERNEL_THREAD -> at = c.takesKernelThread ? at + 2 : code[at + 1];
                case Program.IF_NAMESPACED -> at = c.namespace != 0 ? at + 2 : code[at + 1];
                case Program.RAISE -> {
                    c.held.flags |= code[at + 1];
                    at += 2;
                }
                case Program.IF_RAISED -> {
                    boolean isRaised = (c.held.flags & code[at + 1]) != 0;
                    c.held.flags &= ~code[at + 1];
                    at = isRaised ? at + 3 : code[at + 2];
                }
                case Program.IF_LOWERED -> {
                    boolean isLowered = (c.held.flags & code[at + 1]) == 0;
                    c.held.flags |= code[at + 1];
                    at = isLowered ? at + 3 : code[at + 2];
                }
                case Program.IF_TOUCHED -> {
                    int memoryClass = Access.memoryClass(c.touched).ordinal();
                    at = (code[at + 1] >> memoryClass & 1) != 0 ? at + 3 : code[at + 2];
                }
                case Program.IF_PRELOADED -> at = isPreloaded(c, program.rates[code[at + 1]]) ? at + 3 : code[at + 2];
                case Program.MAP_TOUCHED -> {
                    mapTouched(c, code[at + 1], code[at + 2]);
                    at += 3;
                }
                case Program.UNMAP_TOUCHED -> {
                    c.charge(Operation.PTE_WRITE, c.held.mapped.size());
                    c.held.mapped.clear();
                    c.held.foreignPages = 0;
                    c.held.ownPages = 0;
                    c.watch.pages(0, 0);
                    endCall(c);
                    at++;
                }
                case Program.KEEP_TOUCHED -> {
                    endCall(c);
                    at++;
                }
                case Program.MAP_BRIEFLY -> {
                    c.unmapEphemeral();
                    c.ephemeral = Access.page(c.touched);
                    at++;
                }
                case Program.SUSPEND -> {
                    if (c.held.interruptDepth++ == 0 && c.space != code[at + 1]) {
                        c.suspended = c.space;
                        c.load(code[at + 1], FLUSHES[code[at + 2]]);
                    }
                    at += 3;
                }
                case Program.RESUME -> {
                    c.held.interruptDepth = Math.max(c.held.interruptDepth - 1, 0);
                    if (c.held.interruptDepth == 0 && c.suspended != Cpu.NONE) {
                        c.load(c.suspended, FLUSHES[code[at + 1]]);
                        c.suspended = Cpu.NONE;
                    }
                    at += 2;
                }
                case Program.LEAVE -> {
                    c.leave(FLUSHES[code[at + 1]]);
                    at += 2;
                }
                case Program.SAVE -> {
                    c.held.savedSpace = c.space != 0 ? c.space : Math.max(c.suspended, 0);
                    c.leave(FLUSHES[code[at + 1]]);
                    at += 2;
                }
                case Program.RESTORE -> {
                    if (c.held.savedSpace != 0) {
                        if (c.held.interruptDepth > 0) {
                            c.suspended = c.held.savedSpace;
                        } else {
                            c.load(c.held.savedSpace, FLUSHES[code[at + 1]]);
                        }
                        c.held.savedSpace = 0;
                    }
                    at += 2;
                }
                case Program.RAISE_GENERATION -> {
                    lane.raiseGeneration(c);
                    at++;
                }
                case Program.INVALIDATE_SPACE -> at = c.invalidateSpace(code[at + 1]) ? code[at + 2] : at + 3;
                case Program.SHOOT_OTHER_NAMESPACES -> {
                    lane.shootOtherNamespaces(c);
                    at++;
                }
                case Program.SHOOT_KERNEL_PAGE -> {
                    lane.flushKernel(c, 1);
                    at++;
                }
                case Program.AT_RATE -> {
                    owed[code[at + 1]] += program.rates[code[at + 1]];
                    at += 2;
                }
                case Program.WHILE_OWED -> {
                    int rate = code[at + 1];
                    boolean isDue = owed[rate] >= 1;
                    owed[rate] -= isDue ? 1 : 0;
                    at = isDue ? at + 3 : code[at + 2];
                }
                case Program.GO_TO -> at = code[at + 1];
                case Program.ASI_ENTER -> {
                    c.held.target = code[at + 1];
                    c.held.interruptDepth = 0;
                    asiEnterTarget(c);
                    at += 2;
                }
                case Program.ASI_RELAX -> {
                    c.held.target = 0;
                    at++;
                }
                case Program.ASI_EXIT -> {
                    asiExit(c);
                    at++;
                }
                case Program.ASI_INTERRUPT -> {
                    c.held.interruptDepth += c.held.target != 0 ? 1 : 0;
                    at++;
                }
                case Program.ASI_INTERRUPT_RETURN -> {
                    if (c.held.target != 0 && c.held.interruptDepth > 0 && --c.held.interruptDepth == 0) {
                        asiEnterTarget(c);
                    }
                    at++;
                }
                case Program.TAINT_OTHER_MM -> {
                    int control = (c.taints & Strategy.ALL_CONTROL) != 0 ? Strategy.OTHER_MM_CONTROL : 0;
                    int data = (c.taints & code[at + 1]) != 0 ? Strategy.OTHER_MM_DATA : 0;
                    c.taints = control | data | c.taints & Strategy.KERNEL_DATA;
                    at += 2;
                }
                default -> throw new IllegalStateException("no such act at " + at);
            }
        }
    }

    private void mapTouched(Cpu c, int pages, int codePages) {
        Held held = c.held;
        boolean isCode = Access.type(c.touched) == Access.FETCH;
        held.isBeyondLimits |= held.mapped.size() >= pages || isCode && held.codePages >= codePages;
        held.codePages += isCode ? 1 : 0;
        held.map(Access.page(c.touched));
        MemoryClass memoryClass = Access.memoryClass(c.touched);
        if (memoryClass.isOwn()) {
            held.ownPages = Demand.more(held.ownPages, memoryClass.sensitivity());
        } else {
            held.foreignPages = Demand.more(held.foreignPages, memoryClass.sensitivity());
        }
        c.watch.pages(held.foreignPages, held.ownPages);
        c.charge(Operation.PTE_WRITE, 1);
    }

    private void endCall(Cpu c) {
        if (c.ledger == lane.ledger()) {
            callsMapped++;
            callsBeyondLimits += c.held.isBeyondLimits ? 1 : 0;
        }
        c.held.isBeyondLimits = false;
        c.held.codePages = 0;
    }

    /** Fibonacci hashing: the upper 32 bits of page times 2^64 divided by the golden ratio are spread evenly. */
    private static boolean isPreloaded(Cpu c, double share) {
        return (Access.page(c.touched) * 0x9E3779B97F4A7C15L >>> 32) < share * 0x1p32;
    }

    /** enter_target of arch/x86/mm/asi.c: branch state is flushed before CR3 is written, data after. */
    private void asiEnterTarget(Cpu c) {
        if (c.held.target == 0 || c.held.target == c.space) {
            return;
        }
        Strategy.Taints policy = program.taints[c.held.target];
        asiFlushControl(c, policy.preventControl(), policy.flushesBranches());
        c.load(c.held.target, policy.flush());
        if ((c.taints & policy.protectData()) != 0) {
            if (policy.flushesData()) {
                c.charge(Operation.L1D_FLUSH, 1);
                c.watch.flushed(Operation.L1D_FLUSH);
            }
            c.taints &= ~policy.data();
        }
        c.taints |= policy.set();
    }

    /** asi_exit: from here on the kernel may touch everything. */
    private void asiExit(Cpu c) {
        if (c.space == 0) {
            return;
        }
        Strategy.Taints policy = program.taints[c.space];
        asiFlushControl(c, Strategy.ALL_CONTROL, policy.flushesBranches());
        c.taints |= Strategy.KERNEL_DATA;
        c.load(0, policy.flush() == Act.Flush.FLUSH ? Act.Flush.FLUSH : Act.Flush.KEEP);
    }

    private static void asiFlushControl(Cpu c, int mask, boolean flushes) {
        if ((c.taints & mask) != 0) {
            if (flushes) {
                c.charge(Operation.IBPB, 1);
                c.charge(Operation.RSB_FILL, 1);
                c.watch.flushed(Operation.IBPB);
            }
            c.taints &= ~Strategy.ALL_CONTROL;
        }
    }
}
