package tollgate.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tollgate.replay.exposure.Demand;
import tollgate.replay.exposure.Exposure;
import tollgate.replay.exposure.Neighbours;
import tollgate.replay.exposure.Siblings;
import tollgate.replay.exposure.Watch;
import tollgate.replay.mmu.Misses;
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

    private static final int CPUS_AT_FIRST = 8;
    private static final int NONE = -1;

    /** The vector of non-maskable interrupts. */
    private static final int NMI = Cause.of(Cause.Family.INTERRUPT, 2);

    private static final long NO_PAGE = Long.MIN_VALUE >> 12;
    private static final long INIT_MM = 0;

    /** Of tasks that never mapped a page; nobody adds to it. */
    private static final PageSet NOTHING = new PageSet();

    private static final Act.Flush[] FLUSHES = Act.Flush.values();
    private static final Crossing[] CROSSINGS = Crossing.values();

    private final Strategy strategy;
    private final Program program;
    private final Machine machine;
    private final boolean hasPcid;
    private final boolean hasInvpcid;
    private final Ledger workload = new Ledger();
    private final Ledger rest = new Ledger();
    private final Segments segments = new Segments();
    private final CallSample calls = new CallSample();
    private final CallSample exitCalls = new CallSample();
    private final Deque<Integer> freeRows = new ArrayDeque<>(); // of the workload's ledger, for calls that are followed
    private final long[] ofCall = new long[Operation.count()];
    private int rowsForCalls;
    private long syscalls;
    private final Exposure exposure;
    private Cpu[] cpus = new Cpu[CPUS_AT_FIRST];
    private Cpu cpu;
    private Held[] heldOfTask = new Held[64];
    private int[] generationOfMm = new int[64];
    private int kernelGeneration;
    private final double[] owed;
    private long touched;
    private long refused;
    private long callsMapped;
    private long callsBeyondLimits;
    private long spacesEntered;
    private long spacesLeft;
    private long busyNanos;
    private long entries;
    private long exits;

    /** With nothing known of siblings and tenants. */
    public Lane(Strategy strategy, Machine machine) {
        this(strategy, machine, Neighbours.NONE);
    }

    /** @param neighbours which CPUs share a core and who distrusts whom, for the exposure meter */
    public Lane(Strategy strategy, Machine machine, Neighbours neighbours) {
        this.strategy = strategy;
        this.machine = machine;
        program = Program.compile(strategy);
        exposure = new Exposure(strategy.name(), program.spaces, strategy.siblings(), neighbours);
        owed = new double[program.rates.length];
        hasPcid = machine.hasPcid() && strategy.usesPcid();
        hasInvpcid = machine.hasInvpcid() && strategy.usesInvpcid();
        cpu = cpu(0);
    }

    /** A call of the sample while it runs: what it costs is counted in a row of its own. */
    private record Followed(CallSample sample, long number, int cause, int row) {}

    /** What a task takes with it when it is switched out. */
    private static final class Held {
        int cause = Cause.UNKNOWN;
        long hostCr3;
        int flags;
        int savedSpace; // mechanism interrupt depth: left when switched out, 0 for none
        int interruptDepth;
        int target; // mechanism lazy leave: asi_enter's space until asi_relax, 0 for none
        PageSet mapped = NOTHING;
        int codePages; // of them, mapped by fetches of this call
        boolean isBeyondLimits;
        long foreignPages; // of those mapped, that are not the current tenant's own: see Demand
        long ownPages;
        Followed followed; // null for none
    }

    /** One hardware thread as this strategy drives it. */
    private final class Cpu {
        final Watch watch;
        final Mmu mmu = new Mmu(machine.geometry());
        final AsidEngine asids = new AsidEngine(hasPcid, AsidEngine.LINUX_SLOTS);
        final int[] pending = new int[program.spaces]; // by space: bit per ASID whose flush is deferred
        final long[] slotOwner = new long[program.spaces * AsidEngine.LINUX_SLOTS];
        final int[] slotGeneration = new int[slotOwner.length]; // of the mm, where the space maps its user memory
        final int[] slotKernelGeneration = new int[slotOwner.length];
        final int[] outerCauses = new int[8];
        int space;
        byte[] view = program.views[0];
        int tag = hasPcid ? 1 : 0;
        boolean isUser;
        boolean isLazy;
        boolean cr3Written;
        boolean flushSent;
        int mm = Steps.NO_MM;
        int namespace;
        int vm;
        Held held = new Held(); // of nobody known
        int suspended = NONE; // mechanism interrupt depth: space to resume
        boolean hasEnteredFlushing; // whether the last load if stale flushed
        boolean flushesAll; // while a flush is carried out: whether it is one of everything
        boolean changesMm; // while tasks are switched
        boolean takesKernelThread;
        Held lastVcpu; // whose guest ran last here, null if none was seen
        long ephemeral = NO_PAGE;
        int taints;
        int depth;
        int cause = Cause.UNKNOWN;
        int exitCause = -1; // cause of the VM exit that landed in a restricted space and has not left it
        Ledger ledger = rest;
        int row = rest.row(Cause.UNKNOWN);

        Cpu(int number) {
            watch = exposure.cpu(number);
        }
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

    /** All that pricing needs. */
    public Counts counts() {
        boolean holdsSiblings = strategy.siblings() != Siblings.ANYTHING;
        return new Counts(strategy.name(), workload, segments, calls, exitCalls, notes(), holdsSiblings);
    }

    /** What was exposed meanwhile, and to whom. */
    public Exposure exposure() {
        return exposure;
    }

    /** Touches of memory that the live space neither maps nor can map. */
    public long refused() {
        return refused;
    }

    /** Calls of the workload that ran on a set of pages mapped one by one. */
    public long callsMapped() {
        return callsMapped;
    }

    /** Of these, calls that needed more pages than the strategy as posted maps before it kills the task. */
    public long callsBeyondLimits() {
        return callsBeyondLimits;
    }

    /** What must be said beside this lane's figures, a sentence each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (callsBeyondLimits > 0) {
            notes.add("as posted, " + callsBeyondLimits + " of " + callsMapped
                    + " calls would be killed for needing more pages than its limits; here the limits are lifted.");
        }
        if (refused > 0) {
            notes.add(refused + " touches of memory that its views neither map nor can map were let through; as posted"
                    + " they would have been fatal.");
        }
        return notes;
    }

    /** Taints of the CPU that ran last. */
    int taints() {
        return cpu.taints;
    }

    /** How often a space other than the kernel's was made live. */
    public long spacesEntered() {
        return spacesEntered;
    }

    /** How often one was left; what was entered and not left is still live. */
    public long spacesLeft() {
        return spacesLeft;
    }

    /** On how many CPUs one is live now. */
    long spacesLive() {
        return Arrays.stream(cpus)
                .filter(each -> each != null && each.space != 0)
                .count();
    }

    /**
     * Bit per memory class that some address space of some of these lanes does not map, or not in leaves of the usual size: parts
     * that touch such a class need all their accesses ({@link Steps}).
     */
    public static long unmapped(List<Lane> lanes) {
        return lanes.stream()
                .flatMapToLong(lane -> Arrays.stream(lane.program.mapped))
                .reduce(0, (classes, mapped) -> classes | ~mapped);
    }

    /** Runs the steps in order; of a part only what is essential where that is enough ({@link Steps}). */
    public void run(Steps steps) {
        boolean isForThisCpu = machine.geometry().equals(steps.geometry());
        long[] words = steps.words();
        int size = steps.size();
        int next = 0; // in the accesses of parts
        for (int i = 0; i < size; ) {
            long word = words[i];
            if (word >= 0) {
                access(cpu, word);
                i++;
            } else if (Steps.isPart(word)) {
                int leaves = i + Steps.PART_WORDS;
                int end = leaves + Steps.essential(words[i + 1]);
                int accesses = Steps.accesses(words[i + 1]);
                if (isForThisCpu && (Steps.argument(word) & ~program.mapped[cpu.space]) == 0) {
                    missed(cpu, cpu.mmu.accessAll(words, leaves, end, cpu.tag, program.globals[cpu.space]));
                } else {
                    accessAll(steps.accesses(), next, next + accesses, end - leaves);
                }
                next += accesses;
                i = end;
            } else {
                cross(CROSSINGS[Steps.crossing(word)], Steps.argument(word), words[i + 1], words[i + 2]);
                i += Steps.CROSSING_WORDS;
            }
        }
    }

    private void accessAll(long[] accesses, int from, int to, int essential) {
        if (from == to && essential > 0) {
            throw new IllegalStateException("a space of " + strategy.name() + " needs accesses that were left out");
        }
        for (int i = from; i < to; i++) {
            access(cpu, accesses[i]);
        }
    }

    /** Ends the replay. */
    public void finish() {
        Stream.concat(
                        Arrays.stream(heldOfTask),
                        Arrays.stream(cpus).filter(Objects::nonNull).map(each -> each.held))
                .filter(Objects::nonNull)
                .forEach(this::drop);
        segments.close(workload, busyNanos, entries, exits);
        exposure.finish();
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

    private static void missed(Cpu c, long misses) {
        if (misses != 0) {
            c.ledger.add(c.row, c.isUser ? Operation.STLB_HIT_USER : Operation.STLB_HIT, Misses.stlbHits(misses));
            c.ledger.add(c.row, c.isUser ? Operation.WALK_USER : Operation.WALK, Misses.walks(misses));
            c.ledger.add(c.row, c.isUser ? Operation.WALK_STEP_USER : Operation.WALK_STEP, Misses.walkSteps(misses));
        }
    }

    /** @return the entry of the view under which the access is then made */
    private int touchUnmapped(Cpu c, long word) {
        long page = Access.page(word);
        if (isMappedApart(c, word, page)) {
            return View.MAPPED;
        }
        touched = word;
        c.watch.touches(Access.memoryClass(word));
        run(c, Access.type(word) == Access.FETCH ? program.onFetch[c.space] : program.onData[c.space]);
        int entry = c.view[Access.mapping(word)];
        if ((entry & View.MAPPED) != 0) {
            return entry;
        }
        refused += isMappedApart(c, word, page) ? 0 : 1;
        return View.MAPPED;
    }

    /** One page of a class that the view leaves out: mapped on demand or for this access. */
    private static boolean isMappedApart(Cpu c, long word, long page) {
        return page == c.ephemeral
                || (c.view[Access.mapping(word)] & View.ON_DEMAND) != 0 && c.held.mapped.contains(page);
    }

    private void cross(Crossing crossing, long argument, long time, long extra) {
        Cpu c = cpu;
        if (crossing != Crossing.CPU && crossing != Crossing.SEGMENT) { // these are not of this CPU
            c.watch.at(time, crossing, argument);
        }
        switch (crossing) {
            case CPU -> cpu = cpu((int) argument);
            case USER_ENTRY -> {
                c.isUser = false;
                c.depth = 0;
                c.watch.kernel();
                enter(c, (int) argument);
                if (c.ledger == workload) {
                    entries++;
                    if (c.cause >>> 28 == Cause.Family.SYSCALL.ordinal()) {
                        follow(c, calls, ++syscalls);
                    }
                }
                runRow(c, Crossing.USER_ENTRY);
            }
            case USER_RETURN -> {
                runRow(c, Crossing.USER_RETURN);
                c.held.interruptDepth = 0;
                c.suspended = NONE;
                c.flushSent = false;
                unmapEphemeral(c);
                ended(c, c.held.followed);
                c.isUser = true;
                c.watch.user();
            }
            case KERNEL_ENTRY -> {
                c.outerCauses[c.depth++ & 7] = c.cause;
                c.watch.kernel();
                enter(c, (int) argument);
                runRow(c, Crossing.KERNEL_ENTRY);
            }
            case KERNEL_RETURN -> {
                runRow(c, Crossing.KERNEL_RETURN);
                c.depth = Math.max(c.depth - 1, 0);
                count(c, c.outerCauses[c.depth & 7]);
                if (c.depth == 0) {
                    c.watch.resumed();
                }
            }
            case SWITCH -> switchTask(c, (int) argument, extra);
            case EXEC -> {
                int mm = Steps.mm(extra);
                c.changesMm = true;
                c.takesKernelThread = false;
                runRow(c, Crossing.EXEC);
                loadMm(c, mm);
                own(c, extra);
                runRow(c, Crossing.SWITCHED);
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
                c.watch.kernel();
                enter(c, (int) argument);
                if (c.ledger == workload) {
                    follow(c, exitCalls, ++exits);
                }
                c.exitCause = c.space == 0 ? -1 : c.cause;
                runRow(c, Crossing.VM_EXIT);
            }
            case FLUSH_LOCAL -> {
                if (!c.flushSent) {
                    nextGeneration(c.mm);
                }
                c.flushSent = false;
                flushUser(c, Crossing.FLUSH_LOCAL, (int) extra);
            }
            case FLUSH_SEND -> {
                runRow(c, Crossing.FLUSH_SEND);
                nextGeneration(c.mm);
                c.flushSent = true;
                c.ledger.add(c.row, Operation.IPI_SEND, 1);
                c.ledger.add(c.row, Operation.IPI_WAIT, 1);
            }
            case FLUSH_RECEIVE -> {
                c.ledger.add(c.row, Operation.IPI_RECEIVE, 1);
                if (c.isLazy) {
                    loadInitMm(c);
                } else {
                    flushUser(c, Crossing.FLUSH_RECEIVE, (int) extra);
                }
            }
            case FLUSH_KERNEL -> flushKernel(c, (int) extra);
            case DEEP_IDLE -> c.mmu.flushAll();
            case SEGMENT -> {
                busyNanos = extra;
                exposure.until(time);
                segments.mark(workload, busyNanos, entries, exits);
            }
            case LOST -> {
                c.watch.lost();
                drop(c.held);
                count(c, c.cause);
                runRow(c, Crossing.LOST);
            }
            default -> runRow(c, crossing);
        }
    }

    private void switchTask(Cpu c, int next, long owner) {
        int mm = Steps.mm(owner);
        c.takesKernelThread = mm == Steps.NO_MM;
        c.changesMm = !c.takesKernelThread && mm != c.mm;
        runRow(c, Crossing.SWITCH);
        unmapEphemeral(c);
        c.suspended = NONE;
        c.flushSent = false;
        c.depth = 0;
        c.held.cause = c.cause;
        if (c.takesKernelThread) {
            c.isLazy = c.mm != Steps.NO_MM;
        } else {
            loadMm(c, mm);
        }
        c.held = held(next);
        c.cause = c.held.cause;
        c.watch.taken(owner);
        c.watch.pages(c.held.foreignPages, c.held.ownPages);
        own(c, owner);
        runRow(c, Crossing.SWITCHED);
    }

    /** switch_mm_irqs_off. */
    private void loadMm(Cpu c, int mm) {
        generationOfMm = fit(generationOfMm, mm, 1);
        int generation = generationOfMm[mm];
        if (c.asids.loadedContext() == context(mm)) {
            if (c.isLazy && c.asids.loadedGeneration() < generation) {
                c.flushesAll = true;
                runRow(c, Crossing.FLUSH_LOCAL);
                c.asids.catchUp(generation);
                live(c, 0);
                writeCr3(c, true);
                defer(c);
            }
        } else {
            loadContext(c, context(mm), generation);
        }
        c.isLazy = false;
        c.mm = mm;
    }

    /** A shootdown meets a CPU that runs a kernel thread: rather than flush, it lets go of the mm. */
    private void loadInitMm(Cpu c) {
        loadContext(c, INIT_MM, 0);
        c.isLazy = false;
        c.mm = Steps.NO_MM;
    }

    private void loadContext(Cpu c, long context, int generation) {
        c.asids.load(context, generation);
        live(c, 0);
        writeCr3(c, c.asids.flushes());
        if (c.asids.flushes()) {
            defer(c);
        }
    }

    private Held held(int task) {
        if (task >= heldOfTask.length) {
            heldOfTask = Arrays.copyOf(heldOfTask, Math.max(heldOfTask.length * 2, task + 1));
        }
        if (heldOfTask[task] == null) {
            heldOfTask[task] = new Held();
        }
        return heldOfTask[task];
    }

    private void forget(int task) {
        if (task < heldOfTask.length && heldOfTask[task] != null) {
            drop(heldOfTask[task]);
            heldOfTask[task] = null;
        }
    }

    private void own(Cpu c, long owner) {
        c.namespace = Steps.namespace(owner);
        c.watch.owner(owner);
        c.ledger = Steps.isSelected(owner) ? workload : rest;
        count(c, c.cause);
    }

    private void enter(Cpu c, int cause) {
        count(c, cause);
        c.ledger.enter(c.row);
    }

    private void count(Cpu c, int cause) {
        Followed followed = c.held.followed;
        c.cause = cause;
        boolean isFollowed = followed != null && followed.cause() == cause && c.depth == 0 && c.ledger == workload;
        c.row = isFollowed ? followed.row() : c.ledger.row(cause);
    }

    /** From here on a call of the workload that is in the sample, and has just begun, is counted apart. */
    private void follow(Cpu c, CallSample sample, long number) {
        drop(c.held);
        if (c.depth == 0 && sample.takes(number)) {
            int row =
                    freeRows.isEmpty() ? workload.row(Cause.of(Cause.Family.UNKNOWN, ++rowsForCalls)) : freeRows.pop();
            c.held.followed = new Followed(sample, number, c.cause, row);
            c.row = row;
        }
    }

    /** A call has come to its end, if it is followed. */
    private void ended(Cpu c, Followed followed) {
        if (followed != null) {
            drop(c.held);
            if (c.ledger == workload && c.cause == followed.cause()) {
                followed.sample().add(followed.number(), ofCall);
            }
            count(c, c.cause);
        }
    }

    /** What was counted apart goes where it belongs. */
    private void drop(Held held) {
        if (held.followed != null) {
            workload.move(held.followed.row(), workload.row(held.followed.cause()), ofCall);
            freeRows.push(held.followed.row());
            held.followed = null;
        }
    }

    private void enterGuest(Cpu c, int vm) {
        c.vm = vm;
        c.exitCause = -1;
        runRow(c, Crossing.VM_ENTRY);
        c.lastVcpu = c.held;
        if (machine.isIntel()) {
            long cr3 = (c.asids.loadedContext() + 1) << 16 | c.tag;
            if (c.held.hostCr3 != cr3) {
                c.held.hostCr3 = cr3;
                c.ledger.add(c.row, Operation.VMWRITE_HOST_CR3, 1);
            }
            if (c.cr3Written) {
                c.ledger.add(c.row, Operation.VMRESUME_SURCHARGE, 1);
            }
        }
        if (c.held.followed != null && c.held.followed.sample() == exitCalls) {
            ended(c, c.held.followed);
        }
        c.cr3Written = false;
        c.watch.guest();
    }

    /**
     * flush_tlb_func: this CPU drops user pages of its mm, at once in the live tag, later in deferred ones. Nothing
     * if another mm is loaded (its next load compares generations) or this one is up to date.
     */
    private void flushUser(Cpu c, Crossing crossing, int pages) {
        int generation = c.mm == Steps.NO_MM ? 0 : generationOfMm[c.mm];
        long flushed = c.asids.loadedGeneration();
        if (c.mm == Steps.NO_MM || c.asids.loadedContext() != context(c.mm) || flushed >= generation) {
            return;
        }
        c.flushesAll = pages < 0 || pages > FLUSH_CEILING || generation != flushed + 1;
        runRow(c, crossing);
        c.asids.catchUp(generation);
        if (c.flushesAll) {
            writeCr3(c, true);
            if (c.space != 0 && hasPcid) {
                c.mmu.flushTag(c.asids.loaded() + 1);
            }
            defer(c);
        } else {
            invalidatePages(c, pages);
        }
    }

    /** flush_tlb_one_user of so many pages; which they are is not recorded, so that only walk caches are dropped. */
    private void invalidatePages(Cpu c, int pages) {
        c.ledger.add(c.row, Operation.INVLPG, pages);
        c.mmu.invlpg(NO_PAGE, c.tag);
        if (program.deferred == 0 || !hasPcid) {
            return;
        }
        if (hasInvpcid) {
            c.ledger.add(c.row, Operation.INVPCID_ADDRESS, (long) pages * Integer.bitCount(program.deferred));
        } else {
            defer(c);
        }
    }

    /** flush_tlb_kernel_range: every CPU is interrupted; tags that are not live follow at their next use. */
    private void flushKernel(Cpu c, int pages) {
        boolean hasOthers = false;
        kernelGeneration++;
        for (Cpu each : cpus) {
            if (each != null) {
                if (each != c) {
                    hasOthers = true;
                    each.ledger.add(each.row, Operation.IPI_RECEIVE, 1);
                }
                flushKernelHere(each, pages);
            }
        }
        if (hasOthers) {
            c.ledger.add(c.row, Operation.IPI_SEND, 1);
            c.ledger.add(c.row, Operation.IPI_WAIT, 1);
        }
    }

    private void flushKernelHere(Cpu c, int pages) {
        runRow(c, Crossing.FLUSH_KERNEL);
        if (pages < 0 || pages > FLUSH_CEILING) {
            c.ledger.add(c.row, hasInvpcid ? Operation.INVPCID_ALL : Operation.CR4_PGE_TOGGLE, 1);
            c.mmu.invpcidAll();
            return;
        }
        invalidatePages(c, pages);
        if (program.losesGlobal) {
            c.asids.invalidateOther();
        }
    }

    private void shootOtherNamespaces(Cpu c) {
        boolean hasOthers = false;
        kernelGeneration++;
        for (Cpu each : cpus) {
            if (each != null) {
                each.asids.invalidateOther();
                if (each.namespace != c.namespace) {
                    hasOthers = true;
                    each.ledger.add(each.row, Operation.IPI_RECEIVE, 1);
                    each.ledger.add(each.row, Operation.INVLPG, 1);
                    each.mmu.invlpg(NO_PAGE, each.tag);
                }
            }
        }
        if (hasOthers) {
            c.ledger.add(c.row, Operation.IPI_SEND, 1);
            c.ledger.add(c.row, Operation.IPI_WAIT, 1);
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
                c.hasEnteredFlushing = catchUpSlot(c, space);
                live(c, space);
                writeCr3(c, c.hasEnteredFlushing);
            }
            case AS_ENTERED -> {
                live(c, space);
                writeCr3(c, c.hasEnteredFlushing);
            }
            case ASID -> {
                if (space == 0) {
                    loadContext(c, context(c.mm), generationOfMm[c.mm]);
                } else {
                    c.asids.load(owner(c, space), 0);
                    live(c, space);
                    writeCr3(c, c.asids.flushes());
                    if (c.asids.flushes()) {
                        defer(c);
                    }
                }
            }
        }
    }

    /** @return whether what this ASID's slot of the space held was another's or of an older generation */
    private boolean catchUpSlot(Cpu c, int space) {
        int slot = space * AsidEngine.LINUX_SLOTS + c.asids.loaded();
        long owner = owner(c, space);
        int generation = program.mapsUser[space] && c.mm != Steps.NO_MM ? generationOfMm[c.mm] : 0;
        boolean isStale = c.slotOwner[slot] != owner
                || c.slotGeneration[slot] < generation
                || c.slotKernelGeneration[slot] < kernelGeneration;
        c.slotOwner[slot] = owner;
        c.slotGeneration[slot] = generation;
        c.slotKernelGeneration[slot] = kernelGeneration;
        return isStale;
    }

    private void leave(Cpu c, Act.Flush flush) {
        c.suspended = NONE;
        if (c.space != 0) {
            load(c, 0, flush);
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
        c.watch.space(space);
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

    private void mapTouched(Cpu c, int pages, int codePages) {
        Held held = c.held;
        boolean isCode = Access.type(touched) == Access.FETCH;
        held.isBeyondLimits |= held.mapped.size() >= pages || isCode && held.codePages >= codePages;
        held.codePages += isCode ? 1 : 0;
        if (held.mapped == NOTHING) {
            held.mapped = new PageSet();
        }
        held.mapped.add(Access.page(touched));
        MemoryClass memoryClass = Access.memoryClass(touched);
        if (memoryClass.isOwn()) {
            held.ownPages = Demand.more(held.ownPages, memoryClass.sensitivity());
        } else {
            held.foreignPages = Demand.more(held.foreignPages, memoryClass.sensitivity());
        }
        c.watch.pages(held.foreignPages, held.ownPages);
        c.ledger.add(c.row, Operation.PTE_WRITE, 1);
    }

    private void endCall(Cpu c) {
        if (c.ledger == workload) {
            callsMapped++;
            callsBeyondLimits += c.held.isBeyondLimits ? 1 : 0;
        }
        c.held.isBeyondLimits = false;
        c.held.codePages = 0;
    }

    /** Fibonacci hashing: the upper 32 bits of page times 2^64 divided by the golden ratio are spread evenly. */
    private boolean isPreloaded(double share) {
        return (Access.page(touched) * 0x9E3779B97F4A7C15L >>> 32) < share * 0x1p32;
    }

    private static void unmapEphemeral(Cpu c) {
        if (c.ephemeral != NO_PAGE) {
            c.mmu.invlpg(c.ephemeral, c.tag);
            c.ephemeral = NO_PAGE;
        }
    }

    private void runRow(Cpu c, Crossing crossing) {
        run(c, program.start[crossing.ordinal() * program.spaces + c.space]);
    }

    /** enter_target of arch/x86/mm/asi.c: branch state is flushed before CR3 is written, data after. */
    private void asiEnterTarget(Cpu c) {
        if (c.held.target == 0 || c.held.target == c.space) {
            return;
        }
        Strategy.Taints policy = program.taints[c.held.target];
        asiFlushControl(c, policy.preventControl(), policy.flushesBranches());
        load(c, c.held.target, policy.flush());
        if ((c.taints & policy.protectData()) != 0) {
            if (policy.flushesData()) {
                c.ledger.add(c.row, Operation.L1D_FLUSH, 1);
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
        load(c, 0, policy.flush() == Act.Flush.FLUSH ? Act.Flush.FLUSH : Act.Flush.KEEP);
    }

    private static void asiFlushControl(Cpu c, int mask, boolean flushes) {
        if ((c.taints & mask) != 0) {
            if (flushes) {
                c.ledger.add(c.row, Operation.IBPB, 1);
                c.ledger.add(c.row, Operation.RSB_FILL, 1);
                c.watch.flushed(Operation.IBPB);
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
                    if ((Watch.FLUSHES >>> code[at + 1] & 1) != 0) {
                        c.watch.flushed(Operation.of(code[at + 1]));
                    }
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
                    int memoryClass = Access.memoryClass(touched).ordinal();
                    at = (code[at + 1] >> memoryClass & 1) != 0 ? at + 3 : code[at + 2];
                }
                case Program.IF_PRELOADED -> at = isPreloaded(program.rates[code[at + 1]]) ? at + 3 : code[at + 2];
                case Program.MAP_TOUCHED -> {
                    mapTouched(c, code[at + 1], code[at + 2]);
                    at += 3;
                }
                case Program.UNMAP_TOUCHED -> {
                    c.ledger.add(c.row, Operation.PTE_WRITE, c.held.mapped.size());
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
                    unmapEphemeral(c);
                    c.ephemeral = Access.page(touched);
                    at++;
                }
                case Program.SUSPEND -> {
                    if (c.held.interruptDepth++ == 0 && c.space != code[at + 1]) {
                        c.suspended = c.space;
                        load(c, code[at + 1], FLUSHES[code[at + 2]]);
                    }
                    at += 3;
                }
                case Program.RESUME -> {
                    c.held.interruptDepth = Math.max(c.held.interruptDepth - 1, 0);
                    if (c.held.interruptDepth == 0 && c.suspended != NONE) {
                        load(c, c.suspended, FLUSHES[code[at + 1]]);
                        c.suspended = NONE;
                    }
                    at += 2;
                }
                case Program.LEAVE -> {
                    leave(c, FLUSHES[code[at + 1]]);
                    at += 2;
                }
                case Program.SAVE -> {
                    c.held.savedSpace = c.space != 0 ? c.space : Math.max(c.suspended, 0);
                    leave(c, FLUSHES[code[at + 1]]);
                    at += 2;
                }
                case Program.RESTORE -> {
                    if (c.held.savedSpace != 0) {
                        if (c.held.interruptDepth > 0) {
                            c.suspended = c.held.savedSpace;
                        } else {
                            load(c, c.held.savedSpace, FLUSHES[code[at + 1]]);
                        }
                        c.held.savedSpace = 0;
                    }
                    at += 2;
                }
                case Program.RAISE_GENERATION -> {
                    nextGeneration(c.mm);
                    if (c.mm != Steps.NO_MM && c.asids.loadedContext() == context(c.mm)) {
                        c.asids.catchUp(generationOfMm[c.mm]);
                    }
                    at++;
                }
                case Program.INVALIDATE_SPACE -> {
                    int space = code[at + 1];
                    if (hasPcid && hasInvpcid) {
                        c.ledger.add(c.row, Operation.INVPCID_CONTEXT, 1);
                        c.mmu.invpcidContext(c.asids.loaded() + 1 | program.pcidBits[space]);
                        catchUpSlot(c, space);
                        at = code[at + 2];
                    } else {
                        at += 3;
                    }
                }
                case Program.SHOOT_OTHER_NAMESPACES -> {
                    shootOtherNamespaces(c);
                    at++;
                }
                case Program.SHOOT_KERNEL_PAGE -> {
                    flushKernel(c, 1);
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
                default -> throw new IllegalStateException(strategy.name() + ": no such act at " + at);
            }
        }
    }

    private Cpu cpu(int number) {
        if (number >= cpus.length) {
            cpus = Arrays.copyOf(cpus, Math.max(cpus.length * 2, number + 1));
        }
        if (cpus[number] == null) {
            cpus[number] = new Cpu(number);
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
}
