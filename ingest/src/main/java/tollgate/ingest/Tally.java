package tollgate.ingest;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a reader saw, exactly: every record counted by the name of its tracepoint, whether we use it or
 * not, and all that was lost, skipped or out of order. Filled while reading, complete at the end.
 */
public final class Tally {
    private final Map<String, Count> tracepoints = new TreeMap<>();
    private final Map<String, Count> notes = new TreeMap<>();
    private final Map<String, String> header = new TreeMap<>();
    private long lost;
    private long lossReports;
    private long outOfOrder;
    private long skipped;
    private String firstSkipped = "";
    private String endsEarly = "";

    /** A count that a reader may keep at hand, so that counting needs no look-up. */
    public static final class Count {
        private long value;

        public void add(long n) {
            value += n;
        }

        public void increment() {
            value++;
        }

        public long value() {
            return value;
        }
    }

    /** The counter of a tracepoint, by its name without the system ({@code sys_enter}). */
    public Count tracepoint(String name) {
        return tracepoints.computeIfAbsent(name, n -> new Count());
    }

    /** The counter of anything else worth telling: {@code skipped lines}, {@code signals}, {@code unfinished}. */
    public Count note(String what) {
        return notes.computeIfAbsent(what, n -> new Count());
    }

    /** A fact from the recording's own header, such as {@code kernel} or {@code command}. */
    public void header(String key, String value) {
        header.put(key, value);
    }

    /** A report of loss by the recorder. @param records how many, or -1 if it did not say */
    public void lost(long records) {
        lossReports++;
        lost += Math.max(records, 0);
    }

    public void countOutOfOrder() {
        outOfOrder++;
    }

    /** Something damaged was passed over, as {@link Input.Damage#SKIP} asks. @param where the place, and what is wrong there */
    public void skipped(String where) {
        skipped(1, where);
    }

    /** As {@link #skipped(String)} for several, told by another reader. @param first place of {@code count} damages, unless there were some before */
    public void skipped(long count, String first) {
        if (count < 0) {
            throw new IllegalArgumentException("skipped " + count);
        }
        firstSkipped = skipped == 0 ? first : firstSkipped;
        skipped += count;
    }

    /** The recording stops inside a record. @param where a line or byte, and what was cut there */
    public void endsEarly(String where) {
        endsEarly = where;
    }

    /** Adds the tracepoints and notes that another reader has counted of the same recording. */
    public void add(Tally other) {
        other.tracepoints.forEach((name, count) -> tracepoint(name).add(count.value));
        other.notes.forEach((what, count) -> note(what).add(count.value));
    }

    public Map<String, Count> tracepoints() {
        return tracepoints;
    }

    public Map<String, Count> notes() {
        return notes;
    }

    public Map<String, String> header() {
        return header;
    }

    /** Lost records, a lower bound if any report did not say how many. */
    public long lost() {
        return lost;
    }

    public long lossReports() {
        return lossReports;
    }

    public long outOfOrder() {
        return outOfOrder;
    }

    /** Damages passed over: records, or where more stands and falls together, pages or frames of them. */
    public long skipped() {
        return skipped;
    }

    /** Where the first of them was and what is wrong there, or the empty string. */
    public String firstSkipped() {
        return firstSkipped;
    }

    /** Where the recording was cut off, or the empty string. */
    public String endsEarly() {
        return endsEarly;
    }
}
