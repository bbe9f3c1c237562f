package tollgate.ingest.format;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The lines of a text recording as slices of one buffer: no string, no allocation per line.
 *
 * <p>After {@link #next} the current line is {@code bytes()[from(), to())}, without its line feed. A
 * line longer than {@link #LONGEST} is cut there; the rest of it is skipped.
 */
final class Lines implements Closeable {
    /** 1 MiB: strace -v -s prints lines of some ten KiB; what is longer is not a recording. */
    static final int LONGEST = 1 << 20;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final InputStream in;
    private byte[] bytes;
    private int from;
    private int to;
    private int next;
    private int filled;
    private boolean atEnd;
    private boolean complete;
    private long number;
    private boolean isCut;
    /** Bytes of the current line before any other was joined to it. */
    private int firstLength;

    private long firstNumber;
    /** Of the whole text before the buffer. */
    private long before;

    private long pause = Long.MAX_VALUE;
    private boolean isJoined;

    Lines(InputStream in) {
        this(in, 1 << 18);
    }

    /** @param buffer bytes of the buffer to begin with; it grows with the longest line */
    Lines(InputStream in, int buffer) {
        this.in = in;
        this.bytes = new byte[buffer];
    }

    /** The lines of some text in memory. @param bytes with room to load eight bytes at any of its positions */
    Lines(byte[] bytes, int length) {
        in = InputStream.nullInputStream();
        this.bytes = bytes;
        filled = length;
        atEnd = true;
    }

    /** Moves to the next line. @return false after the last, or at the pause */
    boolean next() throws IOException {
        if (before + next >= pause) {
            return false;
        }
        from = next;
        int scanned = from;
        while (true) {
            int end = indexOfLineFeed(scanned, filled);
            if (end >= 0) {
                to = end;
                next = end + 1;
                begin(true);
                return true;
            }
            if (filled - from >= LONGEST) {
                return cutLongLine();
            }
            scanned = filled - from;
            if (!fill()) {
                to = filled;
                next = filled;
                if (to == from) {
                    return false;
                }
                begin(false);
                return true;
            }
            scanned += from;
        }
    }

    private void begin(boolean isComplete) {
        number++;
        complete = isComplete;
        firstNumber = number;
        firstLength = to - from;
    }

    /** Undoes every {@link #extend}: the line that follows is again the one behind the first. */
    void part() {
        if (number > firstNumber) {
            to = from + firstLength;
            next = to + 1;
            number = firstNumber;
            complete = true;
        }
    }

    /**
     * Lengthens the current line by the one behind it and the line feed between them, for a record that a
     * line feed inside a comm has torn. What {@link #bytes} and {@link #from} gave before is void.
     *
     * @return false at the end of the input, where nothing changes
     */
    boolean extend() throws IOException {
        int length = to - from;
        int first = from;
        if (!complete) {
            return false;
        }
        isJoined = true;
        int scanned = next;
        int end = indexOfLineFeed(scanned, filled);
        while (end < 0 && filled - first < LONGEST) {
            int unread = filled - first;
            from = first;
            boolean more = fill();
            first = from;
            next = first + length + 1;
            to = first + length;
            if (!more) {
                break;
            }
            end = indexOfLineFeed(first + unread, filled);
        }
        if (end < 0 && filled <= next) {
            return false;
        }
        complete = end >= 0;
        to = complete ? end : filled;
        next = complete ? end + 1 : filled;
        number++;
        return true;
    }

    /** Where the next line begins, in bytes of the whole text. */
    long position() {
        return before + next;
    }

    /** Up to where the text has been read into the buffer. */
    long filledTo() {
        return before + filled;
    }

    /** {@link #next} moves to no line that begins there or later, until told otherwise. */
    void pauseAt(long position) {
        pause = position;
    }

    boolean isPaused() {
        return before + next >= pause;
    }

    /** Passes over lines that were read elsewhere. @param position where the next begins */
    void goOn(long position, long lines) {
        number += lines;
        before = position;
        from = 0;
        to = 0;
        next = 0;
        filled = 0;
    }

    /** Whether each line so far stood for itself: none was cut, joined to another or without its line feed. */
    boolean isPlain() {
        return !isCut && !isJoined && (number == 0 || complete);
    }

    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Number of the current line, from 1. */
    long number() {
        return number;
    }

    /** False if the current line is the last and has no line feed: the file may have been cut inside it. */
    boolean isComplete() {
        return complete;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /**
     * Eight bytes at a time: of {@code x = word ^ eight line feeds}, {@code (x - 0x01..01) & ~x & 0x80..80} has its lowest
     * set bit in the first byte that was a line feed (borrows reach upwards only).
     */
    private int indexOfLineFeed(int start, int end) {
        byte[] b = bytes;
        int i = start;
        // Four words to one branch, as most lines are longer than that.
        for (; i <= end - 4 * Long.BYTES; i += 4 * Long.BYTES) {
            if ((lineFeeds(word(b, i))
                            | lineFeeds(word(b, i + Long.BYTES))
                            | lineFeeds(word(b, i + 2 * Long.BYTES))
                            | lineFeeds(word(b, i + 3 * Long.BYTES)))
                    != 0) {
                break;
            }
        }
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long hit = lineFeeds(word(b, i));
            if (hit != 0) {
                return i + (Long.numberOfTrailingZeros(hit) >>> 3);
            }
        }
        for (; i < end; i++) {
            if (b[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static long lineFeeds(long word) {
        long x = word ^ 0x0a0a0a0a0a0a0a0aL;
        return (x - 0x0101010101010101L) & ~x & 0x8080808080808080L;
    }

    /** Eight bytes as one number, the first byte lowest. */
    static long word(byte[] b, int from) {
        return (long) WORD.get(b, from);
    }

    /** Reads more behind what is there, keeping the unfinished line; afterwards it starts at {@link #from}. */
    private boolean fill() throws IOException {
        if (atEnd) {
            return false;
        }
        if (from > 0) {
            System.arraycopy(bytes, from, bytes, 0, filled - from);
            before += from;
            filled -= from;
            from = 0;
        }
        if (filled == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int n = in.read(bytes, filled, bytes.length - filled);
        if (n < 0) {
            atEnd = true;
            return false;
        }
        filled += n;
        return true;
    }

    private boolean cutLongLine() throws IOException {
        isCut = true;
        to = from + LONGEST;
        begin(true);
        byte[] kept = Arrays.copyOfRange(bytes, from, to);
        from = to;
        int end = indexOfLineFeed(from, filled);
        while (end < 0) {
            from = filled;
            if (!fill()) {
                break;
            }
            end = indexOfLineFeed(from, filled);
        }
        int rest = end < 0 ? filled : end + 1;
        byte[] behind = Arrays.copyOfRange(bytes, rest, filled);
        before += rest - LONGEST;
        System.arraycopy(kept, 0, bytes, 0, LONGEST);
        if (bytes.length < LONGEST + behind.length) {
            bytes = Arrays.copyOf(bytes, LONGEST + behind.length);
        }
        System.arraycopy(behind, 0, bytes, LONGEST, behind.length);
        from = 0;
        to = LONGEST;
        next = LONGEST;
        filled = LONGEST + behind.length;
        return true;
    }
}
