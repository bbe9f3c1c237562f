package tollgate.ingest.format;

/** Numbers and words read straight from the bytes of a line. Stateless; every method looks at {@code [from, to)} only. */
final class Text {
    private Text() {}

    /** Index of the first occurrence of an ASCII word, or -1. */
    static int indexOf(byte[] b, int from, int to, String word) {
        int last = to - word.length();
        char first = word.charAt(0);
        for (int i = from; i <= last; i++) {
            if (b[i] == first && startsWith(b, i, to, word)) {
                return i;
            }
        }
        return -1;
    }

    static boolean startsWith(byte[] b, int from, int to, String word) {
        if (to - from < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (b[from + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** True if {@code [from, to)} is this word and nothing else. */
    static boolean is(byte[] b, int from, int to, String word) {
        return to - from == word.length() && startsWith(b, from, to, word);
    }

    /** Index of the first byte that is not a blank. */
    static int skipBlanks(byte[] b, int from, int to) {
        int i = from;
        while (i < to && b[i] == ' ') {
            i++;
        }
        return i;
    }

    /** Index of the first byte that is not a decimal digit. */
    static int skipDigits(byte[] b, int from, int to) {
        int i = from;
        while (i < to && b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        return i;
    }

    /** The decimal number at {@code from}, with an optional minus; stops at the first other byte. Wraps on overflow. */
    static long decimal(byte[] b, int from, int to) {
        int i = from;
        boolean negative = i < to && b[i] == '-';
        if (negative) {
            i++;
        }
        long n = 0;
        for (; i < to && b[i] >= '0' && b[i] <= '9'; i++) {
            n = n * 10 + (b[i] - '0');
        }
        return negative ? -n : n;
    }

    /** The hexadecimal number at {@code from}, with or without 0x; stops at the first other byte. Keeps the low 64 bits. */
    static long hex(byte[] b, int from, int to) {
        int i = startsWith(b, from, to, "0x") ? from + 2 : from;
        long n = 0;
        for (; i < to; i++) {
            int digit = Character.digit(b[i], 16);
            if (digit < 0) {
                break;
            }
            n = n << 4 | digit;
        }
        return n;
    }
}
