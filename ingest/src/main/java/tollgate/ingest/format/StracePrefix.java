package tollgate.ingest.format;

import tollgate.ingest.Coverage;

/**
 * The columns in front of a line of strace: whose, when, and which call.
 *
 * <pre>
 *   18145      0.000016 close(3) ...                          -f -r -o FILE
 *   18112 11:40:03 close(3) ...                               -f -t
 *   18178 11:40:03.783434 [   3] [00007ff9638e9a07] close(3</etc/passwd>) ...   -f -tt -n -i -y
 *   [pid 18279] 1795347604.116204 +++ exited with 0 +++       -f -ttt to the standard error
 *   1795347604.070158 execve("./a", ...                       -ttt, one process
 *   18145<bash> 11:40:03.783434 (+     0.000022) close(3) ... --decode-pids=comm -tt -r
 *   close(3) ...                                              no option at all
 * </pre>
 *
 * <p>Seconds below 10^8 are relative (-r): a stamp since 1970 has passed that in 1973. A lone number
 * beyond the largest PID (2^22, PID_MAX_LIMIT in include/linux/threads.h) is a stamp of whole seconds.
 * Source: strace(1), and printleader() in strace.c.
 */
final class StracePrefix {
    /** How a line says when it was. */
    enum Stamp {
        NONE,
        /** Since 1970. */
        EPOCH,
        /** Of the day. */
        DAY,
        /** Since the line before. */
        RELATIVE
    }

    static final int UNTOLD = -1;
    private static final long RELATIVE_SECONDS = 100_000_000L;
    private static final long SECOND = 1_000_000_000L;
    /** Digits of whole seconds; ten are good until the year 2286. */
    private static final int MOST_DIGITS = 10;

    /** The thread, {@link #UNTOLD} without that column. */
    int tid;

    int commFrom;
    int commTo;
    Stamp stamp = Stamp.NONE;
    /** Nanoseconds. */
    long time;

    boolean hasFraction;
    /** System call number of -n, -1 without that column. */
    int number;

    /** The ten digits of the second read last, as the words that begin at the first and at the third of them. */
    private long secondUpper;

    private long secondLower;
    /** Nanoseconds of that second, -1 if there is none since 1970. */
    private long second = -1;

    /** Reads the columns. @return where the rest begins, or -1 if they are not strace's */
    int parse(byte[] b, int from, int to) {
        int body = inTheSameSecond(b, from, to);
        return body >= 0 ? body : parseAny(b, from, to);
    }

    /**
     * Five digits of a PID, and the second that was read before: {@code 10905 1795347342.387518 }, as most lines are.
     *
     * @return where the rest begins, or -1 if the line is another, which says nothing about it
     */
    private int inTheSameSecond(byte[] b, int from, int to) {
        if (second < 0 || from + 26 > to) {
            return -1;
        }
        long pid = Lines.word(b, from) << 24;
        long micros = Lines.word(b, from + 16);
        byte rest = b[from + 24];
        if (Lines.word(b, from + 6) != secondUpper
                || Lines.word(b, from + 8) != secondLower
                || b[from + 5] != ' '
                || (micros & 0xFF000000000000FFL) != 0x200000000000002EL
                || rest == ' '
                || rest == '('
                || rest == '[') {
            return -1;
        }
        pid = pid & ~0xFFFFFFL | 0x303030L;
        micros = micros & 0x00FFFFFFFFFFFF00L | 0x3000000000000030L;
        if (!Digits.areEight(pid) || !Digits.areEight(micros)) {
            return -1;
        }
        tid = Digits.eight(pid);
        commFrom = 0;
        commTo = 0;
        stamp = Stamp.EPOCH;
        // 0dddddd0, tenths of a microsecond.
        time = second + Digits.eight(micros) * 100L;
        hasFraction = true;
        number = -1;
        return from + 24;
    }

    private int parseAny(byte[] b, int from, int to) {
        tid = UNTOLD;
        commFrom = 0;
        commTo = 0;
        stamp = Stamp.NONE;
        number = -1;
        int i = from;
        if (i == to) {
            return -1;
        }
        if (b[i] == '[') {
            i = bracketedPid(b, i, to);
        } else if (isDigit(b[i])) {
            i = barePid(b, i, to);
        }
        if (i < 0) {
            return -1;
        }
        i = Text.skipBlanks(b, i, to);
        if (i < to && isDigit(b[i])) {
            i = stamp(b, i, to);
        }
        while (i >= 0 && i < to && b[i] == '[') {
            int behind = brackets(b, i, to);
            if (behind < 0) {
                return i;
            }
            i = behind;
        }
        return i < to ? i : -1;
    }

    /** {@code [pid 18279] }, {@code [pid 18279<bash>] }; any other bracket is left. */
    private int bracketedPid(byte[] b, int from, int to) {
        if (!Text.startsWith(b, from, to, "[pid")) {
            return from;
        }
        int digits = Text.skipBlanks(b, from + "[pid".length(), to);
        int i = Text.skipDigits(b, digits, to);
        if (i == digits || i == to) {
            return -1;
        }
        tid = (int) Text.decimal(b, digits, i);
        if (b[i] == '<') {
            int end = Text.indexOf(b, i, to, ">] ");
            if (end < 0) {
                return -1;
            }
            commFrom = i + 1;
            commTo = end;
            i = end + 1;
        }
        return i < to && b[i] == ']' ? i + 1 : -1;
    }

    /** {@code 18279 }, {@code 18279<bash> }; a number that is a stamp is left. */
    private int barePid(byte[] b, int from, int to) {
        int i = Text.skipDigits(b, from, to);
        if (i == to || i - from > 7) {
            return from;
        }
        long value = Text.decimal(b, from, i);
        if (value > Coverage.LAST_PID) {
            return from;
        }
        if (b[i] == '<') {
            int end = Text.indexOf(b, i, to, "> ");
            if (end < 0) {
                return -1;
            }
            commFrom = i + 1;
            commTo = end;
            i = end + 1;
        }
        if (b[i] != ' ') {
            return from;
        }
        tid = (int) value;
        return i;
    }

    private int stamp(byte[] b, int from, int to) {
        // 1795347604.070158 of -ttt: three loads instead of sixteen digits one by one.
        if (from + 18 < to && b[from + 10] == '.' && b[from + 17] == ' ' && from + 19 <= b.length) {
            long upper = Lines.word(b, from);
            long lower = Digits.ofSix(Lines.word(b, from + 11));
            if (Digits.areEight(upper) && Digits.areEight(lower) && isDigit(b[from + 8]) && isDigit(b[from + 9])) {
                long seconds = Digits.eight(upper) * 100L + (b[from + 8] - '0') * 10 + (b[from + 9] - '0');
                time = seconds * SECOND + Digits.eight(lower) * 1_000L;
                stamp = seconds < RELATIVE_SECONDS ? Stamp.RELATIVE : Stamp.EPOCH;
                hasFraction = true;
                second = stamp == Stamp.EPOCH ? seconds * SECOND : -1;
                secondUpper = upper;
                secondLower = Lines.word(b, from + 2);
                return b[from + 18] == ' ' || b[from + 18] == '(' ? behindStamp(b, from + 17, to) : from + 18;
            }
        }
        int i = from;
        long n = 0;
        for (; i < to && isDigit(b[i]); i++) {
            n = n * 10 + (b[i] - '0');
        }
        if (i == to || i - from > MOST_DIGITS) {
            return -1;
        }
        stamp = n < RELATIVE_SECONDS ? Stamp.RELATIVE : Stamp.EPOCH;
        if (b[i] == ':') {
            int minutes = i + 1;
            int seconds = minutes + 3;
            if (seconds + 2 > to || b[seconds - 1] != ':' || n > 23) {
                return -1;
            }
            n = (n * 60 + Text.decimal(b, minutes, seconds)) * 60 + Text.decimal(b, seconds, seconds + 2);
            stamp = Stamp.DAY;
            i = seconds + 2;
        }
        if (n > Long.MAX_VALUE / SECOND - 1) {
            return -1;
        }
        time = n * SECOND;
        hasFraction = i < to && b[i] == '.';
        if (hasFraction) {
            long unit = SECOND;
            for (i++; i < to && isDigit(b[i]); i++) {
                unit /= 10;
                time += (b[i] - '0') * unit;
            }
        }
        if (i == to || b[i] != ' ') {
            return -1;
        }
        return behindStamp(b, i, to);
    }

    /** Over blanks, and over the difference that -r adds to another stamp. */
    private static int behindStamp(byte[] b, int from, int to) {
        int i = Text.skipBlanks(b, from, to);
        if (Text.startsWith(b, i, to, "(+")) {
            int close = Text.indexOf(b, i, to, ") ");
            return close < 0 ? -1 : Text.skipBlanks(b, close + 1, to);
        }
        return i;
    }

    /** {@code [  59] } of -n, {@code [00007f769e377ad7] } of -i, {@code [????????????????] }. @return -1 for another bracket */
    private int brackets(byte[] b, int from, int to) {
        int start = Text.skipBlanks(b, from + 1, to);
        int i = start;
        while (i < to && (Character.digit(b[i], 16) >= 0 || b[i] == '?')) {
            i++;
        }
        if (i == start || i + 1 >= to || b[i] != ']' || b[i + 1] != ' ') {
            return -1;
        }
        // -i prints 8 or 16 digits, a call number has 4 at most.
        if (i - start < 8 && b[start] != '?') {
            number = (int) Text.decimal(b, start, i);
        }
        return Text.skipBlanks(b, i + 1, to);
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }
}
