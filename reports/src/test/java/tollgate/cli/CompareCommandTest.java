package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What compare refuses before it reads anything. */
final class CompareCommandTest {
    @TempDir
    Path folder;

    @Test
    void noStretchInNoneIsNoShare() {
        for (String every : new String[] {"0", "-4"}) {
            StringWriter said = new StringWriter();
            int code = Main.configured(Main.commands())
                    .setErr(new PrintWriter(said))
                    .execute(
                            "compare",
                            "none.txt",
                            "--sample",
                            every,
                            "-o",
                            folder.resolve("report").toString());
            assertThat(code).isEqualTo(2);
            assertThat(said.toString().lines()).startsWith("tollgate: --sample must be 1 or more, not " + every);
            assertThat(Files.exists(folder.resolve("report"))).isFalse();
        }
    }
}
