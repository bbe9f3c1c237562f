package tollgate.replay.pages;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tollgate.replay.Access;
import tollgate.replay.Region;

/**
 * Which pages are the tasks' stacks and task_structs. A stack is the 4-page group of vmalloc space that a task stores to most
 * in kernel mode; a task_struct is the page of the first load after a switch to the task (its thread.sp) with the pages
 * around it. Both are reused by later tasks, so whose a page is depends on who runs.
 */
final class TaskPages {
    /** Pages of a stack: 16 KiB, aligned. */
    private static final int STACK_SHIFT = 2;
    /** Pages of a task_struct (about 10 KiB) before and after that of thread.sp. */
    private static final int BEFORE = 2;

    private static final int AFTER = 1;

    private final Map<Integer, Long> stackGroup = new TreeMap<>();
    private final Map<Integer, Long> threadPage = new TreeMap<>();
    private final Set<Long> stacks;
    private final Set<Long> structs = new HashSet<>();

    TaskPages(RawStream stream) {
        find(stream);
        nameFirstTask();
        stacks = new HashSet<>(stackGroup.values());
        threadPage.values().forEach(page -> structs.addAll(List.of(page - 2, page - 1, page, page + 1)));
    }

    boolean isStack(long page) {
        return stacks.contains(page >> STACK_SHIFT);
    }

    boolean isTaskStruct(long page) {
        return structs.contains(page);
    }

    /** Place in the stack, or from the first page around thread.sp, when the page is this task's; -1 when another's. */
    int place(long page, int task) {
        if (isStack(page)) {
            return stackGroup.getOrDefault(task, 0L) == page >> STACK_SHIFT ? (int) (page & 3) : -1;
        }
        long distance = page - threadPage.getOrDefault(task, 0L);
        return distance >= -BEFORE && distance <= AFTER ? (int) distance + BEFORE : -1;
    }

    private void find(RawStream stream) {
        Map<Integer, Map<Long, Integer>> stores = new HashMap<>();
        int task = 0;
        boolean afterSwitch = false;
        boolean user = true;
        for (int i = 0; i < stream.size; i++) {
            int token = stream.tokens[i];
            if (token < 0) {
                int code = stream.code[~token];
                if (code == RawStream.TASK) {
                    task = (int) stream.argument[~token];
                    afterSwitch = true;
                }
                user = code == RawStream.TO_USER || user && code != RawStream.SYSCALL && code != RawStream.INTERRUPT;
                continue;
            }
            long page = stream.pages[token >>> 2];
            Region region = Region.ofPage(page);
            if (afterSwitch && (token & 3) == Access.LOAD) {
                afterSwitch = false;
                if (region == Region.DIRECT) { // the idle task's task_struct is static
                    threadPage.put(task, page);
                }
            }
            if (region == Region.VMALLOC && (token & 3) == Access.STORE && !user) {
                stores.computeIfAbsent(task, k -> new HashMap<>()).merge(page >> STACK_SHIFT, 1, Integer::sum);
            }
        }
        stores.forEach((owner, groups) -> groups.entrySet().stream()
                .max(Map.Entry.<Long, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .ifPresent(most -> stackGroup.put(owner, most.getKey())));
    }

    /** The task that runs first has number 0 until it is switched out and another after: the same stack tells. */
    private void nameFirstTask() {
        for (Map.Entry<Integer, Long> other : stackGroup.entrySet()) {
            Long page = threadPage.get(other.getKey());
            if (page != null && other.getValue().equals(stackGroup.get(0))) {
                threadPage.putIfAbsent(0, page);
            }
        }
    }
}
