package tollgate.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What should make one hesitate to trust a recording, or to use it for what it cannot tell. Each warning says what
 * was found, what follows from it, and where there is one, the way out.
 */
final class InventoryWarnings {
    /** A recorder that makes this share of the events is a workload of its own. An estimate. */
    private static final double RECORDER_SHARE = 0.05;
    /** Nothing at all on any CPU for this long, and for most of the recording, is no pause: a running timer alone makes events. An estimate. */
    private static final long SUSPICIOUS_GAP = 60_000_000_000L;

    /** CPUs of one system record their first events within seconds of each other. An estimate. */
    private static final long SUSPICIOUS_APART = 10_000_000_000L;
    /** A loop that makes this many calls without a fourth kind of call is rarer than a filter. An estimate. */
    private static final long MANY_CALLS = 1000;

    private static final int FEW_CALLS = 3;
    /** What readers note of lines and records that they knew and had no need of. */
    private static final List<String> ALARMING_NOTES = List.of(
            "other lines",
            "not parsed",
            "exit reasons without",
            "system calls without",
            "skipped",
            "samples of unknown",
            "samples without",
            "tracepoint ",
            "rounds merged early");

    private final Inventory of;
    private final Sidecar sidecar;
    private final List<String> warnings = new ArrayList<>();

    private InventoryWarnings(Inventory of, Sidecar sidecar) {
        this.of = of;
        this.sidecar = sidecar;
    }

    static List<String> of(Inventory inventory, Sidecar sidecar) {
        InventoryWarnings all = new InventoryWarnings(inventory, sidecar);
        all.isWhole();
        all.hasOneClock();
        all.hasRealClock();
        all.hasCalls();
        all.hasOthersThanItself();
        all.hasContext();
        all.hasVmExits();
        all.isUnderstood();
        return List.copyOf(all.warnings);
    }

    private void isWhole() {
        Tally tally = of.tally();
        if (!tally.endsEarly().isEmpty()) {
            warnings.add("ends early: cut off at " + tally.endsEarly() + "; used up to the last whole record");
        }
        if (tally.skipped() > 0) {
            warnings.add("damaged: " + tally.skipped() + (tally.skipped() == 1 ? " place" : " places")
                    + " skipped, as --lenient asks; what stood there is missing. The first: " + tally.firstSkipped());
        }
        if (tally.lossReports() > 0) {
            long lost = tally.lost();
            boolean isCounted = lost > 0;
            String share = percent(lost, lost + of.records());
            warnings.add("records lost: "
                    + (isCounted ? lost + " (" + share + " of all)" : "the recorder did not say how many")
                    + " in " + tally.lossReports() + (tally.lossReports() == 1 ? " place" : " places")
                    + "; what was running then is unknown; record with larger buffers");
        }
        if (of.events().keySet().stream().allMatch(kind -> kind == Kind.LOST || kind == Kind.NAME)) {
            warnings.add("no event of any kind that can be replayed");
        }
    }

    private void hasOneClock() {
        Inventory.Span span = of.span();
        if (of.outOfOrder() > 0) {
            warnings.add("times run back: " + of.outOfOrder()
                    + " events are stamped earlier than one before them; two clocks, or CPUs whose clocks differ");
        }
        if (of.coverage().clock() != Coverage.Clock.NANOS) {
            return;
        }
        if (span.longestGap() > SUSPICIOUS_GAP && span.longestGap() > span.length() / 2) {
            warnings.add("two clocks, or two recordings in one: no event for " + seconds(span.longestGap()) + " of "
                    + seconds(span.length()) + ", after " + seconds(span.gapAt()));
        }
        if (span.apart() > SUSPICIOUS_APART) {
            warnings.add("two clocks: the first event of one CPU is " + seconds(span.apart())
                    + " after the last of another");
        }
    }

    private void hasRealClock() {
        if (sidecar.clock() == Sidecar.Clock.NONE) {
            warnings.add(
                    "not the clock you think: the sidecar says it is an emulator's; order and counts mean something,"
                            + " durations do not");
        }
        switch (of.coverage().clock()) {
            case NANOS -> {}
            case TSC -> {
                if (sidecar.tscKhz() == 0) {
                    warnings.add(
                            "not the clock you think: stamps are cycles of the time stamp counter, not nanoseconds;"
                                    + " durations need its frequency (tsc_khz in the sidecar)");
                }
            }
            case COUNTER -> warnings.add("not the clock you think: stamps only count events; no duration can be told");
            case COARSE ->
                warnings.add("not the clock you think: stamps are too coarse to measure with (uptime: 10 ms,"
                        + " strace -t: 1 s); no duration can be told");
        }
    }

    private void hasCalls() {
        long enters = of.count(Kind.SYSCALL_ENTER);
        long exits = of.count(Kind.SYSCALL_EXIT);
        if (enters > 0 && exits == 0) {
            warnings.add("system calls without their returns: no duration, no result; record sys_exit as well");
        } else if (exits > 0 && enters == 0) {
            warnings.add("returns from system calls without their entries: no duration; record sys_enter as well");
        } else if (of.unpaired().callEnters() * 2 > enters) {
            warnings.add(
                    "more than half of the calls have no exit (" + of.unpaired().callEnters() + " of " + enters
                            + "): a filter dropped them, or records are missing");
        } else if (2 * (of.unpaired().callExits() - of.unpaired().newThreads()) > exits) {
            warnings.add("more than half of the exits have no call ("
                    + (of.unpaired().callExits() - of.unpaired().newThreads()) + " of " + exits
                    + "): a filter dropped them, or records are missing");
        }
        List<String> single = of.tally().tracepoints().keySet().stream()
                .filter(name -> name.startsWith("sys_enter_") || name.startsWith("sys_exit_"))
                .map(name -> name.replaceFirst("sys_(enter|exit)_", ""))
                .distinct()
                .toList();
        if (!single.isEmpty()) {
            warnings.add("filtered: only some system calls were recorded (" + list(single) + ")");
        } else if (of.calls().size() <= FEW_CALLS && Math.max(enters, exits) >= MANY_CALLS) {
            warnings.add("filtered, or one tight loop: " + Math.max(enters, exits) + " system calls, and only "
                    + String.join(", ", of.calls().keySet()));
        }
        if (of.coverage().scope() == Coverage.Scope.CGROUP) {
            warnings.add("filtered by control group: tasks outside it make system calls that are not in the recording");
        }
    }

    private void hasOthersThanItself() {
        long all = of.comms().values().stream().mapToLong(Long::longValue).sum();
        for (Map.Entry<String, Long> comm : of.comms().entrySet()) {
            if (Sidecar.RECORDERS.contains(comm.getKey()) && comm.getValue() > all * RECORDER_SHARE) {
                warnings.add("the recorder traced itself: " + percent(comm.getValue(), all) + " of the events are by "
                        + comm.getKey() + "; they are left out of the workload unless the sidecar names it");
            }
        }
        boolean hasUserWork = of.calls().size() > 0
                || of.count(Kind.FAULT_USER) > 0
                || of.count(Kind.VM_EXIT) > 0
                || of.count(Kind.VM_ENTRY) > 0
                || of.count(Kind.VMM_RETURN) > 0;
        boolean wouldTell = !of.coverage().isRecordedSetCertain() || of.tells(Kind.SYSCALL_ENTER);
        if (!of.events().isEmpty() && !hasUserWork) {
            warnings.add(
                    wouldTell
                            ? "nothing entered the kernel from user space: only kernel threads, idle, or a filter"
                            : "system calls were not recorded: nothing to replay at the kernel's border");
        }
    }

    private void hasContext() {
        if (!of.coverage().hasCpus()) {
            warnings.add(
                    "no CPUs: each thread is taken to have its own, and what depends on sharing one cannot be told");
        }
        if (!of.tells(Kind.SWITCH)) {
            warnings.add("no context switches: busy time, and so overhead in percent, cannot be told; record"
                    + " sched:sched_switch as well");
        }
        long uncertain = of.calls().values().stream()
                .mapToLong(Inventory.Call::onCpuUncertain)
                .sum();
        long measured = of.calls().values().stream()
                .mapToLong(call -> call.durations().count())
                .sum();
        if (uncertain > 0 && of.tells(Kind.SWITCH)) {
            warnings.add("threads come back without a switch that shows when (" + uncertain + " of " + measured
                    + " calls): the switches of idle or of tasks that were not recorded are missing; time on CPU is a"
                    + " lower bound");
        }
    }

    private void hasVmExits() {
        long entries = of.count(Kind.VM_ENTRY);
        long exits = of.count(Kind.VM_EXIT);
        if (entries + of.count(Kind.VMM_RETURN) > 0 && exits == 0) {
            warnings.add("guests run but no kvm_exit is recorded: exit reasons cannot be told");
        } else if (exits > 0 && entries == 0) {
            warnings.add("VM exits without entries: handling time cannot be told; record kvm:kvm_entry as well");
        }
        if (exits > 0 && !of.tellsTrips()) {
            warnings.add("neither kvm_userspace_exit nor system calls are recorded: which exits the VMM had a part in,"
                    + " and handling time, cannot be told");
        }
        if (exits > 0 && !of.tells(Kind.SWITCH)) {
            warnings.add("handling time of VM exits contains sleep and preemption, since no switches are recorded");
        }
    }

    private void isUnderstood() {
        of.tally().notes().forEach((what, count) -> {
            if (count.value() > 0 && ALARMING_NOTES.stream().anyMatch(what::startsWith)) {
                warnings.add(count.value() + " " + BadInput.show(what, 80));
            }
        });
    }

    private static String list(List<String> names) {
        int most = 6;
        String some = names.stream().limit(most).collect(Collectors.joining(", "));
        return names.size() > most ? some + " and " + (names.size() - most) + " more" : some;
    }

    private static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / Math.max(1, whole));
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
    }
}
