package tollgate.analysis.spark;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.util.List;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;

/** The tasks of a study on Spark, under {@code spark-submit}, which says where the cluster is and what it may use. */
@AutoService(TaskExecutor.class)
public final class SparkExecutor implements TaskExecutor {
    @Override
    public String name() {
        return "spark";
    }

    @Override
    public void run(List<TraceTask> tasks, Listener listener) throws IOException {
        if (tasks.isEmpty()) {
            return;
        }
        try (SparkRun run = new SparkRun(tasks, listener)) {
            run.all();
        } catch (NoClassDefFoundError e) {
            throw new GaveUp("no Spark is on the class path; 'tollgate study --spark' says how to start it", e);
        }
    }
}
