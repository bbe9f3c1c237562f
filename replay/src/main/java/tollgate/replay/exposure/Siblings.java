package tollgate.replay.exposure;

/** What a strategy lets the hardware threads of one core run at the same time. */
public enum Siblings {
    /** Anything, as it was recorded. */
    ANYTHING,
    /** Tasks of one tenant only; who would run beside another's is forced idle (core scheduling). */
    ONE_TENANT,
    /** The same, and no user or guest code while a sibling is in the kernel (core scheduling with kernel protection). */
    ONE_TENANT_OUT_OF_KERNEL,
    /** No guest code while a sibling is on the full address space (stun). */
    STUNNED_GUESTS,
    /** Neither guest nor user code while a sibling is on the full address space. */
    STUNNED,
    /** There are none: nosmt. */
    OFF
}
