package tollgate.replay.pages;

import java.util.Arrays;

/**
 * Which template each blocked task is in the middle of: a map from int to int, linear probing. A task keeps its place when its
 * call ends, so that only one that blocks for the first time may make the map grow.
 */
final class HeldCalls {
    private static final int NONE = -1;

    private int[] tasks = new int[64];
    private int[] templates = new int[64];
    private int used;

    HeldCalls() {
        Arrays.fill(tasks, NONE);
    }

    /** @param task not negative */
    void put(int task, int template) {
        if (used * 2 >= tasks.length) {
            grow();
        }
        int at = find(task);
        used += tasks[at] == NONE ? 1 : 0;
        tasks[at] = task;
        templates[at] = template;
    }

    /** The template, or -1. */
    int get(int task) {
        int at = find(task);
        return tasks[at] == task ? templates[at] : NONE;
    }

    int remove(int task) {
        int at = find(task);
        if (tasks[at] != task) {
            return NONE;
        }
        int template = templates[at];
        templates[at] = NONE;
        return template;
    }

    private int find(int task) {
        int mask = tasks.length - 1;
        int at = (int) Draw.mix(task) & mask;
        while (tasks[at] != NONE && tasks[at] != task) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        int[] oldTasks = tasks;
        int[] oldTemplates = templates;
        tasks = new int[oldTasks.length * 2];
        templates = new int[tasks.length];
        Arrays.fill(tasks, NONE);
        for (int i = 0; i < oldTasks.length; i++) {
            if (oldTasks[i] != NONE) {
                int at = find(oldTasks[i]);
                tasks[at] = oldTasks[i];
                templates[at] = oldTemplates[i];
            }
        }
    }
}
