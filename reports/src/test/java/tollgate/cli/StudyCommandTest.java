package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.analysis.study.Study;
import tollgate.analysis.study.StudyFile;

/** A study from its file to its folder. */
class StudyCommandTest {
    @TempDir
    Path folder;

    private Path study;
    private String printed;

    @BeforeEach
    void write() throws IOException {
        StringBuilder trace = new StringBuilder("# tracer: nop\n");
        for (int i = 0; i < 200; i++) {
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_enter: NR %d (3, 7ffe, 10, 0, 0, 0)%n",
                    20 * i, i % 3));
            trace.append(String.format(
                    "              sh-7       [000] d....     1.%06d: sys_exit: NR %d = 16%n", 20 * i + 9, i % 3));
        }
        Files.writeString(folder.resolve("whole.txt"), trace);
        Files.writeString(folder.resolve("other.txt"), trace.substring(0, trace.length() / 2));
        Files.writeString(folder.resolve("torn.txt"), trace.toString().replace("NR 1 = 16", "NR 1 ? 16"));
        study = Files.writeString(
                folder.resolve("study.yaml"),
                String.join(
                        "\n",
                        "traces: [whole.txt, torn.txt, {file: other.txt, sidecar: {clock: none}}]",
                        "strategies: [kpti, sci]",
                        "cpus: [skylake-sp, zen3]",
                        "draws: 64",
                        "sweeps:",
                        "  prefill: {over: {strategy: sci, parameter: prefill, values: [0, 0.5, 1]}, traces: [whole]}",
                        "  grid:",
                        "    over: {price: cr3_write_noflush, from: 50, to: 800, steps: 3, scale: log}",
                        "    and: {model: user_pages, values: [0.6, 1.6]}",
                        "    traces: [whole]",
                        "    cpus: [zen3]"));
    }

    private int run(Object... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            System.setOut(both);
            System.setErr(both);
            return Main.run(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            printed = bytes.toString(StandardCharsets.UTF_8);
        }
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

    /** With one thread and with three; anew, and taken up where all but one task was done, one of them to no avail. */
    @Test
    void theSameStudyGivesTheSameBytes() throws IOException {
        Path one = folder.resolve("one");
        Path three = folder.resolve("three");
        assertThat(run("study", study, "-o", one, "--threads", 1)).isEqualTo(3);
        assertThat(printed)
                .contains("torn is left out: " + folder.resolve("torn.txt")
                        + ":5: expected the fields of sys_exit, found 'NR 1 ? 16'");
        assertThat(run("study", study, "-o", three, "--threads", 3)).isEqualTo(3);
        Map<String, String> first = contents(one);
        assertThat(contents(three)).isEqualTo(first);
        assertThat(first.keySet())
                .contains(
                        "skylake-sp/report.pdf",
                        "zen3/results.csv",
                        "sweeps/sweep.csv",
                        "zen3/figures/sweep-prefill-whole.svg",
                        "zen3/figures/sweep-grid-whole-1.pdf")
                .doesNotContain("skylake-sp/figures/sweep-grid-whole-1.pdf");
        assertThat(CsvFigures.check(one)).isGreaterThan(100);
        hasARowForEachValue(first.get("sweeps/sweep.csv").lines().toList());
        assertThat(first.get("zen3/results.json")).contains("left out: torn").doesNotContain("\"name\": \"torn\"");

        List<String> tasks =
                first.keySet().stream().filter(name -> name.endsWith(".task")).toList();
        assertThat(tasks).hasSize(6); // two traces and two sweeps of one of them, on two machines
        Files.delete(one.resolve(tasks.get(0)));
        byte[] bytes = Files.readAllBytes(one.resolve(tasks.get(1)));
        bytes[bytes.length / 2] ^= 4;
        Files.write(one.resolve(tasks.get(1)), bytes);
        assertThat(run("study", study, "-o", one, "--dry-run")).isZero();
        assertThat(printed).contains("8 tasks, 4 of them done already");
        assertThat(run("study", study, "-o", one)).isEqualTo(3);
        assertThat(contents(one)).isEqualTo(first);
    }

    /** 2 strategies x 3 values on 2 CPUs, and 2 x 3 x 2 on one; every figure with interval and unit. */
    private static void hasARowForEachValue(List<String> rows) {
        assertThat(rows).hasSize(1 + 12 + 12);
        assertThat(rows.get(0))
                .isEqualTo("sweep,workload,strategy,cpu,parameter,parameter_value,parameter_unit,second_parameter,"
                        + "second_value,second_unit,metric,value,low,high,unit,note");
        assertThat(rows.subList(1, rows.size())).allSatisfy(row -> {
            String[] cells = row.split(",");
            double value = Double.parseDouble(cells[11]);
            assertThat(value).isBetween(Double.parseDouble(cells[12]), Double.parseDouble(cells[13]));
            assertThat(cells[14]).isEqualTo("cycles");
        });
    }

    @Test
    void aStudyThatIsWrittenForAFolderCanBeRun() throws IOException {
        Path written = folder.resolve("written.yaml");
        assertThat(run("study", "--init", folder, "-o", written)).isZero();
        assertThat(run("study", written, "--dry-run")).isZero();
        assertThat(printed).contains("whole.txt", "6 tasks, 0 of them done already");
        assertThat(run("study", "--init", folder, "-o", written))
                .as("nothing is overwritten")
                .isEqualTo(4);
    }

    @Test
    void aStudyOfRecordingsWithAnyNamesCanBeRun() throws IOException {
        String name = "a\\b \"q\" \u00fc";
        Path own = Files.createDirectory(folder.resolve("own"));
        Files.copy(folder.resolve("whole.txt"), own.resolve(name + ".txt"));
        Path written = folder.resolve("written.yaml");
        assertThat(run("study", "--init", own, "-o", written)).isZero();
        assertThat(StudyFile.read(written).traces())
                .extracting(Study.Trace::name, Study.Trace::location)
                .containsExactly(tuple(name, own.resolve(name + ".txt").toString()));
    }

    @Test
    void anExecutorThatIsNotThereIsWrongUsage() {
        assertThat(run("study", study, "--executor", "spork", "-o", folder.resolve("out")))
                .isEqualTo(2);
        assertThat(printed).contains("unknown executor 'spork'; known: local");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    /** The study swallowed as the master, say. */
    @Test
    void aWordThatIsNoSparkMasterIsWrongUsage() {
        assertThat(run("study", study, "--spark", "head:7077")).isEqualTo(2);
        assertThat(printed).contains("expected a Spark master after --spark", "found 'head:7077'");
    }

    /** What only a cluster reads is told where it stands, and nothing runs. */
    @Test
    void anAddressOfAClusterIsRefusedHere() throws IOException {
        Path far = Files.writeString(folder.resolve("far.yaml"), "traces: [\"hdfs://cluster/a.toll\"]\n");
        assertThat(run("study", far, "-o", folder.resolve("out"))).isEqualTo(3);
        assertThat(printed)
                .contains("far.yaml:1:10: hdfs://cluster/a.toll: expected a path, since only a study on a cluster reads"
                        + " 'hdfs:' (tollgate study --spark)");
    }

    /** The demonstration, over the recordings that come with Tollgate; run as a whole by {@code .ci/run}. */
    @Test
    void theDemonstrationCanBeRun() {
        assertThat(run("study", Path.of("..", "traces", "demo.yaml"), "-o", folder.resolve("demo"), "--dry-run"))
                .isZero();
        assertThat(printed).contains("redis", "kvm-intel", "11 tasks, 0 of them done already");
    }
}
