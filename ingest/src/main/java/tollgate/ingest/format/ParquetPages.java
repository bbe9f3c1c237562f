package tollgate.ingest.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Decompresses the pages of a {@link Parquet} file, unless one says that it is larger than any is: the library would
 * ask for that much memory before it looks at the page.
 *
 * <p>Its codec for gzip needs a real Hadoop, so gzip is Java's own here; LZO, Brotli and the first, abandoned LZ4 need
 * one too and are refused. Its codec for snappy frees memory by a way that Java 24 and later warn of, so snappy is
 * called directly.
 */
record ParquetPages(CompressionCodecFactory codecs) implements CompressionCodecFactory {
    /** 64 MiB; writers aim at 1 MB a page (parquet.page.size, and pyarrow's default). */
    private static final int LARGEST = 64 << 20;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return codecs.getCompressor(codec);
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED, ZSTD, LZ4_RAW -> new Bounded(codecs.getDecompressor(codec));
            case SNAPPY -> new Bounded(new Whole(ParquetPages::snappy));
            case GZIP -> new Bounded(new Whole(ParquetPages::gzip));
            default ->
                throw new IllegalArgumentException(
                        "pages packed with " + codec + ", not one of zstd, snappy, gzip, lz4_raw and uncompressed");
        };
    }

    @Override
    public void release() {
        codecs.release();
    }

    private record Bounded(BytesInputDecompressor decompressor) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            check(size);
            return decompressor.decompress(bytes, size);
        }

        @Override
        public void decompress(ByteBuffer from, int packed, ByteBuffer to, int size) throws IOException {
            check(size);
            decompressor.decompress(from, packed, to, size);
        }

        @Override
        public void release() {
            decompressor.release();
        }

        private static void check(int size) throws IOException {
            if (size < 0 || size > LARGEST) {
                throw new IOException("a page of " + size + " bytes");
            }
        }
    }

    private static byte[] snappy(BytesInput page, int size) throws IOException {
        byte[] packed = page.toInputStream().readAllBytes();
        return Snappy.uncompressedLength(packed) == size ? Snappy.uncompress(packed) : new byte[0];
    }

    /** One byte more than told shows a page that is too long. */
    private static byte[] gzip(BytesInput page, int size) throws IOException {
        try (InputStream in = new GZIPInputStream(page.toInputStream())) {
            return in.readNBytes(size + 1);
        }
    }

    private interface Unpacking {
        /** @return the bytes, of another number if they are not as many as told */
        byte[] unpack(BytesInput page, int size) throws IOException;
    }

    private record Whole(Unpacking unpacking) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput page, int size) throws IOException {
            byte[] bytes = unpacking.unpack(page, size);
            if (bytes.length != size) {
                throw new IOException("a page of another size than the " + size + " bytes that it tells");
            }
            return BytesInput.from(bytes);
        }

        @Override
        public void decompress(ByteBuffer from, int packed, ByteBuffer to, int size) throws IOException {
            to.put(decompress(BytesInput.from(from), size).toInputStream().readAllBytes());
        }

        @Override
        public void release() {
            // Nothing is kept.
        }
    }
}
