package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.ReadAhead;
import tollgate.ingest.Recording;
import tollgate.ingest.Workers;

/**
 * What every format promises. A new one is put to the test by a file in {@code src/test/resources/samples/NAME/}: small,
 * since it is cut at every byte. A sample called {@code refused-...} is one that the format knows and cannot use. Text files are called {@code .txt} or {@code .csv}, since only text may end between two
 * records without a sign of it.
 */
final class FormatContractTest {
    /** Far more than any cut takes, also on a machine with other things to do: it is there for the endless loop. */
    private static final Duration FOREVER = Duration.ofMinutes(2);
    /** Up to so many bytes, a sample is cut at every one. */
    private static final int SMALL = 300;
    /** Of a larger one: cuts near either end, at borders of lines and anywhere. */
    private static final int SOME = 50;

    @TempDir
    private static Path folder;

    static Stream<Format> formats() {
        return Formats.all().stream();
    }

    static Stream<Arguments> samples() {
        return formats()
                .flatMap(format -> Samples.of(format.name()).stream()
                        .filter(path -> !isRefused(path))
                        .map(path ->
                                Arguments.of(format.name(), path.getFileName().toString())));
    }

    static Stream<Path> refused() {
        return formats().flatMap(format -> Samples.of(format.name()).stream()).filter(FormatContractTest::isRefused);
    }

    private static boolean isRefused(Path sample) {
        return sample.getFileName().toString().startsWith("refused-");
    }

    static Stream<Arguments> files() {
        return samples()
                .filter(sample -> Files.isRegularFile(Samples.of((String) sample.get()[0], (String) sample.get()[1])));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatHasASample(Format format) {
        assertThat(Samples.of(format.name()))
                .as("a small recording in src/test/resources/samples/" + format.name())
                .isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isRecognisedAsItself(String format, String sample) throws IOException {
        try (Input input = Input.of(Samples.of(format, sample))) {
            assertThat(Formats.recognise(input).name()).isEqualTo(format);
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatCannotBeUsedIsRefusedWithAWayOut(Path sample) throws IOException {
        try (Input input = Input.of(sample)) {
            Format format = Formats.recognise(input);
            assertThat(format.name()).isEqualTo(sample.getParent().getFileName().toString());
            assertThatThrownBy(() -> Events.read(format, sample))
                    .isInstanceOf(BadInput.class)
                    .hasMessageMatching(Pattern.quote(sample.toString()) + "(:[0-9]+)?: expected .*; .*");
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void theSameBytesGiveTheSameEvents(String format, String sample) throws IOException {
        Events once = read(format, Samples.of(format, sample));
        Events again = read(format, Samples.of(format, sample));
        assertThat(again.list()).isEqualTo(once.list()).isNotEmpty();
        assertThat(again.coverage()).isEqualTo(once.coverage());
        assertThat(again.tracepoints()).isEqualTo(once.tracepoints());
    }

    /** The decompressor hands over its bytes in other portions than a file does. */
    @ParameterizedTest
    @MethodSource("files")
    void compressedBytesGiveTheSameEvents(String format, String sample) throws IOException {
        byte[] whole = Files.readAllBytes(Samples.of(format, sample));
        Path compressed = folder.resolve("compressed.zst");
        Files.write(compressed, Zstd.compress(whole));
        assertThat(read(format, compressed).list())
                .isEqualTo(read(format, Samples.of(format, sample)).list());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void timeNeverRunsBackWithinACpu(String format, String sample) throws IOException {
        Map<Integer, Long> last = new HashMap<>();
        for (Events.Event event : read(format, Samples.of(format, sample)).list()) {
            assertThat(event.time()).isGreaterThanOrEqualTo(last.getOrDefault(event.cpu(), Long.MIN_VALUE));
            last.put(event.cpu(), event.time());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatIsSeenIsCovered(String format, String sample) throws IOException {
        Events events = read(format, Samples.of(format, sample));
        assertThat(events.list()).allMatch(event -> events.coverage().tells(event.kind()));
        if (!events.coverage().hasCpus()) {
            assertThat(events.list()).anyMatch(event -> event.cpu() < 0);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aCutRecordingIsUsedToItsLastRecordOrRefused(String format, String sample) throws IOException {
        byte[] whole = Files.readAllBytes(Samples.of(format, sample));
        int events = read(format, Samples.of(format, sample)).list().size();
        boolean isText = sample.endsWith(".txt") || sample.endsWith(".csv");
        Path cut = folder.resolve("cut-" + sample);
        assertTimeoutPreemptively(FOREVER, () -> {
            for (int length : places(whole)) {
                Files.write(cut, Arrays.copyOf(whole, length));
                try {
                    Events told = read(format, cut);
                    assertThat(told.list().size()).as("cut at byte " + length).isLessThanOrEqualTo(events);
                    if (isText && length > 0 && whole[length - 1] != '\n') {
                        assertThat(told.tally().endsEarly())
                                .as("cut at byte " + length)
                                .isNotEmpty();
                    }
                } catch (BadInput refused) {
                    assertThat(refused).hasMessageStartingWith(cut.toString()).hasMessageNotContaining("\n");
                } catch (Exception e) {
                    fail("cut at byte " + length, e);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("files")
    void aDamagedRecordingIsReadOrRefused(String format, String sample) throws IOException {
        byte[] whole = Files.readAllBytes(Samples.of(format, sample));
        SplittableRandom random = new SplittableRandom(20260617);
        Path damaged = folder.resolve("damaged-" + sample);
        assertTimeoutPreemptively(FOREVER, () -> {
            for (int round = 0; round < 60; round++) {
                byte[] bytes = whole.clone();
                int at = random.nextInt(bytes.length);
                for (int n = random.nextInt(1, 9); n > 0; n--) {
                    bytes[Math.min(at + random.nextInt(16), bytes.length - 1)] = (byte) random.nextInt();
                }
                Files.write(damaged, bytes);
                try {
                    read(format, damaged);
                } catch (BadInput refused) {
                    assertThat(refused)
                            .hasMessageStartingWith(damaged.toString())
                            .hasMessageNotContaining("\n");
                } catch (Exception e) {
                    fail("round " + round + ", damaged at byte " + at, e);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("samples")
    void readingAheadEqualsReadingInTurn(String format, String sample) throws IOException {
        Events inTurn = read(format, Samples.of(format, sample));
        Events ahead = readAhead(format, Samples.of(format, sample));
        assertThat(ahead.list()).isEqualTo(inTurn.list());
        assertThat(ahead.names()).isEqualTo(inTurn.names());
        assertThat(ahead.told()).isEqualTo(inTurn.told());
        assertThat(ahead.coverage()).isEqualTo(inTurn.coverage());
    }

    private static Events readAhead(String format, Path path) throws IOException {
        try (Input input = Input.of(path);
                Recording recording = new ReadAhead(Formats.named(format).open(input))) {
            return Events.all(recording);
        }
    }

    /** Whole, and damaged in its second half: with the same events, names, tally and errors, whatever the pieces. */
    @ParameterizedTest
    @MethodSource("samples")
    void readingInPiecesEqualsReadingInTurn(String format, String sample) throws IOException {
        Path whole = Samples.of(format, sample);
        List<Path> all = new ArrayList<>(List.of(whole));
        SplittableRandom random = new SplittableRandom(20261127);
        for (int round = 0; round < 3 && Files.isRegularFile(whole); round++) {
            byte[] bytes = Files.readAllBytes(whole);
            bytes[random.nextInt(bytes.length / 2, bytes.length)] ^= (byte) random.nextInt(1, 256);
            all.add(Files.write(folder.resolve(round + "-pieces-" + sample), bytes));
        }
        for (int threads : new int[] {1, 3}) {
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                for (Path path : all) {
                    for (Input.Damage damage : Input.Damage.values()) {
                        Object inTurn = outcome(() -> Events.read(Formats.named(format), path, damage));
                        for (int bytes : new int[] {1, 200, 999, 7000, 1 << 20}) {
                            Workers workers = new Workers(pool, bytes);
                            assertThat(outcome(() -> readInPieces(format, path, damage, workers)))
                                    .as("%s in pieces of %d bytes by %d threads", path, bytes, threads)
                                    .isEqualTo(inTurn);
                        }
                    }
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }

    /** All that can be seen of a reading: what it told, or its error. */
    private static Object outcome(Callable<Events> reading) {
        try {
            Events events = reading.call();
            return List.of(events.list(), events.names(), events.told(), events.coverage());
        } catch (BadInput refused) {
            return refused.getMessage();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Events readInPieces(String format, Path path, Input.Damage damage, Workers workers)
            throws IOException {
        try (Input input = Input.of(path, damage);
                Recording recording = new ReadAhead(Formats.named(format).open(input, workers))) {
            return Events.all(recording);
        }
    }

    /** What damage inside a recording costs is a choice; where it begins, headers are past. */
    @ParameterizedTest
    @MethodSource("files")
    void damageIsSkippedAndCountedIfAsked(String format, String sample) throws IOException {
        byte[] whole = Files.readAllBytes(Samples.of(format, sample));
        boolean isText = sample.endsWith(".txt") || sample.endsWith(".csv");
        SplittableRandom random = new SplittableRandom(20261126);
        Path damaged = folder.resolve("skipped-" + sample);
        assertTimeoutPreemptively(FOREVER, () -> {
            for (int round = 0; round < 60; round++) {
                byte[] bytes = whole.clone();
                int at = random.nextInt(bytes.length / 2, bytes.length);
                for (int n = random.nextInt(1, 9); n > 0; n--) {
                    bytes[Math.min(at + random.nextInt(16), bytes.length - 1)] = (byte) random.nextInt();
                }
                Files.write(damaged, bytes);
                String refusal = "";
                Events strict = null;
                try {
                    strict = read(format, damaged);
                } catch (BadInput refused) {
                    refusal = refused.getMessage();
                }
                try {
                    Events lenient = Events.read(Formats.named(format), damaged, Input.Damage.SKIP);
                    if (strict != null) {
                        assertThat(lenient.list()).isEqualTo(strict.list());
                        assertThat(lenient.tally().skipped()).isZero();
                    } else {
                        assertThat(lenient.tally().skipped()).isPositive();
                        assertThat(lenient.tally().firstSkipped()).isEqualTo(refusal);
                    }
                } catch (BadInput refused) {
                    // A binary form may need what stands at its end.
                    assertThat(isText).as("round " + round + ": " + refused).isFalse();
                    assertThat(refused).hasMessage(refusal);
                }
            }
        });
    }

    /** What fuzzing once found, by format: {@code src/test/resources/fuzz/FORMAT/ANY}. */
    static Stream<Arguments> found() throws IOException {
        Path root = Samples.of("..", "fuzz").normalize();
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file ->
                            Files.isRegularFile(file) && !file.getParent().endsWith("sidecar"))
                    .sorted()
                    .toList()
                    .stream()
                    .map(file -> Arguments.of(
                            file.getParent().getFileName().toString(),
                            file.getFileName().toString()));
        }
    }

    @ParameterizedTest
    @MethodSource("found")
    void whatFuzzingFoundIsReadOrRefused(String format, String file) throws IOException {
        byte[] bytes =
                Files.readAllBytes(Samples.of("..", "fuzz").resolve(format).resolve(file));
        assertTimeoutPreemptively(FOREVER, () -> Fuzzed.read(format, folder.resolve("found"), bytes));
    }

    /**
     * Every length, or of a larger sample some: at either end, where headers and indexes stand; before and behind line
     * feeds, which end a record of text and are any byte of others; and a random choice.
     */
    private static Collection<Integer> places(byte[] whole) {
        IntStream all = IntStream.range(0, whole.length);
        if (whole.length <= SMALL) {
            return all.boxed().toList();
        }
        Set<Integer> places = new TreeSet<>();
        all.filter(at -> at < SOME || at >= whole.length - SOME).forEach(places::add);
        SplittableRandom random = new SplittableRandom(whole.length);
        random.ints(SOME, 0, whole.length).forEach(places::add);
        int[] feeds = IntStream.range(1, whole.length - 1)
                .filter(at -> whole[at] == '\n')
                .toArray();
        for (int i = 0; i < feeds.length; i += 1 + feeds.length / SOME) {
            places.addAll(List.of(feeds[i], feeds[i] + 1));
        }
        return places;
    }

    private static Events read(String format, Path path) throws IOException {
        return Events.read(Formats.named(format), path);
    }
}
