package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Recording;
import tollgate.ingest.Syscalls;
import tollgate.ingest.Tally;
import tollgate.ingest.TaskState;

/**
 * Every event of every binary recording against the line that perf or trace-cmd prints for it, field by field. The
 * tool's text is walked with patterns from front to back; nothing of it may be left over.
 */
@EnabledIfSystemProperty(named = SharedRecordings.PROPERTY, matches = ".+")
class ToolAgreementTest {
    /** An event of ours, its names as the bytes that the tool prints. */
    private record Event(
            Kind kind, long time, int cpu, int tid, int pid, String comm, int code, long a, long b, String other) {}

    /** How a tool prints the fields of a tracepoint, and whether they are those of an event. */
    private record Line(Pattern pattern, BiPredicate<Matcher, Event> agrees) {}

    private static final Pattern PERF_HEAD = Pattern.compile(
            "(.{16,20}?) +(-?\\d+)/(-?\\d+) +\\[(\\d+)\\] +(\\d+)\\.(\\d{9}): +[\\w-]+:([\\w-]+): ", Pattern.DOTALL);
    private static final Pattern TRACE_CMD_HEAD =
            Pattern.compile("(.{16,20}?)-(-?\\d+) +\\[(\\d+)\\] *(\\d+)(?:\\.(\\d{9}))?: ([\\w-]+): *", Pattern.DOTALL);
    private static final Pattern DROPPED = Pattern.compile("CPU:(\\d+) \\[(\\d+) EVENTS DROPPED\\]\n");
    private static final String WAKEUP = "comm=(.{0,15}?) pid=(\\d+) prio=-?\\d+ target_cpu=(\\d+)";
    private static final String FAULT = "address=(\\S+) ip=(\\S+) error_code=0x(\\w+)";
    private static final Map<String, Line> LINES = new TreeMap<>();

    static {
        line(
                "sys_enter",
                "NR (-?\\d+) \\((\\w+), (\\w+), .*?\\)",
                (m, e) -> code(m, 1, e) && hex(m, 2) == e.a && hex(m, 3) == e.b);
        line("sys_exit", "NR (-?\\d+) = (-?\\d+)", (m, e) -> code(m, 1, e) && number(m, 2) == e.a);
        line("page_fault_user", FAULT, ToolAgreementTest::isFault);
        line("page_fault_kernel", FAULT, ToolAgreementTest::isFault);
        line(
                "tlb_flush",
                "pages[:=](-?\\d+) reason[:=].*?\\((\\d+)\\)",
                (m, e) -> number(m, 1) == e.a && code(m, 2, e));
        line(
                "sched_switch",
                "(?:prev_comm=.{0,15}? prev_pid=-?\\d+ prev_prio=\\d+ prev_state=(\\S+) ==> next_comm=(.{0,15}?) next_pid=(\\d+)"
                        + " next_prio=\\d+|.{0,15}?:-?\\d+ \\[-?\\d+\\] (\\S+) ==> (.{0,15}?):(-?\\d+) \\[-?\\d+\\])",
                ToolAgreementTest::isSwitch);
        line("sched_wakeup", WAKEUP, ToolAgreementTest::isWakeup);
        line(
                "sched_process_fork",
                "comm=.{0,15}? pid=\\d+ child_comm=(.{0,15}?) child_pid=(\\d+)",
                (m, e) -> m.group(1).equals(e.other) && number(m, 2) == e.a);
        line("sched_process_exec", "filename=.*? pid=\\d+ old_pid=(\\d+)", (m, e) -> number(m, 1) == e.a);
        line(
                "sched_process_exit",
                "comm=.{0,15}? pid=(\\d+) prio=\\d+[^\\n]*",
                (m, e) -> number(m, 1) == e.tid || e.tid < 0);
        line("sched_wakeup_new", WAKEUP, ToolAgreementTest::isWakeup);
        line("irq_handler_entry", "irq=(\\d+) name=[^\\n]*", (m, e) -> 0x1000 + number(m, 1) == e.code);
        line("irq_handler_exit", "irq=(\\d+) ret=[^\\n]*", (m, e) -> 0x1000 + number(m, 1) == e.code);
        line("softirq_entry", "vec=(\\d+) [^\\n]*", (m, e) -> code(m, 1, e));
        line("softirq_exit", "vec=(\\d+) [^\\n]*", (m, e) -> code(m, 1, e));
        line("kvm_entry", " ?vcpu (\\d+),? rip 0x(\\w+)[^\\n]*", (m, e) -> code(m, 1, e) && hex(m, 2) == e.a);
        line(
                "kvm_exit",
                "(?:vcpu \\d+ )?reason (.+?) rip 0x\\w+ info1? (?:0x)?(\\w+) (?:info2 0x)?(\\w+)[^\\n]*",
                (m, e) -> e.code == ExitReason.idOf(ExitReason.isa(e.code), m.group(1))
                        && hex(m, 2) == e.a
                        && hex(m, 3) == e.b);
        // The tools print the stale reason, not -errno, when KVM_RUN was interrupted.
        line("kvm_userspace_exit", "reason \\w+ \\((\\d+)\\)", (m, e) -> code(m, 1, e));
        line(
                "kvm_page_fault",
                "(?:vcpu \\d+ rip 0x\\w+ )?address 0x(\\w+) error_code 0x(\\w+)",
                (m, e) -> hex(m, 1) == e.a && hex(m, 2) == e.b && e.code == (int) e.b);
        line(
                "kvm_pio",
                "pio_(read|write) at 0x(\\w+) size (\\d+) count (\\d+) val [^\\n]*",
                (m, e) -> m.group(1).equals(e.a == 1 ? "write" : "read")
                        && hex(m, 2) == e.code
                        && (number(m, 3) << 16) + number(m, 4) == e.b);
        line(
                "kvm_mmio",
                "mmio (unsatisfied-read|read|write) len (\\d+) gpa 0x(\\w+) val [^\\n]*",
                (m, e) -> List.of("unsatisfied-read", "read", "write").indexOf(m.group(1)) == e.code
                        && number(m, 2) == e.b
                        && hex(m, 3) == e.a);
        line(
                "kvm_msr",
                "msr_(read|write) (\\w+) = 0x(\\w+)[^\\n]*",
                (m, e) -> m.group(1).equals(e.a == 1 ? "write" : "read")
                        && (int) hex(m, 2) == e.code
                        && hex(m, 3) == e.b);
        line("kvm_inj_virq", "(?:IRQ|Soft/INTn) 0x(\\w+)[^\\n]*", (m, e) -> hex(m, 1) == e.code);
    }

    private static final Line VECTOR = new Line(end("vector=(\\d+)"), (m, e) -> code(m, 1, e));
    private static final Line CALL = new Line(
            end("\\w+: 0x(\\w+)(?:, \\w+: 0x(\\w+))?[^\\n]*"),
            (m, e) -> hex(m, 1) == e.a && (m.group(2) == null || hex(m, 2) == e.b));
    private static final Line RETURN = new Line(end("0x(\\w+)"), (m, e) -> hex(m, 1) == e.a);
    private static final Line UNUSED = new Line(Pattern.compile("[^\\n]*\\n"), (m, e) -> true);

    @TempDir
    Path scratch;

    @Test
    void perfScriptSaysTheSame() throws Exception {
        assumeTrue(isInstalled("perf"));
        List<Path> files = new ArrayList<>(SharedRecordings.binaries());
        files.add(SharedRecordings.threadsFolder(scratch));
        compareAll(files.stream()
                .filter(file ->
                        !file.toString().contains(".dat.") && !file.toString().endsWith(".dat"))
                .toList());
    }

    @Test
    void traceCmdReportSaysTheSame() throws Exception {
        assumeTrue(isInstalled("trace-cmd"));
        compareAll(SharedRecordings.binaries().stream()
                .filter(file -> file.toString().matches(".*\\.dat(\\.zst)?"))
                .toList());
    }

    private void compareAll(List<Path> files) throws Exception {
        List<String> failures = new ArrayList<>();
        long compared = 0;
        for (Path file : files) {
            Path plain = SharedRecordings.plain(file, Files.createTempDirectory(scratch, "plain"));
            boolean isPerf = !file.toString().matches(".*\\.dat(\\.zst)?");
            String text = isPerf
                    ? run("perf", "script", "-i", plain.toString(), "--ns", "-F", "comm,pid,tid,cpu,time,event,trace")
                    : run("trace-cmd", "report", "-t", "-i", plain.toString());
            Tally tally = new Tally();
            List<Event> events = events(plain, tally);
            String difference = compare(events, tally.outOfOrder(), text, isPerf);
            if (difference.isEmpty()) {
                compared += events.size();
            } else {
                failures.add(file + ": " + difference);
            }
        }
        System.out.println(compared + " events of " + files.size() + " files agree with the tool");
        assertThat(failures).isEmpty();
    }

    /** @param disorder how many records ours has counted as out of order */
    private static String compare(List<Event> events, long disorder, String text, boolean isPerf) {
        Pattern head = isPerf ? PERF_HEAD : TRACE_CMD_HEAD;
        Matcher matcher = head.matcher(text);
        int at = text.startsWith("cpus=") ? text.indexOf('\n') + 1 : 0;
        int next = 0;
        long backwards = 0;
        while (at < text.length()) {
            if (!isPerf) {
                matcher.usePattern(DROPPED).region(at, text.length());
                if (matcher.lookingAt()) {
                    Event lost = events.get(next++);
                    if (lost.kind != Kind.LOST || number(matcher, 1) != lost.cpu || number(matcher, 2) != lost.a) {
                        return "lost " + show(text, at) + " is " + lost;
                    }
                    at = matcher.end();
                    continue;
                }
            }
            matcher.usePattern(head).region(at, text.length());
            if (!matcher.lookingAt()) {
                return "the line " + show(text, at) + " has no head";
            }
            String name = matcher.group(isPerf ? 7 : 6);
            Line line = line(name);
            Event event = line == UNUSED ? null : next < events.size() ? events.get(next++) : null;
            if (line != UNUSED
                    && (event == null || !(isPerf ? isPerfHead(matcher, event) : isTraceCmdHead(matcher, event)))) {
                return "the head of " + show(text, at) + " is not that of " + event;
            }
            if (isPerf && event != null && event.time != perfTime(matcher)) {
                backwards++;
                if (event.time < perfTime(matcher) || backwards > disorder) {
                    return "the time of " + show(text, at) + " is not that of " + event;
                }
            }
            matcher.usePattern(line.pattern).region(matcher.end(), text.length());
            if (!matcher.lookingAt()) {
                return "the line " + show(text, at) + " has other fields than expected";
            }
            if (event != null && !line.agrees.test(matcher, event)) {
                return show(text, at) + " is not " + event;
            }
            if (event != null
                    && name.startsWith("sys_e")
                    && name.length() > 10
                    && event.code != Syscalls.number(name.replaceFirst("sys_(enter|exit)_", ""))) {
                return show(text, at) + " is not the call of " + event;
            }
            at = matcher.end();
        }
        return next == events.size()
                ? ""
                : (events.size() - next) + " events too many, the first is " + events.get(next);
    }

    private static boolean isPerfHead(Matcher m, Event e) {
        // Of a dying thread, perf has -1; we have what sched_switch itself tells.
        boolean isDying = e.kind == Kind.SWITCH && number(m, 3) == -1 && number(m, 2) == e.pid;
        String comm = m.group(1).length() > 16 ? m.group(1) : m.group(1).substring(Math.max(0, 16 - e.comm.length()));
        return (isDying || number(m, 3) == e.tid && number(m, 2) == e.pid && (e.comm.equals(comm) || isUnknown(m, e)))
                && number(m, 4) == e.cpu;
    }

    /** As it stands in the record, which one out of order keeps; ours is then the time up to which all was told, and it is counted. */
    private static long perfTime(Matcher m) {
        return number(m, 5) * 1_000_000_000 + number(m, 6);
    }

    /** perf prints {@code :TID}; we know the name of who leaves from sched_switch itself, else none. */
    private static boolean isUnknown(Matcher m, Event e) {
        return m.group(1).strip().equals(":" + m.group(3)) && (e.comm.isEmpty() || e.kind == Kind.SWITCH);
    }

    private static boolean isTraceCmdHead(Matcher m, Event e) {
        String comm = m.group(1).length() > 16 ? m.group(1) : m.group(1).substring(Math.max(0, 16 - e.comm.length()));
        boolean isUnknown = m.group(1).strip().equals("<...>") && (e.comm.isEmpty() || e.kind == Kind.SWITCH);
        long time = m.group(5) == null ? number(m, 4) : number(m, 4) * 1_000_000_000 + number(m, 5);
        return (e.comm.equals(comm) || isUnknown)
                && number(m, 2) == e.tid
                && number(m, 3) == e.cpu
                && time == e.time
                && e.pid == -1;
    }

    private static boolean isWakeup(Matcher m, Event e) {
        return m.group(1).equals(e.other) && number(m, 2) == e.a && code(m, 3, e);
    }

    private static boolean isFault(Matcher m, Event e) {
        return isAddress(m.group(1), e.a) && isAddress(m.group(2), e.b) && hex(m, 3) == e.code;
    }

    /** A kernel address is printed as a symbol. */
    private static boolean isAddress(String text, long address) {
        return text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) == address : address < 0;
    }

    private static boolean isSwitch(Matcher m, Event e) {
        boolean isPlugin = m.group(1) == null;
        int group = isPlugin ? 4 : 1;
        String state = m.group(group);
        String ours = TaskState.text(e.code);
        if (isPlugin) {
            // trace-cmd's plugin names the bits as kernels before 4.14 did, not as the format says (X and Z are
            // swapped, P is x, I is W), and drops the plus sign of a preempted thread.
            ours = String.valueOf("RSDTtZXxW".charAt("RSDTtXZPI".indexOf(ours.charAt(0))));
        }
        boolean isState = state.equals(ours);
        return isState && m.group(group + 1).equals(e.other) && number(m, group + 2) == e.a;
    }

    private static boolean code(Matcher m, int group, Event e) {
        return number(m, group) == e.code;
    }

    private static long number(Matcher m, int group) {
        return Long.parseLong(m.group(group));
    }

    private static long hex(Matcher m, int group) {
        return Long.parseUnsignedLong(m.group(group), 16);
    }

    private static void line(String name, String fields, BiPredicate<Matcher, Event> agrees) {
        LINES.put(name, new Line(end(fields), agrees));
    }

    private static Pattern end(String fields) {
        return Pattern.compile(fields + " *\\n", Pattern.DOTALL);
    }

    private static Line line(String name) {
        if (name.startsWith("sys_enter_")) {
            return CALL;
        } else if (name.startsWith("sys_exit_")) {
            return RETURN;
        } else if (name.matches("(local_timer|reschedule|call_function|call_function_single|irq_work)_(entry|exit)")) {
            return VECTOR;
        }
        return LINES.getOrDefault(name, UNUSED);
    }

    /** Our events, less those that are made of records which the tools' text does not show. */
    /** @param tally gets what was out of order */
    private static List<Event> events(Path file, Tally tally) throws IOException {
        List<Event> events = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        boolean isPerf = !file.toString().endsWith(".dat");
        try (Input input = Input.of(file);
                Recording recording = SharedRecordings.read(input, (batch, i) -> {
                    Kind kind = batch.kind(i);
                    boolean isOther = kind == Kind.SWITCH || kind == Kind.WAKEUP || kind == Kind.FORK;
                    others.add(isOther ? (int) batch.b[i] : -1);
                    events.add(new Event(
                            kind,
                            batch.time[i],
                            batch.cpu[i],
                            batch.tid[i],
                            batch.pid[i],
                            String.valueOf(batch.comm[i]),
                            batch.code[i],
                            batch.a[i],
                            batch.b[i],
                            ""));
                })) {
            for (long i = recording.tally().outOfOrder(); i > 0; i--) {
                tally.countOutOfOrder();
            }
            List<Event> named = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                Event e = events.get(i);
                if (isPrinted(e.kind, isPerf, recording)) {
                    String comm = latin(recording.names().name(Integer.parseInt(e.comm)));
                    String other = latin(recording.names().name(others.get(i)));
                    named.add(new Event(e.kind, e.time, e.cpu, e.tid, e.pid, comm, e.code, e.a, e.b, other));
                }
            }
            return named;
        }
    }

    private static boolean isPrinted(Kind kind, boolean isPerf, Recording recording) {
        Map<String, ?> told = recording.tally().tracepoints();
        return switch (kind) {
            case NAME, NAMESPACE -> false;
            case LOST -> !isPerf;
            case SWITCH -> told.containsKey("sched_switch");
            case FORK -> told.containsKey("sched_process_fork");
            case EXEC -> told.containsKey("sched_process_exec");
            case EXIT -> told.containsKey("sched_process_exit");
            default -> true;
        };
    }

    private static String latin(String name) {
        return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String show(String text, int at) {
        return "'"
                + text.substring(at, Math.min(at + 200, text.length()))
                        .lines()
                        .findFirst()
                        .orElse("") + "' at " + at;
    }

    private String run(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(scratch, "tool", ".txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.waitFor();
        String text = Files.readString(out, StandardCharsets.ISO_8859_1);
        Files.delete(out);
        return text;
    }

    private static boolean isInstalled(String tool) throws InterruptedException {
        try {
            new ProcessBuilder(tool, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            return true;
        } catch (IOException missing) {
            return false;
        }
    }
}
