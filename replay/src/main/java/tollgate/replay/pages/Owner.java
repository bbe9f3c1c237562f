package tollgate.replay.pages;

/** Whose a page of a footprint is: part of what decides its memory class. */
public enum Owner {
    /** The same page in every process. */
    SHARED,
    PROCESS,
    TASK,
    /** Of the task that this one wakes, waits for or switches with. */
    PEER,
    VM,
    /** Allocated for the one invocation. */
    FRESH;

    static Owner of(int kind) {
        return switch (kind) {
            case FootprintFormat.OF_PROCESS, FootprintFormat.USER_RANK -> PROCESS;
            case FootprintFormat.OF_TASK -> TASK;
            case FootprintFormat.OF_PEER -> PEER;
            case FootprintFormat.OF_VM -> VM;
            case FootprintFormat.FRESH -> FRESH;
            default -> SHARED;
        };
    }
}
