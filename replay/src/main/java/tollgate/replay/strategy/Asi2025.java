package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.FLUSH;
import static tollgate.replay.Act.Flush.IF_STALE;
import static tollgate.replay.Crossing.EXEC;
import static tollgate.replay.Crossing.FLUSH_LOCAL;
import static tollgate.replay.Crossing.FLUSH_RECEIVE;
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
import static tollgate.replay.Strategy.ALL_DATA;
import static tollgate.replay.Strategy.GUEST_CONTROL;
import static tollgate.replay.Strategy.GUEST_DATA;
import static tollgate.replay.Strategy.KERNEL_DATA;
import static tollgate.replay.Strategy.OTHER_MM_CONTROL;
import static tollgate.replay.Strategy.OTHER_MM_DATA;
import static tollgate.replay.Strategy.USER_CONTROL;
import static tollgate.replay.Strategy.USER_DATA;
import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.whenCause;

import com.google.auto.service.AutoService;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Cause.Family;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Region;
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
 *   context switch, execve, return to the VMM, full local TLB flush   asi_exit
 *   another mm                            what was left behind becomes another's: taints are folded
 * </pre>
 *
 * <p>Source: RFC v2 "Address Space Isolation (ASI)", B. Jackman, 10 January 2025, 29 patches. Sensitive is what user
 * space and guests were given: their pages, the page cache. The userspace class maps a task's memory at its user addresses, not in
 * the direct map, where a fault clears and copies pages. Slab, static data and per-CPU memory are not, so
 * other processes' kernel objects stay mapped. Quirks of the posting (KVM's taint set) default to what is intended. Left out:
 * blocks of 2 MiB that change between sensitive and not (page allocator RFC of March 2025), with a shootdown each.
 */
@AutoService(Blueprint.class)
public final class Asi2025 implements Blueprint {
    private static final int KVM_PCID = 1 << 9;
    private static final int USER_PCID = 2 << 9;
    private static final List<Family> NOT_SYSCALL = List.copyOf(EnumSet.complementOf(EnumSet.of(Family.SYSCALL)));

    @Override
    public String name() {
        return "asi-2025";
    }

    @Override
    public String origin() {
        return "RFC v2 \"Address Space Isolation (ASI)\", B. Jackman (Google), 10 January 2025, 29 patches, after the RFC of July"
                + " 2024; ephemeral mappings from \"First steps for ASI\", August 2025. Read in bjackman/linux arch/x86/mm/asi.c.";
    }

    @Override
    public String criticism() {
        return "Its own cover letter: 70 % less throughput for 4 KiB FIO reads, since every read of the page cache leaves. D."
                + " Hansen: code that does nothing functional is not merged, and native workloads need a line of sight. No"
                + " story for configuring mitigations. Leaving at every context switch, even within a process, and returning"
                + " to the VMM through the full space are limits of the posting that Google's internal version does not have.";
    }

    @Override
    public String protects() {
        return "Speculation never reaches user, guest and page-cache memory from the restricted space; slab, static and"
                + " per-CPU data stay mapped, other processes' kernel objects and keys among them. A leave flushes branch"
                + " state if someone untrusted ran, an enter flushes data: covers attackers before and after on the same"
                + " thread. Siblings need core scheduling and a stun that was not posted; VERW is outside the model. Replaces"
                + " KPTI, giving up KASLR on CPUs with Meltdown. Nothing against software bugs.";
    }

    @Override
    public Set<String> replaces() {
        return Set.of("kpti");
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
                Parameter.ofSwitch("user", true, "the userspace class, not only KVM's", "patch 25"),
                Parameter.ofSwitch(
                        "kvm_to_user",
                        false,
                        "from KVM to user space without leaving in between",
                        "cover letter: the internal version"),
                Parameter.ofWord(
                        "page_cache",
                        List.of("exit", "ephmap"),
                        "touching the page cache leaves, or maps the page briefly",
                        "RFC v2; August 2025"),
                Parameter.ofSwitch(
                        "protect_user_data",
                        true,
                        "flush the VMM's data before its guest runs",
                        "patch 21: should be configurable"),
                Parameter.ofSwitch(
                        "kvm_set_quirk",
                        false,
                        "as posted, a guest leaves branch state behind but no data",
                        "patch 21"),
                Parameter.ofSwitch(
                        "data_mask_quirk",
                        false,
                        "as posted, guests' data do not count as data",
                        "arch/x86/include/asm/asi.h"));
    }

    @Override
    public Strategy build(Settings settings) {
        Act.Flush flush = settings.isOn("noflush") ? IF_STALE : FLUSH;
        boolean branches = settings.isOn("branch_flush");
        boolean l1d = settings.isOn("l1d_flush");
        int data = settings.isOn("data_mask_quirk") ? ALL_DATA & ~GUEST_DATA : ALL_DATA;
        int protect = KERNEL_DATA | OTHER_MM_DATA;
        Taints kvm = new Taints(
                OTHER_MM_CONTROL,
                settings.isOn("protect_user_data") ? protect | USER_DATA : protect,
                settings.isOn("kvm_set_quirk") ? GUEST_CONTROL : GUEST_DATA | GUEST_CONTROL,
                flush,
                branches,
                l1d,
                data);
        Taints userspace = new Taints(
                GUEST_CONTROL | OTHER_MM_CONTROL, protect, USER_CONTROL | USER_DATA, flush, branches, l1d, data);
        View nonSensitive = View.everything()
                .without(U_CUR, U_OTH, G_CUR, G_OTH, PC_RD, PC_OTH, PM_FREE)
                .global(ENTRY);
        List<Act> leave = List.of(charge(Operation.FAULT), charge(Operation.FAULT_HANDLER), new Act.AsiExit());
        List<Act> mapBriefly = List.of(charge(Operation.PTE_WRITE), charge(Operation.INVLPG), new Act.MapBriefly());
        Act[] onTouch = settings.word("page_cache").equals("exit")
                ? leave.toArray(Act[]::new)
                : new Act[] {new Act.IfTouched(Set.of(PC_RD, PC_OTH), mapBriefly, leave)};
        Act exit = new Act.AsiExit();
        Act exitIfAll = new Act.IfFullFlush(List.of(exit));
        Strategy.Builder asi = Strategy.named(
                        name() + settings.suffix(),
                        "Generic ASI of 2025: user space and guests on the non-sensitive part of the kernel; taints decide"
                                + " what is flushed.",
                        View.everything().global(ENTRY))
                .space("kvm", Owner.MM, nonSensitive, KVM_PCID, kvm, onTouch)
                .space("userspace", Owner.MM, nonSensitive.andPart(U_CUR, Region.USER), USER_PCID, userspace, onTouch)
                .on(VM_ENTRY, new Act.AsiEnter("kvm"))
                .on(VM_EXIT, new Act.AsiRelax())
                .on(SWITCH, settings.isOn("exit_on_same_mm") ? exit : new Act.IfMmChanges(List.of(exit)))
                .on(SWITCHED, new Act.IfMmChanges(List.of(new Act.TaintOtherMm(data))))
                .on(EXEC, exit)
                .on(FLUSH_LOCAL, exitIfAll)
                .on(FLUSH_RECEIVE, exitIfAll)
                .on(KERNEL_ENTRY, new Act.AsiInterrupt())
                .on(KERNEL_RETURN, new Act.AsiInterruptReturn());
        if (!settings.isOn("kvm_to_user")) {
            asi.on(VMM_RETURN, exit);
        }
        if (settings.isOn("user")) { // the return of an interrupt of user mode enters the same target as a syscall's
            asi.on(USER_ENTRY, whenCause(List.of(Family.SYSCALL), new Act.AsiRelax()))
                    .on(USER_ENTRY, whenCause(NOT_SYSCALL, new Act.AsiInterrupt()))
                    .on(USER_RETURN, new Act.AsiEnter("userspace"));
        }
        return asi.build();
    }
}
