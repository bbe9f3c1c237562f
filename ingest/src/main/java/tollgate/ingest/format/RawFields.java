package tollgate.ingest.format;

import java.util.EnumSet;
import java.util.Set;
import tollgate.ingest.Batch;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.TaskState;

/**
 * Fields of a tracepoint as libtraceevent prints them when it does not interpret them: {@code trace-cmd
 * report -R}, and behind {@code [FAILED TO PARSE]} where it cannot.
 *
 * <pre>
 *   id=202 args=ARRAY[40, 0b, f2, 91, 47, 56, 00, 00, 81, ...]      eight bytes an argument, lowest first
 *   id=202 ret=1
 *   prev_comm=X prev_pid=28884 prev_prio=120 prev_state=1 next_comm=odd next_pid=28885 next_prio=120
 *   reason=0 pages=-1
 * </pre>
 *
 * <p>The names are the record's own ({@code events/.../format}), so this form tells more than the
 * interpreted one: kvm_exit names its instruction set, kvm_userspace_exit its errno.
 */
final class RawFields {
    private final Names names;
    private final EnumSet<Kind> seen = EnumSet.noneOf(Kind.class);

    private byte[] bytes = {};
    private int from;
    private int to;
    private boolean fits;

    RawFields(Names names) {
        this.names = names;
    }

    /** The kinds of which an event was appended. */
    Set<Kind> seen() {
        return seen;
    }

    void join(RawFields next) {
        seen.addAll(next.seen);
    }

    /** Appends the event that the fields say. @return false if they are not those of the tracepoint in raw form */
    boolean append(
            Tracepoint tracepoint,
            byte[] line,
            int fieldsFrom,
            int fieldsTo,
            long time,
            int cpu,
            int tid,
            int pid,
            int comm,
            Batch batch) {
        bytes = line;
        from = fieldsFrom;
        to = fieldsTo;
        fits = true;
        Kind kind;
        long code;
        long a = 0;
        long b = 0;
        switch (tracepoint.text) {
            case SYS_ENTER -> {
                kind = Kind.SYSCALL_ENTER;
                code = number("id=");
                int array = value("args=ARRAY[");
                a = argument(array, 0);
                b = argument(array, 1);
            }
            case SYS_EXIT -> {
                kind = Kind.SYSCALL_EXIT;
                code = number("id=");
                a = number("ret=");
            }
            case FAULT_USER, FAULT_KERNEL -> {
                kind = tracepoint.text == Tracepoint.Text.FAULT_USER ? Kind.FAULT_USER : Kind.FAULT_KERNEL;
                code = number("error_code=");
                a = number("address=");
                b = number("ip=");
            }
            case SWITCH -> {
                kind = Kind.SWITCH;
                code = TaskState.ofBits(number("prev_state="));
                a = number("next_pid=");
                b = name("next_comm=", " next_pid=");
            }
            case WAKEUP -> {
                kind = Kind.WAKEUP;
                code = number("target_cpu=");
                a = number("pid=");
                b = name("comm=", " pid=");
            }
            case FORK -> {
                kind = Kind.FORK;
                code = -1;
                a = number("child_pid=");
                b = name("child_comm=", " child_pid=");
            }
            case EXEC -> {
                kind = Kind.EXEC;
                code = 0;
                a = number("old_pid=");
            }
            case EXIT -> {
                kind = Kind.EXIT;
                code = 0;
                number("pid=");
            }
            case TLB_FLUSH -> {
                kind = Kind.TLB_FLUSH;
                code = number("reason=");
                a = number("pages=");
            }
            case VECTOR_ENTRY, VECTOR_EXIT -> {
                kind = tracepoint.text == Tracepoint.Text.VECTOR_ENTRY ? Kind.IRQ_ENTER : Kind.IRQ_EXIT;
                code = number("vector=");
            }
            case IRQ_ENTRY, IRQ_EXIT -> {
                kind = tracepoint.text == Tracepoint.Text.IRQ_ENTRY ? Kind.IRQ_ENTER : Kind.IRQ_EXIT;
                code = 0x1000 + number("irq=");
            }
            case SOFTIRQ_ENTRY, SOFTIRQ_EXIT -> {
                kind = tracepoint.text == Tracepoint.Text.SOFTIRQ_ENTRY ? Kind.SOFTIRQ_ENTER : Kind.SOFTIRQ_EXIT;
                code = number("vec=");
            }
            case KVM_EXIT -> {
                kind = Kind.VM_EXIT;
                code = ExitReason.id((int) number("isa="), number("exit_reason="));
                a = number("info1=");
                b = number("info2=");
            }
            case KVM_ENTRY -> {
                kind = Kind.VM_ENTRY;
                code = number("vcpu_id=");
                a = value("rip=") < 0 ? 0 : number("rip=");
                b = value("immediate_exit=") < 0 ? 0 : number("immediate_exit=");
            }
            case KVM_USERSPACE_EXIT -> {
                kind = Kind.VMM_RETURN;
                code = number("reason=");
                a = (int) number("errno=");
            }
            case KVM_PAGE_FAULT -> {
                kind = Kind.GUEST_FAULT;
                b = number("error_code=");
                code = (int) b;
                a = number("fault_address=");
            }
            case KVM_PIO -> {
                kind = Kind.GUEST_PIO;
                code = number("port=");
                a = number("rw=");
                b = number("size=") << 16 | number("count=");
            }
            case KVM_MMIO -> {
                kind = Kind.GUEST_MMIO;
                code = number("type=");
                a = number("gpa=");
                b = number("len=");
            }
            case KVM_FAST_MMIO -> {
                kind = Kind.GUEST_MMIO;
                code = 3;
                a = number("gpa=");
            }
            case KVM_MSR -> {
                kind = Kind.GUEST_MSR;
                code = number("ecx=");
                a = number("write=");
                b = number("data=");
            }
            case KVM_INJ_VIRQ -> {
                kind = Kind.GUEST_IRQ;
                code = number("vector=");
            }
            default -> {
                return false;
            }
        }
        if (fits) {
            batch.append(time, cpu, tid, pid, comm, kind, (int) code, a, b);
            seen.add(kind);
        }
        return fits;
    }

    /** Where the value of a field starts, or -1. The last of its name: what a comm holds stands before it. */
    private int value(String key) {
        for (int i = to - key.length(); i >= from; i--) {
            if (Text.startsWith(bytes, i, to, key) && (i == from || bytes[i - 1] == ' ')) {
                return i + key.length();
            }
        }
        return -1;
    }

    private long number(String key) {
        int at = value(key);
        if (at < 0 || at == to) {
            fits = false;
            return 0;
        }
        return Text.startsWith(bytes, at, to, "0x") ? Text.hex(bytes, at, to) : Text.decimal(bytes, at, to);
    }

    private int name(String key, String then) {
        int end = value(then.substring(1)) - then.length();
        int start = Text.indexOf(bytes, from, Math.max(from, end), key);
        while (start > from && bytes[start - 1] != ' ') {
            start = Text.indexOf(bytes, start + 1, end, key);
        }
        if (start < 0) {
            fits = false;
            return -1;
        }
        start += key.length();
        return names.id(bytes, start, Math.max(0, end - start));
    }

    private long argument(int array, int index) {
        // "40, 0b, f2, ": four characters a byte.
        int at = array + index * 8 * 4;
        if (array < 0 || at + 8 * 4 - 2 > to) {
            fits = false;
            return 0;
        }
        long n = 0;
        for (int i = 7; i >= 0; i--) {
            n = n << 8 | Text.hex(bytes, at + 4 * i, at + 4 * i + 2);
        }
        return n;
    }
}
