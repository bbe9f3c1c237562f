package tollgate.ingest.format;

import static tollgate.ingest.format.TextCursor.literal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.NamespaceType;
import tollgate.ingest.Tally;
import tollgate.ingest.TaskState;
import tollgate.ingest.format.TextCursor.Literal;

/**
 * The lines that {@code perf script --show-task-events}, {@code --show-lost-events} and the like print for perf's own
 * records (tools/perf/util/event.c): who the threads are, which namespaces they enter, what was lost.
 *
 * <p>perf tells a fork, an exec, an exit and a switch whether or not the tracepoint of it is recorded too; each becomes
 * one event: the tracepoint's where the header says that it is recorded, else whichever comes first. PERF_RECORD_FORK and PERF_RECORD_COMM exec come before their tracepoints (kernel/fork.c, fs/exec.c),
 * PERF_RECORD_EXIT and PERF_RECORD_SWITCH after theirs (kernel/exit.c, kernel/sched/core.c).
 */
final class PerfRecords {
    static final String PREFIX = "PERF_RECORD_";
    /** A time that is not known yet: told about threads that were there before the recording. */
    static final long HELD = Long.MIN_VALUE;

    private static final int FORK_TOLD = 1;
    private static final int EXEC_TOLD = 2;

    private static final Literal COMM = literal("PERF_RECORD_COMM: ");
    private static final Literal COMM_EXEC = literal("PERF_RECORD_COMM exec: ");
    private static final Literal FORK = literal("PERF_RECORD_FORK(");
    private static final Literal EXIT = literal("PERF_RECORD_EXIT(");
    private static final Literal BETWEEN = literal("):(");
    private static final Literal COLON = literal(":");
    private static final Literal SLASH = literal("/");
    private static final Literal BRACKET = literal("[");
    private static final Literal SPACED_COLON = literal(": ");
    private static final Literal COMMA = literal(",");
    private static final Literal NAMESPACES = literal("PERF_RECORD_NAMESPACES ");
    private static final Literal LOST = literal("PERF_RECORD_LOST lost ");
    private static final Literal LOST_SAMPLES = literal("PERF_RECORD_LOST_SAMPLES lost ");
    private static final Literal SWITCH_OUT = literal("PERF_RECORD_SWITCH OUT");
    private static final Literal WIDE_OUT = literal("PERF_RECORD_SWITCH_CPU_WIDE OUT");
    private static final Literal PREEMPT = literal(" preempt");
    private static final Literal NEXT = literal("next pid/tid:");

    private final Names names;
    private final Tally tally;
    private final Threads threads;
    private final Set<Kind> tracepoints;
    private final TextCursor text = new TextCursor();
    private final EnumSet<Kind> seen = EnumSet.noneOf(Kind.class);

    /** Events of time 0, until the first time is known: at most one for each thread that was there. */
    private final ArrayDeque<long[]> held = new ArrayDeque<>();

    private boolean sawSwitch;
    private boolean sawExit;

    /** @param tracepoints the kinds that the header says tracepoints tell; empty without a header */
    PerfRecords(Names names, Tally tally, Threads threads, Set<Kind> tracepoints) {
        this.tracepoints = tracepoints;
        this.names = names;
        this.tally = tally;
        this.threads = threads;
    }

    Set<Kind> seen() {
        return seen;
    }

    void sawSwitch() {
        sawSwitch = true;
    }

    /** Takes over what tracepoints have told another, which has read no record. */
    void join(PerfRecords next) {
        sawSwitch |= next.sawSwitch;
        sawExit |= next.sawExit;
    }

    /** Counts a record by its name and makes nothing of it. */
    void count(byte[] b, int from, int to) {
        int end = from;
        while (end < to && (b[end] >= 'A' && b[end] <= 'Z' || b[end] == '_' || b[end] >= '0' && b[end] <= '9')) {
            end++;
        }
        tally.note(new String(b, from, end - from, StandardCharsets.US_ASCII)).increment();
    }

    /** False if the record goes on in the next line. */
    boolean isWhole(byte[] b, int from, int to) {
        text.over(b, from, to);
        if (text.startsWith(NAMESPACES)) {
            return b[to - 1] == ']';
        }
        // A comm with line feeds; what follows it is ":pid/tid".
        return !text.startsWith(COMM) && !text.startsWith(COMM_EXEC) || commEnd(from, to) >= 0;
    }

    /** Position of the colon in {@code name:pid/tid} at the end of the text, or -1. */
    private int commEnd(int from, int to) {
        byte[] b = text.bytes;
        int i = to;
        while (i > from && (b[i - 1] >= '0' && b[i - 1] <= '9' || b[i - 1] == '-')) {
            i--;
        }
        if (i == to || b[i - 1] != '/') {
            return -1;
        }
        int slash = --i;
        while (i > from && (b[i - 1] >= '0' && b[i - 1] <= '9' || b[i - 1] == '-')) {
            i--;
        }
        return i < slash && b[i - 1] == ':' ? i - 1 : -1;
    }

    /** True if the tracepoint's event in this batch of one has not been told by a record before; completes a fork. */
    boolean isNews(Tracepoint.Text kind, Batch told) {
        switch (kind) {
            case FORK -> {
                int slot = threads.find((int) told.a[0]);
                told.code[0] = slot < 0 ? -1 : threads.pid(slot);
                return slot < 0 || !threads.lower(slot, FORK_TOLD);
            }
            case EXEC -> {
                int slot = threads.find(told.tid[0]);
                return slot < 0 || !threads.lower(slot, EXEC_TOLD);
            }
            default -> {
                sawExit = true;
                return true;
            }
        }
    }

    /** The name of a thread as a record gave it, where the column cannot: with blanks at its start. */
    int exactComm(int slot, int comm) {
        int exact = threads.comm(slot);
        return exact >= 0
                        && comm >= 0
                        && names.name(exact).strip().equals(names.name(comm).strip())
                ? exact
                : comm;
    }

    /** Tells what was held back, at this time. @return false if the batch is full before that is done */
    boolean release(long time, Batch batch) {
        while (!held.isEmpty()) {
            if (batch.isFull()) {
                return false;
            }
            long[] e = held.poll();
            batch.append(time, -1, (int) e[0], (int) e[1], (int) e[2], Kind.of((int) e[3]), (int) e[4], e[5], e[6]);
        }
        return true;
    }

    /** Reads one record. @return false if it is not what perf prints */
    boolean read(byte[] b, int from, int to, long time, PerfColumns columns, Batch batch) {
        count(b, from, to);
        text.over(b, from, to);
        if (text.startsWith(COMM) || text.startsWith(COMM_EXEC)) {
            return comm(time, columns, batch);
        }
        if (text.skip(FORK)) {
            return fork(time, columns, batch);
        }
        if (text.skip(EXIT)) {
            return exit(time, columns, batch);
        }
        if (text.skip(NAMESPACES)) {
            return namespaces(time, columns, batch);
        }
        if (text.skip(LOST)) {
            long lost = text.decimal();
            tally.lost(lost);
            put(time, columns.cpu, -1, -1, -1, Kind.LOST, 0, lost, 0, batch);
            return text.fits;
        }
        if (text.skip(LOST_SAMPLES)) {
            // The kernel's own count of the same losses: not to be added to those of PERF_RECORD_LOST.
            tally.note("samples lost by the kernel's count").add(text.decimal());
            return text.fits;
        }
        if (text.skip(SWITCH_OUT) || text.skip(WIDE_OUT)) {
            return switchOut(time, columns, batch);
        }
        return true;
    }

    private void put(long time, int cpu, int tid, int pid, int comm, Kind kind, int code, long a, long b, Batch batch) {
        seen.add(kind);
        if (time == HELD) {
            held.add(new long[] {tid, pid, comm, kind.ordinal(), code, a, b});
        } else {
            batch.append(time, cpu, tid, pid, comm, kind, code, a, b);
        }
    }

    /** {@code PERF_RECORD_COMM exec: name:pid/tid} */
    private boolean comm(long time, PerfColumns columns, Batch batch) {
        boolean isExec = text.skip(COMM_EXEC);
        if (!isExec) {
            text.expect(COMM);
        }
        int nameFrom = text.at;
        int nameTo = commEnd(nameFrom, text.end);
        if (nameTo < 0) {
            return false;
        }
        text.at = nameTo + 1;
        int pid = (int) text.decimal();
        text.expect(SLASH);
        int tid = (int) text.decimal();
        if (!text.fits) {
            return false;
        }
        int comm = names.id(text.bytes, nameFrom, nameTo - nameFrom);
        int slot = threads.put(tid, pid);
        threads.comm(slot, nameFrom < nameTo && text.bytes[nameFrom] == ' ' ? comm : -1);
        int cpu = time == HELD ? -1 : columns.cpu;
        if (isExec && !tracepoints.contains(Kind.EXEC)) {
            threads.raise(slot, EXEC_TOLD);
            put(time, cpu, tid, pid, comm, Kind.EXEC, 0, -1, 0, batch);
        } else {
            put(time, cpu, tid, pid, comm, Kind.NAME, 0, 0, 0, batch);
        }
        return true;
    }

    /** {@code PERF_RECORD_FORK(pid:tid):(parent's pid:parent's tid)} */
    private boolean fork(long time, PerfColumns columns, Batch batch) {
        int pid = (int) text.decimal();
        text.expect(COLON);
        int tid = (int) text.decimal();
        text.expect(BETWEEN);
        int parentPid = (int) text.decimal();
        text.expect(COLON);
        int parentTid = (int) text.decimal();
        if (!text.fits) {
            return false;
        }
        threads.put(parentTid, parentPid);
        int slot = threads.put(tid, pid);
        // The child has its parent's name until it takes another.
        int comm = columns.tid == parentTid ? columns.comm(text.bytes) : -1;
        if (time == HELD) {
            // Synthesized: the thread was there before.
            put(time, -1, tid, pid, -1, Kind.NAME, 0, 0, 0, batch);
        } else if (!tracepoints.contains(Kind.FORK)) {
            threads.raise(slot, FORK_TOLD);
            put(time, columns.cpu, parentTid, parentPid, comm, Kind.FORK, pid, tid, comm, batch);
        }
        return true;
    }

    /** {@code PERF_RECORD_EXIT(pid:tid):(...)} */
    private boolean exit(long time, PerfColumns columns, Batch batch) {
        int pid = (int) text.decimal();
        text.expect(COLON);
        int tid = (int) text.decimal();
        if (!text.fits) {
            return false;
        }
        if (!sawExit && !tracepoints.contains(Kind.EXIT)) {
            int comm = columns.tid == tid ? columns.comm(text.bytes) : -1;
            put(time, columns.cpu, tid, pid, comm, Kind.EXIT, 0, 0, 0, batch);
        }
        threads.remove(tid);
        return true;
    }

    /** {@code PERF_RECORD_NAMESPACES pid/tid - nr_namespaces: 7} and {@code [0/net: 4/0xf0000151, 1/uts: ...]}. */
    private boolean namespaces(long time, PerfColumns columns, Batch batch) {
        int pid = (int) text.decimal();
        text.expect(SLASH);
        int tid = (int) text.decimal();
        int comm = columns.tid == tid ? columns.comm(text.bytes) : -1;
        int cpu = time == HELD ? -1 : columns.cpu;
        text.seek(BRACKET);
        for (int type = 0; text.fits && type < NamespaceType.values().length; type++) {
            text.skipBlanks();
            while (text.at < text.end && text.bytes[text.at] <= ' ') {
                text.at++;
            }
            int index = (int) text.decimal();
            text.seek(SPACED_COLON);
            long device = text.decimal();
            text.expect(SLASH);
            long inode = text.hex();
            if (text.fits) {
                put(time, cpu, tid, pid, comm, Kind.NAMESPACE, index, inode, device, batch);
            }
            if (!text.skip(COMMA)) {
                break;
            }
        }
        return text.fits;
    }

    /**
     * {@code PERF_RECORD_SWITCH OUT preempt}, {@code PERF_RECORD_SWITCH_CPU_WIDE OUT  next pid/tid: 1/2}. The state is
     * only told as preempted or not; who was not preempted sleeps, in a state that we call S.
     */
    private boolean switchOut(long time, PerfColumns columns, Batch batch) {
        if (sawSwitch || tracepoints.contains(Kind.SWITCH)) {
            return true;
        }
        int state = text.skip(PREEMPT) ? TaskState.RUNNABLE | TaskState.PREEMPTED : 'S';
        int next = -1;
        int at = text.find(NEXT, text.at);
        if (at >= 0) {
            text.at = at + NEXT.length();
            text.skipBlanks();
            text.decimal();
            text.expect(SLASH);
            next = (int) text.decimal();
        }
        put(time, columns.cpu, columns.tid, columns.pid, columns.comm(text.bytes), Kind.SWITCH, state, next, -1, batch);
        return text.fits;
    }
}
