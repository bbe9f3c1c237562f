package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged recording is refused with the place, or with --lenient used without it, and that is said wherever it is used. */
class LenientTest {
    private static final String WHOLE = String.join(
            "\n",
            "# tracer: nop",
            "              sh-7       [000] d....     1.000000: sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)",
            "              sh-7       [000] d....     1.000010: sys_exit: NR 0 = 16",
            "              sh-7       [000] d....     1.000020: sys_enter: NR 39 (3, 7ffe, 10, 0, 0, 0)",
            "              sh-7       [000] d....     1.000030: sys_exit: NR 39 = 7",
            "");

    @TempDir
    Path folder;

    private Path damaged;
    private String printed;

    @BeforeEach
    void damage() throws IOException {
        damaged = Files.writeString(folder.resolve("a.txt"), WHOLE.replace("NR 0 = 16", "NR 0 ? 16"));
    }

    private int run(Object... arguments) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            System.setOut(both);
            System.setErr(both);
            String[] words = new String[arguments.length];
            for (int i = 0; i < words.length; i++) {
                words[i] = arguments[i].toString();
            }
            return Main.run(words);
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            // Where a line is broken says nothing.
            printed = bytes.toString(StandardCharsets.UTF_8).replaceAll("\\s+", " ");
        }
    }

    @Test
    void everyCommandRefusesItWithThePlace() throws IOException {
        String place = damaged + ":3: expected the fields of sys_exit, found 'NR 0 ? 16'";
        assertThat(run("inspect", damaged)).isEqualTo(3);
        assertThat(printed).contains(place);
        assertThat(run("convert", damaged, folder.resolve("a.csv"))).isEqualTo(3);
        assertThat(printed).contains(place);
        assertThat(run("compare", damaged, "--strategies", "kpti", "-o", folder.resolve("report")))
                .isEqualTo(3);
        assertThat(printed).contains(place);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(damaged);
        }
    }

    @Test
    void inspectTellsWhatItSkipped() {
        assertThat(run("inspect", "--lenient", damaged)).isZero();
        assertThat(printed).contains("damaged: 1 place skipped", damaged + ":3: expected the fields of sys_exit");
        assertThat(run("inspect", "--lenient", "--json", damaged)).isZero();
        assertThat(printed).contains("\"skipped\": 1").contains("\"sys_exit\": 2");
    }

    @Test
    void whatWasSkippedIsKeptInWhatItIsConvertedTo() {
        for (String name : new String[] {"a.csv", "a.toll", "a.parquet"}) {
            Path out = folder.resolve(name);
            assertThat(run("convert", "--lenient", damaged, out)).as(printed).isZero();
            assertThat(run("inspect", out)).isZero();
            assertThat(printed).as(name).contains("damaged: 1 place skipped", damaged + ":3: expected");
        }
    }

    @Test
    void compareTellsOnTheTerminalAndInTheReport() throws IOException {
        Path report = folder.resolve("report");
        assertThat(run("compare", "--lenient", damaged, "--strategies", "kpti", "-o", report))
                .as(printed)
                .isZero();
        assertThat(printed).contains("damaged, 1 times something was skipped; the first: " + damaged + ":3");
        assertThat(Files.readString(report.resolve("results.json")))
                .contains("The recording is damaged in 1 place")
                .contains("Cannot tell: page faults, interrupts, context switches, TLB flushes.");
    }
}
