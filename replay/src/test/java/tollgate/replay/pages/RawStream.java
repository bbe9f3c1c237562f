package tollgate.replay.pages;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A page-access stream (PGT1) as the generator needs it: whole in memory, to be walked several times.
 *
 * <p>A token that is not negative is an access, {@code page id << 2 | type} with type as in
 * {@link tollgate.replay.Access}; a negative token is {@code ~index} of an event.
 */
final class RawStream {
    static final int TO_USER = 1;
    static final int SYSCALL = 2;
    static final int NUMBER = 3;
    static final int INTERRUPT = 4;
    static final int TO_KERNEL = 6;
    static final int TASK = 7;
    static final int SPACE = 9;
    static final int EXIT = 13;
    static final int ENTRY = 14;

    int[] tokens = new int[1 << 20];
    int size;
    /** Page number by page id, sign-extended; ids start at 1. */
    long[] pages = new long[1 << 12];

    int pageCount = 1;
    int[] code = new int[1 << 12];
    /** Instructions since the last event. */
    long[] instructions = new long[1 << 12];

    long[] loads = new long[1 << 12];
    long[] argument = new long[1 << 12];
    int events;

    static RawStream read(Path file) throws IOException {
        RawStream stream = new RawStream();
        try (InputStream in = new BufferedInputStream(new ZstdInputStream(Files.newInputStream(file)), 1 << 16)) {
            byte[] magic = in.readNBytes(5);
            if (!Arrays.equals(magic, new byte[] {'P', 'G', 'T', '1', '\n'})) {
                throw new IOException(file + ": not a PGT1 stream");
            }
            stream.fill(in);
        }
        return stream;
    }

    private void fill(InputStream in) throws IOException {
        for (int first = in.read(); first >= 0; first = in.read()) {
            long head = first < 128 ? first : first & 127 | varint(in) << 7;
            int kind = (int) head & 3;
            int a = (int) (head >>> 2);
            if (kind == 3) {
                event(a, varint(in), in);
                continue;
            }
            if (a == 0) {
                a = newPage(varint(in));
            }
            push(a << 2 | kind);
        }
    }

    private void event(int what, long count, InputStream in) throws IOException {
        long loaded = varint(in);
        varint(in);
        if (events == code.length) {
            code = Arrays.copyOf(code, events * 2);
            instructions = Arrays.copyOf(instructions, events * 2);
            loads = Arrays.copyOf(loads, events * 2);
            argument = Arrays.copyOf(argument, events * 2);
        }
        code[events] = what;
        instructions[events] = count;
        loads[events] = loaded;
        argument[events] = varint(in);
        push(~events++);
    }

    private int newPage(long number) {
        if (pageCount == pages.length) {
            pages = Arrays.copyOf(pages, pageCount * 2);
        }
        pages[pageCount] = (number & 1L << 35) != 0 ? number | -1L << 36 : number;
        return pageCount++;
    }

    private void push(int token) {
        if (size == tokens.length) {
            tokens = Arrays.copyOf(tokens, size * 2);
        }
        tokens[size++] = token;
    }

    private static long varint(InputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("stream ends inside a number");
            }
            value |= (long) (b & 127) << shift;
            if (b < 128) {
                return value;
            }
        }
    }
}
