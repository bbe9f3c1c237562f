package tollgate.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import tollgate.replay.exposure.Exposure;
import tollgate.replay.exposure.Neighbours;
import tollgate.replay.exposure.Siblings;

/**
 * One strategy on its own simulated machine: the engine that runs every strategy's tables.
 *
 * <p>What every Linux does is built in: the ASID engine at context switches, TLB flushes and their
 * generations, VMWRITE of HOST_CR3. What the strategy adds comes from its {@link Program}, which an {@link Interpreter} runs at
 * each crossing. An access goes through the view of the live space to the MMU; one that the view does not map runs the
 * space's acts first. Lanes share no mutable state.
 */
public final class Lane {
    /** {@code tlb_single_page_flush_ceiling}: more pages than this are flushed all at once (arch/x86/mm/tlb.c). */
    public static final int FLUSH_CEILING = 33;

    private static final int CPUS_AT_FIRST = 8;
    private static final Crossing[] CROSSINGS = Crossing.values();

    private final Strategy strategy;
    private final Program program;
    private final Interpreter acts;
    private final Machine machine;
    private final Ledger workload = new Ledger();
    private final Ledger rest = new Ledger();
    private final Segments segments = new Segments();
    private final FollowedCalls followed = new FollowedCalls(workload);
    private final Exposure exposure;
    private final Generations generations = new Generations();
    private Cpu[] cpus = new Cpu[CPUS_AT_FIRST];
    private Cpu cpu;
    private Held[] heldOfTask = new Held[64];
    private long refused;
    private long busyNanos;
    private long entries;
    private long syscalls;
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
        acts = new Interpreter(program, this);
        exposure = new Exposure(strategy.name(), program.spaces, strategy.siblings(), neighbours);
        cpu = cpu(0);
    }

    // ---- what it has counted -------------------------------------------------------------------------

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
        return new Counts(
                strategy.name(), workload, segments, followed.calls(), followed.exits(), notes(), holdsSiblings);
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
        return acts.callsMapped();
    }

    /** Of these, calls that needed more pages than the strategy as posted maps before it kills the task. */
    public long callsBeyondLimits() {
        return acts.callsBeyondLimits();
    }

    /** What must be said beside this lane's figures, a sentence each. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (callsBeyondLimits() > 0) {
            notes.add("as posted, " + callsBeyondLimits() + " of " + callsMapped()
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
        return sum(Cpu::spacesEntered);
    }

    /** How often one was left; what was entered and not left is still live. */
    public long spacesLeft() {
        return sum(Cpu::spacesLeft);
    }

    /** On how many CPUs one is live now. */
    long spacesLive() {
        return sum(each -> each.space != 0 ? 1 : 0);
    }

    private long sum(ToLongFunction<Cpu> ofCpu) {
        return known().mapToLong(ofCpu).sum();
    }

    private Stream<Cpu> known() {
        return Arrays.stream(cpus).filter(Objects::nonNull);
    }

    // ---- the loop ------------------------------------------------------------------------------------

    /**
     * Bit per class that some address space of some of these lanes does not map, or not in leaves of the usual size: parts
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
                    cpu.accessAll(words, leaves, end);
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

    /** Ends the replay. */
    public void finish() {
        Stream.concat(Arrays.stream(heldOfTask), known().map(each -> each.held))
                .filter(Objects::nonNull)
                .forEach(followed::drop);
        segments.close(workload, busyNanos, entries, exits);
        exposure.finish();
    }

    private void accessAll(long[] accesses, int from, int to, int essential) {
        if (from == to && essential > 0) {
            throw new IllegalStateException("a space of " + strategy.name() + " needs accesses that were left out");
        }
        for (int i = from; i < to; i++) {
            access(cpu, accesses[i]);
        }
    }

    private void access(Cpu c, long word) {
        int entry = c.view[Access.mapping(word)];
        c.access(word, (entry & View.MAPPED) != 0 ? entry : touchUnmapped(c, word));
    }

    /** @return the entry of the view under which the access is then made */
    private int touchUnmapped(Cpu c, long word) {
        if (c.isMappedApart(word)) {
            return View.MAPPED;
        }
        c.watch.touches(Access.memoryClass(word));
        acts.touch(c, word);
        int entry = c.view[Access.mapping(word)];
        if ((entry & View.MAPPED) != 0) {
            return entry;
        }
        refused += c.isMappedApart(word) ? 0 : 1;
        return View.MAPPED;
    }

    // ---- crossings -----------------------------------------------------------------------------------

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
                c.enter((int) argument);
                if (isOfWorkload(c)) {
                    entries++;
                    if (c.cause >>> 28 == Cause.Family.SYSCALL.ordinal()) {
                        followed.begin(c, ++syscalls);
                    }
                }
                acts.run(c, Crossing.USER_ENTRY);
            }
            case USER_RETURN -> {
                acts.run(c, Crossing.USER_RETURN);
                c.held.interruptDepth = 0;
                c.forgetSuspended();
                followed.end(c);
                c.isUser = true;
                c.watch.user();
            }
            case KERNEL_ENTRY -> {
                c.watch.kernel();
                c.nest((int) argument);
                acts.run(c, Crossing.KERNEL_ENTRY);
            }
            case KERNEL_RETURN -> {
                acts.run(c, Crossing.KERNEL_RETURN);
                c.unnest();
                if (c.depth == 0) {
                    c.watch.resumed();
                }
            }
            case SWITCH -> switchTask(c, (int) argument, extra);
            case EXEC -> {
                c.changesMm = true;
                c.takesKernelThread = false;
                acts.run(c, Crossing.EXEC);
                loadMm(c, Steps.mm(extra));
                own(c, extra);
                acts.run(c, Crossing.SWITCHED);
            }
            case NAMESPACE -> {
                own(c, extra);
                acts.run(c, Crossing.NAMESPACE);
            }
            case SELECT -> own(c, extra);
            case TASK_EXIT -> forget((int) argument);
            case VM_ENTRY -> enterGuest(c, (int) argument);
            case VM_EXIT -> {
                c.vm = (int) extra;
                c.watch.kernel();
                c.enter((int) argument);
                if (isOfWorkload(c)) {
                    followed.beginExit(c, ++exits);
                }
                c.exitCause = c.space == 0 ? -1 : c.cause;
                acts.run(c, Crossing.VM_EXIT);
            }
            case FLUSH_LOCAL -> {
                if (!c.flushSent) {
                    generations.next(c.mm);
                }
                c.flushSent = false;
                flushUser(c, Crossing.FLUSH_LOCAL, (int) extra);
            }
            case FLUSH_SEND -> {
                acts.run(c, Crossing.FLUSH_SEND);
                generations.next(c.mm);
                c.flushSent = true;
                interruptOthers(c);
            }
            case FLUSH_RECEIVE -> {
                c.charge(Operation.IPI_RECEIVE, 1);
                if (c.isLazy) {
                    c.loadInitMm();
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
                followed.drop(c.held);
                c.count(c.cause);
                acts.run(c, Crossing.LOST);
            }
            default -> acts.run(c, crossing);
        }
    }

    private boolean isOfWorkload(Cpu c) {
        return c.ledger == workload;
    }

    private void switchTask(Cpu c, int next, long owner) {
        int mm = Steps.mm(owner);
        c.takesKernelThread = mm == Steps.NO_MM;
        c.changesMm = !c.takesKernelThread && mm != c.mm;
        acts.run(c, Crossing.SWITCH);
        c.forgetSuspended();
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
        acts.run(c, Crossing.SWITCHED);
    }

    private void own(Cpu c, long owner) {
        c.namespace = Steps.namespace(owner);
        c.watch.owner(owner);
        c.ledger = Steps.isSelected(owner) ? workload : rest;
        c.count(c.cause);
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
            followed.drop(heldOfTask[task]);
            heldOfTask[task] = null;
        }
    }

    private void enterGuest(Cpu c, int vm) {
        c.vm = vm;
        c.exitCause = -1;
        acts.run(c, Crossing.VM_ENTRY);
        c.lastVcpu = c.held;
        if (machine.isIntel()) {
            long cr3 = (c.asids.loadedContext() + 1) << 16 | c.tag;
            if (c.held.hostCr3 != cr3) {
                c.held.hostCr3 = cr3;
                c.charge(Operation.VMWRITE_HOST_CR3, 1);
            }
            if (c.cr3Written) {
                c.charge(Operation.VMRESUME_SURCHARGE, 1);
            }
        }
        followed.endExit(c);
        c.cr3Written = false;
        c.watch.guest();
    }

    // ---- what Linux does to mms and their TLB entries ------------------------------------------------

    /** switch_mm_irqs_off. */
    private void loadMm(Cpu c, int mm) {
        if (!c.isLoaded(mm)) {
            c.loadMm(mm);
        } else if (c.isLazy && c.asids.loadedGeneration() < generations.of(mm)) {
            c.flushesAll = true;
            acts.run(c, Crossing.FLUSH_LOCAL);
            c.asids.catchUp(generations.of(mm));
            c.reload();
        }
        c.isLazy = false;
        c.mm = mm;
    }

    /**
     * flush_tlb_func: this CPU drops user pages of its mm, at once in the live tag, later in deferred ones. Nothing
     * if another mm is loaded (its next load compares generations) or this one is up to date.
     */
    private void flushUser(Cpu c, Crossing crossing, int pages) {
        int generation = generations.of(c.mm);
        long flushed = c.asids.loadedGeneration();
        if (c.mm == Steps.NO_MM || !c.isLoaded(c.mm) || flushed >= generation) {
            return;
        }
        c.flushesAll = isBeyondCeiling(pages) || generation != flushed + 1;
        acts.run(c, crossing);
        c.asids.catchUp(generation);
        if (c.flushesAll) {
            c.flushLoaded();
        } else {
            c.invalidatePages(pages);
        }
    }

    /** The mm's user pages are shot down, and this CPU is up to date with it. */
    void raiseGeneration(Cpu c) {
        generations.next(c.mm);
        if (c.mm != Steps.NO_MM && c.isLoaded(c.mm)) {
            c.asids.catchUp(generations.of(c.mm));
        }
    }

    /** flush_tlb_kernel_range: every CPU is interrupted; tags that are not live follow at their next use. */
    void flushKernel(Cpu c, int pages) {
        generations.nextOfKernel();
        for (Cpu each : cpus) {
            if (each != null) {
                if (each != c) {
                    each.charge(Operation.IPI_RECEIVE, 1);
                }
                flushKernelHere(each, pages);
            }
        }
        if (known().count() > 1) {
            interruptOthers(c);
        }
    }

    private void flushKernelHere(Cpu c, int pages) {
        acts.run(c, Crossing.FLUSH_KERNEL);
        if (isBeyondCeiling(pages)) {
            c.flushAll();
        } else {
            c.invalidateKernelPages(pages);
        }
    }

    /** A page becomes one network namespace's own: CPUs that run in others are interrupted and drop it. */
    void shootOtherNamespaces(Cpu c) {
        boolean hasOthers = false;
        generations.nextOfKernel();
        for (Cpu each : cpus) {
            if (each != null) {
                each.asids.invalidateOther();
                if (each.namespace != c.namespace) {
                    hasOthers = true;
                    each.charge(Operation.IPI_RECEIVE, 1);
                    each.charge(Operation.INVLPG, 1);
                    each.mmu.invlpg(Cpu.NO_PAGE, each.tag);
                }
            }
        }
        if (hasOthers) {
            interruptOthers(c);
        }
    }

    private static void interruptOthers(Cpu c) {
        c.charge(Operation.IPI_SEND, 1);
        c.charge(Operation.IPI_WAIT, 1);
    }

    /** @param pages negative for all */
    private static boolean isBeyondCeiling(int pages) {
        return pages < 0 || pages > FLUSH_CEILING;
    }

    private Cpu cpu(int number) {
        if (number >= cpus.length) {
            cpus = Arrays.copyOf(cpus, Math.max(cpus.length * 2, number + 1));
        }
        if (cpus[number] == null) {
            cpus[number] = new Cpu(strategy, program, machine, generations, followed, rest, exposure.cpu(number));
        }
        return cpus[number];
    }
}
