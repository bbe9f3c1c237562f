package tollgate.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tollgate.cli.record.Words;

/**
 * A study on somebody's Spark cluster: this program again, started by the cluster's own {@code spark-submit}, which knows
 * where the cluster is, what it may use and how to log in. The driver runs here, so that the study and its results are
 * files of this machine.
 */
final class SparkSubmit {
    private static final Pattern MASTER =
            Pattern.compile("spark://.+|k8s://.+|yarn|local(\\[.*\\])?|local-cluster\\[.*\\]");

    /** What a cluster has in its own version, and parquet-floor with what needs it: it stands in for classes of Hadoop. */
    private static final Pattern NOT_SENT = Pattern.compile("(parquet-|slf4j-|zstd-jni-|snappy-java-).*");

    private final String master;
    private final Path study;
    private final Path output;

    /**
     * @param master as for spark-submit, or empty for what Spark's settings say
     * @param study absolute
     * @param output absolute
     */
    SparkSubmit(String master, Path study, Path output) {
        this.master = master;
        this.study = study;
        this.output = output;
    }

    static boolean isMaster(String text) {
        return MASTER.matcher(text).matches();
    }

    /** Prints the line, and runs it if it may and can be. @return exit code, the driver's if it ran */
    int run(boolean isDry) throws IOException {
        Path reports = jar();
        Optional<Path> module = module(reports);
        if (module.isEmpty()) {
            System.err.println(
                    "tollgate: expected the part that runs on Spark, tollgate-spark-*.jar, found none; in a checkout"
                            + " build it with 'mvn -Pspark -DskipTests package', beside a release put it into lib/spark");
            return Main.CANNOT_WRITE;
        }
        Optional<Path> program = program();
        List<String> words = words(reports, module.get());
        System.out.println(line(program.map(Path::toString).orElse("spark-submit"), words));
        if (isDry) {
            return 0;
        }
        if (program.isEmpty()) {
            System.err.println(
                    "tollgate: no spark-submit in SPARK_HOME or on the search path, so nothing was run; set SPARK_HOME to"
                            + " a Spark of Scala 2.13 (tried: 4.2), or run the line where there is one and the same files");
            return Main.CANNOT_WRITE;
        }
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        if (Boolean.getBoolean("tollgate.terminal")) {
            command.addAll(List.of("--driver-java-options", "-Dtollgate.terminal=true"));
        }
        command.addAll(words);
        Process driver = new ProcessBuilder(command).inheritIO().start();
        Thread whenKilled = new Thread(driver::destroy, "spark-submit");
        Runtime.getRuntime().addShutdownHook(whenKilled);
        try {
            int code = driver.waitFor();
            Runtime.getRuntime().removeShutdownHook(whenKilled);
            return code;
        } catch (InterruptedException e) {
            driver.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Spark was at work", e);
        }
    }

    private List<String> words(Path reports, Path module) {
        List<String> words = new ArrayList<>();
        if (!master.isEmpty()) {
            words.addAll(List.of("--master", master));
        }
        String jars = Stream.concat(Stream.of(module), classPath().filter(jar -> !jar.equals(reports)))
                .map(Path::toString)
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
        words.addAll(List.of("--deploy-mode", "client", "--conf", "spark.log.level=WARN", "--jars", jars));
        words.addAll(List.of("--class", Main.class.getName(), reports.toString()));
        words.addAll(List.of("study", study.toString(), "--executor", "spark", "-o", output.toString()));
        return words;
    }

    /** A word a line, or a switch with its value, as a shell takes it. */
    private static String line(String program, List<String> words) {
        StringBuilder line = new StringBuilder(Words.shown(program));
        for (int i = 0; i < words.size(); i++) {
            boolean isValue = i > 0 && words.get(i - 1).startsWith("-");
            line.append(isValue || i > 0 && words.get(i - 1).equals("study") ? " " : " \\\n  ")
                    .append(Words.shown(words.get(i)));
        }
        return line.toString();
    }

    private static Optional<Path> program() {
        String home = System.getenv("SPARK_HOME");
        Stream<String> folders = Stream.concat(
                home == null || home.isEmpty() ? Stream.empty() : Stream.of(home + "/bin"),
                Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator)));
        return folders.filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve("spark-submit"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize())
                .filter(jar -> jar.toString().endsWith(".jar"))
                .filter(jar ->
                        !NOT_SENT.matcher(String.valueOf(jar.getFileName())).matches());
    }

    private static Path jar() throws IOException {
        try {
            Path code = Path.of(Main.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .normalize();
            if (Files.isRegularFile(code)) {
                return code;
            }
            throw new IOException(code + " is no jar, which Spark needs; package it first");
        } catch (URISyntaxException e) {
            throw new IOException("the program's own jar cannot be found", e);
        }
    }

    /** {@code lib/spark} of a release, {@code analysis/spark/target} of a checkout. */
    private static Optional<Path> module(Path reports) throws IOException {
        Path beside = reports.resolveSibling("spark");
        Path built = reports.resolve("../../../analysis/spark/target").normalize();
        for (Path folder : List.of(beside, built)) {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    Optional<Path> found = files.filter(
                                    file -> String.valueOf(file.getFileName()).matches("tollgate-spark-.*[0-9T]\\.jar"))
                            .sorted()
                            .findFirst();
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
        }
        return Optional.empty();
    }
}
