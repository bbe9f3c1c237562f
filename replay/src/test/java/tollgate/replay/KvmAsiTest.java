package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The event table of KVM ASI, row by row: column C1 (RFC of May 2019) and C2 (sessions of 2020). */
class KvmAsiTest {
    private static final String C1 = "kvm-asi";
    private static final String C2 = "kvm-asi-2020";

    /** The vCPU thread in KVM_RUN, never in a guest before. */
    private static Play inIoctl() {
        return Play.onAmd().on(0).task(1).leave().enter(Play.IOCTL);
    }

    /** Back from the guest, restricted; all that a first entry costs is paid. */
    private static Play exited() {
        return inIoctl().guest(1).exit(1).then();
    }

    private static final String FAULT_AND_LEAVE = "CR3_WRITE_KEEP 1, FAULT 1, FAULT_HANDLER 1";

    // ---- C1 ------------------------------------------------------------------------------------------

    @Test
    void theCallOfKvmRunCostsNothing() {
        assertThat(Play.onAmd().on(0).task(1).leave().then().enter(Play.IOCTL).costs(C1))
                .isEmpty();
        assertThat(Play.onAmd().on(0).task(1).leave().then().enter(Play.IOCTL).costs(C2))
                .isEmpty();
    }

    @Test
    void theFirstEntryMapsTheTaskAndTakesAnAsid() {
        // task_struct 3 pages, stack 4, mm_struct 1, PGD 1; kvm_mm is new to this CPU's six slots.
        assertThat(inIoctl().then().guest(1).costs(C1)).isEqualTo("CR3_WRITE_FLUSH 1, PTE_WRITE 9");
    }

    @Test
    void anEntryFromKvmMmCostsNothingAndAfterALeaveOneWriteThatKeeps() {
        assertThat(exited().guest(1).costs(C1)).isEmpty();
        assertThat(exited().toVmm().guest(1).costs(C1)).as("out and in").isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void kvmMmTakesOneOfTheSixAsids() {
        // Six mms fill all slots but one; kvm_mm took slot 2 and the sixth mm takes slot 1, which was mm 1's.
        Play play = exited().task(2).task(3).task(4).task(5).task(6).then().task(1);
        assertThat(play.costs(C1)).isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(play.costs("baseline")).as("six mms alone fit").isEqualTo("CR3_WRITE_KEEP 1");
    }

    @Test
    void whatIsMappedIsServedWithoutLeaving() {
        assertThat(exited().touch(Play.TEXT, Play.VM, Play.OTHER_VM, Play.TASK, Play.STACK)
                        .costs(C1))
                .isEmpty();
    }

    @Test
    void everyExplicitLeavePointLeavesOnceWithTheEntriesKept() {
        assertThat(exited().guestFault().costs(C1)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().toVmm().costs(C1)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().interrupt(Play.TIMER).costs(C1)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().task(101).costs(C1))
                .as("sched-out to a thread of the same mm")
                .isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().guestFault().interrupt(Play.TIMER).toVmm().task(101).costs(C1))
                .as("left once, it is left")
                .isEqualTo("CR3_WRITE_KEEP 1");
    }

    @Test
    void anInterruptIsNotResumedUntilTheNextEntry() {
        assertThat(exited().interrupt(Play.TIMER).back().costs(C1)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().interrupt(Play.TIMER).back().guest(1).costs(C1)).isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void anNmiOrFaultIsNotALeavePointButWhatItTouchesMayBe() {
        assertThat(exited().interrupt(Play.NMI).back().costs(C1)).isEmpty();
        assertThat(exited().interrupt(Cause.KERNEL_FAULT).back().costs(C1)).isEmpty();
        assertThat(exited().interrupt(Play.NMI).touch(Play.OBJECT).back().costs(C1))
                .isEqualTo(FAULT_AND_LEAVE);
    }

    @Test
    void aTouchOfWhatIsNotMappedFaultsAndLeavesUntilTheNextEntry() {
        for (long each : new long[] {Play.OBJECT, Play.GUEST, Play.FILE, Play.USER}) {
            assertThat(exited().touch(each, each, Play.OBJECT).costs(C1)).isEqualTo(FAULT_AND_LEAVE);
        }
    }

    @Test
    void switchedInItStaysOutUntilTheNextEntry() {
        assertThat(exited().task(101).then().task(1).costs(C1)).isEmpty();
        assertThat(exited().task(101).then().task(1).guest(1).costs(C1)).isEqualTo("CR3_WRITE_KEEP 1");
    }

    @Test
    void aUserShootdownDoesNotReachKvmMmAndThePrecedingMmPaysAtTheLeave() {
        Play play = Play.onAmd()
                .on(1)
                .task(101)
                .on(0)
                .task(1)
                .leave()
                .enter(Play.IOCTL)
                .guest(1)
                .exit(1);
        assertThat(play.on(1).send(3).on(0).then().receive(3).costs(C1)).isEqualTo("IPI_RECEIVE 1");
        assertThat(play.guestFault().costs(C1)).isEqualTo("CR3_WRITE_FLUSH 1, IPI_RECEIVE 1");
    }

    @Test
    void namespacesCostNothing() {
        assertThat(exited().namespace(1, 3).costs(C1)).isEmpty();
        assertThat(exited().namespace(1, 3).costs(C2)).isEmpty();
    }

    @Test
    void theL1dIsFlushedAfterALeaveOnlyOrAlwaysOrNever() {
        assertThat(exited().guest(1).costs("kvm-asi(l1d_flush=cond)"))
                .as("restricted all along")
                .isEmpty();
        String leaves = "CR3_WRITE_KEEP 2, L1D_FLUSH 1";
        assertThat(exited().guestFault().guest(1).costs("kvm-asi(l1d_flush=cond)"))
                .isEqualTo(leaves);
        assertThat(exited().interrupt(Play.TIMER).back().guest(1).costs("kvm-asi(l1d_flush=cond)"))
                .isEqualTo(leaves);
        assertThat(exited().guestFault().guest(1).exit(1).guest(1).costs("kvm-asi(l1d_flush=cond)"))
                .as("the flush clears the flag")
                .isEqualTo(leaves);
        assertThat(exited().guest(1).costs("kvm-asi(l1d_flush=always)")).isEqualTo("L1D_FLUSH 1");
        assertThat(exited().guestFault().guest(1).costs(C1)).isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void theL1dFlagIsTheVcpusAndFollowsItToAnotherCpu() {
        Play play = exited().task(101).on(1).task(1).then().guest(1);
        assertThat(play.costs("kvm-asi(l1d_flush=cond)")).isEqualTo("CR3_WRITE_FLUSH 1, L1D_FLUSH 1");
    }

    @Test
    void oneSpaceServesAllVmsUnlessEachHasItsOwn() {
        Play play = exited().task(2).enter(Play.IOCTL).then().guest(2);
        assertThat(play.costs(C1)).as("kvm_mm is still in its slot").isEqualTo("CR3_WRITE_KEEP 1, PTE_WRITE 9");
        assertThat(play.costs("kvm-asi(per_vm=true)")).isEqualTo("CR3_WRITE_FLUSH 1, PTE_WRITE 9");
        assertThat(exited().touch(Play.OTHER_VM).costs("kvm-asi(per_vm=true)")).isEqualTo(FAULT_AND_LEAVE);
    }

    @Test
    void guestMemoryMayBeMapped() {
        assertThat(exited().touch(Play.GUEST).costs("kvm-asi(map_guest=true)")).isEmpty();
    }

    @Test
    void aStatedShareOfExitsLeaves() {
        // Exits 1 to 4 at rate 0.5: the second and fourth leave; three more entries, two of them from outside.
        Play play = inIoctl()
                .guest(1)
                .then()
                .exit(1)
                .guest(1)
                .exit(1)
                .guest(1)
                .exit(1)
                .guest(1)
                .exit(1);
        assertThat(play.costs("kvm-asi(leave_rate=0.5)")).isEqualTo("CR3_WRITE_KEEP 3, FAULT 2, FAULT_HANDLER 2");
        assertThat(play.costs("kvm-asi-2020(leave_rate=0.5)")).isEqualTo("CR3_WRITE_KEEP 3, FAULT 2, FAULT_HANDLER 2");
        assertThat(play.costs(C1)).isEmpty();
    }

    // ---- C2 ------------------------------------------------------------------------------------------

    @Test
    void aSessionIsEnteredFlushingOnlyIfTheSlotHoldsAnotherSpace() {
        assertThat(inIoctl().then().guest(1).costs(C2)).isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(exited().guest(1).costs(C2)).isEmpty();
        assertThat(exited().guestFault().guest(1).costs(C2)).isEqualTo("CR3_WRITE_KEEP 2");
        assertThat(exited().toVmm().guest(2).costs(C2))
                .as("another VM's")
                .isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1");
        assertThat(exited().toVmm().guest(2).costs("kvm-asi-2020(per_vm=false)"))
                .isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void aKernelFlushIsANewGenerationOfTheSpace() {
        assertThat(exited().toVmm().kernelFlush(1).then().guest(1).costs(C2)).isEqualTo("CR3_WRITE_FLUSH 1");
    }

    @Test
    void asiExitWritesTheOriginalCr3() {
        assertThat(exited().guestFault().costs(C2)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().toVmm().costs(C2)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().touch(Play.OBJECT, Play.GUEST).costs(C2))
                .as("fault_abort")
                .isEqualTo(FAULT_AND_LEAVE);
        assertThat(exited().touch(Play.TEXT, Play.VM, Play.STACK).costs(C2)).isEmpty();
        assertThat(exited().touch(Play.OTHER_VM).costs(C2)).isEqualTo(FAULT_AND_LEAVE);
        assertThat(exited().touch(Play.OTHER_VM).costs("kvm-asi-2020(per_vm=false)"))
                .isEmpty();
    }

    @Test
    void anInterruptSuspendsAtDepthOneAndResumesAtTheLastReturn() {
        assertThat(exited().interrupt(Play.TIMER).costs(C2)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().interrupt(Play.TIMER)
                        .touch(Play.OBJECT)
                        .interrupt(Play.TIMER)
                        .back()
                        .costs(C2))
                .as("on the full table, nothing faults; nested ones only count")
                .isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().interrupt(Play.TIMER)
                        .interrupt(Play.TIMER)
                        .back()
                        .back()
                        .guest(1)
                        .costs(C2))
                .isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void anNmiReadsCr3Besides() {
        assertThat(exited().interrupt(Play.NMI).back().costs(C2)).isEqualTo("CR3_WRITE_KEEP 2, CR3_READ 1");
    }

    @Test
    void anInterruptWhoseReturnWasNotRecordedIsOverInUserMode() {
        Play play = exited().interrupt(Play.TIMER)
                .toVmm()
                .leave()
                .enter(Play.IOCTL)
                .guest(1)
                .exit(1)
                .then();
        assertThat(play.interrupt(Play.TIMER).back().costs(C2)).isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void aLeaveInsideAnInterruptOnlyEndsTheSession() {
        assertThat(exited().interrupt(Play.TIMER).guestFault().back().costs(C2)).isEqualTo("CR3_WRITE_KEEP 1");
    }

    @Test
    void switchedOutTheSessionIsSavedAndSwitchedInEnteredAtOnce() {
        assertThat(exited().task(101).costs(C2)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().task(101).task(1).costs(C2)).isEqualTo("CR3_WRITE_KEEP 2");
        assertThat(exited().task(101).task(1).guest(1).costs(C2))
                .as("still in it")
                .isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void switchedOutInAnInterruptTheSessionResumesWhenThatReturns() {
        Play play = exited().interrupt(Play.TIMER).task(101).then();
        assertThat(play.task(1).costs(C2)).isEmpty();
        assertThat(play.back().costs(C2)).isEqualTo("CR3_WRITE_KEEP 1");
    }

    @Test
    void theStaleCr3QuirkFlushesAtEachResumeOfASessionThatFlushed() {
        Play play = inIoctl().guest(1).exit(1).then().interrupt(Play.TIMER).back();
        assertThat(play.costs("kvm-asi-2020(stale_cr3=true)")).isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1");
        Play kept =
                exited().toVmm().guest(1).exit(1).then().interrupt(Play.TIMER).back();
        assertThat(kept.costs("kvm-asi-2020(stale_cr3=true)"))
                .as("this enter kept")
                .isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void withoutResumeAnyInterruptOrExceptionLeaves() {
        String v2 = "kvm-asi-2020(resume=false)";
        assertThat(exited().interrupt(Play.TIMER).back().costs(v2)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().interrupt(Cause.KERNEL_FAULT).back().costs(v2)).isEqualTo("CR3_WRITE_KEEP 1");
    }

    @Test
    void memoryThatTheViewLeavesOutIsGlobalNowhere() {
        for (String name : new String[] {C1, C2}) {
            Strategy strategy = Strategies.parse(name);
            View kvm = strategy.spaces().get(1).view();
            for (MemoryClass each : MemoryClass.values()) {
                boolean isGlobal = strategy.spaces().get(0).view().isGlobal(each);
                assertThat(isGlobal && !kvm.maps(each)).as(name + " " + each).isFalse();
            }
        }
    }
}
