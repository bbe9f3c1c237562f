package tollgate.replay;

import java.io.Serializable;

/**
 * What the timeline found in a trace: the denominators of every figure, and how well the events fitted
 * together. Filled while replaying.
 */
public final class Facts implements Serializable {
    private static final long serialVersionUID = 1;

    long events;
    long measured;
    int sampledOneIn = 1;
    long entries;
    long exits;
    long probed;
    long busyNanos;
    long unknownNanos;
    long firstTime = Long.MAX_VALUE;
    long lastTime = Long.MIN_VALUE;
    boolean hasSwitches;
    long unpaired;
    long unseenSwitches;
    long switches;
    long asidCompared;
    long asidAgree;
    long asidKeptPredictedFlush;
    long asidFlushedPredictedKeep;
    long asidUnexpected;
    long cpus;
    long drawn;
    long borrowed;

    /** Events read, all tasks. */
    public long events() {
        return events;
    }

    /** Of these, how many lie in the region that the sidecar names, and in a stretch that is measured. */
    public long measured() {
        return measured;
    }

    /** One stretch in so many is measured ({@link Sampling}); 1 if all are. */
    public int sampledOneIn() {
        return sampledOneIn;
    }

    /** Entries of the workload from user mode into the kernel. */
    public long entries() {
        return entries;
    }

    /** VM exits of the workload. */
    public long exits() {
        return exits;
    }

    /** Events recorded while a task of the workload ran: each took some of its time. */
    public long probed() {
        return probed;
    }

    /** Time that tasks of the workload ran, in nanoseconds; -1 if the recording has no context switches to tell it. */
    public long busyNanos() {
        return hasSwitches ? busyNanos : -1;
    }

    /** Time of CPUs whose context was unknown, after loss: in no numerator and no denominator. */
    public long unknownNanos() {
        return unknownNanos;
    }

    public long firstTime() {
        return firstTime;
    }

    public long lastTime() {
        return lastTime;
    }

    /** Exits without an entry, entries without an exit, and the like. */
    public long unpaired() {
        return unpaired;
    }

    /** Switches that the recording lacks: an event came from another task than the one that ran. */
    public long unseenSwitches() {
        return unseenSwitches;
    }

    public long switches() {
        return switches;
    }

    /** Loads of another mm of which the recording says whether they flushed (tlb_flush, reason 0). */
    public long asidCompared() {
        return asidCompared;
    }

    /** Of these, how many our ASID engine decided as the recorded kernel did. */
    public long asidAgree() {
        return asidAgree;
    }

    /** Of these: the kernel kept the entries, we would have flushed. */
    public long asidKeptPredictedFlush() {
        return asidKeptPredictedFlush;
    }

    /** Of these: the kernel flushed, we would have kept. */
    public long asidFlushedPredictedKeep() {
        return asidFlushedPredictedKeep;
    }

    /** Loads that the kernel reports and the timeline did not see: init_mm, or threads whose process is not told. */
    public long asidUnexpected() {
        return asidUnexpected;
    }

    public long cpus() {
        return cpus;
    }

    /** Events whose pages were drawn. */
    public long drawn() {
        return drawn;
    }

    /** Of these, events whose pages were borrowed from another event's footprint. */
    public long borrowed() {
        return borrowed;
    }
}
