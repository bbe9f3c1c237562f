package tollgate.analysis.study;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
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
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
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
    /** Our own results and what they consist of; nothing else is ever made from a file. */
    private static final ObjectInputFilter OURS =
            ObjectInputFilter.Config.createFilter("tollgate.**;java.lang.*;java.util.*;!*");

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
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
                ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(in.readAllBytes()))) {
            objects.setObjectInputFilter(OURS);
            return Optional.of((Replayed) objects.readObject());
        } catch (IOException | ClassNotFoundException | RuntimeException damaged) {
            return Optional.empty();
        }
    }

    /** Whole or not at all. */
    public void keep(TraceTask task, Replayed replayed) throws IOException {
        Files.createDirectories(folder);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(new GZIPOutputStream(bytes))) {
            objects.writeObject(replayed);
        }
        Path part = Files.createTempFile(folder, "task-", ".part");
        try {
            Files.write(part, bytes.toByteArray());
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
