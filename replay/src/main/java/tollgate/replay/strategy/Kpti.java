package tollgate.replay.strategy;

import static tollgate.replay.Act.Flush.IF_PENDING;
import static tollgate.replay.Act.Flush.KEEP;
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
import tollgate.replay.Blueprint;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
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
 *   return to user     write CR3; the user PCID is flushed if a flush was deferred for this ASID
 *   kernel to kernel   nothing
 *   mm switch, flush   the user PCID's flush is deferred to the next return
 * </pre>
 *
 * <p>What both tables map (entry text, cpu_entry_area) stays global, all other kernel memory loses its
 * global bit. Without PCID every CR3 write drops all that is not global, and with {@code pti=auto} the kernel
 * text is then mapped, global, in the user table too.
 *
 * <p>Source: arch/x86/entry/calling.h, arch/x86/mm/pti.c, arch/x86/mm/tlb.c, Documentation/arch/x86/pti.rst.
 * Left out: NMIs that hit the entry code itself.
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
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofSwitch("pcid", true, "use PCID where the CPU has it", "nopcid boot parameter"),
                Parameter.ofSwitch(
                        "global_text",
                        false,
                        "without PCID, map kernel text global in the user table too, as pti=auto does",
                        "arch/x86/mm/pti.c, pti_kernel_image_global_ok"));
    }

    @Override
    public Strategy build(Settings settings) {
        return of(name() + settings.suffix(), settings.isOn("pcid"), settings.isOn("global_text"));
    }

    static Strategy of(String name, boolean pcid, boolean globalText) {
        View kernel = View.everything().global(ENTRY);
        View user = View.of(U_CUR, ENTRY).global(ENTRY);
        if (globalText && !pcid) {
            kernel = kernel.global(ENTRY, K_TEXT);
            user = user.and(K_TEXT).global(ENTRY, K_TEXT);
        }
        Strategy.Builder kpti = Strategy.named(
                        name, "Kernel page-table isolation: user mode runs on a table without the kernel.", kernel)
                .space("user", Owner.MM, user, USER_PCID)
                .on(USER_ENTRY, charge(Operation.CR3_READ), load(KERNEL, KEEP))
                .on(USER_RETURN, load("user", IF_PENDING));
        return (pcid ? kpti : kpti.withoutPcid()).build();
    }
}
