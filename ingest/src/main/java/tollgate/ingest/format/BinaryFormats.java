package tollgate.ingest.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tollgate.ingest.BadInput;

/**
 * The event formats that a recording carries, by id. perf.data, trace.dat 6 and the sections of trace.dat 7
 * store them in the same blocks:
 *
 * <pre>
 *   header   "header_page\0" u64 size, text; "header_event\0" u64 size, text
 *   ftrace   u32 count, then each: u64 size, format text
 *   events   u32 systems, then each: name\0, u32 count, then each: u64 size, format text
 * </pre>
 *
 * Source: man trace-cmd.dat.v6(5), trace-cmd.dat.v7(5); tools/perf/util/trace-event-info.c.
 */
final class BinaryFormats {
    private final Map<Integer, BinaryFormat> byId = new HashMap<>();
    private final Set<String> systems = new TreeSet<>();
    private String headerPage = "";

    BinaryFormat find(int id) {
        BinaryFormat format = byId.get(id);
        return format != null ? format : new BinaryFormat("", "event " + id, id, List.of());
    }

    Iterable<BinaryFormat> formats() {
        return byId.values();
    }

    Set<String> systems() {
        return systems;
    }

    /** The layout of a ring-buffer page, as the kernel's {@code events/header_page} tells it. */
    String headerPage() {
        return headerPage;
    }

    void readHeader(BinaryCursor in) throws IOException {
        expect(in, "header_page");
        headerPage = new String(in.bytes(in.length64("the page header"), "the page header"), StandardCharsets.US_ASCII);
        expect(in, "header_event");
        in.skip(in.length64("the event header"), "the event header");
    }

    void readFtrace(BinaryCursor in) throws IOException {
        long count = in.u32("the number of ftrace formats");
        for (long i = 0; i < count; i++) {
            readFormat("ftrace", in);
        }
    }

    void readEvents(BinaryCursor in) throws IOException {
        long count = in.u32("the number of event systems");
        for (long i = 0; i < count; i++) {
            String system = in.string("the name of an event system");
            systems.add(system);
            long events = in.u32("the number of events in " + BadInput.show(system, 40));
            for (long j = 0; j < events; j++) {
                readFormat(system, in);
            }
        }
    }

    /**
     * The flat form: everything above after one another, as perf.data's tracing data and trace.dat 6 have it.
     *
     * Leaves the cursor behind the printk formats: perf's 0.6 and trace-cmd's 6 have the saved command lines there.
     *
     * @return the page size of the recording machine, bytes
     */
    int readFlat(BinaryCursor in) throws IOException {
        String place = in.place();
        for (int expected : new int[] {0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g'}) {
            if (in.u8("the tracing magic") != expected) {
                throw new BadInput(
                        place, "expected the magic number of tracing data, found something else; record again");
            }
        }
        in.string("the version of the tracing data");
        int page = readMachine(in);
        readHeader(in);
        readFtrace(in);
        readEvents(in);
        in.skip(in.length32("kallsyms"), "kallsyms");
        in.skip(in.length32("printk formats"), "printk formats");
        return page;
    }

    /** Byte order, size of a long, page size. @return the last */
    static int readMachine(BinaryCursor in) throws IOException {
        String place = in.place();
        if (in.u8("the byte order") != 0) {
            throw new BadInput(
                    place, "expected a little-endian recording, found a big-endian one; only x86-64 is modelled");
        }
        in.u8("the size of a long");
        place = in.place();
        long page = in.u32("the page size");
        if (page < 1 << 10 || page > Mapped.OVERLAP || Long.bitCount(page) != 1) {
            throw new BadInput(
                    place, "expected a page size from 1 KiB to 1 MiB, found " + page + "; copy the file again");
        }
        return (int) page;
    }

    private void readFormat(String system, BinaryCursor in) throws IOException {
        long size = in.length64("an event format");
        String place = in.place();
        BinaryFormat format = BinaryFormat.parse(system, in.bytes(size, "an event format"), place);
        byId.put(format.id(), format);
    }

    private static void expect(BinaryCursor in, String word) throws IOException {
        String place = in.place();
        String found = in.string("'" + word + "'");
        if (!found.equals(word)) {
            throw new BadInput(
                    place, "expected '" + word + "', found '" + BadInput.show(found, 20) + "'; copy the file again");
        }
    }
}
