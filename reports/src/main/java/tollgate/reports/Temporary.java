package tollgate.reports;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A file or folder that must not outlive this run, however it ends: well, by an exception or by Ctrl-C (only kill -9
 * leaves it). What was moved away meanwhile is not there any more and stays where it is.
 */
public final class Temporary implements Closeable {
    /** Half-written files may come back while others still write: for so long, in hundredths of a second. */
    private static final int TRIES = 100;

    private final Path path;
    private final Thread whenKilled = new Thread(this::insist, "clean-up");

    /** @param path made now or later, by the caller */
    public Temporary(Path path) {
        this.path = path;
        Runtime.getRuntime().addShutdownHook(whenKilled);
    }

    public Path path() {
        return path;
    }

    /** Deletes it with all that is in it. */
    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(whenKilled);
        } catch (IllegalStateException underWay) {
            return;
        }
        delete(path);
    }

    /** Deletes a file, or a folder with all that is in it; nothing where nothing is. */
    static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }

    private void insist() {
        for (int i = 0; i < TRIES && Files.exists(path); i++) {
            try {
                delete(path);
                Thread.sleep(10);
            } catch (IOException | UncheckedIOException stillWritten) {
                continue;
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
