package tollgate.ingest.format;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Damaged;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Recording;
import tollgate.ingest.Tally;

/** Comma-separated events being read; see {@link CsvFormat}. */
final class CsvRecording implements Recording {
    private static final int NO_COLUMN = -1;

    private final String name;
    private final LastCharacter reader;
    private final CSVParser parser;
    private final Iterator<CSVRecord> rows;
    private final Names names = new Names();
    private final Tally tally = new Tally();
    private final Damages damages;
    private final EnumSet<Kind> recorded = EnumSet.noneOf(Kind.class);
    private final int[] columns = new int[CsvText.COLUMNS.length];

    private Coverage.Scope scope = Coverage.Scope.UNKNOWN;
    private Coverage.Clock clock = Coverage.Clock.NANOS;
    private boolean isDescribed;
    private boolean hasCpus = true;
    private boolean hasProcesses = true;
    private boolean isCertain;
    private long last = Long.MIN_VALUE;
    private boolean isEnd;

    private CSVRecord ahead;
    private long aheadLine;
    private long line;
    private boolean isCut;
    private Damaged problem;

    CsvRecording(Input input) throws IOException {
        name = input.name();
        damages = new Damages(input.damage(), tally);
        reader = new LastCharacter(new InputStreamReader(input.stream(), StandardCharsets.UTF_8));
        parser = CSVParser.parse(reader, CsvText.FORMAT);
        rows = parser.iterator();
        ahead = fetch();
        CSVRecord header = next();
        if (header == null) {
            throw new BadInput(name, "expected a header row with time_ns and kind, found none; write the file again");
        }
        comments(header.hasComment() ? header.getComment() : "");
        header(header);
    }

    @Override
    public boolean read(Batch batch) throws IOException {
        batch.clear();
        while (!batch.isFull() && !isEnd) {
            CSVRecord row = next();
            if (row == null) {
                isEnd = true;
            } else {
                rowOrSkip(row, batch);
            }
        }
        return batch.size() > 0;
    }

    @Override
    public Coverage coverage() {
        return new Coverage(scope, hasCpus, hasProcesses, clock, recorded, isCertain);
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public Names names() {
        return names;
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** The next row, or null at the end. A last row without a line feed is taken for cut. */
    private CSVRecord next() {
        while (problem != null) {
            damages.skip(problem);
            problem = null;
            ahead = fetch();
        }
        CSVRecord row = ahead;
        line = aheadLine;
        if (row == null) {
            return null;
        }
        ahead = fetch();
        if (ahead == null && !isCut && problem == null && reader.last != '\n') {
            endsEarly();
            return null;
        }
        return row;
    }

    /** Reads a row ahead. Null at the end, and before a row that is cut or malformed. */
    private CSVRecord fetch() {
        try {
            CSVRecord row = rows.hasNext() ? rows.next() : null;
            aheadLine = parser.getCurrentLineNumber();
            return row;
        } catch (UncheckedIOException | IllegalStateException malformed) {
            String message = String.valueOf(malformed.getMessage());
            aheadLine = parser.getCurrentLineNumber();
            if (message.contains("EOF")) {
                isCut = true;
                endsEarly();
            } else {
                problem = new Damaged(
                        name + ":" + aheadLine,
                        "expected comma-separated values, found " + BadInput.show(message, 120) + "; quote the cell");
            }
            return null;
        }
    }

    private void endsEarly() {
        tally.endsEarly(name + ":" + aheadLine + ", inside a row");
    }

    private String place() {
        return name + ":" + line;
    }

    /** What {@link CsvWriter} says before the rows. */
    private void comments(String text) {
        for (String line : text.split("\n")) {
            int blank = line.indexOf(' ');
            String key = blank < 0 ? line : line.substring(0, blank);
            String value = blank < 0 ? "" : line.substring(blank + 1);
            try {
                comment(key, value);
            } catch (IllegalArgumentException e) {
                throw new BadInput(
                        name,
                        "expected a value of '" + BadInput.show(key, 20) + "' in the comments, found '"
                                + BadInput.show(value, 40) + "'; write the file again or remove its comments");
            }
        }
    }

    private void comment(String key, String value) {
        switch (key) {
            case "tollgate" -> isDescribed = true;
            case "scope" -> scope = Coverage.Scope.valueOf(value);
            case "clock" -> clock = Coverage.Clock.valueOf(value);
            case "cpus" -> hasCpus = Boolean.parseBoolean(value);
            case "processes" -> hasProcesses = Boolean.parseBoolean(value);
            case "certain" -> isCertain = Boolean.parseBoolean(value);
            case "recorded" -> recorded.add(Kind.valueOf(value));
            case "fact" -> {
                String[] fact = value.split(" = ", 2);
                tally.header(unline(fact[0]), fact.length == 2 ? unline(fact[1]) : "");
            }
            case "tracepoint" -> counted(value, true);
            case "note" -> counted(value, false);
            case "lost" -> {
                String[] lost = value.split(" ");
                for (long i = repeats(lost[0]); i > 0; i--) {
                    tally.lost(i == 1 && lost.length == 2 ? Long.parseLong(lost[1]) : 0);
                }
            }
            case "out_of_order" -> {
                for (long i = repeats(value); i > 0; i--) {
                    tally.countOutOfOrder();
                }
            }
            case "skipped" -> {
                String[] words = value.split(" ", 2);
                tally.skipped(Long.parseLong(words[0]), words.length == 2 ? unline(words[1]) : "");
            }
            case "ends_early" -> tally.endsEarly(unline(value));
            default -> {
                // A remark of the user's.
            }
        }
    }

    private void counted(String value, boolean isTracepoint) {
        String[] words = value.split(" ", 2);
        String what = words.length == 2 ? unline(words[1]) : "";
        (isTracepoint ? tally.tracepoint(what) : tally.note(what)).add(Long.parseLong(words[0]));
    }

    /** A count that is told one by one; no recording of ours has a hundred million of them. */
    private static long repeats(String value) {
        long count = Long.parseLong(value);
        if (count < 0 || count > 100_000_000) {
            throw new IllegalArgumentException();
        }
        return count;
    }

    /** Undoes what {@link CsvWriter} does to keep a text on one line. */
    private static String unline(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char escaped = text.charAt(++i);
                c = escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
            }
            line.append(c);
        }
        return line.toString();
    }

    private void header(CSVRecord header) {
        Map<String, Integer> places = new TreeMap<>();
        for (int i = 0; i < header.size(); i++) {
            String title = header.get(i);
            places.putIfAbsent(title == null ? "" : title.strip(), i);
        }
        for (int i = 0; i < columns.length; i++) {
            columns[i] = places.getOrDefault(CsvText.COLUMNS[i], NO_COLUMN);
        }
        for (String needed : List.of("time_ns", "kind")) {
            if (!places.containsKey(needed)) {
                throw new BadInput(
                        place(),
                        "expected a column '" + needed + "', found "
                                + BadInput.show(String.join(",", places.keySet()), 80) + "; add it to the header row");
            }
        }
    }

    private void rowOrSkip(CSVRecord row, Batch batch) {
        try {
            row(row, batch);
        } catch (Damaged wrong) {
            damages.skip(wrong);
        }
    }

    private void row(CSVRecord row, Batch batch) {
        if (row.size() == 1 && row.get(0) == null) {
            return;
        }
        long time = number(row, 0, 0);
        if (time < last) {
            throw new Damaged(
                    place(), "expected a time of at least " + last + ", found " + time + "; sort the rows by time_ns");
        }
        last = time;
        Kind kind = kind(row);
        int cpu = whole(row, 1, -1);
        if (cpu >= Coverage.MOST_CPUS) {
            throw new Damaged(
                    place(), "expected a CPU below " + Coverage.MOST_CPUS + ", found " + cpu + "; correct the row");
        }
        int tid = whole(row, 2, -1);
        int pid = whole(row, 3, -1);
        int comm = name(row, 4);
        int code = whole(row, 6, 0);
        long a = number(row, 7, 0);
        long b = CsvText.NAMED_B.contains(kind) ? name(row, 8) : number(row, 8, 0);
        if (!isDescribed) {
            recorded.add(kind);
            hasCpus &= cpu >= 0;
            hasProcesses &= pid >= 0;
            tally.tracepoint(kind.name().toLowerCase(Locale.ROOT)).increment();
        }
        batch.append(time, cpu, tid, pid, comm, kind, code, a, b);
    }

    private String cell(CSVRecord row, int column) {
        int place = columns[column];
        return place == NO_COLUMN || place >= row.size() ? null : row.get(place);
    }

    private Kind kind(CSVRecord row) {
        String cell = cell(row, 5);
        try {
            return Kind.valueOf(String.valueOf(cell).strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Damaged(
                    place(),
                    "expected a kind such as SYSCALL_ENTER, found '" + BadInput.show(String.valueOf(cell), 40)
                            + "'; the kinds are " + List.of(Kind.values()));
        }
    }

    private int name(CSVRecord row, int column) {
        String cell = cell(row, column);
        if (cell == null) {
            return -1;
        }
        byte[] bytes = CsvText.name(cell);
        return names.id(bytes, 0, bytes.length);
    }

    private int whole(CSVRecord row, int column, int missing) {
        long value = number(row, column, missing);
        if (value != (int) value && value >>> 32 != 0) {
            throw wrong(column, String.valueOf(value));
        }
        return (int) value;
    }

    private long number(CSVRecord row, int column, long missing) {
        String cell = cell(row, column);
        if (cell == null) {
            if (column == 0) {
                throw wrong(column, "nothing");
            }
            return missing;
        }
        try {
            String text = cell.strip();
            return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong(column, cell);
        }
    }

    private Damaged wrong(int column, String found) {
        return new Damaged(
                place(),
                "expected a number in column " + CsvText.COLUMNS[column] + ", found '" + BadInput.show(found, 40)
                        + "'; write it in decimal or as 0x");
    }

    /** Remembers the last character that was read, which tells a whole last row from a cut one. */
    private static final class LastCharacter extends FilterReader {
        private int last = '\n';

        LastCharacter(Reader in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int c = super.read();
            last = c < 0 ? last : c;
            return c;
        }

        @Override
        public int read(char[] to, int from, int length) throws IOException {
            int n = super.read(to, from, length);
            if (n > 0) {
                last = to[from + n - 1];
            }
            return n;
        }
    }
}
