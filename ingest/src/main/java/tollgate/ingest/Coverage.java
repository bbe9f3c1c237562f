package tollgate.ingest;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a recording can tell. Whoever needs something that is not covered says "cannot tell", never 0.
 *
 * @param scope whose events are in it
 * @param hasCpus whether events name their CPU
 * @param hasProcesses whether events name the process of their thread
 * @param clock what the time column counts
 * @param recorded kinds that the recorder was told to record, so that none seen means none happened;
 *     text forms cannot tell and list the kinds that were seen
 * @param isRecordedSetCertain whether {@code recorded} was read from the recording rather than seen
 */
public record Coverage(
        Scope scope,
        boolean hasCpus,
        boolean hasProcesses,
        Clock clock,
        Set<Kind> recorded,
        boolean isRecordedSetCertain) {

    /** No x86 kernel has more (NR_CPUS with MAXSMP, arch/x86/Kconfig): a larger number is damage, and would size tables. */
    public static final int MOST_CPUS = 1 << 13;

    /** No thread or process has a larger number (PID_MAX_LIMIT of 64-bit kernels, include/linux/threads.h). */
    public static final int LAST_PID = 1 << 22;

    public Coverage {
        recorded = recorded.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(recorded));
    }

    /** Whose events are recorded. */
    public enum Scope {
        /** All tasks of all recorded CPUs. */
        SYSTEM,
        /** Some tasks and their descendants; what else ran on the CPUs is not told. */
        TASKS,
        /** Some kinds system-wide, others of one control group only (perf record -a -G). */
        CGROUP,
        /** The recording does not say. */
        UNKNOWN
    }

    /** What the time column counts. */
    public enum Clock {
        /** Nanoseconds of some clock that runs with real time. */
        NANOS,
        /** CPU cycles of the time stamp counter (trace clock x86-tsc). */
        TSC,
        /** Only an order (trace clock counter). */
        COUNTER,
        /** Ticks too coarse to measure with (trace clock uptime: 10 ms; strace -t: 1 s). */
        COARSE
    }

    /** True if an event of this kind would be in the recording had it happened. */
    public boolean tells(Kind kind) {
        return recorded.contains(kind);
    }
}
