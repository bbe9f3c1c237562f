package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Cpu;
import tollgate.analysis.Comparison.LedgerRow;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

final class CsvTablesTest {
    private static final Trace TRACE = new Trace("f.dat", "0", "x", "", 1, 1, 1, 0, 0, 0, 0, 0);

    @Test
    void aRowPerMetricWithIntervalUnitAndReason() throws IOException {
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        metrics.put(Metric.OVERHEAD, new Estimate(1.0 / 3, 0.25, 12345678.9));
        metrics.put(Metric.NANOS_PER_ENTRY, new CannotTell("no clock, \"none\""));
        StringBuilder out = new StringBuilder();
        CsvTables.results(comparison("web, one", metrics, List.of()), out);
        assertThat(out.toString().lines().limit(3))
                .containsExactly(
                        "workload,strategy,cpu,metric,value,low,high,unit,note",
                        "\"web, one\",kpti,lake,overhead,0.333333333,0.25,12345678.9,%,",
                        "\"web, one\",kpti,lake,added_per_kernel_entry,,,,ns,\"cannot tell: no clock, \"\"none\"\"\"");
        assertThat(out.toString().lines().skip(3))
                .hasSize(Metric.values().length - 2)
                .allSatisfy(line -> assertThat(line).endsWith("cannot tell: not computed"));
    }

    @Test
    void theLedgerIsARowPerCauseAndOperation() throws IOException {
        StringBuilder out = new StringBuilder();
        CsvTables.breakdown(
                comparison(
                        "w",
                        Map.of(),
                        List.of(
                                new LedgerRow(
                                        "read", "WALK", "page_walk", 9_007_199_254_740_993L, new Estimate(-1.5, -2, 0)),
                                new LedgerRow(
                                        "read",
                                        "FAULT",
                                        "page_fault_exception_plus_iret",
                                        3,
                                        new Estimate(3000, 2000, 4000)))),
                out);
        assertThat(out.toString())
                .isEqualTo("workload,strategy,cause,operation,price,count,cycles,low,high\n"
                        + "w,kpti,read,WALK,page_walk,9007199254740993,-1.5,-2,0\n"
                        + "w,kpti,read,FAULT,page_fault_exception_plus_iret,3,3000,2000,4000\n");
    }

    /** A spreadsheet takes a cell for a formula that begins with one of these; names come from whoever was recorded. */
    @Test
    void namesAreNoFormulas() throws IOException {
        for (String start : List.of("=", "+", "-", "@", "\t", "\r")) {
            StringBuilder out = new StringBuilder();
            String name = start + "cmd|' /C calc'!A0";
            CsvTables.breakdown(
                    comparison(
                            name,
                            Map.of(),
                            List.of(new LedgerRow(name, "WALK", "page_walk", 1, new Estimate(1, 1, 1)))),
                    out);
            try (CSVParser parser = CSVParser.parse(out.toString(), CSVFormat.DEFAULT)) {
                CSVRecord row = parser.getRecords().get(1);
                assertThat(row.get(0)).isEqualTo("'" + name);
                assertThat(row.get(2)).isEqualTo("'" + name);
            }
        }
    }

    @Test
    void numbersAreDecimalsThatAnyToolReads() {
        assertThat(CsvTables.number(1e-12)).isEqualTo("0.000000000001");
        assertThat(CsvTables.number(2.5e15)).isEqualTo("2500000000000000");
        assertThat(CsvTables.number(-0.0)).isEqualTo("0");
        assertThat(CsvTables.number(0.1 + 0.2)).isEqualTo("0.3");
    }

    private static Comparison comparison(String workload, Map<Metric, Figure> metrics, List<LedgerRow> ledger) {
        return new Comparison(
                new Cpu("lake", "Lake", 2, Map.of()),
                List.of(new Workload(
                        workload,
                        TRACE,
                        List.of(new Strategy("kpti", metrics, List.of(), ledger, List.of())),
                        List.of())),
                List.of(),
                List.of(),
                Map.of());
    }
}
