package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.IF_PENDING;
import static tollgate.replay.Act.Flush.KEEP;
import static tollgate.replay.Crossing.KERNEL_ENTRY;
import static tollgate.replay.Crossing.KERNEL_RETURN;
import static tollgate.replay.Crossing.USER_ENTRY;
import static tollgate.replay.Crossing.USER_RETURN;
import static tollgate.replay.MemoryClass.ENTRY;
import static tollgate.replay.MemoryClass.K_TEXT;
import static tollgate.replay.MemoryClass.U_CUR;
import static tollgate.replay.Strategy.KERNEL;
import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.load;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act.IfNmi;
import tollgate.replay.Blueprint;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Region;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.Strategy.Owner;
import tollgate.replay.View;

/**
 * Kernel page-table isolation: user mode runs on a second page table that maps no more of the kernel than
 * an entry needs. Two CR3 writes a crossing from and to user mode; interrupts of the kernel cost nothing.
 *
 * <pre>
 *   entry from user    read CR3, clear bits 11 and 12, write it, entries kept
 *   return to user     read CR3, set both bits, write it; the user PCID is flushed if that was deferred for this ASID
 *   kernel to kernel   nothing, but an NMI reads CR3 and writes it back, unchanged
 *   mm switch, flush   the user PCID's flush is deferred to the next return; single pages by INVPCID where there is one
 *   kernel flush       other ASIDs are flushed at their next use: kernel memory is no longer global
 * </pre>
 *
 * <p>What both tables map (entry text, cpu_entry_area) stays global, all other kernel memory loses its
 * global bit. Without PCID every CR3 write drops all that is not global, and with {@code pti=auto} the kernel
 * text is then mapped, global, in the user table too.
 *
 * <p>Source: arch/x86/entry/calling.h, arch/x86/mm/pti.c, arch/x86/mm/tlb.c, Documentation/arch/x86/pti.rst.
 * Left out: NMIs that hit the entry code itself, on the user table.
 */
@AutoService(Blueprint.class)
public final class Kpti implements Blueprint {
    /** X86_CR3_PTI_PCID_USER_BIT: the user PCID is the kernel's with bit 11. */
    private static final int USER_PCID = 1 << 11;

    @Override
    public String name() {
        return "kpti";
    }

    @Override
    public String origin() {
        return "Mainline Linux since 4.15 (January 2018): arch/x86/entry/calling.h, arch/x86/mm/pti.c, arch/x86/mm/tlb.c,"
                + " Documentation/arch/x86/pti.rst.";
    }

    @Override
    public String criticism() {
        return "I. Molnar called its CR3 switching a bad dream whose cost no AMD CPU should have to bear. The kernel's own"
                + " documentation puts a CR3 write at about a hundred cycles, the loss of global pages below 1 %, and"
                + " warns that the TSS and cpu_entry_area, which stay mapped, still allow some timing attacks on KASLR.";
    }

    @Override
    public String protects() {
        return "Stops Meltdown for all kernel memory but the entry code and cpu_entry_area: while user code runs nothing"
                + " else of the kernel is mapped. While the kernel runs everything is: nothing against L1TF, MDS, the"
                + " Spectre family in the kernel, code reuse, or leaks between namespaces.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofSwitch("pcid", true, "use PCID where the CPU has it", "nopcid boot parameter"),
                Parameter.ofSwitch(
                        "invpcid",
                        true,
                        "flush single user pages by INVPCID where the CPU has it, instead of the whole user PCID later",
                        "arch/x86/mm/tlb.c, flush_tlb_one_user"),
                Parameter.ofSwitch(
                        "global_text",
                        false,
                        "without PCID, map kernel text global in the user table too, as pti=auto does",
                        "arch/x86/mm/pti.c, pti_kernel_image_global_ok"),
                Parameter.ofSwitch(
                        "entry_4k",
                        false,
                        "map the user table's entry text in 4 KiB pages instead of 2 MiB",
                        "arch/x86/mm/pti.c, pti_clone_entry_text clones PMDs"),
                Parameter.ofSwitch(
                        "nmi_write",
                        true,
                        "an NMI of the kernel writes CR3 back though it did not change",
                        "calling.h as read; newer kernels skip it"));
    }

    @Override
    public Strategy build(Settings settings) {
        boolean hasGlobalText = settings.isOn("global_text") && !settings.isOn("pcid");
        View kernel = View.everything().global(ENTRY);
        View user = View.of(U_CUR, ENTRY).global(ENTRY);
        if (hasGlobalText) {
            kernel = kernel.global(ENTRY, K_TEXT);
            user = user.and(K_TEXT).global(ENTRY, K_TEXT);
        }
        Strategy.Builder kpti = Strategy.named(
                        name() + settings.suffix(),
                        "Kernel page-table isolation: user mode runs on a table without the kernel.",
                        kernel)
                .space("user", Owner.MM, settings.isOn("entry_4k") ? user.leaf(Region.IMAGE, 0) : user, USER_PCID)
                .on(USER_ENTRY, charge(Operation.CR3_READ), load(KERNEL, KEEP))
                .on(USER_RETURN, charge(Operation.CR3_READ), load("user", IF_PENDING))
                .on(KERNEL_ENTRY, new IfNmi(List.of(charge(Operation.CR3_READ)), List.of()));
        if (settings.isOn("nmi_write")) {
            kpti.on(KERNEL_RETURN, new IfNmi(List.of(charge(Operation.CR3_WRITE_KEEP)), List.of()));
        }
        if (!settings.isOn("invpcid")) {
            kpti.withoutInvpcid();
        }
        return (settings.isOn("pcid") ? kpti : kpti.withoutPcid()).build();
    }
}
