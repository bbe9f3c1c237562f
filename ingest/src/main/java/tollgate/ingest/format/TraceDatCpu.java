package tollgate.ingest.format;

import java.nio.ByteBuffer;
import tollgate.ingest.Damaged;
import tollgate.ingest.Tally;

/**
 * The events of one CPU, out of the pages of its ring buffer, in order of time.
 *
 * <pre>
 *   page    u64 time of the first event | commit: 27 bits bytes used, bit 30 count of missed events stored behind them,
 *           bit 31 events missed before this page | events
 *   event   u32: 5 bits type, 27 bits time since the last event | data
 *           1..28  data of 4 * type bytes
 *           0      u32 length with itself, data
 *           29     padding: u32 length; if its time is 0, the rest of the page
 *           30     u32: upper bits of a time too long for 27
 *           31     u32: upper bits of an absolute time, 59 bits in all
 * </pre>
 *
 * Source: include/linux/ring_buffer.h, kernel/trace/ring_buffer.c; the kernel's own text of it is in header_page and
 * header_event. Padding counts its time, as libtraceevent does.
 */
final class TraceDatCpu {
    private static final int COMMIT = (1 << 27) - 1;
    private static final long MISSED_STORED = 1L << 30;
    private static final long MISSED = 1L << 31;
    private static final int PADDING = 29;
    private static final int TIME_EXTEND = 30;
    private static final int TIME_STAMP = 31;
    private static final int TIME_BITS = 27;
    /** Bytes of the number of chunks. */
    private static final int COUNT = 4;
    /** Bits that an absolute time does not have; they are those of the time before. */
    private static final long TOP_BITS = 0xf8L << 56;

    /** Where a page keeps what, from header_page: 64-bit and 32-bit kernels differ. */
    record PageLayout(int commitAt, int commitSize, int dataAt) {}

    private final String name;
    private final Mapped file;
    private final TraceDatFile.Cpu cpu;
    private final TraceDatCompression compression;
    private final PageLayout layout;
    private final Tally tally;
    private final Damages damages;
    private final long end;

    // Where the next page, or the next chunk of pages, starts in the file.
    private long next;
    private long chunksLeft;
    private ByteBuffer chunk = ByteBuffer.allocateDirect(0);
    private int chunkSize;
    private int chunkAt;

    // The current page, copied, since what is mapped is slower to look at, and its event.
    private final byte[] page;
    private long position;
    private int index;
    private int pageEnd;
    private int at;
    private int length;
    private long time;
    private long missed;

    /** @throws BadInput if the chunks of a compressed buffer cannot be counted */
    TraceDatCpu(
            String name,
            Mapped file,
            TraceDatFile.Cpu cpu,
            TraceDatCompression compression,
            PageLayout layout,
            Tally tally,
            Damages damages) {
        this.name = name;
        this.damages = damages;
        this.file = file;
        this.cpu = cpu;
        page = new byte[cpu.pageSize()];
        this.compression = compression;
        this.layout = layout;
        this.tally = tally;
        // The count before the chunks is not in the size that the file tells.
        long told = cpu.from() + cpu.size() + (cpu.isCompressed() ? COUNT : 0);
        end = Math.min(told, file.size());
        next = cpu.from();
        if (end < told) {
            endsEarly();
        }
        if (cpu.isCompressed()) {
            chunksLeft = next + COUNT <= end ? file.segment(next).getInt(Mapped.index(next)) & 0xffffffffL : 0;
            next += COUNT;
        }
    }

    int cpu() {
        return cpu.cpu();
    }

    /** Moves to the next event. @return false after the last. @throws BadInput where a page is corrupt */
    boolean next() {
        while (true) {
            while (index >= pageEnd) {
                if (!nextPage()) {
                    return false;
                }
            }
            if (stepOrSkip()) {
                return true;
            }
        }
    }

    byte[] bytes() {
        return page;
    }

    /** Where the data of the event starts in {@link #bytes}: its {@code common_type}. */
    int at() {
        return at;
    }

    int length() {
        return length;
    }

    /** Of the event, in the ticks of the trace clock. */
    long time() {
        return time;
    }

    /** Where the event stands in the file, or, if that is compressed, its chunk. */
    long position() {
        return cpu.isCompressed() ? position : position + at;
    }

    /** Events missed just before this one: 0 none, -1 some. Asked for once. */
    long takeMissed() {
        long count = missed;
        missed = 0;
        return count;
    }

    private boolean stepOrSkip() {
        try {
            return step();
        } catch (Damaged wrong) {
            skip(wrong);
            return false;
        }
    }

    /** The rest of a page has no place to go on at; the next page does. */
    private void skip(Damaged wrong) {
        damages.skip(wrong);
        index = pageEnd;
        missed = -1;
    }

    /** Moves over one entry of the page. @return true if it is an event */
    private boolean step() {
        byte[] bytes = page;
        int from = index;
        if (from + 4 > pageEnd) {
            throw corrupt("an event of at least 4 bytes", pageEnd - from);
        }
        int word = Little.i32(bytes, from);
        int type = word & 31;
        long delta = word >>> 5;
        int data = from + 4;
        if (type > 0 && type < PADDING) {
            time += delta;
            at = data;
            length = type * 4;
            index = data + length;
            if (index > pageEnd) {
                throw corrupt("an event of " + length + " bytes", pageEnd - data);
            }
            return true;
        }
        if (type == PADDING && delta == 0) {
            index = pageEnd;
            return false;
        }
        if (data + 4 > pageEnd) {
            throw corrupt("an event of at least 8 bytes", pageEnd - from);
        }
        int extra = Little.i32(bytes, data);
        if (type == 0) {
            time += delta;
            at = data + 4;
            length = extra - 4;
            if (extra < 4 || length > pageEnd - at) {
                throw corrupt("an event of " + (extra & 0xffffffffL) + " bytes", pageEnd - data);
            }
            index = at + (length + 3 & ~3);
            return true;
        }
        if (type == PADDING) {
            if (extra < 4 || extra > pageEnd - data) {
                throw corrupt("padding of " + (extra & 0xffffffffL) + " bytes", pageEnd - data);
            }
            time += delta;
            index = data + extra;
        } else {
            long full = delta | (extra & 0xffffffffL) << TIME_BITS;
            if (type == TIME_EXTEND) {
                time += full;
            } else {
                time = absolute(full);
            }
            index = data + 4;
        }
        return false;
    }

    /** An absolute time of 59 bits, with the top bits of the time before; past their turn if it would run back. */
    private long absolute(long stamp) {
        long top = time & TOP_BITS;
        if (top == 0) {
            return stamp & ~TOP_BITS;
        }
        long full = stamp & ~TOP_BITS | top;
        return Long.compareUnsigned(full, time) < 0 ? full + (1L << 59) : full;
    }

    private boolean nextPage() {
        if (!cpu.isCompressed()) {
            if (next + cpu.pageSize() > end) {
                if (next < end) {
                    endsEarly();
                }
                return false;
            }
            position = next;
            openPage(file.segment(next), Mapped.index(next));
            next += cpu.pageSize();
            return true;
        }
        while (chunkAt + cpu.pageSize() > chunkSize) {
            if (!nextChunk()) {
                return false;
            }
        }
        openPage(chunk, chunkAt);
        chunkAt += cpu.pageSize();
        return true;
    }

    /** {@code u32 packed size, u32 size, packed pages}. */
    private boolean nextChunk() {
        if (chunksLeft == 0) {
            return false;
        }
        if (next + 8 > end) {
            endsEarly();
            return false;
        }
        long packed = file.segment(next).getInt(Mapped.index(next)) & 0xffffffffL;
        long size = file.segment(next).getInt(Mapped.index(next) + 4) & 0xffffffffL;
        if (packed > end - next - 8) {
            endsEarly();
            return false;
        }
        String place = name + ": byte " + next;
        if (packed > Mapped.OVERLAP - 8) {
            damages.skip(new Damaged(
                    place, "expected a chunk of less than 1 MiB, found " + packed + " bytes; copy the file again"));
            chunksLeft = 0;
            return false;
        }
        position = next;
        int from = Mapped.index(next) + 8;
        ByteBuffer in =
                file.segment(next).duplicate().limit(from + (int) packed).position(from);
        chunksLeft--;
        next += 8 + packed;
        chunkAt = 0;
        try {
            chunk = compression.chunk(in, size, chunk, place);
            chunkSize = (int) size;
        } catch (Damaged wrong) {
            skip(wrong);
            chunkSize = 0;
        }
        return true;
    }

    private void openPage(ByteBuffer bytes, int from) {
        bytes.get(from, page);
        time = Little.i64(page, 0);
        long commit = layout.commitSize() == 8
                ? Little.i64(page, layout.commitAt())
                : Little.i32(page, layout.commitAt()) & 0xffffffffL;
        int used = (int) commit & COMMIT;
        index = layout.dataAt();
        int room = cpu.pageSize() - layout.dataAt();
        if (used > room) {
            pageEnd = index;
            skip(corrupt("a page with " + used + " bytes used", room));
            return;
        }
        pageEnd = index + used;
        if ((commit & MISSED) != 0) {
            boolean isCounted = (commit & MISSED_STORED) != 0 && room - used >= layout.commitSize();
            long count = !isCounted
                    ? -1
                    : layout.commitSize() == 8 ? Little.i64(page, pageEnd) : Little.i32(page, pageEnd) & 0xffffffffL;
            missed = count > 0 ? count : -1;
        }
    }

    private void endsEarly() {
        tally.endsEarly(name + ": byte " + end + ", inside the pages of CPU " + cpu.cpu());
    }

    private Damaged corrupt(String expected, int found) {
        return new Damaged(
                name + ": byte " + position,
                "expected " + expected + " at byte " + index + " of a page of CPU " + cpu.cpu() + ", found room for "
                        + found + "; copy the file again");
    }
}
