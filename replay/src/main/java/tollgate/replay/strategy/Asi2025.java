package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.FLUSH;
import static tollgate.replay.Act.Flush.IF_STALE;
import static tollgate.replay.Crossing.FLUSH_LOCAL;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.SWITCHED;
import static tollgate.replay.Crossing.USER_ENTRY;
import static tollgate.replay.Crossing.USER_RETURN;
import static tollgate.replay.Crossing.VMM_RETURN;
import static tollgate.replay.Crossing.VM_ENTRY;
import static tollgate.replay.Crossing.VM_EXIT;
import static tollgate.replay.MemoryClass.*;
import static tollgate.replay.Strategy.GUEST_CONTROL;
import static tollgate.replay.Strategy.GUEST_DATA;
import static tollgate.replay.Strategy.KERNEL_DATA;
import static tollgate.replay.Strategy.OTHER_MM_CONTROL;
import static tollgate.replay.Strategy.OTHER_MM_DATA;
import static tollgate.replay.Strategy.USER_CONTROL;
import static tollgate.replay.Strategy.USER_DATA;
import static tollgate.replay.Strategy.charge;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.Strategy.Owner;
import tollgate.replay.Strategy.Taints;
import tollgate.replay.View;

/**
 * Generic address-space isolation of 2025: classes for guests and for user space, a deny-list of what is
 * sensitive, taints that say which buffers to flush, and a TLB flush at every transition. Replaces KPTI.
 *
 * <pre>
 *   syscall, fault, interrupt from user   relax (a syscall) or nest (the others): no CR3 write
 *   return to user, VM entry              asi_enter: free if never left; else branch flush if tainted, CR3, data flush if tainted
 *   VM exit                               lands restricted; relaxed
 *   touch of sensitive                    page fault, asi_exit: branch flush if tainted, CR3
 *   context switch, return to the VMM, full local TLB flush   asi_exit
 * </pre>
 *
 * <p>Source: RFC v2 "Address Space Isolation (ASI)", B. Jackman, 10 January 2025, 29 patches. Sensitive is what user
 * space and guests were given: their pages, the page cache. Slab, static data and per-CPU memory are not, so
 * other processes' kernel objects stay mapped. Quirks of the posting (KVM's taint set) default to what is intended.
 */
@AutoService(Blueprint.class)
public final class Asi2025 implements Blueprint {
    private static final int KVM_PCID = 1 << 9;
    private static final int USER_PCID = 2 << 9;

    @Override
    public String name() {
        return "asi-2025";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofSwitch("noflush", false, "keep TLB entries at transitions, as in 2022", "patch 20 flushes"),
                Parameter.ofSwitch(
                        "branch_flush", true, "IBPB and RSB fill where control taints demand it", "patch 21"),
                Parameter.ofSwitch(
                        "l1d_flush", false, "L1D flush where data taints demand it (L1TF parts)", "patch 21"),
                Parameter.ofSwitch(
                        "exit_on_same_mm",
                        true,
                        "leave at every context switch, not only at a change of mm",
                        "patch 3; the internal version does not"),
                Parameter.ofSwitch("user", true, "the userspace class, not only KVM's", "patch 25"));
    }

    @Override
    public Strategy build(Settings settings) {
        Act.Flush flush = settings.isOn("noflush") ? IF_STALE : FLUSH;
        boolean branches = settings.isOn("branch_flush");
        boolean data = settings.isOn("l1d_flush");
        View nonSensitive = View.everything()
                .without(U_CUR, U_OTH, G_CUR, G_OTH, PC_RD, PC_OTH, PM_FREE)
                .global(ENTRY);
        Act[] onTouch = {charge(Operation.FAULT), charge(Operation.FAULT_HANDLER), new Act.AsiExit()};
        Strategy.Builder asi = Strategy.named(
                        name() + settings.suffix(),
                        "Generic ASI of 2025: user space and guests on the non-sensitive part of the kernel; taints decide"
                                + " what is flushed.",
                        View.everything().global(ENTRY))
                .space(
                        "kvm",
                        Owner.MM,
                        nonSensitive,
                        KVM_PCID,
                        new Taints(
                                OTHER_MM_CONTROL,
                                KERNEL_DATA | OTHER_MM_DATA | USER_DATA,
                                GUEST_DATA | GUEST_CONTROL,
                                flush,
                                branches,
                                data),
                        onTouch)
                .space(
                        "userspace",
                        Owner.MM,
                        nonSensitive.and(U_CUR),
                        USER_PCID,
                        new Taints(
                                GUEST_CONTROL | OTHER_MM_CONTROL,
                                KERNEL_DATA | OTHER_MM_DATA,
                                USER_CONTROL | USER_DATA,
                                flush,
                                branches,
                                data),
                        onTouch)
                .on(VM_ENTRY, new Act.AsiEnter("kvm"))
                .on(VM_EXIT, new Act.AsiRelax())
                .on(VMM_RETURN, new Act.AsiExit())
                .on(SWITCH, new Act.AsiExit())
                .on(SWITCHED, new Act.TaintOtherMm())
                .on(FLUSH_LOCAL, new Act.AsiExit())
                .on(KERNEL_ENTRY, new Act.AsiInterrupt())
                .on(KERNEL_RETURN, new Act.AsiInterruptReturn());
        if (settings.isOn("user")) {
            asi.on(USER_ENTRY, new Act.AsiRelax()).on(USER_RETURN, new Act.AsiEnter("userspace"));
        }
        return asi.build();
    }
}
