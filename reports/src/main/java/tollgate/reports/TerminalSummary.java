package tollgate.reports;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.ingest.BadInput;
import tollgate.reports.chart.Rounded;

/** The summary on one screen: workloads down, strategies across, value with interval. */
public final class TerminalSummary {
    private static final int WIDTH = 100;
    private static final int LONGEST_NAME = 28;

    private TerminalSummary() {}

    /** Plain ASCII apart from names; nothing wider than {@value #WIDTH} columns unless one name is. */
    public static void print(Comparison comparison, PrintStream out) {
        String title = BadInput.show(comparison.cpu().title(), WIDTH);
        out.printf(
                "priced for %s at %s GHz; value [5 %%, 95 %%]%n",
                title, CsvTables.number(comparison.cpu().gigahertz()));
        Set<String> reasons = new TreeSet<>();
        for (SummaryTable whole : SummaryTable.of(comparison)) {
            out.println();
            out.println(whole.heading());
            for (SummaryTable table : fitting(whole)) {
                for (String line : lines(table)) {
                    out.println(line);
                }
            }
            whole.lines()
                    .forEach(line -> line.figures().forEach(figure -> {
                        if (figure instanceof CannotTell reason) {
                            reasons.add(BadInput.show(reason.reason(), WIDTH));
                        }
                    }));
        }
        reasons.forEach(reason -> out.println("cannot tell: " + reason));
    }

    /** The widest pieces that fit the screen. */
    private static List<SummaryTable> fitting(SummaryTable whole) {
        for (int most = whole.strategies().size(); most > 1; most--) {
            List<SummaryTable> pieces = whole.pieces(most);
            if (pieces.stream().allMatch(piece -> lines(piece).get(0).length() <= WIDTH)) {
                return pieces;
            }
        }
        return whole.pieces(1);
    }

    private static List<String> lines(SummaryTable table) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>();
        head.add("");
        table.strategies().forEach(strategy -> head.add(show(strategy)));
        rows.add(head);
        for (SummaryTable.Line line : table.lines()) {
            List<String> row = new ArrayList<>();
            row.add(show(line.workload()));
            for (Figure figure : line.figures()) {
                row.add(Rounded.both(figure).replace('\u00a0', ' '));
            }
            rows.add(row);
        }
        int[] widths = new int[head.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ").append(padded(row.get(0), widths[0], /* right */ false));
            for (int i = 1; i < widths.length; i++) {
                line.append("  ").append(padded(row.get(i), widths[i], /* right */ true));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String padded(String text, int width, boolean right) {
        String space = " ".repeat(width - text.length());
        return right ? space + text : text + space;
    }

    private static String show(String foreign) {
        return BadInput.show(foreign, LONGEST_NAME);
    }
}
