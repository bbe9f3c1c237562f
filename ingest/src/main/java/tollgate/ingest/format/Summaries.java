package tollgate.ingest.format;

import com.google.auto.service.AutoService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tollgate.ingest.BadInput;
import tollgate.ingest.Format;
import tollgate.ingest.Input;
import tollgate.ingest.Recording;

/**
 * What tools print about events instead of the events: tables, histograms and free text. Recognised, so that it can be
 * refused with the command that records what is needed. Counts without order or time cannot be replayed. The table of {@code strace -c} is refused by {@link Strace}.
 */
@AutoService(Format.class)
public final class Summaries implements Format {
    private static final String PERF_EVENTS =
            "record with \"perf record -e 'raw_syscalls:*,sched:sched_switch,exceptions:*' -o perf.data -- COMMAND\"";

    /** Less sure than any format of events, which may carry a summary behind them. */
    private static final int CONFIDENCE = 30;

    /**
     * @param what the tool's output, in words
     * @param sign what a line among its first begins with
     * @param remedy what to do instead
     */
    private record Summary(String what, Pattern sign, String remedy) {
        Summary(String what, String sign, String remedy) {
            this(what, Pattern.compile(sign), remedy);
        }
    }

    private static final List<Summary> ALL = List.of(
            new Summary(
                    "the table of 'perf trace -s'",
                    " Summary of events:$",
                    "record with 'perf trace -S -o trace.txt -- COMMAND', which prints the calls as well"),
            new Summary(
                    "the table of 'perf kvm stat report'",
                    "Analyze events for .*VCPU",
                    "give the perf.data that it was made of, or record with \"perf record -e 'kvm:*' -p PID\""),
            new Summary(
                    "a histogram of an event trigger",
                    "# event histogram$",
                    "read the file 'trace' or 'trace_pipe' instead of 'hist', or record with 'trace-cmd record -e EVENT'"),
            new Summary(
                    "a histogram or map of bpftrace",
                    "(@[a-z0-9_]*(\\[.*\\])?: ?(-?[0-9]+)?$|\\[[0-9]+[KMG]?(, [0-9]+[KMG]?\\))? +[0-9]+ \\|[@ ]*\\|$)",
                    PERF_EVENTS),
            new Summary(
                    "the JSON of bpftrace",
                    "\\{\"type\": \"(attached_probes|map|hist|printf|value|stats|time)\"",
                    PERF_EVENTS),
            new Summary("text printed by a bpftrace program", "(Attaching|Attached) [0-9]+ probes?", PERF_EVENTS),
            new Summary(
                    "JSON of 'perf data convert', which leaves out the names of the events",
                    "\\s*\"linux-perf-json-version\"",
                    "give the perf.data itself, or the text of 'perf script'"),
            new Summary(
                    "the counters of 'perf stat'",
                    " Performance counter stats for |# started on [A-Z][a-z]{2} [A-Z][a-z]{2} .*$",
                    PERF_EVENTS));

    @Override
    public String name() {
        return "summary";
    }

    @Override
    public String description() {
        return "tables of perf trace -s, perf kvm stat, bpftrace, ...: no events in them, so refused with advice";
    }

    @Override
    public int confidence(Input input) throws IOException {
        return find(input) == null ? 0 : CONFIDENCE;
    }

    @Override
    public Recording open(Input input) throws IOException {
        Summary summary = find(input);
        String what = summary == null ? "something else" : summary.what;
        String remedy = summary == null ? "see 'tollgate list formats'" : summary.remedy;
        throw new BadInput(input.name(), "expected a recording of single events, found " + what + "; " + remedy);
    }

    private static Summary find(Input input) throws IOException {
        String head = new String(input.head(), StandardCharsets.ISO_8859_1);
        return ALL.stream()
                .filter(summary -> isIn(head, summary.sign.matcher(head)))
                .findFirst()
                .orElse(null);
    }

    /** Tried where lines begin only: to try everywhere would take longer than to read a short recording. */
    private static boolean isIn(String text, Matcher sign) {
        int end;
        for (int line = 0; line < text.length(); line = end + 1) {
            int feed = text.indexOf('\n', line);
            end = feed < 0 ? text.length() : feed;
            if (sign.region(line, end).lookingAt()) {
                return true;
            }
        }
        return false;
    }
}
