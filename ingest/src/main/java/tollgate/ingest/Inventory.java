package tollgate.ingest;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What is in a recording, counted in one pass: what a person wants to know before trusting it.
 *
 * <p>All times are nanoseconds, or what {@link Coverage#clock} says instead. Maps are sorted.
 *
 * @param tally of the reader: records by tracepoint, losses, notes, header
 * @param events by kind, of those that were seen
 * @param cpus that an event names
 * @param threads that did something, idle (0) among them; those only named, by a record of perf's, are not counted
 * @param processes of those threads
 * @param calls system calls by name
 * @param exits VM exits by the kernel's name of their reason
 * @param switches by {@link TaskState} of the thread left
 * @param userFaults by x86 error code
 * @param kernelFaults likewise
 * @param interrupts by code of {@link Kind#IRQ_ENTER}
 * @param flushes TLB flushes by reason (enum tlb_flush_reason)
 * @param namespaces threads by inode, by number of the {@link NamespaceType}
 * @param comms events by name of the thread
 */
public record Inventory(
        Coverage coverage,
        Tally tally,
        Map<Kind, Long> events,
        int cpus,
        int threads,
        int processes,
        Span span,
        Unpaired unpaired,
        Map<String, Call> calls,
        Map<String, Exit> exits,
        Map<Integer, Long> switches,
        Map<Integer, Long> userFaults,
        Map<Integer, Long> kernelFaults,
        Map<Integer, Long> interrupts,
        Map<Integer, Long> flushes,
        Map<Integer, Map<Long, Integer>> namespaces,
        Map<String, Long> comms) {
    /** In place of a time that the recording cannot tell. */
    public static final long UNTOLD = -1;

    /**
     * Of events that happened at a time; perf's records that only name what was there before do not count.
     *
     * @param longestGap between two events that follow each other
     * @param gapAt when it began
     * @param runsBack events earlier than one before them
     * @param apart how long after one CPU's last event another's first is; 0 if all share some time
     */
    public record Span(long first, long last, long longestGap, long gapAt, long runsBack, long apart) {
        public long length() {
            return last - first;
        }
    }

    /**
     * @param callExits returns from system calls whose beginning is not in the recording
     * @param newThreads those of them that are the first thing a new thread does, which is normal
     * @param callEnters system calls whose return is missing before the same thread's next call
     * @param inFlight system calls in which their thread, or the recording, ended; exit and exit_group apart
     * @param vmExits VM exits without an entry after them
     * @param interruptExits exits of interrupts whose entry is not in the recording
     */
    public record Unpaired(
            long callExits, long newThreads, long callEnters, long inFlight, long vmExits, long interruptExits) {}

    /**
     * One system call.
     *
     * @param count of its entries; of its returns, if the recording has no entries at all
     * @param errors results that are a negative errno
     * @param restarts of them, results by which the kernel begins the call again (ERESTARTSYS and its kin)
     * @param durations from entry to return, waiting included, of those that pair and lie clear of losses
     * @param onCpuNanos without the time off the CPU, or {@link #UNTOLD}
     * @param onCpuUncertain of the durations, how many were off the CPU without a switch that shows their coming back:
     *     to them onCpuNanos is a lower bound
     */
    public record Call(
            long count,
            long errors,
            long restarts,
            InventoryDurations durations,
            long onCpuNanos,
            long onCpuUncertain) {}

    /**
     * One exit reason.
     *
     * @param errors returns to user space with a negative errno (a signal came)
     * @param inKernel handled and entered again
     * @param slept handled after sleeping, or a halt
     * @param toUserSpace that the VMM had a part in; the rest of count has no entry after it, or losses in between
     * @param handling without time off the CPU and without the trip to user space; halts that wait in the kernel are not among them
     * @param offCpuNanos asleep, preempted, or halted
     * @param userSpaceNanos from the return to user space to the next entry
     * @param untilEntryNanos all of it, exit to next entry
     */
    public record Exit(
            long count,
            long errors,
            long inKernel,
            long slept,
            long toUserSpace,
            InventoryDurations handling,
            long offCpuNanos,
            long userSpaceNanos,
            long untilEntryNanos) {}

    /** Reads the recording to its end. @throws BadInput where it is corrupt */
    public static Inventory of(Recording recording) throws IOException {
        InventoryPass pass = new InventoryPass();
        Batch batch = new Batch();
        while (recording.read(batch)) {
            pass.take(batch);
        }
        return pass.result(recording);
    }

    public long count(Kind kind) {
        return events.getOrDefault(kind, 0L);
    }

    /** True if something of this kind would be here had it happened. */
    public boolean tells(Kind kind) {
        return events.containsKey(kind) || coverage.tells(kind);
    }

    /** All records that the reader counted, used or not. */
    public long records() {
        return tally.tracepoints().values().stream()
                .mapToLong(Tally.Count::value)
                .sum();
    }

    /** True if times are long enough to be subtracted: real time, in nanoseconds. */
    public boolean hasDurations() {
        return coverage.clock() == Coverage.Clock.NANOS;
    }

    /** True if an exit that goes to user space can be told from one that does not. */
    public boolean tellsTrips() {
        return tells(Kind.VMM_RETURN) || tells(Kind.SYSCALL_EXIT);
    }

    /** Events whose stamp is earlier than one before, as the reader saw them, or as it passed them on. */
    public long outOfOrder() {
        return Math.max(tally.outOfOrder(), span.runsBack());
    }

    /** Reasons for care, the gravest first. @param sidecar may answer for the clock */
    public List<String> warnings(Sidecar sidecar) {
        return InventoryWarnings.of(this, sidecar);
    }
}
