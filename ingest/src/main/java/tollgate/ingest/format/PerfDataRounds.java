package tollgate.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
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
 * A run is known by where it starts and ends in a {@link PerfDataBlocks block}, at whose end it ends at the latest; memory
 * holds {@link #RUNS} runs at most, whatever the size of perf's buffers. The run at the top of the heap goes on without a
 * look at the others as long as its records are older than the next of any other. A record without a time (made by the
 * tool, or synthesized when it started) is delivered where it stands.
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
    private final FileChannel[] files;
    private final long[] starts;
    private final long[] ends;
    private final PerfDataTimes times;
    private final Tally tally;
    private final Damages damages;
    private final Tally.Count rounds;
    private final PerfDataBlocks blocks;

    // Where the scan is.
    private int file = -1;
    private long scan;
    private long scanEnd;
    /** Holds what is at {@link #scan}, or did before something was passed over. */
    private PerfDataBlocks.Block block;
    /** Of {@link #block}; to be looked at again after others were. */
    private byte[] scanned = {};

    private int openRun = -1;
    private long openTime;
    private long newest;
    private long limit;
    private long nextLimit;
    private boolean isMerging;

    // The runs, by slot, and the heap of slots.
    private PerfDataBlocks.Block[] runBlock = new PerfDataBlocks.Block[256];
    private int[] runAt = new int[256];
    private int[] runEnd = new int[256];
    private long[] runTime = new long[256];
    private long[] runOrder = new long[256];
    private int[] free = new int[256];
    private int freeSize;
    private int slots;
    private int[] heap = new int[256];
    private int heapSize;
    private long order;

    /** The run of the current record, at the top of the heap, where it still has its record from before; -1 if it has none. */
    private int running = -1;
    /** Where the running run ends in its block. */
    private int runningEnd;
    /** Up to this time, the running run's records come next. */
    private long runningLimit;

    // The current record.
    private byte[] bytes = {};
    private int type;
    private int at;
    private int size;
    private long time;
    private PerfDataBlocks.Block in;

    /**
     * @param files read one after the other, each from its entry in {@code starts} up to that in {@code ends}
     * @param names of the files, for messages
     */
    PerfDataRounds(
            String[] names,
            FileChannel[] files,
            PerfDataBlocks blocks,
            long[] starts,
            long[] ends,
            PerfDataTimes times,
            Tally tally,
            Damages damages) {
        this.names = names;
        this.files = files;
        this.blocks = blocks;
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
    boolean next() throws IOException {
        return running >= 0 && goOn() || choose();
    }

    /** Moves to the next record of the running run. @return false if it has none, or another's comes first */
    private boolean goOn() {
        int next = at + size;
        while (next < runningEnd) {
            long header = Little.i64(bytes, next);
            int length = (int) (header >>> SIZE_SHIFT);
            int kind = (int) header;
            long stamp = kind < PerfDataRecords.FIRST_OF_TOOL ? times.time(bytes, next, kind, length) : 0;
            if (PerfDataTimes.isTime(stamp)) {
                if (stamp > runningLimit) {
                    runAt[running] = next;
                    runTime[running] = stamp;
                    running = -1;
                    siftDown();
                    return false;
                }
                type = kind;
                at = next;
                size = length;
                time = stamp;
                return true;
            }
            next += length;
        }
        endRun();
        return false;
    }

    private boolean choose() throws IOException {
        while (true) {
            if (isMerging) {
                if (heapSize > 0 && runTime[heap[0]] <= limit) {
                    run(heap[0]);
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
    byte[] bytes() {
        return bytes;
    }

    int at() {
        return at;
    }

    int type() {
        return type;
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
        return in.start + at;
    }

    /** Where the whole records end that stand behind the current one and are of its run; at the current one if it is of none. */
    int runEnd() {
        return running < 0 ? at : runningEnd;
    }

    /** Of the records up to {@link #runEnd}, those up to this time come next, before those of any other run. */
    long runLimit() {
        return runningLimit;
    }

    /** The current record and those behind it up to {@code index}, all of the same run and next in order, are dealt with. */
    void passTo(int index) {
        at = index;
        size = 0;
    }

    private boolean finish() throws IOException {
        limit = Long.MAX_VALUE;
        isMerging = true;
        openRun = -1;
        return next();
    }

    private boolean nextFile() throws IOException {
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
        if (scan < scanEnd) {
            openBlock();
        }
        return true;
    }

    private void openBlock() throws IOException {
        if (block != null) {
            blocks.release(block);
        }
        openRun = -1;
        block = blocks.open(file, scan, scanEnd);
        scanned = blocks.look(block);
    }

    /** Whether so many bytes at {@link #scan} are in the file; then they are in the block. */
    private boolean has(int length) throws IOException {
        if (scan + length > scanEnd) {
            return false;
        }
        if (scan + length - block.start > block.length) {
            openBlock();
        }
        return scan + length - block.start <= block.length;
    }

    /**
     * Takes the records of the current file into runs, up to one that is to be delivered at once, to the end of a
     * round, or to the end of the file; a record that is cut ends the file.
     *
     * @return true if the current record is to be delivered
     */
    private boolean scan() throws IOException {
        scanned = block == null ? scanned : blocks.look(block);
        while (has(PerfDataLayout.HEADER)) {
            if (openRun >= 0 && extendRun()) {
                continue;
            }
            int index = (int) (scan - block.start);
            long header = Little.i64(scanned, index);
            int length = (int) (header >>> SIZE_SHIFT);
            if (length < PerfDataLayout.HEADER) {
                damages.skip(new Damaged(
                        names[file] + ": byte " + scan,
                        "expected a record of at least 8 bytes, found one of " + length + "; copy the file again"));
                skipToRound();
                continue;
            }
            if (!has(length)) {
                break;
            }
            index = (int) (scan - block.start);
            scan += length;
            int kind = (int) header;
            if (kind >= PerfDataRecords.FIRST_OF_TOOL) {
                if (scanToolRecord(kind, index, length)) {
                    return true;
                }
            } else {
                long stamp = times.time(scanned, index, kind, length);
                if (!PerfDataTimes.isTime(stamp)) {
                    setCurrent(block, scanned, kind, index, length, 0);
                    return true;
                }
                if (openRun >= 0 && stamp >= openTime) {
                    runEnd[openRun] = index + length;
                } else {
                    openRun = addRun(index, length, stamp);
                }
                openTime = stamp;
                newest = Math.max(newest, stamp);
            }
            if (isMerging) {
                // Its run may be over by the time that the scan goes on.
                openRun = -1;
                return false;
            }
        }
        if (scan < scanEnd) {
            tally.endsEarly(names[file] + ": byte " + scan + ", inside a record");
            scan = scanEnd;
        }
        return false;
    }

    /** Takes the samples that follow in the block into the open run, as long as they are in order. @return whether there are any */
    private boolean extendRun() {
        int offset = times.sampleTime();
        if (offset < 0) {
            return false;
        }
        byte[] from = scanned;
        int end = block.length;
        int index = (int) (scan - block.start);
        long last = openTime;
        while (index + offset + 8 <= end) {
            long header = Little.i64(from, index);
            int length = (int) (header >>> SIZE_SHIFT);
            long stamp = Little.i64(from, index + offset);
            if ((int) header != PerfDataRecords.SAMPLE || length < offset + 8 || index + length > end || stamp < last) {
                break;
            }
            last = stamp;
            index += length;
        }
        if (scan == block.start + index) {
            return false;
        }
        runEnd[openRun] = index;
        openTime = last;
        newest = Math.max(newest, last);
        scan = block.start + index;
        return true;
    }

    /**
     * A record whose size is a lie says not where the next one is. The end of the next round can be found: eight bytes that
     * nothing else has, at a multiple of eight, since all records are.
     */
    private void skipToRound() throws IOException {
        openRun = -1;
        do {
            scan += PerfDataLayout.HEADER;
        } while (has(PerfDataLayout.HEADER) && Little.i64(scanned, (int) (scan - block.start)) != END_OF_ROUND);
    }

    private boolean scanToolRecord(int kind, int index, int length) {
        if (kind == PerfDataRecords.FINISHED_ROUND) {
            rounds.increment();
            limit = nextLimit;
            nextLimit = newest;
            isMerging = true;
            return false;
        }
        long extra =
                PerfDataRecords.extra(kind, ByteBuffer.wrap(scanned).order(ByteOrder.LITTLE_ENDIAN), index, length);
        if (extra < 0 || extra > scanEnd - scan) {
            tally.endsEarly(names[file] + ": byte " + (block.start + index) + ", inside the data of a record");
            extra = scanEnd - scan;
        }
        if (extra > 0) {
            openRun = -1;
            scan += extra;
        }
        setCurrent(block, scanned, kind, index, length, 0);
        return true;
    }

    private int addRun(int index, int length, long stamp) {
        if (freeSize == 0) {
            if (slots >= RUNS) {
                mergeEarly();
            } else {
                grow();
            }
        }
        int run = free[--freeSize];
        block.hold();
        runBlock[run] = block;
        runAt[run] = index;
        runEnd[run] = index + length;
        runTime[run] = stamp;
        runOrder[run] = order++;
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
        runBlock = Arrays.copyOf(runBlock, slots + more);
        runAt = Arrays.copyOf(runAt, slots + more);
        runEnd = Arrays.copyOf(runEnd, slots + more);
        runTime = Arrays.copyOf(runTime, slots + more);
        runOrder = Arrays.copyOf(runOrder, slots + more);
        heap = Arrays.copyOf(heap, slots + more);
        free = Arrays.copyOf(free, slots + more);
        for (int slot = slots + more - 1; slot >= slots; slot--) {
            free[freeSize++] = slot;
        }
        slots += more;
    }

    /** Makes the next record of the run at the top the current one, and the run the one that goes on. */
    private void run(int run) throws IOException {
        running = run;
        runningEnd = runEnd[run];
        runningLimit = limit;
        for (int child = 1; child <= 2 && child < heapSize; child++) {
            int other = heap[child];
            // Of equal times, the one that stands first in the file.
            runningLimit = Math.min(runningLimit, runTime[other] - (runOrder[run] < runOrder[other] ? 0 : 1));
        }
        int index = runAt[run];
        byte[] from = blocks.look(runBlock[run]);
        long header = Little.i64(from, index);
        setCurrent(runBlock[run], from, (int) header, index, (int) (header >>> SIZE_SHIFT), runTime[run]);
    }

    private void endRun() {
        int run = running;
        running = -1;
        blocks.release(runBlock[run]);
        runBlock[run] = null;
        free[freeSize++] = run;
        heap[0] = heap[--heapSize];
        siftDown();
    }

    private void setCurrent(PerfDataBlocks.Block of, byte[] from, int kind, int index, int length, long stamp) {
        in = of;
        bytes = from;
        type = kind;
        at = index;
        size = length;
        time = stamp;
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
