package tollgate.analysis.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A real Spark of nothing but its own jars, and a standalone cluster of it on loopback: a master and workers, each a JVM,
 * whose executors are JVMs again.
 */
final class Loopback implements AutoCloseable {
    /** As Spark's own scripts do: its launcher makes the command, word by word with zeros between, after one for itself. */
    private static final String SUBMIT = """
            #!/usr/bin/env bash
            words=()
            while IFS= read -r -d '' word; do words+=("${word#$'\\n'}"); done < <(
              "%1$s" -Xmx128m -cp "$SPARK_HOME/jars/*" org.apache.spark.launcher.Main org.apache.spark.deploy.SparkSubmit "$@")
            exec "${words[@]:1}"
            """;

    private final Path home = Path.of("target/spark").toAbsolutePath();
    private final Path folder;
    private final List<Program> programs = new ArrayList<>();

    /** @param folder for settings, and what is written while it runs */
    Loopback(Path folder) throws IOException {
        this.folder = folder;
        Path jars = Files.createDirectories(home.resolve("jars"));
        for (String jar :
                Files.readString(Path.of("target/spark-jars.txt")).trim().split(":")) {
            Path link = jars.resolve(Path.of(jar).getFileName());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(jar));
        }
        Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
        Files.writeString(submit, SUBMIT.formatted(Program.java()));
        submit.toFile().setExecutable(true);
        Files.createDirectories(conf());
    }

    private Path conf() {
        return folder.resolve("conf");
    }

    /** @param lines of {@code spark-defaults.conf} */
    Loopback with(String... lines) throws IOException {
        Files.writeString(conf().resolve("spark-defaults.conf"), String.join("\n", lines) + "\n");
        return this;
    }

    Map<String, String> environment() {
        return Map.of(
                "SPARK_HOME", home.toString(),
                "SPARK_CONF_DIR", conf().toString(),
                "SPARK_LOCAL_IP", "127.0.0.1",
                "SPARK_SCALA_VERSION", "2.13",
                "JAVA_HOME", System.getProperty("java.home"));
    }

    String jars() {
        return home.resolve("jars") + "/*";
    }

    /** Starts a master and workers of one core each. @return the master's address */
    String start(int workers) throws IOException, InterruptedException {
        Program head = run("master", "org.apache.spark.deploy.master.Master", "--port", "0", "--webui-port", "0");
        String line = head.await(each -> each.contains("Starting Spark master at "));
        String master = line.substring(line.indexOf("spark://"));
        for (int i = 0; i < workers; i++) {
            Path work = Files.createDirectory(folder.resolve("worker" + i));
            run(
                            "worker" + i,
                            "org.apache.spark.deploy.worker.Worker",
                            "--webui-port",
                            "0",
                            "--cores",
                            "1",
                            "--memory",
                            "1g",
                            "--work-dir",
                            work.toString(),
                            master)
                    .await(each -> each.contains("Successfully registered with master"));
        }
        return master;
    }

    private Program run(String name, String main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(Program.java(), "-Xmx256m", "-cp", conf() + ":" + jars(), main, "--host", "127.0.0.1"));
        words.addAll(List.of(arguments));
        Program program = Program.start(folder.resolve(name + ".txt"), environment(), words);
        programs.add(program);
        return program;
    }

    Program worker(int index) {
        return programs.get(1 + index);
    }

    List<Long> workers() {
        return programs.stream().skip(1).map(Program::pid).toList();
    }

    @Override
    public void close() {
        for (int i = programs.size() - 1; i >= 0; i--) {
            programs.get(i).close();
        }
    }
}
