package tollgate.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import tollgate.ingest.BadInput;

/**
 * Reads the head of a binary recording from front to back, little-endian, each length checked before it is
 * used: what does not fit in the part of the file it must lie in is {@link BadInput} with the byte offset.
 */
final class BinaryCursor {
    /** Where the bytes come from; fewer than asked, or -1, at the end. */
    @FunctionalInterface
    private interface Source {
        int read(ByteBuffer to, long position) throws IOException;
    }

    private static final int WINDOW = 1 << 14;
    /** A name or a line of text in a head; what is longer is not one. */
    private static final int LONGEST_STRING = 1 << 16;

    private final String name;
    private final Source source;
    private final long end;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    private long windowStart;
    private long position;

    private BinaryCursor(String name, Source source, long from, long end) {
        this.name = name;
        this.source = source;
        this.position = from;
        this.end = end;
        window.limit(0);
    }

    /** @param end first byte that does not belong to the part to be read; the end of the file counts if it comes earlier */
    static BinaryCursor of(String name, FileChannel file, long from, long end) throws IOException {
        return new BinaryCursor(name, file::read, from, Math.min(end, file.size()));
    }

    static BinaryCursor of(String name, byte[] bytes) {
        Source source = (to, at) -> {
            int n = Math.min(to.remaining(), bytes.length - (int) at);
            to.put(bytes, (int) at, n);
            return n;
        };
        return new BinaryCursor(name, source, 0, bytes.length);
    }

    long position() {
        return position;
    }

    long remaining() {
        return end - position;
    }

    /** The file and the current byte, for messages. */
    String place() {
        return name + ": byte " + position;
    }

    void seek(long to, String what) {
        if (to < 0 || to > end) {
            throw new BadInput(
                    place(),
                    "expected " + what + " at byte " + to + ", found the end at " + end + "; copy the file again");
        }
        position = to;
    }

    int u8(String what) throws IOException {
        return need(1, what).get((int) (position++ - windowStart)) & 0xff;
    }

    int u16(String what) throws IOException {
        int value = need(2, what).getShort((int) (position - windowStart)) & 0xffff;
        position += 2;
        return value;
    }

    long u32(String what) throws IOException {
        long value = need(4, what).getInt((int) (position - windowStart)) & 0xffffffffL;
        position += 4;
        return value;
    }

    long u64(String what) throws IOException {
        long value = need(8, what).getLong((int) (position - windowStart));
        position += 8;
        return value;
    }

    /** A length in 64 bits that must fit in what is left. */
    long length64(String what) throws IOException {
        long at = position;
        return fits(u64(what), at, what);
    }

    /** A length in 32 bits that must fit in what is left. */
    long length32(String what) throws IOException {
        long at = position;
        return fits(u32(what), at, what);
    }

    byte[] bytes(long length, String what) throws IOException {
        // A gibibyte of head is no recording: the heads here hold some MiB of text.
        if (length > 1 << 30) {
            throw new BadInput(
                    place(), "expected at most 1 GiB of " + what + ", found " + length + " bytes; record again");
        }
        byte[] bytes = new byte[(int) fits(length, position, what)];
        ByteBuffer to = ByteBuffer.wrap(bytes);
        while (to.hasRemaining() && source.read(to, position + to.position()) > 0) {
            continue;
        }
        position += bytes.length;
        return bytes;
    }

    void skip(long length, String what) {
        position += fits(length, position, what);
    }

    /** The bytes up to the next zero byte, which is passed over. */
    String string(String what) throws IOException {
        byte[] bytes = new byte[64];
        int n = 0;
        for (int c = u8(what); c != 0; c = u8(what)) {
            if (n == LONGEST_STRING) {
                throw new BadInput(
                        place(), "expected " + what + " of at most 64 KiB, found no end to it; record again");
            }
            if (n == bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, n * 2);
            }
            bytes[n++] = (byte) c;
        }
        return new String(bytes, 0, n, StandardCharsets.UTF_8);
    }

    private long fits(long length, long at, String what) {
        if (length < 0 || length > end - position) {
            throw new BadInput(
                    name + ": byte " + at,
                    "expected " + what + " of " + Long.toUnsignedString(length) + " bytes, found only "
                            + (end - position) + " left; copy the file again");
        }
        return length;
    }

    private ByteBuffer need(int length, String what) throws IOException {
        if (position < windowStart || position + length > windowStart + window.limit()) {
            fits(length, position, what);
            window.clear();
            windowStart = position;
            while (window.hasRemaining() && source.read(window, windowStart + window.position()) > 0) {
                continue;
            }
            window.flip();
            if (window.limit() < length) {
                throw new BadInput(place(), "expected " + what + ", found the end of the file; copy the file again");
            }
        } else if (position + length > end) {
            fits(length, position, what);
        }
        return window;
    }
}
