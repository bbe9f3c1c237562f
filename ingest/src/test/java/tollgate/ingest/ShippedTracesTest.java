package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recordings in {@code traces/} give exactly the counts that the tools which recorded them print. */
class ShippedTracesTest {
    @ParameterizedTest
    @CsvSource({
        // file, events of all tracepoints, sys_enter, sys_exit, sched_switch, faults user, kernel, tlb_flush, exit,
        // entry, to VMM
        "redis.perf.txt.zst,       29498, 11564, 11568,  1122,  2596,  29, 1649,     0,     0,     0",
        "nginx.perf.txt.zst,       32949,  8640,  8640,  7019,  3004,  79, 1575,     0,     0,     0",
        "gcc-make.perf.txt.zst,   154785, 21366, 21366, 57059, 21146, 286, 2469,     0,     0,     0",
        "netns.perf.txt.zst,       18688,  6042,  6046,   517,  4521, 113, 1449,     0,     0,     0",
        "kvm-amd.perf.data.zst,   608653,104915,104919,     0,     0,   0,    0, 94670, 94670, 78993",
        "kvm-intel.trace.dat.zst, 569151, 57091, 57094,  7247,  5682,  17,    0, 71651, 71651, 43791",
    })
    void countsAreExact(
            String file,
            long records,
            long enters,
            long exits,
            long switches,
            long userFaults,
            long kernelFaults,
            long flushes,
            long vmExits,
            long vmEntries,
            long vmmReturns)
            throws IOException {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        long seen = 0;
        try (Input input = Input.of(Path.of("..", "traces", file));
                Recording recording = Formats.recognise(input).open(input)) {
            Batch batch = new Batch();
            while (recording.read(batch)) {
                for (int i = 0; i < batch.size(); i++) {
                    counts.merge(batch.kind(i), 1L, Long::sum);
                }
            }
            for (Tally.Count count : recording.tally().tracepoints().values()) {
                seen += count.value();
            }
            assertThat(recording.tally().endsEarly()).isEmpty();
            assertThat(recording.tally().lossReports()).isZero();
        }
        assertThat(seen).as("records of tracepoints").isEqualTo(records);
        assertThat(count(counts, Kind.SYSCALL_ENTER)).isEqualTo(enters);
        assertThat(count(counts, Kind.SYSCALL_EXIT)).isEqualTo(exits);
        assertThat(count(counts, Kind.SWITCH)).isEqualTo(switches);
        assertThat(count(counts, Kind.FAULT_USER)).isEqualTo(userFaults);
        assertThat(count(counts, Kind.FAULT_KERNEL)).isEqualTo(kernelFaults);
        assertThat(count(counts, Kind.TLB_FLUSH)).isEqualTo(flushes);
        assertThat(count(counts, Kind.VM_EXIT)).isEqualTo(vmExits);
        assertThat(count(counts, Kind.VM_ENTRY)).isEqualTo(vmEntries);
        assertThat(count(counts, Kind.VMM_RETURN)).isEqualTo(vmmReturns);
        assertThat(Files.exists(Path.of("..", "traces", file.substring(0, file.indexOf('.')) + ".yaml")))
                .isTrue();
    }

    private static long count(Map<Kind, Long> counts, Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }
}
