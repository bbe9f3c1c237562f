package tollgate.reports.chart;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.util.Objects;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;

/**
 * What a mark shows. A chart says it to whatever it is drawn on, as a rendering hint while the mark is drawn: a web page
 * shows it under the pointer, the table of a figure lists it, tests count it, and print does not care.
 *
 * @param group heading over the row
 * @param row its label
 * @param part of a mark of several parts, or empty
 * @param figure with an interval, or why there is none
 * @param unit of the figure
 */
public record Datum(String group, String row, String part, Figure figure, String unit) {
    private static final RenderingHints.Key KEY = new Key();

    /** What is being drawn, or null between marks. */
    public static Datum of(Graphics2D g) {
        return (Datum) g.getRenderingHint(KEY);
    }

    /** What is drawn on {@code g} until {@link #end} shows this. */
    public void begin(Graphics2D g) {
        g.setRenderingHint(KEY, this);
    }

    public static void end(Graphics2D g) {
        g.setRenderingHint(KEY, null);
    }

    /** On one line: {@code redis, kpti: 9 [5, 15] %}. */
    public String text() {
        String what = row + (part.isEmpty() ? "" : ", " + part);
        String value = figure instanceof CannotTell reason
                ? "cannot tell: " + reason.reason()
                : isShare()
                        ? Rounded.digits(((Estimate) figure).value(), 3) + " " + unit
                        : Rounded.both(figure) + " " + unit;
        return (group.isEmpty() ? what : group + ", " + what) + ": " + value;
    }

    /** Whether it is a share at mid prices, or a count: without an interval. */
    public boolean isShare() {
        return figure instanceof Estimate e && e.low() == e.high();
    }

    /** The JDK wants each key to be of a class of its own. */
    private static final class Key extends RenderingHints.Key {
        Key() {
            super(0);
        }

        @Override
        public boolean isCompatibleValue(Object value) {
            return Objects.isNull(value) || value instanceof Datum;
        }
    }
}
