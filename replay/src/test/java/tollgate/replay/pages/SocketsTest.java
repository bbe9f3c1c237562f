package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tollgate.ingest.Syscalls;
import tollgate.replay.Access;
import tollgate.replay.Steps;

class SocketsTest {
    /** Code of sockets (net/socket.c) in the measured kernel. */
    private static final long SOCKET_TEXT = 0xf_ffff_fff8_17afL | -1L << 52;

    private final Sockets sockets = new Sockets();

    @Test
    void aReadIsOnWhatTheTasksLastTellingCallWorkedOn() {
        assertThat(isOn(1, "read")).isFalse();
        assertThat(isOn(1, "epoll_wait")).isFalse(); // it tells, and is none itself
        assertThat(isOn(1, "read")).isTrue();
        assertThat(isOn(1, "writev")).isTrue();
        assertThat(isOn(1, "close")).isFalse();
        assertThat(isOn(1, "readv")).isTrue();
        assertThat(isOn(2, "write")).isFalse();
        assertThat(isOn(1, "openat")).isFalse();
        assertThat(isOn(1, "write")).isFalse();
        assertThat(isOn(1, "accept4")).isFalse();
        sockets.forget(1);
        assertThat(isOn(1, "read")).isFalse();
    }

    @Test
    void recvfromAndSendtoStandIn() {
        assertThat(Syscalls.name(Sockets.alike(Syscalls.number("readv")))).isEqualTo("recvfrom");
        assertThat(Syscalls.name(Sockets.alike(Syscalls.number("write")))).isEqualTo("sendto");
    }

    @Test
    void numbersOutsideTheTableTellNothing() {
        assertThat(sockets.isOn(1, -1)).isFalse();
        assertThat(sockets.isOn(1, 100_000)).isFalse();
    }

    @Test
    void aServersReadTouchesTheNetworkStackAndAFilesDoesNot() {
        PageStream stream = new PageStream(Footprints.shipped(), 1);
        int file = calls(stream, "read");
        stream.syscall(new Steps(1 << 12), Syscalls.number("epoll_wait"), 1, 1, false, -1, 0);
        assertThat(file).isZero();
        assertThat(calls(stream, "read")).isPositive();
    }

    private static int calls(PageStream stream, String name) {
        int touched = 0;
        for (int i = 1; i <= 50; i++) {
            Steps out = new Steps(1 << 12);
            stream.syscall(out, Syscalls.number(name), 1, 1, false, -1, i);
            for (int k = 0; k < out.size(); k++) {
                touched += Access.page(out.words()[k]) == SOCKET_TEXT ? 1 : 0;
            }
        }
        return touched;
    }

    private boolean isOn(int task, String name) {
        return sockets.isOn(task, Syscalls.number(name));
    }
}
