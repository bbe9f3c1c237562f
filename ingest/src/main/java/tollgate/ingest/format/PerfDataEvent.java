package tollgate.ingest.format;

import java.io.IOException;
import tollgate.ingest.BadInput;

/**
 * One event that perf was told to record: the parts of {@code struct perf_event_attr} that say how its records
 * look and what else is recorded beside them.
 *
 * <p>Source: include/uapi/linux/perf_event.h.
 *
 * @param type 2 for a tracepoint
 * @param config of a tracepoint, the id of its format
 */
record PerfDataEvent(int type, long config, PerfDataLayout layout, long flags, int clock) {
    static final int TRACEPOINT = 2;

    /** The first published struct, PERF_ATTR_SIZE_VER0, in bytes. */
    private static final int SMALLEST = 64;
    /** The kernel refuses attributes larger than a page (kernel/events/core.c, perf_copy_attr). */
    private static final int LARGEST = 1 << 12;

    private static final int COMM = 9;
    private static final int TASK = 13;
    private static final int SAMPLE_ID_ALL = 18;
    private static final int USE_CLOCKID = 25;
    private static final int CONTEXT_SWITCH = 26;
    private static final int NAMESPACES = 28;
    private static final int CLOCKID_AT = 92;

    /** Reads one attribute; leaves the cursor behind it. @param room bytes that it may take at most */
    static PerfDataEvent read(BinaryCursor in, long room) throws IOException {
        String place = in.place();
        long start = in.position();
        long type = in.u32("an event's type");
        long size = in.u32("an event's size");
        if (size == 0) {
            size = SMALLEST;
        }
        if (size < SMALLEST || size > LARGEST || size > room) {
            throw new BadInput(
                    place, "expected an event attribute of 64 to 4096 bytes, found " + size + "; copy the file again");
        }
        long config = in.u64("an event's config");
        in.u64("an event's period");
        long sampleType = in.u64("an event's sample type");
        long readFormat = in.u64("an event's read format");
        long flags = in.u64("an event's flags");
        int clock = -1;
        if (size >= CLOCKID_AT + 4 && (flags >>> USE_CLOCKID & 1) == 1) {
            in.skip(CLOCKID_AT - 48, "an event attribute");
            clock = (int) in.u32("an event's clock");
        }
        in.seek(start + size, "the end of an event attribute");
        boolean hasTrailer = (flags >>> SAMPLE_ID_ALL & 1) == 1;
        return new PerfDataEvent(
                (int) type, config, new PerfDataLayout(sampleType, readFormat, hasTrailer), flags, clock);
    }

    /** PERF_RECORD_COMM are recorded. */
    boolean tellsComms() {
        return has(COMM);
    }

    /** PERF_RECORD_FORK and PERF_RECORD_EXIT are recorded. */
    boolean tellsTasks() {
        return has(TASK);
    }

    boolean tellsSwitches() {
        return has(CONTEXT_SWITCH);
    }

    boolean tellsNamespaces() {
        return has(NAMESPACES);
    }

    private boolean has(int bit) {
        return (flags >>> bit & 1) == 1;
    }
}
