package tollgate.replay;

import java.util.Arrays;
import java.util.BitSet;
import tollgate.replay.mmu.Mmu;

/**
 * One strategy on its own simulated machine: the engine that runs every strategy's tables.
 *
 * <p>What every Linux does is built in: the ASID engine at context switches, TLB flushes and their
 * generations, VMWRITE of HOST_CR3. What the strategy adds comes from its {@link Program}. An access goes
 * through the view of the live space to the MMU; one that the view does not map runs the space's acts
 * first. Lanes share no mutable state.
 */
public final class Lane {
    /** {@code tlb_single_page_flush_ceiling}: more pages than this are flushed all at once (arch/x86/mm/tlb.c). */
    public static final int FLUSH_CEILING = 33;

    /** Kernel entries between two marks of {@link Segments}. */
    static final int CPUS_AT_FIRST = 8;

    private static final long NO_PAGE = Long.MIN_VALUE >> 12;
    private static final Act.Flush[] FLUSHES = Act.Flush.values();
    private static final Crossing[] CROSSINGS = Crossing.values();

    private final Strategy strategy;
    private final Program program;
    private final Machine machine;
    private final boolean hasPcid;
    private final Ledger workload = new Ledger();
    private final Ledger rest = new Ledger();
    private final Segments segments = new Segments();
    private Cpu[] cpus = new Cpu[CPUS_AT_FIRST];
    private Cpu cpu;
    private int[] causeOfTask = new int[64];
    private long[] hostCr3OfTask = new long[64];
    private int[] generationOfMm = new int[64];
    private int[] savedSpaceOfTask = new int[64];
    private final double[] owed;
    private PageSet[] mappedOfTask = new PageSet[0];
    private int lastRate;
    private long touched;
    private long refused;
    private long spacesEntered;
    private long spacesLeft;
    private long busyNanos;
    private long entries;
    private long exits;

    public Lane(Strategy strategy, Machine machine) {
        this.strategy = strategy;
        this.machine = machine;
        program = Program.compile(strategy);
        owed = new double[program.rates.length];
        hasPcid = machine.hasPcid() && strategy.usesPcid();
        cpu = cpu(0);
    }

    /** One hardware thread as this strategy drives it. */
    private final class Cpu {
        final Mmu mmu = new Mmu(machine.geometry());
        final AsidEngine asids = new AsidEngine(hasPcid, AsidEngine.LINUX_SLOTS);
        final int[] pending = new int[program.spaces]; // by space: bit per ASID whose flush is deferred
        final long[] slotOwner = new long[program.spaces * AsidEngine.LINUX_SLOTS];
        final int[] outerCauses = new int[8];
        int space;
        byte[] view = program.views[0];
        int tag = hasPcid ? 1 : 0;
        boolean isUser;
        boolean isLazy = true;
        boolean cr3Written;
        boolean flushSent;
        int mm = Steps.NO_MM;
        int namespace;
        int vm;
        int task;
        int flags;
        int interruptDepth; // mechanism interrupt depth
        int suspended; // space to resume, 0 for none
        int target; // mechanism lazy leave: asi_enter's space until asi_relax
        int taints;
        int depth;
        int cause = Cause.UNKNOWN;
        int exitCause = -1; // cause of the VM exit that landed in a restricted space and has not left it
        Ledger ledger = rest;
        int row = rest.row(Cause.UNKNOWN);
    }

    public Strategy strategy() {
        return strategy;
    }

    /** What was counted for the workload. */
    public Ledger ledger() {
        return workload;
    }

    /** What was counted for all other tasks on the same CPUs. */
    public Ledger rest() {
        return rest;
    }

    public Segments segments() {
        return segments;
    }

    /** Touches of memory that the live space neither maps nor can map. */
    public long refused() {
        return refused;
    }

    /** How often a space other than the kernel's was made live. */
    public long spacesEntered() {
        return spacesEntered;
    }

    /** How often one was left; what was entered and not left is still live. */
    public long spacesLeft() {
        return spacesLeft;
    }

    /** Runs the steps in order. */
    public void run(long[] words, int size) {
        for (int i = 0; i < size; ) {
            long word = words[i];
            if (word >= 0) {
                access(cpu, word);
                i++;
            } else {
                cross(Steps.crossing(word), Steps.argument(word), words[i + 2]);
                i += Steps.CROSSING_WORDS;
            }
        }
    }

    /** Ends the replay. */
    public void finish() {
        segments.close(workload, busyNanos, entries, exits);
    }

    private void access(Cpu c, long word) {
        int entry = c.view[Access.mapping(word)];
        if ((entry & View.MAPPED) == 0) {
            entry = touchUnmapped(c, word);
        }
        int outcome = c.mmu.access(
                Access.page(word), entry >> View.SIZE_SHIFT & 3, c.tag, (entry & View.GLOBAL) != 0, Access.type(word));
        if (outcome != Mmu.L1_HIT) {
            miss(c, outcome);
        }
    }

    private static void miss(Cpu c, int outcome) {
        if (outcome == Mmu.STLB_HIT) {
            c.ledger.add(c.row, c.isUser ? Operation.STLB_HIT_USER : Operation.STLB_HIT, 1);
        } else {
            c.ledger.add(c.row, c.isUser ? Operation.WALK_USER : Operation.WALK, 1);
            c.ledger.add(c.row, c.isUser ? Operation.WALK_STEP_USER : Operation.WALK_STEP, outcome - Mmu.WALK);
        }
    }

    /** @return the entry of the view under which the access is then made */
    private int touchUnmapped(Cpu c, long word) {
        int entry = c.view[Access.mapping(word)];
        if ((entry & View.ON_DEMAND) != 0 && mapped(c.task).contains(Access.page(word))) {
            return View.MAPPED;
        }
        touched = Access.page(word);
        run(c, Access.type(word) == Access.FETCH ? program.onFetch[c.space] : program.onData[c.space]);
        entry = c.view[Access.mapping(word)];
        if ((entry & View.MAPPED) != 0) {
            return entry;
        }
        if ((entry & View.ON_DEMAND) == 0 || !mapped(c.task).contains(touched)) {
            refused++;
        }
        return View.MAPPED;
    }

    private void cross(int ordinal, long argument, long extra) {
        Cpu c = cpu;
        switch (CROSSINGS[ordinal]) {
            case CPU -> cpu = cpu((int) argument);
            case USER_ENTRY -> {
                c.isUser = false;
                c.depth = 0;
                enter(c, (int) argument);
                entries += c.ledger == workload ? 1 : 0;
                runRow(c, Crossing.USER_ENTRY);
            }
            case USER_RETURN -> {
                runRow(c, Crossing.USER_RETURN);
                c.isUser = true;
            }
            case KERNEL_ENTRY -> {
                c.outerCauses[c.depth++ & 7] = c.cause;
                enter(c, (int) argument);
                runRow(c, Crossing.KERNEL_ENTRY);
            }
            case KERNEL_RETURN -> {
                runRow(c, Crossing.KERNEL_RETURN);
                c.depth = Math.max(c.depth - 1, 0);
                count(c, c.outerCauses[c.depth & 7]);
            }
            case SWITCH -> switchTask(c, (int) argument, extra);
            case EXEC -> {
                runRow(c, Crossing.EXEC);
                loadMm(c, Steps.mm(extra));
                own(c, extra);
            }
            case NAMESPACE -> {
                own(c, extra);
                runRow(c, Crossing.NAMESPACE);
            }
            case SELECT -> own(c, extra);
            case TASK_EXIT -> forget((int) argument);
            case MM_EXIT -> runRow(c, Crossing.MM_EXIT);
            case VM_ENTRY -> enterGuest(c, (int) argument);
            case VM_EXIT -> {
                c.vm = (int) extra;
                enter(c, (int) argument);
                exits += c.ledger == workload ? 1 : 0;
                c.exitCause = c.space == 0 ? -1 : c.cause;
                runRow(c, Crossing.VM_EXIT);
            }
            case FLUSH_LOCAL -> {
                runRow(c, Crossing.FLUSH_LOCAL);
                if (!c.flushSent) {
                    nextGeneration(c.mm);
                }
                c.flushSent = false;
                flushUser(c, (int) extra);
            }
            case FLUSH_SEND -> {
                runRow(c, Crossing.FLUSH_SEND);
                nextGeneration(c.mm);
                c.flushSent = true;
                c.ledger.add(c.row, Operation.IPI_SEND, 1);
                c.ledger.add(c.row, Operation.IPI_WAIT, 1);
            }
            case FLUSH_RECEIVE -> {
                runRow(c, Crossing.FLUSH_RECEIVE);
                c.ledger.add(c.row, Operation.IPI_RECEIVE, 1);
                flushUser(c, (int) extra);
            }
            case FLUSH_KERNEL -> {
                runRow(c, Crossing.FLUSH_KERNEL);
                c.asids.invalidateOther();
            }
            case DEEP_IDLE -> c.mmu.flushAll();
            case SEGMENT -> {
                busyNanos = extra;
                segments.mark(workload, busyNanos, entries, exits);
            }
            default -> runRow(c, CROSSINGS[ordinal]);
        }
    }

    private void switchTask(Cpu c, int next, long owner) {
        runRow(c, Crossing.SWITCH);
        causeOfTask = fit(causeOfTask, Math.max(c.task, next), Cause.UNKNOWN);
        causeOfTask[c.task] = c.cause;
        c.depth = 0;
        int mm = Steps.mm(owner);
        if (mm == Steps.NO_MM) {
            c.isLazy = true;
        } else {
            loadMm(c, mm);
        }
        c.task = next;
        c.cause = causeOfTask[next];
        own(c, owner);
        runRow(c, Crossing.SWITCHED);
    }

    /** switch_mm_irqs_off. */
    private void loadMm(Cpu c, int mm) {
        generationOfMm = fit(generationOfMm, mm, 1);
        int generation = generationOfMm[mm];
        if (c.asids.loadedContext() == context(mm)) {
            if (c.isLazy && c.asids.loadedGeneration() < generation) {
                c.asids.catchUp(generation);
                live(c, 0);
                writeCr3(c, true);
                defer(c);
            }
        } else {
            c.asids.load(context(mm), generation);
            live(c, 0);
            writeCr3(c, c.asids.flushes());
            if (c.asids.flushes()) {
                defer(c);
            }
        }
        c.isLazy = false;
        c.mm = mm;
    }

    private void forget(int task) {
        if (task < causeOfTask.length) {
            causeOfTask[task] = Cause.UNKNOWN;
        }
        if (task < savedSpaceOfTask.length) {
            savedSpaceOfTask[task] = 0;
        }
        if (task < hostCr3OfTask.length) {
            hostCr3OfTask[task] = 0;
        }
        if (task < mappedOfTask.length && mappedOfTask[task] != null) {
            mappedOfTask[task].clear();
        }
    }

    private void own(Cpu c, long owner) {
        c.namespace = Steps.namespace(owner);
        c.ledger = Steps.isSelected(owner) ? workload : rest;
        c.row = c.ledger.row(c.cause);
    }

    private void enter(Cpu c, int cause) {
        count(c, cause);
        c.ledger.enter(c.row);
    }

    private static void count(Cpu c, int cause) {
        c.cause = cause;
        c.row = c.ledger.row(cause);
    }

    private void enterGuest(Cpu c, int vm) {
        c.vm = vm;
        c.exitCause = -1;
        runRow(c, Crossing.VM_ENTRY);
        if (machine.isIntel()) {
            hostCr3OfTask = fit(hostCr3OfTask, c.task);
            long cr3 = (c.asids.loadedContext() + 1) << 16 | c.tag;
            if (hostCr3OfTask[c.task] != cr3) {
                hostCr3OfTask[c.task] = cr3;
                c.ledger.add(c.row, Operation.VMWRITE_HOST_CR3, 1);
            }
            if (c.cr3Written) {
                c.ledger.add(c.row, Operation.VMRESUME_SURCHARGE, 1);
            }
        }
        c.cr3Written = false;
    }

    /** flush_tlb_func: this CPU drops user pages of its mm, at once in the live tag, later in deferred ones. */
    private void flushUser(Cpu c, int pages) {
        if (c.mm != Steps.NO_MM && c.asids.loadedContext() == context(c.mm)) {
            c.asids.catchUp(generationOfMm[c.mm]);
        }
        if (pages < 0 || pages > FLUSH_CEILING) {
            writeCr3(c, true);
            defer(c);
            return;
        }
        c.ledger.add(c.row, Operation.INVLPG, pages);
        c.mmu.invlpg(NO_PAGE, c.tag);
        if (program.deferred == 0 || !hasPcid) {
            return;
        }
        if (machine.hasInvpcid()) {
            c.ledger.add(c.row, Operation.INVPCID_ADDRESS, (long) pages * Integer.bitCount(program.deferred));
        } else {
            defer(c);
        }
    }

    private void nextGeneration(int mm) {
        if (mm != Steps.NO_MM) {
            generationOfMm = fit(generationOfMm, mm, 1);
            generationOfMm[mm]++;
        }
    }

    /** The other spaces of this ASID must be flushed when they are next loaded. */
    private void defer(Cpu c) {
        if (hasPcid) {
            for (int space = 1; space < program.spaces; space++) {
                if ((program.deferred >> space & 1) != 0) {
                    c.pending[space] |= 1 << c.asids.loaded();
                }
            }
        }
    }

    private void load(Cpu c, int space, Act.Flush flush) {
        if (space == c.space && flush != Act.Flush.FLUSH) {
            return;
        }
        switch (flush) {
            case KEEP, FLUSH -> {
                live(c, space);
                writeCr3(c, flush == Act.Flush.FLUSH);
            }
            case IF_PENDING -> {
                int bit = 1 << c.asids.loaded();
                boolean pending = (c.pending[space] & bit) != 0;
                c.pending[space] &= ~bit;
                live(c, space);
                writeCr3(c, pending);
            }
            case IF_STALE -> {
                int slot = space * AsidEngine.LINUX_SLOTS + c.asids.loaded();
                long owner = owner(c, space);
                boolean stale = c.slotOwner[slot] != owner;
                c.slotOwner[slot] = owner;
                live(c, space);
                writeCr3(c, stale);
            }
            case ASID -> {
                if (space == 0) {
                    c.asids.load(context(c.mm), generationOfMm[c.mm]);
                } else {
                    c.asids.load(owner(c, space), 0);
                }
                live(c, space);
                writeCr3(c, c.asids.flushes());
                if (c.asids.flushes()) {
                    defer(c);
                }
            }
        }
    }

    private void live(Cpu c, int space) {
        spacesEntered += space != 0 && c.space != space ? 1 : 0;
        spacesLeft += c.space != 0 && c.space != space ? 1 : 0;
        if (space == 0 && c.exitCause >= 0) {
            c.ledger.leave(c.ledger.row(c.exitCause));
            c.exitCause = -1;
        }
        c.space = space;
        c.view = program.views[space];
        c.tag = hasPcid ? c.asids.loaded() + 1 | program.pcidBits[space] : 0;
    }

    private void writeCr3(Cpu c, boolean flush) {
        boolean drops = flush || !hasPcid;
        c.ledger.add(c.row, drops ? Operation.CR3_WRITE_FLUSH : Operation.CR3_WRITE_KEEP, 1);
        c.cr3Written = true;
        if (!hasPcid) {
            c.mmu.flushNonGlobal();
        } else if (flush) {
            c.mmu.flushTag(c.tag);
        }
    }

    /** Context numbers of the ASID engine: 0 is init_mm, then the processes, far above them the spaces of strategies. */
    private static long context(int mm) {
        return mm + 1L;
    }

    private long owner(Cpu c, int space) {
        long instance = switch (program.owners[space]) {
            case MM -> c.mm;
            case VM -> c.vm;
            case NAMESPACE -> c.namespace;
            case ALL -> 0;
        };
        return 1L << 40 | (long) space << 32 | instance;
    }

    private PageSet mapped(int task) {
        if (task >= mappedOfTask.length) {
            mappedOfTask = Arrays.copyOf(mappedOfTask, Math.max(64, Integer.highestOneBit(task) * 2));
        }
        if (mappedOfTask[task] == null) {
            mappedOfTask[task] = new PageSet();
        }
        return mappedOfTask[task];
    }

    private void runRow(Cpu c, Crossing crossing) {
        run(c, program.start[crossing.ordinal() * program.spaces + c.space]);
    }

    /** enter_target of arch/x86/mm/asi.c: branch state is flushed before CR3 is written, data after. */
    private void asiEnterTarget(Cpu c) {
        if (c.target == 0 || c.target == c.space) {
            return;
        }
        Strategy.Taints policy = program.taints[c.target];
        asiFlushControl(c, policy.preventControl(), policy.flushesBranches());
        load(c, c.target, policy.flush());
        if ((c.taints & policy.protectData()) != 0) {
            if (policy.flushesData()) {
                c.ledger.add(c.row, Operation.L1D_FLUSH, 1);
            }
            c.taints &= ~Strategy.ALL_DATA;
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
        load(c, 0, policy.flush() == Act.Flush.FLUSH ? Act.Flush.FLUSH : Act.Flush.KEEP);
    }

    private static void asiFlushControl(Cpu c, int mask, boolean flushes) {
        if ((c.taints & mask) != 0) {
            if (flushes) {
                c.ledger.add(c.row, Operation.IBPB, 1);
                c.ledger.add(c.row, Operation.RSB_FILL, 1);
            }
            c.taints &= ~Strategy.ALL_CONTROL;
        }
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
                    c.ledger.add(c.row, Operation.of(code[at + 1]), code[at + 2]);
                    at += 3;
                }
                case Program.LOAD -> {
                    load(c, code[at + 1], FLUSHES[code[at + 2]]);
                    at += 3;
                }
                case Program.IF_FAMILY -> at = (code[at + 1] >> (c.cause >>> 28) & 1) != 0 ? at + 3 : code[at + 2];
                case Program.IF_SYSCALL -> {
                    BitSet set = program.syscalls[code[at + 1]];
                    boolean holds = c.cause >>> 28 == Cause.Family.SYSCALL.ordinal() && set.get(Cause.number(c.cause));
                    at = holds ? at + 3 : code[at + 2];
                }
                case Program.RAISE -> {
                    c.flags |= code[at + 1];
                    at += 2;
                }
                case Program.IF_RAISED -> {
                    boolean raised = (c.flags & code[at + 1]) != 0;
                    c.flags &= ~code[at + 1];
                    at = raised ? at + 3 : code[at + 2];
                }
                case Program.MAP_TOUCHED -> {
                    mapped(c.task).add(touched);
                    c.ledger.add(c.row, Operation.PTE_WRITE, 1);
                    at++;
                }
                case Program.UNMAP_TOUCHED -> {
                    c.ledger.add(c.row, Operation.PTE_WRITE, mapped(c.task).size());
                    mapped(c.task).clear();
                    at++;
                }
                case Program.SUSPEND -> {
                    if (c.interruptDepth++ == 0 && c.space != 0) {
                        c.suspended = c.space;
                        load(c, 0, FLUSHES[code[at + 1]]);
                    }
                    at += 2;
                }
                case Program.RESUME -> {
                    c.interruptDepth = Math.max(c.interruptDepth - 1, 0);
                    if (c.interruptDepth == 0 && c.suspended != 0) {
                        load(c, c.suspended, FLUSHES[code[at + 1]]);
                        c.suspended = 0;
                    }
                    at += 2;
                }
                case Program.LEAVE -> {
                    c.suspended = 0;
                    load(c, 0, FLUSHES[code[at + 1]]);
                    at += 2;
                }
                case Program.SAVE -> {
                    savedSpaceOfTask = fit(savedSpaceOfTask, c.task, 0);
                    savedSpaceOfTask[c.task] = c.space != 0 ? c.space : c.suspended;
                    c.suspended = 0;
                    c.interruptDepth = 0;
                    load(c, 0, FLUSHES[code[at + 1]]);
                    at += 2;
                }
                case Program.RESTORE -> {
                    savedSpaceOfTask = fit(savedSpaceOfTask, c.task, 0);
                    if (savedSpaceOfTask[c.task] != 0) {
                        load(c, savedSpaceOfTask[c.task], FLUSHES[code[at + 1]]);
                        savedSpaceOfTask[c.task] = 0;
                    }
                    at += 2;
                }
                case Program.AT_RATE -> {
                    int rate = code[at + 1];
                    if (at != lastRate) {
                        owed[rate] += program.rates[rate];
                    }
                    boolean due = owed[rate] >= 1;
                    owed[rate] -= due ? 1 : 0;
                    lastRate = due ? at : 0;
                    at = due ? at + 3 : code[at + 2];
                }
                case Program.GO_TO -> at = code[at + 1];
                case Program.ASI_ENTER -> {
                    c.target = code[at + 1];
                    asiEnterTarget(c);
                    at += 2;
                }
                case Program.ASI_RELAX -> {
                    c.target = 0;
                    at++;
                }
                case Program.ASI_EXIT -> {
                    asiExit(c);
                    at++;
                }
                case Program.ASI_INTERRUPT -> {
                    c.interruptDepth += c.target != 0 ? 1 : 0;
                    at++;
                }
                case Program.ASI_INTERRUPT_RETURN -> {
                    if (c.target != 0 && c.interruptDepth > 0 && --c.interruptDepth == 0) {
                        asiEnterTarget(c);
                    }
                    at++;
                }
                case Program.TAINT_OTHER_MM -> {
                    int control = (c.taints & Strategy.ALL_CONTROL) != 0 ? Strategy.OTHER_MM_CONTROL : 0;
                    int data = (c.taints & Strategy.ALL_DATA) != 0 ? Strategy.OTHER_MM_DATA : 0;
                    c.taints = control | data;
                    at++;
                }
                default -> throw new IllegalStateException(strategy.name() + ": no such act at " + at);
            }
        }
    }

    private Cpu cpu(int number) {
        if (number >= cpus.length) {
            cpus = Arrays.copyOf(cpus, Math.max(cpus.length * 2, number + 1));
        }
        if (cpus[number] == null) {
            cpus[number] = new Cpu();
        }
        return cpus[number];
    }

    private static int[] fit(int[] array, int index, int initial) {
        if (index < array.length) {
            return array;
        }
        int[] larger = Arrays.copyOf(array, Math.max(array.length * 2, index + 1));
        Arrays.fill(larger, array.length, larger.length, initial);
        return larger;
    }

    private static long[] fit(long[] array, int index) {
        return index < array.length ? array : Arrays.copyOf(array, Math.max(array.length * 2, index + 1));
    }
}
