package tollgate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From any recording to a file of each kind, and back through CSV, which is compared by its bytes. */
class ConvertCommandTest {
    /** A call, a switch to a thread with an odd name, a loss. */
    private static final String TRACE = String.join(
            "\n",
            "# tracer: nop",
            "#",
            "              sh-7       [000] d....     1.000000: sys_enter: NR 0 (3, 7ffe, 10, 0, 0, 0)",
            "              sh-7       [000] d..2.     1.000010: sched_switch: prev_comm=sh prev_pid=7"
                    + " prev_prio=120 prev_state=S ==> next_comm==1+1 next_pid=8 next_prio=120",
            "            =1+1-8       [000] d..1.     1.000200: page_fault_user: address=0x1000 ip=0x401000"
                    + " error_code=0x6",
            "CPU:0 [LOST 1 EVENTS]",
            "");

    @TempDir
    Path folder;

    private String printed;

    private int convert(Path from, Path to) {
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            System.setOut(both);
            System.setErr(both);
            return Main.run("convert", from.toString(), to.toString());
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
            printed = bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aPlaceThatIsNoFolderIsSaidToBeNone() throws IOException {
        Path none = folder.resolve("none");
        Path to = none.resolve("b.toll");
        assertThat(convert(Files.writeString(folder.resolve("a.txt"), TRACE), to))
                .isEqualTo(Main.CANNOT_WRITE);
        assertThat(printed)
                .isEqualTo("tollgate: " + to + ": cannot be written in " + none
                        + ", which is no folder; check the disk and the permissions\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "parquet", "toll"})
    void whatIsConvertedSaysTheSame(String kind) throws IOException {
        Path trace = Files.writeString(folder.resolve("a.txt"), TRACE);
        Path converted = folder.resolve("b." + kind);
        Path straight = folder.resolve("c.csv");
        Path around = folder.resolve("d.csv");
        for (int code : new int[] {
            convert(trace, converted), convert(trace, straight), convert(converted, around),
        }) {
            assertThat(code).isZero();
        }
        assertThat(printed).isEmpty();
        assertThat(around).hasSameBinaryContentAs(straight);
        assertThat(Files.readString(straight)).contains("\"SWITCH\",").contains("\"'=1+1\"");
        assertThat(files()).containsExactly("a.txt", "b." + kind, "c.csv", "d.csv");
    }

    @Test
    void theSidecarComesAlongAndNeverReplacesAnother() throws IOException {
        Path trace = Files.writeString(folder.resolve("a.txt"), TRACE);
        Path sidecar = Files.writeString(folder.resolve("a.yaml"), "description: mine\n");
        Path copy = folder.resolve("b.toll.yaml");
        assertThat(convert(trace, folder.resolve("b.toll"))).isZero();
        assertThat(printed).isEqualTo("sidecar: " + copy + ", a copy of " + sidecar + "\n");
        assertThat(copy).hasSameBinaryContentAs(sidecar);
        convert(trace, folder.resolve("b.toll"));
        assertThat(printed).isEmpty();
        Files.writeString(copy, "description: another\n");
        convert(trace, folder.resolve("b.toll"));
        assertThat(printed).isEqualTo("sidecar: " + copy + " was there and differs from " + sidecar + "\n");
        assertThat(copy).hasContent("description: another\n");
    }

    @Test
    void anotherEndingIsRefused() throws IOException {
        Path trace = Files.writeString(folder.resolve("a.txt"), TRACE);
        assertThat(convert(trace, folder.resolve("b.orc"))).isEqualTo(2);
        assertThat(printed)
                .startsWith("tollgate: expected an output ending in .csv, .parquet, .toll or .trace.json, found '"
                        + folder.resolve("b.orc") + "'\n");
        assertThat(files()).containsExactly("a.txt");
    }

    /** The second half of the file is missing: what was there stays. */
    @Test
    void anEarlierFileStaysUntilTheNewOneIsComplete() throws IOException {
        Path trace = Files.writeString(folder.resolve("a.txt"), TRACE);
        Path table = folder.resolve("b.parquet");
        Path out = Files.writeString(folder.resolve("c.csv"), "mine");
        assertThat(convert(trace, table)).isZero();
        byte[] whole = Files.readAllBytes(table);
        Files.write(table, Arrays.copyOf(whole, whole.length / 2));
        assertThat(convert(table, out)).isEqualTo(3);
        assertThat(printed).contains("b.parquet: byte ").contains("the file is cut");
        assertThat(out).hasContent("mine");
        assertThat(files()).containsExactly("a.txt", "b.parquet", "c.csv");
    }
}
