package tollgate.reports.chart;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Notes what is drawn and where, in the sheet's coordinates. */
final class RecordingGraphics extends VectorGraphics {
    /**
     * @param box the ink
     * @param at where it was drawn: left end and baseline
     * @param width of the text, with its own spaces
     */
    record Text(String text, Rectangle2D box, Point2D at, double width, String family) {
        /** Where what it labels stands, if it was centred. */
        double middle() {
            return at.getX() + width / 2;
        }
    }

    /**
     * @param filled or only outlined
     * @param datum that it shows, or null
     */
    record Form(Rectangle2D box, Color colour, boolean filled, Datum datum) {
        boolean isVertical() {
            return box.getWidth() < 0.01 && box.getHeight() > 1;
        }

        boolean isHorizontal() {
            return box.getHeight() < 0.01 && box.getWidth() > 0;
        }
    }

    /** What a text covers, drawn at the origin; kept, since it takes most of the time of a drawing. */
    private record Ink(Rectangle2D box, double width) {
        static Ink of(String text, Font font) {
            return new Ink(
                    font.createGlyphVector(MEASURE, text).getVisualBounds(),
                    font.getStringBounds(text, MEASURE).getWidth());
        }
    }

    private static final Map<String, Map<Font, Ink>> INKS = new ConcurrentHashMap<>();

    private static final FontRenderContext MEASURE = new FontRenderContext(null, false, /* fractional */ true);

    final Sheet sheet;
    final List<Text> texts;
    final List<Form> forms;

    /** What the marks said that they show, each time anew. */
    final List<Datum> data;

    private RecordingGraphics(Sheet sheet) {
        this.sheet = sheet;
        texts = new ArrayList<>();
        forms = new ArrayList<>();
        data = new ArrayList<>();
    }

    private RecordingGraphics(Graphics2D state, RecordingGraphics whole) {
        super(state);
        sheet = whole.sheet;
        texts = whole.texts;
        forms = whole.forms;
        data = whole.data;
    }

    static RecordingGraphics of(Sheet sheet) {
        RecordingGraphics recording = new RecordingGraphics(sheet);
        sheet.draw(recording);
        return recording;
    }

    @Override
    public Graphics create() {
        return new RecordingGraphics(state(), this);
    }

    @Override
    public void drawString(String text, float x, float y) {
        Ink ink = INKS.computeIfAbsent(text, any -> new ConcurrentHashMap<>())
                .computeIfAbsent(getFont(), font -> Ink.of(text, font));
        Rectangle2D box = new Rectangle2D.Double(
                ink.box().getX() + x,
                ink.box().getY() + y,
                ink.box().getWidth(),
                ink.box().getHeight());
        note();
        double scale = getTransform().getScaleX();
        double width = ink.width() * scale;
        Point2D at = getTransform().transform(new Point2D.Float(x, y), null);
        texts.add(new Text(text, onSheet(box), at, width, getFont().getFamily()));
    }

    @Override
    public void draw(Shape shape) {
        form(shape, false);
    }

    @Override
    public void fill(Shape shape) {
        form(shape, true);
    }

    private void form(Shape shape, boolean filled) {
        note();
        Rectangle2D box = onSheet(shape);
        Rectangle2D seen = getClip() == null ? box : box.createIntersection(onSheet(getClip()));
        forms.add(new Form(seen, getColor(), filled, Datum.of(this)));
    }

    private void note() {
        Datum datum = Datum.of(this);
        if (datum != null && (data.isEmpty() || data.get(data.size() - 1) != datum)) {
            data.add(datum);
        }
    }

    private Rectangle2D onSheet(Shape shape) {
        return getTransform().createTransformedShape(shape).getBounds2D();
    }
}
