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
        List<Path> files = new ArrayList<>();
        for (Path path : given) {
            if (Files.isDirectory(path) && !isRecordingFolder(path)) {
                try (var inside = Files.list(path)) {
                    for (Path file : inside.sorted().toList()) {
                        boolean isHidden = String.valueOf(file.getFileName()).startsWith(".");
                        boolean isRecording = !isHidden
                                && NO_RECORDINGS.stream()
                                        .noneMatch(end -> file.toString().endsWith(end))
                                && (!Files.isDirectory(file) || isRecordingFolder(file));
                        (isRecording ? files : skipped).add(file);
                    }
                }
                if (files.isEmpty()) {
                    throw new BadInput(path.toString(), "no recordings in this folder; see 'tollgate list formats'");
                }
            } else {
                files.add(path);
            }
        }
        Map<String, Path> named = new LinkedHashMap<>();
        for (Path file : files) {
            String stem = stem(file);
            String name = stem;
            for (int i = 2; named.containsKey(name); i++) {
                name = stem + "-" + i;
            }
            named.put(name, file);
        }
        return named;
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

    /** The file's name up to its first dot. */
    private static String stem(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.indexOf('.', 1);
        return dot < 0 ? name : name.substring(0, dot);
    }
}
