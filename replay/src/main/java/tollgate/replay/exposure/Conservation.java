package tollgate.replay.exposure;

import tollgate.replay.Contradiction;

/** What must hold of every exposure, whatever the strategy and the trace; checked at the end of each replay. */
final class Conservation {
    private final String strategy;
    private final Exposure exposure;
    private final long end;

    Conservation(String strategy, Exposure exposure, long end) {
        this.strategy = strategy;
        this.exposure = exposure;
        this.end = end;
    }

    /**
     * @param known nanoseconds of all CPUs together whose context was known
     * @throws Contradiction saying what contradicts what
     */
    void check(long known) {
        long modes = 0;
        for (Account account : new Account[] {exposure.workload(), exposure.rest()}) {
            String of = account == exposure.workload() ? "the workload" : "others";
            for (Mode mode : Mode.values()) {
                modes += account.nanos(mode);
            }
            same("windows of " + of, account.windows().nanos(), "the full space was live", exposure.fullNanos(account));
            hold(account.windows().isConserved(), "windows of " + of + " by cause do not add up to all of them");
            if (exposure.strategySpaces() == 1) {
                same("the only space of " + of, exposure.fullNanos(account), "the host ran", account.hostNanos());
            }
            long kernel = 0;
            for (Origin origin : Origin.values()) {
                for (int space = 0; space < exposure.spaces(); space++) {
                    kernel += account.kernelNanos(origin, space);
                }
            }
            same("kernel time of " + of + " by who let it run", kernel, "it ran for", account.nanos(Mode.KERNEL));
            for (Channel channel : Channel.values()) {
                HandOvers handOvers = account.handOvers(channel);
                hold(
                        handOvers.clean() >= handOvers.flushed(),
                        handOvers.flushed() + " hand-overs of " + of + " came right after a flush of " + channel
                                + ", but only " + handOvers.clean() + " are clean");
            }
            for (int space = 0; space < exposure.spaces(); space++) {
                space(account, space, of);
            }
        }
        same("all modes", modes, "contexts were known", known);
    }

    /** @param nanos time that tasks of the workload ran, as the timeline counts it */
    void checkBusy(long nanos) {
        Account workload = exposure.workload();
        same("all modes of the workload", workload.hostNanos() + workload.nanos(Mode.GUEST), "it was busy for", nanos);
    }

    private void space(Account account, int space, String of) {
        long live = account.hostNanos(space) + account.nanos(Mode.GUEST, space);
        for (Channel channel : Channel.values()) {
            long armed = 0;
            for (Viewer viewer : Viewer.values()) {
                long nanos = account.armedNanos(channel, space, viewer);
                hold(nanos >= 0, "space " + space + " of " + of + " was armed for " + nanos + " ns");
                armed += nanos;
            }
            hold(armed <= live, "space " + space + " of " + of + " was armed for " + armed + " ns, live for " + live);
        }
        for (Viewer viewer : Viewer.values()) {
            hold(
                    exposure.siblings() != Siblings.OFF || account.besideNanos(space, viewer) == 0,
                    "something was exposed to a sibling that is switched off");
        }
    }

    private void same(String one, long nanos, String other, long otherNanos) {
        hold(nanos == otherNanos, one + ": " + nanos + " ns; " + other + ": " + otherNanos + " ns");
    }

    private void hold(boolean holds, String otherwise) {
        if (!holds) {
            throw new Contradiction(strategy + ": exposure by the end of the trace, time " + end + " ns: " + otherwise);
        }
    }
}
