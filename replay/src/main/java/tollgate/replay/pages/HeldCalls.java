package tollgate.replay.pages;

import java.util.Arrays;

/** Which template each blocked task is in the middle of: a map from int to int, linear probing. */
final class HeldCalls {
    private static final int FREE = -1;
    private static final int REMOVED = -2;

    private int[] tasks = new int[64];
    private int[] templates = new int[64];
    private int used;

    HeldCalls() {
        Arrays.fill(tasks, FREE);
    }

    /** @param task not negative */
    void put(int task, int template) {
        if (used * 2 >= tasks.length) {
            rehash();
        }
        int at = find(task);
        if (tasks[at] != task) {
            used++;
        }
        tasks[at] = task;
        templates[at] = template;
    }

    /** The template, or -1. */
    int get(int task) {
        int at = find(task);
        return tasks[at] == task ? templates[at] : -1;
    }

    int remove(int task) {
        int at = find(task);
        if (tasks[at] != task) {
            return -1;
        }
        tasks[at] = REMOVED;
        return templates[at];
    }

    private int find(int task) {
        int mask = tasks.length - 1;
        int at = (int) Draw.mix(task) & mask;
        while (tasks[at] != FREE && tasks[at] != task) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void rehash() {
        int[] oldTasks = tasks;
        int[] oldTemplates = templates;
        int live = 0;
        for (int task : oldTasks) {
            live += task >= 0 ? 1 : 0;
        }
        tasks = new int[Integer.highestOneBit(Math.max(16, live)) * 4];
        templates = new int[tasks.length];
        Arrays.fill(tasks, FREE);
        used = 0;
        for (int i = 0; i < oldTasks.length; i++) {
            if (oldTasks[i] >= 0) {
                int at = find(oldTasks[i]);
                tasks[at] = oldTasks[i];
                templates[at] = oldTemplates[i];
                used++;
            }
        }
    }
}
