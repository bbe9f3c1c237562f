package tollgate.analysis;

import java.util.function.IntPredicate;
import tollgate.replay.Cause;

/**
 * An event that a reader knows the rate of on a system of his own. What is paid on its account goes with its rate, all else
 * stays as recorded.
 */
public enum EventRate {
    /** Those of the workload, by whichever way they end. */
    SYSCALLS("syscalls", "system calls", cause -> Cause.family(cause) == Cause.Family.SYSCALL, Bill.Per.ENTRY),
    /** With what the VMM is called for: a guest's exits make its system calls. */
    VM_EXITS(
            "vm_exits",
            "VM exits",
            cause -> switch (Cause.family(cause)) {
                case VM_EXIT, VM_REENTRY, SYSCALL -> true;
                default -> false;
            },
            Bill.Per.EXIT);

    private final String key;
    private final String title;
    final IntPredicate causes;
    /** What the trace's pieces are divided by. */
    final Bill.Per per;

    EventRate(String key, String title, IntPredicate causes, Bill.Per per) {
        this.key = key;
        this.title = title;
        this.causes = causes;
        this.per = per;
    }

    /** Name in CSV and in studies. */
    public String key() {
        return key;
    }

    /** As a noun in the plural. */
    public String title() {
        return title;
    }

    /** Of a rate: per second of busy time of the workload. */
    public String unit() {
        return title + " per s";
    }
}
