package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;

/** Samples decoded a column at a time against the same a record at a time, up to the first that is not to be taken. */
class PerfDataSamplesTest {
    private static final long TID = 1 << 1;
    private static final long TIME = 1 << 2;
    private static final long CALLCHAIN = 1 << 5;
    private static final long CPU = 1 << 7;
    private static final long RAW = 1 << 10;
    private static final long IDENTIFIER = 1 << 16;

    private static final int LONGEST_RAW = 96;
    private static final long LIMIT = 100_000;

    /** System, name, and fields as name, offset and size. */
    private static final List<BinaryFormat> FORMATS = List.of(
            format("raw_syscalls", "sys_enter", "id 8 8", "args 16 48"),
            format("raw_syscalls", "sys_exit", "id 8 8", "ret 16 8"),
            format(
                    "sched",
                    "sched_switch",
                    "prev_comm 8 16",
                    "prev_pid 24 4",
                    "prev_state 32 8",
                    "next_comm 40 16",
                    "next_pid 56 4"),
            format("sched", "sched_wakeup", "comm 8 16", "pid 24 4", "target_cpu 28 2"),
            format("irq", "irq_handler_entry", "irq 8 4"),
            format("kvm", "kvm_exit", "exit_reason 8 4", "isa 24 4", "info1 32 8", "info2 40 8"),
            format("kvm", "kvm_pio", "rw 8 4", "port 12 4", "size 16 4", "count 20 4"),
            format("block", "block_rq_issue", "sector 8 8"),
            // These two are told alone, each for its own reason.
            format("sched", "sched_process_fork", "child_comm 8 16", "child_pid 24 4"),
            format("sched", "sched_wakeup_new", "comm 8 4 __data_loc", "pid 12 4", "target_cpu 16 4"));

    private static final int ALONE = FORMATS.size() - 2;

    private static BinaryFormat format(String system, String name, String... fields) {
        List<BinaryFormat.Field> all = new ArrayList<>();
        for (String field : fields) {
            String[] words = field.split(" ");
            all.add(new BinaryFormat.Field(
                    words.length > 3 ? "__data_loc char[]" : "int",
                    words[0],
                    Integer.parseInt(words[1]),
                    Integer.parseInt(words[2]),
                    /* isSigned= */ words[0].equals("ret") || words[0].equals("irq")));
        }
        return new BinaryFormat(system, name, 0, all);
    }

    /** One way of decoding, with names, threads and counts of its own. */
    private static final class Side {
        final Names names = new Names();
        final Tally tally = new Tally();
        final BinaryThreads threads = new BinaryThreads();
        final List<Optional<BinaryTracepoint>> tracepoints = new ArrayList<>();
        final Batch batch = new Batch();

        Side() {
            threads.name(5, 6, names.id("known"));
            for (BinaryFormat format : FORMATS) {
                tracepoints.add(Optional.of(BinaryTracepoint.bind(format, names, tally, threads::process)));
            }
            // And an event that is no tracepoint.
            tracepoints.add(Optional.empty());
        }

        String seen() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < batch.size(); i++) {
                text.append(Events.event(names, batch, i)).append('\n');
            }
            tally.tracepoints()
                    .forEach((name, count) -> text.append(name).append(' ').append(count.value()));
            return text.toString();
        }
    }

    private final ByteBuffer bytes = ByteBuffer.allocate(1 << 18).order(ByteOrder.LITTLE_ENDIAN);
    private Random random;
    private PerfDataLayout layout;
    private boolean hasChain;
    private long now;

    @Property(tries = 300)
    void columnsHoldWhatRecordsDo(@ForAll long seed) {
        random = new Random(seed);
        hasChain = random.nextBoolean();
        long type = TID | TIME | CPU | RAW | IDENTIFIER | (hasChain ? CALLCHAIN : 0);
        layout = new PerfDataLayout(type, 0, /* hasTrailer= */ true);
        List<PerfDataEvent> events = new ArrayList<>();
        PerfDataIds ids = new PerfDataIds();
        for (int event = 0; event <= FORMATS.size(); event++) {
            events.add(new PerfDataEvent(PerfDataEvent.TRACEPOINT, event, layout, 0, -1));
            ids.put(1000 + event, event);
        }
        Side columns = new Side();
        Side records = new Side();
        PerfDataSamples samples = new PerfDataSamples(events, columns.tracepoints, ids, columns.threads);

        bytes.clear().position(16);
        now = 1000;
        int count = random.nextInt(300);
        int plain = random.nextInt(count + 1);
        for (int i = 0; i < plain; i++) {
            decode(plainSample(), records);
        }
        int expected = bytes.position();
        for (int i = plain; i < count; i++) {
            if (i == plain) {
                spoil(plainSample());
            } else {
                plainSample();
            }
        }
        int taken = samples.take(bytes.array(), 16, bytes.position(), 1000, LIMIT, columns.batch);
        assertThat(taken).isEqualTo(expected);
        assertThat(columns.seen()).isEqualTo(records.seen());
    }

    /** Writes a sample of any event that need not be told alone. @return where it starts */
    private int plainSample() {
        int at = bytes.position();
        now = Math.min(now + random.nextInt(3), LIMIT);
        bytes.putInt(PerfDataRecords.SAMPLE).putShort((short) 0).putShort((short) 0);
        bytes.putLong(1000 + random.nextInt(ALONE));
        bytes.putInt(pick(5, 9, -1)).putInt(pick(6, 7, -1));
        bytes.putLong(now).putInt(random.nextInt(4)).putInt(0);
        if (hasChain) {
            int frames = random.nextInt(4);
            bytes.putLong(frames).position(bytes.position() + 8 * frames);
        }
        byte[] raw = new byte[LONGEST_RAW - random.nextInt(20)];
        random.nextBytes(raw);
        // Names that come again, and end.
        for (int name : new int[] {8, 40}) {
            raw[name] = (byte) ('a' + random.nextInt(3));
            raw[name + 1] = 0;
        }
        bytes.putInt(raw.length).put(raw).position(bytes.position() + random.nextInt(8));
        bytes.putShort(at + 6, (short) (bytes.position() - at));
        return at;
    }

    private int pick(int... values) {
        return values[random.nextInt(values.length)];
    }

    /** Makes the last sample one that must be left to whoever tells what is wrong, or looks at one record at a time. */
    private void spoil(int at) {
        int raw = at + layout.fixed + (hasChain ? 8 + 8 * (int) bytes.getLong(at + layout.fixed) : 0);
        switch (random.nextInt(hasChain ? 11 : 10)) {
            case 0 -> bytes.putInt(at, PerfDataRecords.COMM);
            case 1 -> bytes.putLong(at + layout.id, 77);
            case 2 -> bytes.putLong(at + layout.id, 1000 + ALONE + random.nextInt(3));
            case 3 -> bytes.putLong(at + layout.time, 999);
            case 4 -> bytes.putLong(at + layout.time, pick(0, -1));
            case 5 -> bytes.putLong(at + layout.time, LIMIT + 1);
            case 6 -> bytes.putInt(at + layout.cpu, Coverage.MOST_CPUS);
            // sys_enter needs 32 bytes for two of its arguments.
            case 7 -> bytes.putLong(at + layout.id, 1000).putInt(raw, pick(0, 31, -1, Integer.MIN_VALUE));
            case 8 -> bytes.putInt(raw, pick(LONGEST_RAW + 8, 1 << 16, Integer.MAX_VALUE));
            case 9 -> bytes.putShort(at + 6, (short) (layout.fixed + 4));
            default -> bytes.putLong(at + layout.fixed, random.nextBoolean() ? 5000 : -1);
        }
    }

    /** As {@link PerfDataRecording} does. */
    private void decode(int at, Side side) {
        int size = Little.u16(bytes.array(), at + 6);
        BinaryHead head = new BinaryHead("samples");
        head.time = bytes.getLong(at + layout.time);
        head.cpu = bytes.getInt(at + layout.cpu);
        head.pid = bytes.getInt(at + layout.tid);
        head.tid = bytes.getInt(at + layout.tid + 4);
        head.comm = side.threads.see(head.pid, head.tid);
        int event = (int) bytes.getLong(at + layout.id) - 1000;
        int raw = layout.raw(bytes.array(), at, size, head);
        int length = bytes.getInt(at + raw);
        side.tracepoints.get(event).get().record(bytes.array(), at + raw + 4, length, head, side.batch);
    }
}
