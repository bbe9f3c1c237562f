package tollgate.ingest.format;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tollgate.ingest.BadInput;
import tollgate.ingest.Damaged;
import tollgate.ingest.Input;

/**
 * Writes the records of a {@code perf record -z} out plainly, to a temporary file that the rest reads as if perf
 * had not compressed them: what is sorted must be looked at twice, and cannot be kept in memory.
 *
 * <p>All PERF_RECORD_COMPRESSED of a file hold one zstd stream. Its pieces cut records anywhere; other records stand
 * between them and keep their place: behind the last whole record that came before.
 */
final class PerfDataExpander {
    private static final int OUT = 1 << 18;

    private final String name;
    private final ByteBuffer out = buffer(OUT);
    private final Path path;
    private final FileChannel to;
    /** Bytes of {@link #out} that are known to be whole records. */
    private int whole;

    private long written;
    private long total;

    private PerfDataExpander(String name) throws IOException {
        this.name = name;
        path = Files.createTempFile("tollgate-", ".perf");
        path.toFile().deleteOnExit();
        to = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    /**
     * @param from first byte of the records in {@code file}, with {@code end} behind their last
     * @return an open file that is deleted when closed
     * @param damages may say that what stands behind the first broken piece, which cannot be expanded, is left out
     * @throws BadInput if a piece is not zstd
     */
    static FileChannel expand(String name, FileChannel file, long from, long end, Damages damages) throws IOException {
        PerfDataExpander expander = new PerfDataExpander(name);
        try (ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
            expander.runOrSkip(new Mapped(file), from, Math.min(end, file.size()), zstd, damages);
            return expander.to;
        } catch (IOException | RuntimeException e) {
            expander.to.close();
            throw e;
        }
    }

    private void runOrSkip(Mapped in, long from, long end, ZstdDecompressCtx zstd, Damages damages) throws IOException {
        try {
            run(in, from, end, zstd);
        } catch (Damaged wrong) {
            damages.skip(wrong);
            flush(whole);
        }
    }

    private void run(Mapped in, long from, long end, ZstdDecompressCtx zstd) throws IOException {
        long at = from;
        while (at + PerfDataLayout.HEADER <= end) {
            ByteBuffer bytes = in.segment(at);
            int index = Mapped.index(at);
            int type = bytes.getInt(index);
            int size = bytes.getShort(index + 6) & 0xffff;
            if (size < PerfDataLayout.HEADER) {
                throw new Damaged(
                        name + ": byte " + at,
                        "expected a record of at least 8 bytes, found one of " + size + "; copy the file again");
            }
            if (at + size > end) {
                break;
            }
            long extra = PerfDataRecords.extra(type, bytes, index, size);
            if (extra > 0) {
                // Event formats and hardware traces: the header has been read, and the others are not used.
                at += Math.min(extra, end - at - size);
            } else if (type == PerfDataRecords.COMPRESSED) {
                decompress(bytes, index + PerfDataLayout.HEADER, size - PerfDataLayout.HEADER, at, zstd);
            } else if (type == PerfDataRecords.COMPRESSED2) {
                long length = size < 16 ? -1 : bytes.getLong(index + PerfDataLayout.HEADER);
                if (length < 0 || length > size - 16) {
                    throw new Damaged(
                            name + ": byte " + at,
                            "expected compressed data inside its record of " + size + " bytes, found " + length
                                    + "; copy the file again");
                }
                decompress(bytes, index + 16, (int) length, at, zstd);
            } else {
                between(bytes, index, size);
            }
            at += size;
        }
        if (at < end) {
            // A record cut at the end of the file stays cut, so that the reader of the plain records says so.
            reserve((int) Math.min(end - at, OUT / 2));
            copy(in.segment(at), Mapped.index(at), (int) Math.min(end - at, PerfDataLayout.HEADER));
        }
        flush(out.position());
    }

    private void decompress(ByteBuffer bytes, int index, int length, long at, ZstdDecompressCtx zstd)
            throws IOException {
        ByteBuffer in = bytes.duplicate().limit(index + length).position(index);
        try {
            boolean isFull = false;
            while (in.hasRemaining() || isFull) {
                reserve(1 << 17);
                int before = in.position() + out.position();
                zstd.decompressDirectByteBufferStream(out, in);
                isFull = !out.hasRemaining();
                if (!isFull && in.position() + out.position() == before) {
                    break;
                }
            }
        } catch (ZstdException corrupt) {
            throw new Damaged(
                    name + ": byte " + at,
                    "expected a piece of the zstd stream, found other bytes (" + corrupt.getMessage()
                            + "); copy the file again");
        }
    }

    /** A plain record goes behind the whole records so far; a piece of one that is not whole yet stays behind it. */
    private void between(ByteBuffer bytes, int index, int size) throws IOException {
        findWholeRecords();
        int rest = out.position() - whole;
        if (rest == 0) {
            reserve(size);
            copy(bytes, index, size);
            return;
        }
        byte[] piece = new byte[rest];
        out.get(whole, piece);
        out.position(whole);
        reserve(size + rest);
        copy(bytes, index, size);
        out.put(piece);
    }

    /** Moves {@link #whole} to the end of the last whole record. */
    private void findWholeRecords() {
        while (whole + PerfDataLayout.HEADER <= out.position()) {
            int size = out.getShort(whole + 6) & 0xffff;
            if (size < PerfDataLayout.HEADER) {
                throw new Damaged(
                        name + ": expanded byte " + (written + whole),
                        "expected a record of at least 8 bytes, found one of " + size + "; copy the file again");
            }
            if (whole + size > out.position()) {
                return;
            }
            whole += size;
        }
    }

    /** Makes room by writing out whole records, so that the buffer always starts at one. */
    private void reserve(int room) throws IOException {
        if (out.remaining() < room) {
            findWholeRecords();
            flush(whole);
        }
    }

    private void flush(int length) throws IOException {
        total += length;
        if (total > Input.SPOOL_LIMIT) {
            throw new BadInput(
                    name,
                    "expands to more than " + (Input.SPOOL_LIMIT >> 30)
                            + " GiB; raise -Dtollgate.spool.limit, or record without -z");
        }
        int end = out.position();
        out.flip().limit(length);
        while (out.hasRemaining()) {
            written += to.write(out, written);
        }
        out.limit(end);
        out.compact();
        whole = 0;
    }

    private void copy(ByteBuffer bytes, int index, int size) {
        out.put(out.position(), bytes, index, size);
        out.position(out.position() + size);
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
