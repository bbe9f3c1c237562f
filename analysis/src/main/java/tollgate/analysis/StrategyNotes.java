package tollgate.analysis;

import java.util.ArrayList;
import java.util.List;
import tollgate.analysis.CpuFeatures.Mitigation;
import tollgate.analysis.CpuFeatures.Vulnerability;
import tollgate.replay.Lane;

/** What must be said beside a strategy's figures: whether this CPU needs it and can run it, and where it would have died. */
final class StrategyNotes {
    private StrategyNotes() {}

    static List<String> of(Lane lane, CpuProfile cpu) {
        List<String> notes = new ArrayList<>();
        CpuFeatures features = cpu.features();
        List<String> parts = List.of(lane.strategy().name().split("\\+"));
        if (parts.stream().anyMatch(part -> part.startsWith("kpti"))
                && !features.vulnerableTo().contains(Vulnerability.MELTDOWN)) {
            notes.add("not needed on this CPU, which Meltdown does not affect: mainline leaves it off.");
        }
        if (parts.stream().anyMatch(part -> part.startsWith("kpti"))
                && features.defaults().contains(Mitigation.PTI)) {
            notes.add(
                    "on by default on this CPU: what it costs is paid today, and the others come on top of it or in its"
                            + " place.");
        }
        if (parts.stream().anyMatch(part -> part.startsWith("sci")) && !features.hasPcid()) {
            notes.add("not possible on this CPU as posted: it needs PCID. The figures are those of a port that flushes"
                    + " everything at every CR3 write.");
        }
        if (parts.stream().anyMatch(part -> part.startsWith("xpfo"))) {
            notes.add(
                    "parametric: how many pages user mode gets at a fault is a parameter and not recorded. Costs only: whose"
                            + " each page is at each instant is not followed, so what it maps is told as for the baseline.");
        }
        notes.addAll(lane.notes());
        return notes;
    }
}
