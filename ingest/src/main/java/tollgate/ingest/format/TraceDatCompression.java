package tollgate.ingest.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import tollgate.ingest.BadInput;
import tollgate.ingest.Damaged;

/** How a trace.dat 7 packs its sections and the chunks of its pages. No size is believed before memory is taken for it. */
enum TraceDatCompression {
    NONE,
    ZSTD,
    ZLIB;

    /** Of a section, bytes: all event formats of a kernel are some 5 MB of text. */
    private static final int LARGEST_SECTION = 256 << 20;
    /** Of a chunk, bytes: trace-cmd packs 10 pages at a time, 40 KiB. */
    private static final int LARGEST_CHUNK = 4 << 20;

    static TraceDatCompression named(String name, String place) {
        return switch (name) {
            case "none" -> NONE;
            case "zstd" -> ZSTD;
            case "zlib" -> ZLIB;
            default ->
                throw new BadInput(
                        place,
                        "expected the compression none, zstd or zlib, found '" + BadInput.show(name, 20)
                                + "'; convert it with 'trace-cmd convert'");
        };
    }

    /**
     * A section. Memory grows with what comes out, not with what {@code size} claims.
     *
     * @throws BadInput if the bytes are not what was packed, or unpack to another size
     */
    byte[] section(byte[] packed, long size, String place) {
        try (InputStream in = open(packed)) {
            byte[] bytes = in.readNBytes((int) Math.min(size + 1, LARGEST_SECTION));
            if (bytes.length != size) {
                throw new BadInput(
                        place,
                        "expected a packed section of " + size + " bytes, found "
                                + (bytes.length > size ? "more" : String.valueOf(bytes.length))
                                + "; copy the file again");
            }
            return bytes;
        } catch (IOException corrupt) {
            throw corrupt(corrupt, place);
        }
    }

    private InputStream open(byte[] packed) throws IOException {
        InputStream in = new ByteArrayInputStream(packed);
        return switch (this) {
            case NONE -> in;
            case ZSTD -> new ZstdInputStreamNoFinalizer(in);
            case ZLIB -> new InflaterInputStream(in);
        };
    }

    /**
     * A chunk of pages.
     *
     * @param packed direct; from its position to its limit
     * @param reuse used again if large enough
     * @return direct and little-endian, with {@code size} bytes from 0 on
     * @throws Damaged as in {@link #section}
     */
    ByteBuffer chunk(ByteBuffer packed, long size, ByteBuffer reuse, String place) {
        if (size > LARGEST_CHUNK) {
            throw new Damaged(
                    place, "expected a chunk of at most 4 MiB, found one of " + size + "; copy the file again");
        }
        ByteBuffer to = reuse.capacity() >= size
                ? reuse
                : ByteBuffer.allocateDirect((int) size).order(ByteOrder.LITTLE_ENDIAN);
        to.clear().limit((int) size);
        try {
            long unpacked = unpack(packed, to);
            if (unpacked != size) {
                throw new Damaged(
                        place,
                        "expected a packed chunk of " + size + " bytes, found " + unpacked + "; copy the file again");
            }
        } catch (ZstdException | DataFormatException corrupt) {
            throw corrupt(corrupt, place);
        }
        return to;
    }

    private long unpack(ByteBuffer packed, ByteBuffer to) throws DataFormatException {
        switch (this) {
            case ZSTD:
                return Zstd.decompressDirectByteBuffer(
                        to, 0, to.limit(), packed, packed.position(), packed.remaining());
            case ZLIB:
                Inflater inflater = new Inflater();
                try {
                    inflater.setInput(packed.duplicate());
                    return inflater.inflate(to);
                } finally {
                    inflater.end();
                }
            default:
                int length = Math.min(to.remaining(), packed.remaining());
                to.put(0, packed, packed.position(), length);
                return length;
        }
    }

    private static Damaged corrupt(Exception corrupt, String place) {
        return new Damaged(
                place, "expected packed data, found other bytes (" + corrupt.getMessage() + "); copy the file again");
    }
}
