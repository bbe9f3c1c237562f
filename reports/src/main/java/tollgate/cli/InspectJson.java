package tollgate.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tollgate.analysis.Figure.CannotTell;
import tollgate.ingest.Coverage;
import tollgate.ingest.Inventory;
import tollgate.ingest.InventoryDurations;
import tollgate.ingest.InventoryNames;
import tollgate.ingest.Kind;
import tollgate.ingest.Tally;
import tollgate.ingest.TaskState;

/**
 * What {@code tollgate inspect --json} says of one recording. Keys stand in a fixed order, and those of counts are
 * sorted. What the recording cannot tell is {@code {"cannotTell": reason}} where its number would stand, never 0.
 */
final class InspectJson {
    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.99;

    private final Inspected inspected;
    private final Inventory inventory;
    private final Map<String, Object> json = new LinkedHashMap<>();

    private InspectJson(Inspected inspected) {
        this.inspected = inspected;
        this.inventory = inspected.inventory();
    }

    static Map<String, Object> of(Inspected inspected) {
        InspectJson json = new InspectJson(inspected);
        json.whole();
        json.counts();
        json.byName();
        json.rest();
        return json.json;
    }

    private void whole() {
        Inventory.Span span = inventory.span();
        json.put("trace", inspected.trace());
        json.put("format", inspected.format());
        json.put("sha256", inspected.sha256());
        json.put("cpus", told(inventory.coverage().hasCpus(), inventory.cpus(), "events name no CPU"));
        json.put("threads", inventory.threads());
        json.put(
                "processes",
                told(inventory.coverage().hasProcesses(), inventory.processes(), "not every event names its process"));
        boolean hasEvents = inventory.threads() > 0 || inventory.cpus() > 0;
        json.put("first_ns", told(hasEvents, inspected.nanos(span.first()), "no event"));
        json.put("last_ns", told(hasEvents, inspected.nanos(span.last()), "no event"));
        json.put("coverage", coverage());
    }

    private Map<String, Object> coverage() {
        Coverage of = inventory.coverage();
        Map<String, Object> coverage = new LinkedHashMap<>();
        coverage.put("scope", lower(of.scope()));
        coverage.put("clock", lower(of.clock()));
        coverage.put("cpus", of.hasCpus());
        coverage.put("processes", of.hasProcesses());
        coverage.put(
                "recorded",
                of.recorded().stream().sorted().map(InspectJson::lower).toList());
        coverage.put("recorded_is_certain", of.isRecordedSetCertain());
        return coverage;
    }

    private void counts() {
        json.put("tracepoints", seen(inventory.tally().tracepoints()));
        Map<String, Long> events = new LinkedHashMap<>();
        inventory.events().forEach((kind, count) -> events.put(lower(kind), count));
        json.put("events", events);
        json.put("lost", inventory.tally().lost());
        json.put("skipped", inventory.tally().skipped());
        json.put("out_of_order", inventory.outOfOrder());
        Inventory.Unpaired of = inventory.unpaired();
        Map<String, Long> unpaired = new LinkedHashMap<>();
        unpaired.put("syscall_exits_without_enter", of.callExits());
        unpaired.put("of_which_first_of_a_new_thread", of.newThreads());
        unpaired.put("syscall_enters_without_exit", of.callEnters());
        unpaired.put("syscalls_in_flight_at_an_end", of.inFlight());
        unpaired.put("vm_exits_without_entry", of.vmExits());
        unpaired.put("irq_exits_without_enter", of.interruptExits());
        json.put("unpaired", unpaired);
    }

    private void byName() {
        json.put("syscalls", mapped(inventory.calls(), this::call));
        json.put("vm_exits", mapped(inventory.exits(), this::exit));
        json.put(
                "context_switches",
                family(
                        Kind.SWITCH,
                        "by_state",
                        named(inventory.switches(), InspectJson::state),
                        "no context switches"));
        Map<String, Object> faults = new LinkedHashMap<>();
        faults.put(
                "user",
                family(
                        Kind.FAULT_USER,
                        "by_error_code",
                        named(inventory.userFaults(), InspectJson::hex),
                        "no user faults"));
        faults.put(
                "kernel",
                family(
                        Kind.FAULT_KERNEL,
                        "by_error_code",
                        named(inventory.kernelFaults(), InspectJson::hex),
                        "no kernel faults"));
        json.put("faults", faults);
        json.put("interrupts", named(inventory.interrupts(), InventoryNames::interrupt));
        json.put("tlb_flushes", named(inventory.flushes(), InventoryNames::flush));
        Map<String, Object> namespaces = new LinkedHashMap<>();
        inventory.namespaces().forEach((type, inodes) -> namespaces.put(InventoryNames.namespace(type), inodes));
        json.put("namespaces", namespaces);
    }

    private void rest() {
        if (inspected.isStrace()) {
            json.put("strace", values(inventory.tally().notes()));
        }
        json.put("warnings", inspected.warnings());
        json.put("header", inventory.tally().header());
    }

    private Map<String, Object> call(Inventory.Call of) {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("count", of.count());
        boolean tellsResults = inventory.tells(Kind.SYSCALL_EXIT);
        call.put("errors", told(tellsResults, of.errors(), "no returns from system calls are recorded"));
        call.put("restarts", told(tellsResults, of.restarts(), "no returns from system calls are recorded"));
        call.put("measured", of.durations().count());
        durations(call, of.durations(), "no whole call with a duration is in it");
        if (!inspected.hasNanos() || of.durations().count() == 0) {
            call.put("on_cpu_ns", call.get("total_ns"));
        } else {
            call.put(
                    "on_cpu_ns",
                    told(
                            of.onCpuNanos() != Inventory.UNTOLD,
                            inspected.nanos(of.onCpuNanos()),
                            "no context switches are recorded"));
            call.put("on_cpu_is_lower_bound_for", of.onCpuUncertain());
        }
        return call;
    }

    private Map<String, Object> exit(Inventory.Exit of) {
        boolean tellsTrips = inventory.tellsTrips();
        boolean tellsSleep = inventory.tells(Kind.SWITCH);
        String noTrips = "neither kvm_userspace_exit nor system calls are recorded";
        Map<String, Object> exit = new LinkedHashMap<>();
        exit.put("count", of.count());
        exit.put("errors", told(inventory.tells(Kind.VMM_RETURN), of.errors(), "no kvm_userspace_exit is recorded"));
        exit.put("in_kernel", told(tellsTrips, of.inKernel(), noTrips));
        // What waits in a halt needs no switch to show it.
        boolean isSleepTold = tellsSleep || of.slept() > 0;
        exit.put(
                "slept",
                told(tellsTrips && isSleepTold, of.slept(), tellsTrips ? "no context switches are recorded" : noTrips));
        exit.put("to_userspace", told(tellsTrips, of.toUserSpace(), noTrips));
        exit.put("measured", tellsTrips ? of.handling().count() : 0);
        if (tellsTrips) {
            durations(exit, of.handling(), "none lies whole between an exit and its entry outside a halt");
        } else {
            durations(exit, new CannotTell(noTrips));
        }
        boolean hasTimes = inspected.hasNanos();
        exit.put(
                "off_cpu_ns",
                told(
                        hasTimes && tellsSleep,
                        inspected.nanos(of.offCpuNanos()),
                        "no context switches are recorded, or no real time"));
        exit.put(
                "userspace_ns",
                told(hasTimes && tellsTrips, inspected.nanos(of.userSpaceNanos()), noTrips + ", or no real time"));
        exit.put("until_entry_ns", told(hasTimes, inspected.nanos(of.untilEntryNanos()), "stamps are not nanoseconds"));
        return exit;
    }

    private void durations(Map<String, Object> into, InventoryDurations durations, String whyNone) {
        if (!inspected.hasNanos()) {
            durations(into, new CannotTell("stamps are not nanoseconds"));
        } else if (durations.count() == 0) {
            durations(into, new CannotTell(whyNone));
        } else {
            into.put("p50_ns", inspected.nanos(durations.quantileNanos(MEDIAN)));
            into.put("p99_ns", inspected.nanos(durations.quantileNanos(TAIL)));
            into.put("total_ns", inspected.nanos(durations.totalNanos()));
        }
    }

    private static void durations(Map<String, Object> into, CannotTell reason) {
        into.put("p50_ns", reason);
        into.put("p99_ns", reason);
        into.put("total_ns", reason);
    }

    private Object family(Kind kind, String key, Map<String, Long> counts, String whyNone) {
        if (!inventory.tells(kind)) {
            return new CannotTell(
                    whyNone + (inventory.coverage().isRecordedSetCertain() ? " were recorded" : " are in it"));
        }
        Map<String, Object> family = new LinkedHashMap<>();
        family.put("count", inventory.count(kind));
        family.put(key, counts);
        return family;
    }

    private static Object told(boolean isTold, long number, String whyNot) {
        return isTold ? (Object) number : new CannotTell(whyNot);
    }

    private static <T> Map<String, Object> mapped(Map<String, T> map, Function<T, Object> as) {
        Map<String, Object> mapped = new LinkedHashMap<>();
        map.forEach((key, value) -> mapped.put(key, as.apply(value)));
        return mapped;
    }

    private static Map<String, Long> values(Map<String, Tally.Count> counts) {
        Map<String, Long> values = new TreeMap<>();
        counts.forEach((name, count) -> values.put(name, count.value()));
        return values;
    }

    /** A text cannot show the tracepoints of which no record came: all forms list the others only. */
    private static Map<String, Long> seen(Map<String, Tally.Count> counts) {
        Map<String, Long> seen = values(counts);
        seen.values().removeIf(count -> count == 0);
        return seen;
    }

    private static Map<String, Long> named(Map<Integer, Long> counts, Function<Integer, String> name) {
        Map<String, Long> named = new TreeMap<>();
        counts.forEach((code, count) -> named.merge(name.apply(code), count, Long::sum));
        return named;
    }

    static String hex(int code) {
        return code < 0 ? "others" : "0x" + Integer.toHexString(code);
    }

    static String state(int state) {
        return state <= 0 ? "others" : TaskState.text(state);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
