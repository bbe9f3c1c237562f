package tollgate.ingest.format;

/**
 * The end of a line of strace: {@code ) = 3</etc/passwd> <0.000022>}, {@code ) = -1 ENOENT (No such file or directory)},
 * {@code ) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)}, {@code ) = ?}.
 *
 * <p>Read from the right: arguments hold anything, what follows a result does not hold {@code ") = "}.
 */
final class StraceResult {
    private static final String UNFINISHED = "<unfinished ...>";

    /** As the kernel returned it, a negative errno for {@code -1 ENOENT}; the kernel's own number for a restart. */
    long value;
    /** The result is {@code ?}. */
    boolean isQuestionMark;
    /** It is {@code ?} and the kernel restarts the call or returns EINTR. */
    boolean isRestart;
    /** The call was cut off by death: {@code <unfinished ...>) = ?}. */
    boolean isUnfinished;
    /** Nanoseconds, -1 without -T. */
    long duration;

    /** The first eight bytes of the error name read last, blank included, and its number. */
    private long lastWord;

    private int lastErrno;
    private final WordCodes errnos = new WordCodes(StraceErrno::number);

    /** @return false if there is no result */
    boolean parse(byte[] b, int from, int to) {
        int end = duration(b, from, to);
        int at = result(b, from, end);
        if (at < 0) {
            return false;
        }
        isQuestionMark = b[at] == '?';
        isRestart = false;
        isUnfinished = false;
        value = 0;
        if (isQuestionMark) {
            int word = at + 2;
            if (word < end && b[word] == 'E') {
                value = -errnos.code(b, word, wordEnd(b, word, end));
                isRestart = true;
            } else {
                int paren = Text.indexOf(b, from, at, UNFINISHED);
                isUnfinished = paren >= 0 && b[paren + UNFINISHED.length()] == ')';
            }
            return true;
        }
        if (b[at] == '0' && at + 1 < end && b[at + 1] == 'x') {
            value = hex(b, at + 2, end);
            return true;
        }
        if (b[at] != '-' && (b[at] < '0' || b[at] > '9')) {
            return false;
        }
        value = Text.decimal(b, at, end);
        if (value == -1 && at + 3 < end && b[at + 3] == 'E') {
            int errno = errno(b, at + 3, end);
            value = errno > 0 ? -errno : -1;
        }
        return true;
    }

    /** Takes {@code " <0.000022>"} off the end. @return where the rest ends */
    private int duration(byte[] b, int from, int to) {
        duration = -1;
        if (to - from < 4 || b[to - 1] != '>') {
            return to;
        }
        // " <0.000022>": the last eight bytes are a point, six digits and the bracket.
        if (to - from > 12) {
            long last = Lines.word(b, to - 8);
            long six = last & 0x00FFFFFFFFFFFF00L | 0x3000000000000030L;
            int whole = b[to - 9] - '0';
            if ((last & 0xFF000000000000FFL) == 0x3E0000000000002EL
                    && b[to - 10] == '<'
                    && b[to - 11] == ' '
                    && whole >= 0
                    && whole <= 9
                    && Digits.areEight(six)) {
                // 0dddddd0, tenths of a microsecond.
                duration = whole * 1_000_000_000L + Digits.eight(six) * 100L;
                return to - 11;
            }
        }
        int i = to - 2;
        int dot = -1;
        while (i > from && (b[i] >= '0' && b[i] <= '9' || b[i] == '.')) {
            dot = b[i] == '.' ? i : dot;
            i--;
        }
        if (b[i] != '<' || b[i - 1] != ' ' || i == to - 2) {
            return to;
        }
        long seconds = Text.decimal(b, i + 1, to);
        long nanos = 0;
        if (dot >= 0) {
            for (int k = 1; k <= 9; k++) {
                nanos = nanos * 10 + (dot + k < to - 1 ? b[dot + k] - '0' : 0);
            }
        }
        duration = seconds * 1_000_000_000L + nanos;
        return i - 1;
    }

    /** Behind the last {@code ") = "}, whose blanks strace may widen. */
    private static int result(byte[] b, int from, int to) {
        int i = to - 3;
        while (i > from) {
            // Eight bytes at once that end at i, from the right to the first '='.
            if (i - from >= Long.BYTES) {
                long hit = equalSigns(Lines.word(b, i - 7));
                if (hit == 0) {
                    i -= Long.BYTES;
                    continue;
                }
                i -= Long.numberOfLeadingZeros(hit) >>> 3;
            }
            if (b[i] == '=' && b[i + 1] == ' ' && b[i - 1] == ' ') {
                int k = skipBlanksBack(b, from, i - 1);
                if (b[k] == ')') {
                    return i + 2;
                }
            }
            i--;
        }
        return -1;
    }

    /** The highest bit of each byte that is {@code '='}: 7f is reached without a carry unless the lower seven bits are 0. */
    private static long equalSigns(long word) {
        long x = word ^ 0x3D3D3D3D3D3D3D3DL;
        return ~((x & 0x7F7F7F7F7F7F7F7FL) + 0x7F7F7F7F7F7F7F7FL | x | 0x7F7F7F7F7F7F7F7FL);
    }

    /** The last position up to {@code at} that is no blank, or {@code from}. */
    private static int skipBlanksBack(byte[] b, int from, int at) {
        int k = at;
        while (k - from >= Long.BYTES) {
            long x = Lines.word(b, k - 7) ^ 0x2020202020202020L;
            if (x != 0) {
                return k - (Long.numberOfLeadingZeros(x) >>> 3);
            }
            k -= Long.BYTES;
        }
        while (k > from && b[k] == ' ') {
            k--;
        }
        return k;
    }

    /** The number of the name there: of up to seven bytes, as most have, by the word that they make with the blank. */
    private int errno(byte[] b, int from, int end) {
        if (from + Long.BYTES > end) {
            return errnos.code(b, from, wordEnd(b, from, end));
        }
        long word = Lines.word(b, from);
        if (word == lastWord) {
            return lastErrno;
        }
        int to = wordEnd(b, from, end);
        int errno = errnos.code(b, from, to);
        if (to - from < Long.BYTES) {
            lastWord = word;
            lastErrno = errno;
        }
        return errno;
    }

    private static int wordEnd(byte[] b, int from, int to) {
        int i = from;
        while (i < to && b[i] > ' ') {
            i++;
        }
        return i;
    }

    private static long hex(byte[] b, int from, int to) {
        long n = 0;
        for (int i = from; i < to; i++) {
            int c = b[i];
            int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
            if (digit < 0) {
                break;
            }
            n = n << 4 | digit;
        }
        return n;
    }
}
