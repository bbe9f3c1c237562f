package tollgate.ingest.format;

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
import tollgate.ingest.Workers;

/**
 * A text of {@link TaskLine}s being read: what ftrace's files and {@code trace-cmd report} have in common.
 *
 * <p>Lines that are no event (a printed message's second line, a stack) are counted under {@code other
 * lines} and passed over; an event whose fields are not what its tracepoint prints is an error. A comm may
 * hold a line feed, which tears its record: such lines are put together again.
 */
final class TaskRecording implements Piecewise<TaskRecording> {
    /** 16 bytes of comm and two comms among the fields, all line feeds, tear a record into at most this many lines. */
    private static final int MOST_LINES = 3 * TaskLine.WIDE;

    private final String name;
    private final Lines lines;
    private final TaskLine line = new TaskLine();
    private final Names names = new Names();
    private final Tally tally = new Tally();
    private final Damages damages;
    private final TracepointText text;
    private final RawFields raw = new RawFields(names);
    private final ExactComms exact = new ExactComms(names);
    private final RecentPoints points;
    private final TickClock ticks = new TickClock();
    private final Tally.Count others = tally.note("other lines");
    private final Tally.Count functions = tally.note("function calls");

    private long columnStart;
    private long columnEnd;
    private int column = -1;
    private long first = Long.MIN_VALUE;
    private long last = Long.MIN_VALUE;
    /** All lines so far were events with a time in nanoseconds and the whole name of their thread. */
    private boolean isPlain = true;
    /** Names that were looked at by {@link #namesArePlain}. */
    private int plainNames;

    private long overwritten;
    private boolean sawLoss;
    private boolean sawTgid;
    private boolean sawNoTgid;
    private boolean isLatency;

    TaskRecording(String name, Lines lines, Input.Damage damage) {
        this(name, lines, damage, 0);
    }

    private TaskRecording(String name, Lines lines, Input.Damage damage, int isa) {
        this.name = name;
        this.lines = lines;
        text = new TracepointText(names, tally, isa);
        points = new RecentPoints(text);
        damages = new Damages(damage, tally);
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        // A line makes two events at most: a loss that it ends, and its own.
        while (batch.size() < Batch.CAPACITY - 1 && lines.next()) {
            if (lines.isComplete()) {
                readOrSkip(batch);
            } else {
                endsEarly();
            }
        }
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        kinds.addAll(text.seen());
        kinds.addAll(raw.seen());
        if (sawLoss) {
            kinds.add(Kind.LOST);
        }
        boolean hasProcesses = sawTgid && !sawNoTgid;
        return new Coverage(Coverage.Scope.UNKNOWN, /* hasCpus */ true, hasProcesses, ticks.clock(), kinds, false);
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

    static Recording open(Input input) throws IOException {
        return new TaskRecording(input.name(), new Lines(input.stream()), input.damage());
    }

    static Recording open(Input input, Workers workers) throws IOException {
        return new PiecewiseText<>(
                input.stream(), workers, lines -> new TaskRecording(input.name(), lines, input.damage()));
    }

    @Override
    public TaskRecording piece(Lines own) {
        return new TaskRecording(name, own, Input.Damage.REFUSE, text.isa());
    }

    /**
     * What lines tell of threads matters later only where the column shows less than a whole name; losses, ticks of a clock
     * and a time that runs back matter always.
     */
    @Override
    public boolean join(TaskRecording next) {
        boolean isInOrder = last != Long.MIN_VALUE
                && overwritten == 0
                && (next.first == Long.MIN_VALUE || next.first >= last && next.tally.outOfOrder() == 0);
        if (!isInOrder
                || !next.isPlain
                || isLatency
                || !namesArePlain()
                || !next.namesArePlain()
                || !text.join(next.text)) {
            return false;
        }
        raw.join(next.raw);
        tally.add(next.tally);
        last = Math.max(last, next.last);
        sawTgid |= next.sawTgid;
        sawNoTgid |= next.sawNoTgid;
        return true;
    }

    @Override
    public void follow(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            exact.learn(batch, i);
        }
    }

    /** Whether each name is what the column shows of it. */
    private boolean namesArePlain() {
        while (plainNames < names.size()) {
            byte[] bytes = names.bytes(plainNames);
            if (bytes.length == 0 || bytes[0] == ' ' || bytes.length > TaskLine.WIDE) {
                return false;
            }
            plainNames++;
        }
        return true;
    }

    private void readOrSkip(Batch batch) throws IOException {
        try {
            read(lines.from(), batch);
        } catch (Damaged wrong) {
            damages.skip(wrong);
            lines.part();
        }
    }

    private void read(int from, Batch batch) throws IOException {
        byte[] b = lines.bytes();
        int to = lines.to();
        // In latency format a comm of eight bytes may begin a line with '#'.
        if (from < to && b[from] == '#' && !(isLatency && line.parse(b, from, to))) {
            comment(b, from, to, batch);
        } else if (line.parse(b, from, to)) {
            event(batch);
        } else if (!isHeader(b, from, to) && !isLoss(b, from, to, batch)) {
            torn(from, to, batch);
        }
    }

    /** A line feed in the comm column leaves a line that ends before the column does. */
    private void torn(int from, int to, Batch batch) throws IOException {
        int length = to - from;
        int joined = 1;
        while (lines.to() - lines.from() <= TaskLine.WIDE && lines.extend()) {
            joined++;
            if (!lines.isComplete()) {
                endsEarly();
                return;
            }
            if (line.parse(lines.bytes(), lines.from(), lines.to())) {
                event(batch);
                return;
            }
        }
        others.add(1);
        if (joined > 1) {
            // The first was no part of a record; what follows it may still be one.
            read(lines.from() + length + 1, batch);
        }
    }

    private void event(Batch batch) throws IOException {
        if (line.isFunction) {
            functions.increment();
            return;
        }
        stamp();
        byte[] b = lines.bytes();
        Tracepoint tracepoint = points.of(b, line.nameFrom, line.nameTo);
        tracepoint.count.increment();
        if (overwritten > 0) {
            lost(-1, overwritten, batch);
            overwritten = 0;
        }
        for (int joined = 1; !append(tracepoint, batch); joined++) {
            String found = BadInput.show(shown(), 60);
            long number = lines.number();
            if (joined == MOST_LINES || !isTorn()) {
                throw new Damaged(
                        name + ":" + number,
                        "expected the fields of " + tracepoint.name + ", found '" + found
                                + "'; the recording is damaged here, record again or cut this line out");
            }
            if (!lines.isComplete()) {
                endsEarly();
                return;
            }
        }
    }

    /** Joins the next line if it can be the rest of this record: if it is no event itself. */
    private boolean isTorn() throws IOException {
        int length = lines.to() - lines.from();
        if (!lines.extend() || line.parse(lines.bytes(), lines.from() + length + 1, lines.to())) {
            return false;
        }
        return line.parse(lines.bytes(), lines.from(), lines.to());
    }

    private boolean append(Tracepoint tracepoint, Batch batch) {
        byte[] b = lines.bytes();
        int to = lines.to();
        int tid = line.tid;
        int pid = tid == 0 ? 0 : line.tgid;
        int comm = comm(b);
        int from = line.fieldsFrom;
        int read = text.append(tracepoint, b, from, to, last, line.cpu, tid, pid, comm, batch);
        if (read == TracepointText.NO_EVENT) {
            return true;
        }
        if (read == TracepointText.EVENT
                || raw.append(tracepoint, b, from, to, last, line.cpu, tid, pid, comm, batch)) {
            exact.learn(batch, batch.size() - 1);
            return true;
        }
        return read == TracepointText.NOT_PARSED;
    }

    /** ftrace prints {@code <...>} for a thread whose name it has forgotten. */
    private int comm(byte[] b) {
        return exact.of(line.tid, column(b), line.isLatency ? TaskLine.NARROW : TaskLine.WIDE);
    }

    /** The id of the comm column, -1 for {@code <...>}; mostly it is that of the line before, and two words tell so. */
    private int column(byte[] b) {
        int start = line.commTo - TaskLine.WIDE;
        if (start < lines.from()) {
            return id(b);
        }
        long one = Lines.word(b, start);
        long two = Lines.word(b, start + 8);
        if (one != columnStart || two != columnEnd) {
            columnStart = one;
            columnEnd = two;
            column = id(b);
        }
        return column;
    }

    private int id(byte[] b) {
        if (Text.is(b, line.commFrom, line.commTo, "<...>")) {
            isPlain = false;
            return -1;
        }
        return names.id(b, line.commFrom, line.commTo - line.commFrom);
    }

    /** A pipe may show one CPU's records a little late; they are told at the time of what came before. */
    private void stamp() {
        isPlain &= !line.isTicks && !line.isLatency;
        if (first == Long.MIN_VALUE) {
            first = line.time;
        }
        if (line.isTicks) {
            ticks.count(line.cpu, line.time);
        }
        if (line.time < last) {
            tally.countOutOfOrder();
        } else {
            last = line.time;
        }
        sawTgid |= line.tgid >= 0;
        sawNoTgid |= line.tgid < 0 && line.tid != 0;
        isLatency = line.isLatency;
    }

    private void comment(byte[] b, int from, int to, Batch batch) {
        isPlain = false;
        int at = Text.indexOf(b, from, to, "entries-in-buffer/entries-written: ");
        if (at >= 0) {
            int kept = at + "entries-in-buffer/entries-written: ".length();
            int slash = Text.skipDigits(b, kept, to);
            overwritten = Math.max(0, Text.decimal(b, slash + 1, to) - Text.decimal(b, kept, slash));
            if (overwritten > 0) {
                tally.lost(overwritten);
            }
        } else if (Text.startsWith(b, from, to, "# tracer: ")) {
            tally.header("tracer", word(b, from + "# tracer: ".length(), to));
        } else if ((at = Text.indexOf(b, from, to, "latency trace v")) >= 0) {
            int on = Text.indexOf(b, at, to, " on ");
            if (on >= 0) {
                tally.header("kernel", word(b, on + " on ".length(), to));
            }
        } else if (Text.startsWith(b, from, to, "##### CPU ") && Text.indexOf(b, from, to, "buffer started") >= 0) {
            // What this CPU did before is overwritten, and counted in the header's entries-written.
            lost((int) Text.decimal(b, from + "##### CPU ".length(), to), -1, batch);
        }
    }

    private static String word(byte[] b, int from, int to) {
        int end = from;
        while (end < to && b[end] > ' ') {
            end++;
        }
        return new String(b, from, end - from, StandardCharsets.UTF_8);
    }

    /** {@code cpus=2}, {@code version = 7}, {@code CPU 1 is empty}: what trace-cmd report says first. */
    private boolean isHeader(byte[] b, int from, int to) {
        if (last != Long.MIN_VALUE) {
            return false;
        }
        isPlain = false;
        if (Text.startsWith(b, from, to, "cpus=")) {
            tally.header("cpus", word(b, from + "cpus=".length(), to));
            return true;
        }
        return Text.startsWith(b, from, to, "version = ")
                || Text.startsWith(b, from, to, "CPU ") && Text.indexOf(b, from, to, " is empty") >= 0;
    }

    /** ftrace: {@code CPU:0 [LOST 8300 EVENTS]}; trace-cmd: {@code CPU:0 [318 EVENTS DROPPED]}, {@code CPU:0 [EVENTS DROPPED]}. */
    private boolean isLoss(byte[] b, int from, int to, Batch batch) {
        if (!Text.startsWith(b, from, to, "CPU:")) {
            return false;
        }
        int cpu = from + "CPU:".length();
        int at = Text.skipDigits(b, cpu, to);
        if (at == cpu || !Text.startsWith(b, at, to, " [")) {
            return false;
        }
        at += 2;
        int count = Text.startsWith(b, at, to, "LOST ") ? at + "LOST ".length() : at;
        int end = Text.skipDigits(b, count, to);
        boolean isTold = end > count;
        boolean ends = Text.is(b, isTold ? end : count - 1, to, " EVENTS]")
                || Text.is(b, isTold ? end : count, to, isTold ? " EVENTS DROPPED]" : "EVENTS DROPPED]");
        if (!ends) {
            return false;
        }
        long records = isTold ? Text.decimal(b, count, end) : -1;
        tally.lost(records);
        lost((int) Text.decimal(b, cpu, to), records, batch);
        return true;
    }

    private void lost(int cpu, long records, Batch batch) {
        sawLoss = true;
        isPlain = false;
        long time = last == Long.MIN_VALUE ? 0 : last;
        batch.append(time, cpu, -1, -1, -1, Kind.LOST, 0, records, 0);
    }

    private void endsEarly() {
        tally.endsEarly("line " + lines.number() + ", which has no line feed");
    }

    private String shown() {
        int to = Math.min(lines.to(), line.fieldsFrom + 80);
        return new String(
                lines.bytes(), line.fieldsFrom, Math.max(0, to - line.fieldsFrom), StandardCharsets.ISO_8859_1);
    }
}
