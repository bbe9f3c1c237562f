package tollgate.replay.pages;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tollgate.ingest.Syscalls;
import tollgate.replay.Access;
import tollgate.replay.Cause;
import tollgate.replay.Region;

/**
 * Builds invocations of system calls that no stream holds from rows of single invocations: a row says how many pages of each
 * class the call touched, the profile says which fixed pages the call touches how often.
 *
 * <p>Fixed pages of a class: as many as the row says, those that are always touched first, the rest drawn by their fraction.
 * Dynamic pages: the roles that system calls of the same family use most, as many as the row says. Order, which neither
 * says: entry text and the first per-CPU pages, then each code page followed by its share of the data pages, with stack
 * and task_struct touched again every few code pages, then cpu_entry_area. A call that switched keeps
 * {@value #FIRST_PART} of it before the switch.
 */
final class RowTemplates {
    private static final double FIRST_PART = 0.6;

    private static final int EXIT = 60;
    /** Code pages between two touches of stack, task_struct and per-CPU area. */
    private static final int HOT_EVERY = 3;
    /** Rows kept of each context, event and variant. */
    private static final int MOST = 16;

    private static final Map<String, PageClass> FIXED = new TreeMap<>(Map.of(
            "text", PageClass.TEXT,
            "rodata", PageClass.RODATA,
            "data_bss", PageClass.DATA_BSS,
            "module", PageClass.MODULE,
            "percpu", PageClass.PERCPU,
            "other_kernel", PageClass.FIXMAP));

    /** A fixed page as the profile lists it. */
    private record Listed(long page, double touched, double written) {}

    private final Roles roles;
    private final Map<String, Map<String, List<Listed>>> profile = new HashMap<>();
    /** Dynamic rows by class name of the list and family, most used first. */
    private final Map<String, Map<EventFamily, List<Integer>>> popular;

    RowTemplates(Path profileFile, Roles roles, Map<String, Map<EventFamily, List<Integer>>> popular)
            throws IOException {
        this.roles = roles;
        this.popular = popular;
        for (String line : Files.readAllLines(profileFile)) {
            String[] cells = line.split(",");
            if (cells[0].startsWith("6.1.") && cells[1].equals("off")) {
                profile.computeIfAbsent(cells[2], k -> new HashMap<>())
                        .computeIfAbsent(cells[4], k -> new ArrayList<>())
                        .add(new Listed(
                                Long.parseLong(cells[5], 16) | -1L << 48,
                                Double.parseDouble(cells[6]),
                                Double.parseDouble(cells[7])));
            }
        }
    }

    /** Adds what the pools lack; returns the names of the contexts that it came from by program index. */
    void fill(
            Path rowsFile, List<String> programs, TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools)
            throws IOException {
        Set<Long> present = Set.copyOf(pools.keySet());
        Map<Long, Map<String, List<Map<String, Long>>>> missing = new TreeMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new ZstdInputStream(Files.newInputStream(rowsFile)), StandardCharsets.US_ASCII))) {
            String[] names = in.readLine().split(",");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split(",");
                int nr = Syscalls.number(cells[2]);
                long key = FootprintFormat.key(Cause.of(Cause.Family.SYSCALL, nr), Integer.parseInt(cells[4]));
                if (cells[0].startsWith("6.1.") && nr >= 0 && !present.contains(key)) {
                    Map<String, Long> row = new HashMap<>();
                    for (int i = 3; i < cells.length; i++) {
                        row.put(names[i], Long.parseLong(cells[i]));
                    }
                    missing.computeIfAbsent(key, k -> new TreeMap<>())
                            .computeIfAbsent(cells[1], k -> new ArrayList<>())
                            .add(row);
                }
            }
        }
        missing.forEach((key, byContext) -> byContext.forEach((context, rows) -> {
            String program = program(context);
            if (!programs.contains(program)) {
                programs.add(program);
            }
            List<FootprintWriter.Template> templates = new ArrayList<>();
            int n = Math.min(MOST, rows.size());
            for (int i = 0; i < n; i++) {
                int at = (int) ((2L * i + 1) * rows.size() / (2L * n));
                templates.add(template(Cause.number(FootprintFormat.cause(key)), rows.get(at), at));
            }
            templates.sort(Comparator.comparingLong(FootprintWriter.Template::instructions));
            pools.computeIfAbsent(key, k -> new TreeMap<>()).put(programs.indexOf(program), templates);
        }));
    }

    /** A program that also has a stream keeps its name, so that leaving it out leaves out its rows. */
    private static String program(String context) {
        return Set.of("mixed", "redis", "sqlite").contains(context) ? context : "micro_" + context;
    }

    private FootprintWriter.Template template(int nr, Map<String, Long> row, int salt) {
        String event = Syscalls.name(nr);
        EventFamily family = EventFamily.ofCause(Cause.of(Cause.Family.SYSCALL, nr));
        List<Integer> code = new ArrayList<>();
        List<Integer> data = new ArrayList<>();
        FIXED.forEach((name, pageClass) -> {
            for (Listed page : chosen(event, name, row.get(name), salt)) {
                int id = roles.fixedRow(pageClass, page.page());
                boolean isCode = pageClass == PageClass.TEXT || pageClass == PageClass.MODULE && page.written() == 0;
                int type = isCode ? Access.FETCH : page.written() > 0.5 ? Access.STORE : Access.LOAD;
                (isCode ? code : data).add(id << 2 | type);
            }
        });
        for (String name : List.of("directmap", "vmalloc", "vmemmap", "user")) {
            List<Integer> known =
                    popular.get(name).getOrDefault(family, popular.get(name).get(EventFamily.FILE));
            for (int i = 0; i < Math.min(row.get(name), known.size()); i++) {
                data.add(known.get(i) << 2 | (i % 3 == 2 ? Access.STORE : Access.LOAD));
            }
        }
        code.sort(Comparator.comparingLong(access -> Draw.mix(salt, access)));
        data.sort(Comparator.comparingLong(access -> Draw.mix(salt + 1L, access)));
        int[] all = ordered(code, data, (int) (long) row.get("stack"));
        List<int[]> parts = new ArrayList<>();
        if (row.get("blocked") > 0) {
            int at = nr == EXIT ? all.length : (int) (all.length * FIRST_PART); // exit does not come back
            parts.add(java.util.Arrays.copyOf(all, at));
            parts.add(java.util.Arrays.copyOfRange(all, at, all.length));
        } else {
            parts.add(all);
        }
        long length = row.get("blocked") > 0 ? (long) (row.get("insns") * FIRST_PART) : row.get("insns");
        return new FootprintWriter.Template(length, parts);
    }

    private List<Listed> chosen(String event, String name, long count, int salt) {
        List<Listed> listed =
                new ArrayList<>(profile.getOrDefault(event, Map.of()).getOrDefault(name, List.of()));
        // Weighted draw without replacement: the highest u^(1/w) first (Efraimidis and Spirakis 2006).
        listed.sort(Comparator.comparingDouble(page ->
                page.touched() >= 1 ? -2 : -Math.pow(Draw.unit(Draw.mix(salt, page.page())), 1 / page.touched())));
        return listed.subList(0, (int) Math.min(count, listed.size()));
    }

    private int[] ordered(List<Integer> code, List<Integer> data, int stackPages) {
        List<Integer> order = new ArrayList<>();
        long entryText = 0xffff_ffff_fff8_1c00L;
        order.add(roles.fixedRow(PageClass.ENTRY_TEXT, entryText) << 2);
        int[] hot = new int[Math.max(1, stackPages) + 2];
        for (int i = 0; i < hot.length - 2; i++) {
            hot[i] = roles.taskRow(PageClass.STACK, Roles.STACKS + 3 - i) << 2 | Access.STORE;
        }
        hot[hot.length - 2] = roles.taskRow(PageClass.TASK_STRUCT, Roles.TASKS + 2) << 2 | Access.LOAD;
        hot[hot.length - 1] = roles.taskRow(PageClass.TASK_STRUCT, Roles.TASKS + 1) << 2 | Access.LOAD;
        for (int access : hot) {
            order.add(access);
        }
        int given = 0;
        for (int i = 0; i < code.size(); i++) {
            order.add(code.get(i));
            for (int until = (i + 1) * data.size() / code.size(); given < until; given++) {
                order.add(data.get(given));
            }
            if (i % HOT_EVERY == 0) {
                order.add(hot[i / HOT_EVERY % hot.length]);
            }
        }
        order.add(roles.fixedRow(PageClass.CPU_ENTRY_AREA, 0xffff_ffff_e000_0001L) << 2 | Access.LOAD);
        order.add(roles.fixedRow(PageClass.CPU_ENTRY_AREA, 0xffff_ffff_e000_0002L) << 2 | Access.STORE);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Dynamic pages of the streams' system calls by class and family, most used first. */
    static Map<String, Map<EventFamily, List<Integer>>> popular(
            Roles roles, TreeMap<Long, TreeMap<Integer, List<FootprintWriter.Template>>> pools) {
        Map<String, Map<EventFamily, Map<Integer, Integer>>> uses = new HashMap<>();
        List<Roles.Row> rows = new ArrayList<>(roles.rows.keySet());
        pools.forEach((key, byProgram) -> {
            EventFamily family = EventFamily.ofCause(FootprintFormat.cause(key));
            byProgram
                    .values()
                    .forEach(templates -> templates.forEach(template -> template.parts()
                            .forEach(part -> java.util.Arrays.stream(part)
                                    .map(access -> access >>> 2)
                                    .distinct()
                                    .forEach(id -> {
                                        String name = nameOf(rows.get(id));
                                        if (name != null) {
                                            uses.computeIfAbsent(name, k -> new HashMap<>())
                                                    .computeIfAbsent(family, k -> new TreeMap<>())
                                                    .merge(id, 1, Integer::sum);
                                        }
                                    }))));
        });
        Map<String, Map<EventFamily, List<Integer>>> popular = new HashMap<>();
        uses.forEach((name, byFamily) ->
                byFamily.forEach((family, counts) -> popular.computeIfAbsent(name, k -> new HashMap<>())
                        .put(
                                family,
                                counts.keySet().stream()
                                        .sorted(Comparator.comparingInt((Integer id) -> -counts.get(id))
                                                .thenComparingInt(id -> id))
                                        .toList())));
        return popular;
    }

    private static String nameOf(Roles.Row row) {
        boolean own = row.kind() == FootprintFormat.OF_PROCESS || row.kind() == FootprintFormat.FIXED;
        if (row.kind() == FootprintFormat.USER_RANK) {
            return "user";
        }
        if (!own || row.pageClass() == PageClass.PERCPU) {
            return null;
        }
        return switch (Region.ofPage(row.number())) {
            case DIRECT -> "directmap";
            case VMALLOC -> "vmalloc";
            case VMEMMAP -> "vmemmap";
            default -> null;
        };
    }
}
