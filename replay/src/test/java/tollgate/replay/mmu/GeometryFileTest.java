package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.Access;

/** Geometries are read as they stand in a CPU profile, and what is wrong in one is named with its place. */
final class GeometryFileTest {
    private static final String ROW = "{pages: [4K], entries: 64, ways: 4, source: made up, status: verified}";

    @Test
    void skylakeIsReadAsItStands() {
        Geometry skylake = GeometryFile.of("skylake-client");
        assertThat(skylake.levels()).isEqualTo(4);
        Geometry.Array second = skylake.second().get(0);
        assertThat(second.entries()).isEqualTo(1536);
        assertThat(second.sets()).isEqualTo(128);
        assertThat(second.index()).isEqualTo(Geometry.Index.XOR);
        assertThat(second.serves(Access.FETCH, Mmu.SIZE_2M)).isTrue();
        assertThat(second.serves(Access.FETCH, Mmu.SIZE_1G)).isFalse();
        assertThat(second.source()).startsWith("InstLatx64 GenuineIntel00506E3");
        Geometry.Array large = skylake.first().get(1);
        assertThat(large.serves(Access.FETCH, Mmu.SIZE_2M)).isTrue();
        assertThat(large.serves(Access.LOAD, Mmu.SIZE_2M)).isFalse();
        assertThat(large.sets()).isEqualTo(1);
        assertThat(large.isPerThread()).isTrue();
    }

    @ParameterizedTest
    @FieldSource("tollgate.replay.mmu.MmuTest#CPUS")
    void everyRowOfEveryCpuHasASource(String cpu) {
        Geometry geometry = GeometryFile.of(cpu);
        assertThat(geometry.first()).isNotEmpty().allMatch(row -> !row.source().isBlank());
        assertThat(geometry.second()).isNotEmpty().allMatch(row -> !row.source().isBlank());
        assertThat(geometry.walks()).isNotEmpty().allMatch(row -> row.status().equals("approximate"));
        for (int type = Access.FETCH; type <= Access.STORE; type++) {
            for (int size = Mmu.SIZE_4K; size <= Mmu.SIZE_2M; size++) {
                int t = type;
                int s = size;
                assertThat(geometry.first()).as(cpu).anyMatch(row -> row.serves(t, s));
                assertThat(geometry.second()).as(cpu).anyMatch(row -> row.serves(t, s));
            }
        }
    }

    @Test
    void aBusySiblingTakesHalfOfWhatIsShared() {
        Geometry shared = GeometryFile.of("skylake-client").besideBusySibling();
        assertThat(shared.second().get(0).ways()).isEqualTo(6);
        assertThat(shared.second().get(0).sets()).isEqualTo(128);
        assertThat(shared.first().get(1).entries()).isEqualTo(8); // per thread
    }

    @Test
    void otherSectionsAreLeftToOthers() throws IOException {
        Geometry geometry = parse("prices:\n  x: 1\ngeometry:\n  levels: 5\n  first:\n    - " + ROW);
        assertThat(geometry.levels()).isEqualTo(5);
        assertThat(geometry.first()).hasSize(1);
        assertThat(geometry.second()).isEmpty();
    }

    @Test
    void anUnknownCpuIsRefused() {
        assertThatThrownBy(() -> GeometryFile.of("z80"))
                .isInstanceOf(BadInput.class)
                .hasMessage("z80: no CPU profile of this name; see the list of CPUs");
    }

    @Test
    void whatIsWrongIsNamedWithItsPlace() {
        refused("geometry:\n  levels: six", "p.yaml:2:11: ");
        refused("geometry:\n  levels: 6", "p.yaml:2:11: ");
        refused("geometry:\n  levels: 4\n  frist: []", "p.yaml:3:3: unknown key 'geometry.frist'");
        refusedRow(ROW.replace("ways: 4", "ways: 5"), "5 ways do not divide 64 entries");
        refusedRow(ROW.replace("entries: 64", "entries: 999999999"), "16384");
        refusedRow(ROW.replace("4K", "8K"), "p.yaml:4:16: ");
        refusedRow(ROW.replace("source: made up, ", ""), "source");
        refusedRow(ROW.replace("verified", "sure"), "p.yaml:4:68: ");
        refusedRow(
                ROW.replace("64, ways: 4", "12, ways: 4, index: xor"),
                "an XOR index needs a power of two of sets, not 3");
    }

    @Test
    void rowsThatShareAPageSizeMustBeAlike() {
        refusedRow(
                ROW + "\n    - " + ROW.replace("ways: 4", "ways: 8"),
                "rows that share pages must have the same ways and index");
        refusedRow(
                ROW + "\n    - " + ROW.replace("4K", "2M") + "\n    - " + ROW,
                "rows that serve the same pages must follow each other");
    }

    private static Geometry parse(String yaml) throws IOException {
        InputStream in = new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8));
        Doc section = Yaml.read("p.yaml", in).doc("geometry");
        Optional<Geometry> geometry = GeometryFile.read("p", section);
        section.finish();
        return geometry.orElseThrow();
    }

    private static void refusedRow(String row, String message) {
        refused("geometry:\n  levels: 4\n  first:\n    - " + row, message);
    }

    private static void refused(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml)).isInstanceOf(BadInput.class).hasMessageContaining(message);
    }
}
