package tollgate.replay.strategy;

import com.google.auto.service.AutoService;
import tollgate.replay.Blueprint;
import tollgate.replay.Settings;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;

/**
 * KPTI on a CPU without PCID, or booted with {@code nopcid pti=on}: each of its CR3 writes drops every entry
 * that is not global. The name under which papers compare it; the same as {@code kpti(pcid=false)}.
 */
@AutoService(Blueprint.class)
public final class KptiNoPcid implements Blueprint {
    @Override
    public String name() {
        return "kpti-nopcid";
    }

    @Override
    public String origin() {
        return new Kpti().origin();
    }

    @Override
    public String criticism() {
        return new Kpti().criticism() + " PCIDs came to AMD only with Zen 3, and to KPTI's users this is what it costs"
                + " without.";
    }

    @Override
    public String protects() {
        return new Kpti().protects();
    }

    @Override
    public Strategy build(Settings settings) {
        return Strategies.parse("kpti(pcid=false)")
                .as(
                        name(),
                        "Kernel page-table isolation without PCID: each of its CR3 writes drops all that is not global.");
    }
}
