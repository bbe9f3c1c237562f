package tollgate.analysis;

import java.util.ArrayList;
import java.util.List;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Sidecar;
import tollgate.replay.Lane;
import tollgate.replay.PageSource;
import tollgate.replay.Steps;
import tollgate.replay.Strategies;
import tollgate.replay.Timeline;

/**
 * A published measurement, its workload built as a trace and replayed: what the model would have said. None of
 * them was used for a price; a miss stays in the table.
 *
 * @param name short
 * @param cpu profile nearest to the machine of the publication
 * @param strategy that was measured against none
 * @param nanos published: added time a system call
 * @param syscall number of the call that is made in a loop
 * @param callNanos time of the call without isolation, published
 * @param source where the figure stands, and what is known of the machine
 */
public record PublishedCase(
        String name, String cpu, String strategy, double nanos, int syscall, double callNanos, String source) {
    /** Calls replayed: enough that warm-up, some hundred misses, does not show. */
    private static final int CALLS = 20_000;

    private static final int LSEEK = 8;
    private static final int GETPPID = 110;

    public static List<PublishedCase> all() {
        String hansen = "D. Hansen, KAISER cover letter, November 2017: lseek1 of will-it-scale, 5.2 M, 3.0 M and 2.2 M"
                + " calls a second; Intel, model not told";
        String freebsd =
                "FreeBSD review D13985: getppid on Haswell, 339 ns without and 478 ns with PTI and PCID; another"
                        + " kernel, the same two CR3 writes";
        return List.of(
                new PublishedCase("lseek, KPTI with PCID", "skylake-client", "kpti", 141, LSEEK, 192, hansen),
                new PublishedCase("lseek, KPTI without PCID", "skylake-client", "kpti-nopcid", 262, LSEEK, 192, hansen),
                new PublishedCase("getppid, PTI with PCID", "haswell", "kpti", 139, GETPPID, 339, freebsd));
    }

    /** @param pages that the calls touch */
    public Comparison.Check predict(PageSource pages, int draws, long seed) {
        CpuProfile profile = CpuProfile.load(cpu);
        Timeline timeline = new Timeline(new Names(), Sidecar.NONE, pages);
        List<Lane> lanes = new ArrayList<>();
        for (String each : List.of(Strategies.BASELINE, strategy)) {
            lanes.add(new Lane(Strategies.parse(each), profile.machine()));
        }
        Steps steps = new Steps(1 << 16);
        Batch batch = new Batch();
        double time = 1_000;
        for (int call = 0; call < CALLS; call++) {
            batch.append((long) time, 0, 100, 100, -1, Kind.SYSCALL_ENTER, syscall, 3, 0);
            time += callNanos * IN_KERNEL;
            batch.append((long) time, 0, 100, 100, -1, Kind.SYSCALL_EXIT, syscall, 0, 0);
            time += callNanos * (1 - IN_KERNEL);
            if (batch.size() + 2 > Batch.CAPACITY || call == CALLS - 1) {
                timeline.accept(batch, steps);
                if (call == CALLS - 1) {
                    timeline.finish(steps);
                }
                lanes.forEach(lane -> lane.run(steps.words(), steps.size()));
                steps.clear();
                batch.clear();
            }
        }
        lanes.forEach(Lane::finish);
        Pricing pricing = new Pricing(profile, timeline.facts(), true, lanes.get(0), draws, seed);
        Figure added = pricing.price(lanes.get(1)).figure(Metric.NANOS_PER_ENTRY);
        if (added instanceof Figure.Estimate estimate) {
            return new Comparison.Check(name, cpu, nanos, estimate, "ns a call", source);
        }
        throw new IllegalStateException(name + ": a loop of system calls has kernel entries");
    }

    /** Share of an empty call's time that is spent in the kernel; the rest is the loop's. An assumption: it moves only the user stretch, which here touches two pages. */
    private static final double IN_KERNEL = 0.8;
}
