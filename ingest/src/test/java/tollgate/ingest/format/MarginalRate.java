package tollgate.ingest.format;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import tollgate.ingest.Batch;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * Events read in a second of CPU time, all threads of the process counted, start-up and compilation left out: of N
 * and 4N readings of one recording, {@code (t(4N) - t(N)) / 3N}. {@code .ci/rates} holds it against other tools.
 */
final class MarginalRate {
    private MarginalRate() {}

    /** @param args a recording, and N */
    public static void main(String[] args) throws IOException {
        Path file = Path.of(args[0]);
        int n = Integer.parseInt(args[1]);
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long events = 0;
        for (int i = 0; i < n; i++) {
            events = read(file);
        }
        long atN = system.getProcessCpuTime();
        for (int i = n; i < 4 * n; i++) {
            events = read(file);
        }
        double seconds = (system.getProcessCpuTime() - atN) / 1e9 / (3 * n);
        System.out.printf("%d %.6f %.0f%n", events, seconds, events / seconds);
    }

    private static long read(Path file) throws IOException {
        Batch batch = new Batch();
        long events = 0;
        try (Input input = Input.of(file);
                Recording recording = Formats.recognise(input).open(input)) {
            while (recording.read(batch)) {
                events += batch.size();
            }
        }
        return events;
    }
}
