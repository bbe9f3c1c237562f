package tollgate.replay.strategy;

import com.google.auto.service.AutoService;
import tollgate.replay.Blueprint;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.View;
import tollgate.replay.exposure.Siblings;

/**
 * Sibling threads switched off. What it protects follows from the replay; what it costs does not, since a replay does not
 * change scheduling.
 *
 * <p>Source: Documentation/admin-guide/hw-vuln/l1tf.rst, "SMT control".
 */
@AutoService(Blueprint.class)
public final class Nosmt implements Blueprint {
    @Override
    public String name() {
        return "nosmt";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Mainline Linux since 4.19 (August 2018), nosmt: Documentation/admin-guide/hw-vuln/l1tf.rst.";
    }

    @Override
    public String criticism() {
        return "Half the hardware threads: what that costs depends on how much each program gains from them.";
    }

    @Override
    public String protects() {
        return "Stops everything that looks from the sibling. Nothing on the same thread. Its cost cannot be told: a replay does"
                + " not change scheduling.";
    }

    @Override
    public Strategy build(Settings settings) {
        return Strategy.named(
                        name(),
                        "Sibling threads are switched off.",
                        View.everything().kernelGlobal())
                .siblings(Siblings.OFF)
                .build();
    }
}
