package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's program that uses the libraries compiles and runs as it stands there. */
class ReadmeExampleTest {
    private static final Path HOUSE = Path.of("..");

    @TempDir
    Path folder;

    @Test
    void theExampleCompilesAndTellsAFigureForEachStrategy() throws Exception {
        String readme = Files.readString(HOUSE.resolve("README.md"));
        int from = readme.indexOf("```java\n") + 8;
        Path source =
                Files.writeString(folder.resolve("Mine.java"), readme.substring(from, readme.indexOf("```", from)));
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-cp", classes, source.toString()))
                .isZero();
        assertThat(run(HOUSE.resolve("ingest/src/test/resources/samples/perf-script/default.txt"))
                        .lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("kpti: Estimate[value="))
                .anyMatch(line -> line.startsWith("asi-2025(noflush=true): Estimate[value="));
    }

    private String run(Path recording) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            loader.loadClass("Mine").getMethod("main", String[].class).invoke(null, (Object)
                    new String[] {recording.toString()});
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
