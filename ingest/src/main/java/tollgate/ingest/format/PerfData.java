package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/**
 * perf.data as {@code perf record} writes it: to a file, through a pipe, compressed (-z), or one file a thread in a
 * folder (--threads). Read without perf.
 *
 * <p>Left out: addresses of mapped files, call chains, AUX data, and events that are no tracepoints; they are counted. A
 * sample of a group's leader ({@code {a,b}:S}) is one event, of the leader; perf script prints it once for each member.
 */
@AutoService(Format.class)
public final class PerfData implements Format {
    private static final byte[] MAGIC = "PERFILE2".getBytes(StandardCharsets.US_ASCII);
    /** The file with the header in the folder that {@code perf record --threads} makes; beside it data.0, data.1, ... */
    private static final String FOLDER_HEADER = "data";

    @Override
    public String name() {
        return "perf-data";
    }

    @Override
    public String description() {
        return "perf record -e raw_syscalls:*,... -o FILE: binary, also piped, -z or --threads";
    }

    @Override
    public int confidence(Input input) throws IOException {
        byte[] head = input.head();
        if (input.isDirectory()) {
            Path data = input.path().resolve(FOLDER_HEADER);
            if (!Files.isRegularFile(data)) {
                return 0;
            }
            try (var in = Files.newInputStream(data)) {
                head = in.readNBytes(MAGIC.length);
            }
        }
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                ? CERTAIN
                : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        if (confidence(input) == 0) {
            throw new BadInput(
                    input.name() + ": byte 0", "expected the magic PERFILE2, found something else; not a perf.data");
        }
        List<Closeable> owned = new ArrayList<>();
        try {
            return input.isDirectory() ? openFolder(input, owned) : openFile(input, owned);
        } catch (IOException | RuntimeException e) {
            for (Closeable each : owned) {
                each.close();
            }
            throw e;
        }
    }

    private static Recording openFile(Input input, List<Closeable> owned) throws IOException {
        Tally tally = new Tally();
        PerfDataHeader header = new PerfDataHeader(input.name(), input.channel(), tally);
        List<String> names = new ArrayList<>(List.of(input.name()));
        List<FileChannel> files = new ArrayList<>(List.of(input.channel()));
        return open(names, files, header, tally, new Damages(input.damage(), tally), owned);
    }

    private static Recording openFolder(Input input, List<Closeable> owned) throws IOException {
        Path folder = input.path();
        Tally tally = new Tally();
        List<String> names = new ArrayList<>();
        List<FileChannel> files = new ArrayList<>();
        add(folder.resolve(FOLDER_HEADER), names, files, owned);
        for (int i = 0; Files.isRegularFile(folder.resolve(FOLDER_HEADER + "." + i)); i++) {
            add(folder.resolve(FOLDER_HEADER + "." + i), names, files, owned);
        }
        PerfDataHeader header = new PerfDataHeader(names.get(0), files.get(0), tally);
        return open(names, files, header, tally, new Damages(input.damage(), tally), owned);
    }

    private static void add(Path path, List<String> names, List<FileChannel> files, List<Closeable> owned)
            throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        owned.add(file);
        names.add(path.toString());
        files.add(file);
    }

    /** The first file has the header and records up to where it says; the others are records from end to end. */
    private static Recording open(
            List<String> names,
            List<FileChannel> files,
            PerfDataHeader header,
            Tally tally,
            Damages damages,
            List<Closeable> owned)
            throws IOException {
        int count = files.size();
        long[] starts = new long[count];
        long[] ends = new long[count];
        for (int i = 0; i < count; i++) {
            starts[i] = i == 0 ? header.from() : 0;
            ends[i] = i == 0 ? header.to() : files.get(i).size();
            if (header.isCompressed()) {
                files.set(i, PerfDataExpander.expand(names.get(i), files.get(i), starts[i], ends[i], damages));
                owned.add(files.get(i));
                names.set(i, names.get(i) + " (expanded)");
                starts[i] = 0;
                ends[i] = files.get(i).size();
            }
        }
        PerfDataTimes times = new PerfDataTimes(names.get(0), header.events(), header.ids());
        FileChannel[] channels = files.toArray(FileChannel[]::new);
        PerfDataBlocks blocks = new PerfDataBlocks(channels);
        PerfDataRounds rounds =
                new PerfDataRounds(names.toArray(String[]::new), channels, blocks, starts, ends, times, tally, damages);
        return new PerfDataRecording(names.get(0), header, times, rounds, tally, damages, owned);
    }
}
