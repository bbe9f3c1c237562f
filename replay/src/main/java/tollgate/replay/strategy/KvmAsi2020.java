package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.AS_ENTERED;
import static tollgate.replay.Act.Flush.IF_STALE;
import static tollgate.replay.Act.Flush.KEEP;
import static tollgate.replay.Crossing.GUEST_FAULT;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.SWITCH;
import static tollgate.replay.Crossing.SWITCHED;
import static tollgate.replay.Crossing.VMM_RETURN;
import static tollgate.replay.Crossing.VM_ENTRY;
import static tollgate.replay.Crossing.VM_EXIT;
import static tollgate.replay.MemoryClass.ENTRY;
import static tollgate.replay.MemoryClass.K_DATA;
import static tollgate.replay.MemoryClass.K_MOD;
import static tollgate.replay.MemoryClass.K_TASK_CUR;
import static tollgate.replay.MemoryClass.K_TEXT;
import static tollgate.replay.MemoryClass.K_VM_CUR;
import static tollgate.replay.MemoryClass.K_VM_OTH;
import static tollgate.replay.MemoryClass.PERCPU;
import static tollgate.replay.Strategy.KERNEL;
import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.load;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.MemoryClass;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.Strategy.Owner;
import tollgate.replay.View;

/**
 * KVM ASI on the sessions of 2020: isolation is a CR3 swap of its own, not a switch of mm, and an interrupt
 * only interrupts it.
 *
 * <pre>
 *   before VM entry        asi_enter: if not in it, CR3; flushed only if this ASID's slot holds another space
 *   VM exit                lands in it, no operation
 *   guest page fault, return to the VMM
 *                          asi_exit: CR3 of the kernel, entries kept
 *   touch of unmapped      fault_abort: page fault, session over, retried on the full table
 *   interrupt, exception   depth 1: CR3 of the kernel; last return: CR3 of the session; an NMI reads CR3 too
 *   switched out, in       CR3 of the kernel, session saved; entered again at once, or when its interrupt returns
 * </pre>
 *
 * <p>Source: rppt/linux arch/x86/mm/asi.c (the v4 generation, May 2020) for the sessions; KVM itself was promised
 * on top and not posted, so that where to enter and leave, and what to map, is the first posting's (May 2019).
 */
@AutoService(Blueprint.class)
public final class KvmAsi2020 implements Blueprint {
    /** ASI PCIDs are a type prefix, shifted by 4, or-ed to the kernel's PCID; 0x81 is the next after user's 0x80. */
    private static final int PCID_PREFIX = 0x81 << 4;

    @Override
    public String name() {
        return "kvm-asi-2020";
    }

    @Override
    public String origin() {
        return "RFC \"Kernel Address Space Isolation\" v3 (February 2020) and v4 (May 2020), A. Chartre (Oracle), 7 patches;"
                + " read in rppt/linux arch/x86/mm/asi.c. KVM on top was promised, not posted: where it enters and leaves,"
                + " and what it maps, is here the posting of May 2019.";
    }

    @Override
    public String criticism() {
        return "T. Gleixner wanted one concept shared with PTI, and the use cases first; v3 did rebuild PTI as an ASI. D."
                + " Hansen: entry macros touch per-CPU data that is not mapped. In 2022 the author himself doubted that it is"
                + " worth its complexity on dedicated cores or under core scheduling.";
    }

    @Override
    public String protects() {
        return "As kvm-asi, with other VMs' structures unmapped too where each VM has its own space. Every interrupt of a"
                + " restricted handler opens a short window on the full table, in which the sibling would have to be kept"
                + " out; it closes when the session resumes.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofSwitch("per_vm", true, "an address space for each VM instead of one for all", "ASI v3/v4"),
                Parameter.ofSwitch(
                        "resume",
                        true,
                        "go on with the session after an interrupt instead of staying out, as v2 did",
                        "ASI v3/v4"),
                Parameter.ofSwitch(
                        "stale_cr3",
                        false,
                        "quirk: resuming writes the CR3 of the enter, which flushes again if that did",
                        "isolation_cr3 in arch/x86/mm/asi.c"),
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
        View restricted = View.of(K_TEXT, K_MOD, K_DATA, PERCPU, ENTRY, K_TASK_CUR, K_VM_CUR)
                .global(inBoth);
        Act[] onTouch = {charge(Operation.FAULT), charge(Operation.FAULT_HANDLER), new Act.Leave(KEEP)};
        Act readCr3 = new Act.IfNmi(List.of(charge(Operation.CR3_READ)), List.of());
        Strategy.Builder asi = Strategy.named(
                        name() + settings.suffix(),
                        "KVM ASI of 2020: sessions with their own CR3 that interrupts suspend and resume.",
                        View.everything().global(inBoth))
                .space(
                        "kvm",
                        perVm ? Owner.VM : Owner.ALL,
                        perVm ? restricted : restricted.and(K_VM_OTH),
                        PCID_PREFIX,
                        onTouch)
                .on(VM_ENTRY, load("kvm", IF_STALE))
                .on(GUEST_FAULT, new Act.Leave(KEEP))
                .on(VMM_RETURN, new Act.Leave(KEEP))
                .on(SWITCH, new Act.SaveForTask(KEEP))
                .on(SWITCHED, new Act.RestoreForTask(IF_STALE));
        if (settings.number("leave_rate") > 0) {
            asi.in("kvm", VM_EXIT, new Act.AtRate(settings.number("leave_rate"), List.of(onTouch)));
        }
        if (!settings.isOn("resume")) {
            return asi.on(KERNEL_ENTRY, new Act.Leave(KEEP)).build();
        }
        return asi.on(KERNEL_ENTRY, readCr3, new Act.Suspend(KERNEL, KEEP))
                .on(KERNEL_RETURN, new Act.Resume(settings.isOn("stale_cr3") ? AS_ENTERED : KEEP))
                .build();
    }
}
