package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopCodecs;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/** A table gives back the recording it was written from, and a table of the user's own what it has. */
final class ParquetTest {
    @TempDir
    private Path folder;

    static Stream<Path> samples() {
        return Formats.all().stream()
                .flatMap(format -> Samples.of(format.name()).stream())
                .filter(path -> !path.getFileName().toString().startsWith("refused-"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleSurvivesTheWayThere(Path sample) throws IOException {
        Path table = folder.resolve("copy.parquet");
        Events original;
        try (Input input = Input.of(sample);
                Recording recording = Formats.recognise(input).open(input);
                var out = Files.newOutputStream(table)) {
            original = Events.read(Formats.recognise(input), sample);
            ParquetWriter.write(recording, out);
        }
        Events copy = Events.read(new Parquet(), table);
        assertThat(copy.list()).isEqualTo(original.list());
        assertThat(copy.coverage()).isEqualTo(original.coverage());
        assertThat(copy.tracepoints()).isEqualTo(original.tracepoints());
        assertThat(copy.tally().header()).isEqualTo(original.tally().header());
        assertThat(copy.tally().lost()).isEqualTo(original.tally().lost());
        assertThat(copy.tally().lossReports()).isEqualTo(original.tally().lossReports());
        assertThat(copy.tally().outOfOrder()).isEqualTo(original.tally().outOfOrder());
        assertThat(copy.tally().endsEarly()).isEqualTo(original.tally().endsEarly());
        assertThat(copy.tally().notes().keySet())
                .isEqualTo(original.tally().notes().keySet());
        original.tally()
                .notes()
                .forEach((what, count) -> assertThat(copy.note(what)).isEqualTo(count.value()));
    }

    /** Events of any kind with any values, but for times, which only grow, and names, which must be known. */
    private static final class Invented implements Recording {
        private final Random random;
        private final Names names = new Names();
        private final Tally tally = new Tally();
        private int left;
        private long time = -5;

        Invented(long seed, int events) {
            random = new Random(seed);
            left = events;
            names.id(new byte[0], 0, 0);
            for (int i = 0; i < 200; i++) {
                byte[] name = new byte[random.nextInt(16)];
                random.nextBytes(name);
                names.id(name, 0, name.length);
            }
            tally.header("command", "perf\trecord\n\\ -a");
            tally.note("n").add(7);
        }

        private long number() {
            return random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(2000) - 1000;
        }

        private int name() {
            return random.nextInt(names.size() + 1) - 1;
        }

        @Override
        public boolean read(Batch batch) {
            batch.clear();
            Kind[] kinds = Kind.values();
            int room = 1 + random.nextInt(Batch.CAPACITY);
            for (; left > 0 && batch.size() < room; left--) {
                Kind kind = kinds[random.nextInt(kinds.length)];
                time += random.nextInt(1000);
                long b = CsvText.NAMED_B.contains(kind) ? name() : number();
                int cpu = (int) Math.floorMod(number(), Coverage.MOST_CPUS + 1L) - 1;
                batch.append(time, cpu, (int) number(), (int) number(), name(), kind, (int) number(), number(), b);
            }
            return batch.size() > 0;
        }

        @Override
        public Coverage coverage() {
            return new Coverage(Coverage.Scope.TASKS, true, false, Coverage.Clock.TSC, EnumSet.allOf(Kind.class), true);
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
        public void close() {
            // Nothing is open.
        }
    }

    private static byte[] write(Recording recording) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ParquetWriter.write(recording, out);
        return out.toByteArray();
    }

    /** Each event as text, with the bytes of its names, whose numbers may differ. */
    private static List<String> events(Recording recording) throws IOException {
        List<String> events = new ArrayList<>();
        Batch batch = new Batch();
        while (recording.read(batch)) {
            for (int i = 0; i < batch.size(); i++) {
                boolean isNamed = CsvText.NAMED_B.contains(batch.kind(i));
                events.add(batch.time[i] + " " + batch.cpu[i] + " " + batch.tid[i] + " " + batch.pid[i] + " "
                        + name(recording, batch.comm[i]) + " " + batch.kind(i) + " " + batch.code[i] + " " + batch.a[i]
                        + " " + (isNamed ? name(recording, (int) batch.b[i]) : batch.b[i]));
            }
        }
        return events;
    }

    private static String name(Recording recording, int id) {
        return id < 0 ? "none" : Arrays.toString(recording.names().bytes(id));
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.parquet"), bytes);
    }

    private List<String> read(byte[] bytes) throws IOException {
        try (Input input = Input.of(file(bytes));
                Recording recording = new Parquet().open(input)) {
            return events(recording);
        }
    }

    /** 300,000 events are three groups of rows. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5000, 300_000})
    void anyValueOfAnyFieldComesBack(int events) throws IOException {
        byte[] table = write(new Invented(events, events));
        assertThat(read(table)).isEqualTo(events(new Invented(events, events)));
        try (var file = ParquetFileReader.open(new ParquetInput(FileChannel.open(file(table))))) {
            assertThat(file.getRowGroups())
                    .extracting(BlockMetaData::getRowCount)
                    .isEqualTo(
                            switch (events) {
                                case 0 -> List.of();
                                case 300_000 -> List.of(131_072L, 131_072L, 37_856L);
                                default -> List.of((long) events);
                            });
        }
    }

    @Test
    void theSameEventsGiveTheSameBytes() throws IOException {
        assertThat(write(new Invented(9, 5000))).isEqualTo(write(new Invented(9, 5000)));
    }

    @Test
    void aCutFileSaysSo() throws IOException {
        byte[] whole = write(new Invented(1, 100));
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 1)))
                .isInstanceOf(BadInput.class)
                .hasMessage(folder.resolve("a.parquet") + ": byte " + (whole.length - 1)
                        + ": expected the footer and PAR1, found the end: the file is cut, and its rows cannot be found;"
                        + " convert or copy the file again");
    }

    /** Pages and facts have checksums. What else the footer says is refused, or does not matter to the events. */
    @Test
    void aDamagedByteNeverChangesAnEvent() throws IOException {
        byte[] whole = write(new Invented(5, 3000));
        List<String> events = events(new Invented(5, 3000));
        Random random = new Random(1);
        int refusals = 0;
        for (int round = 0; round < 400; round++) {
            byte[] damaged = whole.clone();
            // Every second one in the footer, which is in the last 4 KB.
            int at = round % 2 == 0
                    ? random.nextInt(whole.length)
                    : whole.length - 1 - random.nextInt(Math.min(4096, whole.length));
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(read(damaged)).as("byte %d of %d", at, whole.length).isEqualTo(events);
            } catch (BadInput refused) {
                refusals++;
                assertThat(refused)
                        .hasMessageStartingWith(folder.resolve("a.parquet") + "")
                        .hasMessageNotContaining("\n");
            }
        }
        assertThat(refusals).isGreaterThan(200);
    }

    /** The library cannot write gzip without Hadoop. */
    private record Gzipping(CompressionCodecFactory codecs) implements CompressionCodecFactory {
        @Override
        public BytesInputCompressor getCompressor(CompressionCodecName codec) {
            return codec != CompressionCodecName.GZIP
                    ? codecs.getCompressor(codec)
                    : new BytesInputCompressor() {
                        @Override
                        public BytesInput compress(BytesInput page) throws IOException {
                            ByteArrayOutputStream packed = new ByteArrayOutputStream();
                            try (var gzip = new GZIPOutputStream(packed)) {
                                page.writeAllTo(gzip);
                            }
                            return BytesInput.from(packed.toByteArray());
                        }

                        @Override
                        public CompressionCodecName getCodecName() {
                            return codec;
                        }

                        @Override
                        public void release() {
                            // Nothing is kept.
                        }
                    };
        }

        @Override
        public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
            return codecs.getDecompressor(codec);
        }

        @Override
        public void release() {
            codecs.release();
        }
    }

    private static final String OWN = "message t { optional int32 time_ns; required binary kind (STRING); "
            + "optional int64 tid; optional double weight; optional binary comm (STRING); }";

    private Path own(String schema, CompressionCodecName codec, Consumer<Group> row, int rows) throws IOException {
        Path file = folder.resolve("own.parquet");
        Files.deleteIfExists(file);
        MessageType type = MessageTypeParser.parseMessageType(schema);
        try (var writer = ExampleParquetWriter.builder(new LocalOutputFile(file))
                .withConf(new PlainParquetConfiguration())
                .withType(type)
                .withCodecFactory(new Gzipping(HadoopCodecs.newFactory(new PlainParquetConfiguration(), 0)))
                .withCompressionCodec(codec)
                .build()) {
            for (int i = 0; i < rows; i++) {
                Group group = new SimpleGroupFactory(type).newGroup();
                row.accept(group);
                writer.write(group);
            }
        }
        return file;
    }

    /** pandas and DuckDB write snappy; columns in another order, of another width, with nulls, or not ours at all. */
    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void aTableOfTheUsersOwnTellsWhatItHas(CompressionCodecName codec) throws IOException {
        Path file = own(
                OWN,
                codec,
                row -> row.append("time_ns", 5)
                        .append("kind", "syscall_enter")
                        .append("weight", 0.5)
                        .append("comm", "é"),
                2);
        Events events = Events.read(new Parquet(), file);
        assertThat(events.list())
                .containsExactly(
                        new Events.Event(5, -1, -1, -1, "é", Kind.SYSCALL_ENTER, 0, 0, 0, ""),
                        new Events.Event(5, -1, -1, -1, "é", Kind.SYSCALL_ENTER, 0, 0, 0, ""));
        assertThat(events.coverage())
                .isEqualTo(new Coverage(
                        Coverage.Scope.UNKNOWN,
                        false,
                        false,
                        Coverage.Clock.NANOS,
                        EnumSet.of(Kind.SYSCALL_ENTER),
                        false));
        assertThat(events.tracepoints()).containsOnly(Map.entry("syscall_enter", 2L));
    }

    @Test
    void whatIsWrongInATableIsNamed() throws IOException {
        refused(
                "message t { required int64 time; required binary kind; }",
                row -> row.append("time", 1L).append("kind", "EXIT"),
                ": expected a column 'time_ns', found time,kind; name the columns as in 'tollgate convert'");
        refused(
                "message t { required double time_ns; required binary kind; }",
                row -> row.append("time_ns", 1.0).append("kind", "EXIT"),
                ": expected whole numbers in column time_ns, found required double time_ns; cast it before writing");
        refused(
                "message t { required int64 time_ns; required binary kind; }",
                row -> row.append("time_ns", 1L).append("kind", "KNIFE"),
                ": row 1: expected a kind such as SYSCALL_ENTER, found another word or none; the kinds are "
                        + List.of(Kind.values()));
        refused(
                "message t { required int64 time_ns; required binary kind; required int64 cpu; }",
                row -> row.append("time_ns", 1L).append("kind", "EXIT").append("cpu", 1L << 40),
                ": row 1: expected a number of 32 bits in column cpu, found 1099511627776; check where it comes from");
        long[] times = {7, 6};
        int[] next = {0};
        refused(
                "message t { required int64 time_ns; required binary kind; }",
                row -> row.append("time_ns", times[next[0]++]).append("kind", "EXIT"),
                ": row 2: expected a time of at least 7, found 6; sort the rows by time_ns");
    }

    private void refused(String schema, Consumer<Group> row, String message) throws IOException {
        Path file = own(schema, CompressionCodecName.SNAPPY, row, 2);
        assertThatThrownBy(() -> Events.read(new Parquet(), file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + message);
    }

    /** As if some tool had filtered the rows and kept the metadata. */
    @Test
    void ofTheFactsOfOtherRowsOnlyTheClockIsUsed() throws IOException {
        byte[] table = write(new Invented(2, 1000));
        String text = new String(table, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(ParquetColumns.EVENTS + "\u0018\u0004" + "1000");
        assertThat(at).isPositive();
        table[at + ParquetColumns.EVENTS.length() + 2] = '2';
        Path file = file(table);
        Events events = Events.read(new Parquet(), file);
        assertThat(events.list()).hasSize(1000);
        assertThat(events.coverage().scope()).isEqualTo(Coverage.Scope.UNKNOWN);
        assertThat(events.coverage().clock()).isEqualTo(Coverage.Clock.TSC);
        assertThat(events.tally().header()).isEmpty();
        assertThat(events.note("facts of a table with other rows, all but the clock not used"))
                .isOne();
    }
}
