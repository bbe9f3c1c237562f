package tollgate.ingest.format;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a recording has told so far about each thread: its process, its name and its namespaces, as the
 * recorder's own report would know them at this point.
 *
 * <p>Numbers of threads are below 2^22 (PID_MAX_LIMIT, include/linux/threads.h), so tables of pages that are made when
 * first touched hold them all, in at most 32 MiB each; what lies outside is no thread and is not kept.
 */
final class BinaryThreads {
    private static final int LIMIT = 1 << 22;
    private static final long NONE = 0xffffffffL;
    /** Combinations of namespaces that are kept, a few hundred bytes each: a machine with as many containers is unheard of. */
    private static final int MOST_PLACES = 1 << 16;

    private static final long[] NOWHERE = {};

    /** Process in the upper half, name in the lower, each -1 if not known. */
    private final Table threads = new Table(-1);

    /** Number of the thread's namespaces in {@link #places}, 0 if not known. */
    private final Table placed = new Table(0);

    private final List<long[]> places = new ArrayList<>(List.of(NOWHERE));
    private final Map<LongBuffer, Integer> numbers = new HashMap<>();

    /** The process of a thread, or -1. */
    int process(int tid) {
        return (int) (threads.at(tid) >> 32);
    }

    /** The name of a thread, or -1. */
    int comm(int tid) {
        return (int) threads.at(tid);
    }

    /** A thread shows up in some record. Its process is kept if it was not known. @return its name, or -1 */
    int see(int pid, int tid) {
        long known = threads.at(tid);
        if (known < 0) {
            threads.put(tid, (long) pid << 32 | known & NONE);
        }
        return (int) known;
    }

    void name(int pid, int tid, int comm) {
        see(pid, tid);
        threads.put(tid, threads.at(tid) & ~NONE | comm & NONE);
    }

    /** A new thread, perhaps under a number used before, takes the name of its parent. */
    void fork(int parentPid, int parentTid, int pid, int tid) {
        int known = process(parentTid);
        if (known >= 0 && known != parentPid) {
            // The number belongs to another process now and the record that said so was lost: its name is not known.
            threads.put(parentTid, (long) parentPid << 32 | NONE);
        }
        see(parentPid, parentTid);
        threads.put(tid, (long) pid << 32 | comm(parentTid) & NONE);
    }

    /** @param place device and inode of each namespace, in the order of {@link tollgate.ingest.NamespaceType} */
    void enter(int tid, long[] place) {
        Integer known = numbers.get(LongBuffer.wrap(place));
        if (known == null && places.size() < MOST_PLACES) {
            known = places.size();
            places.add(place);
            numbers.put(LongBuffer.wrap(place), known);
        }
        if (known != null) {
            placed.put(tid, known);
        }
    }

    /** What {@link #enter} was told last; empty if nothing. */
    long[] place(int tid) {
        return places.get((int) placed.at(tid));
    }

    /** The first thread from {@code tid} on that has a name or namespaces, or -1. */
    int nextKnown(int tid) {
        int named = threads.next(tid, NONE);
        int inside = placed.next(tid, 0);
        return named < 0 || inside >= 0 && inside < named ? inside : named;
    }

    /** One number a thread. */
    private static final class Table {
        private static final int SHIFT = 10;
        private static final int PAGE = 1 << SHIFT;

        private final long[][] pages = new long[LIMIT >> SHIFT][];
        private final long unknown;

        Table(long unknown) {
            this.unknown = unknown;
        }

        long at(int tid) {
            if (tid < 0 || tid >= LIMIT) {
                return unknown;
            }
            long[] page = pages[tid >> SHIFT];
            return page == null ? unknown : page[tid & PAGE - 1];
        }

        void put(int tid, long value) {
            if (tid < 0 || tid >= LIMIT) {
                return;
            }
            long[] page = pages[tid >> SHIFT];
            if (page == null) {
                page = new long[PAGE];
                Arrays.fill(page, unknown);
                pages[tid >> SHIFT] = page;
            }
            page[tid & PAGE - 1] = value;
        }

        /** The first thread from {@code tid} on whose number has other low bits than {@code not}, looking at 32 of them. */
        int next(int tid, long not) {
            for (int i = tid; i < LIMIT; i++) {
                long[] page = pages[i >> SHIFT];
                if (page == null) {
                    i |= PAGE - 1;
                } else if ((page[i & PAGE - 1] & NONE) != not) {
                    return i;
                }
            }
            return -1;
        }
    }
}
