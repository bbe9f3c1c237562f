package tollgate.reports.chart;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The type of every figure: Liberation Sans from the class path, so that a machine's own fonts, or their
 * absence, change nothing. Measured without hinting or anti-aliasing, so widths are the same everywhere.
 *
 * <p>The JDK refuses even a bundled font where fontconfig or its fonts are missing, as in small
 * containers. A two-line configuration handed over before the first use of AWT avoids that; the property is
 * internal to the JDK, hence the test.
 */
public final class Fonts {
    /** Type size of all labels, points: the smallest that common author kits accept in figures. */
    static final float SIZE = 7;

    private static final FontRenderContext MEASURE =
            new FontRenderContext(null, /* antialiased */ false, /* fractional metrics */ true);

    /** The first character that may stand over another. */
    private static final int COMBINING = 0x300;

    /** Widths of the characters before {@link #COMBINING} that were asked for; a race fills in the same. */
    private static final Map<Font, double[]> ADVANCES = new ConcurrentHashMap<>();

    static {
        prepareAwt();
    }

    public static final Font REGULAR = load("Regular", Font.PLAIN);
    public static final Font BOLD = load("Bold", Font.BOLD);
    public static final Font ITALIC = load("Italic", Font.ITALIC);

    private Fonts() {}

    /** Bytes of a face of Liberation Sans: "Regular", "Bold", "Italic", "BoldItalic". The caller closes. */
    public static InputStream open(String face) {
        InputStream stream = Fonts.class.getResourceAsStream("/liberation/LiberationSans-" + face + ".ttf");
        if (stream == null) {
            throw new IllegalStateException("LiberationSans-" + face + ".ttf is missing from the class path");
        }
        return stream;
    }

    /**
     * Width of a text, points. The JDK lays every text out anew, which takes most of the time of a report; but as far as
     * {@link #COMBINING} a text is as wide as its letters, since nothing is kerned, and these are kept.
     */
    public static double width(String text, Font font) {
        double[] advances = ADVANCES.computeIfAbsent(font, any -> new double[COMBINING]);
        double width = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= COMBINING) {
                return laidOut(text, font);
            }
            if (advances[c] == 0) {
                advances[c] = laidOut(String.valueOf(c), font);
            }
            width += advances[c];
        }
        return width;
    }

    private static double laidOut(String text, Font font) {
        return font.getStringBounds(text, MEASURE).getWidth();
    }

    /** Foreign text made fit for this type: what it has no glyph for becomes its code, control characters too. */
    public static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (!Character.isISOControl(c) && REGULAR.canDisplay(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format("\\u{%x}", c));
            }
        });
        return shown.toString();
    }

    /** The text in lines no wider than asked for, broken after punctuation if it can be, else anywhere. */
    static List<String> wrap(String text, Font font, double width) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (width(rest, font) > width && rest.length() > 1) {
            int fits = rest.length() - 1;
            while (fits > 1 && width(rest.substring(0, fits), font) > width) {
                fits--;
            }
            int cut = fits;
            while (cut > 1 && " ,;/-(_=+".indexOf(rest.charAt(cut - 1)) < 0) {
                cut--;
            }
            if (cut <= 1) {
                cut = Character.isHighSurrogate(rest.charAt(fits - 1)) && fits > 1 ? fits - 1 : fits;
            }
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).stripLeading();
        }
        lines.add(rest);
        return lines;
    }

    private static void prepareAwt() {
        System.setProperty("java.awt.headless", "true");
        if (System.getProperty("sun.awt.fontconfig") != null
                || !System.getProperty("os.name").startsWith("Linux")) {
            return;
        }
        try {
            Path file = Files.createTempFile("tollgate-fonts", ".properties");
            file.toFile().deleteOnExit();
            Files.writeString(file, "version=1\nsequence.allfonts=default\n");
            System.setProperty("sun.awt.fontconfig", file.toString());
        } catch (IOException e) {
            // No temporary folder: fonts work all the same wherever fontconfig is complete, which is nearly everywhere.
        }
    }

    private static Font load(String face, int style) {
        try (InputStream stream = open(face)) {
            return Font.createFont(Font.TRUETYPE_FONT, stream).deriveFont(style, SIZE);
        } catch (FontFormatException e) {
            throw new IllegalStateException("LiberationSans-" + face + ".ttf cannot be used", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
