package tollgate.ingest.format;

import tollgate.ingest.Syscalls;

/**
 * The call that a line begins with: {@code close(}, to its number, in the time of two loads.
 *
 * <p>A name that has been seen is known by its first sixteen bytes as two words, those from the parenthesis on cleared.
 * Measured on strace -f -ttt -T text of a compilation: hashing and comparing byte by byte took a tenth of all time.
 */
final class StraceCalls {
    /** Slots of the table; at most half of them are used. A kernel has some 370 calls, a program some 80. */
    private static final int SLOTS = 256;

    private static final int LONGEST = 15;
    private static final long PARENTHESES = 0x2828282828282828L;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    /** Number of the call found last, -1 for a name in no table. */
    int number;

    private final long[] first = new long[SLOTS];
    private final long[] second = new long[SLOTS];
    private final int[] numbers = new int[SLOTS];
    private int used;
    private final WordCodes words = new WordCodes(StraceCalls::number);

    /** Where the parenthesis of {@code name(} stands, or -1 if there is no such thing; sets {@link #number}. */
    int find(byte[] b, int from, int to) {
        if (from + 16 > b.length || from + 2 > to) {
            return slow(b, from, to);
        }
        long one = Lines.word(b, from);
        long two = 0;
        int length = parenthesis(one);
        if (length < 8) {
            one &= ~(-1L << 8 * length);
        } else {
            two = Lines.word(b, from + 8);
            length = parenthesis(two);
            if (length == 8) {
                return slow(b, from, to);
            }
            two &= ~(-1L << 8 * length);
            length += 8;
        }
        int slot = slot(one, two);
        while (first[slot] != 0) {
            if (first[slot] == one && second[slot] == two) {
                number = numbers[slot];
                return from + length < to ? from + length : -1;
            }
            slot = (slot + 1) & (SLOTS - 1);
        }
        int paren = slow(b, from, to);
        if (paren == from + length && length <= LONGEST && used < SLOTS / 2) {
            used++;
            first[slot] = one;
            second[slot] = two;
            numbers[slot] = number;
        }
        return paren;
    }

    /** The number of a word, without the short way. */
    int code(byte[] b, int from, int to) {
        return words.code(b, from, to);
    }

    /** Where the parenthesis of {@code name(} stands, byte by byte, or -1. */
    static int parenthesis(byte[] b, int from, int to) {
        int i = from;
        while (i < to && isNamePart(b[i])) {
            i++;
        }
        return i > from && i < to && b[i] == '(' && !(b[from] >= '0' && b[from] <= '9') ? i : -1;
    }

    /** {@code close}; {@code syscall_0x270f} for a number that strace does not know; -1 for any other word. */
    static int number(String call) {
        if (call.startsWith("syscall_0x")) {
            long number = 0;
            for (int i = "syscall_0x".length(); i < call.length(); i++) {
                number = number << 4 | Math.max(0, Character.digit(call.charAt(i), 16));
            }
            return (int) number;
        }
        return Syscalls.number(call);
    }

    private int slow(byte[] b, int from, int to) {
        int paren = parenthesis(b, from, to);
        number = paren < 0 ? -1 : words.code(b, from, paren);
        return paren;
    }

    /** Bytes before the first parenthesis, 8 if there is none: see {@link Lines} for the arithmetic. */
    private static int parenthesis(long word) {
        long x = word ^ PARENTHESES;
        return Long.numberOfTrailingZeros((x - ONES) & ~x & HIGHS) >>> 3;
    }

    private static int slot(long one, long two) {
        return (int) ((one ^ two * 0xC2B2AE3D27D4EB4FL) * 0x9E3779B97F4A7C15L >>> 56);
    }

    private static boolean isNamePart(byte c) {
        return c >= 'a' && c <= 'z' || c == '_' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z';
    }
}
