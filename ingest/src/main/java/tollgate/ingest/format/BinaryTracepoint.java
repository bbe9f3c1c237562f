package tollgate.ingest.format;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import tollgate.ingest.Batch;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;
import tollgate.ingest.TaskState;

/**
 * The records of one tracepoint turned into events: the format is looked up once, when the tracepoint is
 * bound; a record then costs a few reads at known offsets. Three columns are numbers in the record ({@link #code}, {@link #a},
 * {@link #b}); the few tracepoints that tell more complete their events with {@link #finish}.
 *
 * <p>Which tracepoints are used, and which field goes into which column, stands in {@link #bind} alone; the
 * columns are those of {@link Kind}. Field names: the kernel's include/trace/events/*.h, arch/x86/include/asm/trace/*.h,
 * arch/x86/kvm/trace.h. All others are counted and otherwise passed over.
 */
class BinaryTracepoint {
    /** Tells Linux interrupt numbers from vectors, see {@link Kind#IRQ_ENTER}. */
    private static final int LINUX_IRQ = 0x1000;

    private final BinaryFormat format;
    private final Optional<Kind> kind;
    private final Tally.Count count;
    private final int needed;
    private final Word code;
    private final Word a;
    private final Word b;

    private BinaryTracepoint(Binding binding, Optional<Kind> kind, Word code, Word a, Word b) {
        this.format = binding.format;
        this.kind = kind;
        this.count = binding.tally.tracepoint(format.name());
        this.needed = binding.needed;
        this.code = code;
        this.a = a;
        this.b = b;
    }

    /**
     * @param processes the process of a thread, -1 if not known: asked for the child of a fork, which the tracepoint
     *     does not tell
     */
    static BinaryTracepoint bind(BinaryFormat format, Names names, Tally tally, IntUnaryOperator processes) {
        Binding f = new Binding(format, names, tally);
        BinaryTracepoint tracepoint = bind(f, processes);
        if (f.missing.isEmpty()) {
            return tracepoint;
        }
        tally.note("tracepoint " + format.name() + " without field " + f.missing)
                .increment();
        return unused(f);
    }

    private static BinaryTracepoint bind(Binding f, IntUnaryOperator processes) {
        return switch (f.format.system() + ":" + f.format.name()) {
            case "raw_syscalls:sys_enter" ->
                plain(f, Kind.SYSCALL_ENTER, f.word("id"), f.element("args", 0), f.element("args", 1));
            case "raw_syscalls:sys_exit" -> plain(f, Kind.SYSCALL_EXIT, f.word("id"), f.word("ret"), Word.ZERO);
            case "exceptions:page_fault_user" ->
                plain(f, Kind.FAULT_USER, f.word("error_code"), f.word("address"), f.word("ip"));
            case "exceptions:page_fault_kernel" ->
                plain(f, Kind.FAULT_KERNEL, f.word("error_code"), f.word("address"), f.word("ip"));
            case "tlb:tlb_flush" -> plain(f, Kind.TLB_FLUSH, f.word("reason"), f.word("pages"), Word.ZERO);
            case "sched:sched_switch" ->
                new Switch(
                        f,
                        f.word("prev_state"),
                        f.word("prev_pid"),
                        f.name("prev_comm"),
                        f.word("next_pid"),
                        f.name("next_comm"));
            case "sched:sched_wakeup", "sched:sched_wakeup_new" ->
                new Wakeup(f, f.word("target_cpu"), f.word("pid"), f.name("comm"));
            case "sched:sched_process_fork" -> new Fork(f, f.word("child_pid"), f.name("child_comm"), processes);
            case "sched:sched_process_exec" -> plain(f, Kind.EXEC, Word.ZERO, f.word("old_pid"), Word.ZERO);
            case "sched:sched_process_exit" -> plain(f, Kind.EXIT, Word.ZERO, Word.ZERO, Word.ZERO);
            case "irq:irq_handler_entry" ->
                plain(f, Kind.IRQ_ENTER, f.word("irq").plus(LINUX_IRQ), Word.ZERO, Word.ZERO);
            case "irq:irq_handler_exit" -> plain(f, Kind.IRQ_EXIT, f.word("irq").plus(LINUX_IRQ), Word.ZERO, Word.ZERO);
            case "irq:softirq_entry" -> plain(f, Kind.SOFTIRQ_ENTER, f.word("vec"), Word.ZERO, Word.ZERO);
            case "irq:softirq_exit" -> plain(f, Kind.SOFTIRQ_EXIT, f.word("vec"), Word.ZERO, Word.ZERO);
            case "kvm:kvm_exit" ->
                new VmExit(f, f.word("isa"), f.word("exit_reason"), f.word("info1"), f.word("info2"));
            case "kvm:kvm_entry" ->
                plain(f, Kind.VM_ENTRY, f.word("vcpu_id"), f.wordIfAny("rip"), f.wordIfAny("immediate_exit"));
            case "kvm:kvm_userspace_exit" -> plain(f, Kind.VMM_RETURN, f.word("reason"), f.word("errno"), Word.ZERO);
            case "kvm:kvm_page_fault" ->
                plain(f, Kind.GUEST_FAULT, f.word("error_code"), f.word("fault_address"), f.word("error_code"));
            case "kvm:kvm_pio" -> new Pio(f, f.word("port"), f.word("rw"), f.word("size"), f.word("count"));
            case "kvm:kvm_mmio" -> plain(f, Kind.GUEST_MMIO, f.word("type"), f.word("gpa"), f.word("len"));
            case "kvm:kvm_fast_mmio" -> plain(f, Kind.GUEST_MMIO, Word.constant(3), f.word("gpa"), Word.ZERO);
            case "kvm:kvm_msr" -> plain(f, Kind.GUEST_MSR, f.word("ecx"), f.word("write"), f.word("data"));
            case "kvm:kvm_inj_virq" ->
                plain(f, Kind.GUEST_IRQ, f.has("vector") ? f.word("vector") : f.word("irq"), Word.ZERO, Word.ZERO);
            default -> bindByFamily(f);
        };
    }

    /** The families whose members are named after a vector or a system call. */
    private static BinaryTracepoint bindByFamily(Binding f) {
        String system = f.format.system();
        String name = f.format.name();
        if (system.equals("irq_vectors") && name.endsWith("_entry")) {
            return plain(f, Kind.IRQ_ENTER, f.word("vector"), Word.ZERO, Word.ZERO);
        }
        if (system.equals("irq_vectors") && name.endsWith("_exit")) {
            return plain(f, Kind.IRQ_EXIT, f.word("vector"), Word.ZERO, Word.ZERO);
        }
        if (system.equals("syscalls") && name.startsWith("sys_enter_")) {
            return plain(f, Kind.SYSCALL_ENTER, f.word("__syscall_nr"), f.argument(0), f.argument(1));
        }
        if (system.equals("syscalls") && name.startsWith("sys_exit_")) {
            return plain(f, Kind.SYSCALL_EXIT, f.word("__syscall_nr"), f.word("ret"), Word.ZERO);
        }
        return unused(f);
    }

    private static BinaryTracepoint plain(Binding f, Kind kind, Word code, Word a, Word b) {
        return new BinaryTracepoint(f, Optional.of(kind), code, a, b);
    }

    private static BinaryTracepoint unused(Binding f) {
        return new BinaryTracepoint(f, Optional.empty(), Word.ZERO, Word.ZERO, Word.ZERO);
    }

    BinaryFormat format() {
        return format;
    }

    /** What its records become; empty if they are only counted. */
    Optional<Kind> kind() {
        return kind;
    }

    /** Bytes of a record that has all its fields. */
    int needed() {
        return needed;
    }

    /** How many records there were; whoever decodes them column by column counts them here. */
    Tally.Count count() {
        return count;
    }

    Word code() {
        return code;
    }

    Word a() {
        return a;
    }

    Word b() {
        return b;
    }

    /**
     * Counts one record and appends its event, if it is one.
     *
     * @param at where the record starts in {@code bytes}: its {@code common_type}
     * @param length bytes of the record; all of them are in {@code bytes}
     */
    final void record(byte[] bytes, int at, int length, BinaryHead head, Batch batch) {
        if (length < needed) {
            throw head.corrupt(
                    "expected a record of " + format.name() + " of at least " + needed + " bytes, found " + length);
        }
        count.increment();
        if (kind.isPresent()) {
            check(bytes, at, length, head);
            int index = batch.size();
            head.append(batch, kind.get(), (int) code.read(bytes, at), a.read(bytes, at), b.read(bytes, at));
            finish(bytes, at, batch, index);
        }
    }

    /** What the length of a record does not show, such as a name that lies elsewhere. @throws Damaged if that is not inside */
    void check(byte[] bytes, int at, int length, BinaryHead head) {
        // Numbers have their place.
    }

    /** Completes an event whose columns hold its head and its numbers: by names, and by what is no number in the record. */
    void finish(byte[] bytes, int at, Batch batch, int index) {
        // Numbers are all there is.
    }

    /** Whether {@link #finish} has something to do. */
    boolean isFinishedApart() {
        return false;
    }

    /** Whether a record must be told before a later one is looked at: it can be damaged inside, or asks what is known by now. */
    boolean isToldAlone() {
        return false;
    }

    /**
     * A number in the record, or a constant. One of 1 to 8 bytes is the upper end of the 8 bytes that end with it, so that
     * all are read in the same way, without a branch:
     *
     * <pre>
     *   ... | .  .  .  .  | int   |     getLong, shifted right by 32; without its sign by the mask
     * </pre>
     *
     * In front of a record there is always more than 8 bytes: the head of its page or sample.
     */
    static final class Word {
        static final Word ZERO = constant(0);

        private final int offset;
        private final int shift;
        private final long mask;
        private final long constant;

        private Word(int offset, int size, boolean isSigned) {
            this.offset = offset + size - 8;
            shift = 64 - 8 * size;
            mask = isSigned ? -1 : -1L >>> shift;
            constant = 0;
        }

        private Word(long value) {
            offset = -8;
            shift = 0;
            mask = 0;
            constant = value;
        }

        private Word(Word number, long more) {
            offset = number.offset;
            shift = number.shift;
            mask = number.mask;
            constant = number.constant + more;
        }

        static Word constant(int value) {
            return new Word(value);
        }

        Word plus(int more) {
            return new Word(this, more);
        }

        long read(byte[] bytes, int at) {
            return (Little.i64(bytes, at + offset) >> shift & mask) + constant;
        }
    }

    /** A thread name in the record: {@code char[16]}, or a word that says where it is. */
    static final class Comm {
        /** More than any comm; the kernel's TASK_COMM_LEN is 16. */
        private static final int LONGEST = 64;

        private static final int COMM = 16;
        /** Names looked up last, by their bytes: a power of two, a few times the threads that take turns on a CPU. */
        private static final int RECENT = 256;

        private final int offset;
        private final int size;
        private final boolean isDynamic;
        private final boolean isRelative;
        private final Names names;
        private final byte[] scratch = new byte[LONGEST];
        private final long[] recent = new long[2 * RECENT];
        private final int[] recentIds = new int[RECENT];

        private Comm(BinaryFormat.Field field, Names names) {
            offset = field.offset();
            size = Math.min(field.size(), LONGEST);
            isDynamic = field.isDynamic();
            isRelative = field.isRelative();
            this.names = names;
            Arrays.fill(recentIds, -1);
        }

        /** @throws Damaged if the name lies outside its record */
        void check(byte[] bytes, int at, int length, BinaryHead head) {
            if (isDynamic && from(bytes, at) + size(bytes, at) > length) {
                throw head.corrupt("expected a name inside its record of " + length + " bytes, found it at byte "
                        + from(bytes, at) + ", " + size(bytes, at) + " long");
            }
        }

        int id(byte[] bytes, int at) {
            if (isDynamic || size != COMM) {
                return lookUp(bytes, at);
            }
            // What stands behind the end of a name may differ: then it has several places here, which is no harm.
            long first = Little.i64(bytes, at + offset);
            long second = Little.i64(bytes, at + offset + 8);
            int slot = (int) ((first ^ second * 31) * 0x9E3779B97F4A7C15L >>> 56);
            if (recentIds[slot] < 0 || recent[2 * slot] != first || recent[2 * slot + 1] != second) {
                recentIds[slot] = lookUp(bytes, at);
                recent[2 * slot] = first;
                recent[2 * slot + 1] = second;
            }
            return recentIds[slot];
        }

        private int lookUp(byte[] bytes, int at) {
            int from = at + from(bytes, at);
            int limit = Math.min(size(bytes, at), LONGEST);
            int n = 0;
            while (n < limit && bytes[from + n] != 0) {
                scratch[n] = bytes[from + n];
                n++;
            }
            return names.id(scratch, 0, n);
        }

        private int from(byte[] bytes, int at) {
            return isDynamic ? Little.u16(bytes, at + offset) + (isRelative ? offset + 4 : 0) : offset;
        }

        private int size(byte[] bytes, int at) {
            return isDynamic ? Little.u16(bytes, at + offset + 2) : size;
        }
    }

    /** Looks fields up and notes which one is missing, and how long a record must be to hold them all. */
    private static final class Binding {
        private final BinaryFormat format;
        private final Names names;
        private final Tally tally;
        private int needed;
        private String missing = "";

        Binding(BinaryFormat format, Names names, Tally tally) {
            this.format = format;
            this.names = names;
            this.tally = tally;
        }

        boolean has(String field) {
            return format.field(field).isPresent();
        }

        Word word(String field) {
            return format.field(field).map(this::word).orElseGet(() -> missing(field));
        }

        Word wordIfAny(String field) {
            return has(field) ? word(field) : Word.ZERO;
        }

        /** One element of an array such as {@code unsigned long args[6]}. */
        Word element(String field, int index) {
            return format.field(field)
                    .filter(array -> array.size() >= (index + 1) * 8)
                    .map(array -> word(new BinaryFormat.Field(
                            array.type(), field, array.offset() + 8 * index, 8, array.isSigned())))
                    .orElseGet(() -> missing(field));
        }

        /** An argument of a system call: the 8-byte fields that follow its number; 0 if it has fewer. */
        Word argument(int index) {
            List<BinaryFormat.Field> fields = format.fields();
            int number = fields.indexOf(format.field("__syscall_nr").orElse(null));
            return fields.stream()
                    .skip(number + 1L)
                    .filter(field -> field.size() == 8 && !field.isDynamic())
                    .skip(index)
                    .findFirst()
                    .map(this::word)
                    .orElse(Word.ZERO);
        }

        Comm name(String field) {
            Optional<BinaryFormat.Field> found = format.field(field).filter(f -> !f.isDynamic() || f.size() == 4);
            found.ifPresent(f -> needed = Math.max(needed, f.offset() + f.size()));
            if (found.isEmpty()) {
                missing = field;
            }
            return new Comm(found.orElseGet(() -> new BinaryFormat.Field("", field, 0, 0, false)), names);
        }

        private Word word(BinaryFormat.Field field) {
            if (Integer.bitCount(field.size()) != 1 || field.size() > 8) {
                return missing(field.name());
            }
            needed = Math.max(needed, field.offset() + field.size());
            return new Word(field.offset(), field.size(), field.isSigned());
        }

        private Word missing(String field) {
            missing = field;
            return Word.ZERO;
        }
    }

    private static final class Switch extends BinaryTracepoint {
        private final Word left;
        private final Comm leftComm;
        private final Comm nextComm;

        Switch(Binding binding, Word state, Word left, Comm leftComm, Word next, Comm nextComm) {
            super(binding, Optional.of(Kind.SWITCH), state, next, Word.ZERO);
            this.left = left;
            this.leftComm = leftComm;
            this.nextComm = nextComm;
        }

        @Override
        void check(byte[] bytes, int at, int length, BinaryHead head) {
            leftComm.check(bytes, at, length, head);
            nextComm.check(bytes, at, length, head);
        }

        @Override
        void finish(byte[] bytes, int at, Batch batch, int index) {
            // perf has -1 for the thread that leaves when it is dying; the tracepoint still knows it.
            if (batch.tid[index] < 0) {
                batch.tid[index] = (int) left.read(bytes, at);
            }
            if (batch.comm[index] < 0) {
                batch.comm[index] = leftComm.id(bytes, at);
            }
            batch.code[index] = TaskState.ofBits(batch.code[index]);
            batch.b[index] = nextComm.id(bytes, at);
        }

        @Override
        boolean isFinishedApart() {
            return true;
        }

        @Override
        boolean isToldAlone() {
            return leftComm.isDynamic || nextComm.isDynamic;
        }
    }

    private static final class Wakeup extends BinaryTracepoint {
        private final Comm comm;

        Wakeup(Binding binding, Word cpu, Word woken, Comm comm) {
            super(binding, Optional.of(Kind.WAKEUP), cpu, woken, Word.ZERO);
            this.comm = comm;
        }

        @Override
        void check(byte[] bytes, int at, int length, BinaryHead head) {
            comm.check(bytes, at, length, head);
        }

        @Override
        void finish(byte[] bytes, int at, Batch batch, int index) {
            batch.b[index] = comm.id(bytes, at);
        }

        @Override
        boolean isFinishedApart() {
            return true;
        }

        @Override
        boolean isToldAlone() {
            return comm.isDynamic;
        }
    }

    private static final class Fork extends BinaryTracepoint {
        private final Comm comm;
        private final IntUnaryOperator processes;

        Fork(Binding binding, Word child, Comm comm, IntUnaryOperator processes) {
            super(binding, Optional.of(Kind.FORK), Word.ZERO, child, Word.ZERO);
            this.comm = comm;
            this.processes = processes;
        }

        @Override
        void check(byte[] bytes, int at, int length, BinaryHead head) {
            comm.check(bytes, at, length, head);
        }

        @Override
        void finish(byte[] bytes, int at, Batch batch, int index) {
            int tid = (int) batch.a[index];
            batch.a[index] = tid;
            batch.code[index] = processes.applyAsInt(tid);
            batch.b[index] = comm.id(bytes, at);
        }

        @Override
        boolean isFinishedApart() {
            return true;
        }

        @Override
        boolean isToldAlone() {
            return true;
        }
    }

    private static final class VmExit extends BinaryTracepoint {
        private final Word isa;
        private final Word reason;

        VmExit(Binding binding, Word isa, Word reason, Word info1, Word info2) {
            super(binding, Optional.of(Kind.VM_EXIT), reason, info1, info2);
            this.isa = isa;
            this.reason = reason;
        }

        @Override
        void finish(byte[] bytes, int at, Batch batch, int index) {
            batch.code[index] = ExitReason.id((int) isa.read(bytes, at), reason.read(bytes, at));
        }

        @Override
        boolean isFinishedApart() {
            return true;
        }
    }

    private static final class Pio extends BinaryTracepoint {
        private final Word size;

        Pio(Binding binding, Word port, Word rw, Word size, Word repeats) {
            super(binding, Optional.of(Kind.GUEST_PIO), port, rw, repeats);
            this.size = size;
        }

        @Override
        void finish(byte[] bytes, int at, Batch batch, int index) {
            batch.b[index] |= size.read(bytes, at) << 16;
        }

        @Override
        boolean isFinishedApart() {
            return true;
        }
    }
}
