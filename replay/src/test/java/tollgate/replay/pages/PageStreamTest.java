package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
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
    void shippedFileIsTheOneThatWasRecorded() throws Exception {
        String sum =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(resource("footprints.bin.zst")));
        assertThat(new String(resource("footprints.bin.zst.sha256"), StandardCharsets.US_ASCII).strip())
                .isEqualTo(sum);
    }

    @Test
    void sameSeedAndPositionGiveTheSamePagesWhateverWasAskedBefore() {
        PageStream fresh = new PageStream(SHIPPED, 7);
        PageStream used = new PageStream(SHIPPED, 7);
        for (int i = 0; i < 50; i++) {
            used.syscall(out, WRITE, 3, 3, false, 1000, 1_000_000 + i);
            used.user(out, 3, 3, 5000, 2_000_000 + i);
            used.interrupt(out, 236, true, 3, 3, 3_000_000 + i);
        }
        assertThat(call(used, READ, 1, 42)).isEqualTo(call(fresh, READ, 1, 42));
        assertThat(call(new PageStream(SHIPPED, 8), READ, 1, 42)).isNotEqualTo(call(fresh, READ, 1, 42));
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
        stream.syscallBlocks(out, READ, 9, 9, 100);
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

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Footprints.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
