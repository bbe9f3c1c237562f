package tollgate.reports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.FontBoxFont;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.CIDFontMapping;
import org.apache.pdfbox.pdmodel.font.FontMapper;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.font.FontMapping;
import org.apache.pdfbox.pdmodel.font.PDCIDSystemInfo;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import tollgate.reports.chart.Fonts;

/**
 * Answers PDFBox's questions for fonts from the class path. Its own answer reads every font of the machine, leaves a
 * cache file in the user's home and depends on what it finds; our PDFs embed all their type and need none of it.
 */
final class BundledFonts implements FontMapper {
    private final TrueTypeFont regular;

    /**
     * A face to be embedded in a document, as a subset. Without ligatures: they would be looked for in every string, with
     * regular expressions, which takes a quarter of the time of a report, and a copied "fi" would be one letter.
     */
    static PDFont embed(PDDocument document, String face) throws IOException {
        install();
        return PDType0Font.load(document, parse(face), /* subset */ true);
    }

    private static TrueTypeFont parse(String face) throws IOException {
        try (InputStream stream = Fonts.open(face)) {
            TrueTypeFont font = new TTFParser().parse(new RandomAccessReadBuffer(stream));
            font.setEnableGsub(false);
            return font;
        }
    }

    private BundledFonts(TrueTypeFont regular) {
        this.regular = regular;
    }

    /** From now on in this process. */
    static void install() {
        Once.INSTALLED.getClass();
    }

    /** Installs when first used. */
    private static final class Once {
        static final BundledFonts INSTALLED = load();

        private static BundledFonts load() {
            try {
                BundledFonts fonts = new BundledFonts(parse("Regular"));
                FontMappers.set(fonts);
                return fonts;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public FontMapping<TrueTypeFont> getTrueTypeFont(String name, PDFontDescriptor descriptor) {
        return new FontMapping<>(regular, /* fallback, which is warned of */ false);
    }

    @Override
    public FontMapping<FontBoxFont> getFontBoxFont(String name, PDFontDescriptor descriptor) {
        return new FontMapping<>(regular, /* fallback, which is warned of */ false);
    }

    @Override
    public CIDFontMapping getCIDFont(String name, PDFontDescriptor descriptor, PDCIDSystemInfo system) {
        return new CIDFontMapping(null, regular, /* fallback */ true);
    }
}
