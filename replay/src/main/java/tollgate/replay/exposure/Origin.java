package tollgate.replay.exposure;

/** Whose code let the kernel run: who chose what it works on, and what it may have been taught to mispredict. */
public enum Origin {
    /** User code entered the kernel on this hardware thread. */
    USER,
    /** A guest exited. */
    GUEST,
    /** A task was taken that had entered the kernel before, from which of the two was not seen. */
    EITHER,
    /** The kernel's own thread. */
    NOBODY;

    static int count() {
        return 4;
    }
}
