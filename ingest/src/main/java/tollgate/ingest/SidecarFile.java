package tollgate.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Spelling;
import tollgate.ingest.yaml.Value;
import tollgate.ingest.yaml.Yaml;

/**
 * Reads a {@link Sidecar}, a file or part of another document. Every key may be left out:
 *
 * <pre>
 * description: Redis 7.0, 50 clients over loopback
 * workload:                    # a task belongs to it if any list names it; without lists, all do
 *   comm: [redis-server]       # also pid, tid (numbers), cgroup, netns, user, vm (names from below)
 *   exclude: {comm: [bio_aof]} # the same
 * region: {from: 120ms, to: 2.5s}           # after the first event; or from_stamp, to_stamp: seconds as recorded
 * clock: real                  # or none: an emulator's, no percentages
 * tsc_khz: 2600000             # for stamps in raw ticks
 * smt: [[0, 1], [2, 3]]        # CPUs of each core
 * recorded: {kernel: 6.1.0, cpu: Xeon Gold 6130, tool: perf 6.1, in_vm: true,
 *   mitigations: {pti: off, spectre_v2: "Mitigation: Enhanced IBRS"}}
 * cgroups:                     # what no event tells: tasks by comm, pid, tid; likewise users and vms (their VMM's tasks)
 *   /lc: {comm: [redis-server]}
 * users: {www-data: {comm: [nginx]}}
 * vms: {build: {pid: [4711]}}
 * namespaces:                  # of the network: also inode, where the recording tells it
 *   web: {inode: 0xf0000151, comm: [nginx]}
 * tenants:                     # comm, pid, tid, cgroup, netns, user, vm; distrusts: all others if left out
 *   shop: {comm: [nginx], distrusts: [ads]}
 *   ads: {netns: [web]}
 * memory: {g_oth: 24GiB, k_secret: 64KiB}   # sizes of the machine's classes of memory, see {@link Sidecar#MEMORY}
 * </pre>
 */
public final class SidecarFile {
    /** Bytes of a thread name (TASK_COMM_LEN less its end, include/linux/sched.h). */
    private static final int MAX_COMM = 15;

    /** kHz: faster than any CPU. */
    private static final long MAX_TSC_KHZ = 10_000_000;

    private final Doc doc;
    /** Described groups of tasks by the key that refers to them. */
    private final Map<String, Map<String, Selection>> groups = new LinkedHashMap<>();

    private SidecarFile(Doc doc) {
        this.doc = doc;
    }

    /** @throws BadInput with all problems of the file */
    public static Sidecar read(Path file) throws IOException {
        return whole(Yaml.read(file));
    }

    /** @throws BadInput with all problems of the file */
    public static Sidecar read(String name, InputStream in) throws IOException {
        return whole(Yaml.read(name, in));
    }

    private static Sidecar whole(Doc doc) {
        Sidecar sidecar = of(doc);
        doc.finish();
        return sidecar;
    }

    /**
     * A sidecar that stands inside another document, a study's for instance. Its problems, with line and column there,
     * are told by that document's {@link Doc#finish}; the sidecar is of use only if that is silent.
     */
    public static Sidecar of(Doc inline) {
        return new SidecarFile(inline).sidecar();
    }

    private Sidecar sidecar() {
        groups.put("cgroup", described("cgroups", SidecarFile::tasks));
        groups.put("netns", described("namespaces", SidecarFile::namespace));
        groups.put("user", described("users", SidecarFile::tasks));
        groups.put("vm", described("vms", SidecarFile::tasks));
        Optional<Doc> workload = doc.optionalDoc("workload");
        Selection selected = workload.map(this::selection).orElse(Selection.NONE);
        Selection excluded = workload.flatMap(of -> of.optionalDoc("exclude"))
                .map(this::selection)
                .orElse(Selection.NONE);
        return new Sidecar(
                doc.string("description", ""),
                selected,
                excluded,
                doc.optionalDoc("region").map(SidecarFile::stretch).orElse(Stretch.WHOLE),
                doc.choice("clock", Sidecar.Clock.class, Sidecar.Clock.REAL),
                doc.integer("tsc_khz", 1, MAX_TSC_KHZ, 0),
                siblings(),
                doc.optionalDoc("recorded").map(SidecarFile::recorded).orElse(Recorded.UNKNOWN),
                groups.get("netns"),
                doc.optionalDoc("tenants").map(this::tenants).orElse(Map.of()),
                doc.optionalDoc("memory").map(SidecarFile::memory).orElse(Map.of()));
    }

    private Map<String, Selection> described(String key, Function<Doc, Selection> members) {
        Map<String, Selection> described = new LinkedHashMap<>();
        doc.optionalDoc(key)
                .ifPresent(all ->
                        all.entries().forEach((name, value) -> described.put(name, members.apply(value.doc()))));
        return described;
    }

    private static Map<String, Long> memory(Doc of) {
        Map<String, Long> memory = new TreeMap<>();
        for (String name : Sidecar.MEMORY) {
            if (of.has(name)) {
                memory.put(name, of.bytes(name));
            }
        }
        return memory;
    }

    /** Tasks named one by one. */
    private static Selection tasks(Doc of) {
        return new Selection(
                of.set("comm", SidecarFile::comm),
                of.set("pid", SidecarFile::task),
                of.set("tid", SidecarFile::task),
                Set.of());
    }

    private static Selection namespace(Doc of) {
        Set<Long> inode = of.has("inode") ? Set.of(of.integer("inode", 1L, 0xffff_ffffL)) : Set.of();
        return tasks(of).and(new Selection(Set.of(), Set.of(), Set.of(), inode));
    }

    /** Tasks named one by one, or by the name of a group that the sidecar describes. */
    private Selection selection(Doc of) {
        Selection selection = tasks(of);
        for (Map.Entry<String, Map<String, Selection>> known : groups.entrySet()) {
            for (Selection group : groups(of, known.getKey(), known.getValue())) {
                selection = selection.and(group);
            }
        }
        return selection;
    }

    private static List<Selection> groups(Doc of, String key, Map<String, Selection> known) {
        List<Selection> groups = new ArrayList<>();
        for (String name : of.set(key, value -> reference(value, known.keySet()))) {
            groups.add(known.getOrDefault(name, Selection.NONE));
        }
        return groups;
    }

    private static String reference(Value name, Collection<String> known) {
        String word = name.string();
        if (!known.contains(word) && !word.isEmpty()) {
            String hint = known.isEmpty() ? "; add it" : Spelling.hint(word, known);
            name.problem("'" + BadInput.show(word, 40) + "' is not described in this file" + hint);
        }
        return word;
    }

    private static String comm(Value name) {
        String comm = name.string();
        byte[] bytes = comm.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_COMM) {
            String cut = new String(bytes, 0, MAX_COMM, StandardCharsets.UTF_8);
            name.problem("a thread name has at most 15 bytes; Linux cut it to '" + BadInput.show(cut, MAX_COMM) + "'");
        }
        return comm;
    }

    private static int task(Value number) {
        return number.integer(1, Coverage.LAST_PID);
    }

    private static Stretch stretch(Doc of) {
        Stretch.Moment from = moment(of, "from", Stretch.WHOLE.from());
        Stretch.Moment to = moment(of, "to", Stretch.WHOLE.to());
        if (from.isStamp() == to.isStamp() && from.nanos() >= to.nanos() && of.isSound()) {
            of.problem("the region ends where it begins or before; mend 'to'");
        }
        return new Stretch(from, to);
    }

    private static Stretch.Moment moment(Doc of, String key, Stretch.Moment otherwise) {
        String stampKey = key + "_stamp";
        if (of.has(stampKey)) {
            Value stamp = of.value(stampKey);
            if (of.has(key)) {
                stamp.problem("both '" + key + "' and '" + stampKey + "' are given; keep one");
            }
            return Stretch.Moment.stamp(seconds(stamp));
        }
        return of.has(key) ? Stretch.Moment.after(of.nanos(key)) : otherwise;
    }

    /** Seconds as the recording prints them, to the nanosecond: {@code 1297.607198}. */
    private static long seconds(Value stamp) {
        String text = stamp.string();
        if (text.matches("[0-9]{1,10}(\\.[0-9]{1,9})?")) {
            return new BigDecimal(text).movePointRight(9).longValue();
        }
        if (!text.isEmpty()) {
            stamp.problem("expected a stamp in seconds such as 1297.607198 for '" + stamp.path() + "', found '"
                    + BadInput.show(text, 40) + "'");
        }
        return 0;
    }

    private List<List<Integer>> siblings() {
        Set<Integer> seen = new HashSet<>();
        return doc.list(
                "smt",
                core -> List.copyOf(core.set(cpu -> {
                    int number = cpu.integer(0, Coverage.MOST_CPUS - 1);
                    if (!seen.add(number)) {
                        cpu.problem("CPU " + number + " belongs to two cores; keep one");
                    }
                    return number;
                })));
    }

    private static Recorded recorded(Doc of) {
        Map<String, String> mitigations = new TreeMap<>();
        Recorded.Fact pti = Recorded.Fact.UNKNOWN;
        Optional<Doc> listed = of.optionalDoc("mitigations");
        if (listed.isPresent()) {
            for (Map.Entry<String, Value> entry : listed.get().entries().entrySet()) {
                if (entry.getKey().equals("pti")) {
                    pti = switch (entry.getValue().choice(List.of("on", "off", "unknown"))) {
                        case "on" -> Recorded.Fact.YES;
                        case "off" -> Recorded.Fact.NO;
                        default -> Recorded.Fact.UNKNOWN;
                    };
                } else {
                    mitigations.put(entry.getKey(), entry.getValue().string());
                }
            }
        }
        Recorded.Fact inVm = Recorded.Fact.UNKNOWN;
        if (of.has("in_vm")) {
            inVm = of.bool("in_vm") ? Recorded.Fact.YES : Recorded.Fact.NO;
        }
        return new Recorded(
                of.string("kernel", ""), of.string("cpu", ""), of.string("tool", ""), inVm, pti, mitigations);
    }

    private Map<String, Tenant> tenants(Doc of) {
        Map<String, Value> all = of.entries();
        Map<String, Tenant> tenants = new LinkedHashMap<>();
        all.forEach((name, value) -> {
            Doc tenant = value.doc();
            Set<String> others = new LinkedHashSet<>(all.keySet());
            others.remove(name);
            Set<String> distrusts =
                    tenant.has("distrusts") ? tenant.set("distrusts", other -> reference(other, others)) : others;
            tenants.put(name, new Tenant(name, selection(tenant), distrusts));
        });
        return tenants;
    }
}
