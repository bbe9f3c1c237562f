package tollgate.analysis;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import tollgate.analysis.Exposed.Basis;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.exposure.Account;
import tollgate.replay.exposure.Channel;
import tollgate.replay.exposure.Exposure;
import tollgate.replay.exposure.HandOvers;
import tollgate.replay.exposure.Mode;
import tollgate.replay.exposure.Siblings;
import tollgate.replay.exposure.Viewer;

/** What the meter of one lane added up, multiplied with what its strategy's spaces map: every {@link ExposureMetric}. */
final class ExposureFigures {
    private static final int TENANT = 2;
    private static final int KEYS = 3;
    private static final String NO_SIBLING = "the recording does not say which CPUs share a core";

    private final Exposure exposure;
    private final Account account;
    private final Reach reach;
    private final Openness openness;
    private final MemorySizes sizes;
    private final String noTime;
    private final long host;
    private final long all;
    private final Map<ExposureMetric, Exposed> figures = new EnumMap<>(ExposureMetric.class);

    private ExposureFigures(Lane lane, String noTime, MemorySizes sizes) {
        exposure = lane.exposure();
        account = exposure.workload();
        reach = new Reach(lane.strategy(), exposure);
        openness = new Openness(lane, sizes);
        this.sizes = sizes;
        host = account.hostNanos();
        all = host + account.nanos(Mode.GUEST);
        this.noTime = !noTime.isEmpty() ? noTime : all == 0 ? "the workload never ran" : "";
    }

    /** @param noTime why the recording's times cannot be used, or empty */
    static Map<ExposureMetric, Exposed> of(Lane lane, String noTime, MemorySizes sizes) {
        ExposureFigures of = new ExposureFigures(lane, noTime, sizes);
        of.thread();
        of.windows();
        of.handOvers();
        of.sibling();
        of.bytes();
        return of.figures;
    }

    private void thread() {
        share(ExposureMetric.FULL_TIME, account::hostNanos, space -> space == Exposure.FULL, host, "no host time");
        share(
                ExposureMetric.FULL_KERNEL_TIME,
                space -> account.nanos(Mode.KERNEL, space),
                space -> space == Exposure.FULL,
                account.nanos(Mode.KERNEL),
                "the kernel never ran for the workload");
        share(
                ExposureMetric.NAMESPACE_REACH,
                account::hostNanos,
                space -> reach.maps(space, MemoryClass.K_NS_OTH),
                host,
                "no host time");
        put(
                ExposureMetric.EXITS_RESTRICTED,
                account.guestExits() == 0
                        ? new CannotTell("no VM exits recorded")
                        : Estimate.exact(100.0 * account.restrictedExits() / account.guestExits()),
                Basis.MEASURED,
                account.restrictedExits() + " of " + account.guestExits());
        long full = exposure.fullNanos(account);
        long surely = all - full;
        long maybe = surely + exposure.uncertainNanos(account);
        put(
                ExposureMetric.IMMUNE_TIME,
                timed(all, () -> new Estimate(100.0 * surely / all, 100.0 * surely / all, 100.0 * maybe / all)),
                surely == maybe ? Basis.MEASURED : Basis.BOUNDS,
                surely + " to " + maybe + " of " + all + " ns");
        armed(ExposureMetric.L1D_TENANT, Channel.L1D, TENANT);
        armed(ExposureMetric.L1D_KEYS, Channel.L1D, KEYS);
        armed(ExposureMetric.BUFFERS_TENANT, Channel.BUFFERS, TENANT);
        armed(ExposureMetric.BUFFERS_KEYS, Channel.BUFFERS, KEYS);
        put(
                ExposureMetric.DEMAND_TENANT,
                timed(host, () -> Estimate.exact((double) account.pageNanos(TENANT) / host)),
                Basis.MEASURED,
                account.pageNanos(TENANT) + " page ns of " + host + " ns");
        count(ExposureMetric.BRANCH_ENTRIES, account.dirtyEntries());
        long kernel = account.nanos(Mode.KERNEL);
        put(
                ExposureMetric.BRANCH_TIME,
                timed(kernel, () -> Estimate.exact(100.0 * account.dirtyNanos() / kernel)),
                Basis.MEASURED,
                account.dirtyNanos() + " of " + kernel + " ns");
    }

    private void windows() {
        count(ExposureMetric.WINDOWS, account.windows().count());
        length(ExposureMetric.WINDOW_MEDIAN, account.windows().percentile(50));
        length(ExposureMetric.WINDOW_P99, account.windows().percentile(99));
        length(ExposureMetric.WINDOW_LONGEST, account.windows().longest());
    }

    private void length(ExposureMetric metric, double nanos) {
        Figure figure = account.windows().count() == 0
                ? new CannotTell("there are no windows")
                : timed(all, () -> Estimate.exact(nanos));
        put(metric, figure, Basis.MEASURED, "");
    }

    private void handOvers() {
        count(ExposureMetric.HANDOVERS, account.handOvers(Channel.L1D).count());
        count(ExposureMetric.L1D_HANDOVERS, dirty(account.handOvers(Channel.L1D)));
        count(ExposureMetric.BUFFERS_HANDOVERS, dirty(account.handOvers(Channel.BUFFERS)));
    }

    private long dirty(HandOvers handOvers) {
        long[] sum = new long[1];
        handOvers.visit(exposure.spaces(), (viewers, count) -> {
            for (int space = 0; space < viewers.length; space++) {
                Viewer viewer = viewers[space];
                if (viewer != null
                        && (reach.exposes(reach.most(space), viewer, TENANT)
                                || reach.exposes(reach.most(space), viewer, KEYS))) {
                    sum[0] += count;
                    return;
                }
            }
        });
        return sum[0];
    }

    private void armed(ExposureMetric metric, Channel channel, int level) {
        long low = 0;
        long high = 0;
        for (int space = 0; space < exposure.spaces(); space++) {
            for (Viewer viewer : Viewer.values()) {
                long nanos = account.armedNanos(channel, space, viewer);
                low += reach.exposes(reach.least(space), viewer, level) ? nanos : 0;
                high += reach.exposes(reach.most(space), viewer, level) ? nanos : 0;
            }
        }
        put(metric, low, high, all, "");
    }

    // ---- the other threads of the core ---------------------------------------------------------------

    private void sibling() {
        beside(ExposureMetric.SIBLING_FULL, (space, viewer) -> space == Exposure.FULL);
        beside(ExposureMetric.SIBLING_TENANT, (space, viewer) -> reach.exposes(space, viewer, TENANT));
        beside(ExposureMetric.SIBLING_KEYS, (space, viewer) -> reach.exposes(space, viewer, KEYS));
        long known = account.knownBesideNanos();
        boolean isKnown = exposure.knowsSiblings() && known > 0;
        boolean isFree = exposure.siblings() == Siblings.ANYTHING || exposure.siblings() == Siblings.OFF;
        Figure stunned = isFree
                ? Estimate.exact(0)
                : !isKnown
                        ? new CannotTell(NO_SIBLING)
                        : timed(
                                known,
                                () -> Estimate.exact(
                                        100.0 * (account.stunnedNanos() + account.forcedIdleNanos()) / known));
        put(
                ExposureMetric.STUNNED,
                stunned,
                isFree ? Basis.BY_DESIGN : Basis.MEASURED,
                account.stunnedNanos() + account.forcedIdleNanos() + " of " + known + " ns");
        long windows = account.windows().count();
        boolean isOff = exposure.siblings() == Siblings.OFF;
        put(
                ExposureMetric.STUNS,
                isOff
                        ? Estimate.exact(0)
                        : isKnown
                                ? Estimate.exact(account.stuns() + account.waits())
                                : new Estimate(windows, 0, windows),
                isOff ? Basis.BY_DESIGN : isKnown ? Basis.MEASURED : Basis.ASSUMED_SIBLING,
                isKnown ? account.stuns() + " stopped, " + account.waits() + " kept waiting" : "");
    }

    // ---- bytes ---------------------------------------------------------------------------------------

    private void bytes() {
        Open left = openness.left(Channel.L1D, /* guests */ false);
        Open beside = openness.beside(/* guests */ false);
        bytes(ExposureMetric.THREAD_LAYOUT, left, 1, Basis.STATED_SIZES);
        bytes(ExposureMetric.THREAD_TENANT, left, TENANT, Basis.STATED_SIZES);
        bytes(ExposureMetric.THREAD_KEYS, left, KEYS, Basis.STATED_SIZES);
        Basis basis = exposure.siblings() == Siblings.OFF
                ? Basis.BY_DESIGN
                : openness.knowsSiblings() ? Basis.STATED_SIZES : Basis.ASSUMED_SIBLING;
        bytes(ExposureMetric.SIBLING_LAYOUT_BYTES, beside, 1, basis);
        bytes(ExposureMetric.SIBLING_TENANT_BYTES, beside, TENANT, basis);
        bytes(ExposureMetric.SIBLING_KEYS_BYTES, beside, KEYS, basis);
        neverMapped(left, beside, openness.to(Attack.MELTDOWN).get(0));
    }

    private void bytes(ExposureMetric metric, Open open, int level, Basis basis) {
        put(
                metric,
                timed(
                        all,
                        () -> new Estimate(
                                open.highBytes(level) / 1e9,
                                Math.min(open.lowBytes(level), open.highBytes(level)) / 1e9,
                                open.highBytes(level) / 1e9)),
                basis,
                "");
    }

    private void neverMapped(Open... opens) {
        long total = 0;
        long surely = 0;
        long maybe = 0;
        for (MemoryClass memoryClass : MemoryClass.values()) {
            if (memoryClass.sensitivity() >= TENANT && !memoryClass.isOwn()) {
                long bytes = sizes.bytes(memoryClass);
                total += bytes;
                surely += List.of(opens).stream().anyMatch(open -> open.surely().contains(memoryClass)) ? bytes : 0;
                maybe += List.of(opens).stream().anyMatch(open -> open.maybe().contains(memoryClass)) ? bytes : 0;
            }
        }
        double low = total == 0 ? 0 : 100.0 * (total - maybe) / total;
        double high = total == 0 ? 0 : 100.0 * (total - surely) / total;
        put(
                ExposureMetric.NEVER_MAPPED,
                total == 0 ? new CannotTell("no secrets are stated") : new Estimate(low, low, high),
                Basis.STATED_SIZES,
                (total - maybe) + " to " + (total - surely) + " of " + total + " bytes");
    }

    /** Whether code of this viewer beside this space counts. */
    private interface Seen {
        boolean counts(int space, Viewer viewer);
    }

    private void beside(ExposureMetric metric, Seen seen) {
        if (exposure.siblings() == Siblings.OFF) {
            put(metric, Estimate.exact(0), Basis.BY_DESIGN, "");
        } else if (exposure.knowsSiblings() && account.knownBesideNanos() > 0) {
            long low = 0;
            long high = 0;
            for (int space = 0; space < exposure.spaces(); space++) {
                for (Viewer viewer : Viewer.values()) {
                    long nanos = account.besideNanos(space, viewer);
                    low += seen.counts(reach.least(space), viewer) ? nanos : 0;
                    high += seen.counts(reach.most(space), viewer) ? nanos : 0;
                }
            }
            put(metric, low, high, account.knownBesideNanos(), "");
        } else {
            long high = 0;
            for (int space = 0; space < exposure.spaces(); space++) {
                high += seenByWorst(space, seen);
            }
            long most = high;
            put(
                    metric,
                    timed(all, () -> new Estimate(100.0 * most / all, 0, 100.0 * most / all)),
                    Basis.ASSUMED_SIBLING,
                    "0 to " + most + " of " + all + " ns");
        }
    }

    /** Time in a space beside a sibling that always runs user code which this strategy allows there. */
    private long seenByWorst(int space, Seen seen) {
        Siblings siblings = exposure.siblings();
        boolean isOneTenant = siblings == Siblings.ONE_TENANT || siblings == Siblings.ONE_TENANT_OUT_OF_KERNEL;
        if (!seen.counts(reach.most(space), isOneTenant ? Viewer.OWNER : Viewer.OTHER)
                || siblings == Siblings.STUNNED && exposure.isFull(space)) {
            return 0;
        }
        long kernel = siblings == Siblings.ONE_TENANT_OUT_OF_KERNEL ? 0 : account.nanos(Mode.KERNEL, space);
        return kernel + account.nanos(Mode.USER, space) + account.nanos(Mode.GUEST, space);
    }

    // ---- figures -------------------------------------------------------------------------------------

    private interface Nanos {
        long in(int space);
    }

    private void share(ExposureMetric metric, Nanos nanos, IntPredicate counts, long whole, String none) {
        long low = 0;
        long high = 0;
        for (int space = 0; space < exposure.spaces(); space++) {
            low += counts.test(reach.least(space)) ? nanos.in(space) : 0;
            high += counts.test(reach.most(space)) ? nanos.in(space) : 0;
        }
        put(metric, low, high, whole, none);
    }

    /** A share with bounds; the value is the upper one, since a touch early in a stretch cannot be ruled out. */
    private void put(ExposureMetric metric, long low, long high, long whole, String none) {
        Figure figure = whole == 0 && noTime.isEmpty()
                ? new CannotTell(none)
                : timed(
                        whole,
                        () -> new Estimate(
                                100.0 * high / whole, 100.0 * Math.min(low, high) / whole, 100.0 * high / whole));
        put(
                metric,
                figure,
                low == high ? Basis.MEASURED : Basis.BOUNDS,
                (low == high ? "" : low + " to ") + high + " of " + whole + " ns");
    }

    private interface Told {
        Figure figure();
    }

    private Figure timed(long whole, Told told) {
        return !noTime.isEmpty()
                ? new CannotTell(noTime)
                : whole == 0 ? new CannotTell("the workload never ran there") : told.figure();
    }

    private void count(ExposureMetric metric, long count) {
        put(metric, Estimate.exact(count), Basis.MEASURED, "");
    }

    private void put(ExposureMetric metric, Figure figure, Basis basis, String from) {
        figures.put(
                metric,
                figure instanceof CannotTell
                        ? new Exposed(figure, metric.unit(), Basis.NOTHING, "")
                        : new Exposed(figure, metric.unit(), basis, from));
    }
}
