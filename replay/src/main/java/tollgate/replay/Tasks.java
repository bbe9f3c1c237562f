package tollgate.replay;

import java.util.Arrays;

/**
 * The threads alive, by thread id: an open-addressed table, so that looking one up costs no allocation.
 * Numbers of ended tasks are used again; what grows with the trace is nothing.
 *
 * <p>The idle tasks all have thread id 0 and are told apart by their CPU: tid -1 - cpu here.
 */
final class Tasks {
    private Task[] slots = new Task[256];
    private int size;
    private int[] free = new int[16];
    private int freed;
    private int indexes;

    /** @return the task, or null if it is not known */
    Task find(int tid) {
        int mask = slots.length - 1;
        int i = hash(tid) & mask;
        for (Task task = slots[i]; task != null; task = slots[i = (i + 1) & mask]) {
            if (task.tid == tid) {
                return task;
            }
        }
        return null;
    }

    /** Adds a task that is not known. */
    Task add(int tid, int pid, int mm) {
        if (size * 2 >= slots.length) {
            grow();
        }
        int index = freed > 0 ? free[--freed] : indexes++;
        Task task = new Task(index, tid, pid, mm);
        place(task);
        size++;
        return task;
    }

    void remove(Task gone) {
        int mask = slots.length - 1;
        int i = hash(gone.tid) & mask;
        while (slots[i] != gone) {
            i = (i + 1) & mask;
        }
        slots[i] = null;
        size--;
        for (i = (i + 1) & mask; slots[i] != null; i = (i + 1) & mask) {
            Task moved = slots[i];
            slots[i] = null;
            place(moved);
        }
        if (freed == free.length) {
            free = Arrays.copyOf(free, freed * 2);
        }
        free[freed++] = gone.index;
    }

    int size() {
        return size;
    }

    private void place(Task task) {
        int mask = slots.length - 1;
        int i = hash(task.tid) & mask;
        while (slots[i] != null) {
            i = (i + 1) & mask;
        }
        slots[i] = task;
    }

    private void grow() {
        Task[] old = slots;
        slots = new Task[old.length * 2];
        for (Task task : old) {
            if (task != null) {
                place(task);
            }
        }
    }

    private static int hash(int tid) {
        return tid * 0x9E3779B9 >>> 8;
    }
}
