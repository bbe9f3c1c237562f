package tollgate.cli.record;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which of the wanted events this kernel has and lets a recorder record: asks tracefs where it may be read, then lets the
 * recorder try all that are left, and takes out what the recorder names in its complaint until it complains no more.
 */
final class Events {
    private static final String TRACEFS = "sys/kernel/tracing/events";

    /** More groups than this that are forbidden are so for one reason, and told in one sentence. */
    private static final int MANY = 3;

    /** Runs the recorder on nothing with these events. */
    interface Trial {
        Machine.Trial of(List<Wanted> events) throws IOException;
    }

    private final List<Wanted> left;
    private final List<String> leftOut = new ArrayList<>();
    private final Map<Wanted, String> forbidden = new LinkedHashMap<>();
    private String refusal = "";

    private Events(List<Wanted> wanted) {
        left = new ArrayList<>(wanted);
    }

    static Events tried(Machine machine, List<Wanted> wanted, Trial trial) throws IOException {
        Events events = new Events(wanted);
        events.lookUp(machine);
        events.tryOut(trial);
        return events;
    }

    private void lookUp(Machine machine) {
        if (machine.list(TRACEFS).isEmpty()) {
            return; // not mounted, or not for us: perf mounts it if it may
        }
        for (Wanted each : List.copyOf(left)) {
            each.events().stream()
                    .filter(event -> machine.list(TRACEFS + "/" + event.replace(':', '/'))
                            .isEmpty())
                    .findFirst()
                    .ifPresent(missing -> drop(each, "this kernel has no event " + missing));
        }
    }

    private void tryOut(Trial trial) throws IOException {
        while (refusal.isEmpty()) {
            Machine.Trial run = trial.of(left);
            if (run.succeeded()) {
                return;
            }
            Optional<Wanted> named = left.stream()
                    .filter(each -> each.events().stream().anyMatch(event -> names(run.complaint(), event)))
                    .findFirst();
            if (named.isPresent() && !named.get().isNeeded()) {
                left.remove(named.get());
                forbidden.put(named.get(), run.said());
            } else if (named.isPresent()) {
                drop(named.get(), "the kernel forbids it (" + run.said() + ")");
            } else {
                refusal = run.said();
            }
        }
    }

    /** perf writes {@code irq_vectors:irq_work_exit}, trace-cmd the path of a file in tracefs. */
    private static boolean names(String complaint, String event) {
        return (" " + complaint).matches("(?s).*[^a-z_]" + event + "(?![a-z_]).*")
                || complaint.contains("/" + event.replace(':', '/') + "/");
    }

    private void drop(Wanted group, String why) {
        left.remove(group);
        if (group.isNeeded()) {
            refusal = why;
        } else {
            leftOut.add(group.names() + ": " + why);
        }
    }

    List<Wanted> permitted() {
        return List.copyOf(left);
    }

    /** What is not recorded and why, one sentence each. */
    List<String> leftOut() {
        List<String> all = new ArrayList<>(leftOut);
        if (forbidden.size() > MANY) {
            all.add(forbidden.keySet().stream().map(Wanted::names).collect(Collectors.joining(", "))
                    + ": the kernel forbids them ("
                    + forbidden.values().iterator().next() + " And so on.)");
        } else {
            forbidden.forEach((group, why) -> all.add(group.names() + ": the kernel forbids it (" + why + ")"));
        }
        return all;
    }

    /** Why nothing of use can be recorded; empty if something can. */
    String refusal() {
        return refusal;
    }
}
