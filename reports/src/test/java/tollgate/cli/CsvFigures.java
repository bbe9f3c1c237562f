package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** Goes through every CSV file of a folder: no value without its interval and its unit. */
final class CsvFigures {
    /** Unit of a value whose column names it. */
    private static final Map<String, String> NAMED = Map.of("breakdown.csv", "cycles");

    /** Columns of tables that no model made: published, counted on real pages at known prices, or of the interval itself. */
    private static final Set<String> ALONE = Set.of("published", "full stream", "high over low");

    private CsvFigures() {}

    /** @return how many values it has seen */
    static int check(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> file.toString().endsWith(".csv"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        int values = 0;
        for (Path file : files) {
            values += checkFile(file);
        }
        return values;
    }

    private static int checkFile(Path file) throws IOException {
        String room = String.valueOf(file.getParent().getFileName());
        try (Reader in = Files.newBufferedReader(file);
                CSVParser rows = CSVFormat.DEFAULT
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                        .get()
                        .parse(in)) {
            return room.equals("tables") ? table(file, rows) : figures(file, rows, room.equals("figures"));
        }
    }

    /** A table with columns of its own: a number is followed by its interval, or is none of the model's. */
    private static int table(Path file, CSVParser rows) {
        List<String> heads = rows.getHeaderNames();
        int values = 0;
        for (CSVRecord row : rows) {
            for (int column = 0; column < heads.size(); column++) {
                String head = heads.get(column);
                boolean isNumber = row.get(column).matches("-?[0-9.]+");
                if (!isNumber || ALONE.contains(head) || head.endsWith(" low") || head.endsWith(" high")) {
                    continue;
                }
                String place = file + ", " + head + ", " + row;
                assertThat(heads.subList(column + 1, heads.size())).as(place).startsWith(head + " low", head + " high");
                double low = Double.parseDouble(row.get(column + 1));
                assertThat(low).as(place).isLessThan(Double.parseDouble(row.get(column + 2)));
                assertThat(row.get("unit")).as(place).isNotBlank();
                values++;
            }
        }
        return values;
    }

    private static int figures(Path file, CSVParser rows, boolean isFigure) {
        String value = isFigure ? "value" : NAMED.getOrDefault(String.valueOf(file.getFileName()), "value");
        int values = 0;
        assertThat(rows.getHeaderNames()).as(file.toString()).contains(value, "low", "high");
        boolean hasUnit = rows.getHeaderNames().contains("unit");
        assertThat(hasUnit || !value.equals("value")).as(file.toString()).isTrue();
        for (CSVRecord row : rows) {
            String place = file + " " + row;
            if (rows.getHeaderNames().contains("verdict") && row.get("left").isEmpty()) {
                continue; // a verdict without a figure
            }
            boolean isTold = !row.get(value).isEmpty();
            values += isTold ? 1 : 0;
            if (!isTold) {
                assertThat(row.get("note")).as(place).startsWith("cannot tell: ");
            } else if (!(isFigure && isExact(row))) {
                double low = Double.parseDouble(row.get("low"));
                assertThat(low).as(place).isLessThanOrEqualTo(Double.parseDouble(row.get("high")));
            }
            if (isTold && hasUnit) {
                assertThat(row.get("unit")).as(place).isNotBlank();
            }
        }
        return values;
    }

    /** A figure's mark without interval: nothing added, or a share of recorded time; what is added or predicted has one. */
    private static boolean isExact(CSVRecord row) {
        boolean isModelled = row.get("unit").matches(".*(cycles|added|busy|ns).*");
        return row.get("low").isEmpty()
                && row.get("high").isEmpty()
                && (!isModelled || Double.parseDouble(row.get("value")) == 0);
    }
}
