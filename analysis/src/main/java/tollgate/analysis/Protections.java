package tollgate.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Protection.Opened;
import tollgate.analysis.Protection.Slices;
import tollgate.replay.Lane;
import tollgate.replay.MemoryClass;
import tollgate.replay.exposure.Course;
import tollgate.replay.exposure.Exposure;
import tollgate.replay.exposure.Opening;
import tollgate.replay.exposure.Tenants;
import tollgate.replay.exposure.Windows;

/** Reads {@link Protection}s off the lanes of one replay. */
final class Protections {
    /** Neighbouring slices are joined until there are no more: they are drawn some points wide. */
    private static final int SLICES = 64;

    private final AttackMatrix matrix;
    private final MemorySizes sizes;
    private final String noTime;

    /**
     * @param baseline no isolation
     * @param noTime why the recording's times cannot be used, or empty
     */
    Protections(Lane baseline, MemorySizes sizes, String noTime) {
        matrix = new AttackMatrix(baseline, sizes, noTime);
        this.sizes = sizes;
        this.noTime = noTime;
    }

    Protection of(Lane lane) {
        Exposure exposure = lane.exposure();
        return new Protection(
                matrix.of(lane),
                windows(exposure.workload().windows()),
                slices(exposure.workload().course()),
                tenants(lane));
    }

    private List<Opened> windows(Windows windows) {
        List<Integer> openings = new ArrayList<>();
        for (int opening = 0; opening < Opening.count(); opening++) {
            if (windows.count(opening) > 0) {
                openings.add(opening);
            }
        }
        openings.sort(Comparator.comparingLong(
                        (Integer opening) -> noTime.isEmpty() ? windows.nanos(opening) : windows.count(opening))
                .reversed()
                .thenComparing(Opening::name));
        return openings.stream()
                .map(opening -> new Opened(
                        Opening.name(opening),
                        windows.count(opening),
                        nanos(windows.nanos(opening)),
                        nanos(windows.percentile(opening, 50)),
                        nanos(windows.percentile(opening, 99)),
                        nanos(windows.longest(opening))))
                .toList();
    }

    private Figure nanos(long nanos) {
        return noTime.isEmpty() ? Estimate.exact(nanos) : new CannotTell(noTime);
    }

    private Slices slices(Course course) {
        if (!noTime.isEmpty()) {
            return Protection.NONE.course();
        }
        int join = (course.size() + SLICES - 1) / SLICES;
        List<Long> host = new ArrayList<>();
        List<Long> full = new ArrayList<>();
        for (int slice = 0; slice < course.size(); slice += join) {
            long hostNanos = 0;
            long fullNanos = 0;
            for (int i = slice; i < Math.min(slice + join, course.size()); i++) {
                hostNanos += course.hostNanos(i);
                fullNanos += course.fullNanos(i);
            }
            host.add(hostNanos);
            full.add(fullNanos);
        }
        return new Slices(course.width() * Math.max(1, join), host, full);
    }

    private List<Protection.Tenant> tenants(Lane lane) {
        Exposure exposure = lane.exposure();
        Reach reach = new Reach(lane.strategy(), exposure);
        List<Protection.Tenant> tenants = new ArrayList<>();
        for (Tenants.Row row : exposure.tenants().rows()) {
            if (!row.name().equals(Tenants.KERNEL)) {
                tenants.add(tenant(row, exposure, reach));
            }
        }
        return tenants;
    }

    private Protection.Tenant tenant(Tenants.Row row, Exposure exposure, Reach reach) {
        Open namespaces = mapped(MemoryClass.K_NS_OTH, row, exposure, reach);
        Open processes = mapped(MemoryClass.U_OTH, row, exposure, reach);
        return new Protection.Tenant(
                row.name(), share(namespaces), bytes(namespaces), share(processes), bytes(processes));
    }

    private Open mapped(MemoryClass memoryClass, Tenants.Row row, Exposure exposure, Reach reach) {
        long whole = 0;
        for (int space = 0; space < exposure.spaces(); space++) {
            whole += space == exposure.guestSpace() ? 0 : row.nanosBySpace()[space];
        }
        Open open = Open.time("its time", sizes, whole);
        for (int space = 0; space < exposure.spaces(); space++) {
            if (space != exposure.guestSpace()) {
                open.add(
                        row.nanosBySpace()[space],
                        reach.one(reach.least(space), memoryClass),
                        reach.one(reach.most(space), memoryClass));
            }
        }
        return open;
    }

    private Figure share(Open open) {
        return over(open, 100.0 * open.low(), 100.0 * open.high());
    }

    private Figure bytes(Open open) {
        return over(open, open.lowBytes(2), open.highBytes(2));
    }

    private Figure over(Open open, double low, double high) {
        return !noTime.isEmpty()
                ? new CannotTell(noTime)
                : open.whole() == 0
                        ? new CannotTell("no host time")
                        : new Estimate(high / open.whole(), Math.min(low, high) / open.whole(), high / open.whole());
    }
}
