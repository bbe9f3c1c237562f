package tollgate.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.LocalPool;
import tollgate.analysis.Metric;
import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;
import tollgate.replay.Machine;

/** A CPU that a sweep moves, against a profile that is written so: replayed and priced without any sweep. */
final class SweptCpuTest {
    private static final TaskExecutor.Listener DEAF = new TaskExecutor.Listener() {
        @Override
        public void begun(TraceTask task) {}

        @Override
        public void reading(TraceTask task, long events) {}

        @Override
        public void done(TraceTask task, Replayed replayed) {}

        @Override
        public void failed(TraceTask task, String reason) {
            throw new AssertionError(reason);
        }

        @Override
        public void said(String line) {}
    };

    @TempDir
    Path folder;

    private Estimate plain(Finished finished, Study study, String cpu, Metric metric) {
        CpuProfile profile = study.cpus().stream()
                .filter(each -> each.name().equals(cpu))
                .findFirst()
                .orElseThrow();
        return finished.own("a", cpu).price("a", profile, study.draws(), study.seed()).strategies().stream()
                .skip(1)
                .map(each -> (Estimate) each.figure(metric))
                .findFirst()
                .orElseThrow();
    }

    private static void same(Swept.Row row, Estimate expected) {
        Estimate figure = (Estimate) row.figure();
        assertThat(figure.value()).as(row.toString()).isCloseTo(expected.value(), within(1e-9));
        assertThat(figure.low()).as(row.toString()).isCloseTo(expected.low(), within(1e-9));
        assertThat(figure.high()).as(row.toString()).isCloseTo(expected.high(), within(1e-9));
    }

    @Test
    void aSweptCpuIsTheCpuThatIsWrittenSo() throws IOException {
        StringBuilder trace = new StringBuilder("# tracer: nop\n");
        for (int i = 0; i < 300; i++) {
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_enter: NR %d (3, 7ffe, 10, 0, 0, 0)%n",
                    20 * i, i % 4));
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_exit: NR %d = 16%n", 20 * i + 9, i % 4));
        }
        Files.writeString(folder.resolve("a.txt"), trace);
        String profile = new String(
                Machine.class
                        .getResourceAsStream("/tollgate/replay/cpu/skylake-sp.yaml")
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(profile).contains("entries: 1536, ways: 12", "gigahertz: {value: 2.1");
        Files.writeString(
                folder.resolve("written.yaml"),
                profile.replace("entries: 1536, ways: 12", "entries: 96, ways: 12")
                        .replace("gigahertz: {value: 2.1", "gigahertz: {value: 4"));
        Study study = StudyFile.read(Files.writeString(
                folder.resolve("study.yaml"),
                String.join(
                        "\n",
                        "traces: [a.txt]",
                        "strategies: [kpti-nopcid, mainline]",
                        "cpus: [skylake-sp, written.yaml]",
                        "draws: 64",
                        "sweeps:",
                        "  cpu: {over: {cpu: stlb.entries, values: [96, 1536]}, and: {cpu: ghz, values: [2.1, 4]},",
                        "    cpus: [skylake-sp], metric: added_per_kernel_entry, strategies: [kpti-nopcid]}",
                        "  against: {over: {cpu: stlb.entries, values: [96]}, and: {cpu: ghz, values: [4]},",
                        "    cpus: [skylake-sp], metric: added_per_kernel_entry_against_mainline,",
                        "    strategies: [kpti-nopcid]}")));
        Plan plan = Plan.of(study);
        assertThat(plan.tasks()).hasSize(3);
        Finished finished = Finished.run(plan, new TaskStore(folder.resolve("tasks")), new LocalPool(1), DEAF);
        List<Swept> swept = Swept.of(study, finished);
        List<Swept.Row> rows = swept.get(0).rows(); // 96 and 1536 entries, each at both clocks
        assertThat(rows).hasSize(4).allMatch(row -> row.cpu().equals("skylake-sp"));
        same(rows.get(1), plain(finished, study, "written", Metric.NANOS_PER_ENTRY));
        same(rows.get(2), plain(finished, study, "skylake-sp", Metric.NANOS_PER_ENTRY));
        assertThat(rows).extracting(Swept.Row::figure).doesNotHaveDuplicates();
        same(swept.get(1).rows().get(0), plain(finished, study, "written", Metric.NANOS_PER_ENTRY_MAINLINE));
    }
}
