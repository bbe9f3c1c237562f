package tollgate.replay.strategy;

import static tollgate.replay.Strategy.whenCause;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Cause.Family;
import tollgate.replay.Crossing;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Region;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.View;

/**
 * Exclusive page-frame ownership: a page given to user mode leaves the direct map and comes back when it is freed.
 *
 * <pre>
 *   page fault     for each page that user mode gets: entry cleared, all CPUs flush it; once freed, entry written
 *   system call    (accesses) for each user page reached through the direct map: mapped, unmapped, all CPUs flush it
 *   always         the direct map is split into 4 KiB pages
 * </pre>
 *
 * <p>Source: XPFO v7, J. Haefliger, T. Andersen, K. Aziz (January 2019), mm/xpfo.c, with its TLB flush on. Parametric: a recording
 * shows faults, and neither how many pages each takes from the kernel nor which calls reach user pages. CPUs that no event was
 * recorded of are not interrupted. Left out: deferred flushes, contention among CPUs that flush at once, page
 * allocations outside faults.
 */
@AutoService(Blueprint.class)
public final class Xpfo implements Blueprint {
    @Override
    public String name() {
        return "xpfo";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Kemerlis et al., \"ret2dir\" (USENIX Security 2014); XPFO v7, J. Haefliger, T. Andersen, K. Aziz, January 2019."
                + " Never merged.";
    }

    @Override
    public String criticism() {
        return "Its posting: 26 times the system time of a parallel build on 96 cores, 2.6 times on 4, with flushes at once; 1.33"
                + " times on 96 with deferred ones, which leave a window on other CPUs. Splits the direct map. A deny-list:"
                + " kernel objects stay mapped.";
    }

    @Override
    public String protects() {
        return "Stops ret2dir. User data is out of reach of speculation through the direct map, if the flush is not"
                + " deferred; its own process's stays mapped at user addresses. Nothing for kernel objects, Meltdown or"
                + " residue in buffers.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofNumber(
                        "pages",
                        1,
                        0,
                        512,
                        "pages that user mode gets from the kernel at a page fault",
                        "not in any recording: one if anonymous, none if in the page cache; sweep it"),
                Parameter.ofNumber(
                        "accesses",
                        0,
                        0,
                        512,
                        "user pages that a system call reaches through the direct map",
                        "not in any recording; sweep it"),
                Parameter.ofSwitch("split", true, "the direct map consists of 4 KiB pages", "mm/xpfo.c, set_kpte"));
    }

    @Override
    public Strategy build(Settings settings) {
        View kernel = View.everything().kernelGlobal();
        Strategy.Builder xpfo = Strategy.named(
                name() + settings.suffix(),
                "Pages of user mode are not in the kernel's direct map.",
                settings.isOn("split") ? kernel.leaf(Region.DIRECT, 0) : kernel);
        List<Act> moved = List.of(new Act.Charge(Operation.PTE_WRITE, 2), new Act.ShootKernelPage());
        double pages = settings.number("pages");
        if (pages > 0) {
            Act given = whenCause(List.of(Family.FAULT), new Act.AtRate(pages, moved));
            xpfo.on(Crossing.USER_ENTRY, given).on(Crossing.KERNEL_ENTRY, given);
        }
        double accesses = settings.number("accesses");
        if (accesses > 0) {
            xpfo.on(Crossing.USER_ENTRY, whenCause(List.of(Family.SYSCALL), new Act.AtRate(accesses, moved)));
        }
        return xpfo.build();
    }
}
