package tollgate.replay;

import tollgate.ingest.ExitReason;
import tollgate.ingest.Syscalls;

/**
 * Why the kernel runs: the key by which a ledger is kept, as one int.
 *
 * <pre>
 *   31      28 27                     0
 *  +----------+------------------------+
 *  |  family  | number in the family   |
 *  +----------+------------------------+
 * </pre>
 */
public final class Cause {
    /** What a cause can be. */
    public enum Family {
        /** number: system call of the x86-64 table. */
        SYSCALL,
        /** number: 0 user-mode page fault, 1 kernel-mode page fault, 2 any other exception. */
        FAULT,
        /** number: vector, or 0x1000 + Linux interrupt number. */
        INTERRUPT,
        /** number: 0. A context switch that no system call asked for. */
        SWITCH,
        /** number: {@link ExitReason} id. */
        VM_EXIT,
        /** number: {@link ExitReason} id of the exit after which the VMM re-enters. */
        VM_REENTRY,
        /** number: 0. Nothing known: after loss, or before the first event of a CPU. */
        UNKNOWN
    }

    public static final int USER_FAULT = of(Family.FAULT, 0);
    public static final int KERNEL_FAULT = of(Family.FAULT, 1);
    public static final int CONTEXT_SWITCH = of(Family.SWITCH, 0);
    public static final int UNKNOWN = of(Family.UNKNOWN, 0);

    private static final Family[] FAMILIES = Family.values();

    private Cause() {}

    public static int of(Family family, int number) {
        return family.ordinal() << 28 | number & 0xfffffff;
    }

    public static Family family(int cause) {
        return FAMILIES[cause >>> 28];
    }

    public static int number(int cause) {
        return cause & 0xfffffff;
    }

    /** As the report prints it: {@code read}, {@code page fault (user)}, {@code vector 236}, {@code exit npf}. */
    public static String name(int cause) {
        int number = number(cause);
        return switch (family(cause)) {
            case SYSCALL -> Syscalls.name(number);
            case FAULT -> number == 0 ? "page fault (user)" : number == 1 ? "page fault (kernel)" : "exception";
            case INTERRUPT -> number >= 0x1000 ? "irq " + (number - 0x1000) : "vector " + number;
            case SWITCH -> number == 0 ? "context switch" : "new task";
            case VM_EXIT -> "exit " + ExitReason.name(number);
            case VM_REENTRY -> "re-entry after " + ExitReason.name(number);
            case UNKNOWN -> "unknown";
        };
    }
}
