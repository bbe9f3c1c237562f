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
            int errno = errnos.code(b, at + 3, wordEnd(b, at + 3, end));
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
        // " <0.000022>": the eight bytes before the last are a digit, a point and six digits.
        if (to - from > 12 && b[to - 8] == '.' && b[to - 10] == '<' && b[to - 11] == ' ') {
            long word = Lines.word(b, to - 9);
            int whole = (int) (word & 0xff) - '0';
            long six = word & ~0xffffL | 0x3030L;
            if (whole >= 0 && whole <= 9 && Digits.areEight(six)) {
                duration = whole * 1_000_000_000L + Digits.eight(six) * 1_000L;
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
        // Most results are short; behind a long one eight bytes without '=' are passed over at once.
        while (i - from > 24) {
            long x = Lines.word(b, i - 7) ^ 0x3D3D3D3D3D3D3D3DL;
            if (((x - 0x0101010101010101L) & ~x & 0x8080808080808080L) != 0) {
                break;
            }
            i -= 8;
        }
        for (; i > from; i--) {
            if (b[i] == '=' && b[i + 1] == ' ' && b[i - 1] == ' ') {
                int k = i - 1;
                while (k > from && b[k] == ' ') {
                    k--;
                }
                if (b[k] == ')') {
                    return i + 2;
                }
            }
        }
        return -1;
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
