package tollgate.ingest.format;

import com.github.luben.zstd.Zstd;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import tollgate.ingest.Batch;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;

/**
 * Writes a recording as a {@link Toll} file, front to back, so that it can also go into a pipe. The same events give the
 * same bytes.
 */
public final class TollWriter implements Closeable {
    /** zstd's own default. */
    private static final int LEVEL = 3;
    /** A comm is 15 bytes; what is longer than this is not a name and is cut. */
    static final int LONGEST_NAME = 1 << 12;

    private final OutputStream out;
    private final TollColumns columns = new TollColumns();
    private final CRC32C crc = new CRC32C();
    private ByteBuffer index = buffer(1 << 12);
    private int frames;
    private int namesTold;
    private long offset;

    /** Writes a whole recording, from where it stands to its end. Closes neither. */
    public static void write(Recording recording, OutputStream out) throws IOException {
        TollWriter writer = new TollWriter(out);
        Batch batch = new Batch();
        while (recording.read(batch)) {
            writer.append(batch, recording.names());
        }
        writer.finish(recording);
    }

    /** @param out gets the header at once; closed with this */
    public TollWriter(OutputStream out) throws IOException {
        this.out = new BufferedOutputStream(out, 1 << 16);
        ByteBuffer header = buffer(1 << 12);
        header.put(Toll.MAGIC).putShort((short) Toll.VERSION).putShort((short) Kind.values().length);
        for (Kind kind : Kind.values()) {
            byte[] name = kind.name().getBytes(StandardCharsets.US_ASCII);
            header.put((byte) name.length).put(name);
        }
        header.putInt(crc(header.array(), header.position()));
        put(header.array(), header.position());
    }

    /** Appends the events of a batch. @param names of its recording; numbers of names are kept */
    public void append(Batch batch, Names names) throws IOException {
        for (int from = 0; from < batch.size(); ) {
            from += columns.take(batch, from);
            if (columns.size() == TollColumns.EVENTS) {
                writeEvents(names);
            }
        }
    }

    /** Writes what comes after the events. @param recording read to its end, so that its coverage and tally are complete */
    public void finish(Recording recording) throws IOException {
        if (columns.size() > 0) {
            writeEvents(recording.names());
        }
        byte[] names = names(recording.names(), 0);
        byte[] facts = TollFacts.write(recording.coverage(), recording.tally()).getBytes(StandardCharsets.UTF_8);
        ByteBuffer tail = buffer(12 + index.position() + names.length + facts.length);
        tail.putInt(frames).put(index.array(), 0, index.position()).put(names).put(facts);
        long start = offset;
        writeFrame(Toll.TAIL, tail);
        ByteBuffer end = buffer(Toll.END).putLong(start);
        end.putInt(crc(end.array(), 8)).putInt(Toll.END_MAGIC);
        put(end.array(), Toll.END);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private void writeEvents(Names names) throws IOException {
        byte[] fresh = names(names, namesTold);
        if (index.remaining() < 32) {
            index = buffer(index.capacity() * 2).put(index.array(), 0, index.position());
        }
        index.putLong(offset)
                .putLong(columns.firstTime())
                .putLong(columns.lastTime())
                .putInt(columns.size())
                .putInt(namesTold);
        ByteBuffer encoded = columns.encode();
        ByteBuffer frame = buffer(4 + fresh.length + encoded.remaining());
        writeFrame(Toll.EVENTS, frame.putInt(columns.size()).put(fresh).put(encoded));
        frames++;
        namesTold = names.size();
        columns.clear();
    }

    /** {@code u32 names | each: u16 length, bytes}, from one number on. */
    private static byte[] names(Names names, int from) {
        ByteBuffer told = buffer(1 << 10).putInt(names.size() - from);
        for (int id = from; id < names.size(); id++) {
            byte[] name = names.bytes(id);
            int length = Math.min(name.length, LONGEST_NAME);
            if (told.remaining() < length + 2) {
                told = buffer(told.capacity() * 2 + length).put(told.array(), 0, told.position());
            }
            told.putShort((short) length).put(name, 0, length);
        }
        return Arrays.copyOf(told.array(), told.position());
    }

    private void writeFrame(int what, ByteBuffer frame) throws IOException {
        byte[] bytes = Arrays.copyOf(frame.array(), frame.position());
        byte[] packed = Zstd.compress(bytes, LEVEL);
        ByteBuffer head = buffer(Toll.FRAME).putInt(what).putInt(packed.length).putInt(bytes.length);
        head.putInt(crc(packed, packed.length));
        put(head.array(), Toll.FRAME);
        put(packed, packed.length);
    }

    private void put(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
        offset += length;
    }

    private int crc(byte[] bytes, int length) {
        crc.reset();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
