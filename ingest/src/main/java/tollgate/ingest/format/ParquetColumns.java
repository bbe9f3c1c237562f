package tollgate.ingest.format;

import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * The columns of a {@link Parquet} table, and the keys of what its rows cannot say.
 *
 * <pre>
 *   time_ns  int64            cpu, tid, pid  int32, -1 not told     comm   bytes, null not told
 *   kind     string           code           int32                  a, b   int64
 *   other    bytes: of SWITCH, FORK and WAKEUP the name of the other thread, null not told; b is then 0
 * </pre>
 *
 * The names and meanings are those of the CSV form, but for {@code other}: there b holds the name itself. A comm is
 * bytes, since Linux allows any: {@code decode(comm)} in DuckDB, {@code .str.decode('utf-8', 'replace')} in pandas.
 */
final class ParquetColumns {
    static final int TIME = 0;
    static final int CPU = 1;
    static final int TID = 2;
    static final int PID = 3;
    static final int COMM = 4;
    static final int KIND = 5;
    static final int CODE = 6;
    static final int A = 7;
    static final int B = 8;
    static final int OTHER = 9;

    static final List<String> NAMES =
            List.of("time_ns", "cpu", "tid", "pid", "comm", "kind", "code", "a", "b", "other");

    static final MessageType SCHEMA = Types.buildMessage()
            .required(PrimitiveTypeName.INT64)
            .named("time_ns")
            .required(PrimitiveTypeName.INT32)
            .named("cpu")
            .required(PrimitiveTypeName.INT32)
            .named("tid")
            .required(PrimitiveTypeName.INT32)
            .named("pid")
            .optional(PrimitiveTypeName.BINARY)
            .named("comm")
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("kind")
            .required(PrimitiveTypeName.INT32)
            .named("code")
            .required(PrimitiveTypeName.INT64)
            .named("a")
            .required(PrimitiveTypeName.INT64)
            .named("b")
            .optional(PrimitiveTypeName.BINARY)
            .named("other")
            .named("tollgate_events");

    /** Coverage, clock and tally of the recording: lines of words with tabs between them, as {@link Toll} tells. */
    static final String FACTS = "tollgate.facts";
    /** Events of the recording: facts beside another number of rows are those of another table. */
    static final String EVENTS = "tollgate.events";
    /** CRC32C of the bytes of the facts, decimal: Parquet has checksums of its pages, but none of its footer. */
    static final String CHECKSUM = "tollgate.facts.crc32c";

    private ParquetColumns() {}

    static boolean isBytes(int column) {
        return column == COMM || column == KIND || column == OTHER;
    }

    /** What a row means that does not have this column; names and kinds are numbers by then. */
    static long missing(int column) {
        return column == CODE || column == A || column == B ? 0 : -1;
    }
}
