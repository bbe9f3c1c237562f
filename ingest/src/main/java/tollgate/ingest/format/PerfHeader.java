package tollgate.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import tollgate.ingest.Coverage;
import tollgate.ingest.Kind;
import tollgate.ingest.Tally;

/** The comment lines that {@code perf script --header} prints before the events: machine, command line and what was recorded. */
final class PerfHeader {
    /** perf's words (util/header.c) and the tally's. */
    private static final Map<String, String> KEYS = Map.of(
            "os release", "kernel",
            "cmdline", "command",
            "cpudesc", "cpu",
            "arch", "architecture",
            "perf version", "perf version",
            "nrcpus online", "cpus",
            "captured on", "recorded on",
            "total memory", "memory");

    private final Tally tally;
    private final EnumSet<Kind> recorded = EnumSet.noneOf(Kind.class);
    private boolean sawEvents;
    private Coverage.Scope scope = Coverage.Scope.UNKNOWN;

    PerfHeader(Tally tally) {
        this.tally = tally;
    }

    void line(byte[] bytes, int from, int to) {
        String line = new String(bytes, from, Math.min(to - from, 1 << 14), StandardCharsets.UTF_8);
        int colon = line.indexOf(':');
        if (!line.startsWith("# ") || colon < 0) {
            return;
        }
        String key = line.substring(2, colon).strip();
        String value = line.substring(colon + 1).strip();
        if (key.equals("event")) {
            event(value);
        } else if (KEYS.containsKey(key)) {
            tally.header(KEYS.get(key), value);
            if (key.equals("cmdline")) {
                scope = scope(value);
            }
        }
    }

    /** What perf itself says between or before the lines when its standard error went to the same file. */
    static boolean isMessage(byte[] b, int from, int to) {
        for (String start : new String[] {
            "Warning:",
            "Processed ",
            "Check IO/CPU overload",
            "[ perf record:",
            "Couldn't ",
            "Failed to open",
            "addr2line"
        }) {
            if (Text.startsWith(b, from, to, start)) {
                return true;
            }
        }
        return false;
    }

    Set<Kind> recorded() {
        return recorded;
    }

    boolean isRecordedSetCertain() {
        return sawEvents;
    }

    Coverage.Scope scope() {
        return scope;
    }

    /** {@code name = raw_syscalls:sys_enter, , id = { 15151 }, type = 2, ... comm = 1, task = 1, ...} */
    private void event(String value) {
        int start = value.startsWith("name = ") ? "name = ".length() : -1;
        int end = value.indexOf(',');
        if (start < 0 || end < start) {
            return;
        }
        sawEvents = true;
        Tracepoint tracepoint = new Tracepoint(
                value.substring(start, end).getBytes(StandardCharsets.UTF_8), /* counted nowhere */ new Tally());
        recorded.addAll(tracepoint.text.kinds);
    }

    /** Options stand before the command that perf started; only those are looked at. */
    private static Coverage.Scope scope(String commandLine) {
        boolean isSystem = false;
        boolean isGroup = false;
        for (String word : commandLine.split(" ")) {
            if (word.equals("--")) {
                break;
            }
            isSystem |= word.equals("--all-cpus")
                    || word.equals("-C")
                    || word.startsWith("--cpu")
                    || word.startsWith("-a") && !word.startsWith("--");
            isGroup |= word.equals("-G") || word.startsWith("--cgroup");
        }
        return isGroup ? Coverage.Scope.CGROUP : isSystem ? Coverage.Scope.SYSTEM : Coverage.Scope.TASKS;
    }
}
