package tollgate.ingest.format;

import static tollgate.ingest.format.TextCursor.literal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;
import tollgate.ingest.format.TextCursor.Literal;

/** A text of {@code perf trace} being read; see {@link PerfTrace}. */
final class PerfTraceRecording implements Recording {
    private static final int COMM_MAX = 15;
    /** A comm that is nothing but line feeds. */
    private static final int MOST_LINES = COMM_MAX + 1;
    /** The user bit of the x86 page-fault error code, the only one that the text tells. */
    private static final int USER = 4;

    /** 2^64 nanoseconds in microseconds. */
    private static final long WRAPPED = 18_446_744_073_709_552L;

    private static final Literal OPEN = literal(" (");
    private static final Literal MILLISECONDS = literal(" ms): ");
    private static final Literal NO_DURATION = literal("): ");
    private static final Literal CONTINUED = literal(" ... [continued]: ");
    private static final Literal PENDING = literal(" ...");
    private static final Literal MINOR = literal("minfault [");
    private static final Literal MAJOR = literal("majfault [");
    private static final Literal FAULT_AT = literal("] => ");
    private static final Literal ANONYMOUS = literal("//anon@");
    private static final Literal STACK = literal("[stack]@");
    private static final Literal HEAP = literal("[heap]@");
    private static final Literal OFFSET = literal("@");
    private static final Literal HEX = literal("0x");
    private static final Literal LOST = literal("LOST ");
    private static final Literal EVENTS = literal(" events!");

    private static final Literal MINUS_ONE = literal("-1 ");
    private static final Literal UNKNOWN = literal("(unknown) (INTERNAL ERROR: strerror_r(");

    private final String name;
    private final Lines lines;
    private final Names names = new Names();
    private final Tally tally = new Tally();
    private final Damages damages;
    private final TextCursor text = new TextCursor();
    private final Reorder reorder = new Reorder(tally);
    private final EnumSet<Kind> seen = EnumSet.noneOf(Kind.class);
    private final SyscallNames syscalls = new SyscallNames();
    private final Threads threads = new Threads();
    private final Tally.Count enters = tally.tracepoint("sys_enter");
    private final Tally.Count exits = tally.tracepoint("sys_exit");

    private boolean isSummary;
    private boolean isEnd;
    /** The latest time that any line has told, and before that the first, for lines that tell none. */
    private long now;

    PerfTraceRecording(Input input) throws IOException {
        name = input.name();
        lines = new Lines(input.stream());
        damages = new Damages(input.damage(), tally);
        now = firstTime(input.head());
    }

    /** What the first line with a time says, 0 if there is none: with -S times begin with the boot of the machine. */
    private long firstTime(byte[] head) {
        for (int from = 0; from < head.length; ) {
            int to = from;
            while (to < head.length && head[to] != '\n') {
                to++;
            }
            text.over(head, from, to);
            text.skipBlanks();
            long time = milliseconds();
            text.expect(OPEN);
            if (text.fits) {
                return time;
            }
            from = to + 1;
        }
        return 0;
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (!batch.isFull()) {
            if (!isEnd && !reorder.isFull()) {
                isEnd = !lines.next();
                if (!isEnd) {
                    lineOrSkip();
                }
            } else if (!reorder.isEmpty()) {
                reorder.leave(batch);
            } else {
                break;
            }
        }
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        return new Coverage(
                Coverage.Scope.UNKNOWN, /* hasCpus */
                false, /* hasProcesses */
                false,
                Coverage.Clock.NANOS,
                seen,
                false);
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
        lines.close();
    }

    private void lineOrSkip() throws IOException {
        try {
            line();
        } catch (Damaged wrong) {
            damages.skip(wrong);
            lines.part();
        }
    }

    private void line() throws IOException {
        if (!lines.isComplete()) {
            endsEarly();
            return;
        }
        byte[] b = lines.bytes();
        int from = lines.from();
        int to = lines.to();
        isSummary |= Text.startsWith(b, from, to, " Summary of events:");
        if (isSummary) {
            tally.note("summary lines").increment();
        } else if (from == to || b[from] == '#') {
            tally.note("empty lines").increment();
        } else if (Text.startsWith(b, from, to, "LOST ")) {
            lost();
        } else if (isChain(b, from, to)) {
            tally.note("call chain lines").increment();
        } else {
            event();
        }
    }

    /** With --call-graph, functions are printed behind 38 blanks and the signature column. */
    private static boolean isChain(byte[] b, int from, int to) {
        return Text.skipBlanks(b, from, to) - from >= 24;
    }

    /** {@code LOST 5919 events!} */
    private void lost() {
        text.over(lines.bytes(), lines.from(), lines.to());
        text.expect(LOST);
        long lost = text.decimal();
        text.expect(EVENTS);
        if (!text.fits) {
            throw damaged(lines.number(), "'LOST n events!'");
        }
        tally.lost(lost);
        add(now, -1, -1, Kind.LOST, 0, lost);
    }

    private void event() throws IOException {
        long number = lines.number();
        for (int joined = 1; ; joined++) {
            text.over(lines.bytes(), lines.from(), lines.to());
            if (parse()) {
                return;
            }
            // A comm may hold line feeds; what follows is then no event itself.
            if (joined == MOST_LINES || !lines.extend()) {
                break;
            }
            if (!lines.isComplete()) {
                endsEarly();
                return;
            }
        }
        throw damaged(number, "'time (duration): comm/tid call(...) = result'");
    }

    /** {@code time (duration): comm/tid what} */
    private boolean parse() {
        text.skipBlanks();
        boolean isTimed = text.at < text.end && text.bytes[text.at] != '?';
        long start = now;
        if (isTimed) {
            start = milliseconds();
        } else {
            text.at++;
        }
        text.expect(OPEN);
        text.skipBlanks();
        boolean isDone = text.at < text.end && text.bytes[text.at] != ')';
        long duration = 0;
        if (isDone) {
            duration = milliseconds();
            text.expect(MILLISECONDS);
        } else {
            text.expect(NO_DURATION);
        }
        if (!text.fits) {
            return false;
        }
        int tid = -1;
        int comm = -1;
        int whatFrom = text.at;
        for (int i = Math.min(text.at + COMM_MAX, text.end - 1); i >= text.at; i--) {
            int digits = i + 1;
            boolean isSlash = text.bytes[i] == '/';
            int after = isSlash ? Text.skipDigits(text.bytes, digits, text.end) : digits;
            if (isSlash && after > digits && after < text.end && text.bytes[after] == ' ') {
                tid = (int) Text.decimal(text.bytes, digits, after);
                comm = comm(text.at, i, tid);
                whatFrom = after + 1;
                break;
            }
        }
        text.at = whatFrom;
        return what(isTimed, start, isDone, duration, tid, comm);
    }

    private boolean what(boolean isTimed, long start, boolean isDone, long duration, int tid, int comm) {
        if (text.startsWith(MINOR) || text.startsWith(MAJOR)) {
            return fault(start, tid, comm);
        }
        boolean isContinued = text.skip(CONTINUED);
        int nameFrom = text.at;
        int nameTo = nameFrom;
        while (nameTo < text.end && isWord(text.bytes[nameTo])) {
            nameTo++;
        }
        if (nameTo == nameFrom || nameTo == text.end) {
            return false;
        }
        if (text.bytes[nameTo] == ':') {
            // -e sched:sched_switch and the like: counted, since perf trace prints their fields in words of its own.
            String tracepoint = new String(text.bytes, nameFrom, text.end - nameFrom, StandardCharsets.UTF_8);
            int paren = tracepoint.indexOf('(');
            tally.tracepoint(tracepoint.substring(nameTo + 1 - nameFrom, Math.max(paren, nameTo + 1 - nameFrom)))
                    .increment();
            return paren >= 0;
        }
        if (text.bytes[nameTo] != '(') {
            return false;
        }
        int call = syscalls.number(text.bytes, nameFrom, nameTo, tally);
        boolean isPending = endsWith(PENDING);
        int result = isPending ? -1 : result();
        if (!isPending && result < 0) {
            return false;
        }
        now = Math.max(now, start + duration);
        int slot = tid < 0 ? -1 : threads.put(tid, -1);
        if (!isContinued) {
            enters.increment();
            // Both ends of a call are rounded, so that the next may seem to start before this one ends.
            long begin = slot < 0 ? start : Math.max(start, threads.time(slot));
            add(begin, tid, comm, Kind.SYSCALL_ENTER, call, 0);
        }
        if (isPending) {
            return true;
        }
        text.at = result;
        if (text.at < text.end && text.bytes[text.at] == '?') {
            // exit and exit_group do not return.
            threads.remove(tid);
            return true;
        }
        exits.increment();
        long end = isTimed ? start + duration : now;
        if (slot >= 0) {
            end = Math.max(end, threads.time(slot));
            threads.time(slot, end);
        }
        add(end, tid, comm, Kind.SYSCALL_EXIT, call, value());
        return true;
    }

    /** {@code minfault [symbol+0x1] => /lib/libc.so@0x1ab70 (d.)}; the last letter is k for a fault in kernel mode. */
    private boolean fault(long start, int tid, int comm) {
        boolean isMajor = text.startsWith(MAJOR);
        text.seek(FAULT_AT);
        // In a file the text tells the offset, in anonymous memory the address.
        if (text.startsWith(ANONYMOUS) || text.startsWith(STACK) || text.startsWith(HEAP)) {
            text.seek(OFFSET);
        }
        boolean isAddress = text.fits && text.startsWith(HEX);
        long address = isAddress ? text.hex() : 0;
        if (!text.fits
                || text.end - text.at < 4
                || text.bytes[text.end - 1] != ')'
                || text.bytes[text.end - 4] != '(') {
            return false;
        }
        if (!isAddress) {
            tally.note("faults told as file and offset instead of address").increment();
        }
        tally.tracepoint(isMajor ? "major-faults" : "minor-faults").increment();
        boolean isKernel = text.bytes[text.end - 2] == 'k';
        now = Math.max(now, start);
        add(start, tid, comm, isKernel ? Kind.FAULT_KERNEL : Kind.FAULT_USER, isKernel ? 0 : USER, address);
        return true;
    }

    private void add(long time, int tid, int comm, Kind kind, int code, long a) {
        seen.add(kind);
        reorder.add(time, tid, comm, kind, code, a, 0);
    }

    /** Position behind the last {@code ) = }, or -1. Arguments may hold that too, the result cannot. */
    private int result() {
        byte[] b = text.bytes;
        for (int i = text.end - 2; i > text.at; i--) {
            if (b[i] == '=' && b[i - 1] == ' ' && b[i + 1] == ' ') {
                int j = i - 1;
                while (j > text.at && b[j] == ' ') {
                    j--;
                }
                if (b[j] == ')') {
                    return i + 2;
                }
            }
        }
        return -1;
    }

    /**
     * {@code 4}, {@code 0x7f..}, {@code -1 ENOENT (No such ...)}, {@code 12</a/file>}, {@code 77 (bash)}, nothing for 0, words
     * for flags. The kernel's own numbers (ERESTARTSYS is 512) are unknown to libc: {@code -1 (unknown) (INTERNAL ERROR:
     * strerror_r(512, [buf], 128)=22)}.
     */
    private long value() {
        if (text.at == text.end) {
            return 0;
        }
        byte first = text.bytes[text.at];
        if (first == '-' && text.skip(MINUS_ONE)) {
            if (text.skip(UNKNOWN)) {
                return -text.decimal();
            }
            int from = text.at;
            while (text.at < text.end && isWord(text.bytes[text.at])) {
                text.at++;
            }
            int errno = StraceErrno.number(new String(text.bytes, from, text.at - from, StandardCharsets.US_ASCII));
            return errno > 0 ? -errno : -1;
        }
        if (first == '-' || first >= '0' && first <= '9') {
            boolean isHex = first == '0' && text.at + 1 < text.end && text.bytes[text.at + 1] == 'x';
            return isHex ? text.hex() : text.decimal();
        }
        tally.note("results told in words, taken as 0").increment();
        return 0;
    }

    private boolean endsWith(Literal literal) {
        return text.startsWith(text.end - literal.length(), literal);
    }

    /** perf prints {@code :tid} for a thread that it has no name of. */
    private int comm(int from, int to, int tid) {
        if (text.bytes[from] == ':' && Text.skipDigits(text.bytes, from + 1, to) == to && to > from + 1) {
            return Text.decimal(text.bytes, from + 1, to) == tid ? -1 : names.id(text.bytes, from, to - from);
        }
        return names.id(text.bytes, from, to - from);
    }

    /**
     * Milliseconds with three decimals as nanoseconds. An event before the first one read is a negative number of
     * nanoseconds that perf prints as an unsigned one.
     */
    private long milliseconds() {
        long value = 0;
        int decimals = -1;
        int i = text.at;
        for (; i < text.end && decimals < 3; i++) {
            byte c = text.bytes[i];
            if (c == '.' && decimals < 0) {
                decimals = 0;
            } else if (c >= '0' && c <= '9') {
                value = value * 10 + (c - '0');
                decimals += decimals >= 0 ? 1 : 0;
            } else {
                break;
            }
        }
        if (decimals != 3) {
            text.fits = false;
            return 0;
        }
        text.at = i;
        return value > WRAPPED / 2 ? (value - WRAPPED) * 1000 : value * 1000;
    }

    private static boolean isWord(byte c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private Damaged damaged(long line, String expected) {
        int length = Math.min(lines.to() - lines.from(), 61);
        String found = new String(lines.bytes(), lines.from(), length, StandardCharsets.ISO_8859_1);
        return new Damaged(
                name + ":" + line,
                "expected " + expected + ", found '" + BadInput.show(found, 60)
                        + "'; the text is damaged here, print it again or cut this line out");
    }

    private void endsEarly() {
        tally.endsEarly(name + ":" + lines.number() + ", inside a record");
    }
}
