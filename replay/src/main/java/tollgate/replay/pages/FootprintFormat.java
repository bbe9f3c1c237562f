package tollgate.replay.pages;

/**
 * Layout of a footprints file, version 2: a zstd frame of unsigned LEB128 varints ({@code v}), signed ones
 * zigzag coded ({@code z}), and UTF-8 strings with their length before them ({@code s}).
 *
 * <pre>
 *   "TGFP" 2                                   magic, version
 *   s kernel                                   kernel that the fixed pages are of
 *   v programs  { s name }
 *   v pages     { v kind, v class, v family, z number - previous number }
 *   v user pages a fault * 1000
 *   v models    { v program, v curve points { v nanos, v pages * 1000 } , v ranks { v weight } }
 *   v pools     { v cause << 8 | variant, v rows { v program, v templates } }
 *   templates, in the order of the rows:       { v length, v parts { v accesses } }
 *   accesses, in the order of the parts:       { v page << 2 | type }
 * </pre>
 *
 * <p>Templates of a row stand in ascending order of their lengths: instructions, of an invocation that was switched out those
 * before it was. Type as in {@link tollgate.replay.Access}.
 */
final class FootprintFormat {
    static final byte[] MAGIC = {'T', 'G', 'F', 'P', 2};

    /** Number: the page itself, the same in every event and process. */
    static final int FIXED = 0;
    /** Number: the page it had when measured; each process has its own. */
    static final int OF_PROCESS = 1;
    /** The same, each task has its own. */
    static final int OF_TASK = 2;
    /** The same, of whichever task this one wakes, waits for or switches with. */
    static final int OF_PEER = 3;
    /** The same, each VM has its own. */
    static final int OF_VM = 4;
    /** Number: the page it had when measured; allocated for one invocation, from a pool in its 2 MiB region. */
    static final int FRESH = 5;
    /** Number: rank of a user page in the popularity order of its process, from 0. */
    static final int USER_RANK = 6;

    /** Variant of a system call or fault that was switched out; of an interrupt, that it ended in a switch. */
    static final int SWITCHED = 1;
    /** Variant of an interrupt that came from kernel mode. */
    static final int NESTED = 2;
    /** Variant of a read or write: on a socket ({@link Sockets}). */
    static final int SOCKET = 2;

    private FootprintFormat() {}

    static long key(int cause, int variant) {
        return (cause & 0xffff_ffffL) << 8 | variant;
    }

    static int cause(long key) {
        return (int) (key >>> 8);
    }
}
