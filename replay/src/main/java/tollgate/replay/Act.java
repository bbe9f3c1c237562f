package tollgate.replay;

import java.util.List;

/**
 * What a strategy may do at a crossing: the vocabulary of its tables. A row of a table is a list of
 * acts, carried out in order; the compiler turns it into ints, one {@link Lane} engine runs them all.
 */
public sealed interface Act {
    /** How a CR3 write treats what the TLB holds under the tag it loads. */
    enum Flush {
        /** Bit 63 set: entries stay. */
        KEEP,
        /** Entries of the tag are dropped. */
        FLUSH,
        /** Dropped only if a flush was deferred for this space and ASID (KPTI's user_pcid_flush_mask). */
        IF_PENDING,
        /** Dropped only if the space's id or generation differs from what this ASID's slot last held. */
        IF_STALE,
        /** Through the scheduler's ASID engine: the space takes one of the dynamic ASIDs and may flush as any mm would. */
        ASID
    }

    /** Counts an operation. */
    record Charge(Operation operation, int times) implements Act {}

    /** Writes CR3 so that this space is live. Nothing happens if it is live already and {@code flush} is not FLUSH. */
    record Load(String space, Flush flush) implements Act {}

    /** Carries out the acts only if the cause of the crossing is of one of these families. */
    record IfFamily(List<Cause.Family> families, List<Act> then) implements Act {}

    /** Carries out the acts only if the cause is a system call of this set (all: empty set). */
    record IfSyscall(SyscallSet set, List<Act> then) implements Act {}

    /** Raises a flag of this CPU, such as "L1D flush needed". */
    record Raise(String flag) implements Act {}

    /** Carries out the acts and lowers the flag, only if the flag is raised. */
    record IfRaised(String flag, List<Act> then) implements Act {}

    /** Mechanism mapped set: maps the touched page in this task's set of the live space. */
    record MapTouched() implements Act {}

    /** Mechanism mapped set: empties the task's set; counts a {@link Operation#PTE_WRITE} a page. */
    record UnmapTouched() implements Act {}

    /**
     * Mechanism interrupt depth: an interrupt or exception begins. At the first level, a restricted space is left for
     * the kernel's and remembered; deeper ones only count.
     */
    record Suspend(Flush flush) implements Act {}

    /** Mechanism interrupt depth: it returns. At the last level the remembered space is loaded again. */
    record Resume(Flush flush) implements Act {}

    /** Leaves a restricted space for good: the kernel's is loaded if another is live, a remembered one is forgotten. */
    record Leave(Flush flush) implements Act {}

    /** The task is switched out: leaves its restricted space and remembers it for the task. */
    record SaveForTask(Flush flush) implements Act {}

    /** The task is switched in: loads the restricted space that was remembered for it, if any. */
    record RestoreForTask(Flush flush) implements Act {}

    /**
     * Mechanism rate: carries out the acts so often a time on average, evenly: {@code rate} 0.25 at every fourth
     * crossing. For what a recording cannot tell, stated and swept.
     */
    record AtRate(double rate, List<Act> then) implements Act {}

    /** Mechanism lazy leave: {@code asi_enter}; the CPU may run untrusted code of this space from here on. */
    record AsiEnter(String space) implements Act {}

    /** Mechanism lazy leave: {@code asi_relax}; trusted code may run restricted or not, as it happens. */
    record AsiRelax() implements Act {}

    /** Mechanism lazy leave: {@code asi_exit}. */
    record AsiExit() implements Act {}

    /** Mechanism lazy leave: an interrupt or exception is entered. */
    record AsiInterrupt() implements Act {}

    /** Mechanism lazy leave: it returns; the outermost one enters the target again. */
    record AsiInterruptReturn() implements Act {}

    /** Mechanism taint: another mm's code runs from here on; what this mm left behind becomes another's. */
    record TaintOtherMm() implements Act {}
}
