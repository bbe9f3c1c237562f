package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.JsonSchema;
import tollgate.replay.Operation;
import tollgate.reports.ReportFigures;

/** No modelled figure leaves the program without its interval and its unit: text, CSV, JSON, tables, charts of one comparison. */
final class EveryFigureTest {
    private static final String INTERVAL = "\\[-?[0-9][0-9.\u00a0]*, -?[0-9][0-9.\u00a0]*\\]";
    private static final String FIGURE_WITH_INTERVAL = "-?[0-9][0-9.\u00a0]* " + INTERVAL;
    private static final Pattern FIGURE = Pattern.compile("-?[0-9][0-9.\u00a0]*( " + INTERVAL + ")?");
    private static final String UNIT = "(%|ns|cycles|writes)";

    /** Keys of numbers that no model made: recorded, counted, stated or published, or shares of draws and of variance. */
    private static final Set<String> ALONE = Set.of(
            "gigahertz",
            "events",
            "busyNanos",
            "kernelEntries",
            "vmExits",
            "lost",
            "asidSwitches",
            "asidAgree",
            "borrowedShare",
            "count",
            "times",
            "sampled",
            "sensitivity",
            "bytes",
            "recorded",
            "level",
            "width",
            "host",
            "full",
            "published",
            "aIsCheaper",
            "draws",
            "first",
            "total",
            "share");

    @TempDir
    static Path folder;

    private static String text;

    @BeforeAll
    static void compare() throws IOException {
        StringBuilder trace = new StringBuilder("# tracer: nop\n#\n");
        long micros = 1_000_000;
        for (int turn = 0; turn < 400; turn++) {
            int task = 7 + turn % 2;
            int other = 7 + (turn + 1) % 2;
            line(trace, task, micros, "sys_enter: NR 1 (3, 0, 0, 0, 0, 0)");
            line(trace, task, micros + 2, "sys_exit: NR 1 = 8");
            line(trace, task, micros + 4, "sys_enter: NR 0 (3, 0, 0, 0, 0, 0)");
            line(
                    trace,
                    task,
                    micros + 6,
                    "sched_switch: prev_comm=w prev_pid=" + task
                            + " prev_prio=120 prev_state=S ==> next_comm=w next_pid=" + other + " next_prio=120");
            micros += 10;
        }
        Path file = Files.writeString(folder.resolve("turns.ftrace"), trace);
        text = printed(
                "compare",
                file.toString(),
                "--strategies",
                "kpti,kpti-nopcid",
                "-o",
                folder.resolve("report").toString());
    }

    private static String printed(String... arguments) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            assertThat(Main.run(arguments)).isZero();
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void line(StringBuilder trace, int task, long micros, String event) {
        trace.append(String.format(
                java.util.Locale.ROOT,
                "           w-%d       [000] d....     %d.%06d: %s%n",
                task,
                micros / 1_000_000,
                micros % 1_000_000,
                event));
    }

    @Test
    void inTheTerminal() {
        List<String> rows =
                text.lines().filter(line -> line.startsWith("  turns")).toList();
        assertThat(rows).hasSize(1);
        for (String row : rows) {
            onlyWithIntervals(row.strip().replaceFirst("^\\S+", ""));
        }
        assertThat(text).contains("added time per busy time of the workload, %");
    }

    @Test
    void inCsv() throws IOException {
        List<CSVRecord> results = csv("results.csv");
        assertThat(results).isNotEmpty();
        for (CSVRecord row : results) {
            if (row.get("note").startsWith("cannot tell")) {
                assertThat(row.get("value") + row.get("low") + row.get("high")).isEmpty();
            } else {
                ordered(row);
            }
            assertThat(row.get("unit")).as(row.toString()).matches(UNIT);
        }
        List<CSVRecord> breakdown = csv("breakdown.csv"); // its unit is in the heading: cycles
        assertThat(breakdown).isNotEmpty();
        for (CSVRecord row : breakdown) {
            assertThat(Double.parseDouble(row.get("low"))).isLessThanOrEqualTo(Double.parseDouble(row.get("cycles")));
            assertThat(Double.parseDouble(row.get("high")))
                    .isGreaterThanOrEqualTo(Double.parseDouble(row.get("cycles")));
            assertThat(row.get("price"))
                    .isEqualTo(Operation.valueOf(row.get("operation").toUpperCase(Locale.ROOT))
                            .price());
        }
    }

    /** Whatever file it is: a value has a unit, and an interval unless it is a count or a share drawn without one. */
    @Test
    void inEveryCsvFile() throws IOException {
        assertThat(CsvFigures.check(folder.resolve("report"))).isGreaterThan(100);
    }

    /** A line for each strategy, and the same in the report: rates per second there, per millisecond here. */
    @Test
    void inBreakEvenRates() throws IOException {
        List<CSVRecord> rows = csv("break-even.csv");
        assertThat(rows).extracting(row -> row.get("cheaper_below")).startsWith("kpti", "kpti-nopcid");
        for (CSVRecord row : rows.subList(0, 2)) {
            assertThat(row.get("cheaper_above")).isEqualTo("level 5 %");
            assertThat(row.get("unit")).isEqualTo("system calls per s");
            ordered(row);
        }
        assertThat(Files.readString(file("report.html")))
                .contains("system calls per ms of busy time", "from which on it adds 5 %");
    }

    private static void ordered(CSVRecord row) {
        assertThat(Double.parseDouble(row.get("low"))).as(row.toString()).isLessThanOrEqualTo(number(row, "high"));
        assertThat(number(row, "value")).isFinite();
    }

    private static double number(CSVRecord row, String column) {
        return Double.parseDouble(row.get(column));
    }

    /** Whatever has a value has both ends, and each metric its unit. */
    @Test
    void inJson() throws IOException {
        Object json = new Load(
                        LoadSettings.builder().setSchema(new JsonSchema()).build())
                .loadFromString(Files.readString(file("results.json")));
        assertThat(figures(json)).isPositive();
        for (Object workload : (List<?>) ((Map<?, ?>) json).get("workloads")) {
            for (Object strategy : (List<?>) ((Map<?, ?>) workload).get("strategies")) {
                Map<?, ?> metrics = (Map<?, ?>) ((Map<?, ?>) strategy).get("metrics");
                for (Object metric : metrics.values()) {
                    Map<?, ?> figure = (Map<?, ?>) metric;
                    assertThat(figure.containsKey("cannotTell") || figure.get("unit") instanceof String)
                            .as(figure.toString())
                            .isTrue();
                }
            }
        }
    }

    /** Every number is an end or the middle of a figure, or stands under a key that may hold one alone. */
    private static int figures(Object json) {
        int count = 0;
        if (json instanceof Map<?, ?> map) {
            boolean isFigure = map.containsKey("value");
            if (isFigure) {
                assertThat(map.keySet().stream().map(Object::toString)).contains("low", "high");
                count++;
            }
            for (Map.Entry<?, ?> each : map.entrySet()) {
                boolean isNumber = each.getValue() instanceof Number
                        || each.getValue() instanceof List<?> list
                                && list.stream().anyMatch(Number.class::isInstance);
                assertThat(!isNumber || isFigure || ALONE.contains(each.getKey().toString()))
                        .as(each.toString())
                        .isTrue();
                count += figures(each.getValue());
            }
        } else if (json instanceof List<?> list) {
            for (Object each : list) {
                count += figures(each);
            }
        }
        return count;
    }

    @Test
    void inTheReport() throws IOException {
        assertThat(ReportFigures.check(Files.readString(file("report.html")))).isGreaterThan(50);
    }

    /** The published cases and the programs left out of the drawn pages: prediction and naive model have intervals. */
    @Test
    void inTheValidation() throws IOException {
        Path validation = folder.resolve("validation");
        String said = printed("validate", "-o", validation.toString());
        assertThat(CsvFigures.check(validation)).isGreaterThan(100);
        assertThat(said.lines().filter(line -> line.contains("  predicted ")))
                .hasSizeGreaterThanOrEqualTo(20)
                .allSatisfy(line -> assertThat(line).containsPattern("(ns|cycles) +predicted " + FIGURE_WITH_INTERVAL));
    }

    @Test
    void inTables() throws IOException {
        try (Stream<Path> tables = Files.list(file("tables"))) {
            for (Path table : tables.toList()) {
                String content = Files.readString(table);
                assertThat(content.lines().findFirst().orElseThrow()).containsPattern(UNIT);
                content.lines()
                        .filter(row -> row.startsWith("| turns") || row.startsWith("turns"))
                        .forEach(row ->
                                onlyWithIntervals(row.replaceAll("\\{\\\\footnotesize|\\\\,|[{}$&|]|\\\\\\\\", "")
                                        .replaceAll(" +", " ")
                                        .replaceAll("turns\\S*", "")));
            }
        }
    }

    /** A chart draws its intervals; its caption says so, and its axis or its headings have the unit. */
    @Test
    void inCharts() throws IOException {
        try (Stream<Path> figures = Files.list(file("figures"))) {
            List<Path> charts =
                    figures.filter(path -> path.toString().endsWith(".svg")).toList();
            assertThat(charts).isNotEmpty();
            for (Path chart : charts) {
                assertThat(Files.readString(chart)).as(chart.toString()).containsPattern("%|ns|cycles");
            }
        }
    }

    private static void onlyWithIntervals(String row) {
        Matcher figure = FIGURE.matcher(row);
        int found = 0;
        while (figure.find()) {
            found++;
            boolean isZero = figure.group().equals("0"); // nothing is added: exact
            assertThat(isZero || figure.group(1) != null)
                    .as("'" + figure.group() + "' in '" + row + "'")
                    .isTrue();
        }
        assertThat(found > 0 || row.contains("cannot tell") || row.contains("---"))
                .as(row)
                .isTrue();
    }

    private static List<CSVRecord> csv(String name) throws IOException {
        try (Reader in = Files.newBufferedReader(file(name))) {
            return CSVFormat.DEFAULT
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .get()
                    .parse(in)
                    .getRecords();
        }
    }

    private static Path file(String name) {
        return folder.resolve("report").resolve(name);
    }
}
