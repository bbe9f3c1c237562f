package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;
import tollgate.ingest.Workers;

/** That pieces are joined where they can be; that the whole is right stands in {@link FormatContractTest}. */
class PiecewiseTextTest {
    /** Pieces of 2000 bytes; the first, which begins the recording, is never joined. */
    @ParameterizedTest
    @CsvSource({"perf-script, default.txt", "trace-cmd-report, default.txt"})
    void mostPiecesOfAPlainRecordingAreJoined(String format, String sample) throws IOException {
        Path path = Samples.of(format, sample);
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try (Input input = Input.of(path);
                PiecewiseText<?> recording =
                        (PiecewiseText<?>) Formats.named(format).open(input, new Workers(pool, 2000))) {
            Events.all(recording);
            long pieces = java.nio.file.Files.size(path) / 2000;
            assertThat(recording.joins()).isGreaterThan((int) (pieces / 2)).isPositive();
        } finally {
            pool.shutdownNow();
        }
    }

    static List<Path> shared() throws IOException {
        try (Stream<Path> files = java.nio.file.Files.walk(SharedRecordings.folder())) {
            return files.filter(file ->
                            file.getFileName().toString().matches("(perf.*script|trace.*report|ftrace).*txt.zst"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("shared")
    @EnabledIfSystemProperty(named = SharedRecordings.PROPERTY, matches = ".+")
    void largeRecordingsAreTheSameInPieces(Path path) throws IOException {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            for (int bytes : new int[] {20_000, 1 << 20}) {
                assertThat(digest(path, new Workers(pool, bytes))).isEqualTo(digest(path, null));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<Object> digest(Path path, Workers workers) throws IOException {
        try (Input input = Input.of(path);
                Recording recording = workers == null
                        ? Formats.recognise(input).open(input)
                        : Formats.recognise(input).open(input, workers)) {
            Events events = Events.all(recording);
            return List.of(
                    events.list().hashCode(), events.list().size(), events.names(), events.told(), events.coverage());
        }
    }
}
