package tollgate.replay.pages;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tollgate.replay.Cause;

/**
 * Writes footprints.bin.zst out of measured page-access streams: {@code FOOTPRINTS_DIR OUT}.
 *
 * <p>All streams are of one kernel (6.1, page-table isolation off), since fixed pages differ between kernels.
 */
public final class FootprintGenerator {
    private static final List<String> STREAMS = List.of(
            "mixed",
            "redis",
            "sqlite",
            "micro_disk",
            "micro_filemeta",
            "micro_forkexec",
            "micro_getpid",
            "micro_mem",
            "micro_pipe_pingpong",
            "micro_tcp");
    /** The first of them are programs that work in user mode too; the loops of the others touch next to nothing there. */
    private static final int APPLICATIONS = 3;

    private static final List<String> VM_STREAMS =
            List.of("vmexit_l2_pc_blk", "vmexit_l2_microvm_net", "vmexit_l2_microvm_sleep", "vmexit_tiny_mix");
    /** Exits of real guests that are enough to do without the hand-written one's. */
    private static final int ENOUGH = 8;

    /** Invocations kept of each program, event and variant. */
    private final int most;

    private final List<String> programs = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();

    private SwitchCutter switches;

    private FootprintGenerator(int most) {
        this.most = most;
    }

    public static void main(String[] arguments) throws Exception {
        byte[] bytes = new FootprintGenerator(arguments.length > 2 ? Integer.parseInt(arguments[2]) : 64)
                .generate(Path.of(arguments[0]));
        Path out = Path.of(arguments[1]);
        Files.write(out, bytes);
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        Files.writeString(out.resolveSibling(out.getFileName() + ".sha256"), sum + "\n");
    }

    byte[] generate(Path folder) throws IOException {
        Path traces = folder.resolve("traces");
        Vectors vectors = Vectors.read(traces.resolve("vectors_6.1.txt"));
        for (String name : STREAMS) {
            RawStream stream = RawStream.read(traces.resolve(name + ".pti_off.pgt.zst"));
            add(name, stream, new Cutter(stream, vectors).cut(), Map.of());
        }
        Vectors vmVectors = Vectors.read(traces.resolve("vectors_vmexit_6.1.txt"));
        ExitDetails details = new ExitDetails(folder.resolve("vmexit_invocations.csv.zst"));
        for (String name : VM_STREAMS) {
            RawStream stream = RawStream.read(traces.resolve(name + ".pgt.zst"));
            List<Invocation> invocations = new Cutter(stream, vmVectors).cut();
            details.mark(name.substring("vmexit_".length()), invocations);
            add(name, stream, invocations, pageClasses(traces.resolve(name + ".pages.csv.zst")));
        }
        System.err.printf("%d of %d exits with a detail are listed%n", details.exactCount, details.count);
        switches = new SwitchCutter(folder.resolve("static_page_profile.csv"));
        Roles roles = new Roles(sources);
        TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools = new TreeMap<>();
        for (int program = 0; program < sources.size(); program++) {
            select(program, roles, pools);
        }
        dropTiny(pools);
        new RowTemplates(folder.resolve("static_page_profile.csv"), roles, RowTemplates.popular(roles, pools))
                .fill(folder.resolve("invocations.pti_off.csv.zst"), programs, pools);
        Map<Integer, UserModel> models = new TreeMap<>();
        double pagesPerFault = UserModels.pagesPerFault(sources.get(STREAMS.indexOf("micro_forkexec")));
        for (int program = 0; program < APPLICATIONS; program++) {
            models.put(program, UserModels.fit(sources.get(program), pagesPerFault));
        }
        List<Roles.Row> pages = byFrequency(roles, pools);
        System.err.printf(
                "%d pages, %d roles, %d pools, %d templates, %d accesses%n",
                pages.size(),
                roles.count(),
                pools.size(),
                pools.values().stream()
                        .flatMap(p -> p.values().stream())
                        .mapToInt(List::size)
                        .sum(),
                pools.values().stream()
                        .flatMap(p -> p.values().stream())
                        .flatMap(List::stream)
                        .flatMap(t -> t.parts().stream())
                        .mapToInt(p -> p.length)
                        .sum());
        return FootprintWriter.write("6.1.0-56-amd64", programs, pages, pagesPerFault, models, pools);
    }

    private void add(String name, RawStream stream, List<Invocation> invocations, Map<Integer, String> classes) {
        Sockets sockets = new Sockets();
        for (Invocation invocation : invocations) {
            invocation.onSocket = sockets.isOn(invocation.task, invocation.number);
        }
        programs.add(name);
        sources.add(new Source(name, stream, invocations, classes));
    }

    private static Map<Integer, String> pageClasses(Path file) throws IOException {
        Map<Integer, String> classes = new HashMap<>();
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new ZstdInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            in.readLine();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                classes.put(Integer.valueOf(cells[0]), cells[2]);
            }
        }
        return classes;
    }

    /** Evenly spaced invocations of each event and variant, shortest first. */
    private void select(
            int program, Roles roles, TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools) {
        Source source = sources.get(program);
        List<Invocation> invocations = new ArrayList<>(source.invocations);
        invocations.addAll(switches.switches(source));
        TreeMap<Long, List<Invocation>> byKey = new TreeMap<>();
        for (Invocation invocation : invocations) {
            if (invocation.cause != Cutter.USER && isOf(source, invocation)) {
                byKey.computeIfAbsent(key(invocation), k -> new ArrayList<>()).add(invocation);
            }
        }
        byKey.forEach((key, all) -> {
            List<Invocation> kept = new ArrayList<>();
            int n = Math.min(most, all.size());
            for (int i = 0; i < n; i++) {
                kept.add(all.get((int) ((2L * i + 1) * all.size() / (2L * n))));
            }
            kept.sort(Comparator.comparingLong(Invocation::length));
            pools.computeIfAbsent(key, k -> new TreeMap<>())
                    .put(
                            program,
                            kept.stream().map(i -> template(source, roles, i)).toList());
        });
    }

    /** A hand-written guest without an operating system lends an exit only where real guests hardly have it. */
    private void dropTiny(TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools) {
        int tiny = programs.indexOf("vmexit_tiny_mix");
        for (TreeMap<Integer, List<FootprintWriter.Template>> rows : pools.values()) {
            int others = rows.entrySet().stream()
                    .filter(row -> row.getKey() != tiny)
                    .mapToInt(row -> row.getValue().size())
                    .sum();
            if (others >= ENOUGH) {
                rows.remove(tiny);
            }
        }
    }

    /** The hosts of guests lend their exits only: their switches and interrupts touch the guest's structures. */
    private static boolean isOf(Source source, Invocation invocation) {
        boolean isVm = EventFamily.ofCause(invocation.cause) == EventFamily.VM;
        return VM_STREAMS.contains(source.program) == isVm;
    }

    private static long key(Invocation invocation) {
        int cause = invocation.cause;
        int switched = invocation.switched ? FootprintFormat.SWITCHED : 0;
        return switch (Cause.family(cause)) {
            case SYSCALL ->
                FootprintFormat.key(
                        Cause.of(Cause.Family.SYSCALL, invocation.number),
                        switched | (invocation.onSocket ? FootprintFormat.SOCKET : 0));
            case INTERRUPT -> FootprintFormat.key(cause, switched | (invocation.fromUser ? 0 : FootprintFormat.NESTED));
            case VM_EXIT -> FootprintFormat.key(cause, outcome(invocation) | invocation.detail << 2);
            default -> FootprintFormat.key(cause, switched);
        };
    }

    private static int outcome(Invocation exit) {
        if (exit.toUser) {
            return PageStream.USERSPACE;
        }
        return exit.switched ? PageStream.SCHEDULED : exit.interrupted ? PageStream.INTERRUPTED : PageStream.IN_KERNEL;
    }

    private static FootprintWriter.Template template(Source source, Roles roles, Invocation invocation) {
        List<int[]> parts = new ArrayList<>();
        int from = 0;
        for (int p = 0; p < invocation.partCount; p++) {
            int[] part = new int[invocation.parts[p] - from];
            for (int i = 0; i < part.length; i++) {
                int token = invocation.accesses[from + i];
                part[i] = roles.rowOf(source, token >>> 2, invocation.task, invocation.mm) << 2 | token & 3;
            }
            from = invocation.parts[p];
            parts.add(part);
        }
        return new FootprintWriter.Template(invocation.length(), parts);
    }

    /** Pages in the order of their use, so that common ones have short numbers; renumbers the templates. */
    private static List<Roles.Row> byFrequency(
            Roles roles, TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools) {
        int[] uses = new int[roles.rows.size()];
        forEachPart(pools, part -> {
            for (int access : part) {
                uses[access >>> 2]++;
            }
        });
        List<Map.Entry<Roles.Row, Integer>> order = new ArrayList<>(roles.rows.entrySet());
        order.sort(Comparator.comparingInt(row -> -uses[row.getValue()]));
        int[] renumbered = new int[uses.length];
        List<Roles.Row> pages = new ArrayList<>();
        for (Map.Entry<Roles.Row, Integer> row : order) {
            renumbered[row.getValue()] = pages.size();
            pages.add(row.getKey());
        }
        forEachPart(pools, part -> {
            for (int i = 0; i < part.length; i++) {
                part[i] = renumbered[part[i] >>> 2] << 2 | part[i] & 3;
            }
        });
        return pages;
    }

    private static void forEachPart(
            TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools,
            java.util.function.Consumer<int[]> action) {
        pools.values().stream()
                .flatMap(rows -> rows.values().stream())
                .flatMap(List::stream)
                .flatMap(template -> template.parts().stream())
                .forEach(action);
    }
}
