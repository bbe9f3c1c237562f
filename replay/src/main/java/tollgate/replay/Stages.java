package tollgate.replay;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Where the time of a run goes. A stage's CPU time is that of the threads in it, its wall time is summed over threads:
 * stages that overlap add up to more than the run took. What no stage names (decoding ahead, the JVM's compiler and
 * collector) is the rest of the process's CPU time. Threads may share it.
 */
public final class Stages {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    /** By stage: CPU and wall time in nanoseconds. */
    private final Map<String, long[]> nanos = new LinkedHashMap<>();

    /** One stay of a thread in a stage, from its making on. */
    public final class Stay {
        private final String stage;
        private final long cpu = THREADS.getCurrentThreadCpuTime();
        private final long wall = System.nanoTime();

        private Stay(String stage) {
            this.stage = stage;
        }

        /** Ends it; to be called once, by the thread that entered. */
        public void end() {
            add(stage, THREADS.getCurrentThreadCpuTime() - cpu, System.nanoTime() - wall);
        }
    }

    /** The running thread enters a stage. Stages do not nest. */
    public Stay enter(String stage) {
        return new Stay(stage);
    }

    /** Adds what the process has taken since it began: the way from the shell to here. */
    public void started() {
        add(
                "start",
                PROCESS.getProcessCpuTime(),
                ManagementFactory.getRuntimeMXBean().getUptime() * 1_000_000);
    }

    synchronized void add(String stage, long cpuNanos, long wallNanos) {
        long[] sums = nanos.computeIfAbsent(stage, each -> new long[2]);
        sums[0] += cpuNanos;
        sums[1] += wallNanos;
    }

    /** All stages in the order of their first mention, the rest, and the whole process, in seconds. */
    public String table() {
        return table(
                PROCESS.getProcessCpuTime() / NANOS,
                ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS);
    }

    synchronized String table(double cpu, double wall) {
        StringBuilder table =
                new StringBuilder(String.format(Locale.ROOT, "%-12s %8s %8s%n", "stage", "CPU s", "wall s"));
        double rest = cpu;
        for (Map.Entry<String, long[]> stage : nanos.entrySet()) {
            double seconds = stage.getValue()[0] / NANOS;
            rest -= seconds;
            table.append(String.format(
                    Locale.ROOT, "%-12s %8.2f %8.2f%n", stage.getKey(), seconds, stage.getValue()[1] / NANOS));
        }
        return table.append(String.format(Locale.ROOT, "%-12s %8.2f%n", "decode, JVM", rest))
                .append(String.format(Locale.ROOT, "%-12s %8.2f %8.2f%n", "total", cpu, wall))
                .toString();
    }
}
