package tollgate.analysis;

import java.io.Serializable;
import java.util.List;

/**
 * What a replay shows of a strategy's protection beyond single figures.
 *
 * @param attacks a cell for every {@link Attack}
 * @param windows of the full address space, by what opened them, the most time first, or the most of them without a clock
 * @param course how they lie in the recording
 * @param tenants what each tenant could reach of the others
 */
public record Protection(List<AttackCell> attacks, List<Opened> windows, Slices course, List<Tenant> tenants)
        implements Serializable {
    public static final Protection NONE =
            new Protection(List.of(), List.of(), new Slices(0, List.of(), List.of()), List.of());

    public Protection {
        attacks = List.copyOf(attacks);
        windows = List.copyOf(windows);
        tenants = List.copyOf(tenants);
    }

    /** The same, each attack's assumptions with what a CPU is open to. */
    Protection on(CpuProfile cpu) {
        return new Protection(attacks.stream().map(cell -> cell.on(cpu)).toList(), windows, course, tenants);
    }

    /** The same, with the interval of the share of VM exits that leave a restricted space wherever that is what an attack is left. */
    Protection leaving(Figure.Estimate share) {
        return new Protection(attacks.stream().map(cell -> cell.leaving(share)).toList(), windows, course, tenants);
    }

    /**
     * Windows of one cause. Their lengths are times of the recording: percentiles within 1 %.
     *
     * @param cause what opened them
     * @param count how many
     * @param total nanoseconds together
     * @param median nanoseconds that half of them do not exceed
     * @param p99 nanoseconds that 99 % of them do not exceed
     * @param longest nanoseconds
     */
    public record Opened(String cause, long count, Figure total, Figure median, Figure p99, Figure longest)
            implements Serializable {}

    /**
     * The recording in slices of equal width, all CPUs together; none without a real clock.
     *
     * @param width nanoseconds
     * @param host nanoseconds of user and kernel mode in each
     * @param full of it, with the full address space live
     */
    public record Slices(long width, List<Long> host, List<Long> full) implements Serializable {
        public Slices {
            host = List.copyOf(host);
            full = List.copyOf(full);
        }
    }

    /**
     * What one tenant had of others while it ran, in user or kernel mode.
     *
     * @param name as in the sidecar, or "namespace 2", "process 17"
     * @param namespaces percent of that time that objects private to other network namespaces were mapped
     * @param namespaceBytes of these on average
     * @param processes percent of that time that other processes' user memory was mapped
     * @param processBytes of that on average
     */
    public record Tenant(String name, Figure namespaces, Figure namespaceBytes, Figure processes, Figure processBytes)
            implements Serializable {}
}
