package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.ASID;
import static tollgate.replay.Crossing.GUEST_FAULT;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.VMM_RETURN;
import static tollgate.replay.Crossing.VM_ENTRY;
import static tollgate.replay.MemoryClass.ENTRY;
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
 *   before VM entry        if not in it: switch_mm(kvm_mm), one of the six ASIDs like any process's
 *   VM exit                lands in it, no operation
 *   guest page fault, sched-out, return to the VMM, interrupt
 *                          switch_mm(previous), L1D flush wanted
 *   touch of unmapped      page fault, switch_mm(previous), retried; out until the next VM entry
 * </pre>
 *
 * <p>Source: RFC "KVM Address Space Isolation", A. Chartre, L. Alon, 13 May 2019, patches 3, 4, 5, 7, 19-25.
 * One kvm_mm serves all VMs, so other VMs' structures stay mapped; static data and all per-CPU data too. Since
 * restricted views must not be undone by entries that survive CR3 writes, kernel memory that the view leaves
 * out is not global anywhere. Left out: the siblings' kick, which the posting leaves to do.
 */
@AutoService(Blueprint.class)
public final class KvmAsi implements Blueprint {
    @Override
    public String name() {
        return "kvm-asi";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.ofSwitch(
                "per_vm", false, "an address space for each VM instead of one for all", "RFC v1 has one for all"));
    }

    @Override
    public Strategy build(Settings settings) {
        boolean perVm = settings.isOn("per_vm");
        MemoryClass[] inBoth = {K_TEXT, K_DATA, PERCPU, ENTRY};
        View kernel = View.everything().global(inBoth);
        View restricted = View.of(K_TEXT, MemoryClass.K_MOD, K_DATA, PERCPU, ENTRY, K_TASK_CUR, K_VM_CUR)
                .global(inBoth);
        Act leave = load(KERNEL, ASID);
        Act dirty = raise("l1d");
        return Strategy.named(
                        name() + settings.suffix(),
                        "KVM ASI of 2019: guests and their exits run on a page table without secrets.",
                        kernel)
                .space(
                        "kvm",
                        perVm ? Owner.VM : Owner.ALL,
                        perVm ? restricted : restricted.and(K_VM_OTH),
                        0,
                        charge(Operation.FAULT),
                        charge(Operation.FAULT_HANDLER),
                        dirty,
                        leave)
                .on(VM_ENTRY, load("kvm", ASID))
                .in("kvm", GUEST_FAULT, dirty, leave)
                .in("kvm", SWITCH, dirty, leave)
                .in("kvm", VMM_RETURN, dirty, leave)
                .in("kvm", KERNEL_ENTRY, whenCause(List.of(Family.INTERRUPT), dirty, leave))
                .build();
    }
}
