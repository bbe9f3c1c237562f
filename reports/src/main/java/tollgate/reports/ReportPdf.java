package tollgate.reports;

import com.openhtmltopdf.extend.FSObjectDrawer;
import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.pdfboxout.PDFontSupplier;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.render.DefaultObjectDrawerFactory;
import com.openhtmltopdf.util.XRLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;
import tollgate.analysis.Comparison;
import tollgate.reports.chart.Chart;
import tollgate.reports.chart.Charts;
import tollgate.reports.chart.Fonts;
import tollgate.reports.chart.ModelPicture;
import tollgate.reports.chart.Sheet;

/**
 * The report as PDF: XHTML laid out by openhtmltopdf, figures drawn in as vectors, all type embedded.
 *
 * <p>The same comparison gives the same bytes: the file carries no date, and its id follows from its text.
 */
final class ReportPdf {
    /** Content type by which the page asks for a figure, as {@code data="chart/number"}. */
    static final String FIGURE_TYPE = "tollgate/figure";

    private ReportPdf() {}

    static void write(Comparison comparison, OutputStream out) throws IOException {
        BundledFonts.install();
        XRLog.setLoggingEnabled(false);
        String page = ReportHtml.page(comparison, resource("report.css"), resource("method.html"));
        DefaultObjectDrawerFactory drawers = new DefaultObjectDrawerFactory();
        drawers.registerDrawer(FIGURE_TYPE, figures(comparison));
        PdfRendererBuilder builder = new PdfRendererBuilder()
                .useObjectDrawerFactory(drawers)
                .useUnicodeLineBreaker(new LineBreaks())
                .withProducer("Tollgate")
                .withHtmlContent(page, null);
        try (PDDocument document = new PDDocument()) {
            builder.usePDDocument(document);
            font(builder, document, "Regular", 400, FontStyle.NORMAL);
            font(builder, document, "Bold", 700, FontStyle.NORMAL);
            font(builder, document, "Italic", 400, FontStyle.ITALIC);
            try (PdfBoxRenderer renderer = builder.buildPdfRenderer()) {
                renderer.createPDFWithoutClosing();
            }
            PDDocumentInformation information = new PDDocumentInformation();
            information.setTitle(ReportHtml.title(comparison));
            information.setProducer("Tollgate");
            document.setDocumentInformation(information);
            document.setDocumentId((long) page.hashCode());
            document.save(out);
        }
    }

    private static void font(PdfRendererBuilder builder, PDDocument document, String face, int weight, FontStyle style)
            throws IOException {
        PDFontSupplier font = new PDFontSupplier(BundledFonts.embed(document, face));
        builder.useFont(font, Fonts.REGULAR.getFamily(), weight, style, /* subset */ true);
    }

    private static FSObjectDrawer figures(Comparison comparison) {
        Map<String, Sheet> sheets = new HashMap<>();
        for (Chart chart : Charts.of(comparison)) {
            List<Sheet> drawn = chart.sheets(comparison, Sheet.PAGE);
            for (int i = 0; i < drawn.size(); i++) {
                sheets.put(chart.name() + "/" + i, drawn.get(i));
            }
        }
        sheets.put(ReportHtml.MODEL + "/0", ModelPicture.sheet(comparison.cpu(), Sheet.PAGE));
        return (element, x, y, width, height, device, context, dotsPerPixel) -> {
            Sheet sheet = sheets.get(element.getAttribute("data"));
            float wide = (float) (width / dotsPerPixel);
            float high = (float) (height / dotsPerPixel);
            device.drawWithGraphics((float) x, (float) y, wide, high, g -> {
                g.scale(wide / sheet.width(), high / sheet.height());
                sheet.draw(g);
            });
            return Map.of();
        };
    }

    static String resource(String name) throws IOException {
        try (InputStream stream = ReportPdf.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
