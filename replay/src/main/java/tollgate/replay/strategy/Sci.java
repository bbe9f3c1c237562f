package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.FLUSH;
import static tollgate.replay.Act.Flush.KEEP;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.SWITCHED;
import static tollgate.replay.Crossing.USER_ENTRY;
import static tollgate.replay.Crossing.USER_RETURN;
import static tollgate.replay.MemoryClass.ENTRY;
import static tollgate.replay.MemoryClass.U_CUR;
import static tollgate.replay.Strategy.KERNEL;
import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.load;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Region;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.Strategy.Owner;
import tollgate.replay.SyscallSet;
import tollgate.replay.View;

/**
 * System call isolation: a call runs on a page table that maps next to nothing of the kernel; each page it
 * touches for the first time faults, is inspected and mapped, 4 KiB at a time, for the rest of the call.
 *
 * <pre>
 *   syscall entry          256 user PGD entries copied, CR3 of the call's table, flushing
 *   touch of an unmapped page   page fault, CR3 of the kernel and back, both flushing; one PTE; a verdict if it is code
 *   interrupt inside       the same two CR3 writes around it
 *   switched out, in       left, and entered again with the pages mapped so far
 *   syscall exit           CR3 of the kernel, flushing; every PTE mapped during the call is cleared
 * </pre>
 *
 * <p>Source: RFC "x86: introduce system calls address space isolation", M. Rapoport, 25 April 2019, 7 patches. Every
 * CR3 write in it lacks the no-flush bit; {@code noflush} sets it. A call that needs more than 256 pages, or 64 of
 * code, dies in the posting: here the limits are lifted. No code address is refused: a recording has no symbols. The
 * task's kernel stack is mapped on demand here, where the posting maps it at once.
 */
@AutoService(Blueprint.class)
public final class Sci implements Blueprint {
    /** The PCID of the call's table is the kernel's with bit 10, just below KPTI's. */
    private static final int SCI_PCID = 1 << 10;

    @Override
    public String name() {
        return "sci";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofSwitch(
                        "noflush", false, "keep TLB entries at its CR3 writes", "the posting flushes at each"),
                Parameter.ofSwitch("keep", false, "keep a task's mappings across its calls", "D. Hansen's objection"));
    }

    @Override
    public Strategy build(Settings settings) {
        Act.Flush flush = settings.isOn("noflush") ? KEEP : FLUSH;
        View kernel = View.everything().global(ENTRY);
        View nearlyEmpty =
                View.of(U_CUR, ENTRY).global(ENTRY).leaf(Region.IMAGE, 0).restOnDemand();
        List<Act> onData = List.of(
                charge(Operation.FAULT),
                load(KERNEL, flush),
                charge(Operation.FAULT_HANDLER),
                new Act.MapTouched(),
                load("sci", flush));
        List<Act> onFetch = new ArrayList<>(onData);
        onFetch.add(2, charge(Operation.CODE_VERDICT));
        List<Act> atReturn = new ArrayList<>(List.of(load(KERNEL, flush)));
        if (!settings.isOn("keep")) {
            atReturn.add(new Act.UnmapTouched());
        }
        return Strategy.named(
                        name() + settings.suffix(),
                        "System call isolation: calls run on nearly empty tables; each first touch of a page faults.",
                        kernel)
                .space("sci", Owner.MM, nearlyEmpty, SCI_PCID, onData, onFetch)
                .on(
                        USER_ENTRY,
                        new Act.IfSyscall(
                                new SyscallSet(List.of()), List.of(charge(Operation.PGD_COPY), load("sci", flush))))
                .in("sci", USER_RETURN, atReturn.toArray(Act[]::new))
                .on(KERNEL_ENTRY, new Act.Suspend(flush))
                .on(KERNEL_RETURN, new Act.Resume(flush))
                .on(SWITCH, new Act.SaveForTask(flush))
                .on(SWITCHED, new Act.RestoreForTask(flush))
                .build();
    }
}
