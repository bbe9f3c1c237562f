package tollgate.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopCodecs;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/**
 * A {@link Parquet} table being read, one group of rows after the other.
 *
 * <p>The library believes what a file says and fails in many ways where it lies. So what can be held against the file is
 * checked first (lengths, counts, sizes of pages, checksums), and whatever the library throws is told as one fault of
 * this group of rows.
 */
final class ParquetRecording implements Recording {
    /** Bytes of the magic at both ends, and of the length of the footer before the last. */
    private static final int WORD = 4;
    /** 64 MiB. A group of 131,072 rows takes 1 KB of footer, so this is some 8,000 million events. */
    private static final int LARGEST_FOOTER = 64 << 20;
    /** Losses that a recording may report, which rows that were taken out no longer tell; they are counted one by one. */
    private static final int MOST_REPORTS = 100_000_000;

    private static final String AGAIN = "; convert or copy the file again";

    private final String name;
    private final ParquetFileReader file;
    private final MessageType schema;
    private final ParquetColumn[] columns = new ParquetColumn[ParquetColumns.NAMES.size()];
    private final boolean[] isThere = new boolean[columns.length];
    private final Names names = new Names();
    private final Tally tally = new Tally();
    private final Damages damages;
    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    private final Tally.Count[] counts = new Tally.Count[Kind.values().length];
    private final Coverage told;
    private final boolean isTold;
    private boolean hasCpus = true;
    private boolean hasProcesses = true;
    private final int groups;
    private int group = -1;
    private long left;
    private long row;
    private long lastTime = Long.MIN_VALUE;

    ParquetRecording(String name, FileChannel channel, Input.Damage damage) throws IOException {
        this.name = name;
        damages = new Damages(damage, tally);
        checkEnds(channel);
        try {
            file = open(channel);
        } catch (IOException | RuntimeException wrong) {
            throw bad("footer", wrong);
        } catch (OutOfMemoryError | StackOverflowError lie) {
            // A length in the footer that is none: the library reserves all of it, or follows it, before it reads on.
            throw bad("footer", "expected a footer, found one that no memory can hold");
        }
        try {
            schema = schema(file.getFileMetaData().getSchema());
            checkGroups(channel.size());
            file.setRequestedSchema(schema);
            groups = file.getRowGroups().size();
            Map<String, String> pairs = file.getFileMetaData().getKeyValueMetaData();
            isTold = isTold(pairs);
            told = facts(pairs);
        } catch (BadInput refused) {
            file.close();
            throw refused;
        } catch (RuntimeException wrong) {
            file.close();
            throw bad("footer", wrong);
        }
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (!batch.isFull() && (left > 0 || group < groups)) {
            try {
                if (left > 0) {
                    fill(batch, (int) Math.min(left, Batch.CAPACITY - batch.size()));
                } else {
                    nextGroup();
                }
            } catch (Damaged wrong) {
                skipGroup(wrong);
            } catch (IOException | RuntimeException wrong) {
                skipGroup(bad("row group " + group, wrong));
            } catch (OutOfMemoryError lie) {
                // As in the footer: a page without a checksum that tells a dictionary of 2^31 words.
                skipGroup(bad("row group " + group, "expected pages, found one that no memory can hold"));
            }
        }
        return batch.size() > 0;
    }

    private void skipGroup(Damaged wrong) {
        damages.skip(wrong);
        left = 0;
    }

    /** What was told when the table was written or, if it has other rows by now, what has been seen. */
    @Override
    public Coverage coverage() {
        return isTold
                ? told
                : new Coverage(
                        Coverage.Scope.UNKNOWN,
                        hasCpus,
                        hasProcesses,
                        told.clock(),
                        seen,
                        /* isRecordedSetCertain= */ false);
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public Names names() {
        return names;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private static ParquetFileReader open(FileChannel channel) throws IOException {
        PlainParquetConfiguration configuration = new PlainParquetConfiguration();
        ParquetReadOptions options = ParquetReadOptions.builder(configuration)
                .withCodecFactory(new ParquetPages(HadoopCodecs.newFactory(configuration, 0)))
                .usePageChecksumVerification()
                .build();
        return ParquetFileReader.open(new ParquetInput(channel), options);
    }

    private void checkEnds(FileChannel channel) throws IOException {
        long size = channel.size();
        ByteBuffer end = ByteBuffer.allocate(2 * WORD).order(ByteOrder.LITTLE_ENDIAN);
        if (size >= 3 * WORD) {
            channel.read(end, size - 2 * WORD);
        }
        if (!Arrays.equals(end.array(), WORD, 2 * WORD, Parquet.MAGIC, 0, WORD)) {
            throw new BadInput(
                    name + ": byte " + size,
                    "expected the footer and PAR1, found the end: the file is cut, and its rows cannot be found"
                            + AGAIN);
        }
        long footer = end.getInt(0) & 0xffffffffL;
        if (footer > Math.min(size - 3 * WORD, LARGEST_FOOTER)) {
            throw new BadInput(
                    name + ": byte " + (size - 2 * WORD),
                    "expected a footer in the file, found one of " + footer + " bytes" + AGAIN);
        }
    }

    /** Those of our columns that the table has, in our order. */
    private MessageType schema(MessageType table) {
        List<Type> ours = new ArrayList<>();
        for (int i = 0; i < columns.length; i++) {
            String column = ParquetColumns.NAMES.get(i);
            if (table.containsField(column)) {
                Type type = table.getType(column);
                checkType(i, type);
                ours.add(type);
                isThere[i] = true;
                columns[i] =
                        new ParquetColumn(table.getMaxDefinitionLevel(column), ParquetColumns.missing(i), number(i));
            } else if (i == ParquetColumns.TIME || i == ParquetColumns.KIND) {
                throw new BadInput(
                        name,
                        "expected a column '" + column + "', found "
                                + BadInput.show(
                                        String.join(
                                                ",",
                                                table.getFields().stream()
                                                        .map(Type::getName)
                                                        .toList()),
                                        80)
                                + "; name the columns as in 'tollgate convert'");
            } else {
                columns[i] = new ParquetColumn(0, ParquetColumns.missing(i), number(i));
                columns[i].readNothing();
            }
        }
        return new MessageType(table.getName(), ours);
    }

    private void checkType(int column, Type type) {
        PrimitiveTypeName found = type.isPrimitive() ? type.asPrimitiveType().getPrimitiveTypeName() : null;
        boolean isGood = ParquetColumns.isBytes(column)
                ? found == PrimitiveTypeName.BINARY
                : found == PrimitiveTypeName.INT32 || found == PrimitiveTypeName.INT64;
        if (!isGood || type.isRepetition(Type.Repetition.REPEATED)) {
            throw new BadInput(
                    name,
                    "expected " + (ParquetColumns.isBytes(column) ? "text" : "whole numbers") + " in column "
                            + ParquetColumns.NAMES.get(column) + ", found "
                            + BadInput.show(String.valueOf(type).replace('\n', ' '), 60)
                            + "; cast it before writing");
        }
    }

    private ToIntFunction<Binary> number(int column) {
        if (column == ParquetColumns.KIND) {
            return ParquetRecording::kind;
        }
        return ParquetColumns.isBytes(column) ? this::name : null;
    }

    private int name(Binary binary) {
        byte[] bytes = bytes(binary);
        return names.id(bytes, 0, bytes.length);
    }

    /** A word has not reserved its bytes yet: its length may be a lie. */
    private static byte[] bytes(Binary binary) {
        if (binary.length() < 0 || binary.length() > TollWriter.LONGEST_NAME) {
            throw new IllegalArgumentException("a name of " + binary.length() + " bytes");
        }
        return binary.getBytesUnsafe();
    }

    private static int kind(Binary binary) {
        String word = new String(bytes(binary), StandardCharsets.UTF_8).strip().toUpperCase(Locale.ROOT);
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(word)) {
                return kind.ordinal();
            }
        }
        return -1;
    }

    /** The library reserves what the footer tells: more than the file has is a lie. */
    private void checkGroups(long size) {
        int index = 0;
        for (BlockMetaData block : file.getRowGroups()) {
            String where = "row group " + index++;
            if (block.getRowCount() < 0) {
                throw bad(where, "expected rows, found " + block.getRowCount());
            }
            for (ColumnChunkMetaData chunk : block.getColumns()) {
                long start = chunk.getStartingPos();
                long length = chunk.getTotalSize();
                if (start < WORD || length < 0 || length > size - start) {
                    throw bad(where, "expected a column in the file, found " + length + " bytes at byte " + start);
                }
            }
        }
    }

    private boolean isTold(Map<String, String> pairs) {
        String facts = pairs.get(ParquetColumns.FACTS);
        if (facts == null) {
            return false;
        }
        if (!String.valueOf(ParquetWriter.checksum(facts)).equals(pairs.get(ParquetColumns.CHECKSUM))) {
            throw bad("footer", "expected facts with the checksum they tell, found another");
        }
        if (!String.valueOf(file.getRecordCount()).equals(pairs.get(ParquetColumns.EVENTS))) {
            tally.note("facts of a table with other rows, all but the clock not used")
                    .increment();
            return false;
        }
        return true;
    }

    /** Of a table with other rows only the clock is still true. */
    private Coverage facts(Map<String, String> pairs) {
        String facts = pairs.getOrDefault(ParquetColumns.FACTS, "");
        return isTold
                ? TollFacts.read(facts, tally, file.getRecordCount(), name + ": footer")
                : TollFacts.read(facts, new Tally(), MOST_REPORTS, name + ": footer");
    }

    private void nextGroup() throws IOException {
        group++;
        if (group == groups) {
            return;
        }
        if (file.getRowGroups().get(group).getRowCount() == 0) {
            return;
        }
        PageReadStore pages = file.readRowGroup(group);
        left = pages.getRowCount();
        ColumnReadStoreImpl store = new ColumnReadStoreImpl(
                pages, new Columns(), schema, file.getFileMetaData().getCreatedBy());
        for (int i = 0; i < columns.length; i++) {
            if (isThere[i]) {
                ColumnDescriptor column = schema.getColumnDescription(new String[] {ParquetColumns.NAMES.get(i)});
                long values = pages.getPageReader(column).getTotalValueCount();
                if (values != left) {
                    throw bad(
                            "row group " + group,
                            "expected " + left + " values in column " + ParquetColumns.NAMES.get(i) + ", found "
                                    + values);
                }
                columns[i].start(store.getColumnReader(column));
            }
        }
    }

    private void fill(Batch batch, int count) {
        for (int i = 0; i < columns.length; i++) {
            if (isThere[i]) {
                columns[i].read(count);
            }
        }
        for (int i = 0; i < count; i++) {
            try {
                append(batch, i);
            } catch (Damaged wrong) {
                damages.skip(wrong);
            }
        }
        left -= count;
    }

    private void append(Batch batch, int i) {
        row++;
        long time = columns[ParquetColumns.TIME].values[i];
        if (time < lastTime) {
            throw new Damaged(
                    name + ": row " + row,
                    "expected a time of at least " + lastTime + ", found " + time + "; sort the rows by time_ns");
        }
        lastTime = time;
        int ordinal = (int) columns[ParquetColumns.KIND].values[i];
        if (ordinal < 0) {
            throw new Damaged(
                    name + ": row " + row,
                    "expected a kind such as SYSCALL_ENTER, found another word or none; the kinds are "
                            + List.of(Kind.values()));
        }
        Kind kind = Kind.of(ordinal);
        int cpu = whole(ParquetColumns.CPU, i);
        if (cpu >= Coverage.MOST_CPUS) {
            throw new Damaged(
                    name + ": row " + row, "expected a CPU below " + Coverage.MOST_CPUS + ", found " + cpu + AGAIN);
        }
        int pid = whole(ParquetColumns.PID, i);
        batch.append(
                time,
                cpu,
                whole(ParquetColumns.TID, i),
                pid,
                (int) columns[ParquetColumns.COMM].values[i],
                kind,
                whole(ParquetColumns.CODE, i),
                columns[ParquetColumns.A].values[i],
                CsvText.NAMED_B.contains(kind)
                        ? columns[ParquetColumns.OTHER].values[i]
                        : columns[ParquetColumns.B].values[i]);
        if (!isTold) {
            see(kind, cpu, pid);
        }
    }

    private void see(Kind kind, int cpu, int pid) {
        if (seen.add(kind)) {
            counts[kind.ordinal()] = tally.tracepoint(kind.name().toLowerCase(Locale.ROOT));
        }
        counts[kind.ordinal()].increment();
        hasCpus &= cpu >= 0;
        hasProcesses &= pid >= 0;
    }

    private int whole(int column, int i) {
        long value = columns[column].values[i];
        if (value != (int) value) {
            throw new Damaged(
                    name + ": row " + row,
                    "expected a number of 32 bits in column " + ParquetColumns.NAMES.get(column) + ", found " + value
                            + "; check where it comes from");
        }
        return (int) value;
    }

    private Damaged bad(String where, String problem) {
        return new Damaged(name + ": " + where, problem + AGAIN);
    }

    private Damaged bad(String where, Exception wrong) {
        String message = wrong.getMessage() == null ? wrong.getClass().getSimpleName() : wrong.getMessage();
        return bad(where, "expected Parquet, found something else (" + BadInput.show(message, 160) + ")");
    }

    /** Leads the library from a column of the schema to the one that takes its values. */
    private final class Columns extends GroupConverter {
        @Override
        public Converter getConverter(int field) {
            return columns[ParquetColumns.NAMES.indexOf(schema.getFieldName(field))];
        }

        @Override
        public void start() {
            // Columns are read one by one, never as rows.
        }

        @Override
        public void end() {
            // As above.
        }
    }
}
