package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Coverage;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.format.Events.Event;

/** Each form and quirk of strace's text, on excerpts of real recordings; on lines made by hand where none has it. */
class StraceTest {
    private static final long EPOCH = 1795347342_000000_000L;

    @TempDir
    Path folder;

    @Test
    void callsEndWhenTheirDurationIsOverOrWhereTheyAreResumed() throws IOException {
        Events events = sample("f-ttt-T.txt");
        List<Event> list = events.list();
        assertThat(list).hasSize(35);
        // 10810 1795347342.387518 execve("./sess_redis.sh", ...) = 0 <0.000116>
        assertThat(list.get(0)).isEqualTo(event(EPOCH + 387518_000, 10810, 10810, "", Kind.SYSCALL_ENTER, 59, 0, 0));
        assertThat(list.get(1))
                .isEqualTo(event(EPOCH + 387634_000, 10810, 10810, "sess_redis.sh", Kind.EXEC, 0, 10810, 0));
        assertThat(list.get(2))
                .isEqualTo(event(EPOCH + 387634_000, 10810, 10810, "sess_redis.sh", Kind.SYSCALL_EXIT, 59, 0, 0));
        // 10812's rt_sigprocmask: unfinished at .391730, resumed at .391746 with <0.000012>
        assertThat(list.get(12))
                .isEqualTo(event(EPOCH + 391730_000, 10812, 10812, "sess_redis.sh", Kind.SYSCALL_ENTER, 14, 0, 0));
        assertThat(list.get(14))
                .isEqualTo(event(EPOCH + 391746_000, 10812, 10812, "sess_redis.sh", Kind.SYSCALL_EXIT, 14, 0, 0));
        // -1 ENOENT; AT_FDCWD
        assertThat(list.get(9))
                .isEqualTo(event(EPOCH + 391707_000, 10811, 10811, "sess_redis.sh", Kind.SYSCALL_ENTER, 262, -100, 0));
        assertThat(list.get(10))
                .isEqualTo(event(EPOCH + 391715_000, 10811, 10811, "sess_redis.sh", Kind.SYSCALL_EXIT, 262, -2, 0));
        // exit_group(0) = ? never returns.
        assertThat(list.subList(33, 35))
                .containsExactly(
                        event(EPOCH + 629882_000, 10810, 10810, "sess_redis.sh", Kind.SYSCALL_ENTER, 231, 0, 0),
                        event(EPOCH + 631508_000, 10810, 10810, "sess_redis.sh", Kind.EXIT, 0, 0, 0));
        assertThat(events.note("lines")).isEqualTo(23);
        assertThat(events.note("unfinished")).isEqualTo(8);
        assertThat(events.note("resumed")).isEqualTo(5);
        assertThat(events.note("exited")).isEqualTo(1);
        assertThat(events.note("question_mark_result")).isEqualTo(1);
    }

    @Test
    void childrenAreToldBeforeTheySpeak() throws IOException {
        assertThat(sample("f-ttt-T.txt").of(Kind.FORK))
                .containsExactly(
                        // clone(...) = 10811 on one line: told when the call begins.
                        fork(EPOCH + 391019_000, 10810, 10811, 10811, "sess_redis.sh"),
                        // vfork( <unfinished ...>: told when 10812 speaks, .000124 before it is resumed.
                        fork(EPOCH + 391730_000, 10810, 10812, 10812, "sess_redis.sh"),
                        // CLONE_THREAD: of the parent's process.
                        fork(EPOCH + 422667_000, 10811, 10814, 10811, "sess_redis.sh"));
    }

    @Test
    void ofTwoThreadsMakingChildrenTheResultNamesTheParent() throws IOException {
        Events events = read("10 1.000000 execve(\"/a\", [\"a\"], 0x1 /* 1 var */) = 0 <0.000001>\n"
                + "10 1.000010 clone(child_stack=NULL, flags=SIGCHLD) = 11 <0.000001>\n"
                + "10 1.000020 vfork( <unfinished ...>\n11 1.000030 vfork( <unfinished ...>\n"
                + "13 1.000040 close(3) = 0 <0.000001>\n11 1.000050 <... vfork resumed>) = 13 <0.000020>\n"
                + "12 1.000060 close(4) = 0 <0.000001>\n10 1.000070 <... vfork resumed>) = 12 <0.000050>\n");
        assertThat(events.of(Kind.FORK))
                .containsExactly(
                        fork(10_000, 10, 11, 11, "a"),
                        // 13 might be the child of either, until 11 returns it.
                        fork(50_000, 11, 13, 13, "a"),
                        // Then only 10 is left.
                        fork(60_000, 10, 12, 12, "a"));
        // Whoever its parent is, vfork makes a process.
        assertThat(events.coverage().hasProcesses()).isTrue();
    }

    @Test
    void standardErrorSplicesMessagesIntoLines() throws IOException {
        Events events = sample("stderr.txt");
        long second = 1795347604_000000_000L;
        // Lines without a number are the first process's, whose number shows later.
        assertThat(events.get(0)).isEqualTo(event(second + 70158_000, 18278, 18278, "", Kind.SYSCALL_ENTER, 59, 0, 0));
        // vfork(strace: Process 18279 attached, then " <unfinished ...>" on a line of its own
        assertThat(events.get(5))
                .isEqualTo(event(second + 77058_000, 18278, 18278, "sess_oddA.sh", Kind.SYSCALL_ENTER, 58, 0, 0));
        assertThat(events.get(6)).isEqualTo(fork(second + 77755_000, 18278, 18279, 18279, "sess_oddA.sh"));
        assertThat(events.get(10))
                .isEqualTo(event(second + 77896_000, 18278, 18278, "sess_oddA.sh", Kind.SYSCALL_EXIT, 58, 18279, 0));
        // clone3({flags=...}strace: Process 18281 attached, then " => {parent_tid=[18281]}, 88) = 18281 <0.000025>"
        assertThat(events.get(17)).isEqualTo(fork(second + 79304_000, 18279, 18281, 18279, "odd"));
        assertThat(events.get(18))
                .isEqualTo(event(second + 79329_000, 18279, 18279, "odd", Kind.SYSCALL_EXIT, 435, 18281, 0));
        // PR_SET_NAME
        assertThat(events.get(23))
                .isEqualTo(event(second + 79436_000, 18281, 18279, "odd", Kind.SYSCALL_ENTER, 157, 0, 0));
        assertThat(events.get(24))
                .isEqualTo(event(second + 79458_000, 18281, 18279, "(sd-pam)", Kind.SYSCALL_EXIT, 157, 0, 0));
        // A 32-bit getpid is told by the number of its name.
        assertThat(events.get(25))
                .isEqualTo(event(second + 115792_000, 18279, 18279, "odd", Kind.SYSCALL_ENTER, 39, 0, 0));
        assertThat(events.note("strace_messages")).isEqualTo(2);
        assertThat(events.note("unfinished")).isEqualTo(5);
        assertThat(events.note("changes of 32-bit mode")).isEqualTo(2);
        assertThat(events.note("signals")).isEqualTo(1);
        assertThat(events.note("other lines")).isZero();
    }

    @Test
    void severalMessagesMayTearOneLineAndAnyCallMayBeTorn() throws IOException {
        Events events = read("1.000000 execve(\"/a\", [\"a\"], 0x1) = 0\n1.000010 vfork(strace: Process 11 attached\n"
                + "strace: Process 12 attached\n <unfinished ...>\n"
                + "[pid 11] 1.000020 write(1, \"f(x) = 3\\n\", 9strace: Process 13 attached\n) = 9\n"
                + "[pid 12] 1.000030 readlink(\"/usr\", strace: Process 14 attached\n0x7fff16a55fd0, 1023) = -1 EINVAL (Invalid argument)\n"
                + "[pid 10] 1.000040 <... vfork resumed>) = 11\n");
        assertThat(events.of(Kind.SYSCALL_EXIT))
                .extracting(Event::tid, Event::code, Event::a)
                .containsExactly(tuple(10, 59, 0L), tuple(11, 1, 9L), tuple(12, 89, -22L), tuple(10, 58, 11L));
        assertThat(events.note("strace_messages")).isEqualTo(4);
        assertThat(events.note("other lines")).isZero();
    }

    @Test
    void interruptedCallsCarryTheKernelsNumber() throws IOException {
        Events events = sample("signals.txt");
        long second = 1795347603_000000_000L;
        // <... read resumed>0x7f1bf920ceb8, 1) = ? ERESTARTSYS (...) <0.041605>, its beginning not in the recording
        assertThat(events.get(3)).isEqualTo(event(second + 564382_000, 18081, -1, "", Kind.SYSCALL_EXIT, 0, -512, 0));
        assertThat(events.get(2))
                .isEqualTo(event(second + 564304_000, 18080, -1, "", Kind.SYSCALL_ENTER, 234, 18080, 18081));
        assertThat(events.get(11)).isEqualTo(event(second + 565320_000, 18081, -1, "", Kind.EXIT, 0, 0, 0));
        assertThat(events.note("ERESTART")).isEqualTo(2);
        assertThat(events.note("question_mark_result")).isEqualTo(3);
        assertThat(events.note("signals")).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "ERESTARTSYS, -512",
        "ERESTARTNOINTR, -513",
        "ERESTARTNOHAND, -514",
        "ERESTART_RESTARTBLOCK, -516",
    })
    void restartsAreNumbered(String name, long result) throws IOException {
        Events events = read("7 1.000000 pause() = ? " + name + " (To be restarted) <0.000001>\n");
        assertThat(events.get(1).a()).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "= 0x7f1f4abff990; 139772374808976",
                "= -1 ENOENT (No such file or directory); -2",
                "= -1 EWOULDBLOCK (Resource temporarily unavailable); -11",
                "= -1 ENOTSUPP (Unknown error 524); -524",
                "= -1 ERRNO_600 (Unknown error 600); -600",
                "= -1; -1",
                "= 3</tmp/a (b)>; 3",
                "= 7<TCP:[127.0.0.1:17701->127.0.0.1:44152]>; 7",
                "= 1 ([{fd=3, revents=POLLIN}]); 1",
                "= 0x802 (flags O_RDWR|O_NONBLOCK); 2050",
                "= 0 (Timeout); 0",
                "= 18446744073709551615; -1",
            })
    void resultsAreReadFromTheRight(String text, long result) throws IOException {
        for (String duration : List.of("", " <0.000022>")) {
            Events events = read("7 1.000000 close(3)    " + text + duration + "\n");
            assertThat(events.get(1).a()).as(text).isEqualTo(result);
            assertThat(events.get(1).time()).isEqualTo(duration.isEmpty() ? 0 : 22_000);
        }
    }

    @Test
    void argumentsMayHoldWhatLooksLikeAnEnd() throws IOException {
        Events events = read("7 1.000000 write(1</tmp/a, b>, \") = 5 <0.1>, <unfinished ...>\", 20) = 20 <0.000022>\n"
                + "7 1.000100 write(1, \"+++ exited with 0 +++\", 21 <unfinished ...>\n"
                + "7 1.000200 <... write resumed>) = 21 <0.000100>\n");
        assertThat(events.list())
                .containsExactly(
                        event(0, 7, -1, "", Kind.SYSCALL_ENTER, 1, 1, 0),
                        event(22_000, 7, -1, "", Kind.SYSCALL_EXIT, 1, 20, 0),
                        event(100_000, 7, -1, "", Kind.SYSCALL_ENTER, 1, 1, 0),
                        event(200_000, 7, -1, "", Kind.SYSCALL_EXIT, 1, 21, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3, \"\", 832| 3| 0",
                "0x7f10, 0x10| 32528| 16",
                "NULL, 8192, PROT_READ| 0| 8192",
                "AT_FDCWD, \"x\"| -100| 0",
                "AT_FDCWD</home/u>, \"x\"| -100| 0",
                "5</dev/kvm>, KVM_RUN, 0| 5| 44672",
                "-1, 0x7ffc, WNOHANG| -1| 32764",
                "0644| 420| 0",
                "SIG_SETMASK, [], NULL| 0| 0",
                "\"/a, 5\", 7| 0| 0",
                "3<TCP:[127.0.0.1:1->127.0.0.1:2]>, 9| 3| 9",
                "''| 0| 0",
            })
    void firstArgumentsAreNumbersWhereStracePrintsNumbers(String arguments, long first, long second)
            throws IOException {
        Events events = read("7 1.000000 ioctl(" + arguments + ") = 0 <0.000022>\n");
        assertThat(events.get(0)).isEqualTo(event(0, 7, -1, "", Kind.SYSCALL_ENTER, 16, first, second));
    }

    @Test
    void relativeStampsAddUp() throws IOException {
        Events events = sample("f-r.txt");
        // 0.000000 execve, +.000195 brk, +.000513 mmap
        assertThat(events.get(0)).isEqualTo(event(0, 18145, 18145, "", Kind.SYSCALL_ENTER, 59, 0, 0));
        assertThat(events.get(3)).isEqualTo(event(195_000, 18145, 18145, "sess_oddA.sh", Kind.SYSCALL_ENTER, 12, 0, 0));
        // Without -T a duration is not known, and told as none.
        assertThat(events.get(4))
                .isEqualTo(event(195_000, 18145, 18145, "sess_oddA.sh", Kind.SYSCALL_EXIT, 12, 0x561c3db1c000L, 0));
        assertThat(events.get(5))
                .isEqualTo(event(708_000, 18145, 18145, "sess_oddA.sh", Kind.SYSCALL_ENTER, 9, 0, 8192));
        assertThat(events.coverage().clock()).isEqualTo(Coverage.Clock.NANOS);
    }

    @Test
    void wholeSecondsAreCoarse() throws IOException {
        Events events = sample("f-t.txt");
        long time = (11 * 3600 + 40 * 60 + 3) * 1_000_000_000L;
        assertThat(events.get(0)).isEqualTo(event(time, 18112, 18112, "", Kind.SYSCALL_ENTER, 59, 0, 0));
        assertThat(events.coverage().clock()).isEqualTo(Coverage.Clock.COARSE);
    }

    @Test
    void numbersAddressesAndPathsStandInBrackets() throws IOException {
        Events events = sample("f-tt-yy-n-i.txt");
        long time = (11 * 3600 + 40 * 60 + 3) * 1_000_000_000L;
        assertThat(events.get(0)).isEqualTo(event(time + 782513_000, 18178, 18178, "", Kind.SYSCALL_ENTER, 59, 0, 0));
        // newfstatat(3</etc/ld.so.cache>, "", ...
        assertThat(events.get(11))
                .isEqualTo(event(time + 783391_000, 18178, 18178, "sess_oddA.sh", Kind.SYSCALL_ENTER, 262, 3, 0));
        assertThat(events.of(Kind.SYSCALL_ENTER))
                .filteredOn(call -> call.tid() == 18179)
                .containsExactly(
                        // syscall_0x270f, syscall_0xffffffffffffffff
                        event(time + 821322_000, 18179, -1, "", Kind.SYSCALL_ENTER, 9999, 1, 2),
                        event(time + 821335_000, 18179, -1, "", Kind.SYSCALL_ENTER, -1, 2, 3));
        // [ 231] [????????????????] +++ exited with 0 +++
        assertThat(events.of(Kind.EXIT))
                .containsExactly(event(time + 821971_000, 18178, 18178, "sess_oddA.sh", Kind.EXIT, 0, 0, 0));
    }

    @Test
    void socketsStandInsideArguments() throws IOException {
        Events events = sample("yy.txt");
        long time = (11 * 3600 + 35 * 60 + 44) * 1_000_000_000L;
        assertThat(events.list().subList(3, 7))
                .containsExactly(
                        event(time + 304038_000, 10913, -1, "", Kind.SYSCALL_ENTER, 7, 0, 0),
                        event(time + 304391_000, 10913, -1, "", Kind.SYSCALL_EXIT, 7, 1, 0),
                        event(time + 304834_000, 10913, -1, "", Kind.SYSCALL_ENTER, 42, 3, 0),
                        event(time + 304955_000, 10906, -1, "", Kind.SYSCALL_EXIT, 288, 7, 0));
    }

    @Test
    void attachingFindsCallsUnderWayAndDetachingLeavesOne() throws IOException {
        Events events = sample("attach.txt");
        long second = 1795347667_000000_000L;
        assertThat(events.get(0)).isEqualTo(event(second + 337777_000, 19044, -1, "", Kind.SYSCALL_ENTER, 232, 5, 0));
        assertThat(events.get(5)).isEqualTo(event(second + 350013_000, 19044, -1, "", Kind.SYSCALL_EXIT, 232, 0, 0));
        // epoll_wait(5,  <detached ...>
        assertThat(events.get(12)).isEqualTo(event(second + 945227_000, 19044, -1, "", Kind.SYSCALL_ENTER, 232, 5, 0));
        assertThat(events.list()).hasSize(13);
        assertThat(events.coverage().hasProcesses()).isFalse();
    }

    @Test
    void folderOfOneFilePerThreadIsMerged() throws IOException {
        Events events = sample("ff");
        assertThat(events.list()).hasSize(34).isSortedAccordingTo((x, y) -> Long.compare(x.time(), y.time()));
        assertThat(events.of(Kind.FORK))
                .containsExactly(
                        fork(1795347603_976237_000L, 18244, 18245, 18245, "sess_oddA.sh"),
                        fork(1795347603_978499_000L, 18245, 18246, 18245, "odd"));
        assertThat(events.get(22))
                .isEqualTo(event(1795347603_978705_000L, 18246, 18245, "two words", Kind.SYSCALL_EXIT, 157, 0, 0));
        assertThat(events.note("exited")).isEqualTo(3);
        assertThat(events.coverage().hasProcesses()).isTrue();
    }

    @Test
    void folderNamesWhatItSkips() throws IOException {
        Files.writeString(folder.resolve("s.7"), "1795347604.000000 close(3) = 0\n");
        Files.writeString(folder.resolve("README"), "about\n");
        Events events = Events.read(new Strace(), folder);
        assertThat(events.list()).hasSize(2);
        assertThat(events.note("skipped README")).isEqualTo(1);
    }

    @Test
    void filesOnBothSidesOfMidnightAreMergedInOrder() throws IOException {
        Files.writeString(folder.resolve("s.7"), "23:59:59.900000 close(3) = 0\n00:00:00.300000 close(4) = 0\n");
        Files.writeString(folder.resolve("s.8"), "00:00:00.100000 close(5) = 0\n");
        Events events = Events.read(new Strace(), folder);
        long midnight = 24 * 3600 * 1_000_000_000L;
        assertThat(events.of(Kind.SYSCALL_ENTER))
                .extracting(Event::time, Event::a)
                .containsExactly(
                        tuple(midnight - 100_000_000, 3L),
                        tuple(midnight + 100_000_000, 5L),
                        tuple(midnight + 300_000_000, 4L));
    }

    @Test
    void relativeStampsOfSeveralFilesDoNotJoin() throws IOException {
        Files.writeString(folder.resolve("s.7"), "     0.000000 close(3) = 0\n");
        Files.writeString(folder.resolve("s.8"), "     0.000100 close(3) = 0\n");
        assertThat(Events.read(new Strace(), folder).coverage().clock()).isEqualTo(Coverage.Clock.COUNTER);
    }

    @Test
    void withoutStampsThereIsOnlyAnOrder() throws IOException {
        Events events = read("execve(\"/bin/true\", [\"true\"], 0x7ffd /* 20 vars */) = 0\nbrk(NULL) = 0x5581\n");
        assertThat(events.coverage().clock()).isEqualTo(Coverage.Clock.COUNTER);
        assertThat(events.list()).extracting(Event::time).containsExactly(0L, 0L, 0L, 1L, 1L);
        assertThat(events.list()).extracting(Event::tid).containsOnly(-1);
        assertThat(events.get(4).comm()).isEqualTo("true");
    }

    @Test
    void threadThatCallsExecveGoesOnAsItsLeader() throws IOException {
        Events events = read(
                "10 1.000000 execve(\"/a\", [\"a\"], 0x1) = 0 <0.000001>\n"
                        + "10 1.000010 clone(flags=CLONE_VM|CLONE_THREAD) = 11 <0.000001>\n"
                        + "10 1.000020 pause( <unfinished ...>\n11 1.000030 execve(\"/usr/bin/b\", [\"b\"], 0x1 <unfinished ...>\n"
                        + "10 1.000040 <... pause resumed> <unfinished ...>) = ?\n"
                        + "10 1.000050 +++ superseded by execve in pid 11 +++\n10 1.000060 <... execve resumed>) = 0 <0.000030>\n");
        assertThat(events.of(Kind.EXEC).get(1)).isEqualTo(event(60_000, 10, 10, "b", Kind.EXEC, 0, 11, 0));
        assertThat(events.get(events.list().size() - 1))
                .isEqualTo(event(60_000, 10, 10, "b", Kind.SYSCALL_EXIT, 59, 0, 0));
        assertThat(events.note("unfinished")).isEqualTo(3);
    }

    @Test
    void killedThreadsEndToo() throws IOException {
        Events events =
                read("7 1.000000 read(0,  <unfinished ...>\n7 1.000100 +++ killed by SIGSEGV (core dumped) +++\n");
        assertThat(events.get(1).kind()).isEqualTo(Kind.EXIT);
        assertThat(events.note("killed")).isEqualTo(1);
        assertThat(events.note("exited")).isZero();
    }

    @Test
    void numberUsedAgainIsAnotherThread() throws IOException {
        Events events = read("10 1.000000 execve(\"/a\", [\"a\"], 0x1) = 0\n10 1.000010 vfork() = 11\n"
                + "11 1.000020 execve(\"/b\", [\"b\"], 0x1) = 0\n11 1.000030 exit_group(0) = ?\n"
                + "11 1.000040 +++ exited with 0 +++\n10 1.000050 vfork() = 11\n11 1.000060 close(3) = 0\n");
        assertThat(events.get(events.list().size() - 1))
                .isEqualTo(event(60_000, 11, 11, "a", Kind.SYSCALL_EXIT, 3, 0, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7 11:40:03.782513 (+     0.000022) | 42003782513000",
                "7<two words> 11:40:03.782513 | 42003782513000",
                "[pid     7<a>] 11:40:03.782513 | 42003782513000",
                "7 1795347604.070158123 | 1795347604070158123",
                "7 1795347604 | 1795347604000000000",
            })
    void otherColumnsOfNewerOptionsAreRead(String columns, long time) throws IOException {
        Events events = read(columns + " close(3) = 0\n");
        assertThat(events.get(0).time()).isEqualTo(time);
        assertThat(events.get(0).tid()).isEqualTo(7);
    }

    @Test
    void decodedPidsGiveNames() throws IOException {
        assertThat(read("7<two words> 11:40:03.782513 close(3) = 0\n").get(0).comm())
                .isEqualTo("two words");
    }

    @Test
    void stacksAndTheProgramsOwnLinesAreCounted() throws IOException {
        Events events = read("11:40:03.782513 close(3) = 0\n > /lib/libc.so.6(close+0x7) [0x1]\nhello world\n"
                + "printf(hello\n11:40:03.782600 close(4) = 0\n");
        assertThat(events.list()).hasSize(4);
        assertThat(events.note("stack lines")).isEqualTo(1);
        assertThat(events.note("other lines")).isEqualTo(2);
    }

    @Test
    void summaryIsRefused() throws IOException {
        Path file = write("% time     seconds  usecs/call     calls    errors syscall\n------ ----\n");
        try (Input input = Input.of(file)) {
            assertThat(Formats.recognise(input).name()).isEqualTo("strace");
        }
        assertThatThrownBy(() -> Events.read(new Strace(), file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ":1: expected calls, found the summary of strace -c; record without -c");
    }

    @Test
    void callWithoutAnEndIsAnError() throws IOException {
        Path file = write(
                "7 1795347604.000000 close(3) = 0\n7 1795347604.000010 close(3\n7 1795347604.000020 close(3) = 0\n");
        assertThatThrownBy(() -> Events.read(new Strace(), file))
                .isInstanceOf(BadInput.class)
                .hasMessage(file + ":2: expected a return value, found 'close(3'; the recording is damaged here, record"
                        + " again or cut this line out");
    }

    @Test
    void textCutInsideALineIsUsedUpToIt() throws IOException {
        Events events = read("7 1.000000 close(3) = 0\n7 1.000010 close(3) = ");
        assertThat(events.list()).hasSize(2);
        assertThat(events.tally().endsEarly()).endsWith(":2, a line without line feed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attach", "f-r", "f-t", "f-tt-yy-n-i", "f-ttt-T", "signals", "stderr", "yy"})
    void excerptIsRecognised(String file) throws IOException {
        try (Input input = Input.of(Excerpts.of("strace", file + ".txt"))) {
            assertThat(Formats.recognise(input).name()).isEqualTo("strace");
        }
    }

    private static Event event(long time, int tid, int pid, String comm, Kind kind, int code, long a, long b) {
        return new Event(time, -1, tid, pid, comm, kind, code, a, b, "");
    }

    /** @param process of the child */
    private static Event fork(long time, int parent, int child, int process, String comm) {
        return new Event(time, -1, parent, parent, comm, Kind.FORK, process, child, 0, comm);
    }

    private static Events sample(String name) throws IOException {
        return Events.read(new Strace(), name.equals("ff") ? Samples.of("strace", name) : Excerpts.of("strace", name));
    }

    /** Stamps of {@code 1.000000} stand for a second since 1970, and events are told relative to it. */
    private Events read(String text) throws IOException {
        String whole = text.replaceAll("(^|\n|[ \\]])1\\.(\\d{6} )", "$11795347604.$2");
        Events events = Events.read(new Strace(), write(whole));
        long base = whole.equals(text) ? 0 : 1795347604_000000_000L;
        List<Event> list = events.list().stream()
                .map(e -> new Event(
                        e.time() - base,
                        e.cpu(),
                        e.tid(),
                        e.pid(),
                        e.comm(),
                        e.kind(),
                        e.code(),
                        e.a(),
                        e.b(),
                        e.other()))
                .toList();
        return new Events(list, events.tally(), events.coverage(), events.names());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("trace.txt"), text, StandardCharsets.UTF_8);
    }
}
