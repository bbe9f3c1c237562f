package tollgate.ingest.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/** The large recordings that do not stand in the repository, below the folder of -Dtollgate.shared. */
final class SharedRecordings {
    static final String PROPERTY = "tollgate.shared";

    private SharedRecordings() {}

    static Path folder() {
        return Path.of(System.getProperty(PROPERTY), "recordings");
    }

    /** All perf.data and trace.dat, also compressed ones; not what is packed in an archive. */
    static List<Path> binaries() {
        try (Stream<Path> files = Files.walk(folder())) {
            return files.filter(file -> file.getFileName().toString().matches(".*\\.(data|dat)(\\.zst)?"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file as a tool can read it: decompressed into {@code scratch} if need be. */
    static Path plain(Path file, Path scratch) throws IOException {
        if (!file.toString().endsWith(".zst")) {
            return file;
        }
        Path plain = scratch.resolve(file.getFileName().toString().replace(".zst", ""));
        try (Input input = Input.of(file);
                InputStream in = input.stream()) {
            Files.copy(in, plain);
        }
        return plain;
    }

    /** perf record --threads makes a folder; it is kept as an archive. */
    static Path threadsFolder(Path scratch) throws IOException, InterruptedException {
        Path archive = folder().resolve("redis/perf.perthread-dir.tar.zst");
        Process tar = new ProcessBuilder("tar", "--zstd", "-xf", archive.toString(), "-C", scratch.toString()).start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar cannot read " + archive);
        }
        return scratch.resolve("perf.perthread-dir");
    }

    /** One event, with its names resolved by whoever looks at it. */
    @FunctionalInterface
    interface Visitor {
        void event(Batch batch, int index);
    }

    /** Reads a recording to its end. */
    static Recording read(Input input, Visitor visitor) throws IOException {
        Recording recording = Formats.recognise(input).open(input);
        Batch batch = new Batch();
        while (recording.read(batch)) {
            for (int i = 0; i < batch.size(); i++) {
                visitor.event(batch, i);
            }
        }
        return recording;
    }
}
