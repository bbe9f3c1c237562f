package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The event tables of what flushes or bars at crossings, row by row; without the VMWRITEs that every strategy pays on Intel. */
class ComparatorsTest {
    /** Task 1 in a system call, no wish open but that of its vCPU's load. */
    private static Play inKernel() {
        return Play.onAmd().on(0).task(1).leave().enter(Play.IOCTL).then();
    }

    /** The same after a guest ran: nothing is owed. */
    private static Play afterGuest() {
        return Play.onAmd()
                .on(0)
                .task(1)
                .leave()
                .enter(Play.IOCTL)
                .guest(1)
                .exit(1)
                .then();
    }

    @Test
    void verwRunsAtEveryReturnAndVmEntry() {
        assertThat(inKernel().interrupt(Play.TIMER).back().costs("verw")).isEmpty();
        assertThat(inKernel().leave().enter(Play.READ).leave().costs("verw")).isEqualTo("VERW 2");
        assertThat(inKernel().guest(1).exit(1).guest(1).costs("verw")).isEqualTo("VERW 2");
    }

    @Test
    void anL1dFlushSparesTheVerwOfItsVmEntryOnly() {
        assertThat(inKernel().guest(1).exit(1).guest(1).exit(1).toVmm().leave().costs("verw+l1d-flush"))
                .as("flush at the first entry, VERW at the second, VERW at the return")
                .isEqualTo("VERW 2, L1D_FLUSH 1");
        assertThat(inKernel().guest(1).exit(1).guest(1).costs("verw+l1d-flush(mode=always)"))
                .isEqualTo("L1D_FLUSH 2");
    }

    @Test
    void alwaysFlushesBeforeEveryVmEntry() {
        assertThat(inKernel().guest(1).exit(1).guest(1).exit(1).costs("l1d-flush(mode=always)"))
                .isEqualTo("L1D_FLUSH 2");
    }

    @Test
    void theConditionalFlushFollowsWhatTheHandlerDid() {
        assertThat(inKernel().guest(1).costs("l1d-flush")).as("vCPU loaded").isEqualTo("L1D_FLUSH 1");
        assertThat(afterGuest().guest(1).costs("l1d-flush")).as("audited exit").isEmpty();
        assertThat(afterGuest().guestFault().guest(1).exit(1).guest(1).costs("l1d-flush"))
                .as("once")
                .isEqualTo("L1D_FLUSH 1");
        assertThat(afterGuest().interrupt(Play.TIMER).back().guest(1).costs("l1d-flush"))
                .isEqualTo("L1D_FLUSH 1");
        assertThat(afterGuest().interrupt(Cause.KERNEL_FAULT).back().guest(1).costs("l1d-flush"))
                .isEmpty();
        assertThat(afterGuest().toVmm().guest(1).costs("l1d-flush")).isEqualTo("L1D_FLUSH 1");
        assertThat(afterGuest().task(2).task(1).guest(1).costs("l1d-flush"))
                .as("vCPU loaded again; the CR3 writes are the scheduler's: task 2 is new, task 1 known")
                .isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1, L1D_FLUSH 1");
        assertThat(afterGuest().guest(1).exit(1).guest(1).exit(1).guest(1).costs("l1d-flush(emulated=1)"))
                .as("every exit emulates; the one before the mark too")
                .isEqualTo("L1D_FLUSH 3");
    }

    @Test
    void whatKvmAsiLeavesIsFlushedOnce() {
        assertThat(afterGuest().toVmm().guest(1).costs("kvm-asi(l1d_flush=cond)+l1d-flush"))
                .as("one wish for both")
                .contains("L1D_FLUSH 1");
        assertThat(afterGuest().toVmm().guest(1).costs("verw+kvm-asi(l1d_flush=cond)"))
                .as("the flush clears what VERW would")
                .contains("L1D_FLUSH 1")
                .doesNotContain("VERW");
    }

    @Test
    void inTheWrongOrderVerwIsPaidBesideTheFlushAndNeverSkippedWithoutOne() {
        assertThat(afterGuest().toVmm().guest(1).exit(1).guest(1).costs("l1d-flush+verw"))
                .isEqualTo("VERW 2, L1D_FLUSH 1");
    }

    @Test
    void ibpbRunsWhereAnotherMmIsLoaded() {
        assertThat(inKernel().task(2).task(1).costs("ibpb")).contains("IBPB 2").doesNotContain("VERW");
        assertThat(inKernel().task(101).kernelThread().task(1).costs("ibpb")).isEmpty();
        assertThat(inKernel().task(2).task(1).costs("ibpb(mode=cond)")).doesNotContain("IBPB");
        assertThat(inKernel().task(2).task(1).costs("ibpb(mode=cond,opted_in=0.5)"))
                .contains("IBPB 1");
    }

    @Test
    void ibpbRunsBetweenTheGuestsOfOneCpu() {
        for (String mode : new String[] {"always", "cond"}) {
            assertThat(afterGuest().guest(1).exit(1).guest(1).costs("ibpb(mode=" + mode + ")"))
                    .as("the same vCPU")
                    .isEmpty();
            assertThat(afterGuest()
                            .task(101)
                            .guest(1)
                            .exit(1)
                            .guest(1)
                            .exit(1)
                            .task(1)
                            .guest(1)
                            .costs("ibpb(mode=" + mode + ")"))
                    .as("two vCPUs of one VM, to one and back")
                    .isEqualTo("IBPB 2");
        }
        assertThat(afterGuest().on(1).task(101).guest(1).costs("ibpb(mode=cond)"))
                .as("the first that is seen on a CPU")
                .doesNotContain("IBPB");
    }

    @Test
    void xpfoShootsAPageDownForEachThatUserModeGets() {
        Play fault = Play.onAmd()
                .on(1)
                .task(2)
                .on(0)
                .task(1)
                .leave()
                .then()
                .enter(Cause.of(Cause.Family.FAULT, 0))
                .leave();
        assertThat(fault.costs("xpfo"))
                .as("two CPUs flush, the other is interrupted")
                .isEqualTo("INVLPG 2, PTE_WRITE 2, IPI_SEND 1, IPI_RECEIVE 1, IPI_WAIT 1");
        assertThat(fault.costs("xpfo(pages=3)"))
                .isEqualTo("INVLPG 6, PTE_WRITE 6, IPI_SEND 3, IPI_RECEIVE 3, IPI_WAIT 3");
        assertThat(fault.costs("xpfo(pages=0)")).isEmpty();
        assertThat(fault.enter(Play.READ).leave().costs("xpfo(pages=0,accesses=0.5)"))
                .as("one call owes half a page")
                .isEmpty();
    }

    @Test
    void xpfoSplitsTheDirectMap() {
        long[] pages = {Play.page(0, Access.LOAD), Play.page(1, Access.LOAD)};
        Play touching = inKernel().touch(pages);
        assertThat(touching.walks("baseline")).as("one 2 MiB page").isEqualTo(1);
        assertThat(touching.walks("xpfo")).isEqualTo(2);
        assertThat(touching.walks("xpfo(split=false)")).isEqualTo(1);
    }

    @Test
    void ibpbAfterAGuestWaitsForTheFirstReturnToUserMode() {
        assertThat(afterGuest().guest(1).exit(1).toVmm().costs("ibpb(exit_to_user=true)"))
                .isEmpty();
        assertThat(afterGuest().toVmm().leave().enter(Play.READ).leave().costs("ibpb(exit_to_user=true)"))
                .isEqualTo("IBPB 1");
    }

    @Test
    void returnStackIsFilledAtTaskSwitchesAndVmExits() {
        assertThat(inKernel().task(101).kernelThread().costs("rsb-fill")).isEqualTo("RSB_FILL 2");
        assertThat(inKernel().guest(1).exit(1).costs("rsb-fill")).isEqualTo("RSB_FILL 1");
        assertThat(inKernel().guest(1).exit(1).costs("rsb-fill(vm_exit=false)")).isEmpty();
    }
}
