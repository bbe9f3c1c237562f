package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;

/** Both MMUs reproduce the measured streams' expected counts in every cell. */
final class GroundTruthTest {
    private static final String TRACES = "trace_tlb_expected.csv";

    @Test
    void theShippedStreamsAreExactInEveryCell() throws IOException {
        // 4 streams by 9 policies by 6 counts, and 2 whole windows by 9 policies by 12 counts.
        List<GroundTruth.Row> rows = GroundTruth.check(shipped());
        assertThat(rows).filteredOn(row -> !row.isExact()).isEmpty();
        assertThat(rows.size()).isEqualTo(4 * 9 * 6 + 2 * 9 * 12);
    }

    @Test
    void thePlainMmuIsExactToo() throws IOException {
        String few = Files.readString(shipped().resolve(TRACES))
                .lines()
                .filter(line -> !line.startsWith("micro_pipe"))
                .collect(Collectors.joining("\n"));
        assertThat(plain(new StringReader(few), shipped())).isEqualTo(2 * 9 * 6);
    }

    @Test
    void aWrongExpectationIsReported() throws IOException {
        String off = "trace,policy,l1i_misses\nmicro_getpid.pti_off,pti_off_pcid,11\n"; // 12 in truth
        assertThat(GroundTruth.check(new StringReader(off), stream -> open(shipped(), stream), Mmu::new))
                .containsExactly(new GroundTruth.Row("micro_getpid.pti_off", "pti_off_pcid", "l1i_misses", 11, 12));
    }

    @Test
    void expectationsThatCannotBeRightAreRefused() {
        refused("trace,policy,l1i_misses\ns,pti_off_pcid,x\n", "l1i_misses: expected a count, found 'x'");
        refused("trace,policy,l1i_misses\ns,pti_of,1\n", "unknown policy 'pti_of'");
        refused("trace,policy,hits\ns,pti_off_pcid,1\n", "unknown count 'hits'");
        refused("trace,l1i_misses\ns,1\n", "expected as many values as columns, one of them 'policy'");
        refused(
                "trace,policy,l1i_misses\ns,pti_off_pcid\n",
                "expected as many values as columns, one of them 'policy'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x,y\n1,2\n", "trace,trace\na,b\n", "trace,policy\n\"a\"b,c\n", "trace,\u00e9\na,b\n"})
    void aFileThatIsNoTableOfExpectationsIsNamed(String text, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve(TRACES), text, StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> GroundTruth.check(folder))
                .isInstanceOf(BadInput.class)
                .hasMessageStartingWith(file + ": expected a CSV table in UTF-8 with the columns trace, or ")
                .hasMessageNotContaining("\n");
    }

    private static void refused(String expectations, String problem) {
        assertThatThrownBy(() ->
                        GroundTruth.check(new StringReader(expectations), stream -> open(shipped(), stream), Mmu::new))
                .isInstanceOf(BadInput.class)
                .hasMessage("expectations of s, row 1: " + problem);
    }

    @Test
    void aFolderWithoutExpectationsIsRefused() {
        assertThatThrownBy(() -> GroundTruth.check(Path.of("nowhere")))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("trace_tlb_expected.csv: no such file");
    }

    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void allStreamsAreExactInEveryCell() throws IOException {
        List<GroundTruth.Row> rows = GroundTruth.check(full());
        assertThat(rows).filteredOn(row -> !row.isExact()).isEmpty();
        System.out.printf("ground truth: %d cells exact%n", rows.size());
    }

    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void thePlainMmuIsExactInEveryCellOfAllStreams() throws IOException {
        try (Reader expectations = Files.newBufferedReader(full().resolve(TRACES))) {
            System.out.printf("ground truth, plain MMU: %d cells exact%n", plain(expectations, full()));
        }
    }

    /** Checks the plain MMU and returns how many cells are exact, which are all. */
    private static int plain(Reader expectations, Path footprints) throws IOException {
        List<GroundTruth.Row> rows = GroundTruth.check(expectations, stream -> open(footprints, stream), PlainMmu::new);
        assertThat(rows).filteredOn(row -> !row.isExact()).isEmpty();
        return rows.size();
    }

    private static Path full() {
        return Path.of(System.getProperty("tollgate.shared"), "footprints");
    }

    /** The folder of test resources, laid out as the full one. */
    static Path shipped() {
        try {
            return Path.of(GroundTruthTest.class.getResource(TRACES).toURI()).getParent();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    static Input open(Path footprints, String stream) throws IOException {
        return Input.of(footprints.resolve("traces").resolve(stream + ".pgt.zst"));
    }
}
