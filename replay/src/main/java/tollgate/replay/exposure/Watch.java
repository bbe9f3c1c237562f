package tollgate.replay.exposure;

import tollgate.replay.Crossing;
import tollgate.replay.MemoryClass;
import tollgate.replay.Operation;
import tollgate.replay.Steps;

/**
 * One hardware thread as the meter sees it. The lane tells it the time at each crossing, before anything is done there,
 * and then what changed; what is done at a crossing takes no time.
 *
 * <p>Two rules about what a recording does not tell:
 * <ol>
 *   <li>Where in the stretch between two crossings unmapped memory was touched is not known. The stretch counts for the
 *       full space from its beginning, in a space number of its own that says so: else windows would be too short.
 *   <li>After loss nothing counts until a switch tells who runs.
 * </ol>
 */
public final class Watch {
    private static final long NEVER = Long.MIN_VALUE;

    private final Exposure exposure;
    private final int number;
    private final Core core;
    private final int thread;
    private final Residue[] residues;
    private long since = NEVER;
    private long first = NEVER;
    private long unknownNanos;
    private Mode mode = Mode.UNKNOWN;
    private boolean isLost = true;
    private boolean isIdleTask;
    private int space;
    /** The space in which the running stretch began, if it may have been left anywhere in it; else 0. */
    private int stretchBegan;

    private int tenant = Neighbours.KERNEL;
    private int guest;
    private Account account;
    private int opening;
    private boolean isOpen;
    private int openedBy;
    private long openNanos;
    private boolean windowSawUser;
    private Account windowOf;
    private int branches = Neighbours.KERNEL;
    private Origin origin = Origin.EITHER;
    private boolean isEntryDirty;
    /** Since a VM exit only restricted spaces were live and no other task ran. */
    private boolean isServedRestricted;
    /** Channels, a bit each, that were flushed at this crossing, with nothing run since. */
    private int flushedLast;

    private long pages;
    private long ownPages;

    Watch(Exposure exposure, int number, Core core, int thread) {
        this.exposure = exposure;
        this.number = number;
        this.core = core;
        this.thread = thread;
        account = exposure.rest();
        residues = new Residue[Channel.count()];
        for (int channel = 0; channel < residues.length; channel++) {
            residues[channel] = new Residue(Channel.of(channel), exposure);
        }
    }

    // ---- what the lane tells -------------------------------------------------------------------------

    /** It is this late, and this happens; before anything is done about it. */
    public void at(long time, Crossing crossing, long argument) {
        pass(time);
        opening = Opening.of(crossing, argument);
    }

    /** Unmapped memory is touched; what is done about it follows. */
    public void touches(MemoryClass memoryClass) {
        opening = Opening.of(memoryClass);
    }

    /** Another space is live. */
    public void space(int live) {
        if (live == space) {
            return;
        }
        boolean byTouch = Opening.isTouch(opening);
        if (live == Exposure.FULL && byTouch) {
            stretchBegan = stretchBegan == 0 ? space : stretchBegan;
        } else {
            stretchBegan = 0;
        }
        space = live;
        isServedRestricted &= live != Exposure.FULL;
        if (byTouch && mode.isHost() && !isLost) {
            leave();
        }
        edge();
    }

    /** The task that runs belongs to others from now on. @param owner see {@link Steps#owner} */
    public void owner(long owner) {
        tenant = exposure.tenant(owner);
        account = Steps.isSelected(owner) ? exposure.workload() : exposure.rest();
        edge();
    }

    /** Another task runs, in the kernel. */
    public void taken(long owner) {
        isLost = false;
        isServedRestricted = false;
        isIdleTask = Steps.isIdle(owner);
        mode = isIdleTask ? Mode.IDLE : Mode.KERNEL;
        pages = 0;
        ownPages = 0;
        owner(owner);
        origin = tenant == Neighbours.KERNEL ? Origin.NOBODY : Origin.EITHER;
    }

    /** User code runs. */
    public void user() {
        mode = Mode.USER;
        handOver(tenant);
        edge();
    }

    /** The guest runs. */
    public void guest() {
        mode = Mode.GUEST;
        account.restrictedExits += isServedRestricted ? 1 : 0;
        isServedRestricted = false;
        guest = Neighbours.guestOf(tenant);
        handOver(guest);
        edge();
    }

    /** The kernel runs. */
    public void kernel() {
        if (mode.isUntrusted() && !isLost) {
            int by = mode == Mode.GUEST ? guest : tenant;
            account.guestExits += mode == Mode.GUEST ? 1 : 0;
            isServedRestricted = mode == Mode.GUEST && space != Exposure.FULL;
            branches = branches == Neighbours.KERNEL ? by : Neighbours.together(branches, by);
            origin = mode == Mode.GUEST ? Origin.GUEST : Origin.USER;
            account.untrustedEntries++;
            isEntryDirty = false;
        }
        mode = Mode.KERNEL;
        edge();
    }

    /** The last interrupt of the kernel has returned. */
    public void resumed() {
        if (isIdleTask) {
            mode = Mode.IDLE;
            edge();
        }
    }

    /** Who runs is not known from now on. */
    public void lost() {
        isLost = true;
        isServedRestricted = false;
        edge();
    }

    /** Carried out on this hardware thread. */
    public void flushed(Operation operation) {
        switch (operation) {
            case L1D_FLUSH -> {
                flush(Channel.L1D);
                flush(Channel.BUFFERS);
            }
            case VERW -> flush(Channel.BUFFERS);
            case IBPB -> branches = Neighbours.KERNEL;
            default -> {}
        }
    }

    private void flush(Channel channel) {
        residues[channel.ordinal()].flush();
        flushedLast |= 1 << channel.ordinal();
    }

    /** Operations that {@link #flushed} must be told of: a bit each. */
    public static final long FLUSHES =
            1L << Operation.L1D_FLUSH.ordinal() | 1L << Operation.VERW.ordinal() | 1L << Operation.IBPB.ordinal();

    /** How many pages are mapped one by one from now on, see {@link Demand}. @param own those that are the current tenant's */
    public void pages(long foreign, long own) {
        pages = foreign;
        ownPages = own;
    }

    // ---- what it makes of it -------------------------------------------------------------------------

    private void pass(long time) {
        if (since == NEVER) {
            first = time;
            since = time;
            return;
        }
        long nanos = Math.max(time - since, 0);
        if (isLost || mode == Mode.UNKNOWN) {
            unknownNanos += nanos;
        } else {
            stretch(nanos);
        }
        if (core != null && nanos > 0) {
            tell(time);
        }
        since += nanos;
        stretchBegan = 0;
        flushedLast = 0;
    }

    private void stretch(long nanos) {
        int where = where();
        account.pass(mode, where, nanos);
        if (mode == Mode.IDLE) {
            return;
        }
        leave();
        boolean isUntrusted = mode.isUntrusted();
        int by = mode == Mode.GUEST ? guest : tenant;
        if (nanos > 0) {
            Viewer viewer = isUntrusted ? exposure.neighbours().viewer(by, by) : null;
            for (Residue residue : residues) {
                residue.pass(where, by, account, nanos, viewer);
            }
            exposure.tenants().pass(tenant, where, nanos);
            account.pages(pages, nanos);
        }
        if (mode == Mode.KERNEL) {
            account.kernel(origin, where, branches != Neighbours.KERNEL, nanos);
        }
        if (mode.isHost()) {
            boolean isFull = space == Exposure.FULL;
            if (nanos > 0) {
                account.course().pass(since, since + nanos, isFull);
            }
            if (isFull) {
                openNanos += nanos;
            }
            if (isFull && mode == Mode.KERNEL && branches != Neighbours.KERNEL) {
                account.dirtyNanos += nanos;
                account.dirtyEntries += isEntryDirty ? 0 : 1;
                isEntryDirty = true;
            }
        }
    }

    private int where() {
        return mode == Mode.GUEST
                ? exposure.guestSpace()
                : stretchBegan != 0 && space == Exposure.FULL ? exposure.uncertain(stretchBegan) : space;
    }

    private void leave() {
        int by = mode == Mode.GUEST ? guest : tenant;
        for (Residue residue : residues) {
            residue.leave(where(), by);
        }
        flushedLast = 0;
    }

    private void handOver(int to) {
        if (isLost) {
            return;
        }
        for (int channel = 0; channel < residues.length; channel++) {
            account.handOvers(Channel.of(channel))
                    .add(residues[channel].found(to), (flushedLast >>> channel & 1) != 0, mode == Mode.GUEST);
            residues[channel].look(to);
        }
        if (branches != Neighbours.KERNEL
                && exposure.neighbours().viewer(to, branches).isOther()) {
            account.branchesToOthers++;
        }
    }

    /** Opens or closes a window if there is an edge here. */
    private void edge() {
        boolean isFull = space == Exposure.FULL && mode.isHost() && !isLost;
        if (isOpen && isFull && openNanos == 0) {
            windowOf = account; // opened at this very crossing, on the way to another task
        }
        if (isOpen && (!isFull || windowOf != account)) {
            windowOf.windows().add(openedBy, openNanos, windowSawUser);
            isOpen = false;
        }
        if (isFull && !isOpen) {
            isOpen = true;
            openedBy = opening;
            openNanos = 0;
            windowSawUser = false;
            windowOf = account;
        }
        windowSawUser |= mode == Mode.USER;
    }

    /** Tells the core what ran since the last crossing. */
    private void tell(long until) {
        int by = mode == Mode.GUEST ? guest : tenant;
        core.pass(thread, since, until, isLost ? Mode.UNKNOWN : mode, where(), by, account, pages, pages + ownPages);
    }

    /** A sibling is far ahead: what runs here is taken to go on until then. */
    void assume(long until) {
        if (since != NEVER) {
            tell(until);
        }
    }

    /** Ends the trace. */
    void finish(long time) {
        pass(time);
        isLost = true;
        edge();
    }

    /** Nanoseconds from its first crossing to the last. */
    long span() {
        return first == NEVER ? 0 : since - first;
    }

    long unknownNanos() {
        return unknownNanos;
    }

    int number() {
        return number;
    }
}
