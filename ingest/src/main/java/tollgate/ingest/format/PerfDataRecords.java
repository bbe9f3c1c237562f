package tollgate.ingest.format;

import java.nio.ByteBuffer;

/**
 * Numbers of perf's records and bits of their {@code misc}. Each record starts with
 * {@code u32 type, u16 misc, u16 size}, the size in bytes with this header.
 *
 * <p>Source: include/uapi/linux/perf_event.h (below 64), tools/lib/perf/include/perf/event.h (from 64 on: written by
 * the tool, not by the kernel).
 */
final class PerfDataRecords {
    static final int LOST = 2;
    static final int COMM = 3;
    static final int EXIT = 4;
    static final int FORK = 7;
    static final int SAMPLE = 9;
    static final int LOST_SAMPLES = 13;
    static final int SWITCH = 14;
    static final int SWITCH_CPU_WIDE = 15;
    static final int NAMESPACES = 16;

    static final int FIRST_OF_TOOL = 64;
    static final int HEADER_ATTR = 64;
    static final int TRACING_DATA = 66;
    static final int FINISHED_ROUND = 68;
    static final int AUXTRACE = 71;
    static final int THREAD_MAP = 73;
    static final int HEADER_FEATURE = 80;
    static final int COMPRESSED = 81;
    static final int COMPRESSED2 = 83;

    /** In {@code misc} of COMM: the name came from an execve. */
    static final int MISC_COMM_EXEC = 1 << 13;
    /** In {@code misc} of SWITCH: the thread leaves the CPU. */
    static final int MISC_SWITCH_OUT = 1 << 13;
    /** In {@code misc} of SWITCH: the thread that leaves could have gone on. */
    static final int MISC_SWITCH_OUT_PREEMPT = 1 << 14;

    private static final String[] NAMES = {
        "0",
        "MMAP",
        "LOST",
        "COMM",
        "EXIT",
        "THROTTLE",
        "UNTHROTTLE",
        "FORK",
        "READ",
        "SAMPLE",
        "MMAP2",
        "AUX",
        "ITRACE_START",
        "LOST_SAMPLES",
        "SWITCH",
        "SWITCH_CPU_WIDE",
        "NAMESPACES",
        "KSYMBOL",
        "BPF_EVENT",
        "CGROUP",
        "TEXT_POKE",
        "AUX_OUTPUT_HW_ID"
    };

    private PerfDataRecords() {}

    /** Bytes of data behind a record that its size leaves out, negative if that number is nonsense. */
    static long extra(int type, ByteBuffer bytes, int at, int size) {
        if (type == TRACING_DATA && size >= 12) {
            return bytes.getInt(at + 8) & 0xffffffffL;
        }
        return type == AUXTRACE && size >= 16 ? bytes.getLong(at + 8) : 0;
    }

    /** As {@code perf script} and {@code perf report -D} print it. */
    static String name(int type) {
        return "PERF_RECORD_" + (type >= 0 && type < NAMES.length ? NAMES[type] : Integer.toString(type));
    }
}
