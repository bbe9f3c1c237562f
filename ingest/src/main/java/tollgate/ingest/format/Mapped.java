package tollgate.ingest.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * A file of any size seen as little-endian memory.
 *
 * <p>A buffer holds at most 2 GiB, so the file is mapped in segments of 512 MiB. Each reaches {@link #OVERLAP}
 * bytes into the next, so that a record which starts in a segment lies in it whole:
 *
 * <pre>
 *   segment 0  |================|--|
 *   segment 1                   |================|--|
 * </pre>
 */
final class Mapped {
    /** Bytes that may be read from any position on without looking at another segment: 1 MiB. */
    static final int OVERLAP = 1 << 20;

    private static final int SHIFT = 29;
    private static final long MASK = (1L << SHIFT) - 1;

    private final ByteBuffer[] segments;
    private final long size;

    Mapped(FileChannel file) throws IOException {
        size = file.size();
        segments = new ByteBuffer[(int) (size + MASK >>> SHIFT)];
        for (int i = 0; i < segments.length; i++) {
            long from = (long) i << SHIFT;
            long length = Math.min(size - from, (1L << SHIFT) + OVERLAP);
            segments[i] = file.map(FileChannel.MapMode.READ_ONLY, from, length).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    long size() {
        return size;
    }

    /** The segment of a position below {@link #size}. */
    ByteBuffer segment(long position) {
        return segments[(int) (position >>> SHIFT)];
    }

    /** Where a position lies in its segment. */
    static int index(long position) {
        return (int) (position & MASK);
    }
}
