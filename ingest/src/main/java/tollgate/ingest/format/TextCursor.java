package tollgate.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A finger that moves over bytes of text. A step that does not fit leaves the finger where it is and
 * clears {@link #fits}, so that a whole line is read without asking after every step: no exceptions, no
 * allocation.
 */
final class TextCursor {
    /** The value of each hexadecimal digit, -1 for other bytes. */
    private static final byte[] HEX = hexDigits();

    byte[] bytes = new byte[0];
    int at;
    /** One past the last byte that may be looked at. */
    int end;
    /** False once any step did not find what it wanted. */
    boolean fits;

    /**
     * Some ASCII to be looked for, with its first sixteen bytes as two numbers and a mask of those that it has, so that
     * it is compared in two steps instead of byte by byte: half of the time of a line of sched_switch went there.
     */
    record Literal(byte[] ascii, int length, long first, long firstMask, long second, long secondMask) {
        private static Literal of(String text) {
            byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
            byte[] padded = Arrays.copyOf(ascii, Math.max(ascii.length, 2 * Long.BYTES));
            return new Literal(
                    ascii,
                    ascii.length,
                    Lines.word(padded, 0),
                    mask(ascii.length),
                    Lines.word(padded, Long.BYTES),
                    mask(ascii.length - Long.BYTES));
        }

        private static long mask(int bytes) {
            return bytes <= 0 ? 0 : bytes >= Long.BYTES ? -1 : (1L << 8 * bytes) - 1;
        }
    }

    static Literal literal(String ascii) {
        return Literal.of(ascii);
    }

    void over(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        at = from;
        end = to;
        fits = true;
    }

    boolean startsWith(Literal literal) {
        return startsWith(at, literal);
    }

    boolean startsWith(int position, Literal literal) {
        int length = literal.length;
        if (position < 0 || end - position < length) {
            return false;
        }
        int compared = 0;
        if (bytes.length - position >= 2 * Long.BYTES) {
            if (((Lines.word(bytes, position) ^ literal.first) & literal.firstMask) != 0
                    || ((Lines.word(bytes, position + Long.BYTES) ^ literal.second) & literal.secondMask) != 0) {
                return false;
            }
            compared = 2 * Long.BYTES;
        }
        for (int i = compared; i < length; i++) {
            if (bytes[position + i] != literal.ascii[i]) {
                return false;
            }
        }
        return true;
    }

    /** Steps over the literal if it stands here. */
    boolean skip(Literal literal) {
        if (startsWith(literal)) {
            at += literal.length;
            return true;
        }
        return false;
    }

    /** Steps over the literal, which must stand here. */
    void expect(Literal literal) {
        if (!skip(literal)) {
            fits = false;
        }
    }

    /** Steps behind the next place where the literal stands. */
    void seek(Literal literal) {
        int found = find(literal, at);
        if (found < 0) {
            fits = false;
        } else {
            at = found + literal.length;
        }
    }

    /** The first position from {@code from} on where the literal stands, or -1. */
    int find(Literal literal, int from) {
        byte first = literal.ascii[0];
        for (int i = from; i <= end - literal.length; i++) {
            if (bytes[i] == first && startsWith(i, literal)) {
                return i;
            }
        }
        return -1;
    }

    void skipBlanks() {
        while (at < end && bytes[at] == ' ') {
            at++;
        }
    }

    /** A decimal number with an optional minus sign; must stand here. Wraps silently beyond 64 bits. */
    long decimal() {
        int i = at;
        boolean negative = i < end && bytes[i] == '-';
        if (negative) {
            i++;
        }
        int start = i;
        long value = 0;
        while (i < end) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            i++;
        }
        if (i == start) {
            fits = false;
            return 0;
        }
        at = i;
        return negative ? -value : value;
    }

    /** A hexadecimal number with or without 0x; must stand here. */
    long hex() {
        int i = at;
        if (end - i > 2 && bytes[i] == '0' && bytes[i + 1] == 'x') {
            i += 2;
        }
        int start = i;
        long value = 0;
        while (i < end) {
            int digit = HEX[bytes[i] & 0xff];
            if (digit < 0) {
                break;
            }
            value = value << 4 | digit;
            i++;
        }
        if (i == start) {
            fits = false;
            return 0;
        }
        at = i;
        return value;
    }

    private static byte[] hexDigits() {
        byte[] digits = new byte[256];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (byte) Character.digit((char) i, 16);
        }
        return digits;
    }
}
