package tollgate.ingest.format;

import java.util.List;
import java.util.Optional;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Tally;

/**
 * The samples of a perf.data that have nothing special, decoded a column at a time; {@link PerfDataRecording} makes the same
 * of them a record at a time, and is the judge of this.
 *
 * <p>All that can be known before is found once for each event: where its numbers stand, how wide they are, how long its raw
 * data must be. Then {@link #find} walks over some samples that follow each other, and each column is filled by a short loop
 * over what it found. Records are scattered over more memory than the near caches hold, since they wait for others to be put
 * in order: the walk, which depends on nothing but sizes, lets the processor fetch many of them at once (73 to 64 ns an event
 * with all else as before), and loops of one column have no branch on the event to be mispredicted.
 *
 * <p>Whatever else there is to say of a record (another type, an unknown event, too short, out of order, of a CPU that cannot
 * be, to be told alone) ends the walk in front of it and is left to the other: one place alone tells what is wrong.
 */
final class PerfDataSamples {
    /** Samples taken at once: 128 of 110 bytes are 14 KB, which stay in a first-level cache from one column to the next. */
    private static final int MOST = 128;
    /** Of the header seen as one number: {@code u32 type, u16 misc, u16 size}. */
    private static final int SIZE_SHIFT = 48;
    /** More than a record holds. */
    private static final int NEVER = Integer.MAX_VALUE;

    private final PerfDataIds ids;
    private final BinaryThreads threads;
    private final PerfDataLayout layout;
    private final boolean isUsable;

    // By number of the event.
    private final int[] needed;
    private final int[] isEvent;
    private final int[] isFinishedApart;
    private final byte[] kinds;
    private final BinaryTracepoint[] tracepoints;
    private final BinaryTracepoint.Word[] codes;
    private final BinaryTracepoint.Word[] as;
    private final BinaryTracepoint.Word[] bs;
    private final Tally.Count[] counts;

    // The samples found: where they start, where their raw data does, and their event; and which of them are finished
    // apart.
    private final int[] starts = new int[MOST];
    private final int[] raws = new int[MOST];
    private final int[] events = new int[MOST];
    private final int[] apart = new int[MOST + 1];
    private int size;
    private int apartSize;
    private long lastTime;

    /** @param tracepoints of the events; empty for those that are none */
    PerfDataSamples(
            List<PerfDataEvent> events,
            List<Optional<BinaryTracepoint>> tracepoints,
            PerfDataIds ids,
            BinaryThreads threads) {
        this.ids = ids;
        this.threads = threads;
        layout = events.get(0).layout();
        isUsable = layout.isSimple()
                && events.stream().allMatch(event -> event.layout().isSame(layout));
        int count = events.size();
        needed = new int[count];
        isEvent = new int[count];
        isFinishedApart = new int[count];
        kinds = new byte[count];
        this.tracepoints = new BinaryTracepoint[count];
        codes = new BinaryTracepoint.Word[count];
        as = new BinaryTracepoint.Word[count];
        bs = new BinaryTracepoint.Word[count];
        counts = new Tally.Count[count];
        for (int i = 0; i < count; i++) {
            needed[i] = NEVER;
            if (tracepoints.get(i).isPresent()) {
                add(i, tracepoints.get(i).get());
            }
        }
    }

    private void add(int event, BinaryTracepoint tracepoint) {
        needed[event] = tracepoint.isToldAlone() ? NEVER : tracepoint.needed();
        isEvent[event] = tracepoint.kind().isPresent() ? 1 : 0;
        isFinishedApart[event] = tracepoint.isFinishedApart() ? 1 : 0;
        kinds[event] = (byte) tracepoint.kind().map(Enum::ordinal).orElse(0).intValue();
        tracepoints[event] = tracepoint;
        codes[event] = tracepoint.code();
        as[event] = tracepoint.a();
        bs[event] = tracepoint.b();
        counts[event] = tracepoint.count();
    }

    /**
     * Appends the events of the samples from {@code from} on, as many as the batch has room for.
     *
     * @param end of the records to be looked at, which are whole up to there
     * @param now no record that is older is taken
     * @param limit no record that is younger is taken
     * @return the index of the first record that was not taken
     */
    int take(byte[] bytes, int from, int end, long now, long limit, Batch batch) {
        lastTime = now;
        int at = from;
        int before = -1;
        while (isUsable && at != before && at < end && !batch.isFull()) {
            before = at;
            at = find(bytes, at, end, limit, Batch.CAPACITY - batch.size());
            int first = batch.extend(size);
            heads(bytes, batch, first);
            tasks(bytes, batch, first);
            numbers(codes, bytes, batch.code, first);
            numbers(as, bytes, batch.a, first);
            numbers(bs, bytes, batch.b, first);
            finish(bytes, batch, first);
        }
        return at;
    }

    /** Time of the last record taken, or what {@link #take} was given as now. */
    long lastTime() {
        return lastTime;
    }

    /** Finds samples and counts them. @return the index of the record behind the last */
    private int find(byte[] bytes, int from, int end, long limit, int room) {
        int most = Math.min(room, MOST);
        long now = lastTime;
        int at = from;
        int found = 0;
        int foundApart = 0;
        while (found < most && at < end) {
            long header = Little.i64(bytes, at);
            int length = (int) (header >>> SIZE_SHIFT);
            if ((int) header != PerfDataRecords.SAMPLE || length < layout.fixed + PerfDataLayout.HEADER) {
                break;
            }
            long stamp = Little.i64(bytes, at + layout.time);
            int event = event(bytes, at);
            int raw = layout.rawOfSimple(bytes, at, length);
            if (stamp < now || stamp > limit || event < 0 || raw < 0) {
                break;
            }
            int rawLength = Little.i32(bytes, at + raw - 4);
            if (rawLength < needed[event] || rawLength > length - raw || cpu(bytes, at) >= Coverage.MOST_CPUS) {
                break;
            }
            now = stamp;
            counts[event].increment();
            starts[found] = at;
            raws[found] = at + raw;
            events[found] = event;
            apart[foundApart] = found;
            foundApart += isFinishedApart[event];
            // One that is only counted gives its place to the next.
            found += isEvent[event];
            at += length;
        }
        lastTime = now;
        size = found;
        apartSize = foundApart;
        return at;
    }

    private int event(byte[] bytes, int at) {
        return kinds.length == 1 ? 0 : layout.id < 0 ? -1 : ids.event(Little.i64(bytes, at + layout.id));
    }

    private int cpu(byte[] bytes, int at) {
        return layout.cpu < 0 ? -1 : Little.i32(bytes, at + layout.cpu);
    }

    private void heads(byte[] bytes, Batch batch, int first) {
        for (int i = 0; i < size; i++) {
            batch.time[first + i] = Little.i64(bytes, starts[i] + layout.time);
        }
        for (int i = 0; i < size; i++) {
            batch.cpu[first + i] = cpu(bytes, starts[i]);
        }
        for (int i = 0; i < size; i++) {
            batch.kind[first + i] = kinds[events[i]];
        }
    }

    /** Process in the lower half, thread in the upper; most often those of the sample before. */
    private void tasks(byte[] bytes, Batch batch, int first) {
        long last = -1;
        int comm = threads.see(-1, -1);
        for (int i = 0; i < size; i++) {
            long task = layout.tid < 0 ? -1 : Little.i64(bytes, starts[i] + layout.tid);
            if (task != last) {
                comm = threads.see((int) task, (int) (task >> 32));
                last = task;
            }
            batch.pid[first + i] = (int) task;
            batch.tid[first + i] = (int) (task >> 32);
            batch.comm[first + i] = comm;
        }
    }

    private void numbers(BinaryTracepoint.Word[] words, byte[] bytes, int[] to, int first) {
        for (int i = 0; i < size; i++) {
            to[first + i] = (int) words[events[i]].read(bytes, raws[i]);
        }
    }

    private void numbers(BinaryTracepoint.Word[] words, byte[] bytes, long[] to, int first) {
        for (int i = 0; i < size; i++) {
            to[first + i] = words[events[i]].read(bytes, raws[i]);
        }
    }

    private void finish(byte[] bytes, Batch batch, int first) {
        for (int i = 0; i < apartSize; i++) {
            int which = apart[i];
            tracepoints[events[which]].finish(bytes, raws[which], batch, first + which);
        }
    }
}
