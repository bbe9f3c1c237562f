package tollgate.analysis.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A Java program that runs beside us, with what it says; killed with all that it started when closed. */
final class Program implements AutoCloseable {
    /** The checkout; tests run in {@code analysis/spark}. */
    static final Path TOP = Path.of("").toAbsolutePath().getParent().getParent();

    private static final long PATIENCE_SECONDS = 1_200;

    private final Process process;
    private final Path said;

    private Program(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /** @param said file for standard output and errors */
    static Program start(Path said, Map<String, String> environment, List<String> words) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().putAll(environment);
        return new Program(builder.start(), said);
    }

    /** The packaged command line, started as its launcher does. */
    static Program tollgate(Path said, Map<String, String> environment, Object... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(java(), "-cp", classPath(), "tollgate.cli.Main"));
        Stream.of(arguments).map(Object::toString).forEach(words::add);
        return start(said, environment, words);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static String classPath() throws IOException {
        Path target = TOP.resolve("reports/target");
        try (Stream<Path> files = Files.list(target)) {
            Path jar = files.filter(file -> file.getFileName().toString().matches("tollgate-reports-.*[0-9T]\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("reports is not packaged; run this with 'verify'"));
            return jar + ":" + target.resolve("lib") + "/*";
        }
    }

    /** Waits until a line of what it says is as asked for, or it ends. @return the line, or empty */
    String await(Predicate<String> wanted) throws IOException, InterruptedException {
        while (true) {
            boolean isOver = !process.isAlive();
            for (String line : said().lines().toList()) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            if (isOver) {
                return "";
            }
            Thread.sleep(50);
        }
    }

    /** @return its exit code */
    int await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end");
        }
        return process.exitValue();
    }

    String said() throws IOException {
        return new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
    }

    long pid() {
        return process.pid();
    }

    /** As a power cut would: nothing is told to anybody. */
    void kill() {
        process.destroyForcibly();
    }

    /** As Ctrl-C would. */
    void stop() {
        process.destroy();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
