package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.graphics.PDXObject;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.interactive.documentnavigation.outline.PDOutlineItem;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Comparison;

final class ReportPdfTest {
    private static final Comparison COMPARISON = SampleComparison.usual();
    private static byte[] bytes;

    @BeforeAll
    static void write() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReportPdf.write(COMPARISON, out);
        bytes = out.toByteArray();
    }

    @Test
    void theSummaryIsTextThatCanBeFound() throws IOException {
        String text = text();
        for (String paragraph : Headline.paragraphs(COMPARISON)) {
            assertThat(squeezed(text)).contains(squeezed(paragraph));
        }
    }

    @Test
    void figuresAndTablesHoldTheirTextToo() throws IOException {
        String text = text();
        assertThat(squeezed(text))
                .contains(
                        "addedtime,%ofbusytime",
                        "CR3writes", "Figure5.", "<nothing>&nothing", "<b>build</b>&\"quotes\"")
                .contains("memory-classtable", "0.0.0-made-up", "doesnotrunasposted:".replace("does", "Does"));
    }

    @Test
    void everyPageIsNumbered() throws IOException {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            int pages = document.getNumberOfPages();
            PDFTextStripper stripper = new PDFTextStripper();
            for (int page = 1; page <= pages; page++) {
                stripper.setStartPage(page);
                stripper.setEndPage(page);
                assertThat(stripper.getText(document)).contains("page " + page + " of " + pages);
            }
        }
    }

    @Test
    void allTypeIsEmbedded() throws IOException {
        Set<String> fonts = new TreeSet<>();
        try (PDDocument document = Loader.loadPDF(bytes)) {
            for (PDPage page : document.getPages()) {
                collect(page.getResources(), fonts);
            }
        }
        assertThat(fonts).isNotEmpty().allSatisfy(font -> assertThat(font).endsWith(" embedded"));
        assertThat(fonts).anyMatch(font -> font.contains("LiberationSans-Bold"));
    }

    @Test
    void bookmarksLeadToEverySection() throws IOException {
        List<String> titles = new ArrayList<>();
        try (PDDocument document = Loader.loadPDF(bytes)) {
            for (PDOutlineItem item :
                    document.getDocumentCatalog().getDocumentOutline().children()) {
                titles.add(item.getTitle());
                assertThat(item.findDestinationPage(document)).isNotNull();
            }
        }
        assertThat(titles)
                .contains("Summary", "What was run", "Figures", "Method and limits", "How sure this is", "Provenance")
                .contains("made-up <b>build</b> & \"quotes\"");
    }

    @Test
    void noDateIsInTheFile() throws IOException {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            assertThat(document.getDocumentInformation().getCreationDate()).isNull();
            assertThat(document.getDocumentInformation().getTitle())
                    .isEqualTo("What kernel isolation costs on Made-up Lake X-1 (no such processor)");
        }
    }

    @Test
    void glyphsThatTheTypeLacksAreSpelledOut() {
        assertThat(new Html().text("\u4e2d\u0007<x>").toString()).isEqualTo("\\u{4e2d}\\u{7}&lt;x&gt;");
    }

    private static void collect(PDResources resources, Set<String> fonts) throws IOException {
        for (COSName name : resources.getFontNames()) {
            PDFont font = resources.getFont(name);
            fonts.add(font.getName() + (font.isEmbedded() ? " embedded" : " missing"));
        }
        for (COSName name : resources.getXObjectNames()) {
            PDXObject object = resources.getXObject(name);
            assertThat(object).as("figures are vectors, not bitmaps").isInstanceOf(PDFormXObject.class);
            PDResources inner = ((PDFormXObject) object).getResources();
            if (inner != null) {
                collect(inner, fonts);
            }
        }
    }

    private static String text() throws IOException {
        try (PDDocument document = Loader.loadPDF(bytes)) {
            return new PDFTextStripper().getText(document);
        }
    }

    private static String squeezed(String text) {
        return text.replaceAll("[\\s\u00a0]+", "");
    }
}
