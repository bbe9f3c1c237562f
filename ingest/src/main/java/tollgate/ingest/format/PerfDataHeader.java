package tollgate.ingest.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tollgate.ingest.BadInput;
import tollgate.ingest.Tally;

/**
 * What perf.data says before its records: the events with their ids, the event formats, the machine, the command.
 *
 * <p>A file starts with a header of 0x68 bytes that points to everything; what was written through a pipe starts with
 * one of 0x10 bytes and tells the same in records.
 *
 * <pre>
 *   file   "PERFILE2" | u64 0x68 | u64 size of an attribute entry | (u64 offset, u64 size) attributes, data, event types
 *          | 256 bits: features, whose (offset, size) pairs stand behind the data
 *   pipe   "PERFILE2" | u64 0x10 | records: HEADER_ATTR, HEADER_FEATURE, TRACING_DATA, then the others
 * </pre>
 *
 * Source: tools/perf/Documentation/perf.data-file-format.txt, tools/perf/util/header.h.
 */
final class PerfDataHeader {
    private static final long PIPE = 0x10;
    private static final long FILE = 0x68;
    private static final int FEATURE_BITS = 256;

    private static final int TRACING_DATA = 1;
    private static final int KERNEL = 4;
    private static final int VERSION = 5;
    private static final int ARCHITECTURE = 6;
    private static final int CPUS = 7;
    private static final int CPU = 8;
    private static final int CPU_ID = 9;
    private static final int COMMAND = 11;
    private static final int COMPRESSED = 27;
    private static final int ZSTD = 1;

    private final String name;
    private final FileChannel file;
    private final Tally tally;
    private final List<PerfDataEvent> events = new ArrayList<>();
    private final PerfDataIds ids = new PerfDataIds();
    private final BinaryFormats formats = new BinaryFormats();
    private final List<String> command = new ArrayList<>();
    private boolean isCompressed;
    private long from;
    private long to;

    /** Reads it. @throws BadInput if it is not perf.data, or cut before the events and their formats */
    PerfDataHeader(String name, FileChannel file, Tally tally) throws IOException {
        this.name = name;
        this.file = file;
        this.tally = tally;
        BinaryCursor in = BinaryCursor.of(name, file, 8, file.size());
        long size = in.u64("the size of the header");
        if (size == PIPE) {
            readPipe(in);
        } else if (size == FILE) {
            readFile(in);
        } else {
            throw new BadInput(
                    name + ": byte 8",
                    "expected a header of 0x68 or 0x10 bytes, found 0x" + Long.toHexString(size)
                            + "; a perf.data of a big-endian machine, or not one at all");
        }
        if (events.isEmpty()) {
            throw new BadInput(name + ": byte 16", "expected at least one event, found none; record again");
        }
    }

    List<PerfDataEvent> events() {
        return events;
    }

    PerfDataIds ids() {
        return ids;
    }

    BinaryFormats formats() {
        return formats;
    }

    /** The command line of the recorder, empty if not told. */
    List<String> command() {
        return command;
    }

    /** Records are inside PERF_RECORD_COMPRESSED. */
    boolean isCompressed() {
        return isCompressed;
    }

    /** First byte of the records. */
    long from() {
        return from;
    }

    /** First byte behind the records. */
    long to() {
        return to;
    }

    private void readFile(BinaryCursor in) throws IOException {
        long entry = in.u64("the size of an attribute entry");
        long attributes = in.u64("the offset of the attributes");
        long attributesSize = in.u64("the size of the attributes");
        from = in.u64("the offset of the data");
        long size = in.u64("the size of the data");
        in.skip(16, "event types");
        boolean[] features = features(in);
        if (from < FILE || from > file.size() || size < 0) {
            throw new BadInput(
                    name + ": byte 40",
                    "expected the data inside the file, found it at byte " + from + "; copy the file again");
        }
        to = from + size;
        if (size == 0) {
            throw new BadInput(
                    name + ": byte 48",
                    "expected the size of the data, found 0: perf was killed before it finished the file; record again");
        }
        readAttributes(attributes, attributesSize, entry);
        readFeatures(features);
    }

    private static boolean[] features(BinaryCursor in) throws IOException {
        boolean[] features = new boolean[FEATURE_BITS];
        for (int word = 0; word < FEATURE_BITS / 64; word++) {
            long bits = in.u64("the features");
            for (int bit = 0; bit < 64; bit++) {
                features[word * 64 + bit] = (bits >>> bit & 1) == 1;
            }
        }
        return features;
    }

    private void readAttributes(long from, long size, long entry) throws IOException {
        BinaryCursor in = BinaryCursor.of(name, file, 0, file.size());
        in.seek(from, "the attributes");
        if (entry < 64 + 16 || size < 0 || size > in.remaining()) {
            throw new BadInput(
                    name + ": byte 16",
                    "expected attributes inside the file, found " + size + " bytes of them; copy the file again");
        }
        for (long at = from; at <= from + size - entry; at += entry) {
            in.seek(at, "an attribute");
            PerfDataEvent event = PerfDataEvent.read(in, entry - 16);
            in.seek(at + entry - 16, "the ids of an event");
            long idsFrom = in.u64("the offset of ids");
            long idsSize = in.length64("the ids of an event");
            BinaryCursor list = BinaryCursor.of(name, file, 0, file.size());
            list.seek(idsFrom, "the ids of an event");
            add(event, list, idsSize);
        }
    }

    private void add(PerfDataEvent event, BinaryCursor list, long size) throws IOException {
        for (long i = 0; i + 8 <= size; i += 8) {
            ids.put(list.u64("an id"), events.size());
        }
        events.add(event);
    }

    private void readFeatures(boolean[] features) throws IOException {
        BinaryCursor table = BinaryCursor.of(name, file, 0, file.size());
        if (to > file.size()) {
            throw new BadInput(
                    name + ": byte " + file.size(),
                    "expected data up to byte " + to
                            + " and the event formats behind it, found the end: the file is cut; copy it again");
        }
        table.seek(to, "the table of features");
        for (int feature = 0; feature < FEATURE_BITS; feature++) {
            if (features[feature]) {
                long at = table.u64("the offset of a feature");
                long size = table.u64("the size of a feature");
                BinaryCursor in = BinaryCursor.of(name, file, 0, size < 0 ? file.size() : at + size);
                in.seek(at, "a feature");
                if (size < 0 || size > file.size() - at) {
                    tally.endsEarly(name + ": byte " + file.size() + ", inside the features behind the data");
                }
                readFeature(feature, in);
            }
        }
    }

    private void readPipe(BinaryCursor in) throws IOException {
        from = PIPE;
        to = file.size();
        while (in.remaining() >= PerfDataLayout.HEADER) {
            long start = in.position();
            int type = (int) in.u32("a record's type");
            in.u16("a record's flags");
            int size = in.u16("a record's size");
            if (type < PerfDataRecords.FIRST_OF_TOOL || size < PerfDataLayout.HEADER) {
                return;
            }
            if (size > file.size() - start) {
                return;
            }
            BinaryCursor record = BinaryCursor.of(name, file, 0, start + size);
            record.seek(start + PerfDataLayout.HEADER, "a record");
            long end = start + size;
            if (type == PerfDataRecords.HEADER_ATTR) {
                PerfDataEvent event = PerfDataEvent.read(record, record.remaining());
                add(event, record, record.remaining());
            } else if (type == PerfDataRecords.HEADER_FEATURE) {
                readFeature((int) record.u64("a feature's number"), record);
            } else if (type == PerfDataRecords.TRACING_DATA) {
                long length = record.u32("the size of the tracing data");
                in.seek(end, "the tracing data");
                BinaryCursor data = BinaryCursor.of(name, file, 0, end + length);
                data.seek(end, "the tracing data");
                formats.readFlat(data);
                end += length;
            }
            in.seek(end, "the next record");
        }
    }

    private void readFeature(int feature, BinaryCursor in) throws IOException {
        switch (feature) {
            case TRACING_DATA -> formats.readFlat(in);
            case KERNEL -> tally.header("kernel", text(in));
            case VERSION -> tally.header("recorder", "perf " + text(in));
            case ARCHITECTURE -> tally.header("arch", text(in));
            case CPU -> tally.header("cpu", text(in));
            case CPU_ID -> tally.header("cpuid", text(in));
            case CPUS -> {
                long available = in.u32("the number of CPUs");
                tally.header("cpus", in.u32("the number of online CPUs") + " of " + available);
            }
            case COMMAND -> {
                long count = in.u32("the number of arguments");
                for (long i = 0; i < count; i++) {
                    command.add(text(in));
                }
                tally.header("command", String.join(" ", command));
            }
            case COMPRESSED -> {
                in.u32("the version of the compression");
                String place = in.place();
                if (in.u32("the kind of compression") != ZSTD) {
                    throw new BadInput(place, "expected zstd, the only compression perf knows; record again");
                }
                isCompressed = true;
            }
            default -> {
                // Build ids, topology, caches and the like: nothing we use.
            }
        }
    }

    private static String text(BinaryCursor in) throws IOException {
        byte[] bytes = in.bytes(in.length32("a text"), "a text");
        int n = 0;
        while (n < bytes.length && bytes[n] != 0) {
            n++;
        }
        return new String(bytes, 0, n, StandardCharsets.UTF_8);
    }
}
