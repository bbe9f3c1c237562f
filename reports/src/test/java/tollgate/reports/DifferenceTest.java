package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure.Estimate;
import tollgate.ingest.BadInput;

final class DifferenceTest {
    private static final String KEPT = "\"overhead\": {\"value\": 10, \"low\": 8, \"high\": 12, \"unit\": \"%\"}";

    @TempDir
    Path home;

    private String json;

    /** One workload, two strategies, the overhead of both 10 % [8, 12]. */
    @BeforeEach
    void write() throws IOException {
        StringBuilder text = new StringBuilder();
        Json.results(SampleComparison.of(1, 2), text);
        json = text.toString().replaceAll("\"overhead\": \\{\"value\": 0\\.[^}]*}", KEPT);
        assertThat(json.split("\"value\": 10, ")).hasSize(3);
    }

    @Test
    void theSameResultDoesNotDiffer() throws IOException {
        Difference none = change("", "");
        assertThat(none.differs()).isEmpty();
        assertThat(none.moved()).isEmpty();
        assertThat(none.order()).isEmpty();
        assertThat(none.within()).isZero();
        // Nine metrics of three, and six more of the baseline, which has a figure for each: five against mainline, one
        // of prices.
        assertThat(none.same()).isEqualTo(3 * 9 + 6);
    }

    @Test
    void aValueInsideTheOthersIntervalIsNoise() throws IOException {
        Difference difference = change(KEPT, KEPT.replace("10", "11.9"));
        assertThat(difference.moved()).isEmpty();
        assertThat(difference.within()).isEqualTo(1);
    }

    @Test
    void aValueOutsideItHasMoved() throws IOException {
        Difference difference = change(KEPT, KEPT.replace("10", "13").replace("12", "20"));
        assertThat(difference.moved()).singleElement().satisfies(move -> {
            assertThat(move.metric()).isEqualTo("overhead");
            assertThat(move.strategy()).isEqualTo("kpti");
            assertThat(move.kind()).isEqualTo("moved");
            assertThat(move.before()).isEqualTo(new Estimate(10, 8, 12));
            assertThat(move.after()).isEqualTo(new Estimate(13, 8, 20));
        });
    }

    @Test
    void intervalsApartHaveClearlyMoved() throws IOException {
        String far = "\"overhead\": {\"value\": 15, \"low\": 13, \"high\": 17, \"unit\": \"%\"}";
        assertThat(print(change(KEPT, far))).isEqualTo("""
                        made-up web server, kpti
                          overhead, %: 10.0 [8.0, 12.0] -> 15.0 [13.0, 17.0]  (clearly)
                        figures moved beyond noise: 1; within it: 0; not at all: 32; pairs of strategies whose order \
                        changed, or its certainty: 0
                        """);
    }

    @Test
    void whatCanNoLongerBeToldIsSaid() throws IOException {
        assertThat(print(change(KEPT, "\"overhead\": {\"cannotTell\": \"no clock\"}")))
                .contains("overhead, %: 10.0 [8.0, 12.0] -> cannot tell  (only one of the two can tell)");
    }

    @Test
    void runsThatAreNotAlikeSaySoFirst() throws IOException {
        assertThat(change("\"seed\": \"7\"", "\"seed\": \"8\"").differs()).containsExactly("seed: 7, then 8");
        assertThat(change("\"made-up-lake\"", "\"other\"").differs()).containsExactly("CPU: made-up-lake, then other");
        assertThat(change("\"sha256\": \"9e", "\"sha256\": \"9f").differs())
                .containsExactly("recording of made-up web server: another file (sha-256)");
        assertThat(change("\"name\": \"kvm-asi\"", "\"name\": \"asi\"").onlyIn())
                .containsExactly(
                        "made-up web server, strategy kvm-asi: only in the first",
                        "made-up web server, strategy asi: only in the second");
    }

    @Test
    void anotherCpuIsSaidOnce() throws IOException {
        Map<String, Results.Workload> none = Map.of();
        assertThat(Difference.between(
                                new Results("zen3", Map.of("cpu profile", "zen3"), none),
                                new Results("zen2", Map.of("cpu profile", "zen2"), none))
                        .differs())
                .containsExactly("CPU: zen3, then zen2");
        assertThat(Difference.between(
                                new Results("zen3", Map.of("cpu profile", "zen3, ghz 3"), none),
                                new Results("zen3", Map.of("cpu profile", "zen3, ghz 4"), none))
                        .differs())
                .containsExactly("cpu profile: zen3, ghz 3, then zen3, ghz 4");
    }

    /** kpti and kvm-asi: kvm-asi adds 0.05 to 0.2 more in the same draws, whatever their intervals. */
    @Test
    void theOrderIsJudgedInTheSameDraws() throws IOException {
        String pair = "\"difference\": ";
        String decided = json.replaceFirst(pair + "\\{[^}]*}", pair + "{\"value\": 1, \"low\": 0.5, \"high\": 2}");
        String open = json.replaceFirst(pair + "\\{[^}]*}", pair + "{\"value\": 1, \"low\": -0.5, \"high\": 2}");
        Difference difference = Difference.between(
                Files.writeString(home.resolve("a"), decided), Files.writeString(home.resolve("b"), open));
        assertThat(difference.moved()).isEmpty();
        assertThat(difference.order())
                .containsExactly(
                        new Difference.Order("made-up web server", "kpti", "kvm-asi", "kpti < kvm-asi", "open"));
    }

    @Test
    void strangeNamesAreReadAsTheyWereWritten() throws IOException {
        Comparison nasty = SampleComparison.nasty();
        StringBuilder text = new StringBuilder();
        Json.results(nasty, text);
        Path file = Files.writeString(home.resolve("nasty.json"), text);
        Results read = Results.read(file);
        assertThat(read.workloads().keySet())
                .containsExactlyElementsOf(nasty.workloads().stream()
                        .map(Comparison.Workload::name)
                        .toList());
        assertThat(Difference.between(file, file).moved()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "null",
                "{\"schema\": \"urn:tollgate:results:2\"}",
                "\u0000",
                "&a [*a]",
                "{\"schema\": \"urn:tollgate:results:1\", \"cpu\": 3}"
            })
    void whatIsNoResultIsBadInput(String text) throws IOException {
        Path file = Files.writeString(home.resolve("x.json"), text);
        assertThatThrownBy(() -> Difference.between(file, file))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void whatIsWrongWithAResultIsSaidInOneLine() throws IOException {
        String wayOut = "; expected a report's results.json, as compare writes it";
        assertRefused("[".repeat(200_000), "nested too deeply" + wayOut);
        assertRefused("{\"a\": 1,\n\"a\": 2}", "is not JSON: found duplicate key a in line 2" + wayOut);
        Path latin = Files.write(home.resolve("x.json"), new byte[] {'"', (byte) 0xe9, '"'});
        assertThatThrownBy(() -> Difference.between(latin, latin))
                .isInstanceOf(BadInput.class)
                .hasMessage(latin + ": is not JSON: no UTF-8 text" + wayOut);
    }

    private void assertRefused(String text, String why) throws IOException {
        Path file = Files.writeString(home.resolve("x.json"), text);
        assertThatThrownBy(() -> Difference.between(file, file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ": " + why);
    }

    private Difference change(String from, String to) throws IOException {
        Path before = Files.writeString(home.resolve("before.json"), json);
        int at = from.isEmpty() ? 0 : json.indexOf(from);
        String changed = json.substring(0, at) + to + json.substring(at + from.length());
        return Difference.between(before, Files.writeString(home.resolve("after.json"), changed));
    }

    private static String print(Difference difference) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        difference.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
