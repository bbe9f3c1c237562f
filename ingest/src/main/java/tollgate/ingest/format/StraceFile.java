package tollgate.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Damaged;
import tollgate.ingest.Kind;
import tollgate.ingest.Syscalls;

/**
 * One output file of strace, read line by line into at most four events at a time.
 *
 * <p>What a line's stamp means: strace prints it when the call is entered, and on a {@code resumed} line when the
 * call has returned. So an exit is told at
 * <ol>
 *   <li>the stamp of its own line, if that is a {@code resumed} one;
 *   <li>else the stamp + the duration that -T appends;
 *   <li>else the stamp: the duration is unknown, and 0 shows it.
 * </ol>
 * A line that is whole was printed before any later line of the same file was begun, so that the order of lines is
 * the order in time, also where the clock is too coarse to show it.
 *
 * <p>{@code = ?} alone means that the call never returned (exit, or killed inside it): no exit is told. With {@code
 * ERESTARTSYS} and its kin the kernel's own number is the result (-512...), as tracepoints have it.
 */
final class StraceFile implements Closeable {
    private static final int FORK = 57;
    private static final int VFORK = 58;
    private static final int CLONE = 56;
    private static final int EXECVE = 59;
    private static final int PRCTL = 157;
    private static final int EXECVEAT = 322;
    private static final int CLONE3 = 435;
    /** Bytes of a comm, TASK_COMM_LEN - 1. */
    private static final int COMM = 15;

    /** Nanoseconds. */
    static final long DAY = 24L * 3600 * 1_000_000_000L;

    /** Events of one line at most: enter, fork or exec, exit. */
    private static final int MOST = 4;

    private static final String PROCESS = "strace: Process ";
    /** {@code <unfinished ...>}, sixteen bytes. */
    private static final long UNFINISHED = word("<unfinis");

    private static final long UNFINISHED_REST = word("hed ...>");
    private static final String DETACHED = "<detached ...>";

    private final String name;
    private final Lines lines;
    private final StraceState state;
    private final StraceThreads threads;
    private final StracePrefix prefix = new StracePrefix();

    private final long[] time = new long[MOST];
    private final int[] tid = new int[MOST];
    private final int[] pid = new int[MOST];
    private final int[] comm = new int[MOST];
    private final Kind[] kind = new Kind[MOST];
    private final int[] code = new int[MOST];
    private final long[] a = new long[MOST];
    private final long[] b = new long[MOST];
    private int first;
    private int end;
    /** Where events go at once, where this file is the only one; else null. */
    private Batch sink;

    /** Whose lines are those without a number. */
    private final int owner;

    private final boolean isOneThread;
    private long stampBefore = Long.MIN_VALUE;
    private long days;
    private long last = Long.MIN_VALUE;
    /** The thread whose line a message of strace has torn, whose rest is to come. */
    private int torn = StraceThreads.NONE;
    /** What the line in hand says. */
    private long now;

    private final StraceResult result = new StraceResult();
    private final StraceArguments arguments = new StraceArguments();

    /**
     * @param owner the thread of lines that name none, -1 if not known
     * @param isOneThread true for a file of strace -ff
     * @param isNextDay true if stamps of the day begin after the midnight that the recording has seen
     */
    StraceFile(String name, Lines lines, StraceState state, int owner, boolean isOneThread, boolean isNextDay) {
        this.name = name;
        this.lines = lines;
        this.state = state;
        this.threads = state.threads;
        this.owner = owner;
        this.isOneThread = isOneThread;
        this.days = isNextDay ? DAY : 0;
    }

    /** Reads on until there is an event. @return false at the end */
    boolean advance() throws IOException {
        if (first < end) {
            return true;
        }
        first = 0;
        end = 0;
        while (end == 0) {
            if (!readLine()) {
                return false;
            }
        }
        return true;
    }

    /** Reads straight into the batch until it is full or the file ends; not to be mixed with {@link #advance}. */
    void fill(Batch batch) throws IOException {
        sink = batch;
        while (batch.size() <= Batch.CAPACITY - MOST && readLine()) {
            continue;
        }
    }

    private boolean readLine() throws IOException {
        if (!lines.next()) {
            return false;
        }
        state.lines.increment();
        if (!lines.isComplete()) {
            state.tally.endsEarly(name + ":" + lines.number() + ", a line without line feed");
            return true;
        }
        try {
            read(lines.bytes(), lines.from(), lines.to());
        } catch (Damaged wrong) {
            state.damages.skip(wrong);
        }
        return true;
    }

    /** Time of the event at hand. */
    long time() {
        return time[first];
    }

    /** Moves the event at hand into the batch, which is not full. */
    void take(Batch batch) {
        int i = first++;
        batch.append(time[i], /* cpu */ -1, tid[i], pid[i], comm[i], kind[i], code[i], a[i], b[i]);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }

    private void read(byte[] b, int from, int to) {
        int body = prefix.parse(b, from, to);
        int paren = body < 0 ? -1 : state.calls.find(b, body, to);
        if (paren < 0 && !isSpecial(b, body, to)) {
            unnamed(b, from, to);
            return;
        }
        if (paren < 0 && b[body] == 's') {
            message(b, body, to);
            return;
        }
        if (prefix.stamp == StracePrefix.Stamp.NONE && state.sawStamp) {
            // Where lines have stamps, what has none is the program's own, however much it looks like a call.
            unnamed(b, from, to);
            return;
        }
        torn = StraceThreads.NONE;
        stamp();
        int slot = threads.slot(whose());
        if (!threads.hasSpoken[slot]) {
            born(slot, b, body, to);
        }
        if (prefix.commTo > prefix.commFrom) {
            threads.comm[slot] = state.names.id(b, prefix.commFrom, prefix.commTo - prefix.commFrom);
        }
        if (paren >= 0) {
            entered(slot, b, body, paren, to);
            return;
        }
        switch (b[body]) {
            case '+' -> ended(slot, b, body, to);
            case '-' -> signal(b, body, to);
            case '<' -> resumed(slot, b, body, to);
            default -> state.modes.increment();
        }
    }

    private int whose() {
        if (prefix.tid != StracePrefix.UNTOLD) {
            return prefix.tid;
        }
        return isOneThread ? owner : threads.soleSurvivor(owner);
    }

    /** True if a body that begins there is one of strace's: a call, a resumed one, a signal, an end, a message. */
    static boolean isWritten(byte[] b, int at, int to) {
        if (isSpecial(b, at, to)) {
            return true;
        }
        int paren = StraceCalls.parenthesis(b, at, to);
        return paren >= 0
                && (Syscalls.number(new String(b, at, paren - at, StandardCharsets.US_ASCII)) >= 0
                        || Text.startsWith(b, at, to, "syscall_0x"));
    }

    private static boolean isSpecial(byte[] b, int at, int to) {
        if (at < 0 || at >= to) {
            return false;
        }
        return switch (b[at]) {
            case '<' -> Text.startsWith(b, at, to, "<... ");
            case '-' -> Text.startsWith(b, at, to, "--- ");
            case '+' -> Text.startsWith(b, at, to, "+++ ");
            case 's' -> Text.startsWith(b, at, to, "strace: ");
            case '[' -> Text.startsWith(b, at, to, "[ Process PID=");
            default -> false;
        };
    }

    /** The rest of a torn line, a stack line of -k, or what the traced program itself has written to the same place. */
    private void unnamed(byte[] b, int from, int to) {
        if (torn != StraceThreads.NONE) {
            int slot = torn;
            torn = StraceThreads.NONE;
            now = last;
            if (isUnfinished(b, from, to)) {
                state.unfinished.increment();
            } else if (result.parse(b, from, to)) {
                returned(slot, threads.call[slot], last + Math.max(0, result.duration));
            } else {
                state.others.increment();
            }
        } else if (Text.startsWith(b, from, to, " > ")) {
            state.stacks.increment();
        } else {
            state.others.increment();
        }
    }

    private void message(byte[] b, int from, int to) {
        state.messages.increment();
        if (Text.startsWith(b, from, to, PROCESS)) {
            int number = from + PROCESS.length();
            int digits = Text.skipDigits(b, number, to);
            if (digits > number && Text.startsWith(b, digits, to, " attached")) {
                threads.live(threads.slot((int) Text.decimal(b, number, digits)));
            }
        }
    }

    private void stamp() {
        if (prefix.stamp == StracePrefix.Stamp.NONE) {
            now = last == Long.MIN_VALUE ? 0 : last + 1;
            state.sawStampless = true;
            return;
        }
        long stamp = prefix.time;
        state.sawStamp = true;
        state.sawFraction |= prefix.hasFraction;
        if (prefix.stamp == StracePrefix.Stamp.RELATIVE) {
            stamp += stampBefore == Long.MIN_VALUE ? 0 : stampBefore;
            state.sawRelative = true;
        } else if (prefix.stamp == StracePrefix.Stamp.DAY) {
            stamp += days;
            if (stampBefore != Long.MIN_VALUE && stamp < stampBefore - DAY / 2) {
                days += DAY;
                stamp += DAY;
            }
        }
        if (stamp < stampBefore) {
            state.tally.countOutOfOrder();
        }
        stampBefore = stamp;
        now = stamp;
    }

    private static boolean isForking(int number) {
        return number == CLONE || number == FORK || number == VFORK || number == CLONE3;
    }

    /** First line of a thread: if just one call is making a child, this is it; of several, the one that returns its number. */
    private void born(int slot, byte[] b, int body, int to) {
        threads.hasSpoken[slot] = true;
        threads.live(slot);
        int parent = threads.soleParent();
        if (parent != StraceThreads.NONE && threads.process[slot] < 0) {
            fork(parent, slot, now);
            threads.tellChild(parent, threads.tid[slot]);
        } else if (threads.process[slot] < 0 && threads.isMakingProcessesOnly()) {
            threads.process[slot] = threads.tid[slot];
        } else if (!state.hasBegun && Text.startsWith(b, body, to, "execve(")) {
            // strace itself has made the first process: it is one of its own.
            threads.process[slot] = threads.tid[slot];
        }
        state.hasBegun = true;
    }

    private void entered(int slot, byte[] b, int body, int paren, int to) {
        int number = state.calls.number;
        if (number < 0 && prefix.number >= 0) {
            number = prefix.number;
        }
        byte lastByte = b[to - 1];
        if (lastByte == '>' && b[to - 2] == '.') {
            if (isUnfinished(b, body, to)) {
                state.unfinished.increment();
                enter(slot, number, b, paren, to);
                return;
            }
            if (Text.startsWith(b, to - DETACHED.length(), to, DETACHED)) {
                enter(slot, number, b, paren, to);
                return;
            }
        }
        // A message ends a line that it tears, and what stands before it may hold anything, also a result.
        int message = lastByte == 'd' ? lastMessage(b, paren, to) : -1;
        if (message < 0 && result.parse(b, paren, to)) {
            whole(slot, number, b, paren, to);
            return;
        }
        message = message < 0 ? lastMessage(b, paren, to) : message;
        if (message >= 0) {
            enter(slot, number, b, paren, message);
            torn = slot;
            message(b, message, to);
        } else if (number >= 0) {
            throw new Damaged(
                    name + ":" + lines.number(),
                    "expected a return value, found '" + tail(b, body, to)
                            + "'; the recording is damaged here, record again or cut this line out");
        } else {
            state.others.increment();
        }
    }

    /** A call that begins and ends on its line. What tells nothing but itself leaves no trace in the thread's state. */
    private void whole(int slot, int number, byte[] b, int paren, int to) {
        long back = now + Math.max(0, result.duration);
        if (tells(number) || result.isQuestionMark) {
            enter(slot, number, b, paren, to);
            returned(slot, number, back);
            return;
        }
        threads.leave(slot);
        arguments.parse(b, paren + 1, to);
        emit(slot, now, Kind.SYSCALL_ENTER, number, arguments.first, arguments.second);
        emit(slot, back, Kind.SYSCALL_EXIT, number, result.value, 0);
    }

    /** True for calls that tell more than themselves: of children, programs, names. */
    private static boolean tells(int number) {
        return number >= CLONE && number <= EXECVE || number == PRCTL || number == EXECVEAT || number == CLONE3;
    }

    private static boolean isUnfinished(byte[] b, int from, int to) {
        return to - from >= 2 * Long.BYTES
                && Lines.word(b, to - 2 * Long.BYTES) == UNFINISHED
                && Lines.word(b, to - Long.BYTES) == UNFINISHED_REST;
    }

    private static long word(String eight) {
        return Lines.word(eight.getBytes(StandardCharsets.US_ASCII), 0);
    }

    private static int lastMessage(byte[] b, int from, int to) {
        for (int i = to - "strace: ".length(); i > from; i--) {
            if (b[i] == 's' && Text.startsWith(b, i, to, "strace: ")) {
                return i;
            }
        }
        return -1;
    }

    private static String tail(byte[] b, int from, int to) {
        int start = Math.max(from, to - 40);
        return BadInput.show(new String(b, start, to - start, StandardCharsets.UTF_8), 60);
    }

    private void enter(int slot, int number, byte[] b, int paren, int to) {
        threads.enter(slot, number);
        if (isForking(number)) {
            threads.makeChild(slot, Text.indexOf(b, paren, to, "CLONE_THREAD") >= 0);
        } else if (number == EXECVE || number == EXECVEAT) {
            threads.nextComm[slot] = quoted(b, paren, to, /* isPath */ true);
        } else if (number == PRCTL && Text.startsWith(b, paren, to, "(PR_SET_NAME, ")) {
            threads.nextComm[slot] = quoted(b, paren, to, /* isPath */ false);
        }
        arguments.parse(b, paren + 1, to);
        emit(slot, now, Kind.SYSCALL_ENTER, number, arguments.first, arguments.second);
    }

    private void resumed(int slot, byte[] b, int body, int to) {
        state.resumed.increment();
        int number = threads.call[slot];
        if (!threads.isInCall[slot]) {
            int word = body + "<... ".length();
            int end = word;
            while (end < to && b[end] > ' ') {
                end++;
            }
            number = state.calls.code(b, word, end);
        }
        if (result.parse(b, body, to)) {
            returned(slot, number, now);
        } else if (lastMessage(b, body, to) >= 0) {
            torn = slot;
            threads.call[slot] = number;
            message(b, lastMessage(b, body, to), to);
        } else {
            throw new Damaged(
                    name + ":" + lines.number(),
                    "expected a return value, found '" + tail(b, body, to)
                            + "'; the recording is damaged here, record again or cut this line out");
        }
    }

    /** The result at hand ends the call. @param at when it returned, nanoseconds */
    private void returned(int slot, int number, long at) {
        long value = result.value;
        if (result.isQuestionMark) {
            state.questionMarks.increment();
            if (result.isRestart) {
                state.restarts.increment();
            }
            if (result.isUnfinished) {
                state.unfinished.increment();
            }
        }
        if (isForking(number) && value > 0 && threads.toldChild[slot] != value) {
            // Told when the call began: the child may run, and speak in a file of its own, before the call returns.
            fork(slot, threads.slot((int) value), now);
        }
        if (value == 0 && !result.isQuestionMark && threads.nextComm[slot] >= 0) {
            threads.comm[slot] = threads.nextComm[slot];
            if (number == EXECVE || number == EXECVEAT) {
                int before = threads.before[slot];
                threads.process[slot] = threads.tid[slot];
                emit(slot, at, Kind.EXEC, 0, before >= 0 ? before : threads.tid[slot], 0);
                threads.before[slot] = -1;
            }
        }
        threads.nextComm[slot] = -1;
        threads.leave(slot);
        if (!result.isQuestionMark || result.isRestart) {
            emit(slot, at, Kind.SYSCALL_EXIT, number, value, 0);
        }
    }

    private void fork(int parent, int child, long at) {
        threads.live(child);
        if (threads.process[child] < 0) {
            threads.process[child] = threads.makesThread[parent] ? threads.process[parent] : threads.tid[child];
        }
        if (threads.comm[child] < 0) {
            threads.comm[child] = threads.comm[parent];
        }
        emit(parent, at, Kind.FORK, threads.process[child], threads.tid[child], threads.comm[child]);
    }

    private void ended(int slot, byte[] b, int body, int to) {
        if (Text.startsWith(b, body, to, "+++ superseded by execve in pid ")) {
            // The thread that called execve goes on under this number, inside the same call.
            int number = body + "+++ superseded by execve in pid ".length();
            int caller = threads.slot((int) Text.decimal(b, number, to));
            threads.enter(slot, EXECVE);
            threads.nextComm[slot] = threads.nextComm[caller];
            threads.before[slot] = threads.tid[caller];
            threads.die(caller);
            return;
        }
        if (Text.startsWith(b, body, to, "+++ exited")) {
            state.exited.increment();
        } else {
            state.killed.increment();
        }
        emit(slot, now, Kind.EXIT, 0, 0, 0);
        threads.die(slot);
    }

    private void signal(byte[] b, int body, int to) {
        if (Text.startsWith(b, body, to, "--- SIG")) {
            state.signals.increment();
        } else {
            state.stops.increment();
        }
    }

    /** The id of the name in the first quotes, of a path its last part; -1 without quotes. */
    private int quoted(byte[] b, int from, int to, boolean isPath) {
        int open = Text.indexOf(b, from, to, "\"");
        if (open < 0) {
            return -1;
        }
        int start = open + 1;
        int close = start;
        while (close < to && b[close] != '"') {
            if (b[close] == '/' && isPath) {
                start = close + 1;
            }
            close += b[close] == '\\' ? 2 : 1;
        }
        return close < to ? state.names.id(b, start, Math.min(COMM, close - start)) : -1;
    }

    private void emit(int slot, long at, Kind what, int number, long one, long two) {
        last = Math.max(at, last);
        if (sink != null) {
            int process = threads.process[slot];
            sink.append(last, -1, threads.tid[slot], process, threads.comm[slot], what, number, one, two);
            state.told(what, process);
            return;
        }
        int i = end++;
        time[i] = last;
        tid[i] = threads.tid[slot];
        pid[i] = threads.process[slot];
        comm[i] = threads.comm[slot];
        kind[i] = what;
        code[i] = number;
        a[i] = one;
        b[i] = two;
        state.told(what, pid[i]);
    }
}
