package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * Comma-separated values with a header row: what {@link CsvWriter} writes, or a table of the user's own with at least
 * the columns {@code time_ns} and {@code kind}, in any order. Columns that are missing are not told (cpu, tid, pid, comm)
 * or 0 (code, a, b); rows must be in order of time.
 */
@AutoService(Format.class)
public final class CsvFormat implements Format {
    @Override
    public String name() {
        return "csv";
    }

    @Override
    public String description() {
        return "comma-separated values with the columns time_ns,cpu,tid,pid,comm,kind,code,a,b (time_ns and kind needed)";
    }

    @Override
    public int confidence(Input input) throws IOException {
        byte[] head = input.head();
        String text = new String(head, StandardCharsets.UTF_8);
        if (text.startsWith("# " + CsvText.MAGIC)) {
            return CERTAIN;
        }
        return text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .findFirst()
                .filter(line -> line.contains("time_ns") && line.contains("kind"))
                .map(line -> 95)
                .orElse(0);
    }

    @Override
    public Recording open(Input input) throws IOException {
        return new CsvRecording(input);
    }
}
