package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ListCommandTest {
    @Test
    void strategiesStandByWhatTheyAreComparedAs() {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            assertThat(Main.run("list")).isZero();
        } finally {
            System.setOut(before);
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertThat(text)
                .containsSubsequence(
                        "baseline",
                        "kpti",
                        "sci",
                        "comparators",
                        "core-scheduling",
                        "ibpb",
                        "l1d-flush",
                        "nosmt",
                        "rsb-fill",
                        "stun",
                        "verw",
                        "xpfo",
                        "mainline")
                .contains("not simulated: pks,", "secretmem", "mds_thread", "full_space_time", "tornado");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
}
