package tollgate.replay;

/**
 * The places where an isolation strategy may act. In {@link Steps} a crossing carries its CPU's time
 * and the two arguments that stand beside it here; an argument that is not named is 0.
 */
public enum Crossing {
    /** What follows happens on another CPU. argument: its number. Not an event of the recorded system. */
    CPU,
    /** From user mode into the kernel. argument: {@link Cause}. */
    USER_ENTRY,
    /** From the kernel to user mode. */
    USER_RETURN,
    /** Interrupt or fault taken in kernel mode (also in the idle loop). argument: {@link Cause}. */
    KERNEL_ENTRY,
    /** Return from it to the kernel code interrupted. */
    KERNEL_RETURN,
    /** The scheduler takes another task. argument: task; extra: {@link Steps#owner} of its mm and namespace. */
    SWITCH,
    /** The current task gets a new address space (execve). argument: task; extra: owner of the new mm. */
    EXEC,
    /** The current task moves to another network namespace. extra: owner, as it is from now on. */
    NAMESPACE,
    /** A task has ended and its number will be used again. argument: task. */
    TASK_EXIT,
    /** An address space ends with its last thread. argument: mm. */
    MM_EXIT,
    /** The vCPU enters the guest. argument: VM. */
    VM_ENTRY,
    /** Back from the guest. argument: {@link Cause} (exit reason); extra: VM. */
    VM_EXIT,
    /** The handler of a guest page fault starts. */
    GUEST_FAULT,
    /** End of vcpu_run: the exit goes on to the VMM in user mode. */
    VMM_RETURN,
    /** This CPU flushes user pages of its mm, on its own behalf. extra: pages, -1 for all. */
    FLUSH_LOCAL,
    /** This CPU sends a shootdown of its mm's user pages to others. extra: pages, -1 for all. */
    FLUSH_SEND,
    /** This CPU carries out a shootdown sent by another. extra: pages, -1 for all. */
    FLUSH_RECEIVE,
    /** Kernel pages are unmapped: every CPU flushes. extra: pages, -1 for all. */
    FLUSH_KERNEL,
    /** The CPU goes to sleep deeply enough to lose its TLBs. */
    DEEP_IDLE,
    /** Something happened on this CPU that the recording lost: its context is unknown from here on. */
    LOST,
    /** Whether costs are counted for the workload changes. extra: owner, as it is from now on. */
    SELECT,
    /** A segment of the trace ends, for the bootstrap. extra: busy nanoseconds of the workload so far. */
    SEGMENT,
    /** Never in {@link Steps}: the row of a table that is run when {@link #SWITCH} or {@link #EXEC} has loaded the address space. */
    SWITCHED;

    private static final Crossing[] ALL = values();

    public static Crossing of(int ordinal) {
        return ALL[ordinal];
    }
}
