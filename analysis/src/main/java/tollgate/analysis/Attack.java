package tollgate.analysis;

import java.util.Set;
import tollgate.analysis.CpuFeatures.Vulnerability;

/**
 * A way in which one who is not trusted gets at what is another's. What of it is open under a strategy follows from what
 * the strategy's address spaces map and from the replay; nobody writes it down.
 *
 * <p>Sources: Documentation/admin-guide/hw-vuln (l1tf.rst, mds.rst, spectre.rst, attack_vector_controls.rst);
 * Documentation/arch/x86/pti.rst.
 */
public enum Attack {
    MELTDOWN(
            "meltdown",
            "Meltdown, user to kernel",
            "What is mapped, whatever its permissions, in the address space that is live while user code runs.",
            "Sum over spaces: user time in the space x bytes of foreign memory that it maps / all user time. The entry code"
                    + " and cpu_entry_area, which every space must map, do not count.",
            "user code is hostile",
            Set.of(Vulnerability.MELTDOWN)),
    L1TF_THREAD(
            "l1tf_thread",
            "L1TF by a guest, same thread",
            "What the host used since the last flush of L1D before a guest runs; the guest needs no mapping of it.",
            "Sum over spaces: time of the kernel, armed through L1D for a guest, x bytes of memory foreign to the guest that the"
                    + " space maps, and of user code and other guests x their own memory / all time of the workload. Then"
                    + " the VM entries at which anything foreign may be left in L1D / all VM entries. Mapped, not touched:"
                    + " an upper bound. Host processes cannot do it: Linux inverts entries that are not present.",
            "the guest is hostile and runs on nested paging",
            Set.of(Vulnerability.L1TF)),
    L1TF_SIBLING(
            "l1tf_sibling",
            "L1TF by a guest, sibling thread",
            "What the host uses on one thread of a core while a guest runs on the other, and what it leaves in the L1D that"
                    + " they share.",
            "Sum over spaces: time in the space beside a guest on the sibling x bytes of memory foreign to that guest that is"
                    + " in reach of what ran / time that siblings were known. Then the hand-overs on this thread at which"
                    + " anything foreign may be left in L1D / all hand-overs.",
            "the sibling's guest is hostile",
            Set.of(Vulnerability.L1TF)),
    MDS_THREAD(
            "mds_thread",
            "MDS and TAA, same thread",
            "What the kernel or another tenant used since CPU buffers were last cleared, before untrusted code runs.",
            "As for L1TF on the same thread, for all untrusted code and the store, fill and load buffers: time armed since the"
                    + " last VERW or L1D flush x foreign bytes / all time of the workload; then dirty hand-overs / all.",
            "user code and guests are hostile",
            Set.of(Vulnerability.MDS, Vulnerability.TAA)),
    MDS_SIBLING(
            "mds_sibling",
            "MDS and TAA, sibling thread",
            "What one thread of a core uses while untrusted code runs on the other: they share fill buffers and load ports.",
            "As for L1TF from the sibling, for all untrusted code there. Then hand-overs on this thread with anything foreign"
                    + " in CPU buffers / all hand-overs.",
            "the sibling's code is hostile",
            Set.of(Vulnerability.MDS, Vulnerability.TAA)),
    SPECTRE_V1_USER(
            "spectre_v1_user",
            "Spectre v1, user to kernel",
            "What is mapped in the address space that the kernel runs in for user code: speculation takes no faults.",
            "Sum over spaces: kernel time after entries from user code x bytes of foreign memory that the space maps, and of"
                    + " foreign pages mapped one by one / all kernel time after entries from untrusted code. Of a task that"
                    + " was switched in inside the kernel it is not seen where it came from: bounds where guests ran.",
            "the kernel has a usable gadget",
            Set.of()),
    SPECTRE_V1_GUEST(
            "spectre_v1_guest",
            "Spectre v1, guest to host",
            "What is mapped in the address space that exits are served in.",
            "As from user code, after VM exits. Then the exits that open the full space / all exits.",
            "the kernel has a usable gadget",
            Set.of()),
    SPECTRE_V2_USER(
            "spectre_v2_user",
            "Spectre v2, BHI, Retbleed, user to kernel",
            "The same, while branch state that untrusted code left has not been flushed.",
            "As Spectre v1 from user code, only for kernel time with no IBPB since untrusted code ran. Retpolines, enhanced"
                    + " IBRS and return-stack filling are not counted.",
            "no mitigation at branches",
            Set.of(Vulnerability.SPECTRE_V2, Vulnerability.RETBLEED)),
    SPECTRE_V2_GUEST(
            "spectre_v2_guest",
            "Spectre v2, BHI, Retbleed, guest to host",
            "The same after VM exits.",
            "As Spectre v1 from guests, only for kernel time with no IBPB since untrusted code ran.",
            "no mitigation at branches",
            Set.of(Vulnerability.SPECTRE_V2, Vulnerability.RETBLEED)),
    BRANCHES_TENANTS(
            "branches_tenants",
            "Spectre v2 between tenants",
            "Branch state that one tenant's code left when another's runs on the same thread.",
            "Hand-overs to untrusted code with branch state of another tenant and no IBPB since / all hand-overs.",
            "no mitigation at branches",
            Set.of(Vulnerability.SPECTRE_V2)),
    CODE_REUSE(
            "code_reuse",
            "ROP and other reuse of kernel code",
            "The kernel code that a hijacked return or call may go to.",
            "Sum over spaces: kernel time after entries from untrusted code x bytes of kernel code that is mapped, or that a"
                    + " fetch opens unchecked / all such time; then such time in spaces that map code only where it was"
                    + " checked.",
            "a bug in the kernel gives control of returns",
            Set.of()),
    NAMESPACE_READ(
            "namespace_read",
            "reads across network namespaces through a kernel bug",
            "Objects private to another network namespace in the space that the kernel runs in for user code.",
            "Sum over spaces: kernel time after entries from user code x bytes of other namespaces' objects that are mapped, or"
                    + " that a touch opens / all kernel time after entries from untrusted code.",
            "a bug reads at an address of the attacker's choice, and writes nowhere",
            Set.of());

    private final String key;
    private final String title;
    private final String reach;
    private final String definition;
    private final String assumes;
    private final Set<Vulnerability> vulnerabilities;

    Attack(
            String key,
            String title,
            String reach,
            String definition,
            String assumes,
            Set<Vulnerability> vulnerabilities) {
        this.key = key;
        this.title = title;
        this.reach = reach;
        this.definition = definition;
        this.assumes = assumes;
        this.vulnerabilities = vulnerabilities;
    }

    /** Name in CSV and JSON. */
    public String key() {
        return key;
    }

    public String title() {
        return title;
    }

    /** What it gets at, in a sentence. */
    public String reach() {
        return reach;
    }

    /** What is summed and divided by what. */
    public String definition() {
        return definition;
    }

    /** What must be so for it to work at all, beside what is mapped. */
    public String assumes() {
        return assumes;
    }

    /** Flaws of a CPU of which it needs one; none if it works on every CPU that speculates, or needs a bug. */
    public Set<Vulnerability> vulnerabilities() {
        return vulnerabilities;
    }

    /** As in JSON. */
    @Override
    public String toString() {
        return key;
    }
}
