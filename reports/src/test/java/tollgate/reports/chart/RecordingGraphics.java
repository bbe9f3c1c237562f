package tollgate.reports.chart;

import java.awt.Color;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Notes what is drawn and where, in the sheet's coordinates. */
final class RecordingGraphics extends VectorGraphics {
    /** @param box the ink */
    record Text(String text, Rectangle2D box) {}

    /** @param filled or only outlined */
    record Form(Rectangle2D box, Color colour, boolean filled) {}

    final List<Text> texts;
    final List<Form> forms;

    /** What the marks said that they show, each time anew. */
    final List<Datum> data;

    private RecordingGraphics() {
        texts = new ArrayList<>();
        forms = new ArrayList<>();
        data = new ArrayList<>();
    }

    private RecordingGraphics(Graphics2D state, List<Text> texts, List<Form> forms, List<Datum> data) {
        super(state);
        this.texts = texts;
        this.forms = forms;
        this.data = data;
    }

    static RecordingGraphics of(Sheet sheet) {
        RecordingGraphics recording = new RecordingGraphics();
        sheet.draw(recording);
        return recording;
    }

    @Override
    public Graphics create() {
        return new RecordingGraphics(state(), texts, forms, data);
    }

    @Override
    public void drawString(String text, float x, float y) {
        Rectangle2D box = getFont()
                .createGlyphVector(new FontRenderContext(null, false, /* fractional */ true), text)
                .getVisualBounds();
        box.setRect(box.getX() + x, box.getY() + y, box.getWidth(), box.getHeight());
        note();
        texts.add(new Text(text, onSheet(box)));
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
        forms.add(new Form(getClip() == null ? box : box.createIntersection(onSheet(getClip())), getColor(), filled));
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
