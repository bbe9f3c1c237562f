package tollgate.ingest.format;

import tollgate.ingest.BadInput;

/**
 * Where a {@code sample_type} puts its parts: from the start of a sample, and from the end of any other record
 * (the trailer that sample_id_all asks for).
 *
 * <pre>
 *   sample   header | IDENTIFIER | IP | TID | TIME | ADDR | ID | STREAM_ID | CPU | PERIOD | READ | CALLCHAIN | RAW | ...
 *   others   header | ... | TID | TIME | ID | STREAM_ID | CPU | IDENTIFIER
 * </pre>
 *
 * Each part is 8 bytes, but for READ, CALLCHAIN (both of varying size) and RAW (u32 size, bytes). Source:
 * include/uapi/linux/perf_event.h. Offsets of parts that are not there are -1.
 */
final class PerfDataLayout {
    static final int HEADER = 8;

    private static final long IP = 1 << 0;
    private static final long TID = 1 << 1;
    private static final long TIME = 1 << 2;
    private static final long ADDR = 1 << 3;
    private static final long READ = 1 << 4;
    private static final long CALLCHAIN = 1 << 5;
    private static final long ID = 1 << 6;
    private static final long CPU = 1 << 7;
    private static final long PERIOD = 1 << 8;
    private static final long STREAM_ID = 1 << 9;
    private static final long RAW = 1 << 10;
    private static final long IDENTIFIER = 1 << 16;
    private static final long READ_TOTAL_ENABLED = 1 << 0;
    private static final long READ_TOTAL_RUNNING = 1 << 1;
    private static final long READ_ID = 1 << 2;
    private static final long READ_GROUP = 1 << 3;
    private static final long READ_LOST = 1 << 4;

    final int id;
    final int tid;
    final int time;
    final int cpu;
    /** Bytes of a sample up to the first part of varying size. */
    final int fixed;

    final int trailerId;
    final int trailerTid;
    final int trailerTime;
    final int trailerCpu;
    final int trailer;

    private final long sampleType;
    private final long readFormat;
    private final boolean hasRaw;

    /** @param hasTrailer sample_id_all of the attribute */
    PerfDataLayout(long sampleType, long readFormat, boolean hasTrailer) {
        this.sampleType = sampleType;
        this.readFormat = readFormat;
        hasRaw = (sampleType & RAW) != 0;
        int at = HEADER;
        int identifier = has(IDENTIFIER) ? at : -1;
        at += size(IDENTIFIER) + size(IP);
        tid = has(TID) ? at : -1;
        at += size(TID);
        time = has(TIME) ? at : -1;
        at += size(TIME) + size(ADDR);
        id = has(IDENTIFIER) ? identifier : has(ID) ? at : -1;
        at += size(ID) + size(STREAM_ID);
        cpu = has(CPU) ? at : -1;
        fixed = at + size(CPU) + size(PERIOD);

        // From the end backwards; an offset of 16 means the part starts 16 bytes before the end.
        int back = hasTrailer ? size(IDENTIFIER) : 0;
        int trailerIdentifier = back;
        back += hasTrailer ? size(CPU) : 0;
        trailerCpu = hasTrailer && has(CPU) ? back : -1;
        back += hasTrailer ? size(STREAM_ID) + size(ID) : 0;
        trailerId = !hasTrailer ? -1 : has(IDENTIFIER) ? trailerIdentifier : has(ID) ? back : -1;
        back += hasTrailer ? size(TIME) : 0;
        trailerTime = hasTrailer && has(TIME) ? back : -1;
        back += hasTrailer ? size(TID) : 0;
        trailerTid = hasTrailer && has(TID) ? back : -1;
        trailer = back;
    }

    boolean hasCpus() {
        return has(CPU);
    }

    boolean hasTids() {
        return has(TID);
    }

    boolean hasTimes() {
        return has(TIME);
    }

    /** True if the id of a record, sample or not, is at the same place in both. perf refuses recordings where it is not. */
    boolean hasIdsWhere(PerfDataLayout other) {
        return id == other.id && (trailer == 0 || other.trailer == 0 || trailerId == other.trailerId);
    }

    /** True if the time is at the same place as well, and all that a trailer has. */
    boolean hasTimesWhere(PerfDataLayout other) {
        return time == other.time
                && trailerTime == other.trailerTime
                && trailerTid == other.trailerTid
                && trailerCpu == other.trailerCpu
                && trailer == other.trailer;
    }

    boolean isSame(PerfDataLayout other) {
        return sampleType == other.sampleType && readFormat == other.readFormat;
    }

    /** True if samples have a time and raw data, and nothing of varying size before it but a call chain. */
    boolean isSimple() {
        return hasRaw && has(TIME) && !has(READ);
    }

    /**
     * Offset of the part RAW from the start of a sample: of its u32 size. -1 if there is none.
     *
     * @throws BadInput if a part of varying size does not fit in the sample
     */
    int raw(byte[] bytes, int at, int size, BinaryHead head) {
        if (!hasRaw) {
            return -1;
        }
        long offset = fixed;
        if (has(READ)) {
            long each = 8 + (flag(READ_ID) + flag(READ_LOST)) * 8L;
            long times = (flag(READ_TOTAL_ENABLED) + flag(READ_TOTAL_RUNNING)) * 8L;
            offset += times + (flag(READ_GROUP) == 1 ? 8 + each * count(bytes, at, offset, size, head) : each);
        }
        if (has(CALLCHAIN)) {
            offset += 8 + 8 * count(bytes, at, offset, size, head);
        }
        if (offset < 0 || offset > size - 4) {
            throw head.corrupt(
                    "expected the raw data inside its sample of " + size + " bytes, found it at byte " + offset);
        }
        return (int) offset;
    }

    /**
     * Offset of the raw data itself, from the start of a sample, where this {@link #isSimple}.
     *
     * @param size at least {@link #fixed} and 8
     * @return -1 if its u32 size does not lie in the sample
     */
    int rawOfSimple(byte[] bytes, int at, int size) {
        if (!has(CALLCHAIN)) {
            return fixed + 4;
        }
        long frames = Little.i64(bytes, at + fixed);
        return frames < 0 || frames > (size - fixed - 12) / 8 ? -1 : fixed + 12 + 8 * (int) frames;
    }

    private static long count(byte[] bytes, int at, long offset, int size, BinaryHead head) {
        if (offset > size - 8) {
            throw head.corrupt("expected a count inside its sample of " + size + " bytes, found it at byte " + offset);
        }
        // Records are shorter than 64 KiB; masking the count keeps the sum from overflowing, the caller checks it.
        long count = Little.i64(bytes, at + (int) offset);
        return count < 0 || count > 1 << 16 ? 1 << 16 : count;
    }

    private boolean has(long bit) {
        return (sampleType & bit) != 0;
    }

    private int size(long bit) {
        return has(bit) ? 8 : 0;
    }

    private int flag(long bit) {
        return (readFormat & bit) != 0 ? 1 : 0;
    }
}
