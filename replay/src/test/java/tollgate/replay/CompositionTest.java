package tollgate.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Several strategies in one kernel: both are paid, in the order of the boundaries; nonsense is refused with its reason. */
class CompositionTest {
    @Test
    void bothAreCharged() {
        // entry: KPTI; first VM entry: kvm_mm, 9 pages of the task; leave: kept; return: KPTI, nothing deferred since
        Play play = Play.onAmd()
                .on(0)
                .task(1)
                .leave()
                .then()
                .enter(Play.IOCTL)
                .guest(1)
                .exit(1)
                .toVmm()
                .leave();
        assertThat(play.costs("kpti")).isEqualTo("CR3_WRITE_KEEP 2, CR3_READ 2");
        assertThat(play.costs("kvm-asi")).isEqualTo("CR3_WRITE_KEEP 1, CR3_WRITE_FLUSH 1, PTE_WRITE 9");
        assertThat(play.costs("kpti+kvm-asi"))
                .isEqualTo("CR3_WRITE_KEEP 3, CR3_WRITE_FLUSH 1, CR3_READ 2, PTE_WRITE 9");
    }

    @Test
    void globalIsWhatIsSoInAll() {
        View kernel = Strategies.parse("kpti+kvm-asi").spaces().get(0).view();
        assertThat(kernel.isGlobal(MemoryClass.ENTRY)).isTrue();
        assertThat(kernel.isGlobal(MemoryClass.K_TEXT))
                .as("global for KVM ASI alone")
                .isFalse();
        for (Strategy.Space space : Strategies.parse("kpti+kvm-asi").spaces()) {
            assertThat(space.view().isGlobal(MemoryClass.PERCPU))
                    .as(space.name())
                    .isFalse();
        }
    }

    @Test
    void theOutermostBoundaryIsFirstInAndLastOut() {
        // sci inside kpti: at the entry KPTI's write comes first, at the return last; else "sci" would stay live.
        Play play = Play.onAmd().on(0).task(1).leave().enter(Play.READ).leave().then();
        play.enter(Play.READ).leave();
        assertThat(play.costs("kpti+sci")).isEqualTo("CR3_WRITE_KEEP 2, CR3_WRITE_FLUSH 2, CR3_READ 2, PGD_COPY 1");
        assertThat(play.touch(Play.USER).costs("kpti+sci"))
                .as("in user mode again")
                .doesNotContain("FAULT");
        assertThat(play.lane().spacesEntered()).isEqualTo(1 + 2 + 2); // user; sci, user; sci, user
    }

    @Test
    void anInterruptOfUserModeOnTheNeutralTableComesBackThroughKpti() {
        Play play = Play.onAmd().on(0).task(1).leave().then().enter(Play.TIMER).leave();
        assertThat(play.costs("kpti+netns")).isEqualTo("CR3_WRITE_KEEP 4, CR3_READ 2");
    }

    @Test
    void withoutPcidOneIsAllAre() {
        Play play = Play.onAmd().on(0).task(1).leave().then().enter(Play.IOCTL).guest(1);
        assertThat(play.costs("kpti-nopcid+kvm-asi")).isEqualTo("CR3_WRITE_FLUSH 2, CR3_READ 1, PTE_WRITE 9");
    }

    /** Both under the kernel's PCID with bit 9: entries of one table would be hit under the other. */
    @Test
    void twoPartsMayNotTagTheirEntriesAlike() {
        assertThatThrownBy(() -> Strategies.parse("asi-2022+netns(neutral_irq=false)"))
                .hasMessage(
                        "asi-2022+netns(neutral_irq=false): asi-2022 and netns(neutral_irq=false) both take the PCIDs"
                                + " with bits 0x200, so that each would find the other's entries in the TLB; choose one");
        assertThat(Strategies.parse("kpti+kvm-asi-2020").spaces())
                .extracting(Strategy.Space::pcidBits)
                .containsExactly(0, 0x800, 0x810);
    }

    @Test
    void nonsenseIsRefusedWithItsReason() {
        assertThatThrownBy(() -> Strategies.parse("kpti+asi-2025"))
                .hasMessage("kpti+asi-2025: kpti and asi-2025 both enter an address space of their own at USER_RETURN;"
                        + " choose one");
        assertThatThrownBy(() -> Strategies.parse("kvm-asi+kvm-asi-2020"))
                .hasMessage("kvm-asi+kvm-asi-2020: kvm-asi and kvm-asi-2020 both enter an address space of their own at"
                        + " VM_ENTRY; choose one");
        assertThatThrownBy(() -> Strategies.parse("sci+netns"))
                .hasMessage(
                        "sci+netns: sci and netns both enter an address space of their own at USER_ENTRY; choose one");
        assertThatThrownBy(() -> Strategies.parse("sci+kvm-asi-2020"))
                .hasMessage("sci+kvm-asi-2020: sci and kvm-asi-2020 both switch at interrupts and count how deep they"
                        + " nest; choose one");
    }
}
