package tollgate.reports;

import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.util.Matrix;
import tollgate.reports.chart.Sheet;

/** One sheet as a file: PDF with real, embedded type, or PNG at print resolution. */
final class FigureFiles {
    private static final int DPI = 300;
    private static final double SCALE = DPI / 72.0;

    private FigureFiles() {}

    /** Vector, on a page of the sheet's size. */
    static void pdf(Sheet sheet, String title, OutputStream out) throws IOException {
        BundledFonts.install();
        float width = (float) sheet.width();
        float height = (float) sheet.height();
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(width, height));
            document.addPage(page);
            PdfBoxGraphics2D g = new PdfBoxGraphics2D(document, (int) Math.ceil(width), (int) Math.ceil(height));
            try (EmbeddedType type = new EmbeddedType(document)) {
                g.setFontTextDrawer(type);
                sheet.draw(g);
                g.dispose();
            }
            try (PDPageContentStream content = new PDPageContentStream(document, page, AppendMode.APPEND, true)) {
                // The form is as high as the next whole point; its top goes to the top of the page.
                content.transform(Matrix.getTranslateInstance(0, height - (float) Math.ceil(height)));
                content.drawForm(g.getXFormObject());
            }
            document.getDocumentInformation().setTitle(title);
            document.getDocumentInformation().setProducer("Tollgate");
            document.setDocumentId((long) title.hashCode());
            document.save(out);
        }
    }

    /** 300 dpi, on white. */
    static void png(Sheet sheet, OutputStream out) throws IOException {
        int width = (int) Math.ceil(sheet.width() * SCALE);
        int height = (int) Math.ceil(sheet.height() * SCALE);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
        g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        g.scale(SCALE, SCALE);
        sheet.draw(g);
        g.dispose();
        write(image, out);
    }

    private static void write(BufferedImage image, OutputStream out) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        // In memory first: Java's image streams cope badly with a disk that is full.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
            IIOMetadataNode physical = new IIOMetadataNode("pHYs");
            String perMetre = String.valueOf(Math.round(DPI / 0.0254));
            physical.setAttribute("pixelsPerUnitXAxis", perMetre);
            physical.setAttribute("pixelsPerUnitYAxis", perMetre);
            physical.setAttribute("unitSpecifier", "meter");
            IIOMetadataNode root = new IIOMetadataNode("javax_imageio_png_1.0");
            root.appendChild(physical);
            metadata.mergeTree("javax_imageio_png_1.0", root);
            writer.setOutput(stream);
            writer.write(new IIOImage(image, null, metadata));
        } finally {
            writer.dispose();
        }
        bytes.writeTo(out);
    }

    /** Draws text with Liberation Sans, embedded once per face, instead of as outlines. */
    private static final class EmbeddedType extends PdfBoxGraphics2DFontTextDrawer {
        private final PDDocument document;
        private final Map<String, PDFont> faces = new HashMap<>();

        EmbeddedType(PDDocument document) {
            this.document = document;
        }

        @Override
        protected PDFont mapFont(Font font, IFontTextDrawerEnv env) throws IOException {
            String face = font.isBold() ? "Bold" : font.isItalic() ? "Italic" : "Regular";
            PDFont known = faces.get(face);
            if (known == null) {
                known = BundledFonts.embed(document, face);
                faces.put(face, known);
            }
            return known;
        }
    }
}
