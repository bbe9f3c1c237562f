package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/** DuckDB reads every row as we wrote it, and we read what DuckDB writes. Run with {@code -Pduckdb}. */
@EnabledIfSystemProperty(named = "tollgate.duckdb", matches = "true")
final class ParquetDuckDbTest {
    @TempDir
    private Path folder;

    static List<Path> samples() {
        return ParquetTest.samples().toList();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyRowIsWhatWeWrote(Path sample) throws IOException, SQLException {
        Path table = folder.resolve("ours.parquet");
        try (Input input = Input.of(sample);
                Recording recording = Formats.recognise(input).open(input);
                var out = Files.newOutputStream(table)) {
            ParquetWriter.write(recording, out);
        }
        Events ours = Events.read(new Parquet(), table);
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement ask = duck.createStatement()) {
            List<String> counts = new ArrayList<>();
            try (ResultSet rows =
                    ask.executeQuery("select kind, count(*), sum(a::hugeint)::varchar, min(time_ns), max(cpu)"
                            + " from '" + table + "' group by kind order by kind")) {
                while (rows.next()) {
                    counts.add(rows.getString(1) + " " + rows.getLong(2) + " " + rows.getString(3) + " "
                            + rows.getLong(4) + " " + rows.getLong(5));
                }
            }
            assertThat(counts).isEqualTo(counts(ours)).isNotEmpty();
            Path theirs = folder.resolve("theirs.parquet");
            ask.execute("copy (select * from '" + table + "') to '" + theirs + "' (format parquet)");
            assertThat(Events.read(new Parquet(), theirs).list()).isEqualTo(ours.list());
            try (ResultSet facts = ask.executeQuery("select decode(value) from parquet_kv_metadata('" + table
                    + "') where decode(key) = 'tollgate.facts'")) {
                assertThat(facts.next()).isTrue();
                assertThat(facts.getString(1)).isEqualTo(TollFacts.write(ours.coverage(), ours.tally()));
            }
        }
    }

    /** The slow way: the events of each kind, by hand. */
    private static List<String> counts(Events events) {
        List<String> counts = new ArrayList<>();
        events.list().stream()
                .map(event -> event.kind().name())
                .distinct()
                .sorted()
                .forEach(kind -> {
                    var sum = BigInteger.ZERO;
                    long count = 0;
                    long first = Long.MAX_VALUE;
                    int cpu = Integer.MIN_VALUE;
                    for (Events.Event event : events.list()) {
                        if (event.kind().name().equals(kind)) {
                            count++;
                            sum = sum.add(BigInteger.valueOf(event.a()));
                            first = Math.min(first, event.time());
                            cpu = Math.max(cpu, event.cpu());
                        }
                    }
                    counts.add(kind + " " + count + " " + sum + " " + first + " " + cpu);
                });
        return counts;
    }
}
