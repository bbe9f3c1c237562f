package tollgate.analysis;

/** What a result says of a strategy on a workload: always against the baseline on the same draws. */
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
    USER_SHARE("user_side_share", "%", "share of the added cycles paid in user mode");

    private final String key;
    private final String unit;
    private final String title;

    Metric(String key, String unit, String title) {
        this.key = key;
        this.unit = unit;
        this.title = title;
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
