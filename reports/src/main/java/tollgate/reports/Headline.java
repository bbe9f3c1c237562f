package tollgate.reports;

import java.util.ArrayList;
import java.util.List;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.reports.chart.Rounded;

/** The findings in a paragraph, said from the figures: what is cheapest and dearest, where, and how sure that is. */
final class Headline {
    /** A figure and where it stands. */
    private record Cell(String strategy, String workload, Estimate figure) {
        double relativeWidth() {
            return figure.value() == 0 ? 0 : (figure.high() - figure.low()) / Math.abs(figure.value());
        }
    }

    private Headline() {}

    static List<String> sentences(Comparison comparison) {
        List<String> sentences = new ArrayList<>();
        sentences.add(
                count(comparison.workloads().size(), "workload") + " replayed through each strategy and priced for "
                        + comparison.cpu().title() + " at "
                        + CsvTables.number(comparison.cpu().gigahertz())
                        + " GHz. Every figure is the difference to a run without isolation on the same page accesses.");
        for (SummaryTable table : SummaryTable.of(comparison)) {
            describe(table, sentences);
        }
        return sentences;
    }

    private static void describe(SummaryTable table, List<String> sentences) {
        List<Cell> cells = new ArrayList<>();
        int silent = 0;
        for (SummaryTable.Line line : table.lines()) {
            for (int i = 0; i < line.figures().size(); i++) {
                Figure figure = line.figures().get(i);
                if (figure instanceof Estimate e) {
                    cells.add(new Cell(table.strategies().get(i), line.workload(), e));
                } else {
                    silent++;
                }
            }
        }
        String metric = capital(table.metric().title()) + ": ";
        if (cells.isEmpty()) {
            sentences.add(metric + "no figure can be told; the tables say why.");
            return;
        }
        for (SummaryTable.Line line : table.lines()) {
            rank(table, line, cells, sentences, metric);
            metric = "";
        }
        widest(cells, sentences, table);
        if (silent > 0) {
            sentences.add(count(silent, "figure") + " of this table cannot be told.");
        }
    }

    /** Cheapest and dearest on one workload, and how many neighbours in the order overlap. */
    private static void rank(
            SummaryTable table, SummaryTable.Line line, List<Cell> all, List<String> sentences, String lead) {
        List<Cell> cells = all.stream()
                .filter(cell -> cell.workload().equals(line.workload()))
                .sorted((a, b) -> Double.compare(a.figure().value(), b.figure().value()))
                .toList();
        if (cells.isEmpty()) {
            return;
        }
        Cell cheapest = cells.get(0);
        Cell dearest = cells.get(cells.size() - 1);
        String unit = " " + table.metric().unit();
        StringBuilder sentence =
                new StringBuilder(lead).append("on ").append(line.workload()).append(", ");
        sentence.append(cheapest.strategy())
                .append(" adds ")
                .append(Rounded.both(cheapest.figure()))
                .append(unit);
        if (cells.size() > 1) {
            sentence.append(" and ").append(dearest.strategy()).append(' ');
            sentence.append(Rounded.both(dearest.figure())).append(unit);
            sentence.append(separate(cells));
        }
        sentences.add(sentence.append('.').toString());
    }

    private static String separate(List<Cell> cells) {
        int overlaps = 0;
        for (int i = 1; i < cells.size(); i++) {
            if (cells.get(i).figure().low() <= cells.get(i - 1).figure().high()) {
                overlaps++;
            }
        }
        int pairs = cells.size() - 1;
        return overlaps == 0
                ? "; the intervals of all strategies are apart"
                : "; " + overlaps + " of " + pairs + " neighbours in the order have overlapping intervals";
    }

    private static void widest(List<Cell> cells, List<String> sentences, SummaryTable table) {
        Cell widest = cells.get(0);
        for (Cell cell : cells) {
            if (cell.relativeWidth() > widest.relativeWidth()) {
                widest = cell;
            }
        }
        if (widest.relativeWidth() > 0) {
            sentences.add("The least certain is " + widest.strategy() + " on " + widest.workload() + ", "
                    + Rounded.both(widest.figure()) + " " + table.metric().unit() + ".");
        }
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
