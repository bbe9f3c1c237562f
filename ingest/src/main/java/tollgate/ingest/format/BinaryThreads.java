package tollgate.ingest.format;

import java.util.Arrays;

/**
 * What a recording has told so far about each thread: its process and its name, as the recorder's own report
 * would know them at this point.
 *
 * <p>Numbers of threads are below 2^22 (PID_MAX_LIMIT, include/linux/threads.h), so a table of pages that are
 * made when first touched holds them all in at most 32 MiB; what lies outside is no thread and is not kept.
 */
final class BinaryThreads {
    private static final int LIMIT = 1 << 22;
    private static final int PAGE_SHIFT = 10;
    private static final int PAGE = 1 << PAGE_SHIFT;
    private static final int UNSEEN = -2;

    private final int[][] processes = new int[LIMIT >> PAGE_SHIFT][];
    private final int[][] comms = new int[LIMIT >> PAGE_SHIFT][];

    /** The process of a thread, or -1. */
    int process(int tid) {
        return Math.max(look(processes, tid), -1);
    }

    /** The name of a thread, or -1. */
    int comm(int tid) {
        return Math.max(look(comms, tid), -1);
    }

    /** A thread shows up in some record. Its process is kept if it was not known. */
    void see(int pid, int tid) {
        if (look(processes, tid) < 0) {
            put(processes, tid, pid);
        }
    }

    void name(int pid, int tid, int comm) {
        see(pid, tid);
        put(comms, tid, comm);
    }

    /** A new thread, perhaps under a number used before, takes the name of its parent. */
    void fork(int parentPid, int parentTid, int pid, int tid) {
        int known = process(parentTid);
        if (known >= 0 && known != parentPid) {
            // The number belongs to another process now and the record that said so was lost: its name is not known.
            put(comms, parentTid, -1);
            put(processes, parentTid, parentPid);
        }
        see(parentPid, parentTid);
        put(processes, tid, pid);
        put(comms, tid, comm(parentTid));
    }

    /** The first thread from {@code tid} on that has a name, or -1. */
    int nextNamed(int tid) {
        for (int page = tid >> PAGE_SHIFT; page < comms.length; page++) {
            int[] names = comms[page];
            if (names != null) {
                for (int i = Math.max(tid - (page << PAGE_SHIFT), 0); i < PAGE; i++) {
                    if (names[i] >= 0) {
                        return (page << PAGE_SHIFT) + i;
                    }
                }
            }
        }
        return -1;
    }

    private static int look(int[][] table, int tid) {
        if (tid < 0 || tid >= LIMIT) {
            return UNSEEN;
        }
        int[] page = table[tid >> PAGE_SHIFT];
        return page == null ? UNSEEN : page[tid & PAGE - 1];
    }

    private static void put(int[][] table, int tid, int value) {
        if (tid < 0 || tid >= LIMIT) {
            return;
        }
        int[] page = table[tid >> PAGE_SHIFT];
        if (page == null) {
            page = new int[PAGE];
            Arrays.fill(page, UNSEEN);
            table[tid >> PAGE_SHIFT] = page;
        }
        page[tid & PAGE - 1] = value;
    }
}
