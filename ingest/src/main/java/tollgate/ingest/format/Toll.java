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
 *   events   u32 events | u32 new names | each: u16 length, bytes | u64 time of the first event
 *            | u32 tasks | each: s32 CPU, s32 thread, s32 process, s32 name
 *            | u32 acts | each: u8 kind, s32 code | u32 end of each of 8 columns | columns
 *   tail     u32 frames of events | each: u64 offset, u64 first time, u64 last time, u32 events, u32 names before it
 *            | u32 names | each: u16 length, bytes | facts: lines of text
 *   end      u64 offset of the tail | u32 CRC32C of these 8 bytes | 'T' 'O' 'L' 'L'
 * </pre>
 *
 * All numbers are little-endian. The header's 8 first bytes show at once what a transfer as text, or one of 7 bits,
 * has broken. Kinds are numbered by the table in the header, so that a new {@link tollgate.ingest.Kind} does not
 * change old files. A name has the number of its place: those of the first frame from 0 on, then those of the next. What an
 * event has in common with others of its frame, who it happened to and what, stands once in the tables of tasks and acts, in
 * the order in which they first came: at most 65536 of each, since a frame has no more events.
 *
 * <p>Columns follow each other; their ends count from where the first begins:
 *
 * <pre>
 *   0  task of each event: its place in the table, u8 if that has up to 256, else u16
 *   1  act of each event, likewise
 *   2  lengths of the steps of time   3  their bytes
 *   4  lengths of the steps of a      5  their bytes
 *   6  lengths of the steps of b      7  their bytes
 * </pre>
 *
 * A step of time is what has passed since the event before it, 0 for the first. A step of a or b is the difference from the
 * last event of the same act in this frame, 0 before the first, in zigzag: 0, -1, 1, -2 are 0, 1, 2, 3. Sums wrap at 64 bits,
 * so every value can be written. A step has as many bytes as it needs, 0 to 8, the lowest first; the lengths of two events are
 * one byte, the first of them in the lower half, and the one that is missing behind an odd number of events is 0.
 *
 * <p>So a reader fills a column at a time without a branch. Numbers in groups of 7 bits with a column for each field, as
 * version 1 had them, took twice the time (35 against 18 ns an event, of which zstd has 5) and a quarter more room.
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
 * <p>Worked example, a frame of two events behind its names, on CPU 0 of thread 7 of process 7 with name 0: at 1000 ns system
 * call 1 with a = 3, b = 0 (kind 0 of the table), at 1007 ns its return with a = 5 (kind 1):
 *
 * <pre>
 *   time     e8 03 00 00 00 00 00 00
 *   tasks    01 00 00 00   00 00 00 00 07 00 00 00 07 00 00 00 00 00 00 00
 *   acts     02 00 00 00   00 01 00 00 00   01 01 00 00 00
 *   ends     02 00 00 00 04 00 00 00 05 00 00 00 06 00 00 00 07 00 00 00 09 00 00 00 0a 00 00 00 0a 00 00 00
 *   columns  00 00         task 0 twice
 *            00 01         acts 0 and 1
 *            10 07         steps of 0 and 7 ns, in no byte and one
 *            11 06 0a      3 is 6, and of another act, so from 0, 5 is 10
 *            00            twice 0
 * </pre>
 */
@AutoService(Format.class)
public final class Toll implements Format {
    static final byte[] MAGIC = {(byte) 0x89, 'T', 'O', 'L', 'L', 0x0d, 0x0a, 0x1a};
    static final int VERSION = 2;
    static final int OLDEST = 2;

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
