package tollgate.replay;

/**
 * The taxonomy of memory by whose it is and how much it would hurt to lose: what a view maps or leaves
 * out, and what exposure is counted in. "Current" is decided by the task, VM or namespace running.
 *
 * <p>A class counts as unmapped only if both its primary address and its alias in the direct map are.
 * Sensitivity: 0 public, 1 layout and metadata, 2 a tenant's data, 3 keys and credentials; where the
 * literature gives a range the higher value stands here.
 */
public enum MemoryClass {
    /** User pages of the current process, at their user addresses. */
    U_CUR(2),
    /** User pages of other processes, through the direct map. */
    U_OTH(2),
    /** Memory of the guest that this task runs. */
    G_CUR(2),
    /** Memory of other guests. */
    G_OTH(2),
    /** Page-cache pages that the current task may read. */
    PC_RD(2),
    /** All other page-cache pages. */
    PC_OTH(2),
    /** Free pages of the direct map, with what they last held. */
    PM_FREE(2),
    /** Core kernel text and read-only data. */
    K_TEXT(0),
    /** Modules: text, read-only data, data. */
    K_MOD(1),
    /** Static kernel data and bss. */
    K_DATA(1),
    /** Keys, keyrings, crypto state, other tenants' credentials. */
    K_SECRET(3),
    /** Per-CPU areas of all CPUs. */
    PERCPU(1),
    /** Current task_struct, kernel stack, FPU state, mm_struct, PGD. */
    K_TASK_CUR(2),
    /** The same of other tasks. */
    K_TASK_OTH(2),
    /** Other kernel objects of the current process: files, pipes, sockets, VMAs. */
    K_PROC_CUR(2),
    /** Such objects of other processes. */
    K_PROC_OTH(2),
    /** Structures of the VM that this task runs: struct kvm, vcpu, VMCS or VMCB, LAPIC. */
    K_VM_CUR(2),
    /** Structures of other VMs. */
    K_VM_OTH(2),
    /** Objects private to the current network namespace. */
    K_NS_CUR(2),
    /** Objects private to other network namespaces. */
    K_NS_OTH(2),
    /** Page tables of processes, nested and shadow tables. */
    PT(2),
    /** cpu_entry_area and entry text: what must be mapped wherever an entry can happen. */
    ENTRY(1),
    /** The array of struct page. */
    VMEMMAP(1),
    /** vmalloc, vmap and ioremap areas that are no task's stack. */
    VMALLOC(2),
    /** Ephemeral CPU-local mappings made for one access. */
    EPH(2);

    private static final MemoryClass[] ALL = values();

    private final int sensitivity;

    MemoryClass(int sensitivity) {
        this.sensitivity = sensitivity;
    }

    /** 0 public, 1 metadata, 2 tenant data, 3 keys. */
    public int sensitivity() {
        return sensitivity;
    }

    /** Whether it is the current process's, VM's or namespace's, or what that may read anyway. */
    public boolean isOwn() {
        return switch (this) {
            case U_CUR, G_CUR, PC_RD, K_TASK_CUR, K_PROC_CUR, K_VM_CUR, K_NS_CUR, EPH -> true;
            default -> false;
        };
    }

    public static MemoryClass of(int ordinal) {
        return ALL[ordinal];
    }
}
