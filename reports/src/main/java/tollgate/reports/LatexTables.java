package tollgate.reports;

import java.awt.Font;
import java.io.IOException;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.reports.chart.Fonts;
import tollgate.reports.chart.Rounded;

/** The summary tables for a paper: LaTeX with booktabs, one tabular per metric, to be wrapped in a table by the author. */
final class LatexTables {
    /** Points across both columns of a letter page, of which article leaves 469 to text. */
    private static final double WIDTH = 460;

    /** \\footnotesize, 8 points: Computer Modern is hardly wider than Liberation Sans at this size. */
    private static final Font TYPE = Fonts.REGULAR.deriveFont(8.5f);

    /** Twice \\tabcolsep. */
    private static final double GAP = 12;

    private LatexTables() {}

    /**
     * In as few pieces as the width allows when set in \\footnotesize, turned if that makes them fewer. Needs {@code \\usepackage{booktabs}} and nothing else.
     */
    static void write(SummaryTable whole, Comparison comparison, Appendable out) throws IOException {
        out.append("% ").append(whole.heading()).append("; value with 5-95 % interval, priced for ");
        out.append(comparison.cpu().name().replaceAll("\\R", " ")).append("\n% needs \\usepackage{booktabs}\n");
        List<SummaryTable> straight = fitting(whole);
        List<SummaryTable> turned = fitting(whole.transposed());
        List<SummaryTable> pieces = turned.size() < straight.size() ? turned : straight;
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

    /** As many columns in each piece as fit, at least one. */
    private static List<SummaryTable> fitting(SummaryTable whole) {
        int columns = Math.max(1, whole.strategies().size());
        while (columns > 1
                && whole.pieces(columns).stream()
                                .mapToDouble(LatexTables::width)
                                .max()
                                .orElse(0)
                        > WIDTH) {
            columns--;
        }
        return whole.pieces(columns);
    }

    private static double width(SummaryTable table) {
        double first = Fonts.width(table.heading(), TYPE);
        for (SummaryTable.Line line : table.lines()) {
            first = Math.max(first, Fonts.width(line.workload(), TYPE));
        }
        double width = first;
        for (int i = 0; i < table.strategies().size(); i++) {
            double widest = Fonts.width(table.strategies().get(i), TYPE);
            for (SummaryTable.Line line : table.lines()) {
                widest =
                        Math.max(widest, Fonts.width(Rounded.both(line.figures().get(i)), TYPE));
            }
            width += GAP + widest;
        }
        return width;
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
