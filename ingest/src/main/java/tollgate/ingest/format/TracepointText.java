package tollgate.ingest.format;

import static tollgate.ingest.format.TextCursor.literal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import tollgate.ingest.Batch;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;
import tollgate.ingest.TaskState;
import tollgate.ingest.format.TextCursor.Literal;

/**
 * What tracepoints print after their name, read into events. The kernel's ftrace files, {@code perf
 * script} and {@code trace-cmd report} share these texts, since each interprets the kernel's own print
 * format; where libtraceevent's plugins (sched_switch, kvm, tlb) print otherwise, both forms are read.
 *
 * <p>Sources: include/trace/events/{sched,syscalls,irq,tlb,kvm}.h, arch/x86/include/asm/trace/, arch/x86/kvm/trace.h
 * of Linux 4.4 to 6.18, kernel/trace/trace_syscalls.c, and real recordings. A comm is up to 15 arbitrary bytes, so
 * that texts with names are anchored on what 15 bytes cannot imitate.
 *
 * <p>Text tells less than the record: of {@code kvm_userspace_exit} the kernel prints the reason or the errno,
 * libtraceevent always the reason, which is stale after an errno; see {@link #ERRNO_NOTE}.
 */
final class TracepointText {
    /** The text was read and an event appended. */
    static final int EVENT = 0;
    /** No event is made of this tracepoint. */
    static final int NO_EVENT = 1;
    /** The recorder itself could not print it; counted as a note. */
    static final int NOT_PARSED = 2;
    /** The text is not what this tracepoint prints. */
    static final int BAD = 3;

    /** The tally's words for guest exits to the VMM whose errno the text cannot tell. */
    static final String ERRNO_NOTE =
            "returns to the VMM told without errno (a restart looks like the reason before it)";

    /** TASK_COMM_LEN - 1. */
    private static final int COMM_MAX = 15;

    private static final Literal NR = literal("NR ");
    private static final Literal EQUALS = literal(" = ");
    private static final Literal OPEN = literal(" (");
    private static final Literal COMMA = literal(", ");
    private static final Literal COLON = literal(": ");
    private static final Literal QUOTE = literal(" \"");
    private static final Literal UNQUOTE = literal("\",");
    private static final Literal ARROW = literal(" -> ");
    private static final Literal ADDRESS = literal("address=");
    private static final Literal IP = literal(" ip=");
    private static final Literal ERROR_CODE = literal(" error_code=");
    private static final Literal VECTOR = literal("vector=");
    private static final Literal IRQ = literal("irq=");
    private static final Literal VEC = literal("vec=");
    private static final Literal PAGES = literal("pages");
    private static final Literal PREV_COMM = literal("prev_comm=");
    private static final Literal PREV_PID = literal(" prev_pid=");
    private static final Literal PREV_PRIO = literal(" prev_prio=");
    private static final Literal PREV_STATE = literal(" prev_state=");
    private static final Literal NEXT_COMM = literal(" ==> next_comm=");
    private static final Literal NEXT_PID = literal(" next_pid=");
    private static final Literal NEXT_PRIO = literal(" next_prio=");
    private static final Literal COMM = literal("comm=");
    private static final Literal PID = literal(" pid=");
    private static final Literal PRIO = literal(" prio=");
    private static final Literal TARGET_CPU = literal(" target_cpu=");
    private static final Literal CPU = literal(" CPU:");
    private static final Literal CHILD_COMM = literal(" child_comm=");
    private static final Literal CHILD_PID = literal(" child_pid=");
    private static final Literal OLD_PID = literal(" old_pid=");
    private static final Literal FILENAME = literal("filename=");
    private static final Literal VCPU = literal("vcpu ");
    private static final Literal REASON = literal("reason ");
    private static final Literal RIP = literal(" rip ");
    private static final Literal INFO1 = literal(" info1 ");
    private static final Literal INFO2 = literal(" info2 ");
    private static final Literal INFO = literal(" info ");
    private static final Literal IMMEDIATE = literal("[immediate exit]");
    private static final Literal RESTART = literal("restart (");
    private static final Literal ERROR = literal("error (");
    private static final Literal FAULT_ADDRESS = literal("address ");
    private static final Literal FAULT_ERROR = literal(" error_code ");
    private static final Literal PIO = literal("pio_");
    private static final Literal READ = literal("read");
    private static final Literal WRITE = literal("write");
    private static final Literal AT = literal(" at ");
    private static final Literal SIZE = literal(" size ");
    private static final Literal COUNT = literal(" count ");
    private static final Literal MMIO = literal("mmio ");
    private static final Literal UNSATISFIED = literal("unsatisfied-read");
    private static final Literal LEN = literal(" len ");
    private static final Literal GPA = literal(" gpa ");
    private static final Literal FAST = literal("fast mmio at gpa ");
    private static final Literal MSR = literal("msr_");
    private static final Literal IRQ_HEX = literal("IRQ ");
    private static final Literal IRQ_DECIMAL = literal("irq ");
    private static final Literal FAILED = literal("[FAILED TO PARSE]");

    private static final Literal SPACE = literal(" ");
    private static final Literal PLUGIN_ARROW = literal(" ==> ");
    private static final Literal BRACKET = literal(" [");
    private static final Literal CLOSE = literal("]");

    private final Names names;
    private final Tally tally;
    private final TextCursor text = new TextCursor();

    private Tracepoint[] slots = new Tracepoint[64];
    private int known;
    private long seen;

    /** Names of exit reasons, and beside each its id. */
    private final Names reasons = new Names();

    private int[] reasonIds = new int[16];
    /** Of the last exit reason that told one; 0 before. */
    private int isa;

    private final int firstIsa;
    private int changesOfIsa;
    private boolean hasUnknownReasons;

    TracepointText(Names names, Tally tally) {
        this(names, tally, 0);
    }

    /** @param isa of the VM exits before, 0 if not known */
    TracepointText(Names names, Tally tally, int isa) {
        this.isa = isa;
        firstIsa = isa;
        this.names = names;
        this.tally = tally;
    }

    /** The tracepoint of this name ({@code sys_enter}, {@code raw_syscalls:sys_enter}); no allocation unless it is new. */
    Tracepoint tracepoint(byte[] bytes, int from, int to) {
        int mask = slots.length - 1;
        int slot = hash(bytes, from, to) & mask;
        for (Tracepoint here = slots[slot]; here != null; here = slots[slot]) {
            if (Arrays.equals(here.spelled, 0, here.spelled.length, bytes, from, to)) {
                return here;
            }
            slot = (slot + 1) & mask;
        }
        Tracepoint added = new Tracepoint(Arrays.copyOfRange(bytes, from, to), tally);
        slots[slot] = added;
        if (++known * 2 > slots.length) {
            grow();
        }
        return added;
    }

    int isa() {
        return isa;
    }

    /**
     * Takes over what another has seen in lines that follow. @return false if it would have read them differently after
     * those before: reasons of VM exits that several instruction sets have, where more than one occurs or none was known
     */
    boolean join(TracepointText next) {
        boolean isSame = next.reasons.size() == 0
                || next.firstIsa == isa && isa != 0 && next.changesOfIsa == 0 && changesOfIsa <= 1;
        if (!isSame || next.hasUnknownReasons) {
            return false;
        }
        seen |= next.seen;
        return true;
    }

    /** The kinds of which an event was appended. */
    Set<Kind> seen() {
        EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if ((seen >>> kind.ordinal() & 1) != 0) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /**
     * Reads one text and appends its event; the caller has made sure that the batch is not full, and counts the
     * tracepoint itself.
     *
     * @param from the first byte of the text; padding before it may be included, except where a plugin's text begins
     *     with a comm (sched_switch, sched_wakeup of trace-cmd report)
     * @param to the end of the text, without its line feed. A comm may hold line feeds itself: if the answer is {@link
     *     #BAD}, the text may go on in the next line
     * @return {@link #EVENT}, {@link #NO_EVENT}, {@link #NOT_PARSED} or {@link #BAD}
     */
    int append(
            Tracepoint tracepoint,
            byte[] bytes,
            int from,
            int to,
            long time,
            int cpu,
            int tid,
            int pid,
            int comm,
            Batch batch) {
        if (tracepoint.text == Tracepoint.Text.OTHER) {
            return NO_EVENT;
        }
        text.over(bytes, from, to);
        skipPadding(tracepoint.text);
        boolean fits = switch (tracepoint.text) {
            case SYS_ENTER -> sysEnter(time, cpu, tid, pid, comm, batch);
            case SYS_EXIT -> sysExit(time, cpu, tid, pid, comm, batch);
            case SYSCALL_ENTER -> syscallEnter(tracepoint, time, cpu, tid, pid, comm, batch);
            case SYSCALL_EXIT -> syscallExit(tracepoint, time, cpu, tid, pid, comm, batch);
            case FAULT_USER -> fault(Kind.FAULT_USER, time, cpu, tid, pid, comm, batch);
            case FAULT_KERNEL -> fault(Kind.FAULT_KERNEL, time, cpu, tid, pid, comm, batch);
            case SWITCH -> switchTo(time, cpu, tid, pid, comm, batch);
            case WAKEUP -> wakeup(time, cpu, tid, pid, comm, batch);
            case FORK -> fork(time, cpu, tid, pid, comm, batch);
            case EXEC -> exec(time, cpu, tid, pid, comm, batch);
            case EXIT -> exit(time, cpu, tid, pid, comm, batch);
            case TLB_FLUSH -> tlbFlush(time, cpu, tid, pid, comm, batch);
            case VECTOR_ENTRY, VECTOR_EXIT -> {
                if (!text.startsWith(VECTOR)) {
                    yield false;
                }
                Kind kind = tracepoint.text == Tracepoint.Text.VECTOR_ENTRY ? Kind.IRQ_ENTER : Kind.IRQ_EXIT;
                yield number(VECTOR, 0, kind, time, cpu, tid, pid, comm, batch);
            }
            case IRQ_ENTRY -> number(IRQ, 0x1000, Kind.IRQ_ENTER, time, cpu, tid, pid, comm, batch);
            case IRQ_EXIT -> number(IRQ, 0x1000, Kind.IRQ_EXIT, time, cpu, tid, pid, comm, batch);
            case SOFTIRQ_ENTRY -> number(VEC, 0, Kind.SOFTIRQ_ENTER, time, cpu, tid, pid, comm, batch);
            case SOFTIRQ_EXIT -> number(VEC, 0, Kind.SOFTIRQ_EXIT, time, cpu, tid, pid, comm, batch);
            case KVM_EXIT -> vmExit(time, cpu, tid, pid, comm, batch);
            case KVM_ENTRY -> vmEntry(time, cpu, tid, pid, comm, batch);
            case KVM_USERSPACE_EXIT -> vmmReturn(time, cpu, tid, pid, comm, batch);
            case KVM_PAGE_FAULT -> guestFault(time, cpu, tid, pid, comm, batch);
            case KVM_PIO -> guestPio(time, cpu, tid, pid, comm, batch);
            case KVM_MMIO -> guestMmio(time, cpu, tid, pid, comm, batch);
            case KVM_FAST_MMIO -> guestFastMmio(time, cpu, tid, pid, comm, batch);
            case KVM_MSR -> guestMsr(time, cpu, tid, pid, comm, batch);
            case KVM_INJ_VIRQ -> guestIrq(time, cpu, tid, pid, comm, batch);
            case OTHER -> false;
        };
        return fits ? EVENT : unread(tracepoint, from);
    }

    /** A plugin's text begins with a comm, whose own blanks are not padding. */
    private void skipPadding(Tracepoint.Text kind) {
        int start = text.at;
        text.skipBlanks();
        boolean isPlugin = kind == Tracepoint.Text.SWITCH && !text.startsWith(PREV_COMM)
                || kind == Tracepoint.Text.WAKEUP && !text.startsWith(COMM);
        if (isPlugin) {
            text.at = start;
        }
    }

    private int unread(Tracepoint tracepoint, int from) {
        text.at = from;
        text.skipBlanks();
        if (text.startsWith(FAILED)) {
            tally.note("not parsed by the recorder: " + tracepoint.name).increment();
            return NOT_PARSED;
        }
        boolean isVector =
                tracepoint.text == Tracepoint.Text.VECTOR_ENTRY || tracepoint.text == Tracepoint.Text.VECTOR_EXIT;
        return isVector && !text.startsWith(VECTOR) ? NO_EVENT : BAD;
    }

    /** Appends if the text fitted to the end of what we read. */
    private boolean put(
            Batch batch, long time, int cpu, int tid, int pid, int comm, Kind kind, int code, long a, long b) {
        if (!text.fits) {
            return false;
        }
        batch.append(time, cpu, tid, pid, comm, kind, code, a, b);
        seen |= 1L << kind.ordinal();
        return true;
    }

    /** {@code NR 0 (3, 7ffc, 340, 0, 0, 0)} */
    private boolean sysEnter(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(NR);
        int number = (int) text.decimal();
        text.expect(OPEN);
        long first = text.hex();
        text.expect(COMMA);
        long second = text.hex();
        return put(batch, time, cpu, tid, pid, comm, Kind.SYSCALL_ENTER, number, first, second);
    }

    /** {@code NR 0 = 832} */
    private boolean sysExit(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(NR);
        int number = (int) text.decimal();
        text.expect(EQUALS);
        long result = text.decimal();
        return put(batch, time, cpu, tid, pid, comm, Kind.SYSCALL_EXIT, number, result, 0);
    }

    /**
     * perf, trace-cmd: {@code dfd: 0xffffff9c, filename: 0x7ffd}; ftrace: {@code sys_openat(dfd: ffffff9c, filename: 7ffd)}.
     * Calls without arguments print nothing, or {@code sys_getpid()}.
     */
    private boolean syscallEnter(Tracepoint point, long time, int cpu, int tid, int pid, int comm, Batch batch) {
        noteUnknown(point);
        long first = 0;
        long second = 0;
        int colon = text.find(COLON, text.at);
        if (colon >= 0) {
            text.at = colon + COLON.length();
            first = text.hex();
            // Newer kernels print a string behind its address: "filename: 0x7ffd "/a, b: c", flags: 0x0".
            if (text.skip(QUOTE)) {
                text.seek(UNQUOTE);
                text.at--;
            }
            if (text.fits && text.skip(COMMA)) {
                text.seek(COLON);
                second = text.hex();
            }
            text.fits = true;
        }
        return put(batch, time, cpu, tid, pid, comm, Kind.SYSCALL_ENTER, point.syscall, first, second);
    }

    /** perf, trace-cmd: {@code 0xfffffffffffffffe}; ftrace: {@code sys_openat -> 0xfffffffffffffffe}. */
    private boolean syscallExit(Tracepoint point, long time, int cpu, int tid, int pid, int comm, Batch batch) {
        noteUnknown(point);
        int arrow = text.find(ARROW, text.at);
        if (arrow >= 0) {
            text.at = arrow + ARROW.length();
        }
        long result = text.hex();
        return put(batch, time, cpu, tid, pid, comm, Kind.SYSCALL_EXIT, point.syscall, result, 0);
    }

    private void noteUnknown(Tracepoint point) {
        if (point.syscall < 0) {
            tally.note("system calls without an x86-64 number: " + point.name).increment();
        }
    }

    /** {@code address=0x7f85 ip=0x7f85 error_code=0x14}; the ip of a kernel fault is a symbol. */
    private boolean fault(Kind kind, long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(ADDRESS);
        long address = faultAddress();
        text.expect(IP);
        long ip = faultAddress();
        text.seek(ERROR_CODE);
        int code = (int) text.hex();
        return put(batch, time, cpu, tid, pid, comm, kind, code, address, ip);
    }

    /** A number if it starts with 0x, else 0 for a symbol. */
    private long faultAddress() {
        boolean isNumber = text.end - text.at > 2 && text.bytes[text.at] == '0' && text.bytes[text.at + 1] == 'x';
        if (isNumber) {
            return text.hex();
        }
        while (text.at < text.end && text.bytes[text.at] != ' ') {
            text.at++;
        }
        return 0;
    }

    /**
     * Kernel and perf: {@code prev_comm=X prev_pid=1 prev_prio=120 prev_state=R+ ==> next_comm=Y next_pid=2 next_prio=120};
     * plugin: {@code X:1 [120] R ==> Y:2 [120]}.
     */
    private boolean switchTo(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        if (!text.startsWith(PREV_COMM)) {
            return pluginSwitch(time, cpu, tid, pid, comm, batch);
        }
        int prevComm = text.at + PREV_COMM.length();
        int prevEnd = nameEnd(prevComm, PREV_PID, PREV_PRIO);
        int prevPid = (int) numberAfterName(prevEnd, PREV_PID);
        text.expect(PREV_PRIO);
        text.decimal();
        text.expect(PREV_STATE);
        int state = state();
        text.expect(NEXT_COMM);
        int nextComm = text.at;
        int nextEnd = nameEnd(nextComm, NEXT_PID, NEXT_PRIO);
        int nextPid = (int) numberAfterName(nextEnd, NEXT_PID);
        text.expect(NEXT_PRIO);
        text.decimal();
        return putSwitch(
                time, cpu, tid, pid, comm, batch, prevPid, prevComm, prevEnd, state, nextPid, nextComm, nextEnd);
    }

    private boolean pluginSwitch(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        int start = text.at;
        // A comm may itself look like "a:1 [1] S ==> b"; only the true split leaves two names of at most 15 bytes.
        for (int prevEnd = start; prevEnd <= Math.min(start + COMM_MAX, text.end - 1); prevEnd++) {
            if (text.bytes[prevEnd] != ':') {
                continue;
            }
            text.fits = true;
            text.at = prevEnd + 1;
            int prevPid = (int) text.decimal();
            priority();
            text.expect(SPACE);
            int state = pluginState(state());
            text.expect(PLUGIN_ARROW);
            int nextComm = text.at;
            for (int nextEnd = nextComm; text.fits && nextEnd <= nextComm + COMM_MAX && nextEnd < text.end; nextEnd++) {
                if (text.bytes[nextEnd] != ':') {
                    continue;
                }
                text.at = nextEnd + 1;
                int nextPid = (int) text.decimal();
                priority();
                if (text.fits && text.at == text.end) {
                    return putSwitch(
                            time, cpu, tid, pid, comm, batch, prevPid, start, prevEnd, state, nextPid, nextComm,
                            nextEnd);
                }
                text.fits = true;
            }
        }
        text.fits = false;
        return false;
    }

    /**
     * The plugin names the bits of prev_state after Linux 2.6: 0x10 Z, 0x20 X, 0x40 x, 0x80 W, and nothing for 0x100.
     * Since 4.14 they are X, Z, P and I (include/linux/sched.h).
     */
    private static int pluginState(int letter) {
        return switch (letter) {
            case 'Z' -> 'X';
            case 'X' -> 'Z';
            case 'x' -> 'P';
            case 'W' -> 'I';
            default -> letter;
        };
    }

    /** {@code  [120]} */
    private void priority() {
        text.expect(BRACKET);
        text.decimal();
        text.expect(CLOSE);
    }

    private boolean putSwitch(
            long time,
            int cpu,
            int tid,
            int pid,
            int comm,
            Batch batch,
            int prevPid,
            int prevComm,
            int prevEnd,
            int state,
            int nextPid,
            int nextComm,
            int nextEnd) {
        if (!text.fits) {
            return false;
        }
        // A dying task is -1 in the columns of the line; the text still knows it.
        int leaving = tid < 0 ? prevPid : tid;
        int name = comm < 0 ? names.id(text.bytes, prevComm, prevEnd - prevComm) : comm;
        int coming = names.id(text.bytes, nextComm, nextEnd - nextComm);
        return put(batch, time, cpu, leaving, pid, name, Kind.SWITCH, state, nextPid, coming);
    }

    /** {@code R}, {@code R+}, {@code D|K}: the first letter and whether a plus sign ends it. */
    private int state() {
        if (text.at >= text.end) {
            text.fits = false;
            return 0;
        }
        int state = text.bytes[text.at];
        while (text.at < text.end && text.bytes[text.at] != ' ') {
            if (text.bytes[text.at] == '+') {
                state |= TaskState.PREEMPTED;
            }
            text.at++;
        }
        return state;
    }

    /**
     * Where a comm ends: before {@code then}, a number and {@code last}. A comm may imitate that, but what follows the
     * true place does not, so the last place within its 15 bytes is the true one.
     */
    private int nameEnd(int from, Literal then, Literal last) {
        int limit = Math.min(from + COMM_MAX, text.end - 1);
        for (int i = limit; i >= from; i--) {
            if (text.bytes[i] == ' ' && text.startsWith(i, then)) {
                int after = i + then.length();
                if (after < text.end && text.bytes[after] == '-') {
                    after++;
                }
                while (after < text.end && text.bytes[after] >= '0' && text.bytes[after] <= '9') {
                    after++;
                }
                if (text.startsWith(after, last)) {
                    return i;
                }
            }
        }
        text.fits = false;
        return from;
    }

    private long numberAfterName(int nameEnd, Literal then) {
        if (!text.fits) {
            return -1;
        }
        text.at = nameEnd + then.length();
        return text.decimal();
    }

    /** {@code comm=X pid=1 prio=120 target_cpu=000}, older with {@code success=1}; plugin: {@code X:1 [120] success=1 CPU:000}. */
    private boolean wakeup(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        int name;
        int nameEnd;
        int woken;
        int target;
        if (text.startsWith(COMM)) {
            name = text.at + COMM.length();
            nameEnd = nameEnd(name, PID, PRIO);
            woken = (int) numberAfterName(nameEnd, PID);
            text.expect(PRIO);
            text.decimal();
            text.seek(TARGET_CPU);
            target = (int) text.decimal();
        } else {
            name = text.at;
            nameEnd = -1;
            woken = -1;
            for (int i = name; i <= name + COMM_MAX && i < text.end && nameEnd < 0; i++) {
                if (text.bytes[i] == ':') {
                    text.fits = true;
                    text.at = i + 1;
                    woken = (int) text.decimal();
                    priority();
                    nameEnd = text.fits ? i : -1;
                }
            }
            text.fits = nameEnd >= 0;
            int at = text.fits ? text.find(CPU, text.at) : -1;
            text.at = at < 0 ? text.at : at + CPU.length();
            target = at < 0 ? -1 : (int) text.decimal();
        }
        if (!text.fits) {
            return false;
        }
        int id = names.id(text.bytes, name, nameEnd - name);
        return put(batch, time, cpu, tid, pid, comm, Kind.WAKEUP, target, woken, id);
    }

    /** {@code comm=X pid=1 child_comm=Y child_pid=2} */
    private boolean fork(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(COMM);
        int parentEnd = text.fits ? nameEnd(text.at, PID, CHILD_COMM) : 0;
        int parent = (int) numberAfterName(parentEnd, PID);
        text.expect(CHILD_COMM);
        int name = text.at;
        int nameEnd = -1;
        // The text ends with the number, so the last place that fits is the true one, whatever the name holds.
        for (int i = Math.min(name + COMM_MAX, text.end - 1); text.fits && i >= name && nameEnd < 0; i--) {
            nameEnd = text.startsWith(i, CHILD_PID) ? i : -1;
        }
        if (nameEnd < 0) {
            text.fits = false;
            return false;
        }
        long child = numberAfterName(nameEnd, CHILD_PID);
        if (!text.fits) {
            return false;
        }
        int id = names.id(text.bytes, name, nameEnd - name);
        return put(batch, time, cpu, tid < 0 ? parent : tid, pid, comm, Kind.FORK, -1, child, id);
    }

    /** {@code filename=/bin/x pid=1 old_pid=1}; a file name may hold anything, so it is read from the right. */
    private boolean exec(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(FILENAME);
        int last = -1;
        for (int i = text.end - OLD_PID.length(); i >= text.at && last < 0; i--) {
            last = text.startsWith(i, OLD_PID) ? i : -1;
        }
        if (last < 0) {
            text.fits = false;
            return false;
        }
        text.at = last + OLD_PID.length();
        long old = text.decimal();
        return put(batch, time, cpu, tid, pid, comm, Kind.EXEC, 0, old, 0);
    }

    /** {@code comm=X pid=1 prio=120}, newer with {@code group_dead=true}. */
    private boolean exit(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(COMM);
        int name = text.at;
        int nameEnd = text.fits ? nameEnd(name, PID, PRIO) : 0;
        int dying = (int) numberAfterName(nameEnd, PID);
        text.expect(PRIO);
        text.decimal();
        if (!text.fits) {
            return false;
        }
        int id = comm < 0 ? names.id(text.bytes, name, nameEnd - name) : comm;
        return put(batch, time, cpu, tid < 0 ? dying : tid, pid, id, Kind.EXIT, 0, 0, 0);
    }

    /** {@code pages:-1 reason:flush on task switch (0)}; plugin: {@code pages=-1 reason= (4)}. The number counts, the words vary. */
    private boolean tlbFlush(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(PAGES);
        text.at++;
        long pages = text.decimal();
        int open = -1;
        for (int i = text.end - 1; i > text.at && open < 0; i--) {
            boolean isNumber = i + 1 < text.end && text.bytes[i + 1] >= '0' && text.bytes[i + 1] <= '9';
            open = isNumber && text.bytes[i] == '(' ? i : -1;
        }
        if (open < 0) {
            text.fits = false;
            return false;
        }
        text.at = open + 1;
        int reason = (int) text.decimal();
        return put(batch, time, cpu, tid, pid, comm, Kind.TLB_FLUSH, reason, pages, 0);
    }

    private boolean number(
            Literal label, int base, Kind kind, long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(label);
        int number = (int) text.decimal();
        return put(batch, time, cpu, tid, pid, comm, kind, base + number, 0, 0);
    }

    /**
     * Kernel: {@code vcpu 0 reason npf rip 0x1000 info1 0x6 info2 0x8000 ...}; before 5.10 and the plugin: {@code reason
     * npf rip 0x1000 info 6 8000}. A reason may hold a blank, and VMX flags follow it.
     */
    private boolean vmExit(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.seek(REASON);
        int name = text.at;
        text.seek(RIP);
        int nameEnd = text.at - RIP.length();
        text.hex();
        long info1;
        long info2;
        if (text.skip(INFO1)) {
            info1 = text.hex();
            text.expect(INFO2);
            info2 = text.hex();
        } else if (text.skip(INFO)) {
            info1 = text.hex();
            text.expect(SPACE);
            info2 = text.hex();
        } else {
            info1 = 0;
            info2 = 0;
        }
        if (!text.fits) {
            return false;
        }
        return put(batch, time, cpu, tid, pid, comm, Kind.VM_EXIT, reason(name, nameEnd), info1, info2);
    }

    private int reason(int from, int to) {
        int before = reasons.size();
        int index = reasons.id(text.bytes, from, to - from);
        if (index == before) {
            if (index == reasonIds.length) {
                reasonIds = Arrays.copyOf(reasonIds, 2 * index);
            }
            reasonIds[index] = reasonOf(reasons.name(index));
        }
        return reasonIds[index];
    }

    /**
     * The text names no instruction set: the spelling does (SVM's names are lower case, VMX's upper case). Once a
     * recording has shown one, names that several tables hold belong to it, as does a bare number.
     */
    private int reasonOf(String spelled) {
        for (String name = spelled; !name.isEmpty(); name = name.substring(0, Math.max(name.lastIndexOf(' '), 0))) {
            for (int candidate : new int[] {isa, ExitReason.VMX, ExitReason.SVM, ExitReason.PVM}) {
                int id = ExitReason.idOf(candidate, name);
                if (id >= 0) {
                    changesOfIsa += candidate == isa ? 0 : 1;
                    isa = candidate;
                    return id;
                }
            }
        }
        hasUnknownReasons = true;
        int number = 0;
        for (int i = 0; i < spelled.length(); i++) {
            if (Character.isDigit(spelled.charAt(i))) {
                TextCursor digits = new TextCursor();
                byte[] bytes = spelled.getBytes(StandardCharsets.UTF_8);
                digits.over(bytes, i, bytes.length);
                number = (int) (spelled.startsWith("0x", i) ? digits.hex() : digits.decimal());
                break;
            }
        }
        tally.note("exit reasons without a name in our table: " + spelled).increment();
        return ExitReason.id(isa, number);
    }

    /** {@code vcpu 0, rip 0x1000[immediate exit]}; plugin without comma; before 5.x {@code vcpu 0}. */
    private boolean vmEntry(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(VCPU);
        int vcpu = (int) text.decimal();
        int rip = text.find(RIP, text.at);
        long ip = 0;
        if (rip >= 0) {
            text.at = rip + RIP.length();
            ip = text.hex();
        }
        long immediate = text.find(IMMEDIATE, text.at) >= 0 ? 1 : 0;
        return put(batch, time, cpu, tid, pid, comm, Kind.VM_ENTRY, vcpu, ip, immediate);
    }

    /** {@code reason KVM_EXIT_IO (2)}; the kernel itself prints {@code reason restart (4)}, {@code reason error (11)} for an errno. */
    private boolean vmmReturn(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(REASON);
        boolean isErrno = text.startsWith(RESTART) || text.startsWith(ERROR);
        text.seek(OPEN);
        int number = (int) text.decimal();
        if (!isErrno && text.fits) {
            tally.note(ERRNO_NOTE).increment();
        }
        return put(batch, time, cpu, tid, pid, comm, Kind.VMM_RETURN, isErrno ? -1 : number, isErrno ? -number : 0, 0);
    }

    /** {@code vcpu 0 rip 0x101d address 0xd0000000 error_code 0x10000000e}; older: {@code address d0000000 error_code e}. */
    private boolean guestFault(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.seek(FAULT_ADDRESS);
        long address = text.hex();
        text.expect(FAULT_ERROR);
        long error = text.hex();
        return put(batch, time, cpu, tid, pid, comm, Kind.GUEST_FAULT, (int) error, address, error);
    }

    /** {@code pio_write at 0x3f8 size 1 count 1 val 0x78} */
    private boolean guestPio(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(PIO);
        long write = readOrWrite();
        text.expect(AT);
        int port = (int) text.hex();
        text.expect(SIZE);
        long size = text.decimal();
        text.expect(COUNT);
        long count = text.decimal();
        return put(batch, time, cpu, tid, pid, comm, Kind.GUEST_PIO, port, write, size << 16 | count);
    }

    private long readOrWrite() {
        if (text.skip(WRITE)) {
            return 1;
        }
        text.expect(READ);
        return 0;
    }

    /** {@code mmio unsatisfied-read len 4 gpa 0xd0000000 val 0x0} */
    private boolean guestMmio(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(MMIO);
        int type = text.skip(UNSATISFIED) ? 0 : readOrWrite() == 1 ? 2 : 1;
        text.expect(LEN);
        long length = text.decimal();
        text.expect(GPA);
        long address = text.hex();
        return put(batch, time, cpu, tid, pid, comm, Kind.GUEST_MMIO, type, address, length);
    }

    /** {@code fast mmio at gpa 0xfee000b0} */
    private boolean guestFastMmio(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(FAST);
        long address = text.hex();
        return put(batch, time, cpu, tid, pid, comm, Kind.GUEST_MMIO, 3, address, 0);
    }

    /** {@code msr_read 277 = 0x7040600070406}, {@code msr_write 6e0 = 0x0 (#GP)} */
    private boolean guestMsr(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        text.expect(MSR);
        long write = readOrWrite();
        text.expect(SPACE);
        int msr = (int) text.hex();
        text.expect(EQUALS);
        long value = text.hex();
        return put(batch, time, cpu, tid, pid, comm, Kind.GUEST_MSR, msr, write, value);
    }

    /** {@code IRQ 0xec [reinjected]}, {@code Soft/INTn 0x80}; older {@code irq 236}. */
    private boolean guestIrq(long time, int cpu, int tid, int pid, int comm, Batch batch) {
        int vector;
        if (text.skip(IRQ_DECIMAL)) {
            vector = (int) text.decimal();
        } else {
            if (!text.skip(IRQ_HEX)) {
                text.seek(SPACE);
            }
            vector = (int) text.hex();
        }
        return put(batch, time, cpu, tid, pid, comm, Kind.GUEST_IRQ, vector, 0, 0);
    }

    private void grow() {
        Tracepoint[] old = slots;
        slots = new Tracepoint[old.length * 2];
        int mask = slots.length - 1;
        for (Tracepoint tracepoint : old) {
            if (tracepoint != null) {
                int slot = hash(tracepoint.spelled, 0, tracepoint.spelled.length) & mask;
                while (slots[slot] != null) {
                    slot = (slot + 1) & mask;
                }
                slots[slot] = tracepoint;
            }
        }
    }

    private static int hash(byte[] bytes, int from, int to) {
        int h = to - from;
        for (int i = from; i < to; i++) {
            h = 31 * h + bytes[i];
        }
        return h * 0x9E3779B9 >>> 7;
    }
}
