package tollgate.ingest.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import tollgate.ingest.BadInput;

/** How a trace.dat 7 packs its sections and chunks. Every size is checked before memory is taken for it. */
enum TraceDatCompression {
    NONE,
    ZSTD,
    ZLIB;

    /** trace-cmd packs 10 pages a chunk and whole sections; the largest section, kallsyms, is 5 MB. */
    static final long LARGEST = 64L << 20;

    /** No deflate stream expands more (zlib.net/zlib_tech.html: 1032 to 1). */
    private static final long ZLIB_MOST = 1032;

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

    /** @throws BadInput if the bytes are not what was packed, or unpack to another size */
    byte[] unpack(byte[] packed, long size, String place) {
        ByteBuffer to = unpack(
                ByteBuffer.allocateDirect(packed.length).put(packed).flip(), size, ByteBuffer.allocate(0), place);
        byte[] bytes = new byte[(int) size];
        to.get(0, bytes);
        return bytes;
    }

    /**
     * @param packed direct; from its position to its limit
     * @param reuse used again if large enough
     * @return direct and little-endian, with {@code size} bytes from 0 on
     */
    ByteBuffer unpack(ByteBuffer packed, long size, ByteBuffer reuse, String place) {
        int length = packed.remaining();
        long told = this == ZSTD
                ? Zstd.getDirectByteBufferFrameContentSize(packed, packed.position(), length)
                : this == NONE ? length : Math.min(size, ZLIB_MOST * length);
        if (size > LARGEST || told != size) {
            throw new BadInput(
                    place,
                    "expected " + length + " packed bytes to hold " + size + " of at most 64 MiB, found that they hold "
                            + told + "; copy the file again");
        }
        ByteBuffer to = reuse.isDirect() && reuse.capacity() >= size
                ? reuse
                : ByteBuffer.allocateDirect((int) size).order(ByteOrder.LITTLE_ENDIAN);
        to.clear().limit((int) size);
        try {
            if (this == ZSTD) {
                Zstd.decompressDirectByteBuffer(to, 0, (int) size, packed, packed.position(), length);
            } else if (this == ZLIB) {
                inflate(packed, to);
            } else {
                to.put(packed.duplicate());
            }
        } catch (ZstdException | DataFormatException corrupt) {
            throw new BadInput(
                    place,
                    "expected packed data, found other bytes (" + corrupt.getMessage() + "); copy the file again");
        }
        return to;
    }

    private static void inflate(ByteBuffer packed, ByteBuffer to) throws DataFormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed.duplicate());
            while (to.hasRemaining()) {
                if (inflater.inflate(to) == 0) {
                    throw new DataFormatException("it ends after " + to.position() + " bytes");
                }
            }
        } finally {
            inflater.end();
        }
    }
}
