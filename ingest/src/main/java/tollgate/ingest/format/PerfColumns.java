package tollgate.ingest.format;

import java.util.Arrays;
import tollgate.ingest.Coverage;
import tollgate.ingest.Names;

/**
 * The columns before the event's name in a line of {@code perf script}: {@code comm pid/tid [cpu] time:}, each of
 * which {@code -F} may leave out but the time.
 *
 * <pre>
 *             a:b 17559/17564 [001] K   1547.736988:          1    raw_syscalls:sys_exit: NR 57 = 0
 *   comm, 16 wide  pid/tid     cpu misc seconds      period     name, then the text
 * </pre>
 *
 * <p>A comm may hold anything, blanks, brackets and line feeds included. It is padded to 16 bytes (8 with -L), so that
 * its end is known by counting; with call chains perf does not pad, and the first place is taken from which the other
 * columns follow, which are longer than a comm and so cannot be imitated by one. Blanks at the start of a padded comm
 * cannot be told from padding (builtin-script.c, perf_sample__fprintf_start).
 */
final class PerfColumns {
    /** Where the comm ends. */
    enum Comm {
        PADDED(16),
        LATENCY(8),
        ABSENT(0);

        private final int width;

        Comm(int width) {
            this.width = width;
        }
    }

    /**
     * Which columns a text has. Every line has the same, so that a damaged one is not taken for a line with fewer.
     */
    record Shape(Comm comm, boolean hasThread, boolean hasCpu) {}

    /** Direct-mapped memo of comm columns: a machine runs a few hundred names. */
    private static final int MEMO = 1 << 10;

    private final Comm layout;
    private final boolean needsThread;
    private final boolean needsCpu;
    private final Names names;

    private final long[] memoHigh = new long[MEMO];
    private final long[] memoLow = new long[MEMO];
    private final int[] memoTid = new int[MEMO];
    private final int[] memoComm = new int[MEMO];

    int tid;
    /** -1 if there is no such column. */
    int pid;

    int cpu;
    /** Nanoseconds. */
    long time;
    /** Nanoseconds of the last digit: 1 or 1000. */
    int resolution;

    int commFrom;
    int commTo;
    /** Behind the colon of the time. */
    int eventFrom;

    PerfColumns(Shape shape, Names names) {
        layout = shape.comm;
        needsThread = shape.hasThread;
        needsCpu = shape.hasCpu;
        this.names = names;
        Arrays.fill(memoTid, Integer.MIN_VALUE);
    }

    /** Reads the columns of the line {@code [from, to)}; a line feed stands at {@code to}. @return false if it has none */
    boolean parse(byte[] b, int from, int to) {
        int end = from + layout.width;
        if (end < to && (layout == Comm.ABSENT || b[end] == ' ') && tail(b, end)) {
            commFrom = from;
            commTo = end;
            return eventFrom <= to;
        }
        if (layout == Comm.PADDED) {
            // Not padded: behind which byte do the columns follow?
            for (int i = from + 1; i <= from + 16 && i < to; i++) {
                if (b[i] == ' ' && tail(b, i)) {
                    commFrom = from;
                    commTo = i;
                    return eventFrom <= to;
                }
            }
        }
        return false;
    }

    /** The columns behind the comm. Every loop stops at the line feed at the latest. */
    private boolean tail(byte[] b, int from) {
        int i = from;
        while (b[i] == ' ') {
            i++;
        }
        tid = -1;
        pid = -1;
        cpu = -1;
        if (b[i] != '[') {
            boolean negative = b[i] == '-';
            int start = negative ? i + 1 : i;
            i = start;
            int n = 0;
            while (b[i] >= '0' && b[i] <= '9') {
                n = n * 10 + (b[i++] - '0');
            }
            if (i == start) {
                return false;
            }
            if (b[i] == '.' && !negative) {
                return !needsThread && !needsCpu && time(b, start);
            }
            n = negative ? -1 : n;
            if (b[i] == '/') {
                pid = n;
                i++;
                negative = b[i] == '-';
                start = negative ? i + 1 : i;
                i = start;
                n = 0;
                while (b[i] >= '0' && b[i] <= '9') {
                    n = n * 10 + (b[i++] - '0');
                }
                n = negative ? -1 : n;
                if (i == start) {
                    return false;
                }
            }
            tid = n;
            if (b[i] != ' ') {
                return false;
            }
            while (b[i] == ' ') {
                i++;
            }
        } else if (needsThread) {
            return false;
        }
        boolean isBracket = b[i] == '[';
        if (isBracket || layout == Comm.LATENCY) {
            if (isBracket) {
                i++;
            }
            int start = i;
            int n = 0;
            while (b[i] >= '0' && b[i] <= '9') {
                n = Math.min(n * 10 + (b[i++] - '0'), Coverage.MOST_CPUS);
            }
            if (n == Coverage.MOST_CPUS || i == start || b[i] != (isBracket ? ']' : ' ')) {
                return false;
            }
            cpu = n;
            i++;
            while (b[i] == ' ') {
                i++;
            }
            // -F +misc: letters such as K, U, G.
            if (b[i] >= 'A' && b[i] <= 'Z') {
                while (b[i] > ' ') {
                    i++;
                }
                while (b[i] == ' ') {
                    i++;
                }
            }
        }
        return (!needsCpu || cpu >= 0) && time(b, i);
    }

    /** {@code 1547.736988:} or {@code 1547.736988123:} */
    private boolean time(byte[] b, int from) {
        int i = from;
        long n = 0;
        while (b[i] >= '0' && b[i] <= '9') {
            n = n * 10 + (b[i++] - '0');
        }
        if (b[i] != '.' || i == from) {
            return false;
        }
        int point = i++;
        if (b.length - i >= Long.BYTES) {
            long micros = sixDigits(Lines.word(b, i));
            if (micros >= 0) {
                resolution = 1000;
                time = (n * 1_000_000 + micros) * 1000;
                eventFrom = i + 7;
                return true;
            }
        }
        while (b[i] >= '0' && b[i] <= '9') {
            n = n * 10 + (b[i++] - '0');
        }
        if (b[i] != ':') {
            return false;
        }
        int digits = i - point - 1;
        if (digits == 6) {
            resolution = 1000;
            time = n * 1000;
        } else if (digits == 9) {
            resolution = 1;
            time = n;
        } else {
            return false;
        }
        eventFrom = i + 1;
        return true;
    }

    /**
     * The value of six decimal digits that a colon follows, or -1. Two leading zeros make it eight digits d1..d8, lowest
     * byte first; one multiplication joins neighbours to d1*10+d2 in every second byte, the next two join those pairs with
     * weights 10^6, 10^4, 100 and 1 in the upper half. A digit loop here took a tenth of the whole time of a line.
     */
    static long sixDigits(long word) {
        if ((word >>> 48 & 0xff) != ':') {
            return -1;
        }
        long digits = word << 16 | '0' << 8 | '0';
        long values = digits - 0x3030303030303030L;
        if (((values | values + 0x7676767676767676L) & 0x8080808080808080L) != 0) {
            return -1;
        }
        long pairs = values * 10 + (values >>> 8);
        return (pairs & 0x000000ff000000ffL) * (100 + (1_000_000L << 32))
                        + (pairs >>> 16 & 0x000000ff000000ffL) * (1 + (10_000L << 32))
                >>> 32;
    }

    /** The id of the comm, or -1 where perf knows none and prints {@code :tid}. */
    int comm(byte[] b) {
        int length = commTo - commFrom;
        if (length != 16) {
            return length == 0 ? -1 : comm(b, commFrom, commTo);
        }
        long high = Lines.word(b, commFrom);
        long low = Lines.word(b, commFrom + 8);
        long mixed = (high ^ low * 0x9E3779B97F4A7C15L) * 0xC2B2AE3D27D4EB4FL;
        int slot = (int) (mixed >>> 54);
        if (memoHigh[slot] == high && memoLow[slot] == low && memoTid[slot] == tid) {
            return memoComm[slot];
        }
        int id = comm(b, commFrom, commTo);
        memoHigh[slot] = high;
        memoLow[slot] = low;
        memoTid[slot] = tid;
        memoComm[slot] = id;
        return id;
    }

    private int comm(byte[] b, int from, int to) {
        int start = Text.skipBlanks(b, from, to);
        if (start < to && b[start] == ':') {
            int digits = b[start + 1] == '-' ? start + 2 : start + 1;
            if (Text.skipDigits(b, digits, to) == to && Text.decimal(b, start + 1, to) == tid) {
                return -1;
            }
        }
        return names.id(b, start, to - start);
    }
}
