package tollgate.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import tollgate.ingest.BadInput;
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
     * @param text name of a profile that comes with Tollgate, or the path of a YAML file; with {@link #parameters} stated
     *     otherwise if it ends like {@code skylake-sp(stlb.entries=3072,ghz=3)}
     * @throws IllegalArgumentException if there is neither, with the nearest name
     * @throws tollgate.ingest.BadInput if the file is wrong
     */
    public static CpuProfile load(String text) {
        int open = text.lastIndexOf('(');
        if (open < 0 || !text.endsWith(")")) {
            return named(text);
        }
        CpuProfile cpu = named(text.substring(0, open));
        for (String stated : text.substring(open + 1, text.length() - 1).split(",")) {
            String[] sides = stated.split("=", 2);
            String key = sides[0].trim();
            double value = CpuParameter.number(sides.length < 2 ? "" : sides[1].trim())
                    .orElseThrow(() ->
                            new IllegalArgumentException("expected NAME=NUMBER in parentheses after a CPU, found '"
                                    + BadInput.show(stated, 40) + "'"));
            cpu = cpu.with(key, value);
        }
        return cpu;
    }

    /** Names of what may be stated otherwise than a profile has it. */
    public static Set<String> parameters() {
        return CpuParameter.keys();
    }

    /** What a parameter is counted in. */
    public static String unit(String parameter) {
        return CpuParameter.unit(parameter);
    }

    /**
     * This CPU with one {@link #parameters parameter} stated otherwise, as its name then says.
     *
     * @throws IllegalArgumentException if there is no such parameter, or it cannot have this value here
     */
    public CpuProfile with(String parameter, double value) {
        CpuProfile changed = CpuParameter.with(this, parameter, value);
        String stated = parameter + "=" + CpuParameter.plain(value);
        return new CpuProfile(
                name.endsWith(")")
                        ? name.substring(0, name.length() - 1) + "," + stated + ")"
                        : name + "(" + stated + ")",
                title + ", " + stated,
                changed.gigahertz,
                changed.gigahertzSource,
                changed.features,
                changed.machine,
                changed.prices);
    }

    private static CpuProfile named(String name) {
        List<String> names = names(folder());
        if (names.contains(name)) {
            return shipped(name);
        }
        if (name.endsWith(END) && Files.isRegularFile(Path.of(name))) {
            return own(Path.of(name));
        }
        throw new IllegalArgumentException("unknown CPU '" + name + "'" + Spelling.hint(name, names));
    }

    /** Every profile that comes with Tollgate, by name. */
    public static List<CpuProfile> all() {
        return names(folder()).stream().map(CpuProfile::shipped).toList();
    }

    /** A profile of the user's own; its name is the file's. */
    private static CpuProfile own(Path file) {
        String name = String.valueOf(file.getFileName());
        try (InputStream in = Files.newInputStream(file)) {
            return CpuProfileFile.read(name.substring(0, name.length() - END.length()), file.toString(), in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CpuProfile shipped(String name) {
        try (InputStream in = Machine.class.getResourceAsStream(FOLDER + name + END)) {
            return CpuProfileFile.read(name, name + END, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URL folder() {
        URL folder = Machine.class.getResource(FOLDER);
        if (folder == null) {
            throw new IllegalStateException("no CPU profiles on the class path");
        }
        return folder;
    }

    /** Names of the profiles in a folder, sorted: whatever YAML stands there, in classes or in a jar. */
    static List<String> names(URL folder) {
        try {
            URLConnection connection = folder.openConnection();
            connection.setUseCaches(false);
            if (connection instanceof JarURLConnection jar) {
                try (JarFile file = jar.getJarFile()) {
                    String inside = jar.getEntryName();
                    return names(file.stream().map(ZipEntry::getName).filter(path -> path.startsWith(inside)));
                }
            }
            try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
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
     * @param draws that the intervals rest on
     * @param seed of the draws
     */
    public Comparison.Cpu summary(List<Comparison.Workload> workloads, int draws, long seed) {
        return new Comparison.Cpu(
                name,
                title,
                gigahertz,
                PriceShares.of(workloads, prices, draws, seed),
                TranslationCaches.of(machine().geometry()));
    }
}
