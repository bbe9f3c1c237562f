package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static tollgate.replay.Strategy.GUEST_CONTROL;
import static tollgate.replay.Strategy.GUEST_DATA;
import static tollgate.replay.Strategy.KERNEL_DATA;
import static tollgate.replay.Strategy.OTHER_MM_CONTROL;
import static tollgate.replay.Strategy.OTHER_MM_DATA;
import static tollgate.replay.Strategy.USER_CONTROL;
import static tollgate.replay.Strategy.USER_DATA;

import org.junit.jupiter.api.Test;

/** The event table of generic ASI, row by row: D25 (RFC v2, January 2025), D22 (February 2022), and the ephmap of August 2025. */
class GenericAsiTest {
    private static final String D25 = "asi-2025";
    private static final String D22 = "asi-2022";
    private static final String LEAVE = "CR3_WRITE_FLUSH 1, FAULT 1, FAULT_HANDLER 1, IBPB 1, RSB_FILL 1";

    /** In a system call, still restricted to the userspace class; user code has run before. */
    private static Play inCall() {
        return Play.onAmd().on(0).task(1).leave().enter(Play.READ).then();
    }

    private static Play inIoctl() {
        return Play.onAmd().on(0).task(1).leave().enter(Play.IOCTL);
    }

    private static Play exited() {
        return inIoctl().guest(1).exit(1).then();
    }

    // ---- D25: the userspace class --------------------------------------------------------------------

    @Test
    void aCallThatTouchesNothingSensitiveIsFree() {
        Play play = inCall().touch(Play.TEXT, Play.OBJECT, Play.USER, Play.OTHER_NAMESPACE)
                .leave();
        assertThat(play.costs(D25)).isEmpty();
        assertThat(play.enter(Play.TIMER).touch(Play.TEXT).leave().costs(D25))
                .as("an interrupt of user mode")
                .isEmpty();
    }

    @Test
    void aSensitiveTouchLeavesOnceAndTheReturnEntersAgain() {
        // USER_CONTROL was set: IBPB and RSB fill at the exit; at the enter no control taint is left.
        for (long each : new long[] {Play.FILE, Play.OTHER_FILE, Play.GUEST}) {
            assertThat(inCall().touch(each, Play.OTHER_FILE).costs(D25)).isEqualTo(LEAVE);
        }
        assertThat(inCall().touch(Play.FILE).leave().costs(D25))
                .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, IBPB 1, RSB_FILL 1");
    }

    @Test
    void anInterruptOrFaultOfUserModeRunsRestrictedAndItsReturnEnters() {
        for (int cause : new int[] {Play.TIMER, Cause.USER_FAULT, Play.NMI}) {
            Play play = Play.onAmd().on(0).task(1).leave().then().enter(cause).touch(Play.TEXT);
            assertThat(play.costs(D25)).isEmpty();
            assertThat(play.touch(Play.FILE).leave().costs(D25))
                    .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, IBPB 1, RSB_FILL 1");
        }
    }

    @Test
    void anInterruptOfTheRelaxedKernelStaysOutIfItLeaves() {
        assertThat(inCall().interrupt(Play.TIMER).touch(Play.FILE).back().costs(D25))
                .isEqualTo(LEAVE);
    }

    @Test
    void anInterruptInACriticalSectionEntersAgainAtTheOutermostReturn() {
        // Between asi_enter(kvm) and the guest: target set, depth 0. The nested one returns first and does nothing.
        Play play = inIoctl().guest(1).then();
        play.interrupt(Play.TIMER).touch(Play.FILE).interrupt(Play.TIMER).back();
        assertThat(play.costs(D25)).isEqualTo(LEAVE);
        assertThat(play.back().costs(D25)).isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, IBPB 1, RSB_FILL 1");
    }

    @Test
    void inAnInterruptOfUserModeTheNestedReturnDoesNotEnter() {
        Play play = Play.onAmd().on(0).task(1).leave().then();
        play.enter(Cause.USER_FAULT).interrupt(Play.TIMER).touch(Play.FILE).back();
        assertThat(play.costs(D25)).isEqualTo(LEAVE);
    }

    @Test
    void everyContextSwitchLeavesEvenWithinAnMm() {
        assertThat(inCall().task(101).costs(D25)).isEqualTo("CR3_WRITE_FLUSH 1, IBPB 1, RSB_FILL 1");
        assertThat(inCall().kernelThread().costs(D25)).isEqualTo("CR3_WRITE_FLUSH 1, IBPB 1, RSB_FILL 1");
    }

    @Test
    void orOnlyAChangeOfMmDoes() {
        String internal = "asi-2025(exit_on_same_mm=false)";
        assertThat(inCall().task(101).costs(internal)).isEmpty();
        assertThat(inCall().kernelThread().task(1).costs(internal)).isEmpty();
        assertThat(inCall().task(2).costs(internal))
                .as("asi_exit, then mm 2 on a new ASID")
                .isEqualTo("CR3_WRITE_FLUSH 2, IBPB 1, RSB_FILL 1");
    }

    @Test
    void aFullLocalFlushLeavesFirstASmallOneDoesNot() {
        assertThat(inCall().flush(33).costs(D25)).isEqualTo("INVLPG 33");
        assertThat(inCall().flush(34).costs(D25)).isEqualTo("CR3_WRITE_FLUSH 2, IBPB 1, RSB_FILL 1");
        Play received = Play.onAmd()
                .on(1)
                .task(101)
                .on(0)
                .task(1)
                .leave()
                .enter(Play.READ)
                .on(1)
                .send(-1)
                .on(0)
                .then();
        assertThat(received.receive(-1).costs(D25)).isEqualTo("CR3_WRITE_FLUSH 2, IBPB 1, RSB_FILL 1, IPI_RECEIVE 1");
    }

    @Test
    void aKernelFlushOwesTheOtherAsids() {
        Play play = Play.onAmd().on(0).task(1).task(2).then().kernelFlush(2).task(1);
        assertThat(play.costs(D25)).isEqualTo("CR3_WRITE_FLUSH 1, INVLPG 2");
    }

    @Test
    void execveLeaves() {
        // asi_exit, then the new mm on a new ASID.
        assertThat(inCall().exec(7).costs(D25)).isEqualTo("CR3_WRITE_FLUSH 2, IBPB 1, RSB_FILL 1");
    }

    @Test
    void withoutTheUserClassUserModeCostsNothing() {
        assertThat(inCall().touch(Play.FILE).leave().enter(Play.READ).task(101).costs("asi-2025(user=false)"))
                .isEmpty();
    }

    @Test
    void theEphmapMapsAFilePageBrieflyInsteadOfLeaving() {
        // Two pages, the first touched twice in a row: one mapping; then touched again after the other: mapped again.
        String ephmap = "asi-2025(page_cache=ephmap)";
        assertThat(inCall().touch(Play.FILE, Play.FILE).costs(ephmap)).isEqualTo("INVLPG 1, PTE_WRITE 1");
        assertThat(inCall().touch(Play.FILE, Play.OTHER_FILE, Play.FILE).costs(ephmap))
                .isEqualTo("INVLPG 3, PTE_WRITE 3");
        assertThat(inCall().touch(Play.FILE)
                        .leave()
                        .enter(Play.READ)
                        .touch(Play.FILE)
                        .costs(ephmap))
                .as("gone with the call")
                .isEqualTo("INVLPG 2, PTE_WRITE 2");
        assertThat(inCall().touch(Play.GUEST).costs(ephmap))
                .as("other memory still leaves")
                .isEqualTo(LEAVE);
        Play play = inCall();
        play.touch(Play.FILE).costs(ephmap);
        assertThat(play.lane().refused()).isZero();
    }

    // ---- D25: the KVM class --------------------------------------------------------------------------

    @Test
    void aVmEntryEntersTheKvmClassFromTheUsers() {
        // From userspace straight to kvm: nothing of another mm, no branch flush; a flushing write.
        assertThat(inIoctl().then().guest(1).costs(D25)).isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(exited().guest(1).costs(D25))
                .as("lands restricted and stayed")
                .isEmpty();
        assertThat(exited().touch(Play.TEXT, Play.VM, Play.OTHER_VM).guest(1).costs(D25))
                .isEmpty();
    }

    @Test
    void theReturnToTheVmmLeavesUnlessDirect() {
        assertThat(exited().toVmm().costs(D25)).isEqualTo("CR3_WRITE_FLUSH 1, IBPB 1, RSB_FILL 1");
        assertThat(exited().toVmm().leave().costs(D25)).isEqualTo("CR3_WRITE_FLUSH 2, IBPB 1, RSB_FILL 1");
        assertThat(exited().toVmm().leave().costs("asi-2025(kvm_to_user=true)"))
                .as("one write; GUEST_CONTROL must not meet the VMM")
                .isEqualTo("CR3_WRITE_FLUSH 1, IBPB 1, RSB_FILL 1");
    }

    @Test
    void hostCr3IsWrittenOnIntelWhenItChanged() {
        Play play = Play.onIntel()
                .on(0)
                .task(1)
                .leave()
                .enter(Play.IOCTL)
                .guest(1)
                .exit(1)
                .then();
        assertThat(play.touch(Play.FILE).guest(1).costs(D25))
                .as("the same value as before, but CR3 was written")
                .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, IBPB 1, RSB_FILL 1, VMRESUME_SURCHARGE 1");
    }

    @Test
    void userMemoryIsNotMappedForTheKvmClass() {
        assertThat(exited().touch(Play.USER).costs(D25)).isEqualTo(LEAVE);
    }

    // ---- taints --------------------------------------------------------------------------------------

    private static int taints(Play play, String strategy) {
        play.costs(strategy);
        return play.lane().taints();
    }

    @Test
    void eachClassSetsItsTaints() {
        assertThat(taints(inCall(), D25)).isEqualTo(USER_CONTROL | USER_DATA);
        // into the guest: USER_DATA is protected from it and flushed, with all data; control of the VMM is trusted
        assertThat(taints(exited(), D25)).isEqualTo(USER_CONTROL | GUEST_CONTROL | GUEST_DATA);
    }

    @Test
    void thePoliciesAreThoseOfThePosting() {
        Strategy.Taints kvm = Strategies.parse(D25).spaces().get(1).taints();
        assertThat(kvm.preventControl()).isEqualTo(OTHER_MM_CONTROL);
        assertThat(kvm.protectData()).isEqualTo(KERNEL_DATA | OTHER_MM_DATA | USER_DATA);
        assertThat(kvm.set()).isEqualTo(GUEST_DATA | GUEST_CONTROL);
        Strategy.Taints user = Strategies.parse(D25).spaces().get(2).taints();
        assertThat(user.preventControl()).isEqualTo(GUEST_CONTROL | OTHER_MM_CONTROL);
        assertThat(user.protectData()).as("the guest trusts its VMM").isEqualTo(KERNEL_DATA | OTHER_MM_DATA);
        assertThat(user.set()).isEqualTo(USER_CONTROL | USER_DATA);
    }

    @Test
    void aLeaveFlushesControlAndTaintsWithTheKernelsData() {
        assertThat(taints(inCall().touch(Play.FILE), D25)).isEqualTo(USER_DATA | KERNEL_DATA);
    }

    @Test
    void anEnterFlushesDataWhereItIsProtected() {
        String l1d = "asi-2025(l1d_flush=true)";
        assertThat(inCall().leave().costs(l1d)).as("never left").isEmpty();
        assertThat(inCall().touch(Play.FILE).leave().costs(l1d))
                .isEqualTo("CR3_WRITE_FLUSH 2, FAULT 1, FAULT_HANDLER 1, L1D_FLUSH 1, IBPB 1, RSB_FILL 1");
        assertThat(taints(inCall().touch(Play.FILE).leave(), l1d)).isEqualTo(USER_CONTROL | USER_DATA);
    }

    @Test
    void theVmmsDataIsFlushedBeforeItsGuestRunsUnlessTrusted() {
        assertThat(inIoctl().then().guest(1).costs("asi-2025(l1d_flush=true)"))
                .isEqualTo("CR3_WRITE_FLUSH 1, L1D_FLUSH 1");
        assertThat(inIoctl().then().guest(1).costs("asi-2025(l1d_flush=true,protect_user_data=false)"))
                .isEqualTo("CR3_WRITE_FLUSH 1");
    }

    @Test
    void branchFlushesCanBeSwitchedOff() {
        assertThat(inCall().touch(Play.FILE).costs("asi-2025(branch_flush=false)"))
                .isEqualTo("CR3_WRITE_FLUSH 1, FAULT 1, FAULT_HANDLER 1");
    }

    @Test
    void anotherMmsTaintsAreFoldedOnlyWhenTheMmChanges() {
        assertThat(taints(inCall().task(101), D25)).as("a thread").isEqualTo(USER_DATA | KERNEL_DATA);
        assertThat(taints(inCall().kernelThread(), D25)).as("a kernel thread").isEqualTo(USER_DATA | KERNEL_DATA);
        assertThat(taints(inCall().task(2), D25)).as("another mm").isEqualTo(OTHER_MM_DATA | KERNEL_DATA);
        assertThat(taints(inCall().kernelThread().task(2), D25)).isEqualTo(OTHER_MM_DATA | KERNEL_DATA);
    }

    @Test
    void anMmLetGoOfWhileLazyIsAnotherWhenItIsLoadedAgain() {
        Play play = Play.onAmd()
                .on(1)
                .task(101)
                .on(0)
                .task(1)
                .leave()
                .enter(Play.READ)
                .kernelThread();
        play.on(1).send(3).on(0).then().receive(3).task(1);
        assertThat(taints(play, D25)).isEqualTo(OTHER_MM_DATA | KERNEL_DATA);
    }

    @Test
    void controlLeftByAnotherMmIsFlushedBeforeUserCodeRuns() {
        // Every posted version leaves at a change of mm and so flushes control there; a strategy that did not leave
        // would
        // meet the policy itself, as here.
        Strategy kept = Strategy.named("kept", "", View.everything())
                .space(
                        "u",
                        Strategy.Owner.MM,
                        View.everything(),
                        1 << 9,
                        new Strategy.Taints(
                                OTHER_MM_CONTROL,
                                OTHER_MM_DATA,
                                USER_CONTROL | USER_DATA,
                                Act.Flush.FLUSH,
                                true,
                                true,
                                Strategy.ALL_DATA))
                .on(Crossing.USER_RETURN, new Act.AsiEnter("u"))
                .on(Crossing.SWITCHED, new Act.IfMmChanges(java.util.List.of(new Act.TaintOtherMm(Strategy.ALL_DATA))))
                .build();
        // The load of mm 2 itself leaves space "u" silently; both taints of mm 1 must be flushed before mm 2's user
        // code.
        assertThat(Play.onAmd()
                        .on(0)
                        .task(1)
                        .leave()
                        .enter(Play.READ)
                        .then()
                        .task(2)
                        .leave()
                        .costs(kept))
                .isEqualTo("CR3_WRITE_FLUSH 2, L1D_FLUSH 1, IBPB 1, RSB_FILL 1");
        assertThat(Play.onAmd()
                        .on(0)
                        .task(1)
                        .leave()
                        .enter(Play.READ)
                        .then()
                        .task(101)
                        .leave()
                        .costs(kept))
                .isEmpty();
    }

    @Test
    void theQuirksOfThePostingChangeWhatCountsAsTainted() {
        assertThat(taints(exited(), "asi-2025(kvm_set_quirk=true)")).isEqualTo(USER_CONTROL | GUEST_CONTROL);
        // Left by a full flush, then another VMM's enter: GUEST_DATA is not cleared by the data flush.
        Play play = exited().toVmm().leave();
        assertThat(taints(play, D25)).isEqualTo(USER_CONTROL | USER_DATA);
        assertThat(taints(play, "asi-2025(data_mask_quirk=true)")).isEqualTo(USER_CONTROL | USER_DATA | GUEST_DATA);
    }

    // ---- noflush -------------------------------------------------------------------------------------

    @Test
    void withNoflushOnlyStaleEntriesAreDropped() {
        String noflush = "asi-2025(noflush=true)";
        assertThat(inCall().touch(Play.FILE).leave().costs(noflush))
                .isEqualTo("CR3_WRITE_KEEP 2, FAULT 1, FAULT_HANDLER 1, IBPB 1, RSB_FILL 1");
        assertThat(inCall().touch(Play.FILE).flush(2).leave().costs(noflush))
                .as("a user shootdown since makes the class's entries stale")
                .isEqualTo(
                        "CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1, INVLPG 2, FAULT 1, FAULT_HANDLER 1, IBPB 1, RSB_FILL 1");
    }

    // ---- D22 -----------------------------------------------------------------------------------------

    private static final String KEEPING_LEAVE = "CR3_WRITE_KEEP 1, FAULT 1, FAULT_HANDLER 1";

    @Test
    void in2022PcidsAreKept() {
        assertThat(inIoctl().then().guest(1).costs(D22)).isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(exited().guest(1).costs(D22)).isEmpty();
        assertThat(exited().toVmm().guest(1).costs(D22)).isEqualTo("CR3_WRITE_KEEP 2");
    }

    @Test
    void in2022WhatIsNotOnTheAllowListLeaves() {
        assertThat(exited().touch(Play.TEXT, Play.VM, Play.GUEST, Play.USER).costs(D22))
                .isEmpty();
        for (long each : new long[] {Play.OBJECT, Play.OTHER_VM, Play.FILE}) {
            assertThat(exited().touch(each).costs(D22)).isEqualTo(KEEPING_LEAVE);
        }
        assertThat(exited().touch(Play.GUEST).costs("asi-2022(local=false)")).isEqualTo(KEEPING_LEAVE);
    }

    @Test
    void in2022UserModeCostsNothing() {
        assertThat(inCall().touch(Play.FILE).leave().enter(Play.TIMER).leave().costs(D22))
                .isEmpty();
    }

    @Test
    void in2022InterruptsRunRestrictedAndTheSchedulerLeaves() {
        assertThat(exited().interrupt(Play.TIMER).back().costs(D22)).isEmpty();
        assertThat(exited().task(101).costs(D22)).isEqualTo("CR3_WRITE_KEEP 1");
        assertThat(exited().toVmm().costs(D22)).isEqualTo("CR3_WRITE_KEEP 1");
        Play critical =
                inIoctl().guest(1).then().interrupt(Play.TIMER).touch(Play.FILE).back();
        assertThat(critical.costs(D22)).isEqualTo("CR3_WRITE_KEEP 2, FAULT 1, FAULT_HANDLER 1");
    }

    @Test
    void in2022AFullFlushInvalidatesTheRestrictedTagOrLeavesWithoutInvpcid() {
        assertThat(exited().flush(-1).costs(D22)).isEqualTo("CR3_WRITE_FLUSH 1, INVPCID_CONTEXT 1");
        Play play = Play.withoutInvpcid()
                .on(0)
                .task(1)
                .leave()
                .enter(Play.IOCTL)
                .guest(1)
                .exit(1)
                .then();
        assertThat(play.flush(-1).costs(D22)).isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1");
    }

    @Test
    void in2022GenerationsDecideWhetherAnEnterFlushes() {
        assertThat(exited().toVmm().flush(2).then().guest(1).costs(D22))
                .as("local")
                .isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(exited().toVmm().kernelFlush(1).then().guest(1).costs(D22))
                .as("global")
                .isEqualTo("CR3_WRITE_FLUSH 1");
    }

    @Test
    void in2022TheHookFlushesTheL1dAfterTheKernelsDataWasTouched() {
        assertThat(exited().guest(1).costs("asi-2022(l1d_flush=true)")).isEmpty();
        assertThat(exited().touch(Play.FILE).guest(1).costs("asi-2022(l1d_flush=true)"))
                .isEqualTo("CR3_WRITE_KEEP 2, FAULT 1, FAULT_HANDLER 1, L1D_FLUSH 1");
    }

    @Test
    void in2022ExecveLeaves() {
        assertThat(exited().exec(7).costs(D22)).isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1");
    }
}
