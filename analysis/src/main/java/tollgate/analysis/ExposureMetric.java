package tollgate.analysis;

/**
 * What a result says of who could have looked at what. Definitions follow the literature on address-space isolation and
 * attack surfaces: Kurmus et al., "Attack Surface Metrics and Automated Compile-Time OS Kernel Tailoring", NDSS 2013; Xia
 * et al., "A Secret-Free Hypervisor", S&amp;P 2022. Sensitivity levels are not weighed against each other, and nothing is
 * summed to one score.
 */
public enum ExposureMetric {
    FULL_TIME(
            "full_space_time",
            "%",
            "full address space live",
            "Time that the kernel's full address space was live while the workload's user or kernel code ran / all such"
                    + " time. The ends differ by stretches in which unmapped memory was touched at an unknown moment."),
    FULL_KERNEL_TIME(
            "full_space_kernel_time",
            "%",
            "full address space live, of kernel time",
            "The same, of the time in kernel mode alone."),
    EXITS_RESTRICTED(
            "vm_exits_restricted",
            "%",
            "VM exits served without the full address space",
            "Exits between which and the next VM entry the full address space was not live for an instant / all exits."
                    + " For these what the restricted space does not map is out of reach, whatever a sibling runs."),
    IMMUNE_TIME(
            "immune_time",
            "%",
            "time without the full address space",
            "Time of guest, user and kernel code of the workload while the full address space was not live / all such time:"
                    + " for so long what restricted spaces do not map is out of reach, whatever a sibling runs."),
    WINDOWS(
            "windows",
            "windows",
            "windows of the full address space",
            "How often the full address space became live; a window ends when another space, a guest, the idle task or"
                    + " another account's task is next."),
    WINDOW_MEDIAN("window_median", "ns", "half of the windows last no longer", "Median length, within 1 %."),
    WINDOW_P99(
            "window_p99", "ns", "99 % of the windows last no longer", "99th percentile of their length, within 1 %."),
    WINDOW_LONGEST(
            "window_longest", "ns", "longest window", "The longest of them, to the end of the recording at most."),
    THREAD_LAYOUT("thread_layout_byte_seconds", "byte s", "layout in reach of the same thread", armedBytes(1)),
    THREAD_TENANT(
            "thread_tenant_data_byte_seconds", "byte s", "tenants' data in reach of the same thread", armedBytes(2)),
    THREAD_KEYS("thread_keys_byte_seconds", "byte s", "keys in reach of the same thread", armedBytes(3)),
    SIBLING_LAYOUT_BYTES("sibling_layout_byte_seconds", "byte s", "layout in reach of the sibling", besideBytes(1)),
    SIBLING_TENANT_BYTES(
            "sibling_tenant_data_byte_seconds", "byte s", "tenants' data in reach of the sibling", besideBytes(2)),
    SIBLING_KEYS_BYTES("sibling_keys_byte_seconds", "byte s", "keys in reach of the sibling", besideBytes(3)),
    NEVER_MAPPED(
            "secrets_never_mapped",
            "%",
            "secrets never mapped where somebody could look",
            "Bytes of classes of level 2 and 3 that are not the current tenant's own and that no space maps which was armed"
                    + " through L1D, live beside untrusted code, or live while user code ran / bytes of all such classes."
                    + " Sizes are the sidecar's or those stated by default."),
    L1D_TENANT(
            "l1d_tenant_data_time",
            "%",
            "tenants' data open to the same thread, through L1D",
            armed("level 2 (tenants' data)", "an L1D flush")),
    L1D_KEYS(
            "l1d_keys_time", "%", "keys open to the same thread, through L1D", armed("level 3 (keys)", "an L1D flush")),
    BUFFERS_TENANT(
            "buffers_tenant_data_time",
            "%",
            "tenants' data open to the same thread, through CPU buffers",
            armed("level 2 (tenants' data)", "VERW or an L1D flush")),
    BUFFERS_KEYS(
            "buffers_keys_time",
            "%",
            "keys open to the same thread, through CPU buffers",
            armed("level 3 (keys)", "VERW or an L1D flush")),
    SIBLING_FULL(
            "sibling_full_space_time",
            "%",
            "full address space live beside untrusted code",
            "Time that the full address space was live here while a sibling ran user or guest code / time that the"
                    + " siblings' contexts were known."),
    SIBLING_TENANT(
            "sibling_tenant_data_time", "%", "tenants' data open to the sibling", beside("level 2 (tenants' data)")),
    SIBLING_KEYS("sibling_keys_time", "%", "keys open to the sibling", beside("level 3 (keys)")),
    L1D_HANDOVERS("l1d_dirty_handovers", "hand-overs", "hand-overs with others' data in L1D", dirty("an L1D flush")),
    BUFFERS_HANDOVERS(
            "buffers_dirty_handovers",
            "hand-overs",
            "hand-overs with others' data in CPU buffers",
            dirty("VERW or an L1D flush")),
    HANDOVERS("handovers", "hand-overs", "all hand-overs", "How often the workload's user or guest code was let run."),
    BRANCH_ENTRIES(
            "dirty_branch_entries",
            "entries",
            "kernel entries with untrusted branch state",
            "Entries from user or guest code after which the kernel ran on the full address space with no IBPB since"
                    + " untrusted code ran. What retpolines or enhanced IBRS do about it is not counted."),
    BRANCH_TIME(
            "dirty_branch_time",
            "%",
            "kernel time with untrusted branch state",
            "How long it ran that way / time in kernel mode."),
    STUNNED(
            "stunned_time",
            "%",
            "siblings stunned or forced idle",
            "Time that siblings are kept from running what they would have run / time that the siblings' contexts were"
                    + " known. Stated, not fed back into the replay."),
    STUNS(
            "stuns",
            "stuns",
            "stuns to keep the claim at all times",
            "How often a sibling that runs untrusted code would have to be stopped, or kept waiting on its way there, for"
                    + " no such code ever to run beside the full address space. Where no sibling was recorded: from none"
                    + " to one a window, beside a sibling that always runs untrusted code."),
    NAMESPACE_REACH(
            "other_namespaces_time",
            "%",
            "other namespaces' objects mapped",
            "Time that objects private to other network namespaces were mapped while the workload's user or kernel code"
                    + " ran / all such time. What a read through a bug in the kernel reaches."),
    DEMAND_TENANT(
            "demand_pages_tenant_data",
            "pages",
            "others' pages mapped on demand",
            "Pages of level 2 that are not the current tenant's and were mapped one by one, on average over the time that"
                    + " the workload's user or kernel code ran.");

    private final String key;
    private final String unit;
    private final String title;
    private final String definition;

    ExposureMetric(String key, String unit, String title, String definition) {
        this.key = key;
        this.unit = unit;
        this.title = title;
        this.definition = definition;
    }

    private static String armed(String level, String flush) {
        return "Time in address spaces that map memory of " + level + " foreign to whoever ran meanwhile or was let run"
                + " later on this hardware thread without " + flush
                + " in between / all time of the workload. Mapped, not"
                + " touched: an upper bound of what was in reach.";
    }

    private static String armedBytes(int level) {
        return "Sum over spaces: time of the kernel, armed through L1D for whoever was let run later on this hardware thread"
                + " without an L1D flush in between, x bytes of level " + level
                + " foreign to it that the space maps; and of"
                + " user code and guests x their own memory, where that is foreign. Sizes are the sidecar's or those stated"
                + " by default. Mapped, not touched: an upper bound.";
    }

    private static String besideBytes(int level) {
        return "Sum over spaces: time of the kernel beside untrusted code on the sibling x bytes of level " + level
                + " foreign to that code that the space maps; and of user code and guests x their own memory. Where no sibling"
                + " was recorded: from none to one that always runs another tenant's code.";
    }

    private static String beside(String level) {
        return "Time that memory of " + level + " was mapped here while a sibling ran user or guest code to which it is"
                + " foreign / time that the siblings' contexts were known.";
    }

    private static String dirty(String flush) {
        return "How often user or guest code was let run while, since " + flush
                + ", an address space had been live that"
                + " maps memory of level 2 or 3 foreign to it. Mapped, not touched: an upper bound.";
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

    /** What is divided by what, in sentences. */
    public String definition() {
        return definition;
    }

    /** As in JSON. */
    @Override
    public String toString() {
        return key;
    }
}
