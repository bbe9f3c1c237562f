package tollgate.replay.pages;

import tollgate.replay.Cause;

/**
 * What an event is about. A page belongs to the family whose events touch it most; classes.yaml may give
 * a page class other shares in one family than in another.
 */
public enum EventFamily {
    FILE,
    NETWORK,
    MEMORY,
    PROCESS,
    WAIT,
    FAULT,
    INTERRUPT,
    SWITCH,
    VM,
    OTHER;

    private static final EventFamily[] ALL = values();

    public static EventFamily of(int ordinal) {
        return ALL[ordinal];
    }

    /** The family of a {@link Cause}; system calls by number of the x86-64 table. */
    public static EventFamily ofCause(int cause) {
        return switch (Cause.family(cause)) {
            case SYSCALL -> ofSyscall(Cause.number(cause));
            case FAULT -> FAULT;
            case INTERRUPT -> INTERRUPT;
            case SWITCH -> SWITCH;
            case VM_EXIT, VM_REENTRY -> VM;
            case UNKNOWN -> OTHER;
        };
    }

    private static EventFamily ofSyscall(int nr) {
        return switch (nr) {
            // read..lseek, pread64..access, pipe, dup, sendfile, fcntl..chown, statfs, *at, xattr, splice, sync
            case 0,
                    1,
                    2,
                    3,
                    4,
                    5,
                    6,
                    8,
                    16,
                    17,
                    18,
                    19,
                    20,
                    21,
                    22,
                    32,
                    33,
                    40,
                    72,
                    73,
                    74,
                    75,
                    76,
                    77,
                    78,
                    79,
                    80,
                    81,
                    82,
                    83,
                    84,
                    85,
                    86,
                    87,
                    88,
                    89,
                    90,
                    91,
                    92,
                    93,
                    94,
                    95,
                    133,
                    137,
                    138,
                    162,
                    187,
                    191,
                    217,
                    221,
                    257,
                    258,
                    259,
                    260,
                    262,
                    263,
                    264,
                    265,
                    266,
                    267,
                    268,
                    269,
                    275,
                    276,
                    277,
                    280,
                    285,
                    292,
                    293,
                    295,
                    296,
                    306,
                    316,
                    326,
                    332,
                    439 -> FILE;
            // socket .. getsockopt, accept4, recvmmsg, sendmmsg
            case 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 288, 299, 307 -> NETWORK;
            // mmap, mprotect, munmap, brk, mremap, msync, mincore, madvise, shm*, mlock*
            case 9, 10, 11, 12, 25, 26, 27, 28, 29, 30, 31, 67, 149, 150, 151, 152, 325 -> MEMORY;
            // signals, clone .. kill, ids, limits, prctl, set_tid_address, exit_group, clone3
            case 13,
                    14,
                    15,
                    39,
                    56,
                    57,
                    58,
                    59,
                    60,
                    61,
                    62,
                    96,
                    97,
                    98,
                    99,
                    102,
                    104,
                    107,
                    108,
                    110,
                    127,
                    128,
                    130,
                    131,
                    157,
                    158,
                    186,
                    200,
                    203,
                    204,
                    218,
                    231,
                    234,
                    247,
                    272,
                    273,
                    297,
                    302,
                    308,
                    318,
                    322,
                    334,
                    435 -> PROCESS;
            // poll, select, nanosleep, sched_yield, futex, epoll, timers, eventfd
            case 7,
                    23,
                    24,
                    35,
                    36,
                    37,
                    38,
                    202,
                    213,
                    222,
                    223,
                    228,
                    230,
                    232,
                    233,
                    270,
                    271,
                    281,
                    283,
                    284,
                    286,
                    287,
                    289,
                    290,
                    291,
                    441 -> WAIT;
            default -> OTHER;
        };
    }
}
