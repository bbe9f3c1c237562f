package tollgate.replay.strategy;

import static tollgate.replay.Strategy.charge;
import static tollgate.replay.Strategy.whenRaised;

import com.google.auto.service.AutoService;
import java.util.List;
import tollgate.replay.Act;
import tollgate.replay.Blueprint;
import tollgate.replay.Crossing;
import tollgate.replay.Operation;
import tollgate.replay.Settings;
import tollgate.replay.Strategy;
import tollgate.replay.View;

/**
 * CPU buffers cleared by VERW, against MDS and its kin.
 *
 * <pre>
 *   return to user     VERW, last thing
 *   before VM entry    VERW, unless an L1D flush has just cleared the buffers too
 * </pre>
 *
 * <p>Source: Documentation/arch/x86/mds.rst, arch/x86/include/asm/nospec-branch.h (CLEAR_CPU_BUFFERS). Left out: VERW
 * before deep idle, which only parts with MSBDS alone and SMT do. In a combination it stands before the L1D flush, since
 * it acts last: {@code verw+l1d-flush}.
 */
@AutoService(Blueprint.class)
public final class Verw implements Blueprint {
    /** Raised by an L1D flush: the buffers are clear until the VM entry that follows. */
    static final String CLEARED = "buffers-cleared";

    @Override
    public String name() {
        return "verw";
    }

    @Override
    public Role role() {
        return Role.COMPARATOR;
    }

    @Override
    public String origin() {
        return "Mainline Linux since 5.1.2 (May 2019): Documentation/arch/x86/mds.rst.";
    }

    @Override
    public String criticism() {
        return "The kernel's documentation: siblings share the buffers, so with SMT on it is no full protection; an NMI"
                + " between the VERW and the return goes uncovered.";
    }

    @Override
    public String protects() {
        return "Stops MDS, TAA and stale MMIO data read on the same thread after the kernel. Nothing against the sibling,"
                + " Meltdown, L1TF, Spectre or software bugs.";
    }

    @Override
    public Strategy build(Settings settings) {
        return Strategy.named(
                        name(),
                        "CPU buffers are cleared by VERW before user code and guests run.",
                        View.everything().kernelGlobal())
                .on(Crossing.USER_RETURN, charge(Operation.VERW))
                .on(Crossing.VM_ENTRY, new Act.OnceATask(CLEARED, List.of(charge(Operation.VERW))), whenRaised(CLEARED))
                .on(Crossing.VM_EXIT, whenRaised(CLEARED))
                .build();
    }
}
