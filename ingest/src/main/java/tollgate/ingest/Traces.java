package tollgate.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recordings that a command line means: files as they are, folders as what is in them. */
public final class Traces {
    private static final List<String> NO_RECORDINGS = List.of(".yaml", ".yml", ".md", ".txt.asc", ".sha256");

    private Traces() {}

    /**
     * @param skipped files of folders that are no recordings are added here
     * @return recordings by the name of their workload, in the order given, those of a folder by name
     */
    public static Map<String, Path> find(List<Path> given, List<Path> skipped) throws IOException {
        return find(given, skipped, file -> true);
    }

    /**
     * As {@link #find}, but of a folder only the files that are recordings by what is in them. A file that was named
     * itself stays, to be refused by who reads it.
     *
     * @param format a name, with which every file of a folder stays too, or the empty string
     */
    public static Map<String, Path> recognised(List<Path> given, String format, List<Path> skipped) throws IOException {
        return find(given, skipped, file -> !format.isEmpty() || isKnown(file));
    }

    /** What cannot be looked into stays as well: left out, a recording that is in the way would not be missed. */
    private static boolean isKnown(Path file) throws IOException {
        try (Input input = Input.of(file, Input.Damage.REFUSE)) {
            return Formats.surest(input).isPresent();
        } catch (BadInput e) {
            return true;
        }
    }

    private interface Choice {
        boolean holds(Path file) throws IOException;
    }

    private static Map<String, Path> find(List<Path> given, List<Path> skipped, Choice choice) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : given) {
            if (Files.isDirectory(path) && !isRecordingFolder(path)) {
                int before = files.size();
                try (var inside = Files.list(path)) {
                    for (Path file : inside.sorted().toList()) {
                        boolean isRecording = isNamedLikeOne(file.toString())
                                && (!Files.isDirectory(file) || isRecordingFolder(file))
                                && choice.holds(file);
                        (isRecording ? files : skipped).add(file);
                    }
                }
                if (files.size() == before) {
                    throw new BadInput(path.toString(), "no recordings in this folder; see 'tollgate list formats'");
                }
            } else {
                files.add(path);
            }
        }
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : files) {
            named.put(unlike(named, stem(String.valueOf(file.getFileName()))), file);
        }
        return named;
    }

    /** As {@link #find} names them: files that are no files of this machine. */
    public static Map<String, String> named(List<String> addresses) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String address : addresses) {
            named.put(unlike(named, stem(lastName(address))), address);
        }
        return named;
    }

    /** Whether a file of a folder may be a recording, by its name: not hidden, and none of those that stand beside them. */
    public static boolean isNamedLikeOne(String location) {
        String name = lastName(location);
        return !name.startsWith(".") && NO_RECORDINGS.stream().noneMatch(name::endsWith);
    }

    private static String unlike(Map<String, ?> named, String stem) {
        String name = stem;
        for (int i = 2; named.containsKey(name); i++) {
            name = stem + "-" + i;
        }
        return name;
    }

    /** perf record --threads writes a folder with a file "data"; strace -ff one file for each process, NAME.PID. */
    private static boolean isRecordingFolder(Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve("data"))) {
            return true;
        }
        try (var inside = Files.list(folder)) {
            List<Path> files = inside.toList();
            return !files.isEmpty()
                    && files.stream()
                            .allMatch(file -> file.getFileName().toString().matches(".+\\.[0-9]+"));
        }
    }

    private static String lastName(String location) {
        return location.substring(Math.max(location.lastIndexOf('/'), location.lastIndexOf('\\')) + 1);
    }

    /** A file's name up to its first dot. */
    private static String stem(String name) {
        int dot = name.indexOf('.', 1);
        return dot < 0 ? name : name.substring(0, dot);
    }
}
