package tollgate.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose time counts, worked out on recordings of a dozen lines. */
class WorkloadTest {
    @TempDir
    Path folder;

    private Workload find(String recording, Set<Integer> roots, boolean guests) throws IOException {
        return Workload.find(Files.writeString(folder.resolve("r"), recording), roots, guests);
    }

    @Test
    void theCommandBeginsWhereTheRecordersChildGetsAnotherName() throws IOException {
        // 9 events; bash has 2 of them.
        assertThat(find(MadeUpMachine.RECORDING, Set.of(), false))
                .isEqualTo(new Workload(Set.of("cc1", "make"), Set.of(), Set.of(), 7, 9, 800_000, 0));
    }

    @Test
    void aNameThatOthersBearTooIsNoName() throws IOException {
        String recording = MadeUpMachine.RECORDING.replace("bash", "make");
        Workload workload = find(recording, Set.of(), false);
        assertThat(workload.comms()).isEmpty();
        assertThat(workload.pids()).isEmpty(); // this text tells threads only
        assertThat(workload.tids()).containsExactly(100, 101);
    }

    @Test
    void aProcessBeginsWithItsThreads() throws IOException {
        assertThat(find(MadeUpMachine.RECORDING, Set.of(7), false).comms()).containsExactly("bash");
    }

    @Test
    void guestsAreWhoHasVmExits() throws IOException {
        String exit = "            qemu-55      [000] d....     1.001000: kvm_exit: reason HLT rip 0xffffffff81000000"
                + " info 0 0\n";
        assertThat(find(MadeUpMachine.RECORDING + exit, Set.of(), true).comms()).containsExactly("qemu");
        assertThat(find(MadeUpMachine.RECORDING, Set.of(), true).isFound()).isFalse();
    }
}
