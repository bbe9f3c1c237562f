package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.ASID;
import static tollgate.replay.Crossing.GUEST_FAULT;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.VMM_RETURN;
import static tollgate.replay.Crossing.VM_ENTRY;
import static tollgate.replay.Crossing.VM_EXIT;
import static tollgate.replay.MemoryClass.ENTRY;
import static tollgate.replay.MemoryClass.G_CUR;
import static tollgate.replay.MemoryClass.K_DATA;
import static tollgate.replay.MemoryClass.K_TASK_CUR;
import static tollgate.replay.MemoryClass.K_TEXT;
import static tollgate.replay.MemoryClass.K_VM_CUR;
import static tollgate.replay.MemoryClass.K_VM_OTH;
import static tollgate.replay.MemoryClass.PERCPU;
import static tollgate.replay.Strategy.KERNEL;
import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.load;
import static tollgate.replay.Strategy.raise;
import static tollgate.replay.Strategy.whenCause;
import static tollgate.replay.Strategy.whenRaised;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Cause.Family;
import tollgate.replay.MemoryClass;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.Strategy.Owner;
import tollgate.replay.View;

/**
 * KVM address-space isolation as first posted: guests run, and most exits are served, on a page table
 * without secrets; it is left where the handler must, and entered again before the next VM entry.
 *
 * <pre>
 *   before VM entry        if not in it: switch_mm(kvm_mm), one of the six ASIDs like any process's; L1D flush if wanted
 *   VM exit                lands in it, no operation
 *   guest page fault, sched-out, return to the VMM, interrupt
 *                          switch_mm(previous), L1D flush wanted
 *   touch of unmapped      page fault, switch_mm(previous), retried; out until the next VM entry
 *   NMI                    nothing: its handler faults if it touches what is not mapped
 * </pre>
 *
 * <p>Source: RFC "KVM Address Space Isolation", A. Chartre, L. Alon, 13 May 2019, patches 3, 4, 5, 7, 19-25.
 * One kvm_mm serves all VMs, so other VMs' structures stay mapped; static data and all per-CPU data too. Since
 * restricted views must not be undone by entries that survive CR3 writes, kernel memory that the view leaves
 * out is not global anywhere. Left out: the siblings' kick, which the posting leaves to do.
 */
@AutoService(Blueprint.class)
public final class KvmAsi implements Blueprint {
    /**
     * At a task's first entry its task_struct (9.5 KiB, 3 pages), stack (16 KiB, 4), mm_struct (1) and PGD (1) are mapped
     * (patch 23). Sizes of Linux 6.1 on x86-64; an estimate for that of 2019.
     */
    private static final Act MAP_TASK = new Act.Charge(Operation.PTE_WRITE, 9);

    @Override
    public String name() {
        return "kvm-asi";
    }

    @Override
    public String origin() {
        return "RFC \"KVM Address Space Isolation\", A. Chartre and L. Alon (Oracle), 13 May 2019, 27 patches; v2 of July 2019"
                + " drops the mm and swaps CR3 instead. Never merged, no measurements posted.";
    }

    @Override
    public String criticism() {
        return "A. Lutomirski: a page fault that returns with another CR3 than it came with should be an oops, and a fault"
                + " that simply leaves helps against side channels but not against software bugs. Hooks at interrupts miss"
                + " NMIs, machine checks and asynchronous page faults. T. Gleixner: the same concept as PTI, so no parallel"
                + " implementation. P. Zijlstra: exposing part of the kernel to MDS but not to Meltdown makes no sense."
                + " Kicking the sibling, on which the protection across threads rests, is a to-do in the posting.";
    }

    @Override
    public String protects() {
        return "While restricted, speculation in an exit handler reaches only what is mapped: no guest memory, no user"
                + " memory, no other task. Narrows L1TF, MDS and Spectre from guest to host to the windows between a leave and"
                + " the next VM entry; across threads only with the sibling kept out, which is not charged here. Static data"
                + " and all per-CPU data stay mapped, with one space for all VMs other VMs' structures too. Nothing against"
                + " Meltdown, attacks of host processes, or software bugs.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofSwitch(
                        "per_vm",
                        false,
                        "an address space for each VM instead of one for all",
                        "RFC v1 has one for all"),
                Parameter.ofWord(
                        "l1d_flush",
                        List.of("never", "cond", "always"),
                        "L1D flush before a VM entry: cond after a leave only (CPUs with L1TF)",
                        "patches 3 and 5 raise KVM's l1tf_flush_l1d"),
                Parameter.ofSwitch("map_guest", false, "map the guest's own memory", "discussed, not posted"),
                Parameter.ofNumber(
                        "leave_rate",
                        0,
                        0,
                        1,
                        "share of exits that leave though neither the recording nor a footprint says so",
                        "nothing known; sweep it"));
    }

    @Override
    public Strategy build(Settings settings) {
        boolean perVm = settings.isOn("per_vm");
        MemoryClass[] inBoth = {K_TEXT, K_DATA, PERCPU, ENTRY};
        View restricted = View.of(K_TEXT, MemoryClass.K_MOD, K_DATA, PERCPU, ENTRY, K_TASK_CUR, K_VM_CUR)
                .global(inBoth);
        restricted = perVm ? restricted : restricted.and(K_VM_OTH);
        Act leave = load(KERNEL, ASID);
        Act dirty = raise(L1dFlush.WANTED);
        Act[] flush = {charge(Operation.L1D_FLUSH), raise(Verw.CLEARED)};
        Act[] onTouch = {charge(Operation.FAULT), charge(Operation.FAULT_HANDLER), dirty, leave};
        Strategy.Builder asi = Strategy.named(
                        name() + settings.suffix(),
                        "KVM ASI of 2019: guests and their exits run on a page table without secrets.",
                        View.everything().global(inBoth))
                .space(
                        "kvm",
                        perVm ? Owner.VM : Owner.ALL,
                        settings.isOn("map_guest") ? restricted.and(G_CUR) : restricted,
                        0,
                        onTouch)
                .on(VM_ENTRY, new Act.OnceATask("mapped", List.of(MAP_TASK)), load("kvm", ASID))
                .in("kvm", GUEST_FAULT, dirty, leave)
                .in("kvm", SWITCH, dirty, leave)
                .in("kvm", VMM_RETURN, dirty, leave)
                .in(
                        "kvm",
                        KERNEL_ENTRY,
                        new Act.IfNmi(List.of(), List.of(whenCause(List.of(Family.INTERRUPT), dirty, leave))));
        if (settings.number("leave_rate") > 0) {
            asi.in("kvm", VM_EXIT, new Act.AtRate(settings.number("leave_rate"), List.of(onTouch)));
        }
        return switch (settings.word("l1d_flush")) {
            case "cond" -> asi.on(VM_ENTRY, whenRaised(L1dFlush.WANTED, flush)).build();
            case "always" -> asi.on(VM_ENTRY, flush).build();
            default -> asi.build();
        };
    }
}
