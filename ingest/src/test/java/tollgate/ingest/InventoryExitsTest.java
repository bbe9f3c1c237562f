package tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class InventoryExitsTest {
    private static final int VCPU = 7;
    private static final int CPUID = ExitReason.id(ExitReason.SVM, 0x72);
    private static final int IO = ExitReason.id(ExitReason.SVM, 0x7b);
    private static final int HLT = ExitReason.id(ExitReason.SVM, 0x78);
    private static final int NPF = ExitReason.id(ExitReason.SVM, 0x400);
    private static final int IOCTL = 16;

    @Test
    void handlingInTheKernelIsExitToEntry() throws IOException {
        Inventory.Exit cpuid = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, CPUID, 0)
                .add(130, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("cpuid");

        assertThat(cpuid.count()).isEqualTo(1);
        assertThat(cpuid.inKernel()).isEqualTo(1);
        assertThat(cpuid.handling().totalNanos()).isEqualTo(30);
        assertThat(cpuid.untilEntryNanos()).isEqualTo(30);
    }

    /** Two virtual CPUs at once: 40 ns and 20 ns. */
    @Test
    void pairsByThread() throws IOException {
        Inventory inventory = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, CPUID, 0)
                .add(110, 8, Kind.VM_EXIT, NPF, 0)
                .add(130, 8, Kind.VM_ENTRY, 1, 0)
                .add(140, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory();

        assertThat(inventory.exits().get("cpuid").handling().totalNanos()).isEqualTo(40);
        assertThat(inventory.exits().get("npf").handling().totalNanos()).isEqualTo(20);
    }

    /** Exit 100, KVM gives up at 115, the VMM works from 120 to 300, KVM_RUN again, entry at 310. */
    @Test
    void theTripToUserSpaceIsNotHandling() throws IOException {
        Inventory.Exit io = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, IO, 0)
                .add(115, VCPU, Kind.VMM_RETURN, 2, 0)
                .exit(120, VCPU, IOCTL, 0)
                .enter(300, VCPU, IOCTL)
                .add(310, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("io");

        assertThat(io.toUserSpace()).isEqualTo(1);
        assertThat(io.inKernel()).isZero();
        assertThat(io.errors()).isZero();
        assertThat(io.handling().totalNanos()).isEqualTo(15);
        assertThat(io.userSpaceNanos()).isEqualTo(195);
        assertThat(io.untilEntryNanos()).isEqualTo(210);
    }

    @Test
    void theReturnOfTheIoctlShowsATripThatKvmDidNotTell() throws IOException {
        Inventory.Exit io = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, IO, 0)
                .exit(120, VCPU, IOCTL, 0)
                .enter(300, VCPU, IOCTL)
                .add(310, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("io");

        assertThat(io.toUserSpace()).isEqualTo(1);
        assertThat(io.handling().totalNanos()).isEqualTo(20);
        assertThat(io.userSpaceNanos()).isEqualTo(190);
    }

    /** errno -4: a signal made KVM_RUN return; the reason beside it is that of an earlier return. */
    @Test
    void aRestartIsAnErrorOfTheExitBeforeIt() throws IOException {
        Inventory.Exit cpuid = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, CPUID, 0)
                .add(115, VCPU, Kind.VMM_RETURN, 2, -4)
                .add(310, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("cpuid");

        assertThat(cpuid.toUserSpace()).isEqualTo(1);
        assertThat(cpuid.errors()).isEqualTo(1);
    }

    /** A nested page fault waits for a disk: handled 100..120 and 900..930, asleep between. */
    @Test
    void sleepIsKeptApart() throws IOException {
        Inventory.Exit npf = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, NPF, 0)
                .switches(120, VCPU, 'D', 0)
                .switches(900, 0, 'R', VCPU)
                .add(930, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("npf");

        assertThat(npf.slept()).isEqualTo(1);
        assertThat(npf.inKernel()).isZero();
        assertThat(npf.handling().totalNanos()).isEqualTo(50);
        assertThat(npf.offCpuNanos()).isEqualTo(780);
    }

    @Test
    void preemptionIsNotSleepAndNotHandling() throws IOException {
        Inventory.Exit npf = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, NPF, 0)
                .switches(120, VCPU, 'R', 9)
                .switches(900, 9, 'S', VCPU)
                .add(930, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("npf");

        assertThat(npf.inKernel()).isEqualTo(1);
        assertThat(npf.handling().totalNanos()).isEqualTo(50);
    }

    /** KVM polls 50 ns before it sleeps: waiting all the same. One that the VMM carries out is handled until it gets there. */
    @Test
    void aHaltInTheKernelIsNeverHandling() throws IOException {
        Inventory.Exit hlt = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, HLT, 0)
                .switches(150, VCPU, 'S', 0)
                .switches(900, 0, 'R', VCPU)
                .add(930, VCPU, Kind.VM_ENTRY, 0, 0)
                .add(1000, VCPU, Kind.VM_EXIT, HLT, 0)
                .add(1007, VCPU, Kind.VMM_RETURN, 5, 0)
                .add(1100, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("hlt");

        assertThat(hlt.slept()).isEqualTo(1);
        assertThat(hlt.toUserSpace()).isEqualTo(1);
        assertThat(hlt.handling().count()).isEqualTo(1);
        assertThat(hlt.handling().totalNanos()).isEqualTo(7);
        assertThat(hlt.offCpuNanos()).isEqualTo(830);
    }

    /** A signal ends the wait: KVM_RUN returns after 400 ns of halt, of which nothing was handling. */
    @Test
    void aHaltThatASignalEndsIsNeverHandling() throws IOException {
        Inventory.Exit hlt = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, HLT, 0)
                .add(500, VCPU, Kind.VMM_RETURN, 5, -4)
                .add(600, VCPU, Kind.VM_ENTRY, 0, 0)
                .inventory()
                .exits()
                .get("hlt");

        assertThat(hlt.toUserSpace()).isEqualTo(1);
        assertThat(hlt.handling().count()).isZero();
        assertThat(hlt.offCpuNanos()).isEqualTo(400);
        assertThat(hlt.userSpaceNanos()).isEqualTo(100);
    }

    /** The first exit's entry is missing; the second is the last thing the VM does. */
    @Test
    void anExitWithoutEntryIsCountedAndNotMeasured() throws IOException {
        Inventory inventory = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, CPUID, 0)
                .add(200, VCPU, Kind.VM_EXIT, CPUID, 0)
                .inventory();

        Inventory.Exit cpuid = inventory.exits().get("cpuid");
        assertThat(cpuid.count()).isEqualTo(2);
        assertThat(cpuid.inKernel() + cpuid.slept() + cpuid.toUserSpace()).isZero();
        assertThat(inventory.unpaired().vmExits()).isEqualTo(2);
    }

    @Test
    void oneReasonWhateverItsFlags() throws IOException {
        Inventory inventory = new HandMade()
                .add(100, VCPU, Kind.VM_EXIT, ExitReason.id(ExitReason.VMX, 0x80000021), 0)
                .add(200, VCPU, Kind.VM_EXIT, ExitReason.id(ExitReason.VMX, 33), 0)
                .inventory();

        assertThat(inventory.exits()).containsOnlyKeys("INVALID_STATE");
        assertThat(inventory.exits().get("INVALID_STATE").count()).isEqualTo(2);
    }
}
