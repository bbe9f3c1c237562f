package tollgate.ingest.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;

/** A text of {@code perf script} being read; see {@link PerfScript}. */
final class PerfScriptRecording implements Piecewise<PerfScriptRecording> {
    /** A record makes at most this many events: NAMESPACES tells seven. */
    private static final int ROOM = 8;
    /** Three comms of 16 bytes, all line feeds, would tear a record into at most this many lines. */
    private static final int MOST_LINES = 3 * 16;
    /** Events after which --deltatime shows. */
    private static final int SETTLED = 1000;

    private final String name;
    private final Lines lines;
    private final Names names = new Names();
    private final Tally tally = new Tally();
    private final Damages damages;
    private final TracepointText text;
    private final PerfHeader header = new PerfHeader(tally);
    private final Threads threads = new Threads();
    private final PerfColumns.Shape shape;
    private final PerfColumns columns;
    private final PerfRecords records;
    private final Batch scratch = new Batch();

    /** The name column is as wide in every line; so wide it was in the last, from the time to the text. */
    private int nameWidth;
    /** Name columns seen, padding included, so that a line's tracepoint is found without looking for its start. */
    private final byte[][] columnBytes = new byte[1 << 8][];

    private final Tracepoint[] columnPoints = new Tracepoint[columnBytes.length];
    private int rememberedColumns;

    private long first;
    private long last;
    private boolean isTimed;
    /** All lines so far were of tracepoints. */
    private boolean isPlain = true;

    private boolean again;
    private boolean withoutCpu;
    private boolean withoutProcess;
    private boolean withProcess;
    private long events;

    PerfScriptRecording(String name, Lines lines, PerfColumns.Shape shape, Input.Damage damage) {
        this(name, lines, shape, damage, 0);
    }

    private PerfScriptRecording(String name, Lines lines, PerfColumns.Shape shape, Input.Damage damage, int isa) {
        this.name = name;
        this.lines = lines;
        this.shape = shape;
        text = new TracepointText(names, tally, isa);
        damages = new Damages(damage, tally);
        columns = new PerfColumns(shape, names);
        records = new PerfRecords(names, tally, threads, header.recorded());
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (batch.size() <= Batch.CAPACITY - ROOM && (again || lines.next())) {
            again = false;
            try {
                line(batch);
            } catch (Damaged wrong) {
                damages.skip(wrong);
                lines.part();
            }
        }
        if (batch.size() == 0 && !lines.isPaused()) {
            records.release(last, batch);
        }
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        EnumSet<Kind> kinds = EnumSet.noneOf(Kind.class);
        kinds.addAll(text.seen());
        kinds.addAll(records.seen());
        kinds.addAll(header.recorded());
        boolean hasProcesses = withProcess && !withoutProcess;
        return new Coverage(
                header.scope(),
                !withoutCpu && events > 0,
                hasProcesses,
                Coverage.Clock.NANOS,
                kinds,
                header.isRecordedSetCertain());
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

    /** perf's own records, which tell of threads, matter for what follows, and so does a time that runs back. */
    @Override
    public PerfScriptRecording piece(Lines own) {
        return new PerfScriptRecording(name, own, shape, Input.Damage.REFUSE, text.isa());
    }

    @Override
    public boolean join(PerfScriptRecording next) {
        boolean isInOrder = !next.isTimed || isTimed && next.first >= last && next.tally.outOfOrder() == 0;
        if (!isInOrder || !next.isPlain || again || !threads.isEmpty() || !text.join(next.text)) {
            return false;
        }
        tally.add(next.tally);
        records.join(next.records);
        last = next.isTimed ? next.last : last;
        events += next.events;
        withProcess |= next.withProcess;
        withoutProcess |= next.withoutProcess;
        withoutCpu |= next.withoutCpu;
        return true;
    }

    private void line(Batch batch) throws IOException {
        if (!lines.isComplete()) {
            endsEarly();
            return;
        }
        if (columns.parse(lines.bytes(), lines.from(), lines.to())) {
            record(batch);
            return;
        }
        byte[] b = lines.bytes();
        int from = lines.from();
        if (from == lines.to() || b[from] == '\t') {
            tally.note("call chain lines").increment();
        } else if (b[from] == '#') {
            isPlain = false;
            header.line(b, from, lines.to());
        } else if (Text.startsWith(b, from, lines.to(), PerfRecords.PREFIX)) {
            isPlain = false;
            records.count(b, from, lines.to());
        } else if (PerfHeader.isMessage(b, from, lines.to())) {
            tally.note("messages of perf").increment();
        } else {
            torn(batch);
        }
    }

    /** A line feed in the comm column: the rest of the record stands in the next line. */
    private void torn(Batch batch) throws IOException {
        String found = shown(lines.from());
        long number = lines.number();
        while (lines.to() - lines.from() <= 16 && lines.extend()) {
            if (!lines.isComplete()) {
                endsEarly();
                return;
            }
            if (columns.parse(lines.bytes(), lines.from(), lines.to())) {
                record(batch);
                return;
            }
        }
        // At the end of the file the rest is cut off.
        boolean isCut = lines.to() - lines.from() <= 16;
        if (isCut) {
            endsEarly();
            return;
        }
        throw damaged(number, "'comm tid [cpu] time: event: ...'", found);
    }

    private void record(Batch batch) throws IOException {
        byte[] b = lines.bytes();
        int from = columns.eventFrom;
        int to = lines.to();
        int textFrom = from + nameWidth;
        Tracepoint tracepoint = null;
        if (nameWidth > 0 && textFrom <= to && b[textFrom - 2] == ':' && b[textFrom - 1] == ' ') {
            tracepoint = columnPoints[columnSlot(b, from, textFrom)];
        }
        if (tracepoint == null) {
            int at = Text.skipBlanks(b, from, to);
            if (Text.startsWith(b, at, to, PerfRecords.PREFIX)) {
                perfRecord(at, batch);
                return;
            }
            int nameFrom = nameFrom(b, at, to);
            int nameTo = nameTo(b, nameFrom, to);
            if (nameTo < 0 && events > 0) {
                throw damaged(lines.number(), "the name of an event and a colon", shown(at));
            }
            if (nameTo < 0) {
                throw new BadInput(
                        name + ":" + lines.number(),
                        "expected the name of an event and a colon, found '" + shown(at)
                                + "'; print the text with the event column");
            }
            tracepoint = text.tracepoint(b, nameFrom, nameTo);
            textFrom = Math.min(nameTo + 2, to);
            if (nameFrom == at && textFrom - from >= 16 && nameTo + 2 <= to) {
                nameWidth = textFrom - from;
                remember(tracepoint, b, from, textFrom);
            }
        }
        if (!isTimed && !start(batch)) {
            return;
        }
        sample(tracepoint, textFrom, batch);
    }

    /** Where this name column is kept, or would be: hashed by its last 16 bytes, then the next free slot. */
    private int columnSlot(byte[] b, int from, int textFrom) {
        long mixed = Lines.word(b, textFrom - 16) ^ Lines.word(b, textFrom - 10) * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed * 0xC2B2AE3D27D4EB4FL >>> 56);
        for (byte[] known = columnBytes[slot]; known != null; known = columnBytes[slot]) {
            if (Arrays.equals(known, 0, known.length, b, from, textFrom)) {
                return slot;
            }
            slot = (slot + 1) & columnBytes.length - 1;
        }
        return slot;
    }

    private void remember(Tracepoint tracepoint, byte[] b, int from, int textFrom) {
        int slot = columnSlot(b, from, textFrom);
        // Half of the slots stay free, so that every search ends; what comes after them is found the slow way.
        if (columnBytes[slot] == null && rememberedColumns < columnBytes.length / 2) {
            rememberedColumns++;
            columnBytes[slot] = Arrays.copyOfRange(b, from, textFrom);
            columnPoints[slot] = tracepoint;
        }
    }

    private void sample(Tracepoint tracepoint, int textFrom, Batch batch) throws IOException {
        long time = ordered(columns.time);
        byte[] b = lines.bytes();
        int tid = columns.tid;
        int pid = columns.pid;
        int comm = columns.comm(b);
        if (!threads.isEmpty()) {
            int slot = threads.find(tid);
            if (slot >= 0) {
                pid = pid < 0 ? threads.pid(slot) : pid;
                comm = records.exactComm(slot, comm);
            }
        }
        if (tid == 0) {
            pid = 0;
        }
        events++;
        tracepoint.count.increment();
        withProcess |= pid >= 0;
        withoutProcess |= pid < 0 && tid >= 0;
        withoutCpu |= columns.cpu < 0;
        int read = append(tracepoint, textFrom, time, tid, pid, comm, batch);
        if (read == TracepointText.BAD) {
            continued(tracepoint, textFrom - lines.from(), time, tid, pid, comm, batch);
        }
    }

    private int append(Tracepoint tracepoint, int textFrom, long time, int tid, int pid, int comm, Batch batch) {
        byte[] b = lines.bytes();
        switch (tracepoint.text) {
            case FORK, EXEC, EXIT -> {
                // perf's own records tell these too; each is told once.
                scratch.clear();
                int read = text.append(tracepoint, b, textFrom, lines.to(), time, columns.cpu, tid, pid, comm, scratch);
                if (read == TracepointText.EVENT && records.isNews(tracepoint.text, scratch)) {
                    batch.append(scratch, 0);
                }
                return read;
            }
            case SWITCH -> records.sawSwitch();
            default -> {}
        }
        return text.append(tracepoint, b, textFrom, lines.to(), time, columns.cpu, tid, pid, comm, batch);
    }

    /** A line feed in a comm within the text: the record goes on in the next line. */
    private void continued(Tracepoint tracepoint, int textOffset, long time, int tid, int pid, int comm, Batch batch)
            throws IOException {
        if (textOffset == lines.to() - lines.from() && text.seen().isEmpty()) {
            throw new BadInput(
                    name + ":" + lines.number(),
                    "expected what " + tracepoint.name + " says, found nothing; print it with 'perf script -F +trace'");
        }
        String found = shown(lines.from() + textOffset);
        long number = lines.number();
        for (int joined = 1; joined < MOST_LINES && lines.extend(); joined++) {
            if (!lines.isComplete()) {
                endsEarly();
                return;
            }
            int read = append(tracepoint, lines.from() + textOffset, time, tid, pid, comm, batch);
            if (read != TracepointText.BAD) {
                return;
            }
        }
        if (!lines.extend() && isTearable(tracepoint.text)) {
            endsEarly();
            return;
        }
        throw damaged(number, "the fields of " + tracepoint.name, found);
    }

    private static boolean isTearable(Tracepoint.Text text) {
        return switch (text) {
            case SWITCH, WAKEUP, FORK, EXIT -> true;
            default -> false;
        };
    }

    private void perfRecord(int at, Batch batch) throws IOException {
        isPlain = false;
        int offset = at - lines.from();
        for (int joined = 1; !records.isWhole(lines.bytes(), lines.from() + offset, lines.to()); joined++) {
            if (joined == MOST_LINES) {
                throw damaged(lines.number(), "a whole PERF_RECORD_", shown(lines.from() + offset));
            }
            if (!lines.extend() || !lines.isComplete()) {
                endsEarly();
                return;
            }
        }
        boolean isSynthesized = columns.time == 0 && !isTimed;
        if (!isSynthesized && !isTimed && !start(batch)) {
            return;
        }
        long time = isSynthesized ? PerfRecords.HELD : ordered(columns.time);
        if (!records.read(lines.bytes(), lines.from() + offset, lines.to(), time, columns, batch)) {
            throw damaged(lines.number(), "a whole PERF_RECORD_", shown(lines.from() + offset));
        }
    }

    /**
     * The first line with a time: what perf synthesized about threads that were there before (time 0) is told at this
     * time. @return false if the batch is full before that is done; the line then comes again
     */
    private boolean start(Batch batch) {
        if (!records.release(columns.time, batch) || batch.size() > Batch.CAPACITY - ROOM) {
            again = true;
            return false;
        }
        isTimed = true;
        first = columns.time;
        last = first;
        return true;
    }

    private long ordered(long time) {
        if (time < last) {
            tally.countOutOfOrder();
            if (!damages.areSkipped() && events > SETTLED && tally.outOfOrder() * 4 > events) {
                throw new BadInput(
                        name + ":" + lines.number(),
                        "expected times that grow, found mostly earlier ones; print the text without --deltatime");
            }
            return last;
        }
        last = time;
        return time;
    }

    private Damaged damaged(long line, String expected, String found) {
        return new Damaged(
                name + ":" + line,
                "expected " + expected + ", found '" + found
                        + "'; the text is damaged here, print it again or cut this line out");
    }

    private void endsEarly() {
        tally.endsEarly(name + ":" + lines.number() + ", inside a record");
    }

    private String shown(int from) {
        int length = Math.min(lines.to() - from, 61);
        return BadInput.show(new String(lines.bytes(), from, length, StandardCharsets.ISO_8859_1), 60);
    }

    /** The period that -F may put before the name is passed over. */
    private static int nameFrom(byte[] b, int at, int to) {
        int digits = Text.skipDigits(b, at, to);
        return digits > at && digits < to && b[digits] == ' ' ? Text.skipBlanks(b, digits, to) : at;
    }

    /** The colon that ends the name: the first that a blank or the line's end follows. */
    private static int nameTo(byte[] b, int from, int to) {
        for (int i = from; i < to && b[i] > ' '; i++) {
            if (b[i] == ':' && (i + 1 == to || b[i + 1] == ' ') && i > from) {
                return i;
            }
        }
        return -1;
    }
}
