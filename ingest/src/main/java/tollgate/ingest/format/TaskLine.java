package tollgate.ingest.format;

import tollgate.ingest.Coverage;

/**
 * One event line as the kernel's ring buffer prints it and as trace-cmd repeats it: who ran where and
 * when, then the name of the tracepoint, then its fields.
 *
 * <pre>
 *            bash-10064   [000] .....  1296.686086: sys_exit: NR 1 = 2          ftrace
 *   sess_redis.sh-10786   (  10786) [001] d..2.  1297.607198: sys_exit: ...     ftrace, record-tgid
 *            grep-13608   [000]  3633471037268: reschedule_entry: vector=253    ftrace, noirq-info, x86-tsc
 *  basename-10685     0d..1. 25109us+: tlb_flush: ...                           ftrace, latency-format
 *  qemu-system-x86-9500  [000]  1293.471699: sys_enter:            NR 1 (...)   trace-cmd report
 *  qemu-system-x86-10537 [001]3368823379637: local_timer_entry:    vector=236   trace-cmd report, x86-tsc
 *  qemu-sys-9500    0.N...  1293.471701834: sys_exit:             NR 1 = 8      trace-cmd report -t -l
 *  qemu-system-x86-9498  [000]  1557.045942: (+5)     sched_switch:  ...        trace-cmd report --ts-diff
 * </pre>
 *
 * <p>A comm holds any bytes, so blanks, dashes, brackets and digits decide nothing by themselves. Both
 * tools right-align it in 16 bytes (8 in latency format), and it never has more: the dash before the
 * PID stands in a fixed column. Only text whose blanks were lost is searched for the first
 * {@code -PID [CPU]}. Leading blanks that belong to a comm cannot be told from padding and are dropped.
 *
 * <p>Sources: kernel/trace/trace_output.c (trace_print_context, trace_print_lat_context); trace-cmd's
 * lib/traceevent (tep_print_event with "%16s-%-5d"). Not read: the verbose option, the columns of latency-format with
 * verbose, and several buffer instances in one report.
 */
final class TaskLine {
    /** Bytes of the comm column, TASK_COMM_LEN. */
    static final int WIDE = 16;
    /** Bytes of the comm column in latency format; the comm is cut to it. */
    static final int NARROW = 8;
    /** Digits of a stamp in ticks: 10^18 cycles are ten years. */
    private static final int MOST_DIGITS = 18;
    /** 290 years: more nanoseconds are no long. */
    private static final long MOST_SECONDS = Long.MAX_VALUE / 1_000_000_000L - 1;

    int commFrom;
    int commTo;
    int tid;
    /** Thread group id, -1 without the column or where the kernel had forgotten it. */
    int tgid;

    int cpu;
    /** Nanoseconds, or ticks. */
    long time;

    boolean isTicks;
    boolean isLatency;
    int nameFrom;
    int nameTo;
    /** Where the fields begin, after the name's colon and blanks. */
    int fieldsFrom;
    /** True for a line of the function tracer ({@code callee <-caller}), which has no fields. */
    boolean isFunction;

    /** Takes a line apart. @return false if it is not an event; the columns are then meaningless */
    boolean parse(byte[] b, int from, int to) {
        return parseAt(b, from, from + WIDE, to)
                || parseAt(b, from, from + NARROW, to)
                || parseWithoutPadding(b, from, to);
    }

    private boolean parseWithoutPadding(byte[] b, int from, int to) {
        int last = Math.min(to, from + WIDE);
        for (int dash = from + 1; dash < last; dash++) {
            if (b[dash] == '-' && parseAt(b, from, dash, to)) {
                return true;
            }
        }
        return false;
    }

    private boolean parseAt(byte[] b, int from, int dash, int to) {
        if (dash < from || dash + 1 >= to || b[dash] != '-') {
            return false;
        }
        int i = dash + 1;
        int number = 0;
        for (; i < to && isDigit(b[i]); i++) {
            number = number * 10 + (b[i] - '0');
        }
        if (i == dash + 1 || i == to || b[i] != ' ') {
            return false;
        }
        tid = number;
        commFrom = Text.skipBlanks(b, from, dash);
        commTo = dash;
        i = Text.skipBlanks(b, i, to);
        i = i < to && b[i] == '(' ? tgid(b, i, to) : noTgid(i);
        i = i < 0 ? -1 : cpu(b, i, to);
        i = i < 0 ? -1 : time(b, i, to);
        return i >= 0 && name(b, i, to);
    }

    private int noTgid(int i) {
        tgid = -1;
        return i;
    }

    /** {@code (  10786) }, or {@code (-------) } for a thread whose group the kernel had not saved. */
    private int tgid(byte[] b, int from, int to) {
        int i = Text.skipBlanks(b, from + 1, to);
        int digits = i;
        tgid = -1;
        if (i < to && b[i] == '-') {
            while (i < to && b[i] == '-') {
                i++;
            }
        } else {
            i = Text.skipDigits(b, i, to);
            if (i == digits) {
                return -1;
            }
            tgid = (int) Text.decimal(b, digits, i);
        }
        return i < to && b[i] == ')' ? Text.skipBlanks(b, i + 1, to) : -1;
    }

    /** {@code [001] d..2. } or {@code [001] } or {@code 1d..2. }: moves to the stamp. */
    private int cpu(byte[] b, int from, int to) {
        isLatency = from < to && b[from] != '[';
        int digits = isLatency ? from : from + 1;
        int i = Text.skipDigits(b, digits, to);
        if (i == digits || i == to) {
            return -1;
        }
        long number = Text.decimal(b, digits, i);
        if (number < 0 || number >= Coverage.MOST_CPUS) {
            return -1;
        }
        cpu = (int) number;
        if (isLatency) {
            return b[i] == ' ' ? -1 : Text.skipBlanks(b, skipFlags(b, i, to), to);
        }
        if (b[i] != ']') {
            return -1;
        }
        i = Text.skipBlanks(b, i + 1, to);
        return i < to && isDigit(b[i]) ? i : Text.skipBlanks(b, skipFlags(b, i, to), to);
    }

    /** The 4 to 6 characters of irq-info hold no blank. */
    private static int skipFlags(byte[] b, int from, int to) {
        int i = from;
        while (i < to && b[i] != ' ') {
            i++;
        }
        return i;
    }

    /** {@code 1296.686086: }, {@code 1293.471701834: }, {@code 3633471037268: }, {@code 25109us+: }, each perhaps with {@code (+5) }. */
    private int time(byte[] b, int from, int to) {
        int i = from;
        long number = 0;
        for (; i < to && isDigit(b[i]); i++) {
            number = number * 10 + (b[i] - '0');
        }
        if (i == from || i == to || i - from > MOST_DIGITS) {
            return -1;
        }
        time = number;
        isTicks = false;
        if (b[i] == '.') {
            if (time > MOST_SECONDS) {
                return -1;
            }
            // Six digits and a colon, as nearly all have it: one load.
            if (i + 9 < to && b[i + 7] == ':') {
                long six = Digits.ofSix(Lines.word(b, i + 1));
                if (Digits.areEight(six)) {
                    time = time * 1_000_000_000L + Digits.eight(six) * 1_000L;
                    return behindColon(b, i + 7, to);
                }
            }
            int fraction = i + 1;
            i = Text.skipDigits(b, fraction, to);
            time = time * 1_000_000_000L + nanos(b, fraction, i);
        } else if (b[i] == 'u') {
            if (i + 2 >= to || b[i + 1] != 's') {
                return -1;
            }
            if (time > MOST_SECONDS * 1_000_000L) {
                return -1;
            }
            time *= 1_000L;
            i += b[i + 2] == ':' ? 2 : 3;
        } else {
            isTicks = true;
        }
        if (i >= to || b[i] != ':') {
            return -1;
        }
        return behindColon(b, i, to);
    }

    /** Over blanks, and over the difference of --ts-diff. */
    private static int behindColon(byte[] b, int colon, int to) {
        int i = Text.skipBlanks(b, colon + 1, to);
        return Text.startsWith(b, i, to, "(+") ? Text.skipBlanks(b, Text.skipDigits(b, i + 2, to) + 1, to) : i;
    }

    private static long nanos(byte[] b, int from, int to) {
        long n = 0;
        for (int i = 0; i < 9; i++) {
            n = n * 10 + (from + i < to ? b[from + i] - '0' : 0);
        }
        return n;
    }

    private boolean name(byte[] b, int from, int to) {
        int i = from;
        while (i < to && isNamePart(b[i])) {
            i++;
        }
        if (i == from || i == to) {
            return false;
        }
        nameFrom = from;
        nameTo = i;
        isFunction = b[i] != ':';
        if (isFunction) {
            return Text.indexOf(b, i, to, " <-") >= 0;
        }
        fieldsFrom = Text.skipBlanks(b, i + 1, to);
        return true;
    }

    private static boolean isNamePart(byte c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c == '.';
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
