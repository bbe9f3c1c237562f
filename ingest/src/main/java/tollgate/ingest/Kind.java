package tollgate.ingest;

/**
 * What an event says. The columns {@code code}, {@code a} and {@code b} of a {@link Batch} mean what
 * stands beside each kind here and nothing else; a column that is not named is 0.
 *
 * <p>{@code tid}, {@code pid} and {@code comm} name the thread that was running when the event was
 * recorded (-1: not told). Numbers of threads are those of the initial PID namespace.
 */
public enum Kind {
    /** code: system call number as recorded (x86-64 table); a: first argument; b: second argument. */
    SYSCALL_ENTER,
    /** code: number as recorded (-1 after rt_sigreturn); a: result, negative errno on failure. */
    SYSCALL_EXIT,
    /** A fault taken in user mode. code: x86 error code; a: address; b: instruction pointer. */
    FAULT_USER,
    /** A fault taken in kernel mode. code: x86 error code; a: address; b: instruction pointer, 0 where it is told as a symbol. */
    FAULT_KERNEL,
    /** code: vector of the interrupt (irq_vectors), or 0x1000 + the Linux interrupt number (irq_handler_entry). */
    IRQ_ENTER,
    /** code: as in {@link #IRQ_ENTER}. */
    IRQ_EXIT,
    /** code: softirq number. */
    SOFTIRQ_ENTER,
    /** code: softirq number. */
    SOFTIRQ_EXIT,
    /**
     * The CPU leaves {@code tid} for another thread. code: state of the thread left, as in {@link
     * TaskState}; a: thread that comes; b: its comm id (-1: not told).
     */
    SWITCH,
    /** code: reason as numbered by the kernel (enum tlb_flush_reason); a: pages, -1 for all. */
    TLB_FLUSH,
    /** code: process of the child, -1 if not told; a: thread of the child; b: its comm id. */
    FORK,
    /** A successful execve; {@code comm} is the new name. a: thread id before (de_thread), -1 if not told. */
    EXEC,
    /** The thread {@code tid} ends. */
    EXIT,
    /** code: CPU it is put on (-1: not told); a: thread woken; b: its comm id. */
    WAKEUP,
    /** A name or process of a thread becomes known without anything happening (PERF_RECORD_COMM and the like). */
    NAME,
    /** code: {@link ExitReason} id; a: info1 (VMX exit qualification, SVM EXITINFO1); b: info2. */
    VM_EXIT,
    /** code: vcpu_id; a: guest instruction pointer, 0 if not told; b: 1 for an immediate exit. */
    VM_ENTRY,
    /** KVM_RUN is about to return to the VMM. code: KVM_EXIT_x, stale if a is negative; a: errno (0, or negative). */
    VMM_RETURN,
    /** KVM handles a guest page fault. code: error code, low 32 bits; a: guest-physical address; b: error code, whole. */
    GUEST_FAULT,
    /** code: port; a: 1 write, 0 read; b: size in bytes * 65536 + count. */
    GUEST_PIO,
    /** code: 0 unsatisfied read, 1 read, 2 write, 3 fast (ioeventfd); a: guest-physical address; b: length. */
    GUEST_MMIO,
    /** code: MSR number; a: 1 write, 0 read; b: value. */
    GUEST_MSR,
    /** A virtual interrupt is put into the guest. code: vector. */
    GUEST_IRQ,
    /** The thread moves to a namespace. code: {@link NamespaceType}; a: inode number of the namespace; b: its device. */
    NAMESPACE,
    /** Records were lost here. {@code cpu}: whose buffer (-1: not told); a: how many, -1 if not told. */
    LOST;

    private static final Kind[] ALL = values();

    /** The kind with this ordinal, without the copy that {@link #values} makes. */
    public static Kind of(int ordinal) {
        return ALL[ordinal];
    }
}
