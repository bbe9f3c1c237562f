package tollgate.replay.pages;

import java.util.BitSet;
import tollgate.ingest.Syscalls;

/**
 * Which reads and writes are on sockets: they run the network stack, not the file system, but a recording has no file
 * descriptors. A task's read or write is taken to be on what its last call worked on that can be on one of the two only: after
 * accept, recv*, send* or epoll_wait a socket, after open, lseek, pread, pwrite or fsync a file. Where none on a socket was
 * measured, recvfrom and sendto do the same below their entry (net/socket.c: sock_read_iter, sock_write_iter).
 */
final class Sockets {
    private static final int RECEIVE = Syscalls.number("recvfrom");
    private static final int SEND = Syscalls.number("sendto");
    private static final BitSet ON_SOCKETS = numbers(
            "accept",
            "accept4",
            "recvfrom",
            "recvmsg",
            "recvmmsg",
            "sendto",
            "sendmsg",
            "sendmmsg",
            "epoll_wait",
            "epoll_pwait");
    private static final BitSet ON_FILES =
            numbers("open", "openat", "lseek", "pread64", "pwrite64", "preadv", "pwritev", "fsync", "fdatasync");
    private static final BitSet READS = numbers("read", "readv");
    private static final BitSet WRITES = numbers("write", "writev");

    /** Tasks whose last telling call was on a socket. */
    private final BitSet tasks = new BitSet();

    /** Whether a call is a read or write on a socket. A task's calls come in their order. */
    boolean isOn(int task, int nr) {
        if (nr < 0) {
            return false;
        }
        if (ON_SOCKETS.get(nr)) {
            tasks.set(task);
        } else if (ON_FILES.get(nr)) {
            tasks.clear(task);
        }
        return tasks.get(task) && (READS.get(nr) || WRITES.get(nr));
    }

    /** What stands in for a read or write on a socket. */
    static int alike(int nr) {
        return READS.get(nr) ? RECEIVE : SEND;
    }

    void forget(int task) {
        tasks.clear(task);
    }

    private static BitSet numbers(String... names) {
        BitSet numbers = new BitSet();
        for (String name : names) {
            numbers.set(Syscalls.number(name));
        }
        return numbers;
    }
}
