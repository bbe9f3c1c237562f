package tollgate.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * System call numbers and names of x86-64 (arch/x86/entry/syscalls/syscall_64.tbl).
 *
 * <p>Recordings carry numbers without saying which table they belong to: a 32-bit call made through
 * {@code int $0x80} appears under its i386 number and is named wrongly here; nothing in the recording tells.
 */
public final class Syscalls {
    private static final Map<Integer, String> NAMES = new HashMap<>();
    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Syscalls.class.getResourceAsStream("syscalls-x86_64.tsv"), StandardCharsets.US_ASCII))) {
            table.lines().filter(line -> !line.isBlank()).forEach(line -> {
                String[] cells = line.split("\t");
                NAMES.put(Integer.valueOf(cells[0]), cells[1]);
                NUMBERS.put(cells[1], Integer.valueOf(cells[0]));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Syscalls() {}

    /** The name of a number, or {@code syscall_N} for one outside the table. */
    public static String name(int number) {
        String name = NAMES.get(number);
        return name != null ? name : "syscall_" + number;
    }

    /** The number of a name, or -1. */
    public static int number(String name) {
        return NUMBERS.getOrDefault(name, -1);
    }
}
