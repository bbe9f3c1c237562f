package tollgate.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A strategy compiled to int tables: for each (crossing, live space) the start of the ints that an
 * {@link Interpreter} runs, and for each space its view as a byte table.
 *
 * <p>Layout of the code: {@code opcode, operands...}, ended by {@link #END}. Conditional acts are an
 * opcode with its operand and the index to go on at if the condition does not hold.
 */
final class Program {
    static final int END = 0;
    static final int CHARGE = 1; // operation, times
    static final int LOAD = 2; // space, flush
    static final int IF_FAMILY = 3; // mask of families, else
    static final int IF_SYSCALL = 4; // set, else
    static final int IF_NMI = 5; // else
    static final int IF_FULL_FLUSH = 6; // else
    static final int IF_MM_CHANGES = 7; // else
    static final int IF_KERNEL_THREAD = 8; // else
    static final int IF_NAMESPACED = 9; // else
    static final int RAISE = 10; // flag bit
    static final int IF_RAISED = 11; // flag bit, else; lowers it
    static final int IF_LOWERED = 12; // flag bit, else; raises it
    static final int IF_TOUCHED = 13; // mask of classes, else
    static final int IF_PRELOADED = 14; // rate, else
    static final int MAP_TOUCHED = 15; // pages, code pages
    static final int UNMAP_TOUCHED = 16;
    static final int KEEP_TOUCHED = 17;
    static final int MAP_BRIEFLY = 18;
    static final int SUSPEND = 19; // space, flush
    static final int RESUME = 20; // flush
    static final int LEAVE = 21; // flush
    static final int SAVE = 22; // flush
    static final int RESTORE = 23; // flush
    static final int AT_RATE = 24; // rate; adds it to what is owed
    static final int WHILE_OWED = 35; // rate, else; comes back here
    static final int IF_VCPU_CHANGES = 36; // else
    static final int SHOOT_KERNEL_PAGE = 37;
    static final int RAISE_GENERATION = 25;
    static final int INVALIDATE_SPACE = 26; // space, else where it could not
    static final int SHOOT_OTHER_NAMESPACES = 27;
    static final int ASI_ENTER = 28; // space
    static final int ASI_RELAX = 29;
    static final int ASI_EXIT = 30;
    static final int ASI_INTERRUPT = 31;
    static final int ASI_INTERRUPT_RETURN = 32;
    static final int TAINT_OTHER_MM = 33; // mask of data
    static final int GO_TO = 34; // index

    final int[] code;
    /** Start of the acts of [crossing * spaces + space], 0 for none. */
    final int[] start;
    /** Start of the acts at a touch of unmapped memory, by space. */
    final int[] onData;

    final int[] onFetch;
    /** Views by space. */
    final byte[][] views;

    final int[] pcidBits;
    final Strategy.Owner[] owners;
    /** Spaces whose flush can be deferred: bit per space. */
    final int deferred;

    /** Spaces that map user memory, whose shootdowns make their entries stale. */
    final boolean[] mapsUser;
    /** By space: bit per class of a part ({@link Steps}) that it maps in leaves of the usual size, so that an access only looks up. */
    final long[] mapped;
    /** By space: bit per class that is global. */
    final long[] globals;
    /** Whether some kernel memory is not global, so that a flush of it must reach other ASIDs too. */
    final boolean losesGlobal;

    final BitSet[] syscalls;
    final double[] rates;
    final Strategy.Taints[] taints;
    final int spaces;

    private int[] pool = new int[256];
    private int used = 1; // index 0 is an END: "no acts"
    private final Map<String, Integer> spaceIndex = new HashMap<>();
    private final List<String> flags = new ArrayList<>();
    private final List<BitSet> sets = new ArrayList<>();
    private final List<Double> rateList = new ArrayList<>();
    private int deferring;

    private Program(Strategy strategy) {
        spaces = strategy.spaces().size();
        for (Strategy.Space space : strategy.spaces()) {
            if (spaceIndex.put(space.name(), spaceIndex.size()) != null) {
                throw new IllegalArgumentException(strategy.name() + ": two spaces are called '" + space.name() + "'");
            }
        }
        start = new int[Crossing.values().length * spaces];
        onData = new int[spaces];
        onFetch = new int[spaces];
        views = new byte[spaces][];
        pcidBits = new int[spaces];
        owners = new Strategy.Owner[spaces];
        taints = new Strategy.Taints[spaces];
        mapsUser = new boolean[spaces];
        mapped = new long[spaces];
        globals = new long[spaces];
        View kernel = strategy.spaces().get(0).view();
        losesGlobal = Arrays.stream(MemoryClass.values())
                .anyMatch(each -> each != MemoryClass.U_CUR && kernel.maps(each) && !kernel.isGlobal(each));
        for (int i = 0; i < spaces; i++) {
            Strategy.Space space = strategy.spaces().get(i);
            views[i] = space.view().compile();
            mapsUser[i] = space.view().maps(MemoryClass.U_CUR) || space.view().mapsPart(MemoryClass.U_CUR);
            mapped[i] = space.view().usuallyMapped();
            globals[i] = space.view().globals();
            pcidBits[i] = space.pcidBits();
            owners[i] = space.owner();
            taints[i] = space.taints();
            onData[i] = assemble(space.onData());
            onFetch[i] = assemble(space.onFetch());
        }
        strategy.rows().forEach((crossing, rows) -> {
            for (String space : spaceIndex.keySet()) {
                List<Act> acts = rows.stream()
                        .filter(row -> row.spaces().isEmpty() || row.spaces().contains(space))
                        .flatMap(row -> row.acts().stream())
                        .toList();
                start[crossing.ordinal() * spaces + spaceIndex.get(space)] = assemble(acts);
            }
            rows.forEach(row -> row.spaces().forEach(this::indexOf));
        });
        code = Arrays.copyOf(pool, used);
        deferred = deferring;
        rates = rateList.stream().mapToDouble(Double::doubleValue).toArray();
        syscalls = sets.toArray(BitSet[]::new);
    }

    static Program compile(Strategy strategy) {
        return new Program(strategy);
    }

    private int indexOf(String space) {
        Integer index = spaceIndex.get(space);
        if (index == null) {
            throw new IllegalArgumentException("no space is called '" + space + "'; known: " + spaceIndex.keySet());
        }
        return index;
    }

    private int assemble(List<Act> acts) {
        if (acts.isEmpty()) {
            return 0;
        }
        int at = used;
        acts.forEach(this::emit);
        put(END);
        return at;
    }

    private void emit(Act act) {
        if (act instanceof Act.Charge charge) {
            put(CHARGE, charge.operation().ordinal(), charge.times());
        } else if (act instanceof Act.Load load) {
            int space = indexOf(load.space());
            if (load.flush() == Act.Flush.IF_PENDING) {
                deferring |= 1 << space;
            }
            put(LOAD, space, load.flush().ordinal());
        } else if (act instanceof Act.IfFamily condition) {
            int mask = 0;
            for (Cause.Family family : condition.families()) {
                mask |= 1 << family.ordinal();
            }
            branch(condition.then(), List.of(), IF_FAMILY, mask);
        } else if (act instanceof Act.IfSyscall condition) {
            sets.add(condition.set().numbers());
            branch(condition.then(), List.of(), IF_SYSCALL, sets.size() - 1);
        } else if (act instanceof Act.IfNmi condition) {
            branch(condition.then(), condition.otherwise(), IF_NMI);
        } else if (act instanceof Act.IfFullFlush condition) {
            branch(condition.then(), List.of(), IF_FULL_FLUSH);
        } else if (act instanceof Act.IfMmChanges condition) {
            branch(condition.then(), List.of(), IF_MM_CHANGES);
        } else if (act instanceof Act.IfVcpuChanges condition) {
            branch(condition.then(), List.of(), IF_VCPU_CHANGES);
        } else if (act instanceof Act.IfKernelThread condition) {
            branch(condition.then(), List.of(), IF_KERNEL_THREAD);
        } else if (act instanceof Act.IfNamespaced condition) {
            branch(condition.then(), List.of(), IF_NAMESPACED);
        } else if (act instanceof Act.Raise raise) {
            put(RAISE, flag(raise.flag()));
        } else if (act instanceof Act.IfRaised condition) {
            branch(condition.then(), List.of(), IF_RAISED, flag(condition.flag()));
        } else if (act instanceof Act.OnceATask condition) {
            branch(condition.then(), List.of(), IF_LOWERED, flag(condition.flag()));
        } else if (act instanceof Act.IfTouched condition) {
            int mask = 0;
            for (MemoryClass each : condition.classes()) {
                mask |= 1 << each.ordinal();
            }
            branch(condition.then(), condition.otherwise(), IF_TOUCHED, mask);
        } else if (act instanceof Act.IfPreloaded condition) {
            rateList.add(condition.share());
            branch(condition.then(), condition.otherwise(), IF_PRELOADED, rateList.size() - 1);
        } else if (act instanceof Act.AtRate atRate) {
            rateList.add(atRate.rate());
            put(AT_RATE, rateList.size() - 1);
            int again = used;
            put(WHILE_OWED, rateList.size() - 1);
            int otherwise = used;
            put(0);
            atRate.then().forEach(this::emit);
            put(GO_TO, again);
            pool[otherwise] = used;
        } else {
            emitPlain(act);
        }
    }

    private void emitPlain(Act act) {
        if (act instanceof Act.Suspend suspend) {
            put(SUSPEND, indexOf(suspend.space()), suspend.flush().ordinal());
        } else if (act instanceof Act.Resume resume) {
            put(RESUME, resume.flush().ordinal());
        } else if (act instanceof Act.Leave leave) {
            put(LEAVE, leave.flush().ordinal());
        } else if (act instanceof Act.SaveForTask save) {
            put(SAVE, save.flush().ordinal());
        } else if (act instanceof Act.RestoreForTask restore) {
            put(RESTORE, restore.flush().ordinal());
        } else if (act instanceof Act.RaiseGeneration) {
            put(RAISE_GENERATION);
        } else if (act instanceof Act.InvalidateSpace invalidate) {
            branch(invalidate.otherwise(), List.of(), INVALIDATE_SPACE, indexOf(invalidate.space()));
        } else if (act instanceof Act.ShootOtherNamespaces) {
            put(SHOOT_OTHER_NAMESPACES);
        } else if (act instanceof Act.ShootKernelPage) {
            put(SHOOT_KERNEL_PAGE);
        } else if (act instanceof Act.AsiEnter enter) {
            put(ASI_ENTER, indexOf(enter.space()));
        } else if (act instanceof Act.AsiRelax) {
            put(ASI_RELAX);
        } else if (act instanceof Act.AsiExit) {
            put(ASI_EXIT);
        } else if (act instanceof Act.AsiInterrupt) {
            put(ASI_INTERRUPT);
        } else if (act instanceof Act.AsiInterruptReturn) {
            put(ASI_INTERRUPT_RETURN);
        } else if (act instanceof Act.TaintOtherMm taint) {
            put(TAINT_OTHER_MM, taint.data());
        } else if (act instanceof Act.MapTouched map) {
            put(MAP_TOUCHED, map.pages(), map.codePages());
        } else if (act instanceof Act.UnmapTouched) {
            put(UNMAP_TOUCHED);
        } else if (act instanceof Act.KeepTouched) {
            put(KEEP_TOUCHED);
        } else if (act instanceof Act.MapBriefly) {
            put(MAP_BRIEFLY);
        } else {
            throw new IllegalStateException("no code for " + act);
        }
    }

    /** The head, then the index to go on at where its condition does not hold. */
    private void branch(List<Act> then, List<Act> otherwise, int... head) {
        put(head);
        int toOtherwise = used;
        put(0);
        then.forEach(this::emit);
        int toEnd = 0;
        if (!otherwise.isEmpty()) {
            put(GO_TO, 0);
            toEnd = used - 1;
        }
        pool[toOtherwise] = used;
        otherwise.forEach(this::emit);
        if (toEnd > 0) {
            pool[toEnd] = used;
        }
    }

    private int flag(String name) {
        if (!flags.contains(name)) {
            if (flags.size() == Integer.SIZE) {
                throw new IllegalArgumentException(
                        "a strategy has at most " + Integer.SIZE + " flags; '" + name + "' is one more");
            }
            flags.add(name);
        }
        return 1 << flags.indexOf(name);
    }

    private void put(int... ints) {
        if (used + ints.length > pool.length) {
            pool = Arrays.copyOf(pool, pool.length * 2);
        }
        System.arraycopy(ints, 0, pool, used, ints.length);
        used += ints.length;
    }
}
