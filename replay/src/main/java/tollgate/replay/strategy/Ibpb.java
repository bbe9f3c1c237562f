package tollgate.replay.strategy;

import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.raise;
import static tollgate.replay.Strategy.whenRaised;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Crossing;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.View;

/**
 * Indirect-branch predictions dropped by IBPB, against Spectre v2 between processes.
 *
 * <pre>
 *   switch to another mm    always: IBPB; cond: IBPB if this or the last task asked for it
 *   before VM entry         IBPB if the last guest on this CPU was another vCPU, in both modes
 *   VM exit                 (exit_to_user) IBPB wanted
 *   return to user          (exit_to_user) IBPB if wanted
 * </pre>
 *
 * <p>Source: arch/x86/mm/tlb.c (cond_mitigation), arch/x86/kvm (switch_vcpu_ibpb),
 * Documentation/admin-guide/hw-vuln/spectre.rst and vmscape.rst. Kernel
 * threads load no mm, so to them and back there is none. No recording tells which tasks asked by prctl:
 * {@code opted_in}, 0 by default as on a system where nobody did. The kernel keeps the wish after a VM exit for each
 * CPU, here it is the task's; it bars when a vCPU is loaded, here that is told from its entry. Left out: the
 * mispredictions that follow.
 */
@AutoService(Blueprint.class)
public final class Ibpb implements Blueprint {
    private static final String WANTED = "ibpb-exit-to-user";

    @Override
    public String name() {
        return "ibpb";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Mainline Linux, spectre_v2_user= and vmscape=: arch/x86/mm/tlb.c,"
                + " Documentation/admin-guide/hw-vuln/spectre.rst and vmscape.rst.";
    }

    @Override
    public String criticism() {
        return "Costs thousands of cycles on older CPUs and leaves the next program without predictions, so that mainline"
                + " does it only for those who ask.";
    }

    @Override
    public String protects() {
        return "Stops Spectre v2 from one process or vCPU to the next on the same thread. Nothing from user to kernel, nothing"
                + " from the sibling, nothing against the other attacks.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.ofWord(
                        "mode",
                        List.of("always", "cond"),
                        "at every switch to another mm, or only if one of both asked",
                        "spectre_v2_user=on, or prctl"),
                Parameter.ofNumber(
                        "opted_in",
                        0,
                        0,
                        1,
                        "cond: share of switches to another mm where either task asked by prctl",
                        "not in any recording; sweep it"),
                Parameter.ofSwitch(
                        "exit_to_user",
                        false,
                        "IBPB at the first return to user mode after a guest ran",
                        "Documentation/admin-guide/hw-vuln/vmscape.rst"));
    }

    @Override
    public Strategy build(Settings settings) {
        Strategy.Builder ibpb = Strategy.named(
                name() + settings.suffix(),
                "Branch predictions are dropped by IBPB when another process runs.",
                View.everything().kernelGlobal());
        Act barrier = charge(Operation.IBPB);
        ibpb.on(Crossing.VM_ENTRY, new Act.IfVcpuChanges(List.of(barrier)));
        double optedIn = settings.number("opted_in");
        if (settings.word("mode").equals("always")) {
            ibpb.on(Crossing.SWITCHED, new Act.IfMmChanges(List.of(barrier)));
        } else if (optedIn > 0) {
            ibpb.on(Crossing.SWITCHED, new Act.IfMmChanges(List.of(new Act.AtRate(optedIn, List.of(barrier)))));
        }
        if (settings.isOn("exit_to_user")) {
            ibpb.on(Crossing.VM_EXIT, raise(WANTED)).on(Crossing.USER_RETURN, whenRaised(WANTED, barrier));
        }
        return ibpb.build();
    }
}
