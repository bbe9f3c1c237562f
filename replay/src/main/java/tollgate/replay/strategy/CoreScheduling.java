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
 * Siblings of a core run tasks of one tenant only, or idle by force. What it protects follows from the replay; its cost does
 * not but for the time that siblings would have to idle, since a replay does not change scheduling. Left out: the delay of
 * the interrupt that stops a sibling.
 *
 * <p>Source: Documentation/admin-guide/hw-vuln/core-scheduling.rst, and its first version for protection of the kernel.
 */
@AutoService(Blueprint.class)
public final class CoreScheduling implements Blueprint {
    @Override
    public String name() {
        return "core-scheduling";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Mainline Linux since 5.14 (August 2021): Documentation/admin-guide/hw-vuln/core-scheduling.rst. Protection of"
                + " the kernel was posted with it and not merged.";
    }

    @Override
    public String criticism() {
        return "As merged it leaves the kernel of one thread open to user code on the other, and a window while the interrupt"
                + " is under way. Kernel protection has every entry wait for the sibling.";
    }

    @Override
    public String protects() {
        return "Stops what one tenant's code sees of another's from the sibling; with kernel=true also what it sees of the"
                + " kernel. Nothing on the same thread. Its cost cannot be told: a replay does not change scheduling.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.ofSwitch(
                "kernel", false, "no untrusted code while a sibling is in the kernel", "posted in 2020, not merged"));
    }

    @Override
    public Strategy build(Settings settings) {
        return Strategy.named(
                        name() + settings.suffix(),
                        "Siblings of a core run tasks of one tenant only.",
                        View.everything().kernelGlobal())
                .siblings(settings.isOn("kernel") ? Siblings.ONE_TENANT_OUT_OF_KERNEL : Siblings.ONE_TENANT)
                .build();
    }
}
