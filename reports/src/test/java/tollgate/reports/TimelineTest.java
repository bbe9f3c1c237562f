package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/** Timelines, read by a JSON parser of others. */
final class TimelineTest {
    @TempDir
    Path folder;

    /** A read of 10 us inside a slice of sh on CPU 0, a fault, and a call that a loss cuts. */
    @Test
    void aSmallRecording() throws IOException {
        Path file = Files.writeString(
                folder.resolve("a.txt"),
                String.join(
                        "\n",
                        "# tracer: nop",
                        "#",
                        "          <idle>-0       [000] d..2.     1.000000: sched_switch: prev_comm=swapper/0 prev_pid=0"
                                + " prev_prio=120 prev_state=R ==> next_comm=s\"h next_pid=7 next_prio=120",
                        "             s\"h-7       [000] d....     1.000010: sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)",
                        "             s\"h-7       [000] d....     1.000020: sys_exit: NR 0 = 5",
                        "             s\"h-7       [000] d..1.     1.000025: page_fault_user: address=0x1000 ip=0x401000"
                                + " error_code=0x6",
                        "             s\"h-7       [000] d..2.     1.000030: sched_switch: prev_comm=s\"h prev_pid=7"
                                + " prev_prio=120 prev_state=S ==> next_comm=b next_pid=8 next_prio=120",
                        "               b-8       [000] d....     1.000040: sys_enter: NR 1 (3, 7ffe, 10, 0, 0, 0)",
                        "CPU:0 [LOST 1 EVENTS]",
                        "               b-8       [000] d....     1.000050: sys_exit: NR 1 = 5",
                        ""));
        JsonNode timeline = timeline(file);
        List<String> slices = new ArrayList<>();
        for (JsonNode event : timeline.get("traceEvents")) {
            if (!event.get("ph").asText().equals("M")) {
                slices.add(event.get("ph").asText() + " " + event.get("name").asText() + " at "
                        + event.get("ts").asDouble()
                        + (event.has("dur") ? " for " + event.get("dur").asDouble() : ""));
            }
        }
        assertThat(slices)
                .containsExactly(
                        "X read at 10.0 for 10.0",
                        "i page fault, user at 25.0",
                        "X s\"h 7 at 0.0 for 30.0",
                        "i records lost at 40.0");
        assertThat(timeline.at("/otherData/unfinished").asText()).isEqualTo("2");
        assertThat(timeline.at("/otherData/origin").asText()).isEqualTo("1000000000");
    }

    /** A viewer draws slices of a track one inside another, or drops them. */
    @ParameterizedTest
    @ValueSource(strings = {"redis.perf.txt.zst", "kvm-intel.trace.dat.zst", "netns.perf.txt.zst"})
    void slicesOfATrackLieOneInsideAnother(String name) throws IOException {
        Map<Integer, List<long[]>> tracks = new TreeMap<>();
        for (JsonNode event : timeline(Path.of("../traces", name)).get("traceEvents")) {
            if (event.get("ph").asText().equals("X")) {
                long from = Math.round(event.get("ts").asDouble() * 1000);
                long duration = Math.round(event.get("dur").asDouble() * 1000);
                assertThat(duration).isNotNegative();
                tracks.computeIfAbsent(event.get("tid").asInt(), tid -> new ArrayList<>())
                        .add(new long[] {from, from + duration});
            }
        }
        assertThat(tracks).hasSizeGreaterThan(2);
        tracks.forEach((tid, slices) -> {
            slices.sort(Comparator.<long[]>comparingLong(slice -> slice[0]).thenComparingLong(slice -> -slice[1]));
            Deque<Long> ends = new ArrayDeque<>();
            for (long[] slice : slices) {
                while (!ends.isEmpty() && ends.peek() <= slice[0]) {
                    ends.pop();
                }
                assertThat(ends.isEmpty() || slice[1] <= ends.peek())
                        .as("track %d, slice %d to %d", tid, slice[0], slice[1])
                        .isTrue();
                ends.push(slice[1]);
            }
        });
    }

    private static JsonNode timeline(Path file) throws IOException {
        StringBuilder out = new StringBuilder();
        try (Input input = Input.of(file);
                Recording recording = Formats.recognise(input).open(input)) {
            Timeline.write(recording, out);
        }
        return new ObjectMapper().readTree(out.toString());
    }
}
