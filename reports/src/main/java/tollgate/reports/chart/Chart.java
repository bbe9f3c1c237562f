package tollgate.reports.chart;

import java.util.List;
import tollgate.analysis.Comparison;

/** A way to show a comparison. Annotate an implementation with {@code @AutoService(Chart.class)}. */
public interface Chart {
    /** File name without ending, unique, as in {@code tollgate list charts}. */
    String name();

    /** What it shows, for a heading. */
    String title();

    /** Its place among the figures of the report, lowest first. */
    int place();

    /** What is shown and how to read it: whole sentences. */
    String caption(Comparison comparison);

    /** Whether this comparison has anything to show here. */
    boolean applies(Comparison comparison);

    /**
     * The pictures, top to bottom, all with one scale.
     *
     * @param width points, at least {@link Sheet#COLUMN}
     */
    List<Sheet> sheets(Comparison comparison, double width);
}
