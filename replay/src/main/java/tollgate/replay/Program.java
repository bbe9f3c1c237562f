package tollgate.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A strategy compiled to int tables: for each (crossing, live space) the start of a run of ints that
 * {@link Lane} interprets, and for each space its view as a byte table.
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
    static final int RAISE = 5; // flag bit
    static final int IF_RAISED = 6; // flag bit, else; lowers it
    static final int MAP_TOUCHED = 7;
    static final int UNMAP_TOUCHED = 8;
    static final int SUSPEND = 9; // flush
    static final int RESUME = 10; // flush
    static final int LEAVE = 11; // flush
    static final int SAVE = 12; // flush
    static final int RESTORE = 13; // flush
    static final int AT_RATE = 14; // rate, else; comes back here while the rate is owed
    static final int ASI_ENTER = 15; // space
    static final int ASI_RELAX = 16;
    static final int ASI_EXIT = 17;
    static final int ASI_INTERRUPT = 18;
    static final int ASI_INTERRUPT_RETURN = 19;
    static final int TAINT_OTHER_MM = 20;
    static final int GO_TO = 21; // index

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
        for (int i = 0; i < spaces; i++) {
            Strategy.Space space = strategy.spaces().get(i);
            views[i] = space.view().compile();
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
            branch(condition.then(), 0, IF_FAMILY, mask);
        } else if (act instanceof Act.IfSyscall condition) {
            sets.add(condition.set().numbers());
            branch(condition.then(), 0, IF_SYSCALL, sets.size() - 1);
        } else if (act instanceof Act.Raise raise) {
            put(RAISE, flag(raise.flag()));
        } else if (act instanceof Act.IfRaised condition) {
            branch(condition.then(), 0, IF_RAISED, flag(condition.flag()));
        } else if (act instanceof Act.Suspend suspend) {
            put(SUSPEND, suspend.flush().ordinal());
        } else if (act instanceof Act.Resume resume) {
            put(RESUME, resume.flush().ordinal());
        } else if (act instanceof Act.Leave leave) {
            put(LEAVE, leave.flush().ordinal());
        } else if (act instanceof Act.SaveForTask save) {
            put(SAVE, save.flush().ordinal());
        } else if (act instanceof Act.RestoreForTask restore) {
            put(RESTORE, restore.flush().ordinal());
        } else if (act instanceof Act.AtRate atRate) {
            rateList.add(atRate.rate());
            int again = used;
            branch(atRate.then(), again, AT_RATE, rateList.size() - 1);
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
        } else if (act instanceof Act.TaintOtherMm) {
            put(TAINT_OTHER_MM);
        } else if (act instanceof Act.MapTouched) {
            put(MAP_TOUCHED);
        } else if (act instanceof Act.UnmapTouched) {
            put(UNMAP_TOUCHED);
        }
    }

    /** @param again where to go on after the acts, 0 for behind them */
    private void branch(List<Act> then, int again, int... head) {
        put(head);
        int otherwise = used;
        put(0);
        then.forEach(this::emit);
        if (again > 0) {
            put(GO_TO, again);
        }
        pool[otherwise] = used;
    }

    private int flag(String name) {
        if (!flags.contains(name)) {
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
