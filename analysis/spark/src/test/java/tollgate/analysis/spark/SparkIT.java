package tollgate.analysis.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies on Spark, from the command line to their folders: what they give is what the local pool gives. */
class SparkIT {
    private static final Pattern PROGRESS = Pattern.compile("tollgate: (\\d+) of (\\d+) tasks: .*");

    @TempDir
    Path folder;

    private Loopback spark;
    private Path study;

    @BeforeEach
    void write() throws IOException {
        spark = new Loopback(folder);
        StringBuilder trace = new StringBuilder("# tracer: nop\n");
        for (int i = 0; i < 200; i++) {
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_enter: NR %d (3, 7ffe, 10, 0, 0, 0)%n",
                    20 * i, i % 3));
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_exit: NR %d = 16%n", 20 * i + 9, i % 3));
        }
        Path traces = Files.createDirectory(folder.resolve("traces"));
        Files.writeString(traces.resolve("whole.txt"), trace);
        Files.writeString(traces.resolve("whole.yaml"), "description: told by its sidecar\nclock: none\n");
        Files.writeString(traces.resolve("other.txt"), trace.substring(0, trace.length() / 2));
        Files.writeString(traces.resolve("torn.txt"), trace.toString().replace("NR 1 = 16", "NR 1 ? 16"));
        study = Files.writeString(
                folder.resolve("study.yaml"),
                String.join(
                        "\n",
                        "traces: [traces/whole.txt, traces/torn.txt, traces/other.txt]",
                        "strategies: [kpti, sci]",
                        "cpus: [skylake-sp, zen3]",
                        "draws: 64",
                        "sweeps:",
                        "  prefill: {over: {strategy: sci, parameter: prefill, values: [0, 0.5]}, traces: [whole]}"));
    }

    private Program tollgate(String said, Object... arguments) throws IOException {
        return Program.tollgate(folder.resolve(said + ".txt"), spark.environment(), arguments);
    }

    private static Map<String, String> contents(Path top) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(top)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        top.relativize(file).toString(),
                        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }

    private Map<String, String> locally(Path study, int code) throws Exception {
        try (Program local = tollgate("local", "study", study, "-o", folder.resolve("local"))) {
            assertThat(local.await()).as(local.said()).isEqualTo(code);
        }
        return contents(folder.resolve("local"));
    }

    /** The demonstration, on two cores of one JVM and on two workers, one of which dies when half of the tasks are done. */
    @Test
    void theDemonstrationGivesTheSameBytesWhereverItRuns() throws Exception {
        Path demo = Program.TOP.resolve("traces/demo.yaml");
        Map<String, String> expected = locally(demo, 0);
        assertThat(expected).containsKeys("skylake-sp/results.csv", "sweeps/sweep.csv");

        Path threads = folder.resolve("threads");
        try (Program run = tollgate("threads", "study", demo, "-o", threads, "--spark", "local[2]")) {
            assertThat(run.await()).as(run.said()).isZero();
            assertThat(contents(threads)).isEqualTo(expected);
        }

        Path cluster = folder.resolve("cluster");
        try (Loopback workers = spark;
                Program run = tollgate("cluster", "study", demo, "-o", cluster, "--spark", workers.start(2))) {
            run.await(line -> {
                Matcher matcher = PROGRESS.matcher(line);
                return matcher.matches()
                        && 2 * Integer.parseInt(matcher.group(1)) >= Integer.parseInt(matcher.group(2));
            });
            workers.worker(0).kill();
            assertThat(run.await()).as(run.said()).isZero();
            assertThat(run.said()).containsPattern("tollgate: executor \\d .* %, lost");
            assertThat(contents(cluster)).isEqualTo(expected);
        }
    }

    /** Nobody tries four times what is wrong everywhere, and the study goes on. */
    @Test
    void aCorruptTraceFailsAlone() throws Exception {
        Map<String, String> expected = locally(study, 3);
        Path out = folder.resolve("out");
        try (Program run = tollgate("spark", "study", study, "-o", out, "--spark", "local[2]")) {
            assertThat(run.await()).as(run.said()).isEqualTo(3);
            assertThat(run.said())
                    .contains("torn is left out: " + folder.resolve("traces/torn.txt")
                            + ":5: expected the fields of sys_exit, found 'NR 1 ? 16'")
                    .doesNotContain("Lost task");
        }
        assertThat(contents(out)).isEqualTo(expected);
    }

    /** Hadoop's own view of other file systems stands for any that is not this machine's; the sidecar is found there too. */
    @Test
    void tracesAreReadWhereHadoopReaches() throws Exception {
        spark.with("spark.hadoop.fs.viewfs.mounttable.far.link./traces file:" + folder.resolve("traces"));
        Map<String, String> expected = locally(study, 3);
        Path far = Files.writeString(
                folder.resolve("far.yaml"),
                Files.readString(study)
                        .replace("[traces/whole.txt, traces/torn.txt, traces/other.txt]", "[\"viewfs://far/traces\"]"));
        Path out = folder.resolve("out");
        try (Program run = tollgate("spark", "study", far, "-o", out, "--spark", "local[2]")) {
            assertThat(run.await()).as(run.said()).isEqualTo(3);
            assertThat(run.said()).contains("torn is left out: viewfs://far/traces/torn.txt:5: ");
        }
        assertThat(Files.readString(out.resolve("skylake-sp/results.csv"))
                        .lines()
                        .sorted())
                .isEqualTo(
                        expected.get("skylake-sp/results.csv").lines().sorted().toList());
        try (Program run = tollgate("alone", "study", far, "-o", folder.resolve("none"))) {
            assertThat(run.await()).isEqualTo(3);
            assertThat(run.said())
                    .contains("far.yaml:1:10: viewfs://far/traces: expected a path, since only a study on a"
                            + " cluster reads 'viewfs:'");
        }
    }

    /** Stopped after its first task, and run again: the others are replayed, and nothing else is. */
    @Test
    void aStudyThatWasStoppedGoesOn() throws Exception {
        Path demo = Program.TOP.resolve("traces/demo.yaml");
        Path out = folder.resolve("out");
        long kept;
        try (Program run = tollgate("stopped", "study", demo, "-o", out, "--spark", "local[1]")) {
            run.await(line -> PROGRESS.matcher(line).matches());
            run.stop();
            run.await();
            try (Stream<Path> tasks = Files.list(out.resolve(".tasks"))) {
                kept = tasks.filter(file -> file.toString().endsWith(".task")).count();
            }
            assertThat(kept).isPositive();
        }
        try (Program run = tollgate("again", "study", demo, "-o", out, "--spark", "local[2]")) {
            assertThat(run.await()).as(run.said()).isZero();
            Matcher all = Pattern.compile("of (\\d+) tasks: ").matcher(run.said());
            assertThat(all.find()).isTrue();
            long left = Long.parseLong(all.group(1)) - kept;
            assertThat(run.said()).contains("tollgate: executor driver").contains(": " + left + " tasks, busy ");
        }
    }
}
