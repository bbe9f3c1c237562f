package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Words that mean nothing are refused before anything is read or written, and never taken for something else. */
class MistakesTest {
    @TempDir
    Path folder;

    private String said;

    /** @return the exit code */
    private int run(String... words) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            System.setOut(both);
            System.setErr(both);
            return Main.run(words);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            said = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--threads | 0 | --threads must be 1 or more, not 0",
                "--threads | -2 | --threads must be 1 or more, not -2",
                "--sample | 0 | --sample must be 1 or more, not 0",
                "--sample | -3 | --sample must be 1 or more, not -3",
                "--strategies | mainline-ktpi | unknown strategy 'ktpi'; did you mean 'kpti'?",
                "--strategies | ktpi | unknown strategy 'ktpi'; did you mean 'kpti'?"
            })
    void wordsOfAComparison(String option, String value, String message) throws IOException {
        Path trace = Files.writeString(folder.resolve("a.csv"), "time_ns,kind\n1,EXIT\n");
        Path report = folder.resolve("report");
        assertThat(run("compare", trace.toString(), option, value, "-o", report.toString()))
                .isEqualTo(2);
        assertThat(said).startsWith("tollgate: " + message).endsWith("see 'tollgate compare --help'\n");
        assertThat(report).doesNotExist();
    }

    /** Before the recording, which is none, is looked at: a replay may take hours. */
    @Test
    void aFolderThatCannotBecomeAReportIsToldFirst() throws IOException {
        Path trace = Files.createFile(folder.resolve("a.csv"));
        Path thesis = Files.createFile(folder.resolve("thesis.tex"));
        assertThat(run("compare", trace.toString(), "-o", thesis.toString())).isEqualTo(Main.CANNOT_WRITE);
        assertThat(said).contains("thesis.tex: is not a folder");
        assertThat(run("compare", trace.toString(), "-o", folder.toString())).isEqualTo(Main.CANNOT_WRITE);
        assertThat(said).contains("a.csv: is not part of a report and would be lost");
        assertThat(run(
                        "compare",
                        trace.toString(),
                        "-o",
                        folder.resolve("report").toString()))
                .isEqualTo(Main.BAD_INPUT);
    }

    @Test
    void aTextReadAsAnotherFormatThanItsOwnIsNoRecordingOfNothing() throws IOException {
        Path trace = Files.writeString(
                folder.resolve("a.txt"), "sh 7 [000] 1.000000: raw_syscalls:sys_enter: NR 0 (3, 7f, 10, 0, 0, 0)\n");
        Path report = folder.resolve("report");
        assertThat(run("compare", trace.toString(), "--format", "strace", "-o", report.toString()))
                .isEqualTo(Main.BAD_INPUT);
        assertThat(said)
                .isEqualTo("tollgate: " + trace
                        + ": expected events, found none in what was read as strace; see what 'tollgate inspect' says of"
                        + " it\n");
        assertThat(report).doesNotExist();
    }

    @Test
    void aWorkloadThatIsNotInTheRecordingIsToldWhereItIsNamed() throws IOException {
        Path trace = Files.writeString(
                folder.resolve("a.csv"),
                "time_ns,cpu,tid,comm,kind,code,a\n1000,0,7,sh,SYSCALL_ENTER,0,3\n2000,0,7,sh,SYSCALL_EXIT,0,1\n"
                        + "3000,0,7,sh,SWITCH,83,0\n");
        Files.writeString(folder.resolve("a.yaml"), "workload: {comm: [hs]}\n");
        Path report = folder.resolve("report");
        assertThat(run("compare", trace.toString(), "--strategies", "kpti", "-o", report.toString()))
                .isZero();
        assertThat(said.replaceAll("\\s+", " "))
                .contains("cannot tell: the workload never ran; see 'workload' and 'region' of its sidecar report:");
    }

    @Test
    void aStudyNeedsAThread() {
        assertThat(run("study", folder.resolve("s.yaml").toString(), "--threads", "0"))
                .isEqualTo(2);
        assertThat(said).startsWith("tollgate: --threads must be 1 or more, not 0\n");
    }

    @Test
    void aPlaceWhereNoFolderCanBeMadeIsToldFirst() throws IOException {
        Path file = Files.createFile(folder.resolve("a.txt"));
        Path inFile = file.resolve("report");
        assertThat(run("validate", "-o", inFile.toString())).isEqualTo(Main.CANNOT_WRITE);
        assertThat(said)
                .startsWith("tollgate: " + inFile + ": no folder can be made in " + file)
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"compare", "inspect", "convert"})
    void aFormatThatIsNoneIsWrongUsage(String command) throws IOException {
        Path trace = Files.writeString(folder.resolve("a.csv"), "time_ns,kind\n1,EXIT\n");
        String out = command.equals("convert") ? folder.resolve("a.toll").toString() : trace.toString();
        assertThat(run(command, trace.toString(), out, "--format", "ftrase")).isEqualTo(2);
        assertThat(said)
                .startsWith("tollgate: --format: unknown format 'ftrase'; known: csv, ")
                .endsWith("see 'tollgate " + command + " --help'\n");
    }

    @Test
    void footprintsThatAreNotThereAreToldBeforeAnythingElse() {
        assertThat(run("validate", "--footprints", folder.toString())).isEqualTo(Main.BAD_INPUT);
        assertThat(said)
                .isEqualTo("tollgate: " + folder
                        + ": expected a folder with traces/*.pgt.zst, found none; check the path\n");
    }
}
