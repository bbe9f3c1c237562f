package tollgate.ingest.format;

import java.util.Arrays;

/**
 * What strace has told of each thread so far: the call it is in, its process, its name, whether it lives.
 *
 * <p>A thread is a slot, found by its id in an open-addressed table; nothing is allocated but for a new
 * thread. Slots are never given up, so a number that the system uses again continues as the same slot,
 * reborn.
 */
final class StraceThreads {
    /** Slot of no thread. */
    static final int NONE = -1;

    int[] tid = new int[16];
    /** Thread group, -1 not known. */
    int[] process = new int[16];
    /** Id of its name, -1 not known. */
    int[] comm = new int[16];
    /** Number of the call it is in, while {@link #isInCall}. */
    int[] call = new int[16];

    boolean[] isInCall = new boolean[16];
    boolean[] isAlive = new boolean[16];
    /** It has had a line of its own. */
    boolean[] hasSpoken = new boolean[16];
    /** The call it is in makes a thread of the same process (CLONE_THREAD). */
    boolean[] makesThread = new boolean[16];
    /** The child of the call it is in, where that has been told before the call returned, else 0. */
    int[] toldChild = new int[16];
    /** Name that it gets if the call it is in succeeds, -1 none. */
    int[] nextComm = new int[16];
    /** Its thread id before the execve that made it the leader, -1 none. */
    int[] before = new int[16];

    private boolean[] isForkingNow = new boolean[16];
    private int forking;
    private int forkingThreads;
    private long sumOfForking;
    private int size;
    private int[] table = new int[64];
    private int alive;
    private long sumOfAlive;

    StraceThreads() {
        Arrays.fill(table, NONE);
    }

    /** The slot of this thread, made if it is new. */
    int slot(int id) {
        int mask = table.length - 1;
        int at = hash(id) & mask;
        while (table[at] != NONE) {
            if (tid[table[at]] == id) {
                return table[at];
            }
            at = (at + 1) & mask;
        }
        table[at] = size;
        return add(id);
    }

    void live(int slot) {
        if (!isAlive[slot]) {
            isAlive[slot] = true;
            alive++;
            sumOfAlive += tid[slot];
        }
    }

    void die(int slot) {
        if (isAlive[slot]) {
            isAlive[slot] = false;
            alive--;
            sumOfAlive -= tid[slot];
        }
        leave(slot);
        hasSpoken[slot] = false;
        process[slot] = -1;
        comm[slot] = -1;
    }

    void enter(int slot, int number) {
        leave(slot);
        isInCall[slot] = true;
        call[slot] = number;
        toldChild[slot] = 0;
        nextComm[slot] = -1;
    }

    /** The call that the thread is in makes a child. @param isThread of the same process (CLONE_THREAD) */
    void makeChild(int slot, boolean isThread) {
        makesThread[slot] = isThread;
        isForkingNow[slot] = true;
        forking++;
        forkingThreads += isThread ? 1 : 0;
        sumOfForking += slot;
    }

    void leave(int slot) {
        isInCall[slot] = false;
        forksNoMore(slot);
    }

    /** The child of the call that the thread is in has been told. */
    void tellChild(int slot, int child) {
        toldChild[slot] = child;
        forksNoMore(slot);
    }

    private void forksNoMore(int slot) {
        if (isForkingNow[slot]) {
            isForkingNow[slot] = false;
            forking--;
            forkingThreads -= makesThread[slot] ? 1 : 0;
            sumOfForking -= slot;
        }
    }

    /** The slot of the only thread that is making a child still untold, or {@link #NONE} if there is none or a choice. */
    int soleParent() {
        return forking == 1 ? (int) sumOfForking : NONE;
    }

    /** True if calls are making children still untold, and all of them processes: a new thread then is one. */
    boolean isMakingProcessesOnly() {
        return forking > 0 && forkingThreads == 0;
    }

    /** The id of the only thread alive, or {@code otherwise}. */
    int soleSurvivor(int otherwise) {
        return alive == 1 ? (int) sumOfAlive : otherwise;
    }

    private int add(int id) {
        if (size == tid.length) {
            int wider = 2 * size;
            tid = Arrays.copyOf(tid, wider);
            process = Arrays.copyOf(process, wider);
            comm = Arrays.copyOf(comm, wider);
            call = Arrays.copyOf(call, wider);
            isInCall = Arrays.copyOf(isInCall, wider);
            isAlive = Arrays.copyOf(isAlive, wider);
            hasSpoken = Arrays.copyOf(hasSpoken, wider);
            makesThread = Arrays.copyOf(makesThread, wider);
            toldChild = Arrays.copyOf(toldChild, wider);
            nextComm = Arrays.copyOf(nextComm, wider);
            before = Arrays.copyOf(before, wider);
            isForkingNow = Arrays.copyOf(isForkingNow, wider);
        }
        int slot = size++;
        tid[slot] = id;
        process[slot] = -1;
        comm[slot] = -1;
        nextComm[slot] = -1;
        before[slot] = -1;
        if (size * 2 > table.length) {
            grow();
        }
        return slot;
    }

    private void grow() {
        table = new int[table.length * 2];
        Arrays.fill(table, NONE);
        int mask = table.length - 1;
        for (int slot = 0; slot < size; slot++) {
            int at = hash(tid[slot]) & mask;
            while (table[at] != NONE) {
                at = (at + 1) & mask;
            }
            table[at] = slot;
        }
    }

    private static int hash(int id) {
        return id * 0x9E3779B9 >>> 7;
    }
}
