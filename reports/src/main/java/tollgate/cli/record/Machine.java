package tollgate.cli.record;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The machine that records: files under {@code /proc} and {@code /sys}, and the programs on the search path.
 *
 * @param root folder that holds {@code proc} and {@code sys}: {@code /}, or a made-up machine's
 * @param path folders in which programs are looked for, in this order
 * @param isRoot whether all is permitted that a kernel permits at all
 */
public record Machine(Path root, List<Path> path, boolean isRoot) {
    /** A recorder that answers a trial does so within a second or two, on a slow and busy machine in ten. */
    private static final long PATIENCE_SECONDS = 60;

    /** A command that does nothing, for a trial; it needs no search path. */
    static final List<String> NOTHING = List.of("/bin/sh", "-c", ":");

    /** How perf begins to show its own arguments. */
    private static final String ARGUMENTS = "event syntax error:";

    /** What a short run of a program came to. */
    public record Trial(int exitCode, String output) {
        public boolean succeeded() {
            return exitCode == 0;
        }

        /** Without the arguments that it was given. */
        String complaint() {
            return output.lines().filter(line -> !line.startsWith(ARGUMENTS)).collect(Collectors.joining("\n"));
        }

        /** What it says first, on one line, for a refusal. */
        String said() {
            String said = output.lines()
                    .map(String::strip)
                    .map(line -> line.replaceFirst("^(\\\\___|Error:|trace-cmd:|strace:)\\s*", ""))
                    .filter(line -> !line.isEmpty() && !line.startsWith(ARGUMENTS))
                    .limit(2)
                    .collect(Collectors.joining(" "));
            return said.isEmpty() ? "it said nothing and ended with exit code " + exitCode : said;
        }

        /** The first line, of a program that tells its version. */
        String firstLine() {
            return output.lines().findFirst().orElse("").strip();
        }
    }

    public Machine {
        path = List.copyOf(path);
    }

    /** The machine that this runs on. */
    public static Machine here() {
        List<Path> path = new ArrayList<>();
        String folders = System.getenv("PATH");
        for (String folder : folders == null ? new String[0] : folders.split(File.pathSeparator)) {
            path.add(Path.of(folder));
        }
        Path root = Path.of("/");
        return new Machine(root, path, isRoot(root.resolve("proc/self")));
    }

    private static boolean isRoot(Path self) {
        try {
            return Files.getAttribute(self, "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** A program as the shell would find it. */
    public Optional<Path> find(String program) {
        if (program.indexOf('/') >= 0) {
            return Optional.of(Path.of(program)).filter(Machine::isProgram);
        }
        return path.stream()
                .map(folder -> folder.resolve(program))
                .filter(Machine::isProgram)
                .findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    public Path file(String name) {
        return root.resolve(name);
    }

    /** The text of a file such as {@code proc/cpuinfo} without the line end; empty if it is not there or may not be read. */
    public Optional<String> read(String name) {
        try {
            return Optional.of(
                    Files.readString(file(name), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Names in a folder, sorted; none if it is not there or may not be read. */
    public List<String> list(String folder) {
        try (var inside = Files.list(file(folder))) {
            return inside.map(each -> each.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Starts a program, found as {@link #find} does, with the terminal of this process. */
    public Process start(List<String> command) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.set(
                0,
                find(words.get(0))
                        .orElseThrow(() -> new IOException(words.get(0) + " is gone"))
                        .toString());
        return new ProcessBuilder(words).inheritIO().start();
    }

    /** Runs a program to its end, in the C locale, and keeps what it says. */
    public Trial run(List<String> command) throws IOException {
        Path said = Files.createTempFile("tollgate", ".said");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .redirectInput(new File("/dev/null"));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return new Trial(-1, "it did not end within " + PATIENCE_SECONDS + " s");
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                return new Trial(-1, "interrupted");
            }
            try (InputStream in = Files.newInputStream(said)) {
                return new Trial(process.exitValue(), new String(in.readNBytes(1 << 16), StandardCharsets.UTF_8));
            }
        } finally {
            Files.deleteIfExists(said);
        }
    }
}
