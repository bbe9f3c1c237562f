package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PerfColumnsTest {
    @Property
    void sixDigitsAreWhatALoopMakesOfThem(@ForAll @IntRange(max = 999_999) int value) {
        assertThat(PerfColumns.sixDigits(word(String.format("%06d: x", value).substring(0, 8))))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12345: x", "1234567:", "12345678", "12345a: ", "12:456: ", "/23456: ", "12345\u007f: "})
    void whatIsNotSixDigitsAndAColonIsNone(String text) {
        assertThat(PerfColumns.sixDigits(word(text))).isEqualTo(-1);
    }

    @Property
    void anyOtherByteIsNoDigit(@ForAll byte other, @ForAll @IntRange(max = 5) int at) {
        byte[] bytes = "123456: ".getBytes(StandardCharsets.US_ASCII);
        bytes[at] = other;
        boolean isDigit = other >= '0' && other <= '9';
        assertThat(PerfColumns.sixDigits(Lines.word(bytes, 0)) >= 0).isEqualTo(isDigit);
    }

    private static long word(String text) {
        return Lines.word(text.getBytes(StandardCharsets.ISO_8859_1), 0);
    }
}
