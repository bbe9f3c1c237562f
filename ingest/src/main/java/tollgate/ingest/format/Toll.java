package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Workers;

/**
 * Tollgate's own packed recording: any other format's events, names, coverage and tally, in a fraction of the bytes
 * and of the time to read. This is its specification; {@link TollWriter} writes it.
 *
 * <pre>
 *   file     header, frames of events, one frame with the tail, end
 *   header   89 'T' 'O' 'L' 'L' 0d 0a 1a | u16 version | u16 kinds | each: u8 length, name | u32 CRC32C of all before
 *   frame    u32 what: 1 events, 2 tail | u32 packed size | u32 size | u32 CRC32C of the packed bytes
 *            | packed bytes: one zstd frame
 *   events   u32 events | u32 new names | each: u16 length, bytes | u32 end of each of 9 columns | columns
 *   tail     u32 frames of events | each: u64 offset, u64 first time, u64 last time, u32 events, u32 names before it
 *            | u32 names | each: u16 length, bytes | facts: lines of text
 *   end      u64 offset of the tail | u32 CRC32C of these 8 bytes | 'T' 'O' 'L' 'L'
 * </pre>
 *
 * All numbers are little-endian. The header's 8 first bytes show at once what a transfer as text, or one of 7 bits,
 * has broken. Kinds are numbered by the table in the header, so that a new {@link tollgate.ingest.Kind} does not
 * change old files. Ends of columns count from the first column, whose coding {@link TollColumns} tells.
 * A name has the number of its place: those of the first frame from 0 on, then those of the next.
 *
 * <p>Facts are lines of words with a tab between them, in which tab, line feed and backslash are {@code \t}, {@code \n}
 * and {@code \\}: {@code scope S}, {@code clock C}, {@code cpus true}, {@code processes true}, {@code certain true},
 * {@code recorded KIND...}, {@code tracepoint NAME n}, {@code note WHAT n}, {@code header KEY VALUE},
 * {@code lost n REPORTS}, {@code disorder n}, {@code skipped n FIRST}, {@code early WHERE}. A reader passes over what it does not know.
 *
 * <p>A frame needs no other to be decoded, but for the names, which the tail has all of: frames can be read in
 * parallel, or only those of some stretch of time. A file without its end was cut while it was written or copied: its
 * frames are read from the front, up to the last whole one, with what is seen as coverage.
 *
 * <p>Worked example, the columns of two events, on CPU 0 of thread 7 of process 7 with name 0: at 1000 ns system call 1
 * with a = 3, b = 0 (kind 0 of the table), at 1007 ns its return with a = 5 (kind 1):
 *
 * <pre>
 *   time  d0 0f 0e   1000 is 2000 zigzag, 0x7d0: 0x50 with more to come, 0x0f; 7 is 14
 *   cpu   00 00      tid  0e 00     pid  0e 00     comm  00 00
 *   kind  00 01
 *   code  02 02      1 is 2; of another kind, so 1 again, not the difference 0
 *   a     06 0a      b    00 00
 * </pre>
 */
@AutoService(Format.class)
public final class Toll implements Format {
    static final byte[] MAGIC = {(byte) 0x89, 'T', 'O', 'L', 'L', 0x0d, 0x0a, 0x1a};
    static final int VERSION = 1;
    static final int OLDEST = 1;

    static final int EVENTS = 1;
    static final int TAIL = 2;
    /** Bytes of a frame before its packed bytes. */
    static final int FRAME = 16;
    /** Bytes of the end. */
    static final int END = 16;
    /** 'TOLL' as a little-endian number. */
    static final int END_MAGIC = 0x4c4c4f54;

    @Override
    public String name() {
        return "toll";
    }

    @Override
    public String description() {
        return "tollgate convert IN OUT.toll: Tollgate's own packed form";
    }

    @Override
    public int confidence(Input input) throws IOException {
        byte[] head = input.head();
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                ? CERTAIN
                : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        return new TollRecording(file(input), Optional.empty());
    }

    @Override
    public Recording open(Input input, Workers workers) throws IOException {
        return new TollRecording(file(input), Optional.of(workers));
    }

    private TollFile file(Input input) throws IOException {
        if (confidence(input) == 0) {
            throw new BadInput(
                    input.name() + ": byte 0",
                    "expected the magic of a .toll file, found something else; not one, or broken");
        }
        return new TollFile(input.name(), input.channel(), input.damage());
    }
}
