package tollgate.analysis.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceTask;
import tollgate.ingest.Input;
import tollgate.replay.StrategyText;

/**
 * What tasks cost where they run: {@code .ci/capacity}. One process is one way to run them, so that its CPU time is theirs.
 * Run in {@code analysis/spark} with the arguments {@code small COUNT} or {@code large RECORDING}, and where: {@code local},
 * {@code spark} (two workers on loopback).
 */
final class Capacity {
    private static final int CALLS = 200;

    private Capacity() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("tollgate-capacity-");
        List<TraceTask> tasks = arguments[0].equals("small")
                ? small(folder, Integer.parseInt(arguments[1]))
                : List.of(task(Path.of(arguments[1]), 1, "kpti", "kpti-nopcid", "kvm-asi"));
        if (arguments[2].equals("local")) {
            run("local", tasks, List.of());
            return;
        }
        try (Loopback cluster = new Loopback(folder)) {
            System.setProperty("spark.master", cluster.start(2));
            System.setProperty("spark.log.level", "WARN");
            System.setProperty("spark.ui.enabled", "false");
            run("spark", tasks, cluster.workers());
        }
    }

    private static void run(String executor, List<TraceTask> tasks, List<Long> workers) throws Exception {
        long begun = System.nanoTime();
        TaskExecutor.named(executor, 2).run(tasks, new Said());
        double wall = (System.nanoTime() - begun) / 1e9;
        double here = ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
        Thread.sleep(5_000); // until executors have ended and their workers know it
        double there = 0;
        for (long worker : workers) {
            there += seconds(worker);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d tasks, %.1f s, CPU %.1f s here and %.1f s in workers and executors%n",
                executor,
                tasks.size(),
                wall,
                here,
                there);
    }

    /** CPU time of a process and of its children that have ended; proc(5), ticks of 1/100 s. */
    private static double seconds(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = 0;
        for (int field = 11; field < 15; field++) {
            ticks += Long.parseLong(fields[field]);
        }
        return ticks / 100.0;
    }

    /** One process that calls and returns, drawn anew for each task. */
    private static List<TraceTask> small(Path folder, int count) throws IOException {
        StringBuilder text = new StringBuilder("# tracer: nop\n");
        for (int i = 0; i < CALLS; i++) {
            int at = 20 * i;
            String line = "              sh-7       [000] d....     %d.%06d: sys_%s%n";
            text.append(String.format(
                    line, 1 + at / 1_000_000, at % 1_000_000, "enter: NR " + i % 3 + " (3, 7ffe, 10, 0, 0, 0)"));
            at += 9;
            text.append(String.format(line, 1 + at / 1_000_000, at % 1_000_000, "exit: NR " + i % 3 + " = 16"));
        }
        Path trace = Files.writeString(folder.resolve("small.txt"), text);
        List<TraceTask> tasks = new ArrayList<>();
        for (int seed = 0; seed < count; seed++) {
            tasks.add(task(trace, seed, "kpti"));
        }
        return tasks;
    }

    private static TraceTask task(Path trace, long seed, String... strategies) throws IOException {
        return new TraceTask(
                trace.toString(),
                Input.sha256(trace.toString()),
                "",
                "",
                Input.Damage.REFUSE,
                Stream.of(strategies)
                        .map(name -> StrategyText.of("", name, trace.getParent()))
                        .toList(),
                CpuProfile.load("skylake-sp").machine(),
                "",
                "",
                seed);
    }

    private static final class Said implements TaskExecutor.Listener {
        @Override
        public void begun(TraceTask task) {}

        @Override
        public void reading(TraceTask task, long events) {}

        @Override
        public void done(TraceTask task, Replayed replayed) {}

        @Override
        public void failed(TraceTask task, String reason) {
            System.out.println(task.trace() + " failed: " + reason);
        }

        @Override
        public void said(String line) {
            System.out.println(line);
        }
    }
}
