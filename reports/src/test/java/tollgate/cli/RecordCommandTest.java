package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tollgate.cli.record.MadeUpMachine;
import tollgate.ingest.Sidecar;

/** The command on made-up machines: what it says, what it leaves behind and how it ends. */
class RecordCommandTest {
    @TempDir
    Path folder;

    private MadeUpMachine machine;
    private Path recording;
    private String out;
    private String err;

    @BeforeEach
    void machine() throws IOException {
        machine = new MadeUpMachine(folder).program("make", "exit 0");
        recording = folder.resolve("my.perf.data");
    }

    private int record(String... args) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
            return Main.configured(new CommandLine(new RecordCommand(machine.machine())))
                    .setStopAtPositional(true)
                    .execute(args);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            out = outBytes.toString(StandardCharsets.UTF_8);
            err = errBytes.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void aRecordingComesWithItsSidecarAndTheLineToTypeNext() throws IOException {
        machine.perf("irq_vectors:irq_work_exit");
        assertThat(record("-o", recording.toString(), "--", "make", "-j2")).isZero();
        assertThat(err.lines())
                .contains(
                        "  with      perf 6.1.2, of the whole machine",
                        "  sidecar   " + recording + ".yaml: the workload is cc1, make",
                        "  its cost  7 events of the workload took about 2.4 us of its time (1.4 us to 7.0 us)",
                        "  priced    for skylake-sp, which this machine is (Skylake server)")
                .anyMatch(
                        line -> line.startsWith("  without   irq_vectors:irq_work_entry, irq_vectors:irq_work_exit: "))
                .anyMatch(line -> line.endsWith("compare " + recording + " --cpu skylake-sp -o make-report"));
        Sidecar sidecar = Sidecar.of(recording);
        assertThat(sidecar.description()).isEqualTo("make -j2");
        assertThat(sidecar.workload().comms()).containsExactlyInAnyOrder("cc1", "make");
    }

    @Test
    void aCommandThatFailsLeavesItsRecordingAndItsExitCode() throws IOException {
        machine.perf();
        Path perf = folder.resolve("bin/perf");
        Files.writeString(perf, Files.readString(perf).replace("${EXIT:-0}", "7"));
        assertThat(record("-o", recording.toString(), "make")).isEqualTo(7);
        assertThat(err).endsWith("tollgate: the command ended with exit code 7; its recording is kept\n");
        assertThat(recording).exists();
    }

    @Test
    void aDryRunShowsTheCommandAndRunsNothing() throws IOException {
        machine.perf();
        assertThat(record("--dry-run", "-o", recording.toString(), "make", "-o", "x"))
                .isZero();
        assertThat(out).startsWith("perf record -a ").endsWith(" -o " + recording + " -- make -o x\n");
        assertThat(recording).doesNotExist();
    }

    @Test
    void whatIsNotPermittedGivesWayToTheNext() throws IOException {
        machine.perf("raw_syscalls:sys_enter")
                .program("strace", "[ \"$1\" = -V ] && echo strace -- version 6.1", "exit 0");
        assertThat(record("--dry-run", "make")).isZero();
        assertThat(out).isEqualTo("strace -f -ttt -T -o make.strace -- make\n");
        assertThat(err)
                .contains("  not with  perf: the kernel forbids it")
                .contains("  not with  trace-cmd: not on the");
    }

    @Test
    void withoutAnyRecorderItSaysWhatToInstall() {
        assertThat(record("make")).isEqualTo(4);
        assertThat(err.lines())
                .containsExactly(
                        "tollgate: nothing can be recorded here",
                        "  perf: not on the search path; install linux-perf (Debian), linux-tools-$(uname -r) (Ubuntu) or"
                                + " perf (Fedora, Arch, SUSE)",
                        "  trace-cmd: not on the search path; install trace-cmd",
                        "  strace: not on the search path; install strace");
    }

    @Test
    void aRecorderThatWritesNothingIsSaid() throws IOException {
        machine.program("strace", "[ \"$6\" = -- ] && { echo 'strace: cannot' >&2; exit 1; }", "exit 0");
        assertThat(record("--with", "strace", "-o", recording.toString(), "make"))
                .isEqualTo(4);
        assertThat(err).endsWith("tollgate: strace wrote no recording (exit code 1); what it said stands above\n");
        assertThat(folder.resolve("my.perf.data.yaml")).doesNotExist();
    }

    @Test
    void whenItsTimeIsOverTheRecorderIsAskedToStop() throws IOException {
        assumeThat(ignoresInterrupts())
                .as("a shell cannot trap a signal that was ignored when it began")
                .isFalse();
        machine.program(
                "strace",
                "[ \"$6\" = -- ] || exit 0",
                "trap 'cp " + machine.root.resolve("recording") + " '\"$5\"'; exit 130' INT",
                "while :; do sleep 0.05; done");
        Files.writeString(machine.root.resolve("recording"), MadeUpMachine.RECORDING);
        assertThat(record("--with", "strace", "--duration", "300ms", "-o", recording.toString(), "make"))
                .isZero();
        assertThat(err).contains(recording + ": 9 events in 0.00 s");
    }

    /** Whether SIGINT is ignored here, as in what a script runs in the background; the recorder inherits it. */
    private static boolean ignoresInterrupts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    /** With -Dtollgate.record=true, where perf is permitted: a real recording is compared at the first try. */
    @Test
    @EnabledIfSystemProperty(named = "tollgate.record", matches = "true")
    void aRealRecordingIsComparedAtTheFirstTry() {
        Path report = folder.resolve("report");
        assertThat(Main.run("record", "-o", recording.toString(), "--", "ls", "-R", "/usr/share/doc"))
                .isZero();
        assertThat(Main.run("compare", recording.toString(), "--strategies", "kpti", "-o", report.toString()))
                .isZero();
        assertThat(report.resolve("report.pdf")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|what shall be recorded? Give a COMMAND, --attach PID or --guest",
                "nosuch|no program 'nosuch' on the search path",
                "--attach 99|no process 99",
                "--attach 99 make|either a COMMAND or --attach, not both",
                "-o /no/such/x make|no folder /no/such for the recording; make it first",
                "--duration 5h make|Invalid value for option '--duration': expected a time such as 5s, 500ms or 2m, found"
                        + " '5h'"
            })
    void wrongUsageIsOneLine(String argsAndMessage) {
        String[] parts = argsAndMessage.split("\\|");
        assertThat(record(parts[0].isEmpty() ? new String[0] : parts[0].split(" ")))
                .isEqualTo(2);
        assertThat(err).startsWith("tollgate: " + parts[1] + "\n");
    }
}
