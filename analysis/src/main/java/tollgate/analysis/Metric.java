package tollgate.analysis;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a result says of a strategy on a workload, against a baseline on the same draws: no isolation at all, or where it
 * says so {@link Mainline}.
 */
public enum Metric {
    /** Added cycles / (recorded busy ns x GHz x work scale). */
    OVERHEAD("overhead", "%", "added time per busy time of the workload"),
    /** Added time per entry of the workload from user mode into the kernel. */
    NANOS_PER_ENTRY("added_per_kernel_entry", "ns", "added time per kernel entry from user mode"),
    /** Added time per VM exit, at the profile's frequency. */
    NANOS_PER_EXIT("added_per_vm_exit", "ns", "added time per VM exit"),
    CYCLES_PER_EXIT("added_cycles_per_vm_exit", "cycles", "added cycles per VM exit"),
    CYCLES_PER_ENTRY("added_cycles_per_kernel_entry", "cycles", "added cycles per kernel entry from user mode"),
    /** Writes of CR3, of either kind, per kernel entry. */
    CR3_WRITES_PER_ENTRY("cr3_writes_per_kernel_entry", "writes", "CR3 writes per kernel entry"),
    CR3_WRITES_PER_EXIT("cr3_writes_per_vm_exit", "writes", "CR3 writes per VM exit"),
    /** Share of exits after which the restricted address space was left. */
    EXITS_LEAVING("vm_exits_leaving", "%", "share of VM exits that leave the restricted address space"),
    /** Share of what is added that is paid in user mode, for translations flushed in the kernel. */
    USER_SHARE("user_side_share", "%", "share of the added cycles paid in user mode"),
    /** What recalled, borrowed and estimated prices have in what is added; what is saved counts like what is added. */
    UNSURE_PRICE_SHARE(
            "unsure_price_share", "%", "share of the added cycles at recalled, borrowed or estimated prices"),
    /** As {@link #OVERHEAD}, less what mainline's defaults add in the same draw; negative if they add more. */
    OVERHEAD_MAINLINE("overhead_against_mainline", "%", "added time per busy time, against mainline"),
    NANOS_PER_ENTRY_MAINLINE(
            "added_per_kernel_entry_against_mainline", "ns", "added time per kernel entry, against mainline"),
    NANOS_PER_EXIT_MAINLINE("added_per_vm_exit_against_mainline", "ns", "added time per VM exit, against mainline"),
    CYCLES_PER_EXIT_MAINLINE(
            "added_cycles_per_vm_exit_against_mainline", "cycles", "added cycles per VM exit, against mainline"),
    CYCLES_PER_ENTRY_MAINLINE(
            "added_cycles_per_kernel_entry_against_mainline",
            "cycles",
            "added cycles per kernel entry, against mainline");

    private final String key;
    private final String unit;
    private final String title;

    Metric(String key, String unit, String title) {
        this.key = key;
        this.unit = unit;
        this.title = title;
    }

    /** The same against mainline's defaults instead of no isolation, if this is an overhead. */
    public Optional<Metric> againstMainline() {
        return switch (this) {
            case OVERHEAD -> Optional.of(OVERHEAD_MAINLINE);
            case NANOS_PER_ENTRY -> Optional.of(NANOS_PER_ENTRY_MAINLINE);
            case NANOS_PER_EXIT -> Optional.of(NANOS_PER_EXIT_MAINLINE);
            case CYCLES_PER_EXIT -> Optional.of(CYCLES_PER_EXIT_MAINLINE);
            case CYCLES_PER_ENTRY -> Optional.of(CYCLES_PER_ENTRY_MAINLINE);
            default -> Optional.empty();
        };
    }

    /** The same against no isolation, if this is against mainline's defaults; else itself. */
    Metric alone() {
        return Arrays.stream(values())
                .filter(each -> each.againstMainline().filter(this::equals).isPresent())
                .findFirst()
                .orElse(this);
    }

    public boolean isAgainstMainline() {
        return key.endsWith("_against_mainline");
    }

    /** Name in CSV and JSON. */
    public String key() {
        return key;
    }

    public String unit() {
        return unit;
    }

    /** As a heading, without the unit. */
    public String title() {
        return title;
    }
}
