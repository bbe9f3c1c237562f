package tollgate.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import tollgate.ingest.yaml.Spelling;
import tollgate.replay.Machine;

/**
 * One CPU model: its translation caches, its features, what its operations cost. A profile is one YAML file among the
 * resources of {@code tollgate.replay.cpu}, or a file of the user's own; {@link CpuProfileFile} reads it.
 *
 * @param name as for {@code --cpu}
 * @param title the processor's name in words
 * @param gigahertz frequency at which cycles become time
 * @param gigahertzSource what runs at it
 * @param machine as the replay builds it
 */
public record CpuProfile(
        String name,
        String title,
        double gigahertz,
        String gigahertzSource,
        CpuFeatures features,
        Machine machine,
        Prices prices) {
    private static final String FOLDER = "/tollgate/replay/cpu/";
    private static final String END = ".yaml";

    /**
     * @param name of a profile that comes with Tollgate, or the path of a YAML file
     * @throws IllegalArgumentException if there is no such profile, with the nearest name
     * @throws tollgate.ingest.BadInput if the file is wrong
     */
    public static CpuProfile load(String name) {
        try {
            if (names().contains(name)) {
                return shipped(name);
            }
            if (name.endsWith(END)) {
                return read(Path.of(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalArgumentException("unknown CPU '" + name + "'" + Spelling.hint(name, names()));
    }

    /** Every profile that comes with Tollgate, by name. */
    public static List<CpuProfile> all() {
        return names().stream().map(CpuProfile::load).toList();
    }

    /** Reads a profile of the user's own; its name is the file's. */
    static CpuProfile read(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        return CpuProfileFile.read(
                name.substring(0, name.length() - END.length()), file.toString(), Files.readString(file));
    }

    private static CpuProfile shipped(String name) throws IOException {
        try (InputStream in = CpuProfile.class.getResourceAsStream(FOLDER + name + END)) {
            return CpuProfileFile.read(name, name + END, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** Names of the shipped profiles, sorted: whatever YAML stands in the folder, in classes or in a jar. */
    static List<String> names() {
        URL folder = Machine.class.getResource(FOLDER);
        if (folder == null) {
            throw new IllegalStateException("no CPU profiles on the class path");
        }
        try {
            URLConnection connection = folder.openConnection();
            connection.setUseCaches(false);
            if (connection instanceof JarURLConnection jar) {
                try (JarFile file = jar.getJarFile()) {
                    return names(
                            file.stream().map(entry -> "/" + entry.getName()).filter(path -> path.startsWith(FOLDER)));
                }
            }
            try (Stream<Path> files = Files.list(Path.of(new URI(folder.toString())))) {
                return names(files.map(Path::toString));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> names(Stream<String> paths) {
        return paths.filter(path -> path.endsWith(END))
                .map(path -> path.substring(path.replace('\\', '/').lastIndexOf('/') + 1, path.length() - END.length()))
                .sorted()
                .toList();
    }

    /**
     * This CPU as results name it.
     *
     * @param workloads priced by this profile, the baseline of each first
     */
    public Comparison.Cpu summary(List<Comparison.Workload> workloads) {
        return new Comparison.Cpu(name, title, gigahertz, new TreeMap<>(PriceShares.of(workloads, prices)));
    }
}
