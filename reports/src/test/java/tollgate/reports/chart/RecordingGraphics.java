package tollgate.reports.chart;

import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.GraphicsConfiguration;
import java.awt.Image;
import java.awt.Paint;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ImageObserver;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.text.AttributedCharacterIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Notes what is drawn and where, in the sheet's coordinates, and draws nothing that anybody sees. */
final class RecordingGraphics extends Graphics2D {
    /** @param box the ink */
    record Text(String text, Rectangle2D box) {}

    /** @param filled or only outlined */
    record Form(Rectangle2D box, Color colour, boolean filled) {}

    final List<Text> texts;
    final List<Form> forms;
    private final Graphics2D real;

    RecordingGraphics() {
        this(
                new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB).createGraphics(),
                new ArrayList<>(),
                new ArrayList<>());
    }

    private RecordingGraphics(Graphics2D real, List<Text> texts, List<Form> forms) {
        this.real = real;
        this.texts = texts;
        this.forms = forms;
    }

    static RecordingGraphics of(Sheet sheet) {
        RecordingGraphics recording = new RecordingGraphics();
        sheet.draw(recording);
        return recording;
    }

    private void form(Shape shape, boolean filled) {
        Rectangle2D box = real.getTransform().createTransformedShape(shape).getBounds2D();
        if (real.getClip() != null) {
            box = box.createIntersection(
                    real.getTransform().createTransformedShape(real.getClip()).getBounds2D());
        }
        forms.add(new Form(box, real.getColor(), filled));
    }

    @Override
    public void drawString(String text, float x, float y) {
        GlyphVector glyphs =
                real.getFont().createGlyphVector(new FontRenderContext(null, false, /* fractional */ true), text);
        Rectangle2D box = glyphs.getVisualBounds();
        box.setRect(box.getX() + x, box.getY() + y, box.getWidth(), box.getHeight());
        texts.add(new Text(text, real.getTransform().createTransformedShape(box).getBounds2D()));
    }

    @Override
    public void drawString(String text, int x, int y) {
        drawString(text, (float) x, (float) y);
    }

    @Override
    public void draw(Shape shape) {
        form(shape, false);
    }

    @Override
    public void fill(Shape shape) {
        form(shape, true);
    }

    @Override
    public Graphics create() {
        return new RecordingGraphics((Graphics2D) real.create(), texts, forms);
    }

    @Override
    public void drawLine(int x1, int y1, int x2, int y2) {
        form(new java.awt.geom.Line2D.Double(x1, y1, x2, y2), false);
    }

    @Override
    public void fillRect(int x, int y, int width, int height) {
        form(new Rectangle(x, y, width, height), true);
    }

    @Override
    public void dispose() {
        real.dispose();
    }

    @Override
    public void translate(double x, double y) {
        real.translate(x, y);
    }

    @Override
    public void translate(int x, int y) {
        real.translate(x, y);
    }

    @Override
    public void scale(double x, double y) {
        real.scale(x, y);
    }

    @Override
    public void rotate(double theta) {
        real.rotate(theta);
    }

    @Override
    public void rotate(double theta, double x, double y) {
        real.rotate(theta, x, y);
    }

    @Override
    public void shear(double x, double y) {
        real.shear(x, y);
    }

    @Override
    public void transform(AffineTransform transform) {
        real.transform(transform);
    }

    @Override
    public void setTransform(AffineTransform transform) {
        real.setTransform(transform);
    }

    @Override
    public AffineTransform getTransform() {
        return real.getTransform();
    }

    @Override
    public Color getColor() {
        return real.getColor();
    }

    @Override
    public void setColor(Color colour) {
        real.setColor(colour);
    }

    @Override
    public Paint getPaint() {
        return real.getPaint();
    }

    @Override
    public void setPaint(Paint paint) {
        real.setPaint(paint);
    }

    @Override
    public Font getFont() {
        return real.getFont();
    }

    @Override
    public void setFont(Font font) {
        real.setFont(font);
    }

    @Override
    public FontMetrics getFontMetrics(Font font) {
        return real.getFontMetrics(font);
    }

    @Override
    public FontRenderContext getFontRenderContext() {
        return real.getFontRenderContext();
    }

    @Override
    public Stroke getStroke() {
        return real.getStroke();
    }

    @Override
    public void setStroke(Stroke stroke) {
        real.setStroke(stroke);
    }

    @Override
    public Shape getClip() {
        return real.getClip();
    }

    @Override
    public void setClip(Shape clip) {
        real.setClip(clip);
    }

    @Override
    public void setClip(int x, int y, int width, int height) {
        real.setClip(x, y, width, height);
    }

    @Override
    public void clip(Shape clip) {
        real.clip(clip);
    }

    @Override
    public void clipRect(int x, int y, int width, int height) {
        real.clipRect(x, y, width, height);
    }

    @Override
    public Rectangle getClipBounds() {
        return real.getClipBounds();
    }

    @Override
    public Object getRenderingHint(RenderingHints.Key key) {
        return real.getRenderingHint(key);
    }

    @Override
    public void setRenderingHint(RenderingHints.Key key, Object value) {
        real.setRenderingHint(key, value);
    }

    @Override
    public RenderingHints getRenderingHints() {
        return real.getRenderingHints();
    }

    @Override
    public void setRenderingHints(Map<?, ?> hints) {
        real.setRenderingHints(hints);
    }

    @Override
    public void addRenderingHints(Map<?, ?> hints) {
        real.addRenderingHints(hints);
    }

    @Override
    public Composite getComposite() {
        return real.getComposite();
    }

    @Override
    public void setComposite(Composite composite) {
        real.setComposite(composite);
    }

    @Override
    public Color getBackground() {
        return real.getBackground();
    }

    @Override
    public void setBackground(Color colour) {
        real.setBackground(colour);
    }

    @Override
    public GraphicsConfiguration getDeviceConfiguration() {
        return real.getDeviceConfiguration();
    }

    @Override
    public boolean hit(Rectangle area, Shape shape, boolean onStroke) {
        return real.hit(area, shape, onStroke);
    }

    @Override
    public void setPaintMode() {
        real.setPaintMode();
    }

    @Override
    public void setXORMode(Color colour) {
        throw unused();
    }

    @Override
    public void drawString(AttributedCharacterIterator text, int x, int y) {
        throw unused();
    }

    @Override
    public void drawString(AttributedCharacterIterator text, float x, float y) {
        throw unused();
    }

    @Override
    public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
        throw unused();
    }

    @Override
    public boolean drawImage(Image image, AffineTransform transform, ImageObserver observer) {
        throw unused();
    }

    @Override
    public void drawImage(BufferedImage image, BufferedImageOp operation, int x, int y) {
        throw unused();
    }

    @Override
    public void drawRenderedImage(RenderedImage image, AffineTransform transform) {
        throw unused();
    }

    @Override
    public void drawRenderableImage(RenderableImage image, AffineTransform transform) {
        throw unused();
    }

    @Override
    public boolean drawImage(Image image, int x, int y, ImageObserver observer) {
        throw unused();
    }

    @Override
    public boolean drawImage(Image image, int x, int y, int width, int height, ImageObserver observer) {
        throw unused();
    }

    @Override
    public boolean drawImage(Image image, int x, int y, Color colour, ImageObserver observer) {
        throw unused();
    }

    @Override
    public boolean drawImage(Image image, int x, int y, int width, int height, Color colour, ImageObserver observer) {
        throw unused();
    }

    @Override
    public boolean drawImage(
            Image image, int a, int b, int c, int d, int e, int f, int g, int h, ImageObserver observer) {
        throw unused();
    }

    @Override
    public boolean drawImage(
            Image image, int a, int b, int c, int d, int e, int f, int g, int h, Color colour, ImageObserver observer) {
        throw unused();
    }

    @Override
    public void copyArea(int x, int y, int width, int height, int dx, int dy) {
        throw unused();
    }

    @Override
    public void clearRect(int x, int y, int width, int height) {
        throw unused();
    }

    @Override
    public void drawRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        throw unused();
    }

    @Override
    public void fillRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        throw unused();
    }

    @Override
    public void drawOval(int x, int y, int width, int height) {
        throw unused();
    }

    @Override
    public void fillOval(int x, int y, int width, int height) {
        throw unused();
    }

    @Override
    public void drawArc(int x, int y, int width, int height, int start, int arc) {
        throw unused();
    }

    @Override
    public void fillArc(int x, int y, int width, int height, int start, int arc) {
        throw unused();
    }

    @Override
    public void drawPolyline(int[] x, int[] y, int points) {
        throw unused();
    }

    @Override
    public void drawPolygon(int[] x, int[] y, int points) {
        throw unused();
    }

    @Override
    public void fillPolygon(int[] x, int[] y, int points) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("a chart that draws bitmaps or whole pixels is no vector figure");
    }
}
