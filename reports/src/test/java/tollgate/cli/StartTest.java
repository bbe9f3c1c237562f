package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

/** Help without picocli is the help of picocli. */
class StartTest {
    static Set<String> commands() {
        return HelpPages.commands().keySet();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void eachPageIsWhatPicocliPrintsColouredOrNot(String command) throws IOException {
        String page =
                (command.equals(HelpPages.TOP) ? Start.page("--help") : Start.page(command, "--help")).orElseThrow();
        assertThat(page).isEqualTo(HelpPages.commands().get(command).getUsageMessage(Ansi.ON));
        assertThat(Start.plain(page))
                .isEqualTo(HelpPages.commands().get(command).getUsageMessage(Ansi.OFF));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void noLineOfAPageIsWiderThanATerminalAndNoExampleIsBroken(String command) {
        String page = HelpPages.commands().get(command).getUsageMessage(Ansi.OFF);
        assertThat(page.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        // A line that was wrapped goes on at the margin; of AutoComplete's page the examples are its own affair.
        if (!command.equals("generate-completion")) {
            assertThat(page.lines().dropWhile(line -> !line.equals("Examples:")).skip(1))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line).matches("|  .*|'tollgate COMMAND.*"));
        }
    }

    @Test
    void withoutWordsThePageOfTheProgramIsShown() throws IOException {
        assertThat(Start.page()).isPresent().isEqualTo(Start.page("-h")).isEqualTo(Start.page("--help"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"compare", "compare traces --help", "--version", "nosuch --help", "../tollgate -h", "-h compare"
            })
    void everythingElseIsForPicocli(String words) throws IOException {
        assertThat(Start.page(words.split(" "))).isEmpty();
    }
}
