package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.Kind;

/** What the writer of large inputs writes is what our own reader reads; {@code .ci/ratios} asks perf too. */
class PerfDataWriterTest {
    /** More than both have, so that some of it is a repeat. */
    private static final long EVENTS = 80_000;

    private final Map<Integer, String> known = new HashMap<>();

    @TempDir
    Path scratch;

    @Test
    void whatIsWrittenIsReadBackEventByEvent() throws IOException {
        Path traces = Path.of("..", "traces");
        Mix mix = new Mix(List.of(traces.resolve("redis.perf.txt.zst"), traces.resolve("nginx.perf.txt.zst")));
        Path file = scratch.resolve("mix.perf.data");
        List<Events.Event> written = new ArrayList<>();
        try (PerfDataWriter writer = new PerfDataWriter(file)) {
            mix.write(EVENTS, (batch, i, names) -> {
                writer.write(batch, i, names);
                written.add(withKnownName(Events.event(names, batch, i)));
            });
            assertThat(writer.samples()).isEqualTo(EVENTS);
        }
        List<Events.Event> read = Events.read(new PerfData(), file).list().stream()
                .filter(event -> event.kind() != Kind.NAME)
                .toList();
        assertThat(read).hasSameSizeAs(written);
        assertThat(IntStream.range(0, read.size())
                        .filter(i -> !read.get(i).equals(written.get(i)))
                        .mapToObj(i -> i + ": " + read.get(i) + ", not " + written.get(i)))
                .isEmpty();
        assertThat(read.stream().mapToLong(Events.Event::time)).isSorted();
    }

    /** perf's text has no name for a thread before its first COMM record, perf.data the last one that was told. */
    private Events.Event withKnownName(Events.Event e) {
        String name = e.comm().isEmpty() ? known.getOrDefault(e.tid(), "") : e.comm();
        known.put(e.tid(), name);
        return new Events.Event(e.time(), e.cpu(), e.tid(), e.pid(), name, e.kind(), e.code(), e.a(), e.b(), e.other());
    }
}
