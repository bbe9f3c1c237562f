package tollgate.analysis.study;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tollgate.analysis.Replayed;
import tollgate.analysis.TraceTask;
import tollgate.ingest.Input;
import tollgate.replay.Lane;

/**
 * Results of finished tasks, a file each, named by a hash of all that makes them: the task's identity and the program's
 * own code. A study that was interrupted, or changed in part, takes up what is there. What cannot be read is as good as
 * not there.
 */
public final class TaskStore {
    private final Path folder;
    private final byte[] program = program();

    public TaskStore(Path folder) {
        this.folder = folder;
    }

    public Optional<Replayed> find(TraceTask task) {
        Path file = file(task);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(Replayed.unpacked(in.readNBytes(Replayed.MOST_BYTES)));
        } catch (IOException damaged) {
            return Optional.empty();
        }
    }

    /**
     * Whole or not at all.
     *
     * @throws IOException in one line: on a full disk the file's own says neither where nor what to do
     */
    public void keep(TraceTask task, Replayed replayed) throws IOException {
        try {
            write(task, replayed);
        } catch (IOException e) {
            throw new IOException(
                    folder + ": a finished replay cannot be kept there: " + e.getMessage()
                            + "; what is kept is taken up when the study is run again",
                    e);
        }
    }

    private void write(TraceTask task, Replayed replayed) throws IOException {
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "task-", ".part");
        try {
            Files.write(part, replayed.packed());
            Files.move(part, file(task), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Path file(TraceTask task) {
        MessageDigest digest = sha256();
        digest.update(program);
        digest.update(task.identity().getBytes(StandardCharsets.UTF_8));
        return folder.resolve(HexFormat.of().formatHex(digest.digest(), 0, 16) + ".task");
    }

    /** Of the code that replays: results of another version are not this one's. */
    private static byte[] program() {
        MessageDigest digest = sha256();
        for (Class<?> room : List.of(Input.class, Lane.class, Replayed.class)) {
            CodeSource source = room.getProtectionDomain().getCodeSource();
            try {
                Path code = Path.of(source.getLocation().toURI());
                try (Stream<Path> files = Files.walk(code)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        digest.update(Files.readAllBytes(file));
                    }
                }
            } catch (IOException | URISyntaxException e) {
                throw new IllegalStateException("the program's own code cannot be read", e);
            }
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
