package tollgate.ingest.format;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.ingest.Batch;
import tollgate.ingest.Input;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;

/**
 * Lines of {@code perf script} text read in a second, from a file of a million lines that the page cache holds. The lines
 * are those of a recording in {@code traces/}, over and over.
 *
 * <p>What to hold against it: the lines that {@code perf script} prints in a second of CPU time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PerfScriptBenchmark {
    private static final int LINES = 1_000_000;

    @Param({"redis", "netns"})
    String recording;

    private Path file;
    private final Batch batch = new Batch();

    @Setup
    public void write() throws IOException {
        file = Files.createTempFile("perf-script-", ".txt");
        try (Input input = Input.of(traces().resolve(recording + ".perf.txt.zst"));
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            int written = 0;
            for (int round = 0; written < LINES; round++) {
                written += copy(input, out, LINES - written, round);
            }
        }
    }

    /** Each round starts a hundred seconds later, longer than any of the recordings, so that time never runs back. */
    private static int copy(Input input, OutputStream out, int most, int round) throws IOException {
        PerfColumns columns = new PerfColumns(new PerfColumns.Shape(PerfColumns.Comm.PADDED, true, true), new Names());
        int lines = 0;
        try (Lines text = new Lines(input.stream())) {
            while (lines < most && text.next()) {
                byte[] b = text.bytes();
                lines++;
                if (!columns.parse(b, text.from(), text.to())) {
                    out.write(b, text.from(), text.to() + 1 - text.from());
                    continue;
                }
                int point = columns.eventFrom - (columns.resolution == 1 ? ".000000000:" : ".000000:").length();
                int seconds = point;
                while (b[seconds - 1] != ' ') {
                    seconds--;
                }
                out.write(b, text.from(), seconds - text.from());
                out.write(Long.toString(columns.time / 1_000_000_000 + 100L * round)
                        .getBytes(StandardCharsets.US_ASCII));
                out.write(b, point, text.to() + 1 - point);
            }
        }
        return lines;
    }

    @TearDown
    public void delete() throws IOException {
        Files.delete(file);
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public long read() throws IOException {
        long sum = 0;
        try (Input input = Input.of(file);
                Recording recording = new PerfScript().open(input)) {
            while (recording.read(batch)) {
                sum += batch.size() + batch.a[0];
            }
        }
        return sum;
    }

    /** The disk's part: the same bytes, looked at not at all. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public long bytesOnly() throws IOException {
        byte[] buffer = new byte[1 << 18];
        long sum = 0;
        try (Input input = Input.of(file);
                InputStream in = input.stream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sum += n;
            }
        }
        return sum;
    }

    private static Path traces() {
        return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                .map(folder -> folder.resolve("traces"))
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow();
    }
}
