package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tollgate.ingest.Syscalls;
import tollgate.replay.Region;

class DrawnSinkTest {
    private static final int CHILDREN = 30;

    private final Vectors vectors = Vectors.of("vectors", List.of("470 exc_page_fault"));

    /** Thirty children, one after the other, each reads and exits; or each reads and goes to sleep. The reads' pages. */
    @Test
    void childrenThatExitUseTheSameMemoryAndThoseThatSleepDoNot() {
        Set<Long> ended = children("exit_group");
        Set<Long> asleep = children("pause");
        assertThat(asleep.size())
                .as("task_struct, stack, file table ... of each")
                .isGreaterThan(10 * CHILDREN);
        assertThat(ended.size()).isLessThan(asleep.size() / 2);
    }

    @Test
    void anExecLeavesTheOldAddressSpaceToTheNext() {
        Pages pages = new Pages();
        DrawnSink sink = sink(pages);
        for (int i = 0; i < CHILDREN; i++) {
            call(sink, "execve");
            sink.event(PageTrace.ADDRESS_SPACE, 0, 0, 0, 2 + i);
            leave(sink);
            read(sink, pages);
        }
        assertThat(pages.direct.size()).isLessThan(children("pause").size() / 2);
    }

    private DrawnSink sink(Pages pages) {
        return new DrawnSink(new PageStream(Footprints.shipped(), 1), vectors, true, pages);
    }

    private Set<Long> children(String last) {
        Pages pages = new Pages();
        DrawnSink sink = sink(pages);
        for (int child = 1; child <= CHILDREN; child++) {
            call(sink, "fork");
            leave(sink);
            call(sink, "wait4");
            sink.event(PageTrace.TASK, 0, 0, 0, child);
            sink.event(PageTrace.ADDRESS_SPACE, 0, 0, 0, 1 + child);
            leave(sink);
            read(sink, pages);
            call(sink, last);
            sink.event(PageTrace.TASK, 0, 0, 0, 0);
            sink.event(PageTrace.ADDRESS_SPACE, 0, 0, 0, 1);
            leave(sink);
        }
        return pages.direct;
    }

    private static void read(DrawnSink sink, Pages pages) {
        pages.isReading = true;
        call(sink, "read");
        leave(sink);
        pages.isReading = false;
    }

    private static void call(DrawnSink sink, String name) {
        sink.event(PageTrace.SYSCALL_ENTRY, 100, 0, 0, 0);
        sink.event(PageTrace.SYSCALL_NUMBER, 0, 0, 0, Syscalls.number(name));
    }

    private static void leave(DrawnSink sink) {
        sink.event(PageTrace.USER_RETURN, 1500, 0, 0, 0);
    }

    private static final class Pages implements PageTrace.Sink {
        final Set<Long> direct = new HashSet<>();
        boolean isReading;

        @Override
        public void access(long page, int type) {
            if (isReading && Region.ofPage(page) == Region.DIRECT) {
                direct.add(page);
            }
        }

        @Override
        public void event(int code, long instructions, long loads, long stores, long argument) {}
    }
}
