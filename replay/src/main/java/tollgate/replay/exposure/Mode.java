package tollgate.replay.exposure;

/** What a hardware thread runs. */
public enum Mode {
    /** User code of a task: untrusted. */
    USER,
    /** The kernel, on whoever's behalf. */
    KERNEL,
    /** Guest code: untrusted. Neither host user nor host kernel space is live. */
    GUEST,
    /** Nothing: the idle task. */
    IDLE,
    /** Not known, after loss or before the first event of a CPU. Counts nowhere. */
    UNKNOWN;

    boolean isUntrusted() {
        return this == USER || this == GUEST;
    }

    /** Whether an address space of the host is live and something runs in it. */
    boolean isHost() {
        return this == USER || this == KERNEL;
    }
}
