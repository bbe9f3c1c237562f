package tollgate.ingest.format;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file as the Parquet library wants to see it. Closing the stream leaves the file open: the input owns it. */
record ParquetInput(FileChannel file) implements InputFile {
    @Override
    public long getLength() throws IOException {
        return file.size();
    }

    @Override
    public SeekableInputStream newStream() {
        return new Stream(file);
    }

    private static final class Stream extends SeekableInputStream {
        private final FileChannel file;
        private long position;

        Stream(FileChannel file) {
            this.file = file;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void seek(long to) throws IOException {
            if (to < 0) {
                throw new IOException("byte " + to + " of the file");
            }
            position = to;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            return read(ByteBuffer.wrap(to, from, length));
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            int n = file.read(to, position);
            position += Math.max(n, 0);
            return n;
        }

        @Override
        public void readFully(byte[] to) throws IOException {
            readFully(ByteBuffer.wrap(to));
        }

        @Override
        public void readFully(byte[] to, int from, int length) throws IOException {
            readFully(ByteBuffer.wrap(to, from, length));
        }

        @Override
        public void readFully(ByteBuffer to) throws IOException {
            while (to.hasRemaining()) {
                if (read(to) < 0) {
                    throw new EOFException("the file ends at byte " + position);
                }
            }
        }
    }
}
