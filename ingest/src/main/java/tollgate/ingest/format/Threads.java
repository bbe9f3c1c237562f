package tollgate.ingest.format;

import java.util.Arrays;

/**
 * What a recording has told about its live threads: a map from thread number to process, a time and a flag or two, open
 * addressing with linear probing, so that a look-up per event allocates nothing. Threads that end are taken out.
 */
final class Threads {
    /** A thread number never recorded: the kernel's start at 0. */
    private static final int FREE = Integer.MIN_VALUE;

    private int[] tids = new int[64];
    private int[] pids = new int[64];
    private int[] comms = new int[64];
    private byte[] flags = new byte[64];
    private long[] times = new long[64];
    private int size;

    Threads() {
        Arrays.fill(tids, FREE);
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The slot of a known thread, or -1. Valid until the next {@link #put} or {@link #remove}. */
    int find(int tid) {
        int mask = tids.length - 1;
        int slot = hash(tid) & mask;
        while (tids[slot] != tid) {
            if (tids[slot] == FREE) {
                return -1;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** The slot of a thread that becomes known, or is known again under another process. */
    int put(int tid, int pid) {
        int slot = find(tid);
        if (slot < 0) {
            if (++size * 2 > tids.length) {
                grow();
            }
            slot = hash(tid) & (tids.length - 1);
            while (tids[slot] != FREE) {
                slot = (slot + 1) & (tids.length - 1);
            }
            tids[slot] = tid;
            comms[slot] = -1;
            flags[slot] = 0;
            times[slot] = Long.MIN_VALUE;
        }
        pids[slot] = pid;
        return slot;
    }

    int pid(int slot) {
        return pids[slot];
    }

    /** A name id that the reader put there, or -1. */
    int comm(int slot) {
        return comms[slot];
    }

    void comm(int slot, int comm) {
        comms[slot] = comm;
    }

    /** A time that the reader put there, or the smallest there is. */
    long time(int slot) {
        return times[slot];
    }

    void time(int slot, long time) {
        times[slot] = time;
    }

    void raise(int slot, int flag) {
        flags[slot] |= (byte) flag;
    }

    /** Clears a flag. @return whether it was set */
    boolean lower(int slot, int flag) {
        boolean was = (flags[slot] & flag) != 0;
        flags[slot] &= (byte) ~flag;
        return was;
    }

    void remove(int tid) {
        int hole = find(tid);
        if (hole < 0) {
            return;
        }
        size--;
        int mask = tids.length - 1;
        // Backward shift (Knuth 6.4, algorithm R): whoever could have sat in the hole moves there.
        for (int slot = (hole + 1) & mask; tids[slot] != FREE; slot = (slot + 1) & mask) {
            int home = hash(tids[slot]) & mask;
            if (((slot - home) & mask) >= ((slot - hole) & mask)) {
                move(slot, hole);
                hole = slot;
            }
        }
        tids[hole] = FREE;
    }

    private void move(int from, int to) {
        tids[to] = tids[from];
        pids[to] = pids[from];
        comms[to] = comms[from];
        flags[to] = flags[from];
        times[to] = times[from];
    }

    private void grow() {
        int[] oldTids = tids;
        int[] oldPids = pids;
        int[] oldComms = comms;
        byte[] oldFlags = flags;
        long[] oldTimes = times;
        int length = oldTids.length * 2;
        tids = new int[length];
        pids = new int[length];
        comms = new int[length];
        flags = new byte[length];
        times = new long[length];
        Arrays.fill(tids, FREE);
        for (int i = 0; i < oldTids.length; i++) {
            if (oldTids[i] != FREE) {
                int slot = hash(oldTids[i]) & (length - 1);
                while (tids[slot] != FREE) {
                    slot = (slot + 1) & (length - 1);
                }
                tids[slot] = oldTids[i];
                pids[slot] = oldPids[i];
                comms[slot] = oldComms[i];
                flags[slot] = oldFlags[i];
                times[slot] = oldTimes[i];
            }
        }
    }

    private static int hash(int tid) {
        return tid * 0x9E3779B9 >>> 8;
    }
}
