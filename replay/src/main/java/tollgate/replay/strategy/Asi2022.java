package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.IF_STALE;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.VMM_RETURN;
import static tollgate.replay.Crossing.VM_ENTRY;
import static tollgate.replay.Crossing.VM_EXIT;
import static tollgate.replay.MemoryClass.*;
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
 * Google's generic address-space isolation as first posted: the kernel runs on a subset of its page table until
 * it touches something sensitive, and goes back to the subset before untrusted code runs. An allow-list; for
 * KVM only; PCIDs kept.
 *
 * <pre>
 *   before VM entry        asi_enter: nothing if still restricted; else CR3, flushed only if stale
 *   VM exit                lands restricted; relaxed
 *   touch of sensitive     page fault, asi_exit: CR3 of the kernel, entries kept
 *   interrupt, exception   runs restricted; the outermost return enters the target again
 *   scheduler, KVM_RUN returns   asi_exit
 * </pre>
 *
 * <p>Source: RFC "Address Space Isolation for KVM", J. Shahid, O. Weisse, 23 February 2022, 47 patches. Locally
 * non-sensitive memory (the process's own) is mapped for it alone. What is annotated as non-sensitive in the
 * posting is taken as text, static and per-CPU data, modules, struct page and the current task's and VM's structures.
 */
@AutoService(Blueprint.class)
public final class Asi2022 implements Blueprint {
    /** ASI PCIDs lie below KPTI's bit 11: class number in bits 9 and 10. */
    private static final int KVM_PCID = 1 << 9;

    @Override
    public String name() {
        return "asi-2022";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.ofSwitch(
                "l1d_flush",
                false,
                "flush the L1D on entry after the kernel's data was touched",
                "patch 46, post_enter hook"));
    }

    @Override
    public Strategy build(Settings settings) {
        View restricted =
                View.of(G_CUR, K_TEXT, K_MOD, K_DATA, PERCPU, K_TASK_CUR, K_VM_CUR, ENTRY, VMEMMAP, VMALLOC, U_CUR);
        Taints policy =
                new Taints(0, Strategy.ALL_DATA, Strategy.GUEST_DATA, IF_STALE, false, settings.isOn("l1d_flush"));
        return Strategy.named(
                        name() + settings.suffix(),
                        "Generic ASI of 2022: restricted until it touches what is not on the allow-list; KVM only.",
                        View.everything().global(ENTRY))
                .space(
                        "kvm",
                        Owner.MM,
                        restricted.global(ENTRY),
                        KVM_PCID,
                        policy,
                        charge(Operation.FAULT),
                        charge(Operation.FAULT_HANDLER),
                        new Act.AsiExit())
                .on(VM_ENTRY, new Act.AsiEnter("kvm"))
                .on(VM_EXIT, new Act.AsiRelax())
                .on(VMM_RETURN, new Act.AsiExit())
                .on(SWITCH, new Act.AsiExit())
                .on(KERNEL_ENTRY, new Act.AsiInterrupt())
                .on(KERNEL_RETURN, new Act.AsiInterruptReturn())
                .build();
    }
}
