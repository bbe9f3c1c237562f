package tollgate.ingest.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;

/**
 * What a trace.dat says beside its events: event formats, names of threads, options, and where each CPU's pages are.
 *
 * <pre>
 *   6   magic, "6", machine | formats as in {@link BinaryFormats} | kallsyms | printk | names
 *       | u32 CPUs | "options  \0" options | "flyrecord\0" (u64 offset, u64 size) each CPU | pages
 *   7   magic, "7", machine | compression | u64 first options section | sections
 *       section  u16 id | u16 flags: 1 compressed | u32 description | u64 size | u32, u32 sizes if compressed | data
 *       options  u16 id | u32 size | data; some point to sections, the last to further options
 * </pre>
 *
 * Source: man trace-cmd.dat.v6(5), trace-cmd.dat.v7(5). Kallsyms and printk formats are passed over.
 */
final class TraceDatFile {
    /** Pages of one CPU in one buffer. @param isCompressed in chunks, as version 7 has it */
    record Cpu(int cpu, long from, long size, int pageSize, boolean isCompressed) {}

    private static final int DONE = 0;
    private static final int DATE = 1;
    private static final int BUFFER = 3;
    private static final int CLOCK = 4;
    private static final int UNAME = 5;
    private static final int OFFSET = 7;
    private static final int CPU_COUNT = 8;
    private static final int RECORDER = 9;
    private static final int TIME_SHIFT = 12;
    private static final int TSC_TO_NANOS = 14;
    private static final int HEADER_INFO = 16;
    private static final int FTRACE_FORMATS = 17;
    private static final int EVENT_FORMATS = 18;
    private static final int COMMAND_LINES = 21;

    private final String name;
    private final FileChannel file;
    private final Tally tally;
    private final BinaryThreads threads;
    private final Names names;
    private final BinaryFormats formats = new BinaryFormats();
    private final List<Cpu> cpus = new ArrayList<>();
    private TraceDatCompression compression = TraceDatCompression.NONE;
    private int pageSize;
    private int cpuCount;
    private int buffers;
    private String clock = "local";
    private long offset;
    private long multiplier;
    private int shift;

    /** Reads it. @throws BadInput if it is not a trace.dat of version 6 or 7, or cut before its events */
    TraceDatFile(String name, FileChannel file, Tally tally, Names names, BinaryThreads threads) throws IOException {
        this.name = name;
        this.file = file;
        this.tally = tally;
        this.names = names;
        this.threads = threads;
        BinaryCursor in = BinaryCursor.of(name, file, TraceDat.MAGIC.length, file.size());
        String version = in.string("the version");
        switch (version) {
            case "6" -> readFlat();
            case "7" -> readSections(in);
            default ->
                throw new BadInput(
                        name + ": byte 10",
                        "expected version 6 or 7 of trace.dat, found '" + BadInput.show(version, 20)
                                + "'; convert it with 'trace-cmd convert'");
        }
        tally.header("clock", clock);
        if (buffers > 1) {
            tally.note("trace instances").add(buffers);
        }
    }

    BinaryFormats formats() {
        return formats;
    }

    /** CPUs that have pages. */
    List<Cpu> cpus() {
        return cpus;
    }

    TraceDatCompression compression() {
        return compression;
    }

    /** The trace clock: local, global, mono, x86-tsc, counter, ... */
    String clock() {
        return clock;
    }

    /** To be added to each time, nanoseconds (trace-cmd record --date, --ts-offset). */
    long offset() {
        return offset;
    }

    /** With {@link #shift}: time = stamp * multiplier >> shift. 0 if stamps are as they should be. */
    long multiplier() {
        return multiplier;
    }

    int shift() {
        return shift;
    }

    private void readFlat() throws IOException {
        BinaryCursor in = BinaryCursor.of(name, file, 0, file.size());
        pageSize = formats.readFlat(in);
        readCommandLines(in);
        cpuCount = cpus(in);
        List<Long> instances = new ArrayList<>();
        String place = in.place();
        String kind = in.string("'options' or 'flyrecord'");
        if (kind.startsWith("options")) {
            for (int id = in.u16("an option"); id != DONE; id = in.u16("an option")) {
                long size = in.length32("an option");
                long next = in.position() + size;
                if (id == BUFFER) {
                    instances.add(in.u64("the offset of a trace instance"));
                } else {
                    readOption(id, in, size);
                }
                in.seek(next, "the next option");
            }
            place = in.place();
            kind = in.string("'flyrecord'");
        }
        readPageTable(in, kind, place);
        for (long instance : instances) {
            in.seek(instance, "a trace instance");
            place = in.place();
            readPageTable(in, in.string("'flyrecord'"), place);
        }
    }

    private void readPageTable(BinaryCursor in, String kind, String place) throws IOException {
        if (!kind.startsWith("flyrecord")) {
            throw new BadInput(
                    place,
                    "expected 'flyrecord', found '" + BadInput.show(kind, 20)
                            + "'; a latency trace holds text, record events");
        }
        buffers++;
        for (int cpu = 0; cpu < cpuCount; cpu++) {
            long at = in.u64("the offset of a CPU's pages");
            addCpu(cpu, at, in.u64("the size of a CPU's pages"), pageSize, /* isCompressed= */ false, in.place());
        }
    }

    private void readSections(BinaryCursor in) throws IOException {
        pageSize = BinaryFormats.readMachine(in);
        String place = in.place();
        String method = in.string("the name of the compression");
        in.string("the version of the compression");
        compression = TraceDatCompression.named(method, place);
        Set<Long> seen = new HashSet<>();
        for (long at = in.u64("the offset of the options"); at != 0; ) {
            if (!seen.add(at)) {
                throw new BadInput(
                        name + ": byte " + at, "expected new options, found the same again; copy the file again");
            }
            at = readOptions(section(at, DONE, "options"));
        }
    }

    /** @return where the next options are, 0 if nowhere */
    private long readOptions(BinaryCursor in) throws IOException {
        while (true) {
            int id = in.u16("an option");
            long size = in.length32("an option");
            if (id == DONE) {
                return size >= 8 ? in.u64("the offset of further options") : 0;
            }
            long next = in.position() + size;
            switch (id) {
                case HEADER_INFO -> formats.readHeader(sectionAt(in, HEADER_INFO, "the page header"));
                case FTRACE_FORMATS -> formats.readFtrace(sectionAt(in, FTRACE_FORMATS, "ftrace formats"));
                case EVENT_FORMATS -> formats.readEvents(sectionAt(in, EVENT_FORMATS, "event formats"));
                case COMMAND_LINES -> readCommandLines(sectionAt(in, COMMAND_LINES, "command lines"));
                case BUFFER -> readBuffer(in);
                default -> readOption(id, in, size);
            }
            in.seek(next, "the next option");
        }
    }

    private BinaryCursor sectionAt(BinaryCursor in, int id, String what) throws IOException {
        return section(in.u64("the offset of " + what), id, what);
    }

    private BinaryCursor section(long at, int id, String what) throws IOException {
        BinaryCursor in = BinaryCursor.of(name, file, 0, file.size());
        in.seek(at, what);
        String place = in.place();
        int found = in.u16("a section");
        boolean isCompressed = (in.u16("a section's flags") & 1) != 0;
        in.u32("a section's description");
        long size = in.length64(what);
        if (found != id) {
            throw new BadInput(
                    place,
                    "expected a section " + id + " (" + what + "), found one of " + found + "; copy the file again");
        }
        if (!isCompressed) {
            return BinaryCursor.of(name, file, in.position(), in.position() + size);
        }
        long packed = in.length32(what);
        long unpacked = in.u32("the size of " + what);
        byte[] bytes = in.bytes(packed, what);
        return BinaryCursor.of(name + ": section at byte " + at, compression.section(bytes, unpacked, place));
    }

    /** {@code u64 section, name\0, clock\0, u32 page size, u32 CPUs, each: u32 cpu, u64 offset, u64 size}. */
    private void readBuffer(BinaryCursor in) throws IOException {
        long at = in.u64("the offset of a buffer");
        String instance = in.string("the name of a buffer");
        String its = in.string("the clock of a buffer");
        String place = in.place();
        long page = in.u32("the page size of a buffer");
        if (page < 1 << 10 || page > Mapped.OVERLAP) {
            throw new BadInput(
                    place, "expected a page size from 1 KiB to 1 MiB, found " + page + "; copy the file again");
        }
        BinaryCursor section = BinaryCursor.of(name, file, 0, file.size());
        section.seek(at, "a buffer");
        section.u16("a section");
        boolean isCompressed = (section.u16("a section's flags") & 1) != 0;
        buffers++;
        if (instance.isEmpty() || cpus.isEmpty()) {
            clock = its;
        }
        int count = cpus(in);
        for (int i = 0; i < count; i++) {
            int cpu = (int) in.u32("a CPU");
            long from = in.u64("the offset of a CPU's pages");
            addCpu(cpu, from, in.u64("the size of a CPU's pages"), (int) page, isCompressed, in.place());
        }
    }

    private void addCpu(int cpu, long from, long size, int page, boolean isCompressed, String place) {
        if (size == 0) {
            return;
        }
        if (from < 0 || size < 0 || cpu < 0 || cpu >= Coverage.MOST_CPUS || from + size < 0) {
            throw new BadInput(
                    place,
                    "expected pages of a CPU, found " + size + " bytes at byte " + from + "; copy the file again");
        }
        cpus.add(new Cpu(cpu, from, size, page, isCompressed));
    }

    private static int cpus(BinaryCursor in) throws IOException {
        String place = in.place();
        long count = in.u32("the number of CPUs");
        if (count > Coverage.MOST_CPUS) {
            throw new BadInput(
                    place,
                    "expected at most " + Coverage.MOST_CPUS + " CPUs, found " + count + "; copy the file again");
        }
        return (int) count;
    }

    /** {@code u64 size}, then lines {@code PID NAME}. */
    private void readCommandLines(BinaryCursor in) throws IOException {
        byte[] lines = in.bytes(in.length64("command lines"), "command lines");
        int from = 0;
        while (from < lines.length) {
            int to = from;
            while (to < lines.length && lines[to] != '\n' && lines[to] != 0) {
                to++;
            }
            int digits = Text.skipDigits(lines, from, to);
            // A name may start with a blank; exactly one stands between.
            if (digits > from && digits < to && lines[digits] == ' ') {
                int tid = (int) Text.decimal(lines, from, digits);
                threads.name(-1, tid, names.id(lines, digits + 1, to - digits - 1));
            }
            from = to + 1;
        }
    }

    private void readOption(int id, BinaryCursor in, long size) throws IOException {
        switch (id) {
            case DATE -> offset += number(text(in, size)) * 1000; // microseconds
            case OFFSET -> offset += number(text(in, size));
            case CLOCK -> readClock(text(in, size));
            case UNAME -> readUname(text(in, size));
            case RECORDER -> tally.header("recorder", "trace-cmd " + text(in, size));
            case CPU_COUNT -> tally.header("cpus", size >= 4 ? String.valueOf(in.u32("the number of CPUs")) : "");
            case TIME_SHIFT ->
                tally.note("clock corrections not applied (guest of a host recording)")
                        .increment();
            case TSC_TO_NANOS -> {
                if (size >= 16) {
                    multiplier = in.u32("the multiplier of the clock");
                    shift = (int) in.u32("the shift of the clock") & 63;
                }
            }
            default -> {
                // Statistics, hooks, memory maps: nothing we use.
            }
        }
    }

    /** {@code local global [mono] ...}: the one in brackets. */
    private void readClock(String clocks) {
        int open = clocks.indexOf('[');
        int close = clocks.indexOf(']', open);
        if (open >= 0 && close > open) {
            clock = clocks.substring(open + 1, close);
        }
    }

    /** {@code Linux HOST RELEASE MACHINE}; the host's name is nobody's business. */
    private void readUname(String uname) {
        String[] words = uname.split(" ");
        if (words.length >= 4) {
            tally.header("kernel", words[words.length - 2]);
            tally.header("arch", words[words.length - 1]);
        }
    }

    private static String text(BinaryCursor in, long size) throws IOException {
        return new String(in.bytes(size, "an option"), StandardCharsets.UTF_8)
                .replace("\0", "")
                .strip();
    }

    private static long number(String text) {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
