package tollgate.reports.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class FontsTest {
    /** Advance widths in LiberationSans-Regular.ttf, of 2048 to the em: k 1024, p 1139, t 569, i 455. */
    @Test
    void widthsAreTheFontsOwn() {
        assertThat(Fonts.width("kpti", Fonts.REGULAR)).isCloseTo((1024 + 1139 + 569 + 455) * 7 / 2048.0, within(0.01));
    }

    @Test
    void aTextIsAsWideAsTheJdkLaysItOut() {
        FontRenderContext measure = new FontRenderContext(null, false, /* fractional */ true);
        for (Font font : List.of(Fonts.REGULAR, Fonts.BOLD, Fonts.ITALIC, Fonts.REGULAR.deriveFont(5f))) {
            for (String text : List.of(
                    "AVAToWaffle. 12\u00a0300 [0.5, 1.25] %",
                    "\u00e9\u00fc\u0142 fi", "e\u0301\u05e9\u05dc", "", " a ")) {
                assertThat(Fonts.width(text, font))
                        .as(text)
                        .isCloseTo(font.getStringBounds(text, measure).getWidth(), within(0.001));
            }
        }
    }

    @Test
    void theFacesAreTheBundledOnes() {
        assertThat(List.of(Fonts.REGULAR, Fonts.BOLD, Fonts.ITALIC))
                .extracting(font -> font.getFamily())
                .containsOnly("Liberation Sans");
        assertThat(Fonts.BOLD.isBold()).isTrue();
        assertThat(Fonts.ITALIC.isItalic()).isTrue();
    }

    /** Without it the JDK loads no font, not even a bundled one, where fontconfig is missing. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void awtIsToldToDoWithoutFontconfig() {
        assertThat(Fonts.REGULAR).isNotNull();
        assertThat(System.getProperty("sun.awt.fontconfig")).isNotEmpty();
        assertThat(System.getProperty("java.awt.headless")).isEqualTo("true");
    }

    @Test
    void linesBreakAfterPunctuationAndElseAnywhere() {
        assertThat(Fonts.wrap("asi(year=2025, flush=every transition)", Fonts.REGULAR, 80))
                .containsExactly("asi(year=2025, flush=", "every transition)");
        assertThat(Fonts.wrap("xxxxxxxxxx", Fonts.REGULAR, 4 * 3.6)).containsExactly("xxxx", "xxxx", "xx");
        assertThat(Fonts.wrap("", Fonts.REGULAR, 10)).containsExactly("");
        assertThat(Fonts.wrap("short", Fonts.REGULAR, 100)).containsExactly("short");
    }

    @Test
    void whatTheTypeLacksIsSpelledOut() {
        assertThat(Fonts.printable("a\u0000\u4e2d\ud83d\ude00\u00e9")).isEqualTo("a\\u{0}\\u{4e2d}\\u{1f600}\u00e9");
    }
}
