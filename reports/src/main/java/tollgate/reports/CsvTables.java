package tollgate.reports;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.QuoteMode;
import tollgate.analysis.AttackCell;
import tollgate.analysis.AttackCell.Left;
import tollgate.analysis.BreakEven;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.LedgerRow;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Exposed;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.Protection.Opened;
import tollgate.reports.chart.Datum;
import tollgate.reports.chart.MainMetric;

/**
 * The results as CSV, for scripts: every figure with its interval and unit, none rounded to look at.
 *
 * <p>Names come from recordings, and a spreadsheet runs a cell that begins like a formula; such a name gets an
 * apostrophe in front (OWASP, "CSV Injection").
 */
final class CsvTables {
    static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator("\n")
            .setQuoteMode(QuoteMode.MINIMAL)
            .get();

    /** More than any interval supports, and short of the noise of binary fractions. */
    private static final MathContext DIGITS = new MathContext(9);

    /** What stands for an attack of which nothing can be told. */
    private static final List<Left> NO_FIGURE = List.of(new Left("", new CannotTell(""), "", ""));

    private CsvTables() {}

    /** A row per workload, strategy and metric. What cannot be told has empty numbers and a note. */
    static void results(Comparison comparison, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, FORMAT);
        csv.printRecord("workload", "strategy", "cpu", "metric", "value", "low", "high", "unit", "note");
        for (Workload workload : comparison.workloads()) {
            for (Strategy strategy : workload.strategies()) {
                for (Metric metric : Metric.values()) {
                    csv.print(text(workload.name()));
                    csv.print(text(strategy.name()));
                    csv.print(text(comparison.cpu().name()));
                    csv.print(metric.key());
                    Figure figure = MainMetric.figure(strategy, metric);
                    print(csv, figure);
                    csv.print(metric.unit());
                    csv.print(note(figure));
                    csv.println();
                }
            }
        }
    }

    /** The ledger: a row per workload, strategy, cause and operation, with the key of its price in the CPU profile. */
    static void breakdown(Comparison comparison, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, FORMAT);
        csv.printRecord("workload", "strategy", "cause", "operation", "price", "count", "cycles", "low", "high");
        for (Workload workload : comparison.workloads()) {
            for (Strategy strategy : workload.strategies()) {
                for (LedgerRow row : strategy.ledger()) {
                    csv.print(text(workload.name()));
                    csv.print(text(strategy.name()));
                    csv.print(text(row.cause()));
                    csv.print(text(row.operation()));
                    csv.print(row.price());
                    csv.print(Long.toString(row.count()));
                    print(csv, row.cycles());
                    csv.println();
                }
            }
        }
    }

    /** A row per workload, strategy and exposure metric, with what it rests on. */
    static void exposure(Comparison comparison, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, FORMAT);
        csv.printRecord("workload", "strategy", "metric", "value", "low", "high", "unit", "basis", "from", "note");
        for (Workload workload : comparison.workloads()) {
            for (Strategy strategy : workload.strategies()) {
                for (Map.Entry<ExposureMetric, Exposed> each :
                        strategy.exposure().entrySet()) {
                    Figure figure = each.getValue().figure();
                    csv.print(text(workload.name()));
                    csv.print(text(strategy.name()));
                    csv.print(each.getKey().key());
                    print(csv, figure);
                    csv.print(each.getValue().unit());
                    csv.print(each.getValue().basis().toString());
                    csv.print(each.getValue().from());
                    csv.print(note(figure));
                    csv.println();
                }
            }
        }
    }

    /** Rates at which strategies add what is tolerated, as if that were a strategy, and at which two change places. */
    static void breakEven(Comparison comparison, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, FORMAT);
        csv.printRecord(
                "workload",
                "cpu",
                "cheaper_below",
                "cheaper_above",
                "value",
                "low",
                "high",
                "unit",
                "draws_that_cross_percent",
                "note");
        for (Workload workload : comparison.workloads()) {
            BreakEven all = workload.breakEven();
            String level = "level " + number(all.level()) + " %";
            for (BreakEven.Reach each : all.reaches()) {
                csv.print(text(workload.name()));
                csv.print(text(comparison.cpu().name()));
                csv.print(text(each.strategy()));
                csv.print(level);
                print(csv, each.rate());
                csv.print(all.event().unit());
                csv.print("");
                csv.print(note(each.rate()));
                csv.println();
            }
            for (BreakEven.Crossing each : all.crossings()) {
                csv.print(text(workload.name()));
                csv.print(text(comparison.cpu().name()));
                csv.print(text(each.below()));
                csv.print(text(each.above()));
                print(csv, each.rate());
                csv.print(all.event().unit());
                csv.print(number(each.draws()));
                csv.print("");
                csv.println();
            }
        }
    }

    /** The attack matrix: a row per workload, strategy, attack and figure of what is left open; a single one without figures. */
    static void matrix(Comparison comparison, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, FORMAT);
        csv.printRecord(
                "workload",
                "strategy",
                "attack",
                "verdict",
                "left",
                "value",
                "low",
                "high",
                "unit",
                "from",
                "assumes",
                "note");
        for (Workload workload : comparison.workloads()) {
            for (Strategy strategy : workload.strategies()) {
                for (AttackCell cell : strategy.protection().attacks()) {
                    List<Left> left = cell.left().isEmpty() ? NO_FIGURE : cell.left();
                    for (Left each : left) {
                        csv.print(text(workload.name()));
                        csv.print(text(strategy.name()));
                        csv.print(cell.attack().key());
                        csv.print(cell.verdict().toString());
                        csv.print(each.what());
                        print(csv, each.figure());
                        csv.print(each.unit());
                        csv.print(each.from());
                        csv.print(cell.assumes());
                        csv.print(note(cell, each.figure()));
                        csv.println();
                    }
                }
            }
        }
    }

    /** Windows of the full address space: rows per workload, strategy and what opened them. */
    static void windows(Comparison comparison, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, FORMAT);
        csv.printRecord("workload", "strategy", "cause", "figure", "value", "low", "high", "unit", "note");
        for (Workload workload : comparison.workloads()) {
            for (Strategy strategy : workload.strategies()) {
                for (Opened opened : strategy.protection().windows()) {
                    Map<String, Figure> figures = new LinkedHashMap<>();
                    figures.put("windows", Estimate.exact(opened.count()));
                    figures.put("together", opened.total());
                    figures.put("median", opened.median());
                    figures.put("p99", opened.p99());
                    figures.put("longest", opened.longest());
                    for (Map.Entry<String, Figure> each : figures.entrySet()) {
                        csv.print(text(workload.name()));
                        csv.print(text(strategy.name()));
                        csv.print(opened.cause());
                        csv.print(each.getKey());
                        print(csv, each.getValue());
                        csv.print(each.getKey().equals("windows") ? "1" : "ns");
                        csv.print(note(each.getValue()));
                        csv.println();
                    }
                }
            }
        }
    }

    /** What a figure shows: a row per mark or part of one. A share at mid prices has no interval. */
    static void figure(List<Datum> data, Appendable out) throws IOException {
        CSVPrinter csv = new CSVPrinter(out, FORMAT);
        csv.printRecord("group", "row", "part", "value", "low", "high", "unit", "note");
        for (Datum datum : data) {
            csv.print(text(datum.group()));
            csv.print(text(datum.row()));
            csv.print(text(datum.part()));
            boolean isTold = datum.figure() instanceof Estimate;
            csv.print(datum.figure() instanceof Estimate e ? number(e.value()) : "");
            csv.print(datum.figure() instanceof Estimate e && !datum.isShare() ? number(e.low()) : "");
            csv.print(datum.figure() instanceof Estimate e && !datum.isShare() ? number(e.high()) : "");
            csv.print(isTold ? datum.unit() : "");
            csv.print(note(datum.figure()));
            csv.println();
        }
    }

    private static String note(AttackCell cell, Figure figure) {
        return cell.reason().isEmpty() ? note(figure) : note(new CannotTell(cell.reason()));
    }

    /** Value, low and high: empty where the figure cannot be told. */
    static void print(CSVPrinter csv, Figure figure) throws IOException {
        if (figure instanceof Estimate e) {
            csv.print(number(e.value()));
            csv.print(number(e.low()));
            csv.print(number(e.high()));
        } else {
            csv.print("");
            csv.print("");
            csv.print("");
        }
    }

    /** Why a figure cannot be told; empty if it can. */
    static String note(Figure figure) {
        return figure instanceof CannotTell of && !of.reason().isEmpty() ? "cannot tell: " + of.reason() : "";
    }

    static String number(double value) {
        BigDecimal rounded = new BigDecimal(value, DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    static String text(String foreign) {
        boolean formula = !foreign.isEmpty() && "=+-@\t\r\n".indexOf(foreign.charAt(0)) >= 0;
        return formula ? "'" + foreign : foreign;
    }
}
