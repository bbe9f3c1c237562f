package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/** The packed form gives back what was put in, to the bit, and refuses what is not what was written. */
class TollTest {
    private Path folder;

    @BeforeEach
    @BeforeProperty
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("tollgate-toll-");
    }

    @AfterEach
    @AfterProperty
    void removeFolder() throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /** A recording out of thin air: any values in any column. */
    private static final class Invented implements Recording {
        private final Random random;
        private final Names names = new Names();
        private final Tally tally = new Tally();
        private final Coverage coverage;
        private int left;

        Invented(long seed, int events) {
            random = new Random(seed);
            left = events;
            int known = random.nextInt(40);
            for (int i = 0; i < known; i++) {
                byte[] name = new byte[random.nextInt(16)];
                random.nextBytes(name);
                names.id(name, 0, name.length);
            }
            Set<Kind> recorded = java.util.EnumSet.noneOf(Kind.class);
            for (Kind kind : Kind.values()) {
                if (random.nextBoolean()) {
                    recorded.add(kind);
                }
            }
            coverage = new Coverage(
                    pick(Coverage.Scope.values()),
                    random.nextBoolean(),
                    random.nextBoolean(),
                    pick(Coverage.Clock.values()),
                    recorded,
                    random.nextBoolean());
            tally.tracepoint("sys_enter").add(random.nextLong());
            tally.note("a\tnote\\with\nall \\n of it").add(random.nextInt(100));
            tally.header("command", "perf\trecord\n\\ -a");
            tally.header("empty", "");
            for (int i = Math.min(random.nextInt(4), events); i > 0; i--) {
                tally.lost(random.nextInt(1000) - 1);
                tally.countOutOfOrder();
            }
            tally.endsEarly(random.nextBoolean() ? "" : "somewhere: byte 7");
        }

        private <T> T pick(T[] values) {
            return values[random.nextInt(values.length)];
        }

        private long time = -5;

        /** Small steps as in recordings, and now and then anything at all. */
        private long number() {
            return random.nextInt(8) == 0
                    ? random.nextLong()
                    : random.nextInt(3) == 0 ? 0 : random.nextInt(2000) - 1000;
        }

        @Override
        public boolean read(Batch batch) {
            batch.clear();
            int room = 1 + random.nextInt(Batch.CAPACITY);
            for (; left > 0 && batch.size() < room; left--) {
                int comm = names.size() == 0 ? -1 : random.nextInt(names.size() + 1) - 1;
                time += Math.floorMod(number(), 1L << 40);
                batch.append(
                        time,
                        random.nextInt(Coverage.MOST_CPUS + 1) - 1,
                        (int) number(),
                        (int) number(),
                        comm,
                        pick(Kind.values()),
                        (int) number(),
                        number(),
                        number());
            }
            return batch.size() > 0;
        }

        @Override
        public Coverage coverage() {
            return coverage;
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
        TollWriter.write(recording, out);
        return out.toByteArray();
    }

    private Path file(byte[] bytes) throws IOException {
        Path file = folder.resolve("a.toll");
        Files.write(file, bytes);
        return file;
    }

    private static List<String> events(Recording recording) throws IOException {
        List<String> events = new ArrayList<>();
        Batch batch = new Batch();
        while (recording.read(batch)) {
            for (int i = 0; i < batch.size(); i++) {
                events.add(event(batch, i));
            }
        }
        return events;
    }

    private static String event(Batch b, int i) {
        return b.time[i] + " " + b.cpu[i] + " " + b.tid[i] + " " + b.pid[i] + " " + b.comm[i] + " " + b.kind(i) + " "
                + b.code[i] + " " + b.a[i] + " " + b.b[i];
    }

    @Property(tries = 60)
    void everyFieldComesBack(@ForAll long seed, @ForAll @IntRange(max = 9000) int events) throws IOException {
        Invented once = new Invented(seed, events);
        try (Input input = Input.of(file(write(new Invented(seed, events))));
                Recording again = new Toll().open(input)) {
            assertThat(events(again)).isEqualTo(events(once));
            assertThat(again.coverage()).isEqualTo(once.coverage());
            assertThat(show(again.tally())).isEqualTo(show(once.tally()));
            assertThat(again.names().size()).isEqualTo(once.names().size());
            for (int id = 0; id < once.names().size(); id++) {
                assertThat(again.names().bytes(id)).isEqualTo(once.names().bytes(id));
            }
        }
    }

    private static String show(Tally tally) {
        TreeMap<String, Long> counts = new TreeMap<>();
        tally.tracepoints().forEach((name, count) -> counts.put("tracepoint " + name, count.value()));
        tally.notes().forEach((name, count) -> counts.put("note " + name, count.value()));
        return counts + " " + tally.header() + " " + tally.lost() + " " + tally.lossReports() + " " + tally.outOfOrder()
                + " " + tally.endsEarly();
    }

    @Test
    void moreEventsThanAFrameHolds() throws IOException {
        int events = 2 * TollColumns.EVENTS + 5;
        byte[] bytes = write(new Invented(3, events));
        try (FileChannel channel = FileChannel.open(file(bytes))) {
            TollFile toll = new TollFile("a", channel, Input.Damage.REFUSE);
            assertThat(toll.frames()).extracting(TollFile.Frame::events).containsExactly(65536, 65536, 5);
            // Any frame can be read without those before it.
            TollFrame frame = new TollFrame();
            toll.read(toll.frames().get(2).offset(), frame);
            Batch last = new Batch();
            assertThat(frame.give(last)).isEmpty();
            assertThat(frame.hasMore()).isFalse();
            List<String> all = events(new Invented(3, events));
            assertThat(event(last, 4)).isEqualTo(all.get(events - 1));
            assertThat(last.time[0]).isEqualTo(toll.frames().get(2).firstTime());
            assertThat(last.time[4]).isEqualTo(toll.frames().get(2).lastTime());
        }
    }

    @Test
    void theSameEventsGiveTheSameBytes() throws IOException {
        assertThat(write(new Invented(9, 5000))).isEqualTo(write(new Invented(9, 5000)));
    }

    /** The worked example in {@link Toll}. */
    @Test
    void theWorkedExampleIsTrue() {
        Batch batch = new Batch();
        batch.append(1000, 0, 7, 7, 0, Kind.SYSCALL_ENTER, 1, 3, 0);
        batch.append(1007, 0, 7, 7, 0, Kind.SYSCALL_EXIT, 1, 5, 0);
        TollColumns columns = new TollColumns();
        columns.take(batch, 0);
        ByteBuffer encoded = columns.encode();
        assertThat(HexFormat.ofDelimiter(" ").formatHex(encoded.array(), 0, encoded.limit()))
                .isEqualTo("e8 03 00 00 00 00 00 00 "
                        + "01 00 00 00 00 00 00 00 07 00 00 00 07 00 00 00 00 00 00 00 "
                        + "02 00 00 00 00 01 00 00 00 01 01 00 00 00 "
                        + "02 00 00 00 04 00 00 00 05 00 00 00 06 00 00 00 "
                        + "07 00 00 00 09 00 00 00 0a 00 00 00 0a 00 00 00 "
                        + "00 00 00 01 10 07 11 06 0a 00");
    }

    @Test
    void aCutFileIsReadToItsLastWholeFrame() throws IOException {
        byte[] whole = write(new Invented(4, TollColumns.EVENTS + 100));
        List<String> events = events(new Invented(4, TollColumns.EVENTS + 100));
        for (int length : new int[] {whole.length - 1, whole.length - 20, whole.length / 2, 400}) {
            try (Input input = Input.of(file(Arrays.copyOf(whole, length)));
                    Recording recording = new Toll().open(input)) {
                List<String> read = events(recording);
                assertThat(read.size()).as("cut at %d", length).isIn(0, TollColumns.EVENTS, events.size());
                assertThat(read).isEqualTo(events.subList(0, read.size()));
                assertThat(recording.tally().endsEarly()).contains("a.toll: byte ");
                assertThat(recording.coverage().isRecordedSetCertain()).isFalse();
            }
        }
    }

    @Test
    void anyDamagedByteIsNoticed() throws IOException {
        byte[] whole = write(new Invented(5, 3000));
        List<String> events = events(new Invented(5, 3000));
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            byte[] damaged = whole.clone();
            int at = i < 200 ? i : random.nextInt(whole.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            try (Input input = Input.of(file(damaged));
                    Recording recording = new Toll().open(input)) {
                List<String> read = events(recording);
                // Only the end can be damaged without harm: then the file counts as cut.
                assertThat(read).as("byte %d", at).isEqualTo(events);
                assertThat(recording.tally().endsEarly()).as("byte %d", at).isNotEmpty();
                assertThat(at).isGreaterThanOrEqualTo(whole.length - Toll.END);
            } catch (BadInput refused) {
                assertThat(refused).hasMessageContaining("a.toll: byte ").hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void anotherVersionIsAnotherError() throws IOException {
        assertThatThrownBy(() -> open(version(3)))
                .isInstanceOf(BadInput.class)
                .hasMessageEndingWith(
                        "a.toll: byte 8: expected version 2 at most, found 3; use a newer Tollgate to read it");
        assertThatThrownBy(() -> open(version(1)))
                .isInstanceOf(BadInput.class)
                .hasMessageEndingWith(
                        "a.toll: byte 8: expected version 2 at least, found 1; convert it with the Tollgate that wrote it, or record again");
    }

    private void open(byte[] bytes) throws IOException {
        try (Input input = Input.of(file(bytes));
                Recording recording = new Toll().open(input)) {
            events(recording);
        }
    }

    private static byte[] version(int version) throws IOException {
        byte[] bytes = write(new Invented(1, 10));
        bytes[8] = (byte) version;
        return bytes;
    }

    /** A header of kinds that are named otherwise: only an event of such a kind is a fault. */
    @Test
    void aKindOfTheFutureIsRefusedOnlyIfUsed() throws IOException {
        Batch batch = new Batch();
        batch.append(1, 0, 1, 1, -1, Kind.SYSCALL_ENTER, 0, 0, 0);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TollWriter writer = new TollWriter(out);
        writer.append(batch, new Names());
        writer.finish(new Invented(0, 0));
        byte[] bytes = out.toByteArray();
        open(renamed(bytes, "SOFTIRQ_EXIT", "SOFTIRQ_EXAT"));
        assertThatThrownBy(() -> open(renamed(bytes, "SYSCALL_ENTER", "SYSCALL_ENTEX")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("expected a kind of event that is known, found number 0");
    }

    private static final int[] ALL_KINDS =
            java.util.stream.IntStream.range(0, Kind.values().length).toArray();

    /** Two events as in the worked example and a third on another CPU, so that no column is without bytes. */
    private static byte[] threeEvents() {
        Batch batch = new Batch();
        batch.append(1000, 0, 7, 7, 0, Kind.SYSCALL_ENTER, 1, 3, 300);
        batch.append(1007, 0, 7, 7, 0, Kind.SYSCALL_EXIT, 1, 5, 0);
        batch.append(1009, 1, 8, 7, -1, Kind.SYSCALL_ENTER, 1, 3, 4);
        TollColumns columns = new TollColumns();
        columns.take(batch, 0);
        ByteBuffer encoded = columns.encode();
        return Arrays.copyOf(encoded.array(), encoded.limit());
    }

    /** What is wrong with a frame of three events, one name being known; empty if it can be read. */
    private static String wrongWith(byte[] bytes) {
        TollFrame frame = new TollFrame();
        byte[] room = frame.room(bytes.length);
        // What stood there before is not looked at.
        Arrays.fill(room, (byte) 0xff);
        System.arraycopy(bytes, 0, room, 0, bytes.length);
        ByteBuffer from = ByteBuffer.wrap(room).order(ByteOrder.LITTLE_ENDIAN).limit(bytes.length);
        String wrong = frame.open(from, 3, ALL_KINDS, 1);
        Batch batch = new Batch();
        while (wrong.isEmpty() && frame.hasMore()) {
            batch.clear();
            wrong = frame.give(batch);
        }
        return wrong;
    }

    private static byte[] with(int at, int value) {
        byte[] bytes = threeEvents();
        bytes[at] = (byte) value;
        return bytes;
    }

    /** Checksums tell of damage; this is about files that somebody made. */
    @Test
    void whatAFrameCannotHaveIsTold() {
        assertThat(wrongWith(threeEvents())).isEmpty();
        // 8 bytes of time, 4 of the number of tasks, 16 each.
        assertThat(wrongWith(with(8, 200))).isEqualTo("expected a table of tasks in the frame, found one of 200");
        assertThat(wrongWith(with(13, 0x20))).isEqualTo("expected a CPU below 8192, found 8192");
        assertThat(wrongWith(with(24, 1))).isEqualTo("expected one of 1 names, found number 1");
        assertThat(wrongWith(with(47, 1))).isEqualTo("expected a table of acts in the frame, found one of 16777218");
        assertThat(wrongWith(with(48, 99))).isEqualTo("expected a kind of event that is known, found number 99");
        // 44 to 58 are the acts, then the ends, then at 90: 3 tasks, 3 acts, lengths 10 01, steps 07 02.
        int columns = 90;
        assertThat(wrongWith(with(58, 2))).isEqualTo("expected 3 bytes in column 0, found 2");
        assertThat(wrongWith(with(62, 2))).isEqualTo("expected the end of column 1 in its frame, found 2");
        assertThat(wrongWith(with(columns, 2))).isEqualTo("expected tasks of the table, found others");
        assertThat(wrongWith(with(columns + 3, 2))).isEqualTo("expected acts of the table, found others");
        String numbers = "expected numbers of up to 8 bytes inside their column, found others";
        assertThat(wrongWith(with(columns + 6, 0x90))).isEqualTo(numbers);
        assertThat(wrongWith(with(columns + 6, 0x30))).isEqualTo(numbers);
        assertThat(wrongWith(with(columns + 6, 0x00)))
                .isEqualTo("expected columns that end with the events, found more");
    }

    /** Whatever a frame holds, reading it ends with a sentence or with three events. */
    @Property(tries = 3000)
    void noFrameIsReadOutsideOfIt(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = threeEvents();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
        assertThat(wrongWith(Arrays.copyOf(bytes, length))).doesNotContain("\n");
    }

    /** More threads and more codes than a byte counts. */
    @Test
    void tablesOfMoreThan256Rows() throws IOException {
        Batch batch = new Batch();
        for (int i = 0; i < 4000; i++) {
            batch.append(i, i % 3, i / 10, i / 20, -1, Kind.SYSCALL_EXIT, i % 300, -i, 0);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TollWriter writer = new TollWriter(out);
        writer.append(batch, new Names());
        writer.finish(new Invented(0, 0));
        try (Input input = Input.of(file(out.toByteArray()));
                Recording again = new Toll().open(input)) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 4000; i++) {
                expected.add(event(batch, i));
            }
            assertThat(events(again)).isEqualTo(expected);
        }
    }

    /** Within a frame, and from one frame to the next. */
    @Test
    void timesThatRunBackAreRefused() throws IOException {
        for (int first : new int[] {1, TollColumns.EVENTS}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            TollWriter writer = new TollWriter(out);
            Batch batch = new Batch();
            for (int i = 0; i <= first; i++) {
                batch.clear();
                batch.append(i < first ? 1000 : 999, 0, 1, 1, -1, Kind.SYSCALL_ENTER, 0, 0, 0);
                writer.append(batch, new Names());
            }
            writer.finish(new Invented(0, 0));
            assertThatThrownBy(() -> open(out.toByteArray()))
                    .isInstanceOf(BadInput.class)
                    .hasMessageEndingWith("expected times in order, found one that runs back; copy the file again");
        }
    }

    private static byte[] renamed(byte[] bytes, String from, String to) {
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).replaceFirst(from, to);
        byte[] changed = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        int end = 12;
        for (int kinds = changed[10]; kinds > 0; kinds--) {
            end += 1 + changed[end];
        }
        CRC32C crc = new CRC32C();
        crc.update(changed, 0, end);
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) crc.getValue());
        return changed;
    }
}
