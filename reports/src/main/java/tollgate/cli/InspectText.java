package tollgate.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.Inventory;
import tollgate.ingest.InventoryDurations;
import tollgate.ingest.InventoryNames;
import tollgate.ingest.Kind;

/**
 * What {@code tollgate inspect} says of one recording: what one wants to know before trusting it, on one screen of 80
 * columns and 40 lines. The tables shrink to what the warnings leave them; no warning is left out.
 */
final class InspectText {
    private static final int WIDTH = Terminal.WIDTH;
    private static final int HEIGHT = 40;
    /** Of the text beside a heading. */
    private static final int INDENT = 12;

    private static final int MOST_ROWS = 8;
    private static final int FEWEST_ROWS = 3;
    private static final int MOST_NAMES = 5;

    private final Inspected inspected;
    private final Inventory inventory;
    private final List<String> lines = new ArrayList<>();

    private InspectText(Inspected inspected) {
        this.inspected = inspected;
        this.inventory = inspected.inventory();
    }

    static List<String> of(Inspected inspected) {
        InspectText text = new InspectText(inspected);
        text.whole();
        text.tells();
        List<String> tail = text.tail();
        text.tables(HEIGHT - 1 - text.lines.size() - tail.size());
        text.lines.addAll(tail);
        return text.lines;
    }

    private void whole() {
        Inventory.Span span = inventory.span();
        Coverage coverage = inventory.coverage();
        lines.add(BadInput.show(inspected.trace(), WIDTH - 4));
        add(
                lines,
                "format",
                inspected.format() + ", sha256 " + inspected.sha256().substring(0, 16) + "...");
        // The command is the longest, and the first to be cut.
        Map<String, String> header = new LinkedHashMap<>(inventory.tally().header());
        String command = header.remove("command");
        if (command != null) {
            header.put("command", command);
        }
        if (!header.isEmpty()) {
            add(
                    lines,
                    "recorded",
                    BadInput.show(
                            header.entrySet().stream()
                                    .map(fact -> fact.getKey() + " " + fact.getValue())
                                    .collect(Collectors.joining(", ")),
                            2 * (WIDTH - INDENT) - 5));
        }
        String clock = inspected.hasNanos()
                ? time(inspected.nanos(span.length())) + ", from " + stamp(inspected.nanos(span.first())) + " to "
                        + stamp(inspected.nanos(span.last())) + " s"
                : "stamps " + span.first() + " to " + span.last() + ", which are no nanoseconds";
        add(lines, "span", clock);
        String cpus = coverage.hasCpus() ? plural(inventory.cpus(), "CPU") : "CPUs not told";
        String processes = coverage.hasProcesses() ? plural(inventory.processes(), "process") : "processes not told";
        add(lines, "who", scope() + ", " + cpus + ", " + plural(inventory.threads(), "thread") + ", " + processes);
        long all =
                inventory.comms().values().stream().mapToLong(Long::longValue).sum();
        if (all > 0) {
            add(
                    lines,
                    "busiest",
                    inventory.comms().entrySet().stream()
                            .sorted(Map.Entry.<String, Long>comparingByValue()
                                    .reversed()
                                    .thenComparing(Map.Entry.comparingByKey()))
                            .limit(MOST_NAMES)
                            .map(comm -> shown(comm.getKey()) + " " + percent(comm.getValue(), all))
                            .collect(Collectors.joining(", ")));
        }
        long seen = inventory.tally().tracepoints().values().stream()
                .filter(count -> count.value() > 0)
                .count();
        add(
                lines,
                "records",
                inventory.records() + " of "
                        + plural(inventory.tally().tracepoints().size(), "tracepoint") + "; lost " + lost()
                        + ", out of order " + inventory.outOfOrder());
    }

    private String scope() {
        return switch (inventory.coverage().scope()) {
            case SYSTEM -> "whole system";
            case TASKS -> "some tasks and their children";
            case CGROUP -> "one control group, its CPUs whole";
            case UNKNOWN -> "scope not told";
        };
    }

    private String lost() {
        long lost = inventory.tally().lost();
        return inventory.tally().lossReports() > 0 && lost == 0 ? "some" : String.valueOf(lost);
    }

    private void tells() {
        Map<String, List<Kind>> families = new LinkedHashMap<>();
        families.put("system calls", List.of(Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT));
        families.put("user faults", List.of(Kind.FAULT_USER));
        families.put("kernel faults", List.of(Kind.FAULT_KERNEL));
        families.put("switches", List.of(Kind.SWITCH));
        families.put("wakeups", List.of(Kind.WAKEUP));
        families.put("interrupts", List.of(Kind.IRQ_ENTER, Kind.IRQ_EXIT));
        families.put("softirqs", List.of(Kind.SOFTIRQ_ENTER, Kind.SOFTIRQ_EXIT));
        families.put("TLB flushes", List.of(Kind.TLB_FLUSH));
        families.put("new threads", List.of(Kind.FORK));
        families.put("VM exits", List.of(Kind.VM_EXIT));
        families.put("returns to the VMM", List.of(Kind.VMM_RETURN));
        families.put("namespaces", List.of(Kind.NAMESPACE));
        List<String> seen = new ArrayList<>();
        List<String> none = new ArrayList<>();
        List<String> untold = new ArrayList<>();
        families.forEach((name, kinds) -> {
            boolean isSeen = kinds.stream().anyMatch(kind -> inventory.count(kind) > 0);
            boolean isTold = kinds.stream().anyMatch(inventory.coverage()::tells);
            (isSeen ? seen : isTold ? none : untold).add(name);
        });
        add(lines, "tells", seen.isEmpty() ? "nothing" : String.join(", ", seen));
        if (!none.isEmpty()) {
            add(lines, "none of", String.join(", ", none) + " (recorded, and none happened)");
        }
        if (!untold.isEmpty()) {
            String why = inventory.coverage().isRecordedSetCertain() ? "" : " (not recorded, or none happened)";
            add(lines, "cannot tell", String.join(", ", untold) + why);
        }
    }

    private void tables(int height) {
        boolean hasCalls = !inventory.calls().isEmpty();
        boolean hasExits = !inventory.exits().isEmpty();
        // Each table has an empty line, a heading and, where it is cut, a line for the rest.
        int tables = (hasCalls ? 1 : 0) + (hasExits ? 1 : 0);
        int rows = tables == 0 ? 0 : Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, height / tables - 3));
        if (hasCalls) {
            calls(rows);
        }
        if (hasExits) {
            exits(rows);
        }
    }

    private void calls(int rows) {
        long all = sum(inventory.calls(), Inventory.Call::count);
        lines.add("");
        lines.add(row("system call", 22, "count", "errors", "p50", "p99", "total", "of calls"));
        top(inventory.calls(), Inventory.Call::count, rows)
                .forEach((name, call) -> lines.add(row(
                        shown(name),
                        22,
                        String.valueOf(call.count()),
                        inventory.tells(Kind.SYSCALL_EXIT) ? String.valueOf(call.errors()) : "?",
                        quantile(call.durations(), 0.5),
                        quantile(call.durations(), 0.99),
                        total(call.durations()),
                        percent(call.count(), all))));
        rest(inventory.calls(), Inventory.Call::count, rows);
    }

    private void exits(int rows) {
        boolean tellsTrips = inventory.tellsTrips();
        lines.add("");
        lines.add(row("VM exit", 22, "count", "kernel", "slept", "to user", "p50", "p99"));
        top(inventory.exits(), Inventory.Exit::count, rows)
                .forEach((name, exit) -> lines.add(row(
                        shown(name),
                        22,
                        String.valueOf(exit.count()),
                        tellsTrips ? String.valueOf(exit.inKernel()) : "?",
                        tellsTrips && (inventory.tells(Kind.SWITCH) || exit.slept() > 0)
                                ? String.valueOf(exit.slept())
                                : "?",
                        tellsTrips ? String.valueOf(exit.toUserSpace()) : "?",
                        tellsTrips ? quantile(exit.handling(), 0.5) : "?",
                        tellsTrips ? quantile(exit.handling(), 0.99) : "?")));
        rest(inventory.exits(), Inventory.Exit::count, rows);
    }

    private <T> void rest(Map<String, T> all, ToLongFunction<T> count, int rows) {
        if (all.size() > rows) {
            long shown = sum(top(all, count, rows), count);
            lines.add(row((all.size() - rows) + " others", 22, String.valueOf(sum(all, count) - shown)));
        }
    }

    /** What stands below the tables. */
    private List<String> tail() {
        List<String> tail = new ArrayList<>();
        tail.add("");
        if (inventory.count(Kind.FAULT_USER) + inventory.count(Kind.FAULT_KERNEL) > 0) {
            add(
                    tail,
                    "faults",
                    "user " + told(Kind.FAULT_USER) + faults(inventory.userFaults()) + ", kernel "
                            + told(Kind.FAULT_KERNEL));
        }
        counts(tail, "switches", inventory.switches(), InspectJson::state);
        counts(tail, "interrupts", inventory.interrupts(), InventoryNames::interrupt);
        counts(tail, "TLB flushes", inventory.flushes(), InventoryNames::flush);
        Inventory.Unpaired unpaired = inventory.unpaired();
        add(
                tail,
                "unpaired",
                (unpaired.callExits() - unpaired.newThreads()) + " call exits, " + unpaired.callEnters()
                        + " call entries, " + unpaired.vmExits() + " VM exits, " + unpaired.interruptExits()
                        + " interrupt exits");
        if (inspected.isStrace()) {
            add(
                    tail,
                    "strace",
                    List.of("lines", "unfinished", "resumed", "signals", "exited").stream()
                            .map(what -> what + " " + note(what))
                            .collect(Collectors.joining(", ")));
        }
        List<String> warnings = inspected.warnings();
        for (String warning : warnings) {
            add(tail, "warning", BadInput.show(warning, 4 * WIDTH));
        }
        if (warnings.isEmpty()) {
            add(tail, "warnings", "none");
        }
        return tail;
    }

    /** By the bits of the x86 error code: 1 the page was present, 2 write, 16 instruction fetch (Intel SDM 3A, 4.7). */
    private static String faults(Map<Integer, Long> byCode) {
        long present = 0;
        long write = 0;
        long fetch = 0;
        for (Map.Entry<Integer, Long> code : byCode.entrySet()) {
            present += (code.getKey() & 1) != 0 ? code.getValue() : 0;
            write += (code.getKey() & 2) != 0 ? code.getValue() : 0;
            fetch += (code.getKey() & 16) != 0 ? code.getValue() : 0;
        }
        return byCode.isEmpty()
                ? ""
                : " (" + present + " on a present page, " + write + " writes, " + fetch + " fetches)";
    }

    private String told(Kind kind) {
        return inventory.tells(kind) ? String.valueOf(inventory.count(kind)) : "not told";
    }

    private long note(String what) {
        var count = inventory.tally().notes().get(what);
        return count == null ? 0 : count.value();
    }

    private static void counts(
            List<String> lines, String heading, Map<Integer, Long> counts, IntFunction<String> name) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        if (all == 0) {
            return;
        }
        String some = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(MOST_NAMES)
                .map(entry -> name.apply(entry.getKey()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
        add(lines, heading, all + " (" + some + (counts.size() > MOST_NAMES ? ", ...)" : ")"));
    }

    private static <T> Map<String, T> top(Map<String, T> all, ToLongFunction<T> count, int rows) {
        Map<String, T> top = new LinkedHashMap<>();
        all.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, T> entry) -> -count.applyAsLong(entry.getValue()))
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(rows)
                .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
        return top;
    }

    private static <T> long sum(Map<String, T> all, ToLongFunction<T> count) {
        return all.values().stream().mapToLong(count).sum();
    }

    private String quantile(InventoryDurations durations, double share) {
        return inspected.hasNanos() && durations.count() > 0
                ? time(inspected.nanos(durations.quantileNanos(share)))
                : "?";
    }

    private String total(InventoryDurations durations) {
        return inspected.hasNanos() && durations.count() > 0 ? time(inspected.nanos(durations.totalNanos())) : "?";
    }

    private static String row(String name, int width, String... cells) {
        StringBuilder row = new StringBuilder("  ").append(name);
        row.append(" ".repeat(Math.max(0, width - row.length())));
        for (String cell : cells) {
            row.append(" ".repeat(Math.max(1, 9 - cell.length()))).append(cell);
        }
        return row.toString();
    }

    /** A heading and its text, wrapped beside it. */
    private static void add(List<String> lines, String heading, String text) {
        String first = "  " + heading;
        first += " ".repeat(Math.max(1, INDENT + 2 - first.length()));
        String broken = text.replaceAll("(\\S{" + (WIDTH - INDENT - 2) + "})(?=\\S)", "$1 ");
        lines.addAll(Terminal.wrapped(first, " ".repeat(INDENT + 2), broken));
    }

    private static String shown(String name) {
        return BadInput.show(name, 18);
    }

    private static String plural(long count, String what) {
        return count + " " + what + (count == 1 ? "" : what.endsWith("s") ? "es" : "s");
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / Math.max(1, whole));
    }

    private static String stamp(long nanos) {
        return String.format(Locale.ROOT, "%.6f", nanos / 1e9);
    }

    /** Three significant digits. */
    static String time(long nanos) {
        if (nanos < 1000) {
            return nanos + " ns";
        }
        double value = nanos;
        for (String unit : List.of("ns", "us", "ms")) {
            if (value < 999.5) {
                return digits(value) + " " + unit;
            }
            value /= 1000;
        }
        return digits(value) + " s";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
    }
}
