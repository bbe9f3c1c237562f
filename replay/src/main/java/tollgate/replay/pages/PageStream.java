package tollgate.replay.pages;

import java.util.Arrays;
import tollgate.ingest.ExitReason;
import tollgate.replay.Access;
import tollgate.replay.Cause;
import tollgate.replay.MemoryClass;
import tollgate.replay.PageSource;
import tollgate.replay.Region;
import tollgate.replay.Steps;
import tollgate.replay.mmu.FirstLevel;
import tollgate.replay.mmu.Geometry;

/**
 * Draws the pages of events: whole real invocations out of {@link Footprints}, with each process, task and VM
 * given its own pages. The same seed and the same position of an event in its trace give the same invocation,
 * whatever was drawn before. What is remembered is what the recording told: the invocation that a blocked call goes on
 * with ({@link HeldCalls}), whose memory is free again ({@link Owners}), whether a task works on sockets ({@link Sockets}) and how
 * often a process faulted ({@link Residents}).
 *
 * <p>Used by one thread. Nothing is allocated per event, but for a task or process that is new.
 */
public final class PageStream implements PageSource {
    /** Number under which a device interrupt's pages stand, whatever its vector. */
    public static final int DEVICE_VECTOR = 32;
    /** Outcomes of a VM exit: handled in the kernel without interrupt or switch. */
    public static final int IN_KERNEL = 0;
    /** An interrupt was taken, no switch. */
    public static final int INTERRUPTED = 1;
    /** Switched out. */
    public static final int SCHEDULED = 2;
    /** Returned to the VMM. */
    public static final int USERSPACE = 3;

    /** Details of a VM exit: not known, any. */
    public static final int ANY = 0;
    /** Port input. */
    public static final int IO_IN = 1;
    /** Port output. */
    public static final int IO_OUT = 2;
    /** String input. */
    public static final int IO_INS = 3;
    /** String output. */
    public static final int IO_OUTS = 4;

    public static final int MSR_READ = 5;
    public static final int MSR_WRITE = 6;
    /** Nested page fault (EPT violation) on memory. */
    public static final int NPF_MEMORY = 7;
    /** The same on emulated devices. */
    public static final int NPF_MMIO = 8;
    /** The same on an ioeventfd: virtio notification. */
    public static final int NPF_EVENTFD = 9;

    private static final int DETAILS = 10;

    private static final int SVM_MSR = ExitReason.id(ExitReason.SVM, 0x7c);
    private static final int VMX_RDMSR = ExitReason.id(ExitReason.VMX, 31);
    private static final int VMX_WRMSR = ExitReason.id(ExitReason.VMX, 32);

    static final int NEW_TASK = Cause.of(Cause.Family.SWITCH, 1);
    private static final int TYPE_SHIFT = 55;
    private static final long PAGE_MASK = (1L << 45) - 1;
    private static final int NONE = -1;
    /** Of a length that the recording does not tell. */
    private static final long UNKNOWN = -1;
    /** Variants that differ in one or both of their two bits; also the four outcomes of an exit. */
    static final int VARIANTS = 4;

    /** The longest chain in borrowing.tsv is uname, getrlimit, prlimit64, then the family's. */
    private static final int LONGEST_CHAIN = 6;
    /** So many classes of a page are drawn beforehand: shares are met within 1.6 points. */
    private static final int DRAWN_CLASSES = 64;
    /** A kind with this share is not drawn. */
    private static final double SURE = 0.99;
    /** Of this many measured calls whose lengths are next to the recorded one, one is drawn. */
    private static final int FEW = 8;

    private final Footprints footprints;
    private final Placement placement;
    private final Borrowing borrowing;
    private final UserPages userPages;
    private final long seed;
    /** An access word per page id: complete but for the type, and without page number where that is the owner's. */
    private final long[] word;
    /** Of pages whose class is drawn for each invocation: as many words, of which one is taken. */
    private final long[][] drawnWord;
    /** By page id: bit per class that it may be of, as {@link Steps} has them. */
    private final long[] classBits;

    private final double instructionsPerNano;
    private final Lengths lengths;
    private final HeldCalls held = new HeldCalls();
    private final Owners tasks = new Owners();
    private final Owners mms = new Owners();
    private final Sockets sockets = new Sockets();
    private final Residents residents = new Residents();
    private Essentials essentials;
    private Geometry geometry;
    private long unmapped;
    private long excluded;
    private int preferred = NONE;
    private long drawn;
    private long borrowed;

    public PageStream(Footprints footprints, long seed) {
        this(footprints, seed, MemoryClasses.shipped(), UserParameters.DEFAULT);
    }

    public PageStream(Footprints footprints, long seed, MemoryClasses classes, UserParameters user) {
        this.footprints = footprints;
        this.seed = seed;
        this.placement = new Placement(footprints);
        this.borrowing = new Borrowing();
        this.userPages = new UserPages(footprints, user, seed);
        this.word = new long[footprints.number.length];
        this.drawnWord = new long[word.length][];
        this.classBits = new long[word.length];
        words(classes);
        this.lengths = new Lengths(footprints);
        this.instructionsPerNano = user.instructionsPerNano();
    }

    /** From here on parts are told with their essential accesses for this CPU ({@link Steps}), and with all. */
    public PageStream withEssentials(Geometry geometry) {
        return withEssentials(geometry, -1);
    }

    /**
     * From here on parts are told with their essential accesses for this CPU ({@link Steps}).
     *
     * @param unmapped bit per memory class: parts that touch one of them are told with all accesses too
     */
    public PageStream withEssentials(Geometry geometry, long unmapped) {
        this.geometry = geometry;
        this.unmapped = unmapped;
        essentials = new Essentials(new FirstLevel(geometry), footprints, placement, word, classBits);
        return this;
    }

    /** Draws no more from this program: for validation, leaving one program out. Unknown names do nothing. */
    public void exclude(String program) {
        int index = footprints.program(program);
        if (index >= 0) {
            excluded |= 1L << index;
        }
    }

    /** Draws from this program wherever it has the event; from all alike again with a name that is unknown. */
    public void prefer(String program) {
        preferred = footprints.program(program);
    }

    /** Whole unblocked call, emitted at its end. */
    public void syscall(Steps out, int nr, int task, int mm, boolean failed, long nanos, long position) {
        int template = call(nr, 0, task, failed, nanos, position);
        emitAll(out, template, task, mm, 0, position);
    }

    /**
     * The call's part up to the moment it blocks, with its half of the context switch; the rest is held for this task.
     * While it is held the call blocks again: both halves of the switch and what is between.
     */
    @Override
    public void syscallBlocks(Steps out, int nr, int task, int mm, long nanos, long position) {
        if (held.get(task) >= 0) {
            blocksAgain(out, task, mm, position);
            return;
        }
        int template = call(nr, FootprintFormat.SWITCHED, task, false, nanos, position);
        held.put(task, template);
        if (template >= 0) {
            emit(out, footprints.templatePart[template], task, mm, 0, position);
            if (isWhole(template)) {
                halfSwitch(out, true, task, mm, position);
            }
        }
    }

    private void blocksAgain(Steps out, int task, int mm, long position) {
        int template = held.get(task);
        int first = footprints.templatePart[template];
        int last = footprints.templatePart[template + 1] - 1;
        if (last - first > 1) {
            int middle = first + 1 + Draw.below(Draw.mix(seed ^ 5, position), last - first - 1);
            emit(out, middle, task, mm, 0, position);
        } else {
            halfSwitch(out, false, task, mm, position);
            halfSwitch(out, true, task, mm, position);
        }
    }

    /** What is left of a blocked call after it runs again; nothing when none is held for the task. */
    public void syscallResumes(Steps out, int task, int mm, boolean failed, long position) {
        int template = held.remove(task);
        if (template >= 0) {
            if (isWhole(template)) {
                halfSwitch(out, false, task, mm, position);
            } else {
                emit(out, footprints.templatePart[template + 1] - 1, task, mm, 0, position);
            }
        }
    }

    @Override
    public void called(int task, int mm, int number) {
        tasks.of(task);
        mms.of(mm);
        sockets.isOn(task, number);
    }

    @Override
    public void faulted(int mm) {
        mms.of(mm);
        residents.fault(mm);
    }

    @Override
    public void drop(int task) {
        held.remove(task);
    }

    @Override
    public void forget(int task) {
        held.remove(task);
        sockets.forget(task);
        tasks.end(task);
    }

    @Override
    public void newMm(int mm) {
        residents.begin(mm);
    }

    @Override
    public void forgetMm(int mm) {
        mms.end(mm);
    }

    /** Never switched out when measured: a call that blocks gets the switch of another. */
    private boolean isWhole(int template) {
        return footprints.templatePart[template + 1] - footprints.templatePart[template] == 1;
    }

    private void halfSwitch(Steps out, boolean leaving, int task, int mm, long position) {
        int row = row(Cause.CONTEXT_SWITCH, 0, position);
        if (row >= 0) {
            int template = template(row, false, -1, position);
            emit(
                    out,
                    leaving ? footprints.templatePart[template] : footprints.templatePart[template + 1] - 1,
                    task,
                    mm,
                    0,
                    position);
        }
    }

    /** @param errorCode of the page fault, as the processor pushes it; bit 2 tells user mode and is not needed here */
    public void fault(Steps out, boolean fromUser, int errorCode, int task, int mm, long position) {
        faulted(mm);
        int template = draw(fromUser ? Cause.USER_FAULT : Cause.KERNEL_FAULT, 0, false, -1, position);
        emitAll(out, template, task, mm, 0, position);
    }

    /** An interrupt with the softirqs run on its way out. */
    public void interrupt(Steps out, int vector, boolean fromUser, int task, int mm, long position) {
        int variant = fromUser ? 0 : FootprintFormat.NESTED;
        int template = draw(Cause.of(Cause.Family.INTERRUPT, vector), variant, false, -1, position);
        emitAll(out, template, task, mm, 0, position);
    }

    /** A switch between two tasks neither of which is inside a blocking call: {@link #switchOut}, {@link #switchIn}. */
    public void contextSwitch(Steps out, int prevTask, int prevMm, int nextTask, int nextMm, long position) {
        drawn++;
        halfSwitch(out, true, prevTask, prevMm, position);
        halfSwitch(out, false, nextTask, nextMm, position);
    }

    /** The first half of a switch, for a task that was preempted; a blocking call has it in {@link #syscallBlocks}. */
    public void switchOut(Steps out, int task, int mm, long position) {
        drawn++;
        halfSwitch(out, true, task, mm, position);
    }

    /** The second half, for a task that had been preempted; a blocked call has it in {@link #syscallResumes}. */
    public void switchIn(Steps out, int task, int mm, long position) {
        drawn++;
        halfSwitch(out, false, task, mm, position);
    }

    /** A new task's way to its first instruction in user mode. */
    public void newTask(Steps out, int task, int mm, long position) {
        emitAll(out, draw(NEW_TASK, 0, false, -1, position), task, mm, 0, position);
    }

    @Override
    public void vmExit(
            Steps out, int reason, ExitDetail detail, ExitOutcome outcome, int task, int mm, int vm, long position) {
        vmExit(out, reason, number(reason, detail), outcome.ordinal(), task, mm, vm, position);
    }

    private static int number(int reason, ExitDetail detail) {
        boolean isMsr = reason == SVM_MSR || reason == VMX_RDMSR || reason == VMX_WRMSR;
        return switch (detail) {
            case NONE -> ANY;
            case READ -> isMsr ? MSR_READ : IO_IN;
            case WRITE -> isMsr ? MSR_WRITE : IO_OUT;
            case STRING_READ -> IO_INS;
            case STRING_WRITE -> IO_OUTS;
            case MEMORY -> NPF_MEMORY;
            case MMIO -> NPF_MMIO;
            case MMIO_EVENTFD -> NPF_EVENTFD;
        };
    }

    /**
     * What the host kernel does from a VM exit to the next VM entry or the return to user mode.
     *
     * @param exitReasonId {@link ExitReason} id; those of VMX borrow from SVM
     * @param detail {@link #ANY} or what is known of I/O, MSR access and nested fault; VMX reasons that say it
     *     themselves need none
     * @param outcome {@link #IN_KERNEL}, {@link #INTERRUPTED}, {@link #SCHEDULED} or {@link #USERSPACE}
     */
    public void vmExit(Steps out, int exitReasonId, int detail, int outcome, int task, int mm, int vm, long position) {
        drawn++;
        int known = detail == ANY ? Borrowing.detail(exitReasonId) : detail;
        int cause = Cause.of(Cause.Family.VM_EXIT, exitReasonId);
        int row = exitRow(cause, known, outcome, position);
        if (row < 0) {
            borrowed++;
            for (int step = 0; row < 0 && cause >= 0 && step < LONGEST_CHAIN; step++) {
                for (int change = 0; row < 0 && change < VARIANTS; change++) {
                    row = exitRow(cause, known, outcome ^ change, position);
                }
                cause = borrowing.next(cause);
            }
        }
        emitAll(out, row < 0 ? NONE : template(row, false, -1, position), task, mm, vm, position);
    }

    /** The exit with this detail, else with whichever it has. */
    private int exitRow(int cause, int detail, int outcome, long position) {
        int row = row(cause, outcome | detail << 2, position);
        int start = Draw.below(Draw.mix(seed ^ 8, position), DETAILS);
        for (int i = 0; row < 0 && i < DETAILS; i++) {
            row = row(cause, outcome | (start + i) % DETAILS << 2, position);
        }
        return row;
    }

    /** From the KVM_RUN system call to VM entry, after an exit that went to user space. */
    public void vmReentry(Steps out, int exitReasonId, int task, int mm, int vm, long position) {
        int template = draw(Cause.of(Cause.Family.VM_REENTRY, exitReasonId), 0, false, -1, position);
        emitAll(out, template, task, mm, vm, position);
    }

    /** A stretch of this length in user mode. */
    public void user(Steps out, int task, int mm, long nanos, long position) {
        if (essentials == null) {
            userPages.draw(out, nanos, position, residents.faults(mm), preferred, excluded);
            return;
        }
        int at = out.beginPart(geometry);
        int from = out.size();
        userPages.draw(out, nanos, position, residents.faults(mm), preferred, excluded);
        int n = out.size() - from; // distinct pages: none of the accesses can be left out
        long[] words = out.words();
        int all = (Steps.USER_PAGES & unmapped) == 0 ? 0 : n;
        int to = out.addAccesses(all);
        System.arraycopy(words, from, out.accesses(), to, all);
        for (int i = from; i < from + n; i++) {
            words[i] = Access.leaf(words[i]);
        }
        out.endPart(at, Steps.USER_PAGES, all);
    }

    /** Events drawn. */
    public long drawn() {
        return drawn;
    }

    /** Events among them whose pages are another event's, for want of a footprint of their own. */
    public long borrowed() {
        return borrowed;
    }

    /** A template for a system call. */
    private int call(int nr, int variant, int task, boolean failed, long nanos, long position) {
        int cause = Cause.of(Cause.Family.SYSCALL, nr);
        if (!sockets.isOn(task, nr)) {
            return draw(cause, variant, failed, nanos, position);
        }
        int onSocket = variant | FootprintFormat.SOCKET;
        return row(cause, onSocket, position) >= 0
                ? draw(cause, onSocket, failed, nanos, position)
                : draw(Cause.of(Cause.Family.SYSCALL, Sockets.alike(nr)), variant, failed, nanos, position);
    }

    /** A template for an event, or -1 when nothing fits at all. */
    private int draw(int cause, int variant, boolean failed, long nanos, long position) {
        drawn++;
        int home = Borrowing.home(cause);
        long instructions = nanos < 0 ? UNKNOWN : (long) (nanos * instructionsPerNano);
        int row = row(home, variant, instructions, position);
        if (row < 0 && instructions >= 0) {
            int template = asLong(home, variant, instructions, position);
            if (template >= 0) {
                borrowed++;
                return template;
            }
            row = row(home, variant, position);
        }
        if (row < 0) {
            borrowed++;
            row = borrowedRow(home, variant, position);
        }
        return row < 0 ? NONE : template(row, failed, instructions, position);
    }

    /** Of another call that did as much. */
    private int asLong(int home, int variant, long instructions, long position) {
        int rank = Draw.below(Draw.mix(seed ^ 2, position), FEW);
        return lengths.nearest(EventFamily.ofCause(home), variant, instructions, excluded, rank);
    }

    /** Another variant of the same event, else the events that lend to it. */
    private int borrowedRow(int home, int variant, long position) {
        int lender = home;
        for (int step = 0; lender >= 0 && step < LONGEST_CHAIN; step++) {
            for (int change = 0; change < VARIANTS; change++) {
                int row = row(lender, variant ^ change, position);
                if (row >= 0) {
                    return row;
                }
            }
            lender = borrowing.next(lender);
        }
        return NONE;
    }

    private int row(int cause, int variant, long position) {
        return row(cause, variant, UNKNOWN, position);
    }

    /**
     * One of the programs that have the event, each alike; -1 when none has it that is not excluded.
     *
     * @param instructions of about this length, or {@link #UNKNOWN}
     */
    private int row(int cause, int variant, long instructions, long position) {
        int pool = footprints.pool(cause, variant);
        if (pool < 0) {
            return NONE;
        }
        int from = footprints.poolRow[pool];
        int to = footprints.poolRow[pool + 1];
        int allowed = 0;
        for (int row = from; row < to; row++) {
            if (has(row, instructions)) {
                if (footprints.rowProgram[row] == preferred) {
                    return row;
                }
                allowed++;
            }
        }
        if (allowed == 0) {
            return NONE;
        }
        int wanted = Draw.below(Draw.mix(seed ^ 1, position), allowed);
        for (int row = from; ; row++) {
            if (has(row, instructions) && wanted-- == 0) {
                return row;
            }
        }
    }

    /** Whether a row may be drawn from. */
    private boolean has(int row, long instructions) {
        if ((excluded >>> footprints.rowProgram[row] & 1) != 0) {
            return false;
        }
        if (instructions < 0) {
            return true;
        }
        int from = footprints.rowTemplate[row];
        int to = footprints.rowTemplate[row + 1];
        return Lengths.hasLike(footprints.templateInstructions, from, to, instructions);
    }

    /** One of the row's templates: of those as long as the event took, if that is known. */
    private int template(int row, boolean failed, long instructions, long position) {
        int from = footprints.rowTemplate[row];
        int to = footprints.rowTemplate[row + 1];
        if (instructions >= 0) {
            int nearest = Lengths.firstAtLeast(footprints.templateInstructions, from, to, instructions);
            from = Math.max(from, Math.min(nearest - FEW / 2, to - FEW));
            to = Math.min(to, from + FEW);
        } else if (failed) {
            to = from + Math.max(1, (to - from) / 3); // a call that fails ends early: the shortest third
        }
        return from + Draw.below(Draw.mix(seed ^ 2, position), to - from);
    }

    private void emitAll(Steps out, int template, int task, int mm, int vm, long position) {
        if (template >= 0) {
            for (int part = footprints.templatePart[template]; part < footprints.templatePart[template + 1]; part++) {
                emit(out, part, task, mm, vm, position);
            }
        }
    }

    private void emit(Steps out, int part, int taskNumber, int mmNumber, int vm, long position) {
        int task = tasks.of(taskNumber);
        int mm = mms.of(mmNumber);
        long salt = Draw.mix(seed ^ 3, position);
        int from = footprints.partAccess[part];
        int n = footprints.partAccess[part + 1] - from;
        if (essentials == null) {
            out.reserve(n);
            write(out.words(), out.size(), from, n, task, mm, vm, salt);
            out.added(n);
            return;
        }
        essentials.find(part);
        int at = out.beginPart(geometry);
        int count = essentials.count(part);
        out.reserve(count);
        long[] words = out.words();
        int leaves = out.size();
        out.added(count);
        boolean needsAll = (essentials.classes(part) & unmapped) != 0;
        if (needsAll) {
            int to = out.addAccesses(n);
            long[] all = out.accesses();
            write(all, to, from, n, task, mm, vm, salt);
            for (int i = 0; i < count; i++) {
                words[leaves + i] = Access.leaf(all[to + essentials.place(part, i)]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                int access = footprints.accesses[from + essentials.place(part, i)];
                words[leaves + i] = Access.leaf(access(access, task, mm, vm, salt));
            }
        }
        out.endPart(at, essentials.classes(part), needsAll ? n : 0);
    }

    private void write(long[] words, int to, int from, int n, int task, int mm, int vm, long salt) {
        int[] accesses = footprints.accesses;
        for (int i = 0; i < n; i++) {
            words[to + i] = access(accesses[from + i], task, mm, vm, salt);
        }
    }

    private long access(int access, int task, int mm, int vm, long salt) {
        int id = access >>> 2;
        long of = drawnWord[id] == null ? word[id] : drawnWord[id][Draw.below(Draw.mix(salt, id), DRAWN_CLASSES)];
        long page = switch (footprints.kind[id]) {
            case FootprintFormat.OF_PROCESS -> placement.page(id, mm);
            case FootprintFormat.OF_TASK, FootprintFormat.OF_PEER -> placement.page(id, task);
            case FootprintFormat.OF_VM -> placement.page(id, vm);
            case FootprintFormat.FRESH -> placement.fresh(id, salt);
            default -> 0;
        };
        return of | page & PAGE_MASK | (long) (access & 3) << TYPE_SHIFT;
    }

    private void words(MemoryClasses classes) {
        for (int id = 0; id < word.length; id++) {
            double[] split = split(classes, id);
            long[] all = new long[isDrawn(id, split) ? DRAWN_CLASSES : 1];
            for (int i = 0; i < all.length; i++) {
                all[i] = word(id, memoryClass(classes, split, id, i));
                classBits[id] |= classBit(all[i]);
            }
            word[id] = all[0];
            drawnWord[id] = all.length > 1 ? all : null;
        }
    }

    private static long classBit(long access) {
        MemoryClass memoryClass = Access.memoryClass(access);
        boolean isUserPage = memoryClass == MemoryClass.U_CUR && Access.region(access) == Region.USER;
        return isUserPage ? Steps.USER_PAGES : 1L << memoryClass.ordinal();
    }

    /** Whether a page may be of another class in each invocation: a fresh page is another page, and of some the kind is open. */
    private boolean isDrawn(int id, double[] split) {
        return footprints.kind[id] == FootprintFormat.FRESH
                || footprints.pageClass[id] == PageClass.DIRECTMAP.ordinal()
                        && Arrays.stream(split).allMatch(share -> share < SURE);
    }

    private long word(int id, MemoryClass memoryClass) {
        int kind = footprints.kind[id];
        Region region = kind == FootprintFormat.USER_RANK ? Region.USER : Region.ofPage(footprints.number[id]);
        long page = switch (kind) {
            case FootprintFormat.FIXED -> placement.base[id];
            case FootprintFormat.USER_RANK -> userPages.page((int) footprints.number[id]);
            default -> 0;
        };
        return Access.of(page, memoryClass, region, 0);
    }

    /** The i-th of the classes that a page may have, spread over the shares; of a page that is sure the one that follows from its hash. */
    private MemoryClass memoryClass(MemoryClasses classes, double[] split, int id, int i) {
        PageClass pageClass = PageClass.of(footprints.pageClass[id]);
        Owner owner = Owner.of(footprints.kind[id]);
        EventFamily family = EventFamily.of(footprints.family[id]);
        long hash = Draw.mix(seed ^ 4, footprints.number[id] << 3 | footprints.kind[id]);
        if (!isDrawn(id, split)) {
            return classes.of(pageClass, split, owner, family, hash);
        }
        double kind = (i + 0.5) / DRAWN_CLASSES;
        double share = owner == Owner.FRESH ? Integer.reverse(i) * 0x1p-32 + 0.5 : Draw.unit(hash);
        return classes.at(pageClass, split, owner, family, kind, share);
    }

    /** Of a direct map page of unknown kind. */
    private double[] split(MemoryClasses classes, int id) {
        double[] known = footprints.kinds().split(id);
        return known != null
                ? known
                : classes.split(Owner.of(footprints.kind[id]), EventFamily.of(footprints.family[id]));
    }
}
