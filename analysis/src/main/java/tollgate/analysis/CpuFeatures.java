package tollgate.analysis;

import java.util.Set;

/**
 * What a CPU can do and what it must be protected from.
 *
 * @param hasPcid tagged TLB entries (CPUID 1, ECX bit 17)
 * @param hasInvpcid CPUID 7, EBX bit 10
 * @param hasLa57 five-level page tables (CPUID 7, ECX bit 16)
 * @param vulnerableTo as the kernel judges this model
 * @param defaults what mainline switches on by itself on this model: nobody deploys against nothing
 * @param cpuidSource of the first three
 * @param kernelSource of the last two
 */
public record CpuFeatures(
        Vendor vendor,
        boolean hasPcid,
        boolean hasInvpcid,
        boolean hasLa57,
        Set<Vulnerability> vulnerableTo,
        Set<Mitigation> defaults,
        String cpuidSource,
        String kernelSource) {
    public CpuFeatures {
        vulnerableTo = Set.copyOf(vulnerableTo);
        defaults = Set.copyOf(defaults);
    }

    public enum Vendor {
        INTEL,
        AMD
    }

    /** Those that address-space isolation or its comparators speak of, by the names of Documentation/admin-guide/hw-vuln. */
    public enum Vulnerability {
        MELTDOWN,
        L1TF,
        MDS,
        TAA,
        MMIO_STALE_DATA,
        SPECTRE_V2,
        RETBLEED,
        /** Indirect target selection. */
        ITS,
        /** Speculative return stack overflow. */
        SRSO,
        /** Transient scheduler attacks. */
        TSA,
        /** Guest to host user space. */
        VMSCAPE
    }

    public enum Mitigation {
        /** Page-table isolation. */
        PTI,
        /** VERW before every return to user space and VM entry. */
        VERW,
        /** L1D flush before a VM entry after an exit that ran unaudited code. */
        L1D_FLUSH_COND,
        /** IBPB on a switch to a task that asked for it. */
        IBPB_COND,
        /** IBPB before the first return to the VMM's user space after a VM exit (VMSCAPE). */
        IBPB_EXIT_TO_USER,
        /** Return stack filled at context switches and VM exits. */
        RSB_FILL
    }
}
