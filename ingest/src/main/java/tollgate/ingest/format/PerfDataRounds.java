package tollgate.ingest.format;

import java.nio.ByteBuffer;
import java.util.Arrays;
import tollgate.ingest.Damaged;
import tollgate.ingest.Tally;

/**
 * Puts the records of perf.data in order of time, in bounded memory.
 *
 * <p>perf empties the buffer of one CPU after the other, so a file is a sequence of runs, each in order, and writes
 * FINISHED_ROUND after each pass over all buffers. A record that was not yet in its buffer when pass n - 1 came by is
 * younger than all that pass n - 1 began with, and pass n takes it. So when pass n ends, nothing is still to come that is
 * older than the newest record of pass n - 1: up to there the runs can be merged (tools/perf/util/ordered-events.c argues
 * it at length).
 *
 * <pre>
 *   file    | run run run | FINISHED_ROUND | run run | FINISHED_ROUND | ...
 *   heap      the runs of two rounds, by the time of their next record; equal times in order of the file
 * </pre>
 *
 * A run is known by where it starts and ends; its records stay in the file, so memory holds {@link #RUNS} runs at
 * most, whatever the size of perf's buffers. A record without a time (made by the tool, or synthesized when it
 * started) is delivered where it stands.
 */
final class PerfDataRounds {
    /**
     * Runs kept at most: 40 bytes each, 20 MiB. A round has about one a CPU. Where perf wrote no rounds (one file a
     * thread) this is 100 passes a second over 64 CPUs for 80 seconds; beyond it the older half is merged early.
     */
    private static final int RUNS = 1 << 19;

    /** Of the header seen as one number: {@code u32 type, u16 misc, u16 size}. */
    private static final int SIZE_SHIFT = 48;
    /** A whole FINISHED_ROUND: its type, no flags, its size of eight bytes. */
    private static final long END_OF_ROUND = PerfDataRecords.FINISHED_ROUND | 8L << SIZE_SHIFT;

    private final String[] names;
    private final Mapped[] files;
    private final long[] starts;
    private final long[] ends;
    private final PerfDataTimes times;
    private final Tally tally;
    private final Damages damages;
    private final Tally.Count rounds;

    // Where the scan is.
    private int file = -1;
    private long scan;
    private long scanEnd;
    private int openRun = -1;
    private long openTime;
    private long newest;
    private long limit;
    private long nextLimit;
    private boolean isMerging;

    // The runs, by slot, and the heap of slots.
    private long[] runAt = new long[256];
    private long[] runEnd = new long[256];
    private long[] runTime = new long[256];
    private long[] runOrder = new long[256];
    private int[] runFile = new int[256];
    private int[] free = new int[256];
    private int freeSize;
    private int slots;
    private int[] heap = new int[256];
    private int heapSize;
    private long order;
    private int pending = -1;

    // The current record.
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private int at;
    private int size;
    private long position;
    private long time;
    private int currentFile;

    /**
     * @param files read one after the other, each from its entry in {@code starts} up to that in {@code ends}
     * @param names of the files, for messages
     */
    PerfDataRounds(
            String[] names,
            Mapped[] files,
            long[] starts,
            long[] ends,
            PerfDataTimes times,
            Tally tally,
            Damages damages) {
        this.names = names;
        this.files = files;
        this.starts = starts;
        this.ends = ends;
        this.times = times;
        this.tally = tally;
        this.damages = damages;
        this.rounds = tally.note("finished rounds");
        for (int slot = 255; slot >= 0; slot--) {
            free[freeSize++] = slot;
        }
        slots = 256;
    }

    /** Moves to the next record. @return false after the last. @throws BadInput at a record with an impossible size */
    boolean next() {
        if (pending >= 0) {
            step();
        }
        while (true) {
            if (isMerging) {
                if (heapSize > 0 && runTime[heap[0]] <= limit) {
                    deliver(heap[0]);
                    return true;
                }
                isMerging = false;
            }
            if (file >= 0 && scan()) {
                return true;
            }
            if (!isMerging && !nextFile()) {
                return heapSize > 0 && finish();
            }
        }
    }

    /** Holds the current record at {@link #at}. */
    ByteBuffer bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    /** Bytes of the current record, all of which are in {@link #bytes}. */
    int size() {
        return size;
    }

    /** Time of the current record, 0 if it has none. */
    long time() {
        return time;
    }

    long position() {
        return position;
    }

    String name() {
        return names[currentFile];
    }

    private boolean finish() {
        limit = Long.MAX_VALUE;
        isMerging = true;
        openRun = -1;
        return next();
    }

    private boolean nextFile() {
        openRun = -1;
        if (file + 1 >= files.length) {
            return false;
        }
        file++;
        scan = starts[file];
        scanEnd = Math.min(ends[file], files[file].size());
        if (scanEnd < ends[file]) {
            tally.endsEarly(names[file] + ": byte " + scanEnd + ", before the end of the data at " + ends[file]);
        }
        return true;
    }

    /**
     * Takes the records of the current file into runs, up to one that is to be delivered at once, to the end of a
     * round, or to the end of the file; a record that is cut ends the file.
     *
     * @return true if the current record is to be delivered
     */
    private boolean scan() {
        Mapped in = files[file];
        while (scan + PerfDataLayout.HEADER <= scanEnd) {
            long start = scan;
            ByteBuffer segment = in.segment(start);
            int index = Mapped.index(start);
            long header = segment.getLong(index);
            int type = (int) header;
            int length = (int) (header >>> SIZE_SHIFT);
            if (length < PerfDataLayout.HEADER) {
                damages.skip(new Damaged(
                        names[file] + ": byte " + start,
                        "expected a record of at least 8 bytes, found one of " + length + "; copy the file again"));
                skipToRound();
                continue;
            }
            if (start + length > scanEnd) {
                break;
            }
            scan = start + length;
            if (type >= PerfDataRecords.FIRST_OF_TOOL) {
                if (scanToolRecord(type, segment, index, length, start)) {
                    return true;
                }
            } else {
                long stamp = times.time(segment, index, type, length);
                if (!PerfDataTimes.isTime(stamp)) {
                    setCurrent(segment, index, length, 0, start, file);
                    return true;
                }
                if (openRun >= 0 && stamp >= openTime) {
                    runEnd[openRun] = scan;
                } else {
                    openRun = addRun(start, stamp);
                }
                openTime = stamp;
                newest = Math.max(newest, stamp);
            }
            if (isMerging) {
                return false;
            }
        }
        if (scan < scanEnd) {
            tally.endsEarly(names[file] + ": byte " + scan + ", inside a record");
            scan = scanEnd;
        }
        return false;
    }

    /**
     * A record whose size is a lie says not where the next one is. The end of the next round can be found: eight bytes that
     * nothing else has, at a multiple of eight, since all records are.
     */
    private void skipToRound() {
        openRun = -1;
        do {
            scan += PerfDataLayout.HEADER;
        } while (scan + PerfDataLayout.HEADER <= scanEnd
                && files[file].segment(scan).getLong(Mapped.index(scan)) != END_OF_ROUND);
    }

    private boolean scanToolRecord(int type, ByteBuffer segment, int index, int length, long start) {
        if (type == PerfDataRecords.FINISHED_ROUND) {
            rounds.increment();
            limit = nextLimit;
            nextLimit = newest;
            isMerging = true;
            openRun = -1;
            return false;
        }
        long extra = PerfDataRecords.extra(type, segment, index, length);
        if (extra < 0 || extra > scanEnd - scan) {
            tally.endsEarly(names[file] + ": byte " + start + ", inside the data of a record");
            extra = scanEnd - scan;
        }
        if (extra > 0) {
            openRun = -1;
            scan += extra;
        }
        setCurrent(segment, index, length, 0, start, file);
        return true;
    }

    private int addRun(long start, long stamp) {
        if (freeSize == 0) {
            if (slots >= RUNS) {
                mergeEarly();
            } else {
                grow();
            }
        }
        int run = free[--freeSize];
        runAt[run] = start;
        runEnd[run] = scan;
        runTime[run] = stamp;
        runOrder[run] = order++;
        runFile[run] = file;
        heap[heapSize] = run;
        siftUp(heapSize++);
        return run;
    }

    /**
     * Too many runs wait. Half of them go out now: up to the median of their next times, which the next {@link #next}
     * delivers; what turns out to be older is counted as out of order there.
     */
    private void mergeEarly() {
        tally.note("rounds merged early").increment();
        long[] waiting = new long[heapSize];
        for (int i = 0; i < heapSize; i++) {
            waiting[i] = runTime[heap[i]];
        }
        Arrays.sort(waiting);
        limit = Math.max(limit, waiting[heapSize / 2]);
        isMerging = true;
        // Room for the run that is being added, before its turn to be merged comes.
        grow();
    }

    private void grow() {
        int more = slots >= RUNS ? 1 : slots;
        runAt = Arrays.copyOf(runAt, slots + more);
        runEnd = Arrays.copyOf(runEnd, slots + more);
        runTime = Arrays.copyOf(runTime, slots + more);
        runOrder = Arrays.copyOf(runOrder, slots + more);
        runFile = Arrays.copyOf(runFile, slots + more);
        heap = Arrays.copyOf(heap, slots + more);
        free = Arrays.copyOf(free, slots + more);
        for (int slot = slots + more - 1; slot >= slots; slot--) {
            free[freeSize++] = slot;
        }
        slots += more;
    }

    /** Makes the next record of a run the current one. */
    private void deliver(int run) {
        Mapped in = files[runFile[run]];
        long from = runAt[run];
        int index = Mapped.index(from);
        ByteBuffer segment = in.segment(from);
        int length = (int) (segment.getLong(index) >>> SIZE_SHIFT);
        setCurrent(segment, index, length, runTime[run], from, runFile[run]);
        pending = run;
    }

    /** Moves the run whose record was delivered to its next record with a time, or ends it. */
    private void step() {
        int run = pending;
        pending = -1;
        Mapped in = files[runFile[run]];
        // The record delivered last is still the current one.
        long next = runAt[run] + size;
        long end = runEnd[run];
        while (next < end) {
            ByteBuffer segment = in.segment(next);
            int index = Mapped.index(next);
            long header = segment.getLong(index);
            int type = (int) header;
            int length = (int) (header >>> SIZE_SHIFT);
            if (type < PerfDataRecords.FIRST_OF_TOOL) {
                long stamp = times.time(segment, index, type, length);
                if (PerfDataTimes.isTime(stamp)) {
                    runAt[run] = next;
                    runTime[run] = stamp;
                    siftDown();
                    return;
                }
            }
            next += length;
        }
        free[freeSize++] = run;
        heap[0] = heap[--heapSize];
        siftDown();
    }

    private void setCurrent(ByteBuffer segment, int index, int length, long stamp, long start, int in) {
        bytes = segment;
        at = index;
        size = length;
        time = stamp;
        position = start;
        currentFile = in;
    }

    private boolean isBefore(int run, int other) {
        return runTime[run] < runTime[other] || runTime[run] == runTime[other] && runOrder[run] < runOrder[other];
    }

    private void siftUp(int from) {
        int i = from;
        int run = heap[i];
        while (i > 0 && isBefore(run, heap[(i - 1) / 2])) {
            heap[i] = heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        heap[i] = run;
    }

    private void siftDown() {
        if (heapSize == 0) {
            return;
        }
        int i = 0;
        int run = heap[0];
        while (2 * i + 1 < heapSize) {
            int child = 2 * i + 1;
            if (child + 1 < heapSize && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], run)) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = run;
    }
}
