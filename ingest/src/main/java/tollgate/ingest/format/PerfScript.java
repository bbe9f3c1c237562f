package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Pattern;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Workers;

/**
 * The text of {@code perf script}, with any columns that hold the time and the event ({@code -F}, {@code --ns}, {@code
 * --reltime}, {@code -L}), call chains, header and the records that {@code --show-*-events} adds.
 *
 * <p>Known by a time of six or nine decimals followed by an event called {@code system:name:}, which no other tool
 * prints. Read in a pass without allocation: see {@link PerfColumns} for the columns and {@link TracepointText} for what
 * follows the name.
 */
@AutoService(Format.class)
public final class PerfScript implements Format {
    /** An event without a time before it. */
    private static final Pattern TIMELESS =
            Pattern.compile("^(?!.*[0-9]\\.[0-9]{6}).{0,60} [a-z0-9_]+:[a-z0-9_]+: .*", Pattern.DOTALL);

    /** Lines of the head that are looked at. */
    private static final int LOOK = 400;

    @Override
    public String name() {
        return "perf-script";
    }

    @Override
    public String description() {
        return "text printed by 'perf script', also with -F (time and event needed), --ns, --show-task-events and the like";
    }

    @Override
    public int confidence(Input input) throws IOException {
        Look look = look(input);
        // A quarter, since line feeds in names and messages of perf make lines that are neither.
        if (look.events() + look.records() > 0 && (look.events() + look.records()) * 4 >= look.lines()) {
            return 90;
        }
        return timeless(input) * 2 > look.lines() ? 40 : 0;
    }

    @Override
    public Recording open(Input input) throws IOException {
        InputStream in = input.stream();
        return open(input, shape -> recording(input, new Lines(in), shape));
    }

    @Override
    public Recording open(Input input, Workers workers) throws IOException {
        InputStream in = input.stream();
        return open(input, shape -> new PiecewiseText<>(in, workers, lines -> recording(input, lines, shape)));
    }

    private static PerfScriptRecording recording(Input input, Lines lines, PerfColumns.Shape shape) {
        return new PerfScriptRecording(input.name(), lines, shape, input.damage());
    }

    private static Recording open(Input input, Function<PerfColumns.Shape, Recording> opener) throws IOException {
        Look look = look(input);
        if (look.events() + look.records() == 0 && timeless(input) > 0) {
            throw new BadInput(
                    input.name(),
                    "expected a time in every line, found events without one; print it with 'perf script -F +time'");
        }
        return opener.apply(look.shape());
    }

    /**
     * What the head holds under the layout that explains most of it.
     *
     * @param shape the columns that most lines have
     * @param events lines with a time and {@code system:name:}
     * @param records lines with a time and PERF_RECORD_
     * @param lines all but comments, call chains and empty lines
     */
    private record Look(PerfColumns.Shape shape, int events, int records, int lines) {}

    private static Look look(Input input) throws IOException {
        Look best = new Look(new PerfColumns.Shape(PerfColumns.Comm.PADDED, false, false), 0, 0, 0);
        // The absent comm first: its lines begin with a number, which a padded comm column seldom does.
        for (PerfColumns.Comm layout :
                new PerfColumns.Comm[] {PerfColumns.Comm.ABSENT, PerfColumns.Comm.PADDED, PerfColumns.Comm.LATENCY}) {
            Look look = look(input, layout);
            if (look.events + look.records > best.events + best.records || best.lines == 0) {
                best = look;
            }
        }
        return best;
    }

    private static Look look(Input input, PerfColumns.Comm layout) throws IOException {
        PerfColumns columns = new PerfColumns(new PerfColumns.Shape(layout, false, false), new Names());
        int threads = 0;
        int cpus = 0;
        int events = 0;
        int records = 0;
        int count = 0;
        try (Lines lines = new Lines(new ByteArrayInputStream(input.head()))) {
            while (count < LOOK && lines.next()) {
                if (!lines.isComplete()) {
                    break;
                }
                byte[] b = lines.bytes();
                int from = lines.from();
                int to = lines.to();
                if (columns.parse(b, from, to)) {
                    int at = Text.skipBlanks(b, columns.eventFrom, to);
                    count++;
                    threads += columns.tid >= 0 ? 1 : 0;
                    cpus += columns.cpu >= 0 ? 1 : 0;
                    if (Text.startsWith(b, at, to, PerfRecords.PREFIX)) {
                        records++;
                    } else if (isTracepoint(b, columns.eventFrom, to)) {
                        events++;
                    }
                } else if (from < to && b[from] != '#' && b[from] != '\t') {
                    count++;
                }
            }
        }
        int lines = events + records;
        PerfColumns.Shape shape = new PerfColumns.Shape(layout, threads * 2 > lines, cpus * 2 > lines);
        return new Look(shape, events, records, count);
    }

    /** Lines of the head that are events without a time. */
    private static int timeless(Input input) throws IOException {
        int timeless = 0;
        try (Lines lines = new Lines(new ByteArrayInputStream(input.head()))) {
            while (lines.number() < LOOK && lines.next()) {
                int length = Math.min(lines.to() - lines.from(), 200);
                String line = new String(lines.bytes(), lines.from(), length, StandardCharsets.ISO_8859_1);
                timeless += TIMELESS.matcher(line).matches() ? 1 : 0;
            }
        }
        return timeless;
    }

    /** {@code system:name:} after blanks and perhaps the period. */
    private static boolean isTracepoint(byte[] b, int from, int to) {
        int at = Text.skipBlanks(b, Text.skipDigits(b, Text.skipBlanks(b, from, to), to), to);
        int colons = 0;
        while (at < to && b[at] > ' ') {
            colons += b[at++] == ':' ? 1 : 0;
        }
        return colons >= 2 && b[at - 1] == ':';
    }
}
