package tollgate.replay.strategy;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Blueprint;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.View;
import tollgate.replay.exposure.Siblings;

/**
 * Siblings are kept out of guests, or of all untrusted code, while a thread of the core is on the full address space: what
 * the claims of KVM ASI and of generic ASI across threads rest on. To be combined: {@code kvm-asi+stun}. Left out: the delay
 * of the interrupt and whether the sender waits for it, over which the variants that were discussed differ.
 *
 * <p>Source: the threads of RFC KVM 00/27 (May 2019: "kick sibling" is a to-do) and of the RFC of February 2022.
 */
@AutoService(Blueprint.class)
public final class Stun implements Blueprint {
    @Override
    public String name() {
        return "stun";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Discussed with RFC KVM 00/27 (Oracle, May 2019) and RFC ASI (Google, February 2022); never posted.";
    }

    @Override
    public String criticism() {
        return "A. Chartre: data leak if siblings are not perfectly synchronised. Kicking from NMI context is hard.";
    }

    @Override
    public String protects() {
        return "Nothing by itself; beside a strategy with restricted spaces, what the sibling could see while this thread is on"
                + " the full one. What was left in L1D or buffers must be flushed before it goes on. Its cost cannot be"
                + " told: a replay does not change scheduling.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.ofSwitch(
                "users", false, "stun siblings in user mode too, not only guests", "generic ASI has a class for them"));
    }

    @Override
    public Strategy build(Settings settings) {
        return Strategy.named(
                        name() + settings.suffix(),
                        "Siblings run no guest while a thread is on the full address space.",
                        View.everything().kernelGlobal())
                .siblings(settings.isOn("users") ? Siblings.STUNNED : Siblings.STUNNED_GUESTS)
                .build();
    }
}
