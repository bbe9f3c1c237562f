package tollgate.ingest;

import java.util.HashSet;
import java.util.Set;

/**
 * Some tasks of a recording. A task belongs to it if any of the lists names it; without lists, none does.
 *
 * @param comms thread names as recorded: 15 bytes at most, and changing at exec
 * @param pids processes
 * @param tids threads
 * @param inodes of network namespaces, as told by {@link Kind#NAMESPACE}
 */
public record Selection(Set<String> comms, Set<Integer> pids, Set<Integer> tids, Set<Long> inodes) {
    public static final Selection NONE = new Selection(Set.of(), Set.of(), Set.of(), Set.of());

    /** The namespace of a task is not known. */
    public static final long NO_INODE = -1;

    public Selection {
        comms = Set.copyOf(comms);
        pids = Set.copyOf(pids);
        tids = Set.copyOf(tids);
        inodes = Set.copyOf(inodes);
    }

    /**
     * @param tid thread, or -1
     * @param pid process, or -1
     * @param comm empty if not told
     * @param inode of the task's network namespace, or {@link #NO_INODE}
     */
    public boolean contains(int tid, int pid, String comm, long inode) {
        return tids.contains(tid) || pids.contains(pid) || comms.contains(comm) || inodes.contains(inode);
    }

    public boolean isEmpty() {
        return comms.isEmpty() && pids.isEmpty() && tids.isEmpty() && inodes.isEmpty();
    }

    /** The tasks of either. */
    public Selection and(Selection other) {
        return new Selection(
                union(comms, other.comms),
                union(pids, other.pids),
                union(tids, other.tids),
                union(inodes, other.inodes));
    }

    private static <T> Set<T> union(Set<T> a, Set<T> b) {
        Set<T> union = new HashSet<>(a);
        union.addAll(b);
        return union;
    }
}
