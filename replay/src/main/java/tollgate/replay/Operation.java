package tollgate.replay;

/**
 * What a crossing makes the hardware or the patched kernel do: the columns of a {@link Ledger}. Counted
 * here, priced by a CPU profile under the key {@link #price}; no price is known in this module.
 *
 * <p>Translations are counted apart for user and kernel mode, since a flush is paid for by both.
 */
public enum Operation {
    /** MOV to CR3 with bit 63 set: the tag's entries stay. */
    CR3_WRITE_KEEP("cr3_write_noflush"),
    /** MOV to CR3 that drops the tag's non-global entries, or, without PCID, all of them. */
    CR3_WRITE_FLUSH("cr3_write_flush"),
    /** MOV from CR3. */
    CR3_READ("cr3_read"),
    INVLPG("invlpg"),
    INVPCID_ADDRESS("invpcid_single_address"),
    INVPCID_CONTEXT("invpcid_single_context"),
    INVPCID_ALL("invpcid_all_incl_global"),
    /** Full flush by toggling CR4.PGE, where INVPCID is missing. */
    CR4_PGE_TOGGLE("flush_tlb_global_cr4_pge"),
    /** First-level TLB miss that hits the second level, kernel mode. */
    STLB_HIT("stlb_hit_penalty"),
    /** Page walk, kernel mode; its memory references are {@link #WALK_STEP}. */
    WALK("page_walk"),
    /** Page-table entry read by a walk, kernel mode. */
    WALK_STEP("page_walk_step"),
    STLB_HIT_USER("stlb_hit_penalty"),
    WALK_USER("page_walk"),
    WALK_STEP_USER("page_walk_step"),
    /** Delivery of a page fault and its IRET, without the handler. */
    FAULT("page_fault_exception_plus_iret"),
    /** The handler's own work on a fault that the strategy caused: finding out why, bookkeeping. */
    FAULT_HANDLER("isolation_fault_handler"),
    /** Looking a code address up in the kernel's symbols. */
    CODE_VERDICT("code_verdict"),
    /** One page-table entry written. */
    PTE_WRITE("pte_write"),
    /** Copying the 256 user entries of a page-global directory. */
    PGD_COPY("pgd_copy"),
    VERW("verw_mds_clear"),
    L1D_FLUSH("l1d_flush"),
    IBPB("ibpb"),
    RSB_FILL("rsb_fill"),
    IPI_SEND("ipi_send"),
    IPI_RECEIVE("ipi_receive"),
    IPI_WAIT("ipi_wait"),
    /** A sibling thread is kept out of the guest: IPI, exit and wait. Only strategies of the user's own charge it. */
    STUN("core_sched_sibling_stun_ipi"),
    /** VMWRITE of HOST_CR3, because CR3 differs from the cached value (Intel). */
    VMWRITE_HOST_CR3("vmwrite_host_cr3"),
    /** What a VMRESUME costs more after CR3 was written since the last one (Intel). */
    VMRESUME_SURCHARGE("cr3_write_surcharge_on_next_vmresume");

    private static final Operation[] ALL = values();

    private final String price;

    Operation(String price) {
        this.price = price;
    }

    /** Key of the price in a CPU profile: cycles of one such operation. */
    public String price() {
        return price;
    }

    public static int count() {
        return ALL.length;
    }

    public static Operation of(int ordinal) {
        return ALL[ordinal];
    }
}
