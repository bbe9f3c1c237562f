package tollgate.replay.strategy;

import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.raise;
import static tollgate.replay.Strategy.whenCause;
import static tollgate.replay.Strategy.whenRaised;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Cause.Family;
import tollgate.replay.Crossing;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.View;

/**
 * KVM's flush of the first-level data cache before a VM entry, against L1TF.
 *
 * <pre>
 *   guest page fault, interrupt, vCPU loaded    (cond) flush wanted
 *   before VM entry                             flush if wanted (cond), or in any case (always)
 * </pre>
 *
 * <p>Source: arch/x86/kvm/vmx/vmx.c (vmx_l1d_flush), arch/x86/kvm/mmu/mmu.c (kvm_handle_page_fault) and
 * arch/x86/kvm/x86.c (kvm_arch_vcpu_load, x86_emulate_instruction), which raise l1tf_flush_l1d, and
 * Documentation/admin-guide/hw-vuln/l1tf.rst. The kernel keeps the interrupts' flag for each CPU; here it is the
 * task's, which is the same, since a vCPU that is loaded after another task's interrupt flushes anyway. No recording
 * tells which exits emulated an instruction: {@code emulated}. Left out: misses of the caches that were emptied.
 */
@AutoService(Blueprint.class)
public final class L1dFlush implements Blueprint {
    /** KVM's l1tf_flush_l1d: the next VM entry flushes. */
    static final String WANTED = "l1tf-flush";

    @Override
    public String name() {
        return "l1d-flush";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Mainline Linux since 4.19 (August 2018), kvm-intel.vmentry_l1d_flush: arch/x86/kvm/vmx/vmx.c,"
                + " Documentation/admin-guide/hw-vuln/l1tf.rst.";
    }

    @Override
    public String criticism() {
        return "The kernel's documentation: it does nothing about a sibling thread, which fills the cache again, and it"
                + " evicts the guest's own data. The conditional kind rests on an audit of which exits touch nothing of"
                + " value.";
    }

    @Override
    public String protects() {
        return "Stops L1TF from a guest on the same thread; of what exits leave behind that were audited, only with mode=always."
                + " Nothing against the sibling, nothing outside guests.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofWord(
                        "mode",
                        List.of("cond", "always"),
                        "flush after exits that ran unaudited code, or before every VM entry",
                        "l1tf=flush, kvm-intel.vmentry_l1d_flush"),
                Parameter.ofNumber(
                        "emulated",
                        0,
                        0,
                        1,
                        "share of exits that emulate an instruction or write guest memory, which recordings do not tell",
                        "nothing known; sweep it"));
    }

    @Override
    public Strategy build(Settings settings) {
        Strategy.Builder flush = Strategy.named(
                name() + settings.suffix(),
                "The first-level data cache is flushed before VM entries.",
                View.everything().kernelGlobal());
        Act[] acts = {charge(Operation.L1D_FLUSH), raise(Verw.CLEARED)};
        if (settings.word("mode").equals("always")) {
            return flush.on(Crossing.VM_ENTRY, acts).build();
        }
        if (settings.number("emulated") > 0) {
            flush.on(Crossing.VM_EXIT, new Act.AtRate(settings.number("emulated"), List.of(raise(WANTED))));
        }
        return flush.on(Crossing.GUEST_FAULT, raise(WANTED))
                .on(Crossing.KERNEL_ENTRY, whenCause(List.of(Family.INTERRUPT), raise(WANTED)))
                .on(Crossing.USER_ENTRY, whenCause(List.of(Family.INTERRUPT), raise(WANTED)))
                .on(Crossing.VMM_RETURN, raise(WANTED))
                .on(Crossing.SWITCHED, raise(WANTED))
                .on(Crossing.VM_ENTRY, whenRaised(WANTED, acts))
                .build();
    }
}
