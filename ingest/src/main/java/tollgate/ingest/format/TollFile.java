package tollgate.ingest.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;

/**
 * The parts of a {@link Toll} file: its frames of events, each to be unpacked alone, by any thread with a frame of its
 * own, and what the tail tells. Without a tail (the file is cut) it has no index, and frames are found one after the other.
 */
final class TollFile {
    /** A frame of events. @param names how many names the frames before it have told */
    record Frame(long offset, long firstTime, long lastTime, int events, int names) {}

    /** Unpacked, a frame of events is at most 3.4 MB and its names; a tail of a thousand million events is 0.5 MB. */
    private static final int LARGEST = 64 << 20;

    private static final int BITS_OF_LENGTH = 0xffff;

    private final String name;
    private final FileChannel file;
    private final long size;
    private final int[] kinds;
    private final long firstFrame;
    private long tailOffset;
    private final List<Frame> frames = new ArrayList<>();
    private final Names names = new Names();
    private final Tally tally = new Tally();
    private final Damages damages;
    private Optional<Coverage> coverage = Optional.empty();

    /** Reads the header and, if it is there, the tail. @throws BadInput if one of them is damaged or of another version */
    TollFile(String name, FileChannel file, Input.Damage damage) throws IOException {
        this.name = name;
        damages = new Damages(damage, tally);
        this.file = file;
        size = file.size();
        BinaryCursor in = BinaryCursor.of(name, file, Toll.MAGIC.length, size);
        int version = in.u16("the version");
        if (version > Toll.VERSION) {
            throw new BadInput(
                    name + ": byte 8",
                    "expected version " + Toll.VERSION + " at most, found " + version
                            + "; use a newer Tollgate to read it");
        }
        if (version < Toll.OLDEST) {
            throw new BadInput(
                    name + ": byte 8",
                    "expected version " + Toll.OLDEST + " at least, found " + version
                            + "; convert it with the Tollgate that wrote it, or record again");
        }
        kinds = readKinds(in);
        checkHeader(in);
        firstFrame = in.position();
        try {
            readTail();
        } catch (Damaged wrong) {
            // Without it the frames are read as those of a file that was cut.
            damages.skip(wrong);
        }
    }

    /** In order of time; empty if the file has no tail. */
    List<Frame> frames() {
        return frames;
    }

    boolean hasTail() {
        return coverage.isPresent();
    }

    /** Where the first frame starts. */
    long firstFrame() {
        return firstFrame;
    }

    /** Where the first frame behind an offset starts that the tail knows, or -1: a damaged one may lie about its size. */
    long frameBehind(long offset) {
        return frames.stream()
                .mapToLong(Frame::offset)
                .filter(next -> next > offset)
                .findFirst()
                .orElse(-1);
    }

    /** All names if the file has a tail, else those of the frames read so far. */
    Names names() {
        return names;
    }

    Damages damages() {
        return damages;
    }

    Tally tally() {
        return tally;
    }

    Optional<Coverage> coverage() {
        return coverage;
    }

    /**
     * Unpacks the frame of events at an offset.
     *
     * @return the offset of the frame behind it, or -1 if there is no whole frame of events here; the frame is then empty
     * @throws BadInput if it is damaged
     */
    long read(long offset, TollFrame frame) throws IOException {
        frame.clear();
        ByteBuffer head = bytes(offset, Toll.FRAME);
        if (head.limit() < Toll.FRAME || head.getInt(0) == Toll.TAIL) {
            if (!hasTail()) {
                tally.endsEarly(name + ": byte " + offset + ", before the tail");
            } else if (offset != tailOffset) {
                throw damaged(
                        offset, "expected a frame of events, found the end before the tail at byte " + tailOffset);
            }
            return -1;
        }
        if (head.getInt(0) != Toll.EVENTS) {
            throw damaged(offset, "expected a frame, found number " + head.getInt(0));
        }
        long packed = head.getInt(4) & 0xffffffffL;
        if (packed > size - offset - Toll.FRAME && !hasTail()) {
            tally.endsEarly(name + ": byte " + offset + ", inside a frame of " + packed + " bytes");
            return -1;
        }
        open(offset, unpack(offset, head, frame::room), frame);
        return offset + Toll.FRAME + packed;
    }

    private void open(long offset, ByteBuffer bytes, TollFrame frame) {
        int events = bytes.remaining() >= 8 ? bytes.getInt() : -1;
        if (events < 1 || events > TollColumns.EVENTS) {
            throw damaged(offset, "expected 1 to " + TollColumns.EVENTS + " events in a frame, found " + events);
        }
        readNames(offset, bytes, /* isKept= */ !hasTail());
        String wrong = frame.open(bytes, events, kinds, names.size());
        if (!wrong.isEmpty()) {
            throw damaged(offset, wrong);
        }
    }

    private int[] readKinds(BinaryCursor in) throws IOException {
        int[] numbers = new int[in.u16("the number of kinds")];
        for (int i = 0; i < numbers.length; i++) {
            byte[] kind = in.bytes(in.u8("the length of a kind"), "a kind");
            numbers[i] = number(new String(kind, StandardCharsets.US_ASCII));
        }
        return numbers;
    }

    /** A kind that this version does not know is no fault unless an event has it. */
    private static int number(String kind) {
        for (Kind known : Kind.values()) {
            if (known.name().equals(kind)) {
                return known.ordinal();
            }
        }
        return -1;
    }

    private void checkHeader(BinaryCursor in) throws IOException {
        long length = in.position();
        int told = (int) in.u32("the checksum of the header");
        ByteBuffer header = bytes(0, (int) length);
        if (told != crc(header.array(), 0, header.limit())) {
            throw damaged(0, "expected a header with the checksum it tells, found another");
        }
    }

    private void readTail() throws IOException {
        ByteBuffer end = bytes(Math.max(size - Toll.END, 0), Toll.END);
        if (end.limit() < Toll.END || end.getInt(12) != Toll.END_MAGIC || end.getInt(8) != crc(end.array(), 0, 8)) {
            return;
        }
        long offset = end.getLong(0);
        tailOffset = offset;
        if (offset < firstFrame || offset > size - Toll.END - Toll.FRAME) {
            throw damaged(size - Toll.END, "expected a tail in the file, found it at byte " + offset);
        }
        ByteBuffer head = bytes(offset, Toll.FRAME);
        if (head.getInt(0) != Toll.TAIL) {
            throw damaged(offset, "expected the tail, found frame number " + head.getInt(0));
        }
        ByteBuffer tail = unpack(offset, head, byte[]::new);
        int count = tail.remaining() >= 4 ? tail.getInt() : -1;
        if (count < 0 || count > tail.remaining() / 32) {
            throw damaged(offset, "expected an index, found one of " + count + " frames");
        }
        long events = 0;
        for (int i = 0; i < count; i++) {
            frames.add(new Frame(tail.getLong(), tail.getLong(), tail.getLong(), tail.getInt(), tail.getInt()));
            events += frames.get(i).events;
        }
        readNames(offset, tail, /* isKept= */ true);
        String facts = new String(tail.array(), tail.position(), tail.remaining(), StandardCharsets.UTF_8);
        coverage = Optional.of(TollFacts.read(facts, tally, events, name + ": byte " + offset));
    }

    private void readNames(long offset, ByteBuffer from, boolean isKept) {
        int count = from.remaining() >= 4 ? from.getInt() : -1;
        if (count < 0) {
            throw damaged(offset, "expected names, found the end of the frame");
        }
        for (int i = 0; i < count; i++) {
            int length = from.remaining() >= 2 ? from.getShort() & BITS_OF_LENGTH : Integer.MAX_VALUE;
            if (length > from.remaining()) {
                throw damaged(offset, "expected " + count + " names, found the end of the frame");
            }
            if (isKept) {
                names.id(from.array(), from.position(), length);
            }
            from.position(from.position() + length);
        }
    }

    /** The bytes of a frame. @param room gives an array of at least so many bytes */
    private ByteBuffer unpack(long offset, ByteBuffer head, IntFunction<byte[]> room) throws IOException {
        long packed = head.getInt(4) & 0xffffffffL;
        long length = head.getInt(8) & 0xffffffffL;
        if (packed > size - offset - Toll.FRAME) {
            throw damaged(offset, "expected a frame in the file, found one of " + packed + " bytes");
        }
        if (packed > LARGEST || length > LARGEST) {
            throw damaged(
                    offset, "expected a frame of at most 64 MiB, found one of " + Math.max(packed, length) + " bytes");
        }
        byte[] bytes = bytes(offset + Toll.FRAME, (int) packed).array();
        if (head.getInt(12) != crc(bytes, 0, bytes.length)) {
            throw damaged(offset, "expected a frame with the checksum it tells, found another");
        }
        if (bytes.length == 0 || Zstd.getFrameContentSize(bytes) != length) {
            throw damaged(offset, "expected a frame that unpacks to " + length + " bytes, found another");
        }
        byte[] unpacked = room.apply((int) length);
        try {
            Zstd.decompressByteArray(unpacked, 0, (int) length, bytes, 0, bytes.length);
        } catch (ZstdException corrupt) {
            throw damaged(offset, "expected a zstd frame, found other bytes (" + corrupt.getMessage() + ")");
        }
        return ByteBuffer.wrap(unpacked).order(ByteOrder.LITTLE_ENDIAN).limit((int) length);
    }

    /** As many of these bytes as the file has. */
    private ByteBuffer bytes(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(Math.min(length, size - offset), 0))
                .order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) > 0) {
            continue;
        }
        return bytes.flip();
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    Damaged damaged(long offset, String problem) {
        return new Damaged(name + ": byte " + offset, problem + "; copy the file again");
    }
}
