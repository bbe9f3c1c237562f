package tollgate.reports;

import java.io.IOException;
import java.util.List;
import org.apache.commons.csv.CSVPrinter;
import tollgate.analysis.Figure;
import tollgate.reports.chart.Rounded;

/**
 * A small table of words, numbers and figures, as CSV, Markdown or LaTeX.
 *
 * @param name of the files
 * @param title what it shows, with units
 * @param headings of the columns
 * @param rows a cell for each heading: text, a number, or a {@link Figure}
 */
public record PlainTable(String name, String title, List<String> headings, List<List<Object>> rows) {
    private static final int DIGITS = 3;

    /** A figure takes three columns: its own, and its ends. */
    void csv(Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, CsvTables.FORMAT);
        for (int column = 0; column < headings.size(); column++) {
            csv.print(headings.get(column));
            if (isFigure(column)) {
                csv.print(headings.get(column) + " low");
                csv.print(headings.get(column) + " high");
            }
        }
        csv.println();
        for (List<Object> row : rows) {
            for (Object cell : row) {
                if (cell instanceof Figure figure) {
                    CsvTables.print(csv, figure);
                } else if (cell instanceof Double number) {
                    csv.print(number.isInfinite() || number.isNaN() ? "" : CsvTables.number(number));
                } else {
                    csv.print(CsvTables.text(cell.toString()));
                }
            }
            csv.println();
        }
    }

    private boolean isFigure(int column) {
        return rows.stream().anyMatch(row -> row.get(column) instanceof Figure);
    }

    void markdown(Appendable out) throws IOException {
        out.append(MarkdownTables.escape(title)).append("\n\n|");
        for (String heading : headings) {
            out.append(' ').append(MarkdownTables.escape(heading)).append(" |");
        }
        out.append("\n|").append("---|".repeat(headings.size())).append('\n');
        for (List<Object> row : rows) {
            out.append('|');
            for (Object cell : row) {
                out.append(' ')
                        .append(cell instanceof String text ? MarkdownTables.escape(text) : shown(cell))
                        .append(" |");
            }
            out.append('\n');
        }
    }

    /** Needs {@code \\usepackage{booktabs}} and nothing else. */
    void latex(Appendable out) throws IOException {
        out.append("% ")
                .append(title)
                .append("\n% needs \\usepackage{booktabs}\n\\begin{tabular}{")
                .append("l".repeat(headings.size()))
                .append("}\n\\toprule\n");
        latexRow(headings, out);
        out.append("\\midrule\n");
        for (List<Object> row : rows) {
            latexRow(row, out);
        }
        out.append("\\bottomrule\n\\end{tabular}\n");
    }

    private static void latexRow(List<?> row, Appendable out) throws IOException {
        for (int i = 0; i < row.size(); i++) {
            String words = shown(row.get(i)).replace('\u00a0', ' ');
            out.append(i == 0 ? "" : " & ").append(LatexTables.escape(words));
        }
        out.append(" \\\\\n");
    }

    void html(Html html) {
        html.raw("<table class=\"plain whole\"><thead><tr>");
        headings.forEach(heading -> html.element("th", heading));
        html.raw("</tr></thead><tbody>");
        for (List<Object> row : rows) {
            html.raw("<tr>");
            row.forEach(cell -> html.element("td", shown(cell)));
            html.raw("</tr>");
        }
        html.raw("</tbody></table>\n");
    }

    private static String shown(Object cell) {
        if (cell instanceof Figure figure) {
            return Rounded.both(figure);
        }
        if (cell instanceof Double number) {
            return number.isInfinite() || number.isNaN() ? "" : Rounded.digits(number, DIGITS);
        }
        return cell.toString();
    }
}
