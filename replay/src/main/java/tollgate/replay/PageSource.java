package tollgate.replay;

/**
 * Where the page accesses of an event come from when the recording has no addresses. Called by the
 * timeline in the order of the trace; appends {@link Access} words to the steps.
 *
 * <p>{@code position} is the event's place in the trace, from 0: what is drawn depends on it, on the
 * seed and on what the trace told of the task and its process, never on what was drawn before, except that a blocked call goes
 * on with the invocation it began.
 * {@code task} and {@code mm} are the timeline's numbers; {@link Steps#NO_MM} for a kernel thread.
 */
public interface PageSource {
    /** What became of a VM exit before the next entry. */
    enum ExitOutcome {
        /** Served in the kernel. */
        IN_KERNEL,
        /** An interrupt was taken meanwhile. */
        INTERRUPTED,
        /** The vCPU thread was switched out. */
        SCHEDULED,
        /** Returned to the VMM. */
        USERSPACE
    }

    /** What more is known of a VM exit. */
    enum ExitDetail {
        NONE,
        /** Port read, MSR read. */
        READ,
        /** Port write, MSR write. */
        WRITE,
        /** String I/O. */
        STRING_READ,
        STRING_WRITE,
        /** Nested page fault on guest memory. */
        MEMORY,
        /** Nested page fault on a device. */
        MMIO,
        /** Served by an ioeventfd. */
        MMIO_EVENTFD
    }

    /** A whole call that did not block, at its end. @param nanos from entry to exit, -1 if not told */
    void syscall(Steps out, int number, int task, int mm, boolean failed, long nanos, long position);

    /**
     * The part of a call before it is switched out, its half of the switch included. Again for each further blocking.
     *
     * @param nanos from entry to the switch, -1 if not told
     */
    void syscallBlocks(Steps out, int number, int task, int mm, long nanos, long position);

    /** What is left of a call that blocked, at its end. */
    void syscallResumes(Steps out, int task, int mm, boolean failed, long position);

    /** @param errorCode x86 page-fault error code */
    void fault(Steps out, boolean fromUser, int errorCode, int task, int mm, long position);

    void interrupt(Steps out, int vector, boolean fromUser, int task, int mm, long position);

    /** What a task that is preempted touches on its way out, up to the change of stacks. */
    void switchOut(Steps out, int task, int mm, long position);

    /** What it touches after it was taken again, from the change of stacks on. */
    void switchIn(Steps out, int task, int mm, long position);

    /** A new task's way to its first user instruction. */
    void newTask(Steps out, int task, int mm, long position);

    /** From a VM exit to the next entry, to the switch or to the return to the VMM. @param reason {@link tollgate.ingest.ExitReason} id */
    void vmExit(Steps out, int reason, ExitDetail detail, ExitOutcome outcome, int task, int mm, int vm, long position);

    /** From the KVM_RUN call to the VM entry. @param reason of the exit that went to the VMM before, -1 for none */
    void vmReentry(Steps out, int reason, int task, int mm, int vm, long position);

    /** A stretch in user mode. */
    void user(Steps out, int task, int mm, long nanos, long position);

    /** A call whose pages are not asked for; it tells who there is and what the task works on. */
    void called(int task, int mm, int number);

    /** A fault whose pages are not asked for; its process has more in memory after it. */
    void faulted(int mm);

    /** What the task has begun does not go on. */
    void drop(int task);

    /** The task has ended; its number will be used again. */
    void forget(int task);

    /** An address space begins, by fork or exec. */
    void newMm(int mm);

    /** The last task of an address space has ended, or all have left it by exec. */
    void forgetMm(int mm);

    /** Events drawn so far, user stretches not counted. */
    long drawn();

    /** Of these, events without a footprint of their own, whose pages were borrowed from another event's. */
    long borrowed();
}
