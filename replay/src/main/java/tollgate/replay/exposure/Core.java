package tollgate.replay.exposure;

/**
 * The hardware threads of one core in the order of time: who ran untrusted code while which space was live beside it.
 *
 * <p>Steps are in the order of events, and a thread's return to user mode is told only at its next event, so that one
 * thread is known further than the other. What is known of each waits in a ring until all are known that far. A thread
 * of which nothing comes for {@link #MOST} stretches of another is taken to go on as it was.
 */
final class Core {
    /** Stretches that wait: some 200 kB a thread. */
    static final int MOST = 1 << 12;

    private static final long NEVER = Long.MIN_VALUE;

    private final Neighbours neighbours;
    private final Siblings siblings;
    private final Exposure exposure;
    private final Ring[] rings;
    private final Watch[] watches;
    private final boolean[] wasFull;
    private final boolean[] wasUntrusted;
    private long until = NEVER;

    Core(Exposure exposure, int threads) {
        this.exposure = exposure;
        neighbours = exposure.neighbours();
        siblings = exposure.siblings();
        watches = new Watch[threads];
        rings = new Ring[threads];
        wasFull = new boolean[threads];
        wasUntrusted = new boolean[threads];
        for (int i = 0; i < threads; i++) {
            rings[i] = new Ring();
        }
    }

    void add(int thread, Watch watch) {
        watches[thread] = watch;
    }

    /** Stretches of one thread that are not used up yet, the oldest first. */
    private static final class Ring {
        final long[] end = new long[MOST];
        final Mode[] mode = new Mode[MOST];
        final int[] space = new int[MOST];
        final int[] by = new int[MOST];
        final Account[] account = new Account[MOST];
        final long[] pages = new long[MOST];
        final long[] allPages = new long[MOST];
        int head;
        int size;
        long known = NEVER;

        void add(long to, Mode runs, int inSpace, int runsBy, Account of, long demand, long allDemand) {
            int i = (head + size++) % MOST;
            end[i] = to;
            mode[i] = runs;
            space[i] = inSpace;
            by[i] = runsBy;
            account[i] = of;
            pages[i] = demand;
            allPages[i] = allDemand;
            known = to;
        }

        void drop() {
            head = (head + 1) % MOST;
            size--;
        }
    }

    /** A thread ran this from one time to another. */
    void pass(
            int thread, long from, long to, Mode mode, int space, int by, Account account, long pages, long allPages) {
        Ring ring = rings[thread];
        if (ring.known == NEVER) {
            ring.add(from, Mode.UNKNOWN, 0, 0, account, 0, 0);
        }
        if (to <= ring.known) {
            return; // taken for granted already
        }
        ring.add(to, mode, space, by, account, pages, allPages);
        merge();
        if (ring.size > MOST - 2) {
            for (int i = 0; i < rings.length; i++) {
                if (rings[i].size == 0) {
                    assume(i, to);
                }
            }
            merge();
        }
    }

    private void assume(int thread, long to) {
        if (watches[thread] != null) {
            watches[thread].assume(to);
        }
        if (rings[thread].known < to) {
            rings[thread].add(to, Mode.UNKNOWN, 0, 0, exposure.rest(), 0, 0);
        }
    }

    /** Ends the trace. */
    void finish(long time) {
        for (int i = 0; i < rings.length; i++) {
            if (rings[i].known < time) {
                assume(i, time);
            }
        }
        merge();
    }

    private void merge() {
        while (true) {
            long end = Long.MAX_VALUE;
            for (Ring ring : rings) {
                if (ring.size == 0) {
                    return;
                }
                end = Math.min(end, ring.end[ring.head]);
            }
            if (end > until) {
                if (until != NEVER) {
                    add(end - until);
                }
                until = end;
            }
            for (Ring ring : rings) {
                if (ring.end[ring.head] == end) {
                    ring.drop();
                }
            }
        }
    }

    /** All threads ran on as they are for this long. */
    private void add(long nanos) {
        boolean isKnown = true;
        for (Ring ring : rings) {
            isKnown &= ring.mode[ring.head] != Mode.UNKNOWN;
        }
        for (int i = 0; i < rings.length; i++) {
            Ring here = rings[i];
            Mode mode = here.mode[here.head];
            boolean runs = isKnown && mode != Mode.IDLE;
            if (runs) {
                here.account[here.head].besideNanos += nanos;
            }
            for (int j = 0; j < rings.length && runs; j++) {
                Ring beside = rings[j];
                if (j != i && beside.mode[beside.head].isUntrusted()) {
                    add(here, beside, nanos, i < j);
                }
            }
        }
        edges(isKnown);
    }

    private void add(Ring here, Ring beside, long nanos, boolean isFirst) {
        int space = here.space[here.head];
        Mode mode = here.mode[here.head];
        int owner = here.by[here.head];
        int by = beside.by[beside.head];
        Viewer viewer = neighbours.viewer(by, owner);
        boolean isOneTenant = siblings == Siblings.ONE_TENANT || siblings == Siblings.ONE_TENANT_OUT_OF_KERNEL;
        if (siblings == Siblings.OFF) {
            return;
        }
        if (isOneTenant && viewer.isOther()) {
            boolean isMutual =
                    mode.isUntrusted() && neighbours.viewer(owner, by).isOther();
            beside.account[beside.head].forcedIdleNanos += isMutual && !isFirst ? 0 : nanos;
            return;
        }
        boolean isStunned = siblings == Siblings.ONE_TENANT_OUT_OF_KERNEL && mode == Mode.KERNEL
                || siblings == Siblings.STUNNED && isFull(here)
                || siblings == Siblings.STUNNED_GUESTS && isFull(here) && viewer.isGuest();
        if (isStunned) {
            beside.account[beside.head].stunnedNanos += nanos;
            return;
        }
        Account account = here.account[here.head];
        account.beside(space, mode == Mode.KERNEL, viewer, nanos);
        account.pagesBeside(viewer.isOther() ? here.allPages[here.head] : here.pages[here.head], nanos);
    }

    private boolean isFull(Ring ring) {
        return ring.mode[ring.head].isHost() && exposure.isFull(ring.space[ring.head]);
    }

    /** Counts where the full space becomes live beside untrusted code, or is live when a sibling goes on to such. */
    private void edges(boolean isKnown) {
        for (int i = 0; i < rings.length; i++) {
            boolean isFull = isKnown && isFull(rings[i]);
            for (int j = 0; j < rings.length; j++) {
                Mode beside = rings[j].mode[rings[j].head];
                if (j != i && isFull && beside.isUntrusted() && siblings != Siblings.OFF) {
                    Account account = rings[i].account[rings[i].head];
                    int guest = beside == Mode.GUEST ? 1 : 0;
                    if (!wasUntrusted[j]) {
                        account.waits++;
                        account.guestWaits += guest;
                    } else if (!wasFull[i]) {
                        account.stuns++;
                        account.guestStuns += guest;
                    }
                }
            }
        }
        for (int i = 0; i < rings.length; i++) {
            wasFull[i] = isKnown && isFull(rings[i]);
            wasUntrusted[i] = isKnown && rings[i].mode[rings[i].head].isUntrusted();
        }
    }
}
