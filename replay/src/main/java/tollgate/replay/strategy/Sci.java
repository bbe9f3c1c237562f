package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.FLUSH;
import static tollgate.replay.Act.Flush.KEEP;
import static tollgate.replay.Crossing.EXEC;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.SWITCHED;
import static tollgate.replay.Crossing.USER_ENTRY;
import static tollgate.replay.Crossing.USER_RETURN;
import static tollgate.replay.MemoryClass.ENTRY;
import static tollgate.replay.MemoryClass.K_TASK_CUR;
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
import tollgate.replay.View;

/**
 * System call isolation: a call runs on a page table that maps next to nothing of the kernel; each page it
 * touches for the first time faults, is inspected and mapped, 4 KiB at a time, for the rest of the call.
 *
 * <pre>
 *   syscall entry          the table built once a task; 256 user PGD entries copied, CR3 of the call's table, flushing
 *   touch of an unmapped page   page fault, CR3 of the kernel and back, both flushing; one PTE; a verdict if it is code
 *   interrupt inside       the same two CR3 writes around it
 *   switched out, in       left, and entered again with the pages mapped so far
 *   syscall exit           CR3 of the kernel, flushing; every PTE mapped during the call is cleared
 * </pre>
 *
 * <p>Source: RFC "x86: introduce system calls address space isolation", M. Rapoport, 25 April 2019, 7 patches. Every
 * CR3 write in it lacks the no-flush bit; {@code noflush} sets it. A call that needs more than 256 pages, or 64 of
 * code, dies in the posting: here the limits are lifted and such calls counted. No code address is refused: a
 * recording has no symbols. do_syscall_64's own page is mapped on demand here, where the posting maps it at once.
 */
@AutoService(Blueprint.class)
public final class Sci implements Blueprint {
    /** The PCID of the call's table is the kernel's with bit 10, just below KPTI's. */
    private static final int SCI_PCID = 1 << 10;

    /** SCI_MAX_PTES and SCI_MAX_RIPS of patch 2; do_syscall_64 is the first of the 64 code addresses. */
    private static final Act MAP_TOUCHED = new Act.MapTouched(256, 64 - 1);

    /** At a task's first call: its stack (16 KiB, 4 pages), cpu_sci and the page of do_syscall_64. The entry area is left out. */
    private static final Act BUILD_TABLE = new Act.Charge(Operation.PTE_WRITE, 6);

    @Override
    public String name() {
        return "sci";
    }

    @Override
    public String origin() {
        return "RFC \"x86: introduce system calls address space isolation\", M. Rapoport and J. Bottomley (IBM), 25 April 2019, 7"
                + " patches. In the posting no real call is opted in, and there are no measurements.";
    }

    @Override
    public String criticism() {
        return "A. Lutomirski: its one gain is that a return must go to something that has been faulted in, and a function"
                + " that fails early faults in its whole page; control-flow enforcement does it better. P. Zijlstra: this"
                + " cannot be fast. D. Hansen: mappings dropped after every call never warm up. I. Molnar: the CR3 cost of PTI"
                + " on CPUs that need none. A jump over a page inside a function kills a legitimate call. M. Rapoport: most of"
                + " the overhead is the CR3 switches, not the verification.";
    }

    @Override
    public String protects() {
        return "Makes code reuse harder: an attacker returns only into pages already mapped or to the starts of functions."
                + " Speculation reaches only what the call has touched, for it cannot take faults; but each fault and interrupt"
                + " runs on the full table. Any data touched is mapped unchecked: nothing against an arbitrary read, against"
                + " Meltdown (it needs KPTI), or against residue in buffers.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofCalls("calls", "system calls that run isolated", "the posting opts in dummies only"),
                Parameter.ofNumber(
                        "prefill",
                        0,
                        0,
                        1,
                        "share of the pages that are mapped in advance, without a fault",
                        "proposed by J. Bottomley"),
                Parameter.ofSwitch(
                        "noflush",
                        false,
                        "keep TLB entries at its CR3 writes; a call still begins flushed unless mappings are kept",
                        "the posting flushes at each"),
                Parameter.ofSwitch("keep", false, "keep a task's mappings across its calls", "D. Hansen's objection"));
    }

    @Override
    public Strategy build(Settings settings) {
        Act.Flush flush = settings.isOn("noflush") ? KEEP : FLUSH;
        boolean keeps = settings.isOn("keep");
        View nearlyEmpty = View.of(U_CUR, ENTRY)
                .andPart(K_TASK_CUR, Region.VMALLOC) // the kernel stack
                .global(ENTRY)
                .leaf(Region.IMAGE, 0)
                .restOnDemand();
        List<Act> onData = List.of(
                charge(Operation.FAULT),
                load(KERNEL, flush),
                charge(Operation.FAULT_HANDLER),
                MAP_TOUCHED,
                load("sci", flush));
        List<Act> onFetch = new ArrayList<>(onData);
        onFetch.add(2, charge(Operation.CODE_VERDICT));
        return Strategy.named(
                        name() + settings.suffix(),
                        "System call isolation: calls run on nearly empty tables; each first touch of a page faults.",
                        View.everything().global(ENTRY))
                .space(
                        "sci",
                        Owner.MM,
                        nearlyEmpty,
                        SCI_PCID,
                        unlessPreloaded(settings.number("prefill"), onData),
                        unlessPreloaded(settings.number("prefill"), onFetch))
                .on(
                        USER_ENTRY,
                        new Act.IfSyscall(
                                settings.calls("calls"),
                                List.of(
                                        new Act.OnceATask("table", List.of(BUILD_TABLE)),
                                        charge(Operation.PGD_COPY),
                                        load("sci", keeps ? flush : FLUSH))))
                .in("sci", USER_RETURN, load(KERNEL, flush), keeps ? new Act.KeepTouched() : new Act.UnmapTouched())
                .in("sci", KERNEL_ENTRY, new Act.IfNmi(List.of(charge(Operation.CR3_READ)), List.of()))
                .on(KERNEL_ENTRY, new Act.Suspend(KERNEL, flush))
                .on(KERNEL_RETURN, new Act.Resume(flush))
                .on(SWITCH, new Act.SaveForTask(flush))
                .on(EXEC, new Act.SaveForTask(flush))
                .on(SWITCHED, new Act.RestoreForTask(flush))
                .build();
    }

    private static List<Act> unlessPreloaded(double share, List<Act> onTouch) {
        return share == 0 ? onTouch : List.of(new Act.IfPreloaded(share, List.of(MAP_TOUCHED), onTouch));
    }
}
