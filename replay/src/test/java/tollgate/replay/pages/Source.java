package tollgate.replay.pages;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tollgate.replay.Region;

/**
 * One stream with what its pages are: class, owner and features, from which {@link Roles} decides which
 * pages of different processes and programs are the same thing.
 *
 * <p>The rule. A page of the direct map or of vmalloc space is
 * <ol>
 *   <li>a task's stack or task_struct ({@link TaskPages}): the running task's own or a peer's;
 *   <li>fresh, when at most {@value #FRESH_USES} invocations touch it;
 *   <li>private to a process, when no address space comes back to it after another has touched it: a page that one process alone
 *       uses, or one after the other (freed and allocated again). Interrupts, calls that make or end processes, and the
 *       accesses next to a context switch do not count, since they touch other processes' objects by their nature;
 *   <li>shared otherwise.
 * </ol>
 */
final class Source {
    static final int FRESH_USES = 2;
    /** Share of a page's uses that may be returns all the same: a wakeup or a signal now and then. */
    static final double RETURNS = 0.02;
    /** Accesses before and after a switch that do not vote: both sides touch the other's objects there. */
    static final int SWITCH_WINDOW = 200;

    enum Ownership {
        SHARED,
        PRIVATE,
        FRESH
    }

    /** clone, fork, vfork, execve, exit, wait4, kill, exit_group, clone3 */
    private static final Set<Integer> MAKES_PROCESSES = Set.of(56, 57, 58, 59, 60, 61, 62, 231, 435);

    final String program;
    final RawStream stream;
    final List<Invocation> invocations;
    final PageClass[] classes;
    /** Page number to write, which differs from the stream's for the per-CPU chunk of another machine. */
    final long[] number;

    final Ownership[] ownership;
    /** Invocations that touch a page. */
    final int[] uses;

    final int[] family;
    /** Invocations that touch a private page, by address space. */
    final Map<Integer, Map<Integer, Integer>> voters = new HashMap<>();

    private final int[] returns;
    final TaskPages tasks;

    final Map<Integer, Map<Integer, Integer>> features = new HashMap<>();
    /** Popularity rank of a user page in its address space: key space << 32 | page id. */
    final Map<Long, Integer> userRank = new HashMap<>();
    /** Stretches that touched the page of a rank, summed over address spaces. */
    final long[] rankWeight = new long[4096];

    Source(String program, RawStream stream, List<Invocation> invocations, Map<Integer, String> given) {
        this.program = program;
        this.stream = stream;
        this.invocations = invocations;
        int n = stream.pageCount;
        classes = new PageClass[n];
        number = new long[n];
        ownership = new Ownership[n];
        uses = new int[n];
        family = new int[n];
        returns = new int[n];
        for (int id = 1; id < n; id++) {
            number[id] = stream.pages[id];
            classes[id] = Pages.classOf(stream.pages[id]);
            String name = given.get(id);
            if (name != null) {
                VmClasses.apply(this, id, name);
            }
        }
        tasks = new TaskPages(stream);
        for (int id = 1; id < n; id++) {
            if (VmClasses.isOfVm(classes[id])) {
                continue;
            }
            if (tasks.isStack(stream.pages[id])) {
                classes[id] = PageClass.STACK;
            } else if (tasks.isTaskStruct(stream.pages[id])) {
                classes[id] = PageClass.TASK_STRUCT;
            } else if (classes[id] == PageClass.STACK) {
                classes[id] = Pages.classOf(stream.pages[id]);
            }
        }
        votes();
        collectFeatures();
        rankUserPages();
    }

    /** A stack or task_struct; mm_struct and PGD of the current task, which the lists name with them, belong to the process. */
    boolean isOfTasks(int page) {
        return classes[page] == PageClass.STACK || tasks.isTaskStruct(stream.pages[page]);
    }

    boolean isDynamic(int page) {
        Region region = Region.ofPage(stream.pages[page]);
        return region == Region.DIRECT && classes[page] != PageClass.PERCPU
                || region == Region.VMALLOC
                || VmClasses.isOfVm(classes[page]);
    }

    private void votes() {
        Map<Integer, int[]> byFamily = new HashMap<>();
        int[] stamp = new int[stream.pageCount];
        int[] voted = new int[stream.pageCount];
        int[] last = new int[stream.pageCount];
        java.util.Arrays.fill(last, -1);
        int serial = 0;
        for (Invocation invocation : invocations) {
            if (invocation.cause == Cutter.USER) {
                continue;
            }
            serial++;
            EventFamily kind = EventFamily.ofCause(invocation.cause);
            boolean votes = kind != EventFamily.INTERRUPT && !MAKES_PROCESSES.contains(invocation.number);
            int part = 0;
            for (int i = 0; i < invocation.size; i++) {
                if (i == invocation.parts[part] && part + 1 < invocation.partCount) {
                    part++;
                }
                int page = invocation.accesses[i] >>> 2;
                if (stamp[page] != serial) {
                    stamp[page] = serial;
                    uses[page]++;
                    byFamily.computeIfAbsent(page, k -> new int[EventFamily.values().length])[kind.ordinal()]++;
                }
                boolean nearSwitch = part > 0 && i - invocation.parts[part - 1] < SWITCH_WINDOW
                        || part + 1 < invocation.partCount && invocation.parts[part] - i < SWITCH_WINDOW;
                if (votes && !nearSwitch && voted[page] != serial && isDynamic(page)) {
                    voted[page] = serial;
                    Map<Integer, Integer> by = voters.computeIfAbsent(page, k -> new TreeMap<>());
                    if (last[page] != invocation.mm && by.containsKey(invocation.mm)) {
                        returns[page]++;
                    }
                    last[page] = invocation.mm;
                    by.merge(invocation.mm, 1, Integer::sum);
                }
            }
        }
        for (int id = 1; id < stream.pageCount; id++) {
            int[] families = byFamily.getOrDefault(id, new int[1]);
            for (int f = 0; f < families.length; f++) {
                family[id] = families[f] > families[family[id]] ? f : family[id];
            }
            if (isDynamic(id)) {
                boolean alone = voters.containsKey(id) && returns[id] <= RETURNS * uses[id];
                ownership[id] = uses[id] <= FRESH_USES ? Ownership.FRESH : alone ? Ownership.PRIVATE : Ownership.SHARED;
            }
        }
    }

    /** How often a page is fetched, loaded or stored by code on a page reached from another page. */
    private void collectFeatures() {
        boolean kernel = false;
        int fetch = 0;
        int before = 0;
        for (int i = 0; i < stream.size; i++) {
            int token = stream.tokens[i];
            if (token < 0) {
                int code = stream.code[~token];
                kernel = code != RawStream.TO_USER
                        && (kernel
                                || code == RawStream.SYSCALL
                                || code == RawStream.INTERRUPT
                                || code == RawStream.EXIT);
                continue;
            }
            int page = token >>> 2;
            if ((token & 3) == 0) {
                before = fetch;
                fetch = (int) number[page];
            } else if (kernel && isDynamic(page)) {
                int feature = (fetch * 31 + before) * 31 + (token & 3);
                features.computeIfAbsent(page, k -> new HashMap<>()).merge(feature, 1, Integer::sum);
            }
        }
    }

    private void rankUserPages() {
        Map<Integer, Map<Integer, Integer>> stretches = new HashMap<>();
        Set<Integer> seen = new HashSet<>();
        for (Invocation invocation : invocations) {
            boolean user = invocation.cause == Cutter.USER;
            seen.clear();
            for (int i = 0; i < invocation.size; i++) {
                int page = invocation.accesses[i] >>> 2;
                if (stream.pages[page] >= 0 && seen.add(page)) {
                    stretches
                            .computeIfAbsent(invocation.mm, k -> new HashMap<>())
                            .merge(page, user ? 1000 : 1, Integer::sum);
                }
            }
        }
        stretches.forEach((space, pages) -> {
            List<Integer> order = pages.keySet().stream()
                    .sorted((a, b) -> pages.get(a).equals(pages.get(b)) ? a - b : pages.get(b) - pages.get(a))
                    .toList();
            for (int rank = 0; rank < order.size(); rank++) {
                userRank.put((long) space << 32 | order.get(rank), rank);
                rankWeight[Math.min(rank, rankWeight.length - 1)] += pages.get(order.get(rank)) / 1000;
            }
        });
    }
}
