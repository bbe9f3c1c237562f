package tollgate.ingest.format;

/**
 * The first two arguments of a call where strace prints them as numbers: {@code 3}, {@code 0x7f00}, {@code 0644},
 * {@code NULL}, {@code AT_FDCWD}, {@code 3</etc/passwd>}. What it has decoded (flags, strings, structures) is 0, as
 * is what stands behind a string or a structure.
 */
final class StraceArguments {
    /** include/uapi/linux/fcntl.h. */
    private static final long AT_FDCWD = -100;
    /** _IO(0xAE, 0x80), include/uapi/linux/kvm.h: the one request of an ioctl that a replay must know. */
    private static final long KVM_RUN = 0xae80;

    long first;
    long second;

    private int at;

    /** @param from behind the opening parenthesis */
    void parse(byte[] b, int from, int to) {
        second = 0;
        at = from;
        first = number(b, to);
        if (at < to && b[at] == '<') {
            skipPath(b, to);
        }
        if (at + 2 < to && b[at] == ',' && b[at + 1] == ' ') {
            at += 2;
            second = number(b, to);
        }
    }

    /** Moves behind the number or word. */
    private long number(byte[] b, int to) {
        int i = at;
        if (i == to) {
            return 0;
        }
        int c = b[i];
        long n = 0;
        if (c >= '0' && c <= '9' || c == '-') {
            boolean isNegative = c == '-';
            i += isNegative ? 1 : 0;
            if (i + 1 < to && b[i] == '0' && b[i + 1] == 'x') {
                for (i += 2; i < to; i++) {
                    int digit = hexDigit(b[i]);
                    if (digit < 0) {
                        break;
                    }
                    n = n << 4 | digit;
                }
            } else {
                int base = i + 1 < to && b[i] == '0' ? 8 : 10;
                for (; i < to && b[i] >= '0' && b[i] <= '9'; i++) {
                    n = n * base + (b[i] - '0');
                }
            }
            n = isNegative ? -n : n;
        } else if (c >= 'A' && c <= 'Z') {
            n = Text.startsWith(b, i, to, "AT_FDCWD") ? AT_FDCWD : Text.startsWith(b, i, to, "KVM_RUN,") ? KVM_RUN : 0;
            while (i < to && isWord(b[i])) {
                i++;
            }
        }
        at = i;
        return n;
    }

    /** {@code </etc/passwd>}: strace escapes angle brackets inside, so the next is the end, but for {@code ->}. */
    private void skipPath(byte[] b, int to) {
        int i = at;
        while (i + 1 < to && !(b[i] == '>' && (b[i + 1] == ',' || b[i + 1] == ')'))) {
            i++;
        }
        at = i + 1;
    }

    private static boolean isWord(byte c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '|';
    }

    private static int hexDigit(byte c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }
}
