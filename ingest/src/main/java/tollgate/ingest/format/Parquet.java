package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * A Parquet table of events: what {@link ParquetWriter} writes for pandas, DuckDB and Spark, or a table of the user's
 * own with the same columns, of which only {@code time_ns} and {@code kind} must be there. {@link ParquetColumns} tells
 * what they hold.
 *
 * <p>Parquet keeps the place of everything in a footer at the end of the file: a file that is cut has none and cannot be
 * used. To keep what a crash leaves, write {@link Toll}.
 *
 * <p>The library is an optional dependency. Without it on the class path all other formats work, and this one says what
 * is missing.
 */
@AutoService(Format.class)
public final class Parquet implements Format {
    static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String name() {
        return "parquet";
    }

    @Override
    public String description() {
        return "tollgate convert IN OUT.parquet: a table for pandas, DuckDB and Spark, or one that they wrote";
    }

    @Override
    public int confidence(Input input) throws IOException {
        byte[] head = input.head();
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                ? CERTAIN
                : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        try {
            return new ParquetRecording(input.name(), input.channel(), input.damage());
        } catch (NoClassDefFoundError missing) {
            throw new BadInput(
                    input.name(),
                    "expected parquet-hadoop on the class path, which reads Parquet, found no " + missing.getMessage()
                            + "; add org.apache.parquet:parquet-hadoop and blue.strategic.parquet:parquet-floor");
        }
    }
}
