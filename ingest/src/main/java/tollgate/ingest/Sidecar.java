package tollgate.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a recording cannot say of itself, in a YAML file beside it: which tasks are the workload, where start-up ends,
 * which CPUs are siblings, what it was recorded under, who distrusts whom. {@link SidecarFile} shows the file.
 *
 * <p>The sidecar of {@code redis.perf.txt.zst} is the first of {@code redis.perf.txt.zst.yaml},
 * {@code redis.perf.txt.yaml}, {@code redis.perf.yaml} and {@code redis.yaml} that is there: recordings of one run
 * may share one. Without any, everything is selected but idle and the recorder itself, and the rest is unknown.
 *
 * @param description one line for the report
 * @param workload tasks whose time is measured; empty for all
 * @param excluded tasks taken out of the workload
 * @param stretch of the recording that counts
 * @param clock whether its stamps are time that passed
 * @param tscKhz frequency of the time stamp counter where stamps are raw ticks, kHz; 0 if not told
 * @param siblings CPUs that share a core, a list for each core; a CPU named nowhere is not known to have siblings
 * @param recorded what it was made under
 * @param namespaces network namespaces by name, with the tasks in them
 * @param tenants by name; empty if nobody told who distrusts whom
 * @param memory of the machine, in bytes by name of {@link #MEMORY}; what is not in it is as stated by default
 */
public record Sidecar(
        String description,
        Selection workload,
        Selection excluded,
        Stretch stretch,
        Clock clock,
        long tscKhz,
        List<List<Integer>> siblings,
        Recorded recorded,
        Map<String, Selection> namespaces,
        Map<String, Tenant> tenants,
        Map<String, Long> memory) {
    /** Classes of memory that a size may be given of: the replay's, by whose it is and how much it would hurt to lose. */
    public static final List<String> MEMORY = List.of(
            "u_cur",
            "u_oth",
            "g_cur",
            "g_oth",
            "pc_rd",
            "pc_oth",
            "pm_free",
            "k_text",
            "k_mod",
            "k_data",
            "k_secret",
            "percpu",
            "k_task_cur",
            "k_task_oth",
            "k_proc_cur",
            "k_proc_oth",
            "k_vm_cur",
            "k_vm_oth",
            "k_ns_cur",
            "k_ns_oth",
            "pt",
            "entry",
            "vmemmap",
            "vmalloc");

    /** Names under which the common recorders run; perf-exec is perf's child before its exec. */
    public static final Set<String> RECORDERS = Set.of("perf", "perf-exec", "trace-cmd", "strace");

    public static final Sidecar NONE = new Sidecar(
            "",
            Selection.NONE,
            Selection.NONE,
            Stretch.WHOLE,
            Clock.REAL,
            0,
            List.of(),
            Recorded.UNKNOWN,
            Map.of(),
            Map.of(),
            Map.of());

    public enum Clock {
        /** Stamps are time that passed. */
        REAL,
        /** An emulator's: only order and counts mean something. No percentages, no residency. */
        NONE
    }

    public Sidecar {
        siblings = siblings.stream().map(List::copyOf).toList();
        namespaces = Map.copyOf(namespaces);
        tenants = Map.copyOf(tenants);
        memory = Map.copyOf(memory);
    }

    /** Of a machine of the default sizes. */
    public Sidecar(
            String description,
            Selection workload,
            Selection excluded,
            Stretch stretch,
            Clock clock,
            long tscKhz,
            List<List<Integer>> siblings,
            Recorded recorded,
            Map<String, Selection> namespaces,
            Map<String, Tenant> tenants) {
        this(
                description,
                workload,
                excluded,
                stretch,
                clock,
                tscKhz,
                siblings,
                recorded,
                namespaces,
                tenants,
                Map.of());
    }

    /** The sidecar of a recording, or {@link #NONE}. */
    public static Sidecar of(Path recording) throws IOException {
        Optional<Path> file = beside(recording);
        return file.isEmpty() ? NONE : SidecarFile.read(file.get());
    }

    /** The file that {@link #of} reads, if there is one. */
    public static Optional<Path> beside(Path recording) {
        return candidates(recording).stream().filter(Files::isRegularFile).findFirst();
    }

    /**
     * The text of the sidecar beside a recording, tried, or nothing if there is none.
     *
     * @param location of the recording, as for {@link Input#of(String, Input.Damage)}
     * @throws BadInput with all that is wrong with it
     */
    public static Optional<String> textBeside(String location) throws IOException {
        if (Remote.isAddress(location) && !Remote.scheme(location).equals(Remote.FILE)) {
            Remote remote = Remote.of(location);
            int name = location.lastIndexOf('/') + 1;
            for (Path candidate : candidates(Path.of(location.substring(name)))) {
                String address = location.substring(0, name) + candidate;
                if (remote.find(address).equals(List.of(address))) {
                    try (InputStream in = remote.open(address)) {
                        byte[] text = in.readAllBytes();
                        SidecarFile.read(address, new ByteArrayInputStream(text));
                        return Optional.of(new String(text, StandardCharsets.UTF_8));
                    }
                }
            }
            return Optional.empty();
        }
        Optional<Path> file = beside(Remote.isAddress(location) ? Input.file(location) : Path.of(location));
        if (file.isEmpty()) {
            return Optional.empty();
        }
        SidecarFile.read(file.get());
        return Optional.of(Files.readString(file.get()));
    }

    /** Names under which the sidecar is looked for, the most special first. */
    static List<Path> candidates(Path recording) {
        List<Path> candidates = new ArrayList<>();
        Path name = recording.getFileName();
        if (name != null) {
            String stem = name.toString();
            candidates.add(recording.resolveSibling(stem + ".yaml"));
            for (int dot = stem.lastIndexOf('.'); dot > 0; dot = stem.lastIndexOf('.')) {
                stem = stem.substring(0, dot);
                candidates.add(recording.resolveSibling(stem + ".yaml"));
            }
        }
        return candidates;
    }

    /** As {@link #selects(int, int, String, long)} for a task whose network namespace is not known. */
    public boolean selects(int tid, int pid, String comm) {
        return selects(tid, pid, comm, Selection.NO_INODE);
    }

    /**
     * Whether a task belongs to the workload while it bears this name.
     *
     * <ol>
     *   <li>idle (thread 0) never;
     *   <li>what is excluded never;
     *   <li>a recorder only if the workload names it by comm, process or thread, since a namespace or "all" takes it in by accident;
     *   <li>the rest if the workload names it, or names nothing.
     * </ol>
     *
     * @param tid thread, or -1
     * @param pid process, or -1
     * @param comm empty if not told
     * @param inode of its network namespace, or {@link Selection#NO_INODE}
     */
    public boolean selects(int tid, int pid, String comm, long inode) {
        if (tid == 0 || excluded.contains(tid, pid, comm, inode)) {
            return false;
        }
        if (RECORDERS.contains(comm)) {
            return workload.contains(tid, pid, comm, Selection.NO_INODE);
        }
        return workload.isEmpty() || workload.contains(tid, pid, comm, inode);
    }

    /** This with another workload. */
    public Sidecar withWorkload(Selection workload) {
        return new Sidecar(
                description,
                workload,
                excluded,
                stretch,
                clock,
                tscKhz,
                siblings,
                recorded,
                namespaces,
                tenants,
                memory);
    }

    /** This with another stretch. */
    public Sidecar withStretch(Stretch stretch) {
        return new Sidecar(
                description,
                workload,
                excluded,
                stretch,
                clock,
                tscKhz,
                siblings,
                recorded,
                namespaces,
                tenants,
                memory);
    }
}
