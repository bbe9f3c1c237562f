package tollgate.replay.pages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;

/**
 * Reads page-access traces (PGT1): which page a CPU fetched from, loaded from or stored to, in order, with
 * the events of its kernel in between. One pass, nothing allocated per record.
 *
 * <p>After the magic number {@code PGT1\n} everything is LEB128 varints. A record starts with one whose two
 * low bits are its kind:
 *
 * <pre>
 *   id &lt;&lt; 2 | 0, 1, 2                     fetch, load, store of page id
 *        0 | 0, 1, 2   page               the same of a new page, which gets the next id, from 1 on
 *   code &lt;&lt; 2 | 3   instructions   loads   stores   argument       an event; counts since the last event
 * </pre>
 *
 * A page number is a virtual address >> 12 in 36 bits, bit 35 set in the kernel half. A fetch stands there when its
 * page is not that of the fetch before it, a load or store when page or direction differ from the one before.
 */
public final class PageTrace {
    // Event codes, with what the argument of an event is.
    public static final int USER_RETURN = 1;
    public static final int SYSCALL_ENTRY = 2;
    /** Number of the syscall, 9999 for none. */
    public static final int SYSCALL_NUMBER = 3;
    /** Id of the exception or interrupt, as its kernel's list of vectors names it. */
    public static final int EXCEPTION_ENTRY = 4;

    public static final int KERNEL_RETURN = 6;
    /** Index of the task switched to. */
    public static final int TASK = 7;
    /** One of {@link #CR3_KPTI}, {@link #CR3_OTHER_MM}, {@link #CR3_FLUSH}. */
    public static final int CR3_WRITE = 8;
    /** Id of the address space, after a switch or exec. */
    public static final int ADDRESS_SPACE = 9;
    /** A write to CR4: flushes global entries too. */
    public static final int CR4_WRITE = 10;
    /** INVLPG; its address is not known. */
    public static final int INVLPG = 11;

    public static final int END = 12;
    /** Exit code (SVM). Its instructions are the guest's. */
    public static final int VM_EXIT = 13;

    public static final int VM_ENTRY = 14;

    // Arguments of CR3_WRITE.
    public static final int CR3_KPTI = 0;
    public static final int CR3_OTHER_MM = 1;
    public static final int CR3_FLUSH = 2;

    /** Address space at the start of a trace. */
    public static final int FIRST_ADDRESS_SPACE = 1;

    /** Pages a trace may name: 2^24 pages are 64 GiB touched, and 128 MiB of memory for the table here. */
    public static final int MAX_PAGES = 1 << 24;

    private static final byte[] MAGIC = "PGT1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PAGE_BITS = 36;

    private final String name;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    /** Bytes of the stream before the buffer. */
    private long before;

    private long[] pages = new long[1 << 10];
    private int known;

    /** Where the records of a trace go. */
    public interface Sink {
        /**
         * @param page virtual address >> 12, sign-extended
         * @param type {@link tollgate.replay.Access#FETCH}, LOAD or STORE
         */
        void access(long page, int type);

        /**
         * @param code one of the event codes above
         * @param instructions executed since the last event; so are loads and stores
         */
        void event(int code, long instructions, long loads, long stores, long argument);
    }

    /**
     * What was read.
     *
     * @param isWhole whether the trace ended with its end event; if not it was used up to its last whole record
     */
    public record Extent(long accesses, long events, int pages, boolean isWhole) {}

    private PageTrace(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /** Whether these first bytes are those of a page-access trace. */
    public static boolean isOne(byte[] head) {
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /**
     * @param input a {@code .pgt} or {@code .pgt.zst}
     * @throws BadInput at the first byte that cannot be right
     */
    public static Extent read(Input input, Sink sink) throws IOException {
        try (InputStream in = input.stream()) {
            return read(input.name(), in, sink);
        }
    }

    /**
     * @param name what to call the trace in messages
     * @param in the trace, not compressed
     * @throws BadInput at the first byte that cannot be right
     */
    public static Extent read(String name, InputStream in, Sink sink) throws IOException {
        return new PageTrace(name, in).read(sink);
    }

    private Extent read(Sink sink) throws IOException {
        readMagic();
        long accesses = 0;
        long events = 0;
        while (true) {
            long start = offset();
            long first = varint();
            if (first < 0) {
                return new Extent(accesses, events, known, false);
            }
            int kind = (int) first & 3;
            long value = first >>> 2;
            if (kind < 3) {
                long page = value == 0 ? newPage(start) : knownPage(value, start);
                if (page == CUT) {
                    return new Extent(accesses, events, known, false);
                }
                accesses++;
                sink.access(page, kind);
                continue;
            }
            if (value < USER_RETURN || value > VM_ENTRY) {
                throw bad(start, "expected an event code from 1 to " + VM_ENTRY + ", found " + value);
            }
            long instructions = varint();
            long loads = varint();
            long stores = varint();
            long argument = varint();
            if (argument < 0) {
                return new Extent(accesses, events, known, false);
            }
            events++;
            sink.event((int) value, instructions, loads, stores, argument);
            if (value == END) {
                return whole(accesses, events);
            }
        }
    }

    private Extent whole(long accesses, long events) throws IOException {
        long end = offset();
        if (next() >= 0) {
            throw bad(end, "expected nothing after the end event, found more; the file may be two traces in one");
        }
        return new Extent(accesses, events, known, true);
    }

    private void readMagic() throws IOException {
        for (byte expected : MAGIC) {
            if (next() != expected) {
                throw bad(0, "expected a page-access trace that starts with PGT1, found something else");
            }
        }
    }

    /** Not a page number: the trace is cut here. Page numbers have 36 bits, sign-extended. */
    private static final long CUT = Long.MIN_VALUE;

    private long knownPage(long id, long at) {
        if (id > known) {
            throw bad(at, "expected a page id up to " + known + ", found " + id);
        }
        return pages[(int) id - 1];
    }

    private long newPage(long at) throws IOException {
        long number = varint();
        if (number < 0) {
            return CUT;
        }
        if (number >>> PAGE_BITS != 0) {
            throw bad(at, "expected a page number of 36 bits, found " + Long.toHexString(number));
        }
        if (known == MAX_PAGES) {
            throw bad(at, "more than " + MAX_PAGES + " different pages; cut the trace into parts");
        }
        if (known == pages.length) {
            pages = Arrays.copyOf(pages, known * 2);
        }
        long page = number << (64 - PAGE_BITS) >> (64 - PAGE_BITS);
        pages[known++] = page;
        return page;
    }

    /** The next varint, below 2^63, or -1 if the stream ends before or inside it; then every later one is -1 too. */
    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = next();
            if (b < 0) {
                return -1;
            }
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw bad(offset(), "expected a varint of at most 9 bytes, found a longer one");
    }

    private int next() throws IOException {
        if (position == limit && !refill()) {
            return -1;
        }
        return buffer[position++] & 0xff;
    }

    private boolean refill() throws IOException {
        before += limit;
        position = 0;
        limit = Math.max(0, in.readNBytes(buffer, 0, buffer.length));
        return limit > 0;
    }

    private long offset() {
        return before + position;
    }

    private BadInput bad(long at, String problem) {
        return new BadInput(name + ": byte " + at, problem);
    }
}
