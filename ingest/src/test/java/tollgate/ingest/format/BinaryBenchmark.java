package tollgate.ingest.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * Milliseconds to read one recording from its first byte to its last event. Samples by default;
 * {@code -p file=PATH} for another.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx192m")
public class BinaryBenchmark {
    @Param({"odd.pipe.data.zst", BinarySamplesTest.COMPRESSED, BinarySamplesTest.VERSION_7, "kvm.trace6.dat.zst"})
    public String file;

    private Path plain;

    @Setup
    public void place() throws IOException {
        if (Files.exists(Path.of(file))) {
            plain = Path.of(file);
            return;
        }
        Path scratch = Files.createTempDirectory("tollgate-benchmark-");
        plain = SharedRecordings.plain(BinarySamplesTest.sample(file, scratch), scratch);
        scratch.toFile().deleteOnExit();
    }

    /** @return the number of events */
    @Benchmark
    public long read() throws IOException {
        long events = 0;
        try (Input input = Input.of(plain);
                Recording recording = Formats.recognise(input).open(input)) {
            Batch batch = new Batch();
            while (recording.read(batch)) {
                events += batch.size();
            }
        }
        return events;
    }
}
