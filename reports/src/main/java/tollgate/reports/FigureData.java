package tollgate.reports;

import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tollgate.reports.chart.Datum;
import tollgate.reports.chart.Sheet;
import tollgate.reports.chart.VectorGraphics;

/** What the marks of a figure show, from top to bottom: taken from the drawing, so that it is what was drawn. */
final class FigureData extends VectorGraphics {
    private final Set<Datum> data;

    private FigureData(Set<Datum> data) {
        this.data = data;
    }

    private FigureData(Graphics2D state, Set<Datum> data) {
        super(state);
        this.data = data;
    }

    static List<Datum> of(List<Sheet> sheets) {
        Set<Datum> data = new LinkedHashSet<>();
        sheets.forEach(sheet -> sheet.draw(new FigureData(data)));
        return new ArrayList<>(data);
    }

    @Override
    public Graphics create() {
        return new FigureData(state(), data);
    }

    @Override
    public void fill(Shape shape) {
        note();
    }

    @Override
    public void draw(Shape shape) {
        note();
    }

    @Override
    public void drawString(String text, float x, float y) {
        note();
    }

    private void note() {
        Datum datum = Datum.of(this);
        if (datum != null) {
            data.add(datum);
        }
    }
}
