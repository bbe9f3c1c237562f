package tollgate.ingest.format;

import java.nio.charset.StandardCharsets;

/**
 * A finger that moves over bytes of text. A step that does not fit leaves the finger where it is and
 * clears {@link #fits}, so that a whole line is read without asking after every step: no exceptions, no
 * allocation.
 */
final class TextCursor {
    byte[] bytes = new byte[0];
    int at;
    /** One past the last byte that may be looked at. */
    int end;
    /** False once any step did not find what it wanted. */
    boolean fits;

    static byte[] literal(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    void over(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        at = from;
        end = to;
        fits = true;
    }

    boolean startsWith(byte[] literal) {
        return startsWith(at, literal);
    }

    boolean startsWith(int position, byte[] literal) {
        if (position < 0 || end - position < literal.length) {
            return false;
        }
        for (int i = 0; i < literal.length; i++) {
            if (bytes[position + i] != literal[i]) {
                return false;
            }
        }
        return true;
    }

    /** Steps over the literal if it stands here. */
    boolean skip(byte[] literal) {
        if (startsWith(literal)) {
            at += literal.length;
            return true;
        }
        return false;
    }

    /** Steps over the literal, which must stand here. */
    void expect(byte[] literal) {
        if (!skip(literal)) {
            fits = false;
        }
    }

    /** Steps behind the next place where the literal stands. */
    void seek(byte[] literal) {
        int found = find(literal, at);
        if (found < 0) {
            fits = false;
        } else {
            at = found + literal.length;
        }
    }

    /** The first position from {@code from} on where the literal stands, or -1. */
    int find(byte[] literal, int from) {
        byte first = literal[0];
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
            int digit = hexDigit(bytes[i]);
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

    private static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }
}
