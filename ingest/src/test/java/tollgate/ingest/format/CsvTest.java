package tollgate.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Batch;
import tollgate.ingest.Coverage;
import tollgate.ingest.Formats;
import tollgate.ingest.Input;
import tollgate.ingest.Kind;
import tollgate.ingest.Names;
import tollgate.ingest.Tally;

final class CsvTest {
    @TempDir
    private Path folder;

    static Stream<Path> samples() {
        return Formats.all().stream()
                .flatMap(format -> Samples.of(format.name()).stream())
                .filter(path -> !path.getFileName().toString().startsWith("refused-"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleSurvivesTheWayThere(Path sample) throws IOException {
        Path csv = folder.resolve("copy.csv");
        StringWriter text = new StringWriter();
        Events original;
        try (Input input = Input.of(sample)) {
            original = Events.read(Formats.recognise(input), sample);
            CsvWriter.convert(Formats.recognise(input), input, text);
        }
        Files.writeString(csv, text.toString());
        Events copy = Events.read(new CsvFormat(), csv);
        assertThat(copy.list()).isEqualTo(original.list());
        assertThat(copy.coverage()).isEqualTo(original.coverage());
        assertThat(copy.tracepoints()).isEqualTo(original.tracepoints());
        assertThat(copy.tally().header()).isEqualTo(original.tally().header());
        assertThat(copy.tally().lost()).isEqualTo(original.tally().lost());
        assertThat(copy.tally().lossReports()).isEqualTo(original.tally().lossReports());
        assertThat(copy.tally().endsEarly()).isEqualTo(original.tally().endsEarly());
        original.tally()
                .notes()
                .forEach((what, count) -> assertThat(copy.note(what)).isEqualTo(count.value()));
    }

    @Test
    void rowsAreWhatTheHeaderSays() throws IOException {
        Names names = new Names();
        Batch batch = new Batch();
        batch.append(5, 1, 77, -1, names.id("a,\"b\""), Kind.SWITCH, 'S', 88, names.id("=1+1"));
        batch.append(6, -1, -1, -1, -1, Kind.LOST, 0, 48, 0);
        Coverage coverage = new Coverage(
                Coverage.Scope.SYSTEM, true, false, Coverage.Clock.TSC, EnumSet.of(Kind.LOST, Kind.SWITCH), true);
        StringWriter text = new StringWriter();
        try (CsvWriter writer = new CsvWriter(text, coverage, new Tally(), names)) {
            writer.write(batch);
        }
        assertThat(text.toString()).isEqualTo("""
                # tollgate events 1
                # scope SYSTEM
                # clock TSC
                # cpus true
                # processes false
                # certain true
                # recorded SWITCH
                # recorded LOST
                # lost 0 0
                # out_of_order 0
                "time_ns","cpu","tid","pid","comm","kind","code","a","b"
                5,1,77,-1,"a,""b""\","SWITCH",83,88,"'=1+1"
                6,-1,-1,-1,,"LOST",0,48,0
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "nl\nx", "cr\r\nx", "\"", "\"\"", ",", "=cmd()", "+1", "-1", "@x", "'", "'=", "\\", "\\x41",
                "\\\\x41", "é漢", "#x", "\t", "\u0000", "null", " lead", "trail "
            })
    void namesSurvive(String name) throws IOException {
        assertThat(throughCsv(name.getBytes(StandardCharsets.UTF_8))).isEqualTo(name.getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 200)
    void anyBytesOfANameSurvive(@ForAll @Size(max = 15) byte[] name) throws IOException {
        assertThat(throughCsv(name)).isEqualTo(name);
    }

    @Test
    void aTableOfTheUsersOwnTellsWhatItHas() throws IOException {
        Events events = Events.read(new CsvFormat(), Samples.of("csv", "own-table.csv"));
        assertThat(events.list())
                .containsExactly(
                        new Events.Event(1000, -1, 77, -1, "", Kind.SYSCALL_ENTER, 1, 16, 0, ""),
                        new Events.Event(1800, -1, 77, -1, "", Kind.SYSCALL_EXIT, 1, -11, 0, ""),
                        new Events.Event(2000, -1, 78, -1, "", Kind.VM_EXIT, 131168, 0, 0, ""));
        assertThat(events.coverage())
                .isEqualTo(new Coverage(
                        Coverage.Scope.UNKNOWN,
                        false,
                        false,
                        Coverage.Clock.NANOS,
                        EnumSet.of(Kind.SYSCALL_ENTER, Kind.SYSCALL_EXIT, Kind.VM_EXIT),
                        false));
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        refused("time_ns,cpu\n1,0\n", ":1: expected a column 'kind', found cpu,time_ns; add it to the header row");
        refused(
                "time_ns,kind\n1,FORK\nx,FORK\n",
                ":3: expected a number in column time_ns, found 'x'; write it in decimal or as 0x");
        refused(
                "time_ns,kind\n2,FORK\n1,FORK\n",
                ":3: expected a time of at least 2, found 1; sort the rows by time_ns");
        refused(
                "time_ns,kind\n1,KNIFE\n",
                ":2: expected a kind such as SYSCALL_ENTER, found 'KNIFE'; the kinds are " + List.of(Kind.values()));
    }

    private void refused(String csv, String message) {
        Path file = folder.resolve("bad.csv");
        assertThatThrownBy(() -> {
                    Files.writeString(file, csv);
                    Events.read(new CsvFormat(), file);
                })
                .isInstanceOf(BadInput.class)
                .hasMessage(file + message);
    }

    /** Not in the temporary folder of JUnit, which a property of jqwik does not get. */
    private static byte[] throughCsv(byte[] name) throws IOException {
        Names names = new Names();
        Batch batch = new Batch();
        batch.append(1, 0, 7, 7, names.id(name, 0, name.length), Kind.EXIT, 0, 0, 0);
        Coverage coverage =
                new Coverage(Coverage.Scope.UNKNOWN, true, true, Coverage.Clock.NANOS, EnumSet.of(Kind.EXIT), false);
        StringWriter text = new StringWriter();
        try (CsvWriter writer = new CsvWriter(text, coverage, new Tally(), names)) {
            writer.write(batch);
        }
        Path file = Files.createTempFile("name-", ".csv");
        try {
            Files.writeString(file, text.toString());
            try (Input input = Input.of(file);
                    CsvRecording recording = (CsvRecording) new CsvFormat().open(input)) {
                Batch read = new Batch();
                assertThat(recording.read(read)).isTrue();
                return recording.names().bytes(read.comm[0]);
            }
        } finally {
            Files.delete(file);
        }
    }
}
