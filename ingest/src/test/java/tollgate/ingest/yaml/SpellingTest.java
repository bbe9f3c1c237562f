package tollgate.ingest.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    @ParameterizedTest
    @CsvSource({
        "kpti, kpti, 0",
        "kpty, kpti, 1",
        "kptii, kpti, 1",
        "kti, kpti, 1",
        "ktpi, kpti, 1",
        "'', abc, 3",
        "abc, xyz, 3"
    })
    void distanceCountsInsertDropChangeAndSwap(String a, String b, int distance) {
        assertThat(Spelling.distance(a, b)).isEqualTo(distance);
        assertThat(Spelling.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void theNearestWordIsSuggested() {
        List<String> known = List.of("kvm-asi", "kpti", "baseline");
        assertThat(Spelling.hint("kpty", known)).isEqualTo("; did you mean 'kpti'?");
        assertThat(Spelling.hint("KPTI", known)).isEqualTo("; did you mean 'kpti'?");
        assertThat(Spelling.hint("base", known)).isEqualTo("; did you mean 'baseline'?");
        assertThat(Spelling.hint("kpti-with-pcid", known)).isEqualTo("; did you mean 'kpti'?");
        assertThat(Spelling.nearest("ba", known))
                .as("too short to begin a word")
                .isEmpty();
        assertThat(Spelling.nearest("abc", List.of("ab", "abd")))
                .as("of equals the first")
                .contains("ab");
        assertThat(Spelling.nearest("abcdef", List.of("abxyef")))
                .as("a third wrong")
                .contains("abxyef");
        assertThat(Spelling.nearest("abcdef", List.of("axxxef")))
                .as("half wrong")
                .isEmpty();
        assertThat(Spelling.hint("zebra", known)).isEqualTo("; known: baseline, kpti, kvm-asi");
        assertThat(Spelling.hint("zebra", List.of())).isEmpty();
        assertThat(Spelling.nearest("x".repeat(100_000), known)).isEmpty();
    }
}
