package tollgate.ingest;

/** What one live thread is in the middle of: a system call, a VM exit, time off the CPU. */
final class InventoryThread {
    /** Nothing is pending. */
    static final int NONE = Integer.MIN_VALUE;
    /** Of {@link #userSince}: KVM_RUN has not returned since the VM exit. */
    static final long NOT_YET = Long.MIN_VALUE;

    // The call it is in: number or NONE, when it began, and what off-CPU time, missed returns and losses were then.
    int call = NONE;
    long callSince;
    long callOff;
    int callMissed;
    int callEpoch;

    // The VM exit being handled: id or NONE, likewise.
    int exit = NONE;
    long exitSince;
    long exitOff;
    int exitEpoch;
    boolean hasSlept;
    long userSince = NOT_YET;
    long userOff;
    /** It left in the middle of waiting: a halt that KVM did not hand to the VMM but a signal ended. */
    boolean hasWaited;

    private boolean isOff;
    private long offSince;
    private long offNanos;
    private int missedReturns;

    /** Time off the CPU so far; meaningful as a difference. */
    long offNanos() {
        return offNanos;
    }

    /** How often it was found running without a switch that says since when. */
    int missedReturns() {
        return missedReturns;
    }

    /** @param isBlocking it cannot go on, so it sleeps; otherwise it is preempted or yields */
    void leaves(long time, boolean isBlocking) {
        if (!isOff) {
            isOff = true;
            offSince = time;
        }
        if (isBlocking && exit != NONE && userSince == NOT_YET) {
            hasSlept = true;
        }
    }

    void comes(long time) {
        if (isOff) {
            isOff = false;
            offNanos += time - offSince;
        }
    }

    /** It does something though no switch brought it back: it is back since some time before. */
    void isFoundRunning(long time) {
        if (isOff) {
            comes(time);
            missedReturns++;
        }
    }
}
