package tollgate.reports;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.PathIterator;
import java.awt.geom.Point2D;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.Map;
import tollgate.reports.chart.Datum;
import tollgate.reports.chart.Sheet;
import tollgate.reports.chart.VectorGraphics;

/**
 * A sheet as SVG 1.1, for web pages and drawing programs. Strings stay text; each says how wide it was laid out, so that
 * a viewer without Liberation Sans fits its own type into the same space.
 */
final class Svg extends VectorGraphics {
    /** What all copies of one graphics write to. */
    private static final class Page {
        final StringBuilder body = new StringBuilder();

        /** Path of a clip to its id. */
        final Map<String, String> clips = new LinkedHashMap<>();

        /** Begins the ids: unique on a web page of several figures. */
        final String prefix;

        /** The mark that is open, or null. */
        Datum open;

        Page(String prefix) {
            this.prefix = prefix;
        }

        /** Opens and closes marks: what belongs to one has one title, which viewers show under the pointer. */
        StringBuilder next(Datum datum) {
            if (datum != open) {
                if (open != null) {
                    body.append("</g>\n");
                }
                if (datum != null) {
                    body.append("<g class=\"mark\"><title>")
                            .append(new Html().text(datum.text()))
                            .append("</title>\n");
                }
                open = datum;
            }
            return body;
        }
    }

    private final Page page;

    private Svg(Page page) {
        this.page = page;
    }

    private Svg(Graphics2D state, Page page) {
        super(state);
        this.page = page;
    }

    static void write(Sheet sheet, String title, Appendable out) throws IOException {
        write(sheet, title, "c", out);
    }

    /** @param prefix begins the ids, which must differ where several figures share a web page */
    static void write(Sheet sheet, String title, String prefix, Appendable out) throws IOException {
        Page page = new Page(prefix);
        sheet.draw(new Svg(page));
        page.next(null);
        String width = number(sheet.width());
        String height = number(sheet.height());
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "pt\" height=\"" + height
                + "pt\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\">\n<title>");
        out.append(new Html().text(title).toString()).append("</title>\n");
        out.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (Map.Entry<String, String> clip : page.clips.entrySet()) {
            out.append("<clipPath id=\"" + clip.getValue() + "\"><path d=\"" + clip.getKey() + "\"/></clipPath>\n");
        }
        out.append("<g font-family=\"Liberation Sans, Arial, Helvetica, sans-serif\">\n");
        out.append(page.body).append("</g>\n</svg>\n");
    }

    @Override
    public Graphics create() {
        return new Svg(state(), page);
    }

    @Override
    public void fill(Shape shape) {
        StringBuilder body = page.next(Datum.of(this));
        body.append("<path d=\"")
                .append(path(shape))
                .append("\" fill=\"")
                .append(colour())
                .append('"');
        body.append(clip()).append("/>\n");
    }

    @Override
    public void draw(Shape shape) {
        StringBuilder body = page.next(Datum.of(this));
        BasicStroke stroke = (BasicStroke) getStroke();
        double scale = Math.sqrt(Math.abs(getTransform().getDeterminant()));
        body.append("<path d=\"")
                .append(path(shape))
                .append("\" fill=\"none\" stroke=\"")
                .append(colour());
        body.append("\" stroke-width=\"")
                .append(number(stroke.getLineWidth() * scale))
                .append('"');
        if (stroke.getEndCap() != BasicStroke.CAP_BUTT) {
            boolean round = stroke.getEndCap() == BasicStroke.CAP_ROUND;
            body.append(" stroke-linecap=\"").append(round ? "round" : "square").append('"');
        }
        if (stroke.getDashArray() != null) {
            StringBuilder dashes = new StringBuilder();
            for (float dash : stroke.getDashArray()) {
                dashes.append(dashes.isEmpty() ? "" : " ").append(number(dash * scale));
            }
            body.append(" stroke-dasharray=\"").append(dashes).append('"');
        }
        body.append(clip()).append("/>\n");
    }

    /** Upright text only: no chart of ours turns a string. */
    @Override
    public void drawString(String text, float x, float y) {
        StringBuilder body = page.next(Datum.of(this));
        AffineTransform transform = getTransform();
        Point2D at = transform.transform(new Point2D.Double(x, y), null);
        double scale = transform.getScaleX();
        double width = getFont()
                .getStringBounds(text, new FontRenderContext(null, false, /* fractional */ true))
                .getWidth();
        body.append("<text x=\"").append(number(at.getX())).append("\" y=\"").append(number(at.getY()));
        body.append("\" font-size=\"")
                .append(number(getFont().getSize2D() * scale))
                .append('"');
        if (getFont().isBold()) {
            body.append(" font-weight=\"bold\"");
        }
        if (getFont().isItalic()) {
            body.append(" font-style=\"italic\"");
        }
        body.append(" textLength=\"")
                .append(number(width * scale))
                .append("\" lengthAdjust=\"spacingAndGlyphs\" fill=\"");
        body.append(colour()).append("\">").append(new Html().text(text)).append("</text>\n");
    }

    private String colour() {
        Color colour = getColor();
        return String.format("#%06x", colour.getRGB() & 0xffffff)
                + (colour.getAlpha() == 255 ? "" : "\" opacity=\"" + number(colour.getAlpha() / 255.0));
    }

    private String clip() {
        if (getClip() == null) {
            return "";
        }
        return " clip-path=\"url(#"
                + page.clips.computeIfAbsent(path(getClip()), path -> page.prefix + page.clips.size()) + ")\"";
    }

    private String path(Shape shape) {
        StringBuilder path = new StringBuilder();
        double[] points = new double[6];
        for (PathIterator at = shape.getPathIterator(getTransform()); !at.isDone(); at.next()) {
            int kind = at.currentSegment(points);
            int count = switch (kind) {
                case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> 2;
                case PathIterator.SEG_QUADTO -> 4;
                case PathIterator.SEG_CUBICTO -> 6;
                default -> 0;
            };
            path.append("MLQCZ".charAt(kind));
            for (int i = 0; i < count; i++) {
                path.append(i == 0 ? "" : " ").append(number(points[i]));
            }
        }
        return path.toString();
    }

    /** To a hundredth of a point. */
    private static String number(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
