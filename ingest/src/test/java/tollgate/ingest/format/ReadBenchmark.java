package tollgate.ingest.format;

import java.io.IOException;
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
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * The time to read one recording, whatever its format: {@code -p file=PATH}. Lines that repeat every few hundred are
 * learnt by the branch predictor, so that only a real recording of some ten megabytes says anything.
 *
 * <p>What to hold against it: {@code mawk '{s += $2} END {print s}'} on the same file.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ReadBenchmark {
    @Param("")
    String file;

    private final Batch batch = new Batch();

    @Benchmark
    public long read() throws IOException {
        if (file.isEmpty()) {
            throw new IllegalStateException("name a recording: -p file=PATH");
        }
        long events = 0;
        try (Input input = Input.of(Path.of(file));
                Recording recording = Formats.recognise(input).open(input)) {
            while (recording.read(batch)) {
                events += batch.size();
            }
        }
        return events;
    }
}
