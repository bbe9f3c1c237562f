package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bash offers at the tab key, asked of bash itself. */
class CompletionTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "rec, tollgate, record",
                "comp, tollgate, compare",
                "--gu, tollgate record, --guest",
                "tr, tollgate record --with, trace-cmd",
                "--strat, tollgate compare, --strategies"
            })
    void bashCompletesCommandsOptionsAndValues(String typed, String before, String expected) throws Exception {
        assumeThat(Path.of("/bin/bash")).isExecutable();
        assertThat(offered(before, typed)).contains(expected);
    }

    private static String script() {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            assertThat(Main.run("generate-completion")).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private String offered(String before, String typed) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("completion"), script());
        String[] words = before.split(" ");
        String ask = ". " + script + "; COMP_WORDS=(" + before + " " + typed + "); COMP_CWORD=" + words.length
                + "; _complete_tollgate; printf '%s\\n' \"${COMPREPLY[@]}\"";
        Process bash = new ProcessBuilder("/bin/bash", "-c", ask)
                .redirectErrorStream(true)
                .start();
        bash.getOutputStream().close();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        bash.waitFor();
        return said;
    }
}
