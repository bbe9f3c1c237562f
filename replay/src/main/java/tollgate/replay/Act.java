package tollgate.replay;

import java.util.List;
import java.util.Set;

/**
 * What a strategy may do at a crossing: the vocabulary of its tables. A row of a table is a list of
 * acts, carried out in order; the compiler turns it into ints, one {@link Interpreter} runs them all.
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
        /** Dropped if the load that entered the space dropped: the same CR3 value is written again, bit 63 and all. */
        AS_ENTERED,
        /** Through the scheduler's ASID engine: the space takes one of the dynamic ASIDs and may flush as any mm would. */
        ASID
    }

    /** Counts an operation. */
    record Charge(Operation operation, int times) implements Act {}

    /** Writes CR3 so that this space is live. Nothing happens if it is live already and {@code flush} is not FLUSH. */
    record Load(String space, Flush flush) implements Act {}

    /** Carries out the acts only if the cause of the crossing is of one of these families. */
    record IfFamily(List<Cause.Family> families, List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** Carries out the acts only if the cause is a system call of this set (all: empty set). */
    record IfSyscall(SyscallSet set, List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** Whether the cause is a non-maskable interrupt (vector 2), whose entry is not that of other interrupts. */
    record IfNmi(List<Act> then, List<Act> otherwise) implements Act {
        @Override
        public List<Act> nested() {
            return both(then, otherwise);
        }
    }

    /** At a flush crossing: carries out the acts only if everything is flushed here, not page by page. */
    record IfFullFlush(List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** At a switch, before or after: carries out the acts only if another mm is loaded by it. */
    record IfMmChanges(List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** At a VM entry: carries out the acts only if the last guest on this CPU was another task's, another vCPU. */
    record IfVcpuChanges(List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** At a switch, before or after: carries out the acts only if a kernel thread is taken. */
    record IfKernelThread(List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** Carries out the acts only if the task is in a network namespace of its own, not in the initial one. */
    record IfNamespaced(List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** Raises a flag of the task, such as "L1D flush needed before this vCPU's next entry". */
    record Raise(String flag) implements Act {}

    /** Carries out the acts and lowers the flag, only if the flag is raised. */
    record IfRaised(String flag, List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** Carries out the acts and raises the flag, only if it is not raised: once in a task's life. */
    record OnceATask(String flag, List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** At a touch: whether what was touched is of these classes. */
    record IfTouched(Set<MemoryClass> classes, List<Act> then, List<Act> otherwise) implements Act {
        @Override
        public List<Act> nested() {
            return both(then, otherwise);
        }
    }

    /**
     * Mechanism mapped set, at a touch: whether the touched page is of those mapped in advance.
     *
     * @param share of all pages, 0 to 1; which ones depends on the page alone, so that a greater share holds a smaller one
     */
    record IfPreloaded(double share, List<Act> then, List<Act> otherwise) implements Act {
        @Override
        public List<Act> nested() {
            return both(then, otherwise);
        }
    }

    /**
     * Mechanism mapped set: maps the touched page in this task's set of the live space; counts a {@link Operation#PTE_WRITE}.
     * A call that needs more than the limits is only counted, {@link Lane#callsBeyondLimits}.
     *
     * @param pages that the task's set may hold
     * @param codePages that may be mapped by instruction fetches in one call
     */
    record MapTouched(int pages, int codePages) implements Act {}

    /** Mechanism mapped set: a call ends, the task's set is emptied; counts a {@link Operation#PTE_WRITE} a page. */
    record UnmapTouched() implements Act {}

    /** Mechanism mapped set: a call ends, the task's set stays for its next one. */
    record KeepTouched() implements Act {}

    /** At a touch: maps the page until the next is so mapped or the kernel is left (an ephemeral, CPU-local mapping). */
    record MapBriefly() implements Act {}

    /**
     * Mechanism interrupt depth: an interrupt or exception begins. At the first level, if another space is live it is
     * remembered and left for this one; deeper levels only count.
     */
    record Suspend(String space, Flush flush) implements Act {}

    /** Mechanism interrupt depth: it returns. At the last level the remembered space is loaded again. */
    record Resume(Flush flush) implements Act {}

    /** Leaves a restricted space for good: the kernel's is loaded if another is live, a remembered one is forgotten. */
    record Leave(Flush flush) implements Act {}

    /** The task is switched out: leaves its restricted space, live or suspended, and remembers it for the task. */
    record SaveForTask(Flush flush) implements Act {}

    /** The task is switched in: loads the space that was remembered for it, or suspends it if it was so. */
    record RestoreForTask(Flush flush) implements Act {}

    /**
     * Mechanism rate: carries out the acts so often a time on average, evenly: {@code rate} 0.25 at every fourth
     * crossing. For what a recording cannot tell, stated and swept.
     */
    record AtRate(double rate, List<Act> then) implements Act {
        @Override
        public List<Act> nested() {
            return then;
        }
    }

    /** The mm's tables have a new generation: this CPU flushes by an act of its own, others at its next load there. */
    record RaiseGeneration() implements Act {}

    /**
     * Drops what the TLB holds of a space under the live ASID, by INVPCID; where there is none, {@code otherwise} is done.
     */
    record InvalidateSpace(String space, List<Act> otherwise) implements Act {
        @Override
        public List<Act> nested() {
            return otherwise;
        }
    }

    /**
     * One kernel page was unmapped from other namespaces' tables: CPUs that run another namespace are interrupted and
     * flush it, all CPUs flush their other ASIDs at the next use.
     */
    record ShootOtherNamespaces() implements Act {}

    /** One kernel page was unmapped for all (flush_tlb_kernel_range): every CPU is interrupted and flushes it. */
    record ShootKernelPage() implements Act {}

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

    /**
     * Mechanism taint: another mm's code runs from here on; what this mm left behind becomes another's.
     *
     * @param data taints that count as data, {@link Strategy#ALL_DATA} but for a quirk
     */
    record TaintOtherMm(int data) implements Act {}

    /** The acts inside this one that may be carried out. */
    default List<Act> nested() {
        return List.of();
    }

    private static List<Act> both(List<Act> then, List<Act> otherwise) {
        return java.util.stream.Stream.concat(then.stream(), otherwise.stream()).toList();
    }
}
