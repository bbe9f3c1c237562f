package tollgate.replay;

import tollgate.replay.exposure.Watch;
import tollgate.replay.mmu.Misses;
import tollgate.replay.mmu.Mmu;

/**
 * One hardware thread as a strategy drives it: the address space that is live on it, its ASIDs, whose work it does, and what Linux
 * and strategies do to its CR3 and TLBs. When that is done is for {@link Lane} and the strategy's acts ({@link Interpreter}).
 */
final class Cpu {
    /** No space to resume. */
    static final int NONE = -1;

    static final long NO_PAGE = Long.MIN_VALUE >> 12;

    private static final long INIT_MM = 0;

    private final Program program;
    private final Generations generations;
    private final FollowedCalls followed;
    private final boolean hasPcid;
    private final boolean hasInvpcid;

    final Watch watch;
    final Mmu mmu;
    final AsidEngine asids;
    /** By space: bit per ASID whose flush is deferred. */
    private final int[] pending;

    private final long[] slotOwner;
    /** Of the mm, where the space maps its user memory. */
    private final int[] slotGeneration;

    private final int[] slotKernelGeneration;
    private final int[] outerCauses = new int[8];
    int space;
    byte[] view;
    int tag;
    boolean isUser;
    /** Runs a kernel thread on the mm of the task before it. */
    boolean isLazy;

    boolean cr3Written;
    /** A shootdown was sent, whose own flush follows. */
    boolean flushSent;

    int mm = Steps.NO_MM;
    int namespace;
    int vm;
    /** Of nobody known at first. */
    Held held = new Held();
    /** Mechanism interrupt depth: space to resume. */
    int suspended = NONE;
    /** Whether the last load if stale flushed. */
    private boolean hasEnteredFlushing;
    /** While a flush is carried out: whether it is one of everything. */
    boolean flushesAll;
    /** While tasks are switched. */
    boolean changesMm;

    boolean takesKernelThread;
    /** Whose guest ran last here, null if none was seen. */
    Held lastVcpu;
    /** The page mapped for one access or a few, else {@link #NO_PAGE}. */
    long ephemeral = NO_PAGE;
    /** While unmapped memory is touched: the {@link Access}. */
    long touched;

    int taints;
    int depth;
    int cause = Cause.UNKNOWN;
    /** Cause of the VM exit that landed in a restricted space and has not left it, else -1. */
    int exitCause = -1;

    Ledger ledger;
    int row;
    private long spacesEntered;
    private long spacesLeft;

    /** @param rest where is counted for as long as nobody is known to run */
    Cpu(
            Strategy strategy,
            Program program,
            Machine machine,
            Generations generations,
            FollowedCalls followed,
            Ledger rest,
            Watch watch) {
        this.program = program;
        this.generations = generations;
        this.followed = followed;
        hasPcid = machine.hasPcid() && strategy.usesPcid();
        hasInvpcid = machine.hasInvpcid() && strategy.usesInvpcid();
        this.watch = watch;
        mmu = new Mmu(machine.geometry());
        asids = new AsidEngine(hasPcid, AsidEngine.LINUX_SLOTS);
        pending = new int[program.spaces];
        slotOwner = new long[program.spaces * AsidEngine.LINUX_SLOTS];
        slotGeneration = new int[slotOwner.length];
        slotKernelGeneration = new int[slotOwner.length];
        view = program.views[0];
        tag = hasPcid ? 1 : 0;
        ledger = rest;
        row = rest.row(Cause.UNKNOWN);
    }

    /** How often a space other than the kernel's was made live. */
    long spacesEntered() {
        return spacesEntered;
    }

    /** How often one was left. */
    long spacesLeft() {
        return spacesLeft;
    }

    // ---- accesses ------------------------------------------------------------------------------------

    /** One access, under this entry of the view. */
    void access(long word, int entry) {
        int outcome = mmu.access(
                Access.page(word), entry >> View.SIZE_SHIFT & 3, tag, (entry & View.GLOBAL) != 0, Access.type(word));
        if (outcome == Mmu.STLB_HIT) {
            charge(isUser ? Operation.STLB_HIT_USER : Operation.STLB_HIT, 1);
        } else if (outcome != Mmu.L1_HIT) {
            charge(isUser ? Operation.WALK_USER : Operation.WALK, 1);
            charge(isUser ? Operation.WALK_STEP_USER : Operation.WALK_STEP, outcome - Mmu.WALK);
        }
    }

    /** Accesses whose leaves are known and mapped. */
    void accessAll(long[] leaves, int from, int to) {
        long misses = mmu.accessAll(leaves, from, to, tag, program.globals[space]);
        if (misses != 0) {
            charge(isUser ? Operation.STLB_HIT_USER : Operation.STLB_HIT, Misses.stlbHits(misses));
            charge(isUser ? Operation.WALK_USER : Operation.WALK, Misses.walks(misses));
            charge(isUser ? Operation.WALK_STEP_USER : Operation.WALK_STEP, Misses.walkSteps(misses));
        }
    }

    /** Whether one page of a class that the view leaves out is mapped all the same: on demand, or for this access. */
    boolean isMappedApart(long word) {
        long page = Access.page(word);
        return page == ephemeral || (view[Access.mapping(word)] & View.ON_DEMAND) != 0 && held.mapped.contains(page);
    }

    /** What was mapped briefly is gone. */
    void unmapEphemeral() {
        if (ephemeral != NO_PAGE) {
            mmu.invlpg(ephemeral, tag);
            ephemeral = NO_PAGE;
        }
    }

    // ---- whose work it does --------------------------------------------------------------------------

    void charge(Operation operation, long times) {
        ledger.add(row, operation, times);
    }

    /** What follows is done on behalf of this cause. */
    void count(int cause) {
        this.cause = cause;
        row = followed.row(this, cause);
    }

    /** The kernel is entered, or a guest left, for this cause. */
    void enter(int cause) {
        count(cause);
        ledger.enter(row);
    }

    /** An interrupt or fault of kernel mode begins. */
    void nest(int cause) {
        outerCauses[depth++ & 7] = this.cause;
        enter(cause);
    }

    /** It has returned. */
    void unnest() {
        depth = Math.max(depth - 1, 0);
        count(outerCauses[depth & 7]);
    }

    /** The switch to another task, or the way out of the kernel, forgets what was about to happen here. */
    void forgetSuspended() {
        suspended = NONE;
        flushSent = false;
        unmapEphemeral();
    }

    // ---- CR3 -----------------------------------------------------------------------------------------

    /** Makes a space live; if it is already, only a flush does anything. */
    void load(int next, Act.Flush flush) {
        if (next == space && flush != Act.Flush.FLUSH) {
            return;
        }
        switch (flush) {
            case KEEP, FLUSH -> {
                live(next);
                writeCr3(flush == Act.Flush.FLUSH);
            }
            case IF_PENDING -> {
                int bit = 1 << asids.loaded();
                boolean isPending = (pending[next] & bit) != 0;
                pending[next] &= ~bit;
                live(next);
                writeCr3(isPending);
            }
            case IF_STALE -> {
                hasEnteredFlushing = catchUpSlot(next);
                live(next);
                writeCr3(hasEnteredFlushing);
            }
            case AS_ENTERED -> {
                live(next);
                writeCr3(hasEnteredFlushing);
            }
            case ASID -> {
                if (next == 0) {
                    loadMm(mm);
                } else {
                    loadContext(owner(next), 0, next);
                }
            }
        }
    }

    /** Back to the kernel's own space, if another is live. */
    void leave(Act.Flush flush) {
        suspended = NONE;
        if (space != 0) {
            load(0, flush);
        }
    }

    /** The kernel's own space with the user memory of this mm. */
    void loadMm(int mm) {
        loadContext(context(mm), generations.of(mm), 0);
    }

    /** A shootdown meets a CPU that runs a kernel thread: rather than flush, it lets go of the mm. */
    void loadInitMm() {
        loadContext(INIT_MM, 0, 0);
        isLazy = false;
        mm = Steps.NO_MM;
    }

    boolean isLoaded(int mm) {
        return asids.loadedContext() == context(mm);
    }

    private void loadContext(long context, int generation, int next) {
        asids.load(context, generation);
        live(next);
        writeCr3(asids.flushes());
        if (asids.flushes()) {
            defer();
        }
    }

    private void live(int next) {
        spacesEntered += next != 0 && space != next ? 1 : 0;
        spacesLeft += space != 0 && space != next ? 1 : 0;
        if (next == 0 && exitCause >= 0) {
            ledger.leave(ledger.row(exitCause));
            exitCause = -1;
        }
        space = next;
        watch.space(next);
        view = program.views[next];
        tag = hasPcid ? asids.loaded() + 1 | program.pcidBits[next] : 0;
    }

    private void writeCr3(boolean flush) {
        boolean drops = flush || !hasPcid;
        charge(drops ? Operation.CR3_WRITE_FLUSH : Operation.CR3_WRITE_KEEP, 1);
        cr3Written = true;
        if (!hasPcid) {
            mmu.flushNonGlobal();
        } else if (flush) {
            mmu.flushTag(tag);
        }
    }

    /** Context numbers of the ASID engine: 0 is init_mm, then the processes, far above them the spaces of strategies. */
    private static long context(int mm) {
        return mm + 1L;
    }

    private long owner(int space) {
        long instance = switch (program.owners[space]) {
            case MM -> mm;
            case VM -> vm;
            case NAMESPACE -> namespace;
            case ALL -> 0;
        };
        return 1L << 40 | (long) space << 32 | instance;
    }

    /** @return whether what this ASID's slot of the space held was another's or of an older generation */
    private boolean catchUpSlot(int space) {
        int slot = space * AsidEngine.LINUX_SLOTS + asids.loaded();
        long owner = owner(space);
        int generation = program.mapsUser[space] ? generations.of(mm) : 0;
        boolean isStale = slotOwner[slot] != owner
                || slotGeneration[slot] < generation
                || slotKernelGeneration[slot] < generations.ofKernel();
        slotOwner[slot] = owner;
        slotGeneration[slot] = generation;
        slotKernelGeneration[slot] = generations.ofKernel();
        return isStale;
    }

    // ---- flushes -------------------------------------------------------------------------------------

    /** CR3 is written with what is in it, to flush the live tag and with it the kernel's; other spaces follow when next loaded. */
    void flushLoaded() {
        writeCr3(true);
        if (space != 0 && hasPcid) {
            mmu.flushTag(asids.loaded() + 1);
        }
        defer();
    }

    /** The mm that was kept by a kernel thread has been shot down meanwhile. */
    void reload() {
        live(0);
        writeCr3(true);
        defer();
    }

    /** flush_tlb_one_user of so many pages; which they are is not recorded, so that only walk caches are dropped. */
    void invalidatePages(int pages) {
        charge(Operation.INVLPG, pages);
        mmu.invlpg(NO_PAGE, tag);
        if (program.deferred == 0 || !hasPcid) {
            return;
        }
        if (hasInvpcid) {
            charge(Operation.INVPCID_ADDRESS, (long) pages * Integer.bitCount(program.deferred));
        } else {
            defer();
        }
    }

    /** Kernel pages go, from all tags. */
    void invalidateKernelPages(int pages) {
        invalidatePages(pages);
        if (program.losesGlobal) {
            asids.invalidateOther();
        }
    }

    /** __flush_tlb_all. */
    void flushAll() {
        charge(hasInvpcid ? Operation.INVPCID_ALL : Operation.CR4_PGE_TOGGLE, 1);
        mmu.invpcidAll();
    }

    /**
     * INVPCID of a space's tag.
     *
     * @return whether that could be done
     */
    boolean invalidateSpace(int space) {
        if (!hasPcid || !hasInvpcid) {
            return false;
        }
        charge(Operation.INVPCID_CONTEXT, 1);
        mmu.invpcidContext(asids.loaded() + 1 | program.pcidBits[space]);
        catchUpSlot(space);
        return true;
    }

    /** The other spaces of this ASID must be flushed when they are next loaded. */
    private void defer() {
        if (hasPcid) {
            for (int space = 1; space < program.spaces; space++) {
                if ((program.deferred >> space & 1) != 0) {
                    pending[space] |= 1 << asids.loaded();
                }
            }
        }
    }
}
