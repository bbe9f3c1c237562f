package tollgate.ingest.format;

/**
 * Eight decimal digits at once: pairs, then fours, then eight, each step one multiplication for all lanes.
 *
 * <p>Of a little-endian word the first digit is the lowest byte. With d0 d1 in two bytes, {@code d * 10 + (d >> 8)} leaves
 * {@code 10 d0 + d1} in the lower one, and so on. It replaces eight multiplications that wait for each other.
 */
final class Digits {
    private Digits() {}

    /** True if all eight bytes are digits. */
    static boolean areEight(long word) {
        // Upper half 3, and still 3 after adding 6: 0x30 to 0x39.
        return (word & 0xF0F0F0F0F0F0F0F0L) == 0x3030303030303030L
                && (word + 0x0606060606060606L & 0xF0F0F0F0F0F0F0F0L) == 0x3030303030303030L;
    }

    /** The number that eight digits say. */
    static int eight(long word) {
        long v = word - 0x3030303030303030L;
        v = v * 10 + (v >>> 8);
        return (int) ((v & 0x000000FF000000FFL) * 0x000F424000000064L
                        + (v >>> 16 & 0x000000FF000000FFL) * 0x0000271000000001L
                >>> 32);
    }

    /** The word with two zeros before its first six bytes. */
    static long ofSix(long word) {
        return word << 16 | 0x3030L;
    }
}
