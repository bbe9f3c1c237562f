package tollgate.replay.exposure;

import tollgate.replay.Cause;
import tollgate.replay.Crossing;
import tollgate.replay.MemoryClass;

/**
 * What opened a window, as a number: a crossing, the family of the cause of one that enters the kernel, or the class of
 * memory that was touched and not mapped.
 */
public final class Opening {
    private static final int FAMILIES = 32;
    private static final int CLASSES = 48;
    private static final int COUNT = CLASSES + 32;

    private Opening() {}

    public static int count() {
        return COUNT;
    }

    static int of(Crossing crossing, long argument) {
        return switch (crossing) {
            case USER_ENTRY, KERNEL_ENTRY, VM_EXIT ->
                FAMILIES + Cause.family((int) argument).ordinal();
            default -> crossing.ordinal();
        };
    }

    static int of(MemoryClass touched) {
        return CLASSES + touched.ordinal();
    }

    static boolean isTouch(int opening) {
        return opening >= CLASSES;
    }

    /** As the report prints it: "system call", "switch", "touch of g_cur". */
    public static String name(int opening) {
        if (isTouch(opening)) {
            return "touch of " + lower(MemoryClass.of(opening - CLASSES));
        }
        if (opening >= FAMILIES) {
            return switch (Cause.Family.values()[opening - FAMILIES]) {
                case SYSCALL -> "system call";
                case FAULT -> "fault";
                case INTERRUPT -> "interrupt";
                case SWITCH -> "preemption";
                case VM_EXIT, VM_REENTRY -> "VM exit";
                case UNKNOWN -> "unknown";
            };
        }
        return switch (Crossing.of(opening)) {
            case USER_RETURN -> "return to user mode";
            case SWITCH -> "context switch";
            case GUEST_FAULT -> "guest page fault";
            case VMM_RETURN -> "return to the VMM";
            case SELECT -> "start of the region";
            case KERNEL_RETURN -> "return from an interrupt";
            default -> lower(Crossing.of(opening));
        };
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
