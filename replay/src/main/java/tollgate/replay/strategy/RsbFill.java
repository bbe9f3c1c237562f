package tollgate.replay.strategy;

import static tollgate.replay.Strategy.charge;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Blueprint;
import tollgate.replay.Crossing;
import tollgate.replay.Operation;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.View;

/**
 * The return stack buffer filled with harmless entries, at every task switch and after VM exits.
 *
 * <p>Source: arch/x86/entry/entry_64.S (__switch_to_asm, X86_FEATURE_RSB_CTXSW), arch/x86/kvm/vmx/vmenter.S
 * (X86_FEATURE_RSB_VMEXIT).
 */
@AutoService(Blueprint.class)
public final class RsbFill implements Blueprint {
    @Override
    public String name() {
        return "rsb-fill";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Mainline Linux since 4.15: FILL_RETURN_BUFFER in arch/x86/include/asm/nospec-branch.h.";
    }

    @Override
    public String criticism() {
        return "Does nothing about other predictors; whether an underflow falls back to them depends on the CPU.";
    }

    @Override
    public String protects() {
        return "Stops return predictions that a guest or another task left behind. Nothing against the other attacks.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.ofSwitch(
                "vm_exit",
                true,
                "fill after VM exits too, as without enhanced IBRS",
                "arch/x86/kernel/cpu/bugs.c, spectre_v2_determine_rsb_fill_type_at_vmexit"));
    }

    @Override
    public Strategy build(Settings settings) {
        Strategy.Builder fill = Strategy.named(
                        name() + settings.suffix(),
                        "The return stack buffer is filled when tasks switch and guests exit.",
                        View.everything().kernelGlobal())
                .on(Crossing.SWITCH, charge(Operation.RSB_FILL));
        return (settings.isOn("vm_exit") ? fill.on(Crossing.VM_EXIT, charge(Operation.RSB_FILL)) : fill).build();
    }
}
