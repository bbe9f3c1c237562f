package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The event table of KPTI, row by row: arch/x86/entry/calling.h, arch/x86/mm/tlb.c. */
class KptiTest {
    /** Task 1 in user mode, nothing deferred. */
    private static Play inUserMode() {
        return Play.onAmd().on(0).task(1).leave().then();
    }

    /** Task 1 in a system call. */
    private static Play inKernel() {
        return Play.onAmd().on(0).task(1).leave().enter(Play.READ).then();
    }

    @ParameterizedTest
    @ValueSource(ints = {READ, TIMER, NMI, FAULT})
    void anEntryFromUserModeReadsCr3AndWritesIt(int cause) {
        assertThat(inUserMode().enter(cause).costs("kpti")).isEqualTo("CR3_WRITE_KEEP 1, CR3_READ 1");
    }

    // Cause.of: family << 28 | number; families SYSCALL 0, FAULT 1, INTERRUPT 2
    private static final int READ = 0;
    private static final int FAULT = 1 << 28;
    private static final int TIMER = 2 << 28 | 236;
    private static final int NMI = 2 << 28 | 2;

    @Test
    void aReturnReadsCr3AndFlushesTheUserPcidOnlyIfThatWasDeferred() {
        assertThat(inKernel().leave().costs("kpti")).isEqualTo("CR3_WRITE_KEEP 1, CR3_READ 1");
        assertThat(Play.onAmd().on(0).task(1).then().leave().costs("kpti"))
                .as("the load of mm 1 flushed")
                .isEqualTo("CR3_WRITE_FLUSH 1, CR3_READ 1");
    }

    @Test
    void fiveSwitchesInTheKernelOweOneUserFlush() {
        // mms 2 to 6 are new: a flush each; back to mm 1, a hit. Only user PCIDs of ASIDs 2 to 6 are owed.
        Play play = inKernel().task(2).task(3).task(4).task(5).task(1).leave();
        assertThat(play.costs("kpti")).isEqualTo("CR3_WRITE_KEEP 2, CR3_WRITE_FLUSH 4, CR3_READ 1");
        Play twice = inKernel().flush(-1).flush(-1).leave().enter(Play.READ).leave();
        assertThat(twice.costs("kpti"))
                .as("two kernel flushes, one of the user PCID, then kept")
                .isEqualTo("CR3_WRITE_KEEP 2, CR3_WRITE_FLUSH 3, CR3_READ 3");
    }

    @Test
    void interruptsAndFaultsOfTheKernelCostNothing() {
        assertThat(inKernel()
                        .interrupt(Play.TIMER)
                        .interrupt(Cause.KERNEL_FAULT)
                        .back()
                        .back()
                        .costs("kpti"))
                .isEmpty();
    }

    @Test
    void anNmiOfTheKernelReadsCr3AndWritesItBack() {
        assertThat(inKernel().interrupt(Play.NMI).costs("kpti")).isEqualTo("CR3_READ 1");
        assertThat(inKernel().interrupt(Play.NMI).back().costs("kpti")).isEqualTo("CR3_WRITE_KEEP 1, CR3_READ 1");
        assertThat(inKernel().interrupt(Play.NMI).back().costs("kpti(nmi_write=false)"))
                .as("newer kernels")
                .isEqualTo("CR3_READ 1");
    }

    @Test
    void guestsAndNamespacesCostNothing() {
        assertThat(inKernel()
                        .guest(1)
                        .exit(1)
                        .guestFault()
                        .toVmm()
                        .namespace(1, 3)
                        .costs("kpti"))
                .isEmpty();
    }

    @Test
    void switchesWithinAnMmAndToKernelThreadsCostNothing() {
        assertThat(inKernel().task(101).kernelThread().task(1).costs("kpti")).isEmpty();
    }

    @Test
    void singlePagesAreFlushedUnderBothPcids() {
        assertThat(inKernel().flush(3).leave().costs("kpti"))
                .isEqualTo("CR3_WRITE_KEEP 1, CR3_READ 1, INVLPG 3, INVPCID_ADDRESS 3");
    }

    @Test
    void withoutInvpcidSinglePagesOweTheWholeUserPcid() {
        assertThat(inKernel().flush(3).leave().costs("kpti(invpcid=false)"))
                .isEqualTo("CR3_WRITE_FLUSH 1, CR3_READ 1, INVLPG 3");
        Play play = Play.withoutInvpcid().on(0).task(1).leave().enter(Play.READ).then();
        assertThat(play.flush(3).leave().costs("kpti")).isEqualTo("CR3_WRITE_FLUSH 1, CR3_READ 1, INVLPG 3");
    }

    @Test
    void aFullFlushRewritesCr3AndOwesTheUserPcid() {
        assertThat(inKernel().flush(34).costs("kpti")).isEqualTo("CR3_WRITE_FLUSH 1");
        assertThat(inKernel().flush(34).leave().costs("kpti")).isEqualTo("CR3_WRITE_FLUSH 2, CR3_READ 1");
    }

    @Test
    void aKernelFlushInvalidatesTheOtherAsids() {
        Play play = Play.onAmd().on(0).task(1).task(2).then().kernelFlush(3);
        assertThat(play.costs("kpti")).isEqualTo("INVLPG 3, INVPCID_ADDRESS 3");
        assertThat(play.task(1).costs("kpti")).isEqualTo("CR3_WRITE_FLUSH 1, INVLPG 3, INVPCID_ADDRESS 3");
    }

    @Test
    void withoutPcidHasASentenceOfItsOwn() {
        assertThat(Strategies.parse("kpti-nopcid").idea())
                .contains("without PCID")
                .isNotEqualTo(Strategies.parse("kpti").idea());
    }

    @Test
    void withoutPcidEachCr3WriteFlushes() {
        for (String name : new String[] {"kpti-nopcid", "kpti(pcid=false)"}) {
            assertThat(inUserMode().enter(Play.READ).costs(name)).isEqualTo("CR3_WRITE_FLUSH 1, CR3_READ 1");
            assertThat(inKernel().leave().costs(name)).isEqualTo("CR3_WRITE_FLUSH 1, CR3_READ 1");
            assertThat(inKernel().flush(3).costs(name))
                    .as("nothing is deferred")
                    .isEqualTo("INVLPG 3");
        }
    }

    @Test
    void kernelMemoryIsNotGlobalButWhatBothTablesMapIs() {
        Play play = Play.onAmd()
                .on(0)
                .task(1)
                .leave()
                .enter(Play.READ)
                .touch(Play.TEXT, Play.ENTRY)
                .leave();
        play.enter(Play.READ).then();
        assertThat(play.touch(Play.ENTRY).walks("kpti-nopcid")).isZero();
        assertThat(play.touch(Play.TEXT).walks("kpti-nopcid")).isEqualTo(1);
        assertThat(play.walks("kpti(pcid=false,global_text=true)"))
                .as("pti=auto maps text in both")
                .isZero();
    }

    @Test
    void theUserTableMapsUserPagesAndEntryCodeOnly() {
        View user = Strategies.parse("kpti").spaces().get(1).view();
        for (MemoryClass each : MemoryClass.values()) {
            assertThat(user.maps(each))
                    .as(each.name())
                    .isEqualTo(each == MemoryClass.U_CUR || each == MemoryClass.ENTRY);
        }
        assertThat(Strategies.parse("kpti(global_text=true)")
                        .spaces()
                        .get(1)
                        .view()
                        .maps(MemoryClass.K_TEXT))
                .as("never with PCID")
                .isFalse();
    }

    @Test
    void entryTextIsA2MiBLeafUnlessSwept() {
        assertThat(Strategies.parse("kpti").spaces().get(1).view().leaf(Region.IMAGE))
                .isEqualTo(1);
        assertThat(Strategies.parse("kpti(entry_4k=true)")
                        .spaces()
                        .get(1)
                        .view()
                        .leaf(Region.IMAGE))
                .isZero();
    }
}
