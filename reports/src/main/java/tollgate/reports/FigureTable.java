package tollgate.reports;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.reports.chart.Rounded;

/** A table of the report: names to the left, figures with their intervals, reasons for what is missing as footnotes. */
final class FigureTable {
    /** Columns of figures that fit the page. */
    static final int COLUMNS = 6;

    /** Columns that have room for value and interval on one line. */
    private static final int FEW = 3;

    /** A table of no more rows stays on one page. */
    private static final int KEPT_TOGETHER = 18;

    private final Html html;
    private final Map<String, String> footnotes = new LinkedHashMap<>();

    /** Opens a table in the page. */
    FigureTable(Html html, int rows, String corner, List<String> columns) {
        this.html = html;
        String few = columns.size() <= FEW ? " few" : "";
        html.raw("<table class=\"figures" + few + whole(rows) + "\"><thead><tr>")
                .element("th class=\"name\"", corner);
        columns.forEach(column -> html.element("th", column));
        html.raw("</tr></thead><tbody>");
    }

    /** What keeps a short table on one page: a further class of its element. */
    static String whole(int rows) {
        return rows <= KEPT_TOGETHER ? " whole" : "";
    }

    FigureTable figures(String name, List<Figure> figures) {
        html.raw("<tr>").element("td class=\"name\"", name);
        figures.forEach(this::cell);
        html.raw("</tr>\n");
        return this;
    }

    FigureTable texts(String name, List<String> texts) {
        html.raw("<tr>").element("td class=\"name\"", name);
        texts.forEach(text -> html.element("td", text));
        html.raw("</tr>\n");
        return this;
    }

    /** Ends the table; its footnotes follow. */
    void close() {
        html.raw("</tbody></table>\n");
        if (!footnotes.isEmpty()) {
            html.raw("<p class=\"note\">");
            footnotes.forEach(
                    (reason, mark) -> html.raw("<sup>" + mark + "</sup> ").text("cannot tell: " + reason + ". "));
            html.raw("</p>\n");
        }
    }

    private void cell(Figure figure) {
        html.raw("<td>").text(Rounded.value(figure));
        if (figure instanceof CannotTell reason) {
            String mark = footnotes.computeIfAbsent(reason.reason(), r -> String.valueOf(footnotes.size() + 1));
            html.raw("<sup>" + mark + "</sup>");
        } else if (!Rounded.interval(figure).isEmpty()) {
            html.raw("<br/><span class=\"interval\">")
                    .text(Rounded.interval(figure))
                    .raw("</span>");
        }
        html.raw("</td>");
    }
}
