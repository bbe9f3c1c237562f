package tollgate.replay.pages;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which dynamic pages of different processes and programs play the same role. A slab page of one process
 * and one of another have different numbers, but the same code touches them: two pages are taken for
 * the same role when the cosine of their features (code page, page it was reached from, load or store;
 * square roots of counts) is at least {@value #ALIKE} and neither has a better partner among the pages of the
 * same owner. Without this a drawn process would touch one page per measured process for each of its objects.
 */
final class Roles {
    static final double ALIKE = 0.5;

    /** One row of the page table to be written. */
    record Row(int kind, PageClass pageClass, int family, long number) {}

    private static final class Role {
        final PageClass pageClass;
        final int family;
        final long number;
        final boolean shared;
        final Map<Integer, Double> features = new HashMap<>();
        double norm;
        int kind;

        Role(PageClass pageClass, int family, long number, boolean shared, int kind) {
            this.pageClass = pageClass;
            this.family = family;
            this.number = number;
            this.shared = shared;
            this.kind = kind;
        }
    }

    private final List<Role> roles = new ArrayList<>();
    private final Map<Integer, List<Integer>> byFeature = new HashMap<>();
    private final Map<Source, int[]> roleOf = new HashMap<>();
    private final Map<Long, PageClass> staticClasses = new HashMap<>();
    final Map<Row, Integer> rows = new LinkedHashMap<>();

    Roles(List<Source> sources) {
        for (Source source : sources) {
            int[] roleOfPage = new int[source.stream.pageCount];
            java.util.Arrays.fill(roleOfPage, -1);
            roleOf.put(source, roleOfPage);
            assign(source, sharedPages(source), new HashSet<>(), true);
        }
        for (Source source : sources) {
            Map<Integer, List<Integer>> groups = new TreeMap<>();
            for (int id = 1; id < source.stream.pageCount; id++) {
                if (isCandidate(source, id) && source.ownership[id] == Source.Ownership.PRIVATE) {
                    for (int space : source.voters.get(id).keySet()) {
                        groups.computeIfAbsent(space, k -> new ArrayList<>()).add(id);
                    }
                }
            }
            Set<Integer> takenByShared = new HashSet<>();
            for (int role : roleOf.get(source)) {
                takenByShared.add(role);
            }
            for (List<Integer> group : groups.values()) {
                assign(source, group, new HashSet<>(takenByShared), false);
            }
        }
    }

    int count() {
        return roles.size();
    }

    private static boolean isCandidate(Source source, int id) {
        return source.isDynamic(id) && !source.isOfTasks(id) && source.uses[id] > 0;
    }

    private static List<Integer> sharedPages(Source source) {
        List<Integer> pages = new ArrayList<>();
        for (int id = 1; id < source.stream.pageCount; id++) {
            if (isCandidate(source, id) && source.ownership[id] == Source.Ownership.SHARED) {
                pages.add(id);
            }
        }
        return pages;
    }

    private void assign(Source source, List<Integer> pages, Set<Integer> taken, boolean shared) {
        int[] roleOfPage = roleOf.get(source);
        List<Integer> order = new ArrayList<>(pages);
        // A page that was freed and allocated again keeps the role it had.
        order.removeIf(page -> roleOfPage[page] >= 0 && taken.add(roleOfPage[page]));
        order.removeIf(page -> roleOfPage[page] >= 0);
        order.sort((a, b) -> source.uses[a] != source.uses[b] ? source.uses[b] - source.uses[a] : a - b);
        for (int page : order) {
            Map<Integer, Integer> features = source.features.getOrDefault(page, Map.of());
            double norm = 0;
            Map<Integer, Double> dot = new TreeMap<>();
            for (Map.Entry<Integer, Integer> feature : features.entrySet()) {
                norm += feature.getValue();
                for (int role : byFeature.getOrDefault(feature.getKey(), List.of())) {
                    dot.merge(
                            role,
                            Math.sqrt(feature.getValue())
                                    * roles.get(role).features.get(feature.getKey()),
                            Double::sum);
                }
            }
            norm = Math.sqrt(norm);
            int best = -1;
            double bestCosine = ALIKE;
            for (Map.Entry<Integer, Double> candidate : dot.entrySet()) {
                Role role = roles.get(candidate.getKey());
                double cosine = candidate.getValue() / (norm * role.norm);
                if (cosine > bestCosine
                        && role.pageClass == source.classes[page]
                        && !taken.contains(candidate.getKey())) {
                    best = candidate.getKey();
                    bestCosine = cosine;
                }
            }
            if (best < 0) {
                best = roles.size();
                int kind = shared ? FootprintFormat.FIXED : FootprintFormat.OF_PROCESS;
                if (VmClasses.isOfVm(source.classes[page])) {
                    kind = FootprintFormat.OF_VM;
                }
                Role role = new Role(
                        source.classes[page], source.family[page], freeNumber(source.number[page]), shared, kind);
                role.norm = norm;
                roles.add(role);
                for (Map.Entry<Integer, Integer> feature : features.entrySet()) {
                    role.features.put(feature.getKey(), Math.sqrt(feature.getValue()));
                    byFeature
                            .computeIfAbsent(feature.getKey(), k -> new ArrayList<>())
                            .add(best);
                }
            }
            taken.add(best);
            roleOfPage[page] = best;
        }
    }

    private final Set<Long> numbers = new HashSet<>();

    /** Two programs may have different things at one number: the second moves within its 2 MiB region. */
    private long freeNumber(long number) {
        for (int i = 0; i < 512; i++) {
            long moved = number & ~511L | number + i & 511L;
            if (numbers.add(moved)) {
                return moved;
            }
        }
        return number;
    }

    /** The row of a page as an invocation of this task and space sees it. */
    int rowOf(Source source, int page, int task, int mm) {
        return rows.computeIfAbsent(row(source, page, task, mm), k -> rows.size());
    }

    int fixedRow(PageClass pageClass, long number) {
        PageClass known = staticClasses.computeIfAbsent(number, k -> pageClass);
        return rows.computeIfAbsent(new Row(FootprintFormat.FIXED, known, 0, number), k -> rows.size());
    }

    int taskRow(PageClass pageClass, long number) {
        return rows.computeIfAbsent(new Row(FootprintFormat.OF_TASK, pageClass, 0, number), k -> rows.size());
    }

    private Row row(Source source, int page, int task, int mm) {
        PageClass pageClass = source.classes[page];
        int family = source.family[page];
        if (source.isOfTasks(page)) {
            // One task_struct or stack is like another: numbered by the page's place in it.
            int place = source.tasks.place(source.stream.pages[page], task);
            boolean own = place >= 0;
            if (!own) {
                place = pageClass == PageClass.STACK ? (int) (source.stream.pages[page] & 3) : 0;
            }
            long number = (pageClass == PageClass.STACK ? STACKS : TASKS) + place;
            return new Row(own ? FootprintFormat.OF_TASK : FootprintFormat.OF_PEER, pageClass, 0, number);
        }
        if (pageClass == PageClass.USER) {
            int rank = source.userRank.get((long) mm << 32 | page);
            return new Row(FootprintFormat.USER_RANK, pageClass, 0, rank);
        }
        if (!source.isDynamic(page)) {
            // A page of kvm.ko may be listed as text in one guest and as data in another: the first holds.
            PageClass known = staticClasses.computeIfAbsent(source.number[page], k -> pageClass);
            return new Row(FootprintFormat.FIXED, known, 0, source.number[page]);
        }
        int at = roleOf.get(source)[page];
        if (at < 0) {
            return new Row(FootprintFormat.FRESH, pageClass, family, source.number[page]);
        }
        Role role = roles.get(at);
        int kind = role.kind;
        if (kind == FootprintFormat.OF_PROCESS
                && !source.voters.getOrDefault(page, Map.of()).containsKey(mm)) {
            kind = FootprintFormat.OF_PEER;
        }
        return new Row(kind, role.pageClass, role.family, role.number);
    }

    /** Where stacks and task_structs stand in the page table; only their distance matters. */
    static final long STACKS = 0xffff_fffc_9000_0000L;

    static final long TASKS = 0xffff_fff8_8800_4a00L;
}
