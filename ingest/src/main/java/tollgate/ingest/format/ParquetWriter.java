package tollgate.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;

/**
 * Writes a recording as a {@link Parquet} table, front to back. The same events give the same bytes. What is held in
 * memory is one group of rows; an event costs no allocation of ours.
 */
public final class ParquetWriter implements Closeable {
    /** Rows of a group: some 8 MB before compression, and enough for a reader to skip by the times in its statistics. */
    private static final int GROUP = 1 << 17;

    private final Rows rows = new Rows();
    private final org.apache.parquet.hadoop.ParquetWriter<Batch> writer;

    /** Writes a whole recording, from where it stands to its end. Closes neither. */
    public static void write(Recording recording, OutputStream out) throws IOException {
        try (ParquetWriter writer = new ParquetWriter(out)) {
            Batch batch = new Batch();
            while (recording.read(batch)) {
                writer.append(batch, recording.names());
            }
            writer.finish(recording);
        }
    }

    /** @param out stays open */
    public ParquetWriter(OutputStream out) throws IOException {
        var builder = new Builder(out, rows)
                .withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD)
                .withWriterVersion(WriterVersion.PARQUET_2_0)
                .withPageWriteChecksumEnabled(true)
                .withRowGroupRowCountLimit(GROUP);
        // Times hardly repeat: a dictionary of them is built in vain and thrown away.
        writer = builder.withDictionaryEncoding("time_ns", /* enableDictionary= */ false)
                .build();
    }

    /** Appends the events of a batch. @param names of its recording, the same for all batches */
    public void append(Batch batch, Names names) throws IOException {
        rows.names = names;
        rows.events += batch.size();
        for (int i = 0; i < batch.size(); i++) {
            rows.next = i;
            writer.write(batch);
        }
    }

    /** Keeps what the rows cannot say. @param recording read to its end, so that its coverage and tally are complete */
    public void finish(Recording recording) {
        rows.facts = TollFacts.write(recording.coverage(), recording.tally());
    }

    /** Writes what comes after the events. A table that was not {@link #finish finished} has no facts. */
    @Override
    public void close() throws IOException {
        writer.close();
    }

    static long checksum(String facts) {
        CRC32C crc = new CRC32C();
        crc.update(facts.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /** One event after the other, column by column, into the library's hands. */
    @SuppressWarnings("deprecation") // Of init, the form that must be there is the old one.
    private static final class Rows extends WriteSupport<Batch> {
        private static final Binary[] KINDS = kinds();

        private final List<Binary> known = new ArrayList<>();
        private RecordConsumer out;
        private Names names = new Names();
        private long events;
        private String facts = "";
        private int next;

        private static Binary[] kinds() {
            Kind[] kinds = Kind.values();
            Binary[] words = new Binary[kinds.length];
            for (Kind kind : kinds) {
                words[kind.ordinal()] = Binary.fromConstantByteArray(kind.name().getBytes(StandardCharsets.US_ASCII));
            }
            return words;
        }

        @Override
        public WriteContext init(Configuration unused) {
            return new WriteContext(ParquetColumns.SCHEMA, Map.of());
        }

        @Override
        public WriteContext init(ParquetConfiguration unused) {
            return new WriteContext(ParquetColumns.SCHEMA, Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer consumer) {
            out = consumer;
        }

        @Override
        public void write(Batch batch) {
            int i = next;
            Kind kind = batch.kind(i);
            boolean isNamed = CsvText.NAMED_B.contains(kind);
            out.startMessage();
            put(ParquetColumns.TIME, batch.time[i]);
            put(ParquetColumns.CPU, batch.cpu[i]);
            put(ParquetColumns.TID, batch.tid[i]);
            put(ParquetColumns.PID, batch.pid[i]);
            putName(ParquetColumns.COMM, batch.comm[i]);
            put(ParquetColumns.KIND, KINDS[kind.ordinal()]);
            put(ParquetColumns.CODE, batch.code[i]);
            put(ParquetColumns.A, batch.a[i]);
            put(ParquetColumns.B, isNamed ? 0 : batch.b[i]);
            putName(ParquetColumns.OTHER, isNamed ? (int) batch.b[i] : -1);
            out.endMessage();
        }

        @Override
        public FinalizedWriteContext finalizeWrite() {
            if (facts.isEmpty()) {
                return new FinalizedWriteContext(Map.of());
            }
            return new FinalizedWriteContext(new TreeMap<>(Map.of(
                    ParquetColumns.FACTS,
                    facts,
                    ParquetColumns.EVENTS,
                    String.valueOf(events),
                    ParquetColumns.CHECKSUM,
                    String.valueOf(checksum(facts)))));
        }

        private void put(int column, long value) {
            out.startField(ParquetColumns.NAMES.get(column), column);
            out.addLong(value);
            out.endField(ParquetColumns.NAMES.get(column), column);
        }

        private void put(int column, int value) {
            out.startField(ParquetColumns.NAMES.get(column), column);
            out.addInteger(value);
            out.endField(ParquetColumns.NAMES.get(column), column);
        }

        private void put(int column, Binary value) {
            out.startField(ParquetColumns.NAMES.get(column), column);
            out.addBinary(value);
            out.endField(ParquetColumns.NAMES.get(column), column);
        }

        private void putName(int column, int id) {
            if (id < 0) {
                return;
            }
            while (known.size() <= id) {
                byte[] name = names.bytes(known.size());
                known.add(Binary.fromConstantByteArray(name, 0, Math.min(name.length, TollWriter.LONGEST_NAME)));
            }
            put(column, known.get(id));
        }
    }

    @SuppressWarnings("deprecation") // As above.
    private static final class Builder extends org.apache.parquet.hadoop.ParquetWriter.Builder<Batch, Builder> {
        private final Rows rows;

        Builder(OutputStream out, Rows rows) {
            super(new Stream(out));
            this.rows = rows;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<Batch> getWriteSupport(Configuration unused) {
            return rows;
        }

        @Override
        protected WriteSupport<Batch> getWriteSupport(ParquetConfiguration unused) {
            return rows;
        }
    }

    /** The library asks where it stands in the file, and for nothing else. */
    private record Stream(OutputStream out) implements OutputFile {
        @Override
        public PositionOutputStream create(long unused) {
            return new PositionOutputStream() {
                private long position;

                @Override
                public long getPos() {
                    return position;
                }

                @Override
                public void write(int b) throws IOException {
                    out.write(b);
                    position++;
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    out.write(bytes, from, length);
                    position += length;
                }

                @Override
                public void flush() throws IOException {
                    out.flush();
                }

                @Override
                public void close() throws IOException {
                    out.flush();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSize) {
            return create(blockSize);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
