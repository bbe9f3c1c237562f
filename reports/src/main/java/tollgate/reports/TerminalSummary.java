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

/**
 * The summary on one screen: value with interval, workloads down and strategies across, or the other way round where
 * that is narrower.
 */
public final class TerminalSummary {
    private static final int WIDTH = 100;
    private static final int LONGEST_NAME = 60;

    /** Headings are broken to this width. */
    private static final int COLUMN = 18;

    private TerminalSummary() {}

    /** Plain ASCII apart from names; no line wider than {@value #WIDTH} columns unless a single strategy makes it so. */
    public static void print(Comparison comparison, PrintStream out) {
        out.println("priced for " + BadInput.show(comparison.cpu().title(), WIDTH) + " at "
                + CsvTables.number(comparison.cpu().gigahertz()) + " GHz; value [5 %, 95 %]");
        Set<String> reasons = new TreeSet<>();
        for (SummaryTable table : SummaryTable.of(comparison)) {
            out.println();
            out.println(table.heading());
            fitting(table).forEach(piece -> piece.forEach(out::println));
            table.lines()
                    .forEach(line -> line.figures().forEach(figure -> {
                        if (figure instanceof CannotTell reason) {
                            reasons.add(BadInput.show(reason.reason(), WIDTH));
                        }
                    }));
        }
        reasons.forEach(reason -> out.println("cannot tell: " + reason));
    }

    /** In as few pieces as the screen allows, turned if that makes them fewer. */
    private static List<List<String>> fitting(SummaryTable whole) {
        List<List<String>> straight = pieces(whole);
        List<List<String>> turned = straight.size() > 1 ? pieces(whole.transposed()) : straight;
        return turned.size() < straight.size() ? turned : straight;
    }

    private static List<List<String>> pieces(SummaryTable whole) {
        List<List<String>> pieces = new ArrayList<>();
        int from = 0;
        while (from < whole.strategies().size()) {
            int to = from + 1;
            List<String> widest = lines(whole.columns(from, to));
            while (to < whole.strategies().size()) {
                List<String> wider = lines(whole.columns(from, to + 1));
                if (wider.stream().anyMatch(line -> line.length() > WIDTH)) {
                    break;
                }
                widest = wider;
                to++;
            }
            pieces.add(widest);
            from = to;
        }
        return pieces;
    }

    private static List<String> lines(SummaryTable table) {
        List<List<String>> heads = table.strategies().stream()
                .map(strategy -> broken(BadInput.show(strategy, LONGEST_NAME)))
                .toList();
        int deepest = heads.stream().mapToInt(List::size).max().orElse(0);
        List<List<String>> rows = new ArrayList<>();
        for (int i = deepest; i > 0; i--) {
            List<String> row = new ArrayList<>();
            row.add("");
            for (List<String> head : heads) {
                row.add(i > head.size() ? "" : head.get(head.size() - i));
            }
            rows.add(row);
        }
        for (SummaryTable.Line line : table.lines()) {
            List<String> row = new ArrayList<>();
            row.add(BadInput.show(line.workload(), LONGEST_NAME));
            for (Figure figure : line.figures()) {
                row.add(Rounded.both(figure).replace('\u00a0', ' '));
            }
            rows.add(row);
        }
        return aligned(rows);
    }

    /** A heading in lines of a column's width, broken where the report breaks lines. */
    private static List<String> broken(String name) {
        LineBreaks breaks = new LineBreaks();
        breaks.setText(name);
        List<String> lines = new ArrayList<>();
        int start = 0;
        int end = 0;
        for (int next = breaks.next(); next >= 0; next = breaks.next()) {
            if (next - start > COLUMN && end > start) {
                lines.add(name.substring(start, end).strip());
                start = end;
            }
            end = next;
        }
        lines.add(name.substring(start).strip());
        return lines;
    }

    /** First column to the left, numbers to the right. */
    private static List<String> aligned(List<List<String>> rows) {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder("  ").append(row.get(0)).append(space(row.get(0), widths[0]));
            for (int i = 1; i < widths.length; i++) {
                line.append("  ").append(space(row.get(i), widths[i])).append(row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static String space(String text, int width) {
        return " ".repeat(width - text.length());
    }
}
