package tollgate.reports;

import java.io.IOException;
import tollgate.analysis.Comparison;
import tollgate.reports.chart.Rounded;

/** The summary tables for an issue, a mailing list or a README: pipe tables that read well unrendered, too. */
final class MarkdownTables {
    private MarkdownTables() {}

    static void write(SummaryTable table, Comparison comparison, Appendable out) throws IOException {
        out.append(escape(table.heading() + "; value with 5-95 % interval, priced for "
                        + comparison.cpu().title()))
                .append("\n\n| workload |");
        for (String strategy : table.strategies()) {
            out.append(' ').append(escape(strategy)).append(" |");
        }
        out.append("\n|---|").append("---:|".repeat(table.strategies().size())).append('\n');
        for (SummaryTable.Line line : table.lines()) {
            out.append("| ").append(escape(line.workload())).append(" |");
            for (var figure : line.figures()) {
                out.append(' ').append(Rounded.both(figure)).append(" |");
            }
            out.append('\n');
        }
    }

    /** Foreign text as CommonMark shows it unchanged: every ASCII punctuation mark may be escaped. */
    static String escape(String foreign) {
        StringBuilder escaped = new StringBuilder();
        foreign.codePoints().forEach(c -> {
            if (c < ' ') {
                escaped.append(' ');
            } else {
                if ("\\`*_{}[]<>#|&~".indexOf(c) >= 0) {
                    escaped.append('\\');
                }
                escaped.appendCodePoint(c);
            }
        });
        return escaped.toString();
    }
}
