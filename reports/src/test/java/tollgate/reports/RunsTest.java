package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/** Which recordings are runs of one workload, and what is said of them. */
class RunsTest {
    private final List<Comparison.Workload> workloads = new ArrayList<>();

    private RunsTest run(String name, String description, Figure overhead) {
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metrics.put(metric, metric == Metric.OVERHEAD ? overhead : new CannotTell("not asked"));
        }
        workloads.add(new Comparison.Workload(
                name,
                new Comparison.Trace(name, "", "toll", description, 9, 1_000_000, 4, -1, 0, 0, 0, 0),
                List.of(
                        new Comparison.Strategy("baseline", Map.of(), List.of(), List.of(), List.of()),
                        new Comparison.Strategy("kpti", metrics, List.of(), List.of(), List.of())),
                List.of()));
        return this;
    }

    private String csv() throws IOException {
        Comparison sample = SampleComparison.of(1, 1);
        StringBuilder text = new StringBuilder();
        var table = Runs.table(new Comparison(sample.cpu(), workloads, List.of(), List.of(), Map.of(), List.of()));
        if (table.isPresent()) {
            table.get().csv(text);
        }
        return text.toString();
    }

    @Test
    void theSpreadOfRunsStandsBesideTheIntervalOfTheMiddleOne() throws IOException {
        run("make", "make -j2", new Estimate(3, 2, 6));
        run("make-2", "make -j2", new Estimate(2.5, 1, 5));
        run("make-10", "make -j2", new Estimate(4.5, 3, 9));
        // (4.5 - 2.5) / (6 - 2)
        assertThat(csv())
                .isEqualToNormalizingNewlines(
                        "workload,strategy,unit,runs,least,least low,least high,middle,middle low,middle high,"
                                + "largest,largest low,largest high,\"span of runs, %\"\n"
                                + "make,kpti,%,3,2.5,1,5,3,2,6,4.5,3,9,50\n");
    }

    @Test
    void otherCommandsOtherNamesAndSingleRunsAreNoRuns() throws IOException {
        run("git", "git log", new Estimate(3, 2, 6));
        run("git-2", "git status", new Estimate(3, 2, 6));
        run("kvm-amd", "a guest", new Estimate(3, 2, 6));
        run("kvm-intel", "a guest", new Estimate(3, 2, 6));
        run("a-1", "", new Estimate(3, 2, 6));
        run("a-2", "", new Estimate(3, 2, 6));
        assertThat(csv()).isEmpty();
    }

    @Test
    void aRunThatCannotTellIsNotCounted() throws IOException {
        run("x-1", "x", new Estimate(3, 2, 6)).run("x-2", "x", new Estimate(5, 2, 6));
        run("x-3", "x", new CannotTell("too dear a recorder"));
        assertThat(csv()).contains("x,kpti,%,2,3,2,6,3,2,6,5,2,6,50");
    }
}
