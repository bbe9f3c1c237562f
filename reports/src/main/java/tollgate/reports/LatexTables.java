package tollgate.reports;

import java.io.IOException;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.reports.chart.Rounded;

/** The summary tables for a paper: LaTeX with booktabs, one tabular per metric, to be wrapped in a table by the author. */
final class LatexTables {
    /** Strategies side by side that fit the width of an A4 or letter page of text. */
    private static final int COLUMNS = 6;

    private LatexTables() {}

    /** Needs {@code \\usepackage{booktabs}} and nothing else. */
    static void write(SummaryTable whole, Comparison comparison, Appendable out) throws IOException {
        out.append("% ").append(whole.heading()).append("; value with 5-95 % interval, priced for ");
        out.append(comparison.cpu().name().replaceAll("\\R", " ")).append("\n% needs \\usepackage{booktabs}\n");
        List<SummaryTable> pieces = whole.pieces(COLUMNS);
        for (SummaryTable table : pieces) {
            out.append("\\begin{tabular}{l")
                    .append("r".repeat(table.strategies().size()))
                    .append("}\n\\toprule\n");
            out.append(escape(whole.heading()));
            for (String strategy : table.strategies()) {
                out.append(" & ").append(escape(strategy));
            }
            out.append(" \\\\\n\\midrule\n");
            for (SummaryTable.Line line : table.lines()) {
                out.append(escape(line.workload()));
                for (Figure figure : line.figures()) {
                    out.append(" & ").append(cell(figure));
                }
                out.append(" \\\\\n");
            }
            out.append("\\bottomrule\n\\end{tabular}\n");
            if (table != pieces.get(pieces.size() - 1)) {
                out.append("\n\\medskip\n\n");
            }
        }
    }

    private static String cell(Figure figure) {
        if (!(figure instanceof Estimate)) {
            return "---";
        }
        String cell = "$" + Rounded.value(figure) + "$";
        String interval = Rounded.interval(figure);
        return (interval.isEmpty() ? cell : cell + " {\\footnotesize $" + interval + "$}").replace("\u00a0", "\\,");
    }

    static String escape(String foreign) {
        StringBuilder escaped = new StringBuilder();
        foreign.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> escaped.append("\\textbackslash{}");
                case '~' -> escaped.append("\\textasciitilde{}");
                case '^' -> escaped.append("\\textasciicircum{}");
                case '<' -> escaped.append("\\textless{}");
                case '>' -> escaped.append("\\textgreater{}");
                case '|' -> escaped.append("\\textbar{}");
                case '"' -> escaped.append("{\\char34}");
                case '&', '%', '$', '#', '_', '{', '}' -> escaped.append('\\').append((char) c);
                default ->
                    escaped.append(c < ' ' || c > '~' ? String.format("\\texttt{u%04x}", c) : Character.toString(c));
            }
        });
        return escaped.toString();
    }
}
