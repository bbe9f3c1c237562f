package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Kind;

final class PerfTraceTest {
    @TempDir
    private Path folder;

    @Test
    void aCallIsEnteredAtItsTimeAndLeftAfterItsDuration() throws IOException {
        assertThat(read("     0.049 ( 0.016 ms): sh/10247 brk()   = 0x558d8bb83000\n")
                        .list())
                .containsExactly(
                        event(49_000, 10247, "sh", Kind.SYSCALL_ENTER, 12, 0),
                        event(65_000, 10247, "sh", Kind.SYSCALL_EXIT, 12, 0x558d8bb83000L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4 | 4",
                "0x10 | 16",
                "-1 ENOENT (No such file or directory) | -2",
                "-1 (unknown) (INTERNAL ERROR: strerror_r(516, [buf], 128)=22) | -516",
                "12</dev/null> | 12",
                "10249 (redis-cli) | 10249",
                "'' | 0",
                "RDWR | 0",
                "-11 | -11",
            })
    void resultsComeInManyForms(String text, long value) throws IOException {
        Events events = read("1.000 ( 0.001 ms): sh/7 fcntl(fd: 1</a) = 5>, cmd: GETFL)    = " + text + "\n");
        assertThat(events.get(1)).isEqualTo(event(1_001_000, 7, "sh", Kind.SYSCALL_EXIT, 72, value));
    }

    @Test
    void anInterruptedCallIsEnteredWhereItBeganAndLeftWhereItEnded() throws IOException {
        Events events = read("""
                 2.000 ( 0.010 ms): a/1 getpid()  = 1
                 1.000 (         ): b/2 wait4(upid: -1)   ...
                 2.100 ( 0.010 ms): a/1 getppid()  = 9
                 1.000 ( 2.000 ms): b/2  ... [continued]: wait4())   = 1
                """);
        assertThat(events.list())
                .containsExactly(
                        event(1_000_000, 2, "b", Kind.SYSCALL_ENTER, 61, 0),
                        event(2_000_000, 1, "a", Kind.SYSCALL_ENTER, 39, 0),
                        event(2_010_000, 1, "a", Kind.SYSCALL_EXIT, 39, 1),
                        event(2_100_000, 1, "a", Kind.SYSCALL_ENTER, 110, 0),
                        event(2_110_000, 1, "a", Kind.SYSCALL_EXIT, 110, 9),
                        event(3_000_000, 2, "b", Kind.SYSCALL_EXIT, 61, 1));
        assertThat(events.tally().outOfOrder()).isZero();
        assertThat(events.tracepoints()).containsEntry("sys_enter", 3L).containsEntry("sys_exit", 3L);
    }

    @Test
    void aCallThatWasUnderWayIsLeftOnlyAndOneThatNeverReturnsEnteredOnly() throws IOException {
        Events events = read("""
                 5.000 ( 0.010 ms): a/1 getpid()  = 1
                     ? (         ): b/2  ... [continued]: clone())   =\s
                 6.000 (         ): a/1 exit_group()   = ?
                """);
        assertThat(events.list().subList(2, 4))
                .containsExactly(
                        event(5_010_000, 2, "b", Kind.SYSCALL_EXIT, 56, 0),
                        event(6_000_000, 1, "a", Kind.SYSCALL_ENTER, 231, 0));
    }

    @Test
    void aCallThatSeemsToStartBeforeTheLastEndedStartsThere() throws IOException {
        Events events = read("""
                 1.000 ( 0.010 ms): a/1 getpid()  = 1
                 1.009 ( 0.010 ms): a/1 getpid()  = 1
                """);
        assertThat(events.list())
                .extracting(Events.Event::kind)
                .containsExactly(Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT, Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT);
        assertThat(events.get(2).time()).isEqualTo(1_010_000);
    }

    /** {@code -S}: times since boot; an entry is told again, with its duration, where the call goes on. */
    @Test
    void realCallsAreTakenApartFieldByField() throws IOException {
        Events events = Events.read(new PerfTrace(), Excerpts.of("perf-trace", "absolute.txt"));
        long start = 1556_000000_000L;
        String shell = "sess_oddA.sh";
        assertThat(events.list())
                .containsExactly(
                        // Under way when the recording began: told with the first event that has a time.
                        event(start + 638_693_000, 17819, shell, Kind.SYSCALL_EXIT, 59, 0),
                        event(start + 638_693_000, 17819, shell, Kind.SYSCALL_ENTER, 12, 0),
                        event(start + 638_711_000, 17819, shell, Kind.SYSCALL_EXIT, 12, 0x5648bb073000L),
                        event(start + 639_273_000, 17819, shell, Kind.SYSCALL_ENTER, 21, 0),
                        event(start + 639_291_000, 17819, shell, Kind.SYSCALL_EXIT, 21, -2),
                        // A child begins with a return whose time perf does not know.
                        event(start + 639_291_000, 17820, shell, Kind.SYSCALL_EXIT, 58, 0),
                        event(start + 641_240_000, 17819, shell, Kind.SYSCALL_ENTER, 58, 0),
                        event(start + 650_839_000, 17820, shell, Kind.SYSCALL_ENTER, 14, 0),
                        event(start + 650_856_000, 17820, shell, Kind.SYSCALL_EXIT, 14, 0),
                        // ... [continued]: 1556641.240 ms + 10.093 ms
                        event(start + 651_333_000, 17819, shell, Kind.SYSCALL_EXIT, 58, 17820),
                        // :17821/17821 has no name yet.
                        event(start + 651_333_000, 17821, "", Kind.SYSCALL_EXIT, 435, 0),
                        event(start + 651_398_000, 17819, shell, Kind.SYSCALL_ENTER, 61, 0),
                        event(start + 653_339_000, 17821, "", Kind.SYSCALL_ENTER, 14, 0),
                        event(start + 653_355_000, 17821, "", Kind.SYSCALL_EXIT, 14, 0),
                        event(start + 653_375_000, 17821, "two words", Kind.SYSCALL_ENTER, 157, 0),
                        event(start + 653_394_000, 17821, "two words", Kind.SYSCALL_EXIT, 157, 0),
                        event(start + 653_443_000, 17821, "two words", Kind.SYSCALL_ENTER, 3, 0),
                        event(start + 653_459_000, 17821, "two words", Kind.SYSCALL_EXIT, 3, -9),
                        event(start + 655_915_000, 17821, "two words", Kind.SYSCALL_ENTER, 0, 0),
                        // = -1 (unknown) (INTERNAL ERROR: strerror_r(512, [buf], 128)=22)
                        event(start + 655_915_000, 17821, "odd", Kind.SYSCALL_EXIT, 0, -512),
                        event(start + 698_062_000, 17821, "odd", Kind.SYSCALL_ENTER, 60, 0),
                        event(start + 708_569_000, 17830, "trail ", Kind.SYSCALL_ENTER, 60, 0),
                        event(start + 709_085_000, 17829, " lead", Kind.SYSCALL_ENTER, 60, 0),
                        event(start + 720_037_000, 17820, "odd", Kind.SYSCALL_ENTER, 231, 0),
                        // = 17820 (odd)
                        event(start + 721_463_000, 17819, shell, Kind.SYSCALL_EXIT, 61, 17820));
        assertThat(events.tally().outOfOrder()).isZero();
    }

    @Test
    void faultsTellAddressesOfAnonymousMemoryOnly() throws IOException {
        Events events = sample("faults.txt");
        List<Events.Event> list = events.list();
        // Before the first event that was read: 18446744073709.000 ms is -552 us (2^64 ns are 18446744073709.552 ms).
        assertThat(list.get(0)).isEqualTo(event(-552_000, 13449, "sess_netns.sh", Kind.FAULT_USER, 4, 0x7fde51fa85d8L));
        assertThat(events.of(Kind.FAULT_KERNEL).get(0))
                .isEqualTo(event(0, 13450, "", Kind.FAULT_KERNEL, 0, 0x7fde51dcaa10L));
        assertThat(list).hasSize(20);
        assertThat(events.tally().outOfOrder()).isZero();
        assertThat(events.note("faults told as file and offset instead of address"))
                .isEqualTo(1);
    }

    @Test
    void lossIsAnEvent() throws IOException {
        Events events = sample("lost.txt");
        assertThat(events.of(Kind.LOST)).hasSize(1);
        assertThat(events.of(Kind.LOST).get(0).a()).isEqualTo(5919);
        assertThat(events.tally().lost()).isEqualTo(5919);
    }

    @Test
    void aSummaryBehindTheEventsIsPassedOver() throws IOException {
        Events events = sample("with-summary.txt");
        assertThat(events.list()).hasSize(18);
        assertThat(events.note("summary lines")).isEqualTo(12);
    }

    @Test
    void namesMayHoldAnything() throws IOException {
        Events events = read("1.000 ( 0.001 ms): a/2 b/3/7 getpid() = 7\n1.100 ( 0.001 ms): nl\nx/8 getpid() = 8\n");
        assertThat(events.list())
                .extracting(Events.Event::comm)
                .containsExactly("a/2 b/3", "a/2 b/3", "nl\nx", "nl\nx");
        assertThat(events.list()).extracting(Events.Event::tid).containsExactly(7, 7, 8, 8);
    }

    @Test
    void damageIsNamedWithItsLine() {
        assertThatThrownBy(() -> read("1.000 ( 0.001 ms): a/7 getpid() = 7\n1.000 ( 0.0x1 ms): a/7 getpid() = 7\n"))
                .isInstanceOf(BadInput.class)
                .hasMessageEndingWith("trace.txt:2: expected 'time (duration): comm/tid call(...) = result', found"
                        + " '1.000 ( 0.0x1 ms): a/7 getpid() = 7'; the text is damaged here, print it again or cut"
                        + " this line out");
    }

    @Test
    void moreEventsThanTheWindowHoldsComeInOrder() throws IOException {
        StringBuilder text = new StringBuilder();
        int calls = Reorder.WINDOW;
        for (int i = 0; i < calls; i++) {
            text.append(String.format("%d.000 ( 0.001 ms): a/7 getpid() = 7%n", i));
        }
        Events events = read(text.toString());
        assertThat(events.list())
                .hasSize(2 * calls)
                .extracting(Events.Event::time)
                .isSorted();
        assertThat(events.tally().outOfOrder()).isZero();
    }

    private Events sample(String file) throws IOException {
        return Events.read(new PerfTrace(), Samples.of("perf-trace", file));
    }

    private Events read(String text) throws IOException {
        Path file = folder.resolve("trace.txt");
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        return Events.read(new PerfTrace(), file);
    }

    private static Events.Event event(long time, int tid, String comm, Kind kind, int code, long a) {
        return new Events.Event(time, -1, tid, -1, comm, kind, code, a, 0, "");
    }
}
