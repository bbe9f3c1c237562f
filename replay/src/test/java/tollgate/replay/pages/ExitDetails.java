package tollgate.replay.pages;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tollgate.ingest.ExitReason;
import tollgate.replay.Cause;

/**
 * Which kind of I/O, MSR access or nested page fault an exit of a stream was. A stream says the exit code only; the list of
 * single exits says more, and names the same exits by their instructions and loads. What is not listed takes the
 * kind of the listed exit of its reason with the nearest count of instructions.
 */
final class ExitDetails {
    private static final Map<String, Integer> DETAILS = Map.of(
            "in", PageStream.IO_IN,
            "out", PageStream.IO_OUT,
            "ins", PageStream.IO_INS,
            "outs", PageStream.IO_OUTS,
            "read", PageStream.MSR_READ,
            "write", PageStream.MSR_WRITE,
            "memory", PageStream.NPF_MEMORY,
            "mmio", PageStream.NPF_MMIO,
            "mmio_eventfd", PageStream.NPF_EVENTFD);

    private final Map<String, Map<Integer, TreeMap<Long, Integer>>> exact = new HashMap<>();

    ExitDetails(Path file) throws IOException {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            List<String> names = List.of(in.readLine().split(","));
            int insns = names.indexOf("insns");
            int loads = names.indexOf("loads");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                if (!cells[3].isEmpty() && !cells[2].startsWith("reentry")) {
                    int reason = ExitReason.id(ExitReason.SVM, Long.parseLong(cells[5], 16));
                    exact.computeIfAbsent(cells[1], k -> new HashMap<>())
                            .computeIfAbsent(reason, k -> new TreeMap<>())
                            .put(
                                    key(Long.parseLong(cells[insns]), Long.parseLong(cells[loads])),
                                    DETAILS.get(cells[3]));
                }
            }
        }
    }

    void mark(String guest, List<Invocation> invocations) {
        Map<Integer, TreeMap<Long, Integer>> listed = exact.getOrDefault(guest, Map.of());
        for (Invocation invocation : invocations) {
            TreeMap<Long, Integer> known = listed.get(Cause.number(invocation.cause));
            if (Cause.family(invocation.cause) == Cause.Family.VM_EXIT && known != null) {
                long key = key(invocation.instructions, invocation.loads);
                Map.Entry<Long, Integer> below = known.floorEntry(key);
                Map.Entry<Long, Integer> above = known.ceilingEntry(key);
                boolean takesBelow = above == null || below != null && key - below.getKey() <= above.getKey() - key;
                invocation.detail = takesBelow ? below.getValue() : above.getValue();
                exactCount += known.containsKey(key) ? 1 : 0;
                count++;
            }
        }
    }

    /** Exits with a kind, and those among them that are listed themselves. */
    int count;

    int exactCount;

    private static long key(long instructions, long loads) {
        return instructions << 24 | loads;
    }
}
