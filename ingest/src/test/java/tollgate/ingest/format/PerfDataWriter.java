package tollgate.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.TaskState;

/**
 * Writes events as perf.data that {@code perf script} reads: for measurements on recordings larger than any shipped.
 *
 * <pre>
 *   header | attributes | ids | records | (offset, size) of the tracing data | tracing data
 * </pre>
 *
 * A thread's name is told by a COMM record where it changes, as perf does; times must not run back. Left out: kinds of
 * guests, all arguments of a system call but the first two, priorities, paths of programs (the name stands there), and the names of interrupt vectors: each is
 * recorded under the timer's, with its own number.
 */
final class PerfDataWriter implements Closeable {
    private static final int HEADER = 104;
    private static final int ATTRIBUTE = 128;
    private static final int ENTRY = ATTRIBUTE + 16;
    private static final int CHUNK = 1 << 20;
    private static final int LONGEST_RECORD = 256;
    private static final int COMM = 16;

    /** IP, TID, TIME, CPU, PERIOD, RAW, IDENTIFIER. */
    private static final long SAMPLE_TYPE = 1 | 2 | 4 | 128 | 256 | 1024 | 1 << 16;

    /** inherit, comm, task, sample_id_all. */
    private static final long FLAGS = 1 << 1 | 1 << 9 | 1 << 13 | 1 << 18;

    /** perf sorts what lies between two FINISHED_ROUND; here it is sorted already. */
    private static final int ROUND = 10_000;

    private static final String FAULT =
            "'address=0x%lx ip=0x%lx error_code=0x%lx', REC->address, REC->ip, REC->error_code";
    private static final String[] FAULT_FIELDS = {
        "unsigned long address 8", "unsigned long ip 8", "unsigned long error_code 8"
    };

    private static final Map<Kind, Integer> POINTS = new HashMap<>();

    static {
        for (Point point : Point.values()) {
            POINTS.put(point.kind, point.ordinal());
        }
    }

    /** Tracepoints: name, then each field as {@code type name size}, then how it is printed. */
    private enum Point {
        SYS_ENTER(
                Kind.SYSCALL_ENTER,
                "raw_syscalls:sys_enter",
                "'NR %ld (%lx, %lx, %lx, %lx, %lx, %lx)', REC->id, REC->args[0], REC->args[1], REC->args[2], REC->args[3],"
                        + " REC->args[4], REC->args[5]",
                "long id 8",
                "unsigned long args[6] 48"),
        SYS_EXIT(
                Kind.SYSCALL_EXIT,
                "raw_syscalls:sys_exit",
                "'NR %ld = %ld', REC->id, REC->ret",
                "long id 8",
                "long ret 8"),
        FAULT_USER(Kind.FAULT_USER, "exceptions:page_fault_user", FAULT, FAULT_FIELDS),
        FAULT_KERNEL(Kind.FAULT_KERNEL, "exceptions:page_fault_kernel", FAULT, FAULT_FIELDS),
        TLB_FLUSH(
                Kind.TLB_FLUSH,
                "tlb:tlb_flush",
                "'pages:%ld reason:%s (%d)', REC->pages, __print_symbolic(REC->reason,"
                        + " { 0, 'flush on task switch' }, { 1, 'remote shootdown' }, { 2, 'local shootdown' },"
                        + " { 3, 'local mm shootdown' }, { 4, 'remote ipi send' }), REC->reason",
                "unsigned long pages 8",
                "int reason 4"),
        SWITCH(
                Kind.SWITCH,
                "sched:sched_switch",
                "'prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s next_pid=%d next_prio=%d',"
                        + " REC->prev_comm, REC->prev_pid, REC->prev_prio, (REC->prev_state & 0xff) ?"
                        + " __print_flags(REC->prev_state & 0xff, '|', { 1, 'S' }, { 2, 'D' }, { 4, 'T' }, { 8, 't' },"
                        + " { 16, 'X' }, { 32, 'Z' }, { 64, 'P' }, { 128, 'I' }) : 'R', REC->prev_state & 0x100 ? '+' : '',"
                        + " REC->next_comm, REC->next_pid, REC->next_prio",
                "char prev_comm[16] 16",
                "pid_t prev_pid 4",
                "int prev_prio 4",
                "long prev_state 8",
                "char next_comm[16] 16",
                "pid_t next_pid 4",
                "int next_prio 4"),
        WAKEUP(
                Kind.WAKEUP,
                "sched:sched_wakeup",
                "'comm=%s pid=%d prio=%d target_cpu=%03d', REC->comm, REC->pid, REC->prio, REC->target_cpu",
                "char comm[16] 16",
                "pid_t pid 4",
                "int prio 4",
                "int target_cpu 4"),
        FORK(
                Kind.FORK,
                "sched:sched_process_fork",
                "'comm=%s pid=%d child_comm=%s child_pid=%d', REC->parent_comm, REC->parent_pid, REC->child_comm,"
                        + " REC->child_pid",
                "char parent_comm[16] 16",
                "pid_t parent_pid 4",
                "char child_comm[16] 16",
                "pid_t child_pid 4"),
        EXEC(
                Kind.EXEC,
                "sched:sched_process_exec",
                "'filename=%s pid=%d old_pid=%d', REC->filename, REC->pid, REC->old_pid",
                "char filename[16] 16",
                "pid_t pid 4",
                "pid_t old_pid 4"),
        EXIT(
                Kind.EXIT,
                "sched:sched_process_exit",
                "'comm=%s pid=%d prio=%d', REC->comm, REC->pid, REC->prio",
                "char comm[16] 16",
                "pid_t pid 4",
                "int prio 4"),
        IRQ_ENTER(Kind.IRQ_ENTER, "irq_vectors:local_timer_entry", "'vector=%d', REC->vector", "int vector 4"),
        IRQ_EXIT(Kind.IRQ_EXIT, "irq_vectors:local_timer_exit", "'vector=%d', REC->vector", "int vector 4");

        /** Free among the kernel's: ids of tracepoints start behind the built-in types. */
        private static final int FIRST_ID = 100;

        final Kind kind;
        final String system;
        final String format;
        /** Of the record, common fields included. */
        final int size;

        Point(Kind kind, String name, String print, String... fields) {
            this.kind = kind;
            system = name.substring(0, name.indexOf(':'));
            StringBuilder text = new StringBuilder("name: " + name.substring(name.indexOf(':') + 1) + "\nID: " + id()
                    + "\nformat:\n"
                    + field("unsigned short common_type", 0, 2)
                    + field("unsigned char common_flags", 2, 1)
                    + field("unsigned char common_preempt_count", 3, 1)
                    + field("int common_pid", 4, 4)
                    + "\n");
            int at = 8;
            for (String field : fields) {
                int space = field.lastIndexOf(' ');
                int bytes = Integer.parseInt(field.substring(space + 1));
                text.append(field(field.substring(0, space), at, bytes));
                at += bytes;
            }
            size = at;
            format = text + "\nprint fmt: " + print.replace('\'', '"') + "\n";
        }

        int id() {
            return FIRST_ID + ordinal();
        }

        private static String field(String declaration, int at, int size) {
            boolean isSigned = !declaration.startsWith("unsigned");
            return "\tfield:" + declaration + ";\toffset:" + at + ";\tsize:" + size + ";\tsigned:" + (isSigned ? 1 : 0)
                    + ";\n";
        }
    }

    private final FileChannel file;
    private final ByteBuffer out = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private final long dataFrom;
    private final Map<Integer, String> comms = new HashMap<>();
    private long written;
    private long samples;

    PerfDataWriter(Path path) throws IOException {
        file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        Point[] points = Point.values();
        int ids = HEADER + points.length * ENTRY;
        dataFrom = ids + 8L * points.length;
        header(0);
        for (Point point : points) {
            int start = out.position();
            out.putInt(PerfDataEvent.TRACEPOINT).putInt(ATTRIBUTE).putLong(point.id());
            out.putLong(1).putLong(SAMPLE_TYPE).putLong(0).putLong(FLAGS);
            out.put(new byte[start + ATTRIBUTE - out.position()]);
            out.putLong(ids + 8L * point.ordinal()).putLong(8);
        }
        for (Point point : points) {
            out.putLong(point.ordinal() + 1);
        }
    }

    /** How many samples have been written, COMM records not counted. */
    long samples() {
        return samples;
    }

    /** Appends an event. {@link Kind#NAME} is a COMM record and no sample. */
    void write(Batch batch, int i, Names names) throws IOException {
        if (out.remaining() < 2 * LONGEST_RECORD) {
            drain();
        }
        Kind kind = batch.kind(i);
        comm(batch, i, batch.comm[i] < 0 ? "" : names.name(batch.comm[i]));
        if (kind == Kind.NAME) {
            return;
        }
        Integer number = POINTS.get(kind);
        if (number == null) {
            throw new IllegalArgumentException("no tracepoint for " + kind);
        }
        Point point = Point.values()[number];
        int raw = (4 + point.size + 7) / 8 * 8;
        record(PerfDataRecords.SAMPLE, 0, 8 + 48 + raw);
        out.putLong(number + 1)
                .putLong(0)
                .putInt(batch.pid[i])
                .putInt(batch.tid[i])
                .putLong(batch.time[i]);
        out.putInt(batch.cpu[i]).putInt(0).putLong(1).putInt(raw - 4);
        int end = out.position() + raw - 4;
        out.putShort((short) point.id()).putShort((short) 0).putInt(batch.tid[i]);
        fields(point, batch, i, names);
        out.put(new byte[end - out.position()]);
        samples++;
        if (samples % ROUND == 0) {
            record(PerfDataRecords.FINISHED_ROUND, 0, 8);
        }
    }

    private void fields(Point point, Batch batch, int i, Names names) {
        long code = batch.code[i];
        long a = batch.a[i];
        long b = batch.b[i];
        switch (point) {
            case SYS_ENTER -> out.putLong(code).putLong(a).putLong(b).put(new byte[32]);
            case SYS_EXIT -> out.putLong(code).putLong(a);
            case FAULT_USER, FAULT_KERNEL -> out.putLong(a).putLong(b).putLong(code & 0xffffffffL);
            case TLB_FLUSH -> out.putLong(a).putInt((int) code);
            case SWITCH -> {
                name(batch.comm[i], names);
                out.putInt(batch.tid[i]).putInt(120).putLong(bits((int) code));
                name((int) b, names);
                out.putInt((int) a).putInt(120);
            }
            case WAKEUP -> {
                name((int) b, names);
                out.putInt((int) a).putInt(120).putInt((int) code);
            }
            case FORK -> {
                name(batch.comm[i], names);
                out.putInt(batch.tid[i]);
                name((int) b, names);
                out.putInt((int) a);
            }
            case EXEC -> {
                name(batch.comm[i], names);
                out.putInt(batch.tid[i]).putInt((int) a);
            }
            case EXIT -> {
                name(batch.comm[i], names);
                out.putInt(batch.tid[i]).putInt(120);
            }
            case IRQ_ENTER, IRQ_EXIT -> out.putInt((int) code);
        }
    }

    /** The inverse of {@link TaskState#ofBits}. */
    private static long bits(int state) {
        for (int bit = 0; bit < 8; bit++) {
            if (TaskState.ofBits(1L << bit) == (state & 0xff)) {
                return 1L << bit | state & TaskState.PREEMPTED;
            }
        }
        return state & TaskState.PREEMPTED;
    }

    private void comm(Batch batch, int i, String name) {
        int tid = batch.tid[i];
        if (name.isEmpty() || tid <= 0 || name.equals(comms.put(tid, name))) {
            return;
        }
        // Header, pid and tid, name, and the trailer that sample_id_all asks for.
        record(PerfDataRecords.COMM, 0, 8 + 8 + COMM + 32);
        out.putInt(batch.pid[i]).putInt(tid);
        text(name.getBytes(StandardCharsets.UTF_8));
        out.putInt(batch.pid[i]).putInt(tid).putLong(batch.time[i]);
        out.putInt(batch.cpu[i]).putInt(0).putLong(1);
    }

    private void name(int id, Names names) {
        text(id < 0 ? new byte[0] : names.bytes(id));
    }

    /** As the kernel keeps it: 15 bytes at most, and a zero. */
    private void text(byte[] name) {
        int length = Math.min(name.length, COMM - 1);
        out.put(name, 0, length).put(new byte[COMM - length]);
    }

    private void record(int type, int misc, int size) {
        out.putInt(type).putShort((short) misc).putShort((short) size);
    }

    private void header(long dataSize) {
        int entries = Point.values().length * ENTRY;
        out.put("PERFILE2".getBytes(StandardCharsets.US_ASCII)).putLong(HEADER).putLong(ENTRY);
        out.putLong(HEADER).putLong(entries);
        out.putLong(dataFrom).putLong(dataSize);
        out.putLong(0).putLong(0);
        out.putLong(1 << 1).putLong(0).putLong(0).putLong(0); // features: tracing data
    }

    private void drain() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            written += file.write(out);
        }
        out.clear();
    }

    @Override
    public void close() throws IOException {
        try (file) {
            record(PerfDataRecords.FINISHED_ROUND, 0, 8);
            drain();
            long dataEnd = written;
            byte[] formats = tracingData();
            out.putLong(dataEnd + 16).putLong(formats.length).put(formats);
            drain();
            header(dataEnd - dataFrom);
            out.flip();
            file.write(out, 0);
        }
    }

    /** Version 0.5, which ends behind the printk formats; see {@link BinaryFormats}. */
    private static byte[] tracingData() {
        ByteBuffer data = ByteBuffer.allocate(1 << 15).order(ByteOrder.LITTLE_ENDIAN);
        data.put(new byte[] {0x17, 0x08, 0x44}).put("tracing0.5\0".getBytes(StandardCharsets.US_ASCII));
        data.put((byte) 0).put((byte) 8).putInt(4096);
        String page = Point.field("u64 timestamp", 0, 8)
                + Point.field("local_t commit", 8, 8)
                + Point.field("int overwrite", 8, 1)
                + Point.field("char data", 16, 4080);
        put(data, "header_page", page);
        put(data, "header_event", "# compressed entry header\n");
        data.putInt(0);
        data.putInt(Point.values().length);
        for (Point point : Point.values()) {
            data.put((point.system + "\0").getBytes(StandardCharsets.US_ASCII)).putInt(1);
            byte[] format = point.format.getBytes(StandardCharsets.US_ASCII);
            data.putLong(format.length).put(format);
        }
        data.putInt(0).putInt(0);
        byte[] bytes = new byte[data.position()];
        data.flip().get(bytes);
        return bytes;
    }

    private static void put(ByteBuffer data, String name, String text) {
        data.put((name + "\0").getBytes(StandardCharsets.US_ASCII)).putLong(text.length());
        data.put(text.getBytes(StandardCharsets.US_ASCII));
    }
}
