package tollgate.replay.strategy;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Blueprint;
import tollgate.replay.Parameter;
import tollgate.replay.Settings;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;
import tollgate.replay.View;

/**
 * No isolation: one page table per process, its kernel half the same everywhere and global, so that it
 * survives every CR3 write. No crossing does anything; context switches and flushes are the engine's.
 *
 * <p>Source: Documentation/arch/x86/pti.rst, arch/x86/mm/tlb.c.
 */
@AutoService(Blueprint.class)
public final class Baseline implements Blueprint {
    @Override
    public String name() {
        return Strategies.BASELINE;
    }

    @Override
    public String origin() {
        return "Mainline Linux without page-table isolation: arch/x86/mm/tlb.c, Documentation/arch/x86/pti.rst.";
    }

    @Override
    public String criticism() {
        return "The whole kernel is mapped while user code runs; the supervisor bit is the only barrier.";
    }

    @Override
    public String protects() {
        return "Stops none of the attacks considered here by itself. Everything is mapped all the time.";
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.ofSwitch("pcid", true, "use PCID where the CPU has it", "nopcid boot parameter"));
    }

    @Override
    public Strategy build(Settings settings) {
        Strategy.Builder baseline = Strategy.named(
                name() + settings.suffix(),
                "No isolation: the whole kernel is mapped and global in every process.",
                View.everything().kernelGlobal());
        return (settings.isOn("pcid") ? baseline : baseline.withoutPcid()).build();
    }
}
