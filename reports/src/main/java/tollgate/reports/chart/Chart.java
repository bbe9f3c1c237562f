package tollgate.reports.chart;

import java.util.List;
import tollgate.analysis.Comparison;

/** A way to show a comparison. Annotate an implementation with {@code @AutoService(Chart.class)}. */
public interface Chart {
    /** File name without ending, unique, as in {@code tollgate list charts}. */
    String name();

    /** What it shows, for a heading. */
    String title();

    /** What it shows of any comparison, in a sentence for {@code tollgate list charts}. */
    String about();

    /** Its place among the figures of the report, lowest first. */
    int place();

    /** What is shown and how to read it: whole sentences. */
    String caption(Comparison comparison);

    /** Whether this comparison has anything to show here. */
    boolean applies(Comparison comparison);

    /** Its figures: itself, or one for each thing that needs a caption of its own. Only asked where it applies. */
    default List<Chart> figures(Comparison comparison) {
        return List.of(this);
    }

    /**
     * The pictures, top to bottom, all with one scale.
     *
     * @param width points, at least {@link Sheet#COLUMN}
     */
    List<Sheet> sheets(Comparison comparison, double width);
}
