package tollgate.analysis.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.Figure;
import tollgate.analysis.LocalPool;
import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;

/** What is left of a study when some of its tasks fail. */
final class FinishedTest {
    private static final TaskExecutor.Listener DEAF = new TaskExecutor.Listener() {
        @Override
        public void begun(TraceTask task) {}

        @Override
        public void reading(TraceTask task, long events) {}

        @Override
        public void done(TraceTask task, Replayed replayed) {}

        @Override
        public void failed(TraceTask task, String reason) {}

        @Override
        public void said(String line) {}
    };

    /** Fails the tasks of sweeps, here those of one strategy besides the baseline, and replays the others. */
    private static final TaskExecutor SHORT_OF_MEMORY = new TaskExecutor() {
        @Override
        public String name() {
            return "short-of-memory";
        }

        @Override
        public void run(List<TraceTask> tasks, Listener listener) throws IOException {
            for (TraceTask task : tasks) {
                if (task.strategies().size() == 1) {
                    listener.failed(task, "no memory");
                } else {
                    new LocalPool(1).run(List.of(task), listener);
                }
            }
        }
    };

    @TempDir
    Path folder;

    private Study study;

    @BeforeEach
    void write() throws IOException {
        StringBuilder trace = new StringBuilder("# tracer: nop\n");
        for (int i = 0; i < 20; i++) {
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)%n",
                    20 * i));
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_exit: NR 0 = 16%n", 20 * i + 9));
        }
        Files.writeString(folder.resolve("a.txt"), trace);
        study = StudyFile.read(Files.writeString(
                folder.resolve("study.yaml"),
                String.join(
                        "\n",
                        "traces: [a.txt]",
                        "strategies: [kpti, kpti+sci]",
                        "cpus: [skylake-sp]",
                        "draws: 64",
                        "sweeps:",
                        "  prefill: {over: {strategy: kpti+sci, parameter: prefill, values: [0.25]}}")));
    }

    @Test
    void aSweepsTaskThatFailsCostsItsRowsOnly() throws IOException {
        Finished finished = Finished.run(Plan.of(study), new TaskStore(folder.resolve("tasks")), SHORT_OF_MEMORY, DEAF);
        assertThat(finished.failed()).isEmpty();
        assertThat(finished.workloads()).containsExactly("a");
        assertThat(finished.gaps()).containsExactly("a: rows of a sweep are missing: no memory");
        List<Swept.Row> rows = Swept.of(study, finished).get(0).rows();
        assertThat(rows).extracting(Swept.Row::strategy).containsExactly("kpti", "kpti+sci");
        assertThat(rows.get(0).figure()).isInstanceOf(Figure.Estimate.class);
        assertThat(rows.get(1).figure()).isEqualTo(new Figure.CannotTell("the replay failed: no memory"));
    }

    /** The parameter goes to the part that has it. */
    @Test
    void aParameterOfACombinationIsSwept() throws IOException {
        assertThat(study.sweeps().get(0).variants()).containsExactly("kpti+sci(prefill=0.25)");
        assertThat(Plan.of(study).tasks().get(1).strategies().get(0).strategy().name())
                .isEqualTo("kpti+sci(prefill=0.25)");
    }

    /** A file stands where the folder should be, as good as a disk that is full. */
    @Test
    void whatCannotBeKeptEndsTheStudyInOneLine() throws IOException {
        Path file = Files.createFile(folder.resolve("tasks"));
        assertThatThrownBy(() -> Finished.run(Plan.of(study), new TaskStore(file), new LocalPool(1), DEAF))
                .rootCause()
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Finished.run(Plan.of(study), new TaskStore(file), new LocalPool(1), DEAF))
                .hasMessageContaining(file + ": a finished replay cannot be kept there: ")
                .hasMessageEndingWith("; what is kept is taken up when the study is run again");
    }
}
