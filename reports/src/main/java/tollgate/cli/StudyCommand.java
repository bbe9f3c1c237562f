package tollgate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tollgate.analysis.Comparison;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.Mainline;
import tollgate.analysis.Replayed;
import tollgate.analysis.TaskExecutor;
import tollgate.analysis.TraceRun;
import tollgate.analysis.TraceTask;
import tollgate.analysis.study.Finished;
import tollgate.analysis.study.Plan;
import tollgate.analysis.study.Study;
import tollgate.analysis.study.StudyFile;
import tollgate.analysis.study.Swept;
import tollgate.analysis.study.TaskStore;
import tollgate.replay.StrategyText;
import tollgate.reports.ReportFolder;
import tollgate.reports.SweepFolder;

/** {@code tollgate study}: a paper's evaluation as one file. */
@Command(
        name = "study",
        header = "Run a whole evaluation from one file: recordings, strategies, CPUs, sweeps.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a whole evaluation that stands in one file: traces, strategies with their parameters, CPUs, sweeps."
                    + " Writes a report folder for each CPU, with the figures of its sweeps, and their numbers into sweeps/.",
            "",
            "Finished replays are kept in the output folder: an interrupted study goes on where it was, a changed one"
                    + " replays only what is new. The same study gives the same bytes.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tollgate study --init traces -o paper.yaml   # a commented one, to be changed",
            "  tollgate study paper.yaml --dry-run          # what would be replayed",
            "  tollgate study paper.yaml -o out",
            "  tollgate study paper.yaml --spark spark://head:7077"
        })
final class StudyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private What what;

    /** A study to run, or recordings to write one for. */
    private static final class What {
        @Parameters(index = "0", arity = "1", paramLabel = "STUDY.yaml", description = "the study")
        private Path study;

        @Option(
                names = "--init",
                paramLabel = "FOLDER",
                description =
                        "instead: writes a commented study of the recordings in a folder, to -o or standard output")
        private Path init;
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "where the results go; default: the study's name without its ending")
    private Path output;

    @Option(names = "--dry-run", description = "prints what would be replayed and what is there already, and stops")
    private boolean isDry;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "threads that replay; default: one a CPU. The result does not depend on it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--executor",
            paramLabel = "NAME",
            description = "where replays run: local, or what else is on the class path; default: local")
    private String executor = "local";

    @Option(
            names = "--spark",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "MASTER",
            description = {
                "replays on a Spark cluster: prints the spark-submit line and runs it where there is a spark-submit (in"
                        + " SPARK_HOME or on the search path). MASTER as for spark-submit: spark://HOST:PORT, yarn, k8s://...,"
                        + " local[N]; default: as Spark is set up. With --dry-run the line is only printed."
            })
    private String spark;

    @Override
    public Integer call() throws IOException {
        Main.requireOneOrMore(spec, "--threads");
        if (what.init != null) {
            return init();
        }
        if (spark != null) {
            return onSpark();
        }
        Study study = StudyFile.read(what.study);
        Plan plan = Plan.of(study);
        Path out = output == null ? beside(what.study) : output;
        TaskStore store = new TaskStore(out.resolve(".tasks"));
        if (isDry) {
            print(plan, store);
            return 0;
        }
        Finished finished;
        try (StudyProgress progress = new StudyProgress(plan, !executor.equals("local"))) {
            finished = Finished.run(plan, store, executor(), progress);
        } catch (TaskExecutor.GaveUp e) {
            System.err.println("tollgate: " + e.getMessage());
            return Main.CANNOT_WRITE;
        }
        finished.failed()
                .forEach((trace, reason) ->
                        System.err.println("tollgate: warning: " + trace + " is left out: " + reason));
        finished.gaps().forEach(gap -> System.err.println("tollgate: warning: " + gap));
        finished.warnings().forEach(warning -> System.err.println("tollgate: warning: " + warning));
        if (finished.workloads().isEmpty()) {
            System.err.println("tollgate: no trace could be used; nothing was written");
            return Main.BAD_INPUT;
        }
        List<Comparison.Check> checks = CompareCommand.checks();
        List<Swept> sweeps = Swept.of(study, finished);
        for (CpuProfile cpu : study.cpus()) {
            ReportFolder.write(comparison(study, cpu, finished, checks).with(sweeps), out.resolve(cpu.name()));
            System.out.println("report: " + out.resolve(cpu.name()).resolve("report.pdf"));
        }
        if (!sweeps.isEmpty()) {
            SweepFolder.write(sweeps, out.resolve("sweeps"));
            System.out.println("sweeps: " + out.resolve("sweeps").resolve("sweep.csv"));
        }
        return finished.failed().isEmpty() ? 0 : Main.BAD_INPUT;
    }

    private static Comparison comparison(
            Study study, CpuProfile cpu, Finished finished, List<Comparison.Check> checks) {
        List<Comparison.Workload> workloads = new ArrayList<>();
        for (String trace : finished.workloads()) {
            Replayed replayed = finished.own(trace, cpu.name());
            workloads.add(replayed.price(trace, cpu, study.draws(), study.seed()));
        }
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("tollgate", Version.number());
        if (!study.title().isEmpty()) {
            provenance.put("study", study.title());
        }
        provenance.put("cpu profile", cpu.name());
        provenance.put("seed", String.valueOf(study.seed()));
        provenance.put("draws", String.valueOf(study.draws()));
        List<String> strategies = workloads.get(0).strategies().stream()
                .map(Comparison.Strategy::name)
                .toList();
        provenance.put("strategies", String.join(" ", strategies));
        if (strategies.contains(Mainline.NAME)) {
            provenance.put(Mainline.NAME, Mainline.reason(cpu.features()));
        }
        finished.failed().forEach((trace, reason) -> provenance.put("left out: " + trace, reason));
        return new Comparison(
                cpu.summary(workloads, study.draws(), study.seed()),
                workloads,
                TraceRun.includes(),
                TraceRun.excludes(),
                provenance,
                checks);
    }

    private static void print(Plan plan, TaskStore store) {
        int there = 0;
        for (TraceTask task : plan.tasks()) {
            boolean isThere = store.find(task).isPresent();
            there += isThere ? 1 : 0;
            System.out.println((isThere ? "done  " : "replay") + "  " + task.trace() + "  for "
                    + String.join(", ", plan.cpus(task)));
            for (StrategyText strategy : task.strategies()) {
                System.out.println("          " + strategy.strategy().name());
            }
        }
        plan.failed().forEach((trace, reason) -> System.out.println("fails   " + trace + ": " + reason));
        System.out.println(plan.tasks().size() + " tasks, " + there + " of them done already");
    }

    private TaskExecutor executor() {
        try {
            return TaskExecutor.named(executor, threads);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private int onSpark() throws IOException {
        if (!spark.isEmpty() && !SparkSubmit.isMaster(spark)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected a Spark master after --spark (spark://HOST:PORT, yarn, k8s://..., local[N]), found '"
                            + spark + "'");
        }
        if (!Files.isRegularFile(what.study)) {
            StudyFile.read(what.study); // says what is wrong
        }
        Path out = output == null ? beside(what.study) : output;
        return new SparkSubmit(spark, what.study.toAbsolutePath(), out.toAbsolutePath()).run(isDry);
    }

    private int init() throws IOException {
        if (!Files.isDirectory(what.init)) {
            throw new ParameterException(
                    spec.commandLine(), "expected a folder of recordings after --init, found '" + what.init + "'");
        }
        String text = StudyTemplate.of(what.init, output);
        if (output == null) {
            System.out.print(text);
        } else {
            Files.writeString(output, text, StandardOpenOption.CREATE_NEW);
            System.out.println("study: " + output);
        }
        return 0;
    }

    private static Path beside(Path study) {
        String name = String.valueOf(study.getFileName());
        return Path.of(name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name + "-out");
    }
}
