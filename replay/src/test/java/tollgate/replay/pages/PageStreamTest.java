package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tollgate.ingest.ExitReason;
import tollgate.ingest.Syscalls;
import tollgate.replay.Access;
import tollgate.replay.MemoryClass;
import tollgate.replay.Region;
import tollgate.replay.Steps;

class PageStreamTest {
    private static final Footprints SHIPPED = Footprints.shipped();
    private static final int READ = Syscalls.number("read");
    private static final int WRITE = Syscalls.number("write");

    private final Steps out = new Steps(1 << 12);

    @Test
    void sameSeedAndPositionGiveTheSamePagesWhateverWasAskedBefore() {
        PageStream fresh = new PageStream(SHIPPED, 7);
        PageStream used = new PageStream(SHIPPED, 7);
        for (int i = 0; i < 50; i++) {
            used.syscall(out, WRITE, 3, 3, false, 1000, 1_000_000 + i);
            used.user(out, 3, 3, 5000, 2_000_000 + i);
            used.interrupt(out, 236, true, 3, 3, 3_000_000 + i);
        }
        assertThat(call(used, READ, 3, 42)).isEqualTo(call(fresh, READ, 3, 42));
        assertThat(call(new PageStream(SHIPPED, 8), READ, 3, 42)).isNotEqualTo(call(fresh, READ, 3, 42));
    }

    @Test
    void kernelPagesPrivateToTwoOwnersNeverMeet() {
        Placement placement = new Placement(SHIPPED);
        Set<Long> taken = new HashSet<>();
        int roles = 0;
        for (int id = 0; id < SHIPPED.number.length; id++) {
            int kind = SHIPPED.kind[id];
            if (kind == FootprintFormat.FIXED) {
                assertThat(taken.add(placement.base[id])).as("page %d", id).isTrue();
            } else if (kind != FootprintFormat.FRESH && kind != FootprintFormat.USER_RANK) {
                roles++;
                for (int owner : new int[] {0, 1, 2, 3, 63, 64, 4097, 100_000, Steps.NO_MM}) {
                    assertThat(taken.add(placement.page(id, owner)))
                            .as("page %d of owner %d", id, owner)
                            .isTrue();
                }
            }
        }
        assertThat(roles).isGreaterThan(100);
    }

    @Test
    void twoCallsOfOneProcessShareTextAndItsOwnPages() {
        PageStream stream = new PageStream(SHIPPED, 1);
        Set<Long> read = pages(call(stream, READ, 5, 10));
        Set<Long> write = pages(call(stream, WRITE, 5, 20));
        Set<Long> common = new HashSet<>(read);
        common.retainAll(write);
        // Entry text, system call dispatch, current task, its stack, the per-CPU area, file lookup: half of a short
        // call.
        assertThat(common.size()).isGreaterThan(20);
        assertThat(common).anyMatch(page -> Region.ofPage(page) == Region.VMALLOC);
    }

    @Test
    void aBlockedCallGoesOnWhereItStopped() {
        PageStream stream = new PageStream(SHIPPED, 1);
        stream.syscallBlocks(out, READ, 9, 9, 3000, 100);
        int first = out.size();
        stream.syscallResumes(out, 9, 9, false, 200);
        assertThat(first).isPositive();
        assertThat(out.size()).isGreaterThan(first);
        int whole = out.size();
        stream.syscallResumes(out, 9, 9, false, 300);
        assertThat(out.size()).isEqualTo(whole);
    }

    @Test
    void anEventWithoutFootprintBorrowsAndIsCounted() {
        PageStream stream = new PageStream(SHIPPED, 1);
        stream.syscall(out, READ, 1, 1, false, -1, 1);
        assertThat(stream.borrowed()).isZero();
        stream.syscall(out, Syscalls.number("preadv2"), 1, 1, false, -1, 2);
        stream.vmExit(out, ExitReason.idOf(ExitReason.VMX, "CPUID"), 0, PageStream.IN_KERNEL, 1, 1, 1, 3);
        assertThat(stream.borrowed()).isEqualTo(2);
        assertThat(stream.drawn()).isEqualTo(3);
    }

    @Test
    void anExcludedProgramIsDrawnNoMore() {
        PageStream stream = new PageStream(SHIPPED, 1);
        int accept = Syscalls.number("accept4");
        stream.exclude("redis");
        stream.exclude("micro_tcp");
        stream.syscall(out, accept, 1, 1, false, -1, 1);
        assertThat(stream.borrowed()).isEqualTo(1);
    }

    @Test
    void aGuestsPagesBelongToItsVm() {
        PageStream stream = new PageStream(SHIPPED, 1);
        stream.vmExit(out, ExitReason.idOf(ExitReason.SVM, "cpuid"), 0, PageStream.IN_KERNEL, 1, 1, 1, 3);
        assertThat(Arrays.stream(out.words(), 0, out.size()).mapToObj(Access::memoryClass))
                .contains(MemoryClass.K_VM_CUR, MemoryClass.K_MOD, MemoryClass.K_TEXT);
        assertThat(stream.borrowed()).isZero();
    }

    @Test
    void aStretchTouchesAsManyPagesAsTheCurveSaysTimesTheScale() {
        double expected = 0;
        for (UserModel model : SHIPPED.models) {
            expected += model.isEmpty() ? 0 : model.distinct(1000) / 3;
        }
        assertThat(meanUserPages(UserParameters.DEFAULT, 1000)).isCloseTo(expected, within(1.0));
        assertThat(meanUserPages(new UserParameters(2, 1, 100_000), 1000)).isCloseTo(2 * expected, within(2.0));
        // Half the time at twice the speed is the same stretch.
        assertThat(meanUserPages(new UserParameters(1, 2, 100_000), 500)).isCloseTo(expected, within(1.0));
        assertThat(meanUserPages(new UserParameters(1, 1, 3), 1000)).isEqualTo(3);
    }

    @Test
    void aLongCallIsDrawnFromLongOnesAndAFailedOneFromShortOnes() {
        PageStream stream = new PageStream(SHIPPED, 1);
        int openat = Syscalls.number("openat");
        double all = 0;
        double failed = 0;
        double quick = 0;
        for (int i = 0; i < 300; i++) {
            all += accesses(stream, openat, false, -1, i);
            failed += accesses(stream, openat, true, -1, i);
            quick += accesses(stream, openat, false, 100, i);
        }
        assertThat(failed).isLessThan(0.8 * all);
        assertThat(quick).isLessThan(0.8 * all);
    }

    @Test
    void nothingIsAllocatedPerEventOnceWarm() {
        PageStream stream = new PageStream(SHIPPED, 1);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = 0;
        Steps out = new Steps(1 << 18); // room for any
        for (int i = 0; i < 4000; i++) {
            if (i == 2000) {
                before = threads.getThreadAllocatedBytes(self);
            }
            out.clear();
            stream.syscall(out, i % 300, 1, 1, false, 1000, i);
            stream.syscallBlocks(out, READ, i % 50, 1, 3000, i);
            stream.syscallBlocks(out, READ, i % 50, 1, 3000, i);
            stream.syscallResumes(out, i % 50, 1, false, i);
            stream.fault(out, true, 4, 1, 1, i);
            stream.interrupt(out, i % 256, false, 1, 1, i);
            stream.contextSwitch(out, 1, 1, 2, 2, i);
            stream.vmExit(out, ExitReason.id(ExitReason.SVM, i % 128), 0, i % 4, 1, 1, 1, i);
            stream.vmReentry(out, ExitReason.id(ExitReason.VMX, i % 60), 1, 1, 1, i);
            stream.user(out, 1, 1, 5000, i);
        }
        // 2000 rounds of eleven events: one object an event would be at least 350 kB.
        assertThat(threads.getThreadAllocatedBytes(self) - before).isLessThan(64 << 10);
    }

    private double accesses(PageStream stream, int nr, boolean failed, long nanos, long position) {
        out.clear();
        stream.syscall(out, nr, 1, 1, failed, nanos, position);
        return out.size();
    }

    private double meanUserPages(UserParameters parameters, long nanos) {
        PageStream stream = new PageStream(SHIPPED, 1, MemoryClasses.shipped(), parameters);
        double sum = 0;
        for (int i = 0; i < 600; i++) {
            out.clear();
            stream.user(out, 1, 1, nanos, i);
            sum += pages(Arrays.copyOf(out.words(), out.size())).size();
        }
        return sum / 600;
    }

    private long[] call(PageStream stream, int nr, int owner, long position) {
        Steps steps = new Steps(1 << 10);
        stream.syscall(steps, nr, owner, owner, false, -1, position);
        return Arrays.copyOf(steps.words(), steps.size());
    }

    private static Set<Long> pages(long[] words) {
        Set<Long> pages = new HashSet<>();
        for (long word : words) {
            pages.add(Access.page(word));
        }
        return pages;
    }
}
