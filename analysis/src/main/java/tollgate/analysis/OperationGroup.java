package tollgate.analysis;

import java.util.EnumMap;
import java.util.Map;
import tollgate.replay.Operation;

/** Operations that a reader wants to see as one: the parts of a stacked breakdown. Every operation is in one. */
public enum OperationGroup {
    CR3_WRITES("CR3 writes"),
    KERNEL_REFILL("TLB refill, kernel"),
    USER_REFILL("TLB refill, user"),
    FAULTS("faults"),
    FLUSH_INSTRUCTIONS("flush instructions"),
    TABLE_EDITS("page-table edits"),
    INTERPROCESSOR("inter-processor interrupts"),
    BUFFER_FLUSHES("buffer and branch flushes"),
    GUEST_ENTRY("VM entry");

    private static final Map<Operation, OperationGroup> OF = new EnumMap<>(Operation.class);

    static {
        for (Operation operation : Operation.values()) {
            OF.put(operation, choose(operation));
        }
    }

    private final String title;

    OperationGroup(String title) {
        this.title = title;
    }

    /** As charts and tables print it. */
    public String title() {
        return title;
    }

    public static OperationGroup of(Operation operation) {
        return OF.get(operation);
    }

    private static OperationGroup choose(Operation operation) {
        return switch (operation) {
            case CR3_WRITE_KEEP, CR3_WRITE_FLUSH, CR3_READ -> CR3_WRITES;
            case STLB_HIT, WALK, WALK_STEP -> KERNEL_REFILL;
            case STLB_HIT_USER, WALK_USER, WALK_STEP_USER -> USER_REFILL;
            case FAULT, FAULT_HANDLER, CODE_VERDICT -> FAULTS;
            case INVLPG, INVPCID_ADDRESS, INVPCID_CONTEXT, INVPCID_ALL, CR4_PGE_TOGGLE -> FLUSH_INSTRUCTIONS;
            case PTE_WRITE, PGD_COPY -> TABLE_EDITS;
            case IPI_SEND, IPI_RECEIVE, IPI_WAIT, STUN -> INTERPROCESSOR;
            case VERW, L1D_FLUSH, IBPB, RSB_FILL -> BUFFER_FLUSHES;
            case VMWRITE_HOST_CR3, VMRESUME_SURCHARGE -> GUEST_ENTRY;
        };
    }
}
