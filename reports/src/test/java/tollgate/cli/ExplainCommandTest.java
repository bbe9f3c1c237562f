package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.replay.Blueprint;
import tollgate.replay.Parameter;
import tollgate.replay.Strategies;

class ExplainCommandTest {
    static Stream<Blueprint> strategies() {
        return Strategies.all().stream();
    }

    private static String explained(String name, int code) {
        PrintStream before = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            assertThat(Main.run("explain", name)).isEqualTo(code);
        } finally {
            System.setOut(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void everyStrategySaysAllAboutItselfInLinesOfATerminal(Blueprint blueprint) {
        String text = explained(blueprint.name(), 0);
        assertThat(text).startsWith(blueprint.name() + System.lineSeparator());
        assertThat(text).contains("origin", "criticism", "protects", "at each event", "views", "parameters");
        for (Parameter parameter : blueprint.parameters()) {
            assertThat(text).contains(parameter.name() + "=" + parameter.standard());
        }
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    }

    @Test
    void theEventTableAndViewsAreThoseThatAreReplayed() {
        String kpti = explained("kpti(nmi_write=false)", 0);
        assertThat(kpti)
                .contains(String.join(
                        System.lineSeparator(),
                        "  user entry",
                        "    cr3 read",
                        "    load kernel, entries kept",
                        "  user return",
                        "    cr3 read",
                        "    load user, flushed if deferred",
                        "  kernel entry",
                        "    if an NMI: {cr3 read}",
                        ""));
        assertThat(kpti).contains("  ENTRY          G      G").contains("  K_TEXT         M      -");
        assertThat(explained("sci", 0)).contains("  K_TASK_CUR     M      p").contains("  K_TEXT         M      d");
    }

    @Test
    void aCombinationIsExplainedWithItsParts() {
        assertThat(explained("kpti+kvm-asi", 0)).contains("criticism of kpti", "criticism of kvm-asi");
    }

    @Test
    void whatIsNotSimulatedSaysSo() {
        for (String name : new String[] {"pks", "vmfunc", "secretmem"}) {
            assertThat(explained(name, 0)).startsWith(name + " (not simulated: no numbers)");
        }
    }

    @Test
    void anUnknownNameIsWrongUsage() {
        assertThat(explained("kpty", 2)).isEmpty();
    }
}
