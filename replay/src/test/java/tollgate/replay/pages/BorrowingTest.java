package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Syscalls;
import tollgate.replay.Cause;
import tollgate.replay.Steps;

class BorrowingTest {
    private final PageStream stream = new PageStream(Footprints.shipped(), 1);
    private final Steps out = new Steps(1 << 12);

    @Test
    void everySystemCallFaultAndVectorGetsPages() {
        for (int nr = 0; nr < 600; nr++) {
            out.clear();
            stream.syscall(out, nr, 1, 1, false, -1, nr);
            assertThat(out.size()).as(Syscalls.name(nr)).isPositive();
            out.clear();
            stream.syscallBlocks(out, nr, 1, 1, -1, nr);
            assertThat(out.size()).as(Syscalls.name(nr)).isPositive();
            int first = out.size();
            stream.syscallResumes(out, 1, 1, false, nr);
            boolean comesBack = !Syscalls.name(nr).startsWith("exit");
            assertThat(out.size() > first).as(Syscalls.name(nr)).isEqualTo(comesBack);
        }
        for (int vector = 0; vector < 256; vector++) {
            out.clear();
            stream.interrupt(out, vector, vector % 2 == 0, 1, 1, vector);
            assertThat(out.size()).as("vector %d", vector).isPositive();
        }
    }

    @Test
    void everyExitReasonOfBothVendorsGetsPagesInEveryOutcome() {
        for (int isa : new int[] {ExitReason.VMX, ExitReason.SVM, ExitReason.PVM}) {
            for (int reason = 0; reason < 0x410; reason++) {
                for (int outcome = 0; outcome < 4; outcome++) {
                    out.clear();
                    int id = ExitReason.id(isa, reason);
                    stream.vmExit(out, id, PageStream.ANY, outcome, 1, 1, 1, reason);
                    assertThat(out.size()).as(ExitReason.name(id)).isPositive();
                }
            }
        }
    }

    @Test
    void aDeviceIsAtHomeWithAllDevicesAndTheTimerAlone() {
        int device = Cause.of(Cause.Family.INTERRUPT, PageStream.DEVICE_VECTOR);
        assertThat(Borrowing.home(Cause.of(Cause.Family.INTERRUPT, 0x21))).isEqualTo(device);
        assertThat(Borrowing.home(Cause.of(Cause.Family.INTERRUPT, 0x1000 + 24)))
                .isEqualTo(device);
        int timer = Cause.of(Cause.Family.INTERRUPT, 0xec);
        assertThat(Borrowing.home(timer)).isEqualTo(timer);
    }

    @Test
    void borrowersFollowTheTable() {
        Borrowing borrowing = new Borrowing();
        assertThat(borrowing.next(syscall("preadv2"))).isEqualTo(syscall("readv"));
        assertThat(borrowing.next(syscall("gettid"))).isEqualTo(syscall("getpid"));
        int violation = Cause.of(Cause.Family.VM_EXIT, ExitReason.id(ExitReason.VMX, 48));
        int nested = Cause.of(Cause.Family.VM_EXIT, ExitReason.id(ExitReason.SVM, 0x400));
        assertThat(borrowing.next(violation)).isEqualTo(nested);
        assertThat(Borrowing.detail(ExitReason.id(ExitReason.VMX, 32))).isEqualTo(PageStream.MSR_WRITE);
    }

    private static int syscall(String name) {
        return Cause.of(Cause.Family.SYSCALL, Syscalls.number(name));
    }
}
