package tollgate.replay;

/** A thread as the timeline knows it. Package-private and mutable: it is a row of the timeline's state. */
final class Task {
    /** How the thread is in the kernel, or not, when it does not run or between two events. */
    enum Standing {
        /** Nothing known yet. */
        UNKNOWN,
        USER,
        SYSCALL,
        /** In a fault from user mode. */
        FAULT,
        /** In an interrupt from user mode. */
        INTERRUPT,
        /** Forked, not yet in user mode. */
        NEWBORN,
        /** A kernel thread or the idle task: never in user mode. */
        KERNEL_THREAD
    }

    final int index;
    final int tid;
    int pid;
    int comm = -1;
    int mm;
    /** The mm that execve has already loaded when its tracepoint comes; -1 for none. */
    int execMm = -1;

    /** Its mm was found to be another's, see {@link Timeline}. */
    boolean hasLearnedMm;

    int namespace;
    /** Number of the tenant that the sidecar names; 0 for none. */
    int tenant;

    boolean isSelected;
    boolean isExiting;

    Standing standing = Standing.UNKNOWN;
    int syscall = -1;
    long syscallArgument;
    /** When the call was entered, put off by the time for which the task was off its CPU since. */
    long syscallSince;

    /** When it was last switched out. */
    long leftAt;

    boolean hasBlocked;

    boolean isKvmRun;
    boolean isInGuest;
    boolean hasLeftToVmm;
    int exitReason = -1;
    PageSource.ExitDetail exitDetail = PageSource.ExitDetail.NONE;
    boolean isExitOpen;
    boolean wasInterrupted;

    Task(int index, int tid, int pid, int mm) {
        this.index = index;
        this.tid = tid;
        this.pid = pid;
        this.mm = mm;
    }

    boolean isIdle() {
        return tid < 0;
    }
}
