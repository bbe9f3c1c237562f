package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.IF_STALE;
import static tollgate.replay.Crossing.EXEC;
import static tollgate.replay.Crossing.FLUSH_LOCAL;
import static tollgate.replay.Crossing.FLUSH_RECEIVE;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.VMM_RETURN;
import static tollgate.replay.Crossing.VM_ENTRY;
import static tollgate.replay.Crossing.VM_EXIT;
import static tollgate.replay.MemoryClass.*;
import static tollgate.replay.Strategy.ALL_DATA;
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
 *   full user flush        while restricted, INVPCID of the restricted tag; asi_exit where there is none
 * </pre>
 *
 * <p>Source: RFC "Address Space Isolation for KVM", J. Shahid, O. Weisse, 23 February 2022, 47 patches. Locally
 * non-sensitive memory (the process's own) is mapped for it alone. What is annotated as non-sensitive in the
 * posting is taken as text, static and per-CPU data, modules, struct page and the current task's and VM's structures. Left out:
 * that kernel unmaps interrupt only CPUs in a restricted space, and the batch that flushes pages freed with interrupts off.
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
    public String origin() {
        return "RFC \"Address Space Isolation for KVM\", J. Shahid and O. Weisse (Google), 23 February 2022, 47 patches.";
    }

    @Override
    public String criticism() {
        return "A. Chartre: better to leave before an interrupt than to pay a fault in each; the hooks are the wrong place to"
                + " stun siblings. T. Gleixner was not convinced that interrupts need hooks in non-instrumentable code. The"
                + " allow-list needs annotations all over the kernel, and an unrelated change can make performance fall off a"
                + " cliff: the later versions turned it into a deny-list.";
    }

    @Override
    public String protects() {
        return "While restricted, speculation reaches only what was annotated as non-sensitive and the process's own"
                + " memory. Narrows L1TF, MDS and Spectre from guest to host to the windows between a touch of something"
                + " sensitive and the next VM entry; across threads only with core scheduling and a stun that was not posted."
                + " Nothing for host processes, nothing against software bugs.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofSwitch(
                        "l1d_flush",
                        false,
                        "flush the L1D on entry after the kernel's data was touched",
                        "patch 46, post_enter hook"),
                Parameter.ofSwitch(
                        "local",
                        true,
                        "map what is non-sensitive for this process alone",
                        "locally non-sensitive memory"));
    }

    @Override
    public Strategy build(Settings settings) {
        View allowed = View.of(K_TEXT, K_MOD, K_DATA, PERCPU, ENTRY, VMEMMAP, VMALLOC);
        View restricted = settings.isOn("local") ? allowed.and(U_CUR, G_CUR, K_TASK_CUR, K_VM_CUR) : allowed;
        Taints policy =
                new Taints(0, ALL_DATA, Strategy.GUEST_DATA, IF_STALE, false, settings.isOn("l1d_flush"), ALL_DATA);
        Act dropUser = new Act.IfFullFlush(List.of(new Act.InvalidateSpace("kvm", List.of(new Act.AsiExit()))));
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
                .on(EXEC, new Act.AsiExit())
                .on(KERNEL_ENTRY, new Act.AsiInterrupt())
                .on(KERNEL_RETURN, new Act.AsiInterruptReturn())
                .in("kvm", FLUSH_LOCAL, dropUser)
                .in("kvm", FLUSH_RECEIVE, dropUser)
                .build();
    }
}
