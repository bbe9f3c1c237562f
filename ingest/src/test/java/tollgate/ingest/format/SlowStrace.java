package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tollgate.ingest.Kind;
import tollgate.ingest.Syscalls;

/**
 * The plain reader of strace text that judges the fast one: a regular expression a line, strings and maps, the calls
 * only, and durations added with decimal arithmetic.
 */
final class SlowStrace {
    /** What it says of a call; the time of the first line is 0 where stamps are relative. */
    record Call(int tid, Kind kind, int number, long result, long time) {}

    private static final Pattern LINE = Pattern.compile("^(?:\\[pid +(\\d+)\\] |(\\d{1,7}) +)?"
            + " *(?:(\\d+):(\\d\\d):)?([\\d.]+) (?:\\[ *(?:\\d+|\\?+)\\] )?(?:\\[[0-9a-f?]{8,16}\\] )?"
            + "(<\\.\\.\\. )?(\\w+)( resumed>|\\()(.*)$");
    private static final Pattern RESULT = Pattern.compile(
            "^(.*)\\) += (\\?|0x[0-9a-f]+|-?\\d+)(?: (E[A-Z_0-9]+) \\([^()]*\\)|[^?].*?)??(?: <([\\d.]+)>)?$");
    private static final Pattern MESSAGE = Pattern.compile("^(.*)strace: Process (\\d+) (?:attached|detached)$");

    private SlowStrace() {}

    static List<Call> read(List<String> lines) {
        int root = -1;
        List<Integer> announced = new ArrayList<>();
        for (String line : lines) {
            Matcher message = MESSAGE.matcher(line);
            if (message.matches()) {
                announced.add(Integer.valueOf(message.group(2)));
            }
            Matcher columns = LINE.matcher(line);
            if (root < 0
                    && columns.matches()
                    && columns.group(1) != null
                    && !announced.contains(Integer.valueOf(columns.group(1)))) {
                root = Integer.parseInt(columns.group(1));
            }
        }
        return read(lines, root);
    }

    static List<Call> read(List<String> lines, int owner) {
        List<Call> calls = new ArrayList<>();
        Map<Integer, Integer> open = new HashMap<>();
        List<String> whole = new ArrayList<>();
        String torn = "";
        for (String line : lines) {
            Matcher message = MESSAGE.matcher(line);
            if (message.matches()) {
                torn += message.group(1);
            } else {
                whole.add(torn + line);
                torn = "";
            }
        }
        boolean isRelative = false;
        BigDecimal sum = BigDecimal.ZERO;
        for (String line : whole) {
            Matcher prefix = Pattern.compile("^(?:\\d{1,7} +)(\\d+\\.\\d+) .*").matcher(line);
            if (prefix.matches()) {
                BigDecimal seconds = new BigDecimal(prefix.group(1));
                isRelative |= seconds.signum() == 0;
                sum = sum.add(seconds);
            }
            Matcher columns = LINE.matcher(line);
            if (!columns.matches()) {
                continue;
            }
            int tid = columns.group(1) != null
                    ? Integer.parseInt(columns.group(1))
                    : columns.group(2) != null ? Integer.parseInt(columns.group(2)) : owner;
            BigDecimal stamp = new BigDecimal(columns.group(5));
            if (columns.group(3) != null) {
                stamp = stamp.add(new BigDecimal(
                        Integer.parseInt(columns.group(3)) * 3600 + Integer.parseInt(columns.group(4)) * 60));
            }
            if (isRelative) {
                stamp = sum;
            }
            boolean isResumed = columns.group(6) != null;
            String name = columns.group(7);
            String rest = columns.group(9);
            int number = name.startsWith("syscall_0x")
                    ? (int) Long.parseUnsignedLong(name.substring(10), 16)
                    : Syscalls.number(name);
            if (isResumed) {
                number = open.getOrDefault(tid, number);
                open.remove(tid);
            } else {
                calls.add(new Call(tid, Kind.SYSCALL_ENTER, number, 0, nanos(stamp)));
            }
            if (rest.endsWith("<unfinished ...>") || rest.endsWith("<detached ...>")) {
                open.put(tid, number);
                continue;
            }
            Matcher result = RESULT.matcher(rest);
            assertThat(result.matches()).as(line).isTrue();
            if (result.group(2).equals("?") && !rest.contains("= ? E")) {
                continue;
            }
            BigDecimal back = isResumed || result.group(4) == null ? stamp : stamp.add(new BigDecimal(result.group(4)));
            calls.add(new Call(tid, Kind.SYSCALL_EXIT, number, value(rest, result), nanos(back)));
        }
        return calls;
    }

    static void assertSame(Events fast, List<Call> slow) {
        List<Events.Event> calls = fast.list().stream()
                .filter(event -> event.kind() == Kind.SYSCALL_ENTER || event.kind() == Kind.SYSCALL_EXIT)
                .toList();
        assertThat(calls.size()).isEqualTo(slow.size());
        long late = 0;
        for (int i = 0; i < slow.size(); i++) {
            Events.Event event = calls.get(i);
            Call call = slow.get(i);
            assertThat(new Call(
                            event.tid(),
                            event.kind(),
                            event.code(),
                            event.kind() == Kind.SYSCALL_EXIT ? event.a() : 0,
                            0))
                    .as("call " + i)
                    .isEqualTo(new Call(call.tid(), call.kind(), call.number(), call.result(), 0));
            // Stamps and durations are cut to microseconds, each by itself: a call's end may seem to pass the next
            // line.
            late = Math.max(late, call.time());
            assertThat(event.time()).as("time of call " + i).isBetween(call.time(), call.time() + 2_000);
        }
    }

    private static long value(String rest, Matcher result) {
        Matcher restart = Pattern.compile(".*= \\? (E\\w+).*").matcher(rest);
        if (restart.matches()) {
            return -Map.of(
                            "ERESTARTSYS",
                            512,
                            "ERESTARTNOINTR",
                            513,
                            "ERESTARTNOHAND",
                            514,
                            "ERESTART_RESTARTBLOCK",
                            516)
                    .get(restart.group(1));
        }
        String text = result.group(2);
        if (text.startsWith("0x")) {
            return Long.parseUnsignedLong(text.substring(2), 16);
        }
        long value = Long.parseLong(text);
        return value == -1 && result.group(3) != null ? -StraceErrno.number(result.group(3)) : value;
    }

    private static long nanos(BigDecimal seconds) {
        return seconds.movePointRight(9).longValueExact();
    }
}
