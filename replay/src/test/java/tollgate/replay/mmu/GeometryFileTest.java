package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tollgate.ingest.BadInput;
import tollgate.ingest.yaml.BadYaml;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.Access;

/** Geometries are read as they stand in a CPU profile, and what is wrong in one is named with its place. */
final class GeometryFileTest {
    private static final int ALL_TYPES = 1 << Access.FETCH | 1 << Access.LOAD | 1 << Access.STORE;

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
    void otherSectionsAreLeftToOthers() {
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
        refused("", "p.yaml:1:1: expected the key 'geometry', found none; add it");
        refused("geometry: [", "p.yaml:1:12: not YAML: ");
        refused(
                "geometry:\n  levels: six",
                "p.yaml:2:11: expected a whole number from 4 to 5 for 'geometry.levels', found 'six'");
        refused(
                "geometry:\n  levels: 6",
                "p.yaml:2:11: expected a whole number from 4 to 5 for 'geometry.levels', found '6'");
        refused(
                "geometry:\n  levels: 4\n  frist: []",
                "p.yaml:3:3: unknown key 'geometry.frist'; did you mean 'geometry.first'?");
        refusedRow(
                ROW.replace("ways: 4", "ways: 5"), "p.yaml:4:7: 'geometry.first[0]': 5 ways do not divide 64 entries");
        refusedRow(
                ROW.replace("entries: 64", "entries: 999999999"),
                "p.yaml:4:30: expected a whole number from 1 to 16384 for 'geometry.first[0].entries', found '999999999'");
        refusedRow(
                ROW.replace("entries: 64", "entries: 0"),
                "p.yaml:4:30: expected a whole number from 1 to 16384 for 'geometry.first[0].entries', found '0'");
        refusedRow(
                ROW.replace("source: made up, ", ""),
                "p.yaml:4:7: expected the key 'geometry.first[0].source', found none; add it");
        refusedRow(
                ROW.replace("ways: 4", "ways: 4, ways: 8"),
                "p.yaml:4:43: key 'geometry.first[0].ways' is given twice, first on line 4; keep one");
        refusedRow(
                ROW.replace("64, ways: 4", "12, ways: 4, index: xor"),
                "p.yaml:4:7: 'geometry.first[0]': an XOR index needs a power of two of sets, not 3");
    }

    @Test
    void everyRowIsReadAsWritten() {
        Doc doc = Yaml.parse("g.yaml", """
                levels: 4
                nested_levels: 5
                first:
                  - {types: [fetch], pages: [4K], entries: 128, ways: 8, source: a, status: verified, note: n}
                  - {types: [load, store], pages: [2M, 1G], entries: 8, ways: full, per_thread: true, source: b, status: derived}
                second:
                  - {pages: [4K, 2M], entries: 1536, ways: 12, index: xor, source: c, status: approximate}
                walks:
                  - {caches: [PDE, PDPTE], entries: 32, ways: 4, source: d, status: approximate}
                nested:
                  - {entries: 64, ways: full, source: e, status: approximate}
                """);
        Geometry geometry = GeometryFile.read("x", doc).orElseThrow();
        doc.finish();
        assertThat(geometry)
                .isEqualTo(new Geometry(
                        "x",
                        4,
                        5,
                        List.of(
                                new Geometry.Array(
                                        1 << Access.FETCH,
                                        0b001,
                                        128,
                                        8,
                                        Geometry.Index.LINEAR,
                                        false,
                                        "a",
                                        "verified"),
                                new Geometry.Array(
                                        1 << Access.LOAD | 1 << Access.STORE,
                                        0b110,
                                        8,
                                        8,
                                        Geometry.Index.LINEAR,
                                        true,
                                        "b",
                                        "derived")),
                        List.of(new Geometry.Array(
                                ALL_TYPES, 0b011, 1536, 12, Geometry.Index.XOR, false, "c", "approximate")),
                        List.of(new Geometry.Array(
                                ALL_TYPES, 0b011, 32, 4, Geometry.Index.LINEAR, false, "d", "approximate")),
                        List.of(new Geometry.Array(
                                ALL_TYPES, 0b111, 64, 64, Geometry.Index.LINEAR, false, "e", "approximate"))));
    }

    @Test
    void everythingWrongIsTold() {
        Doc doc = Yaml.parse("g.yaml", """
                levels: 3
                first:
                  - {types: [fetsh], pages: [4K], entries: 64, ways: 8, source: a, status: verified}
                  - {types: [load], pages: [4k], entries: 65, ways: 8, source: a, status: verified}
                  - {types: [load], pages: [4K], entries: 65, ways: 8, source: a, status: verified}
                second:
                  - {pages: [4K], entries: 99999, ways: all, index: hash, status: sure}
                walks:
                  - {types: [load], caches: [PDE], entries: 32, ways: 4, source: d, status: approximate}
                third: []
                """);
        assertThat(GeometryFile.read("x", doc)).isEmpty();
        assertThat(catchThrowableOfType(BadYaml.class, doc::finish).problems())
                .containsExactly(
                        "g.yaml:1:9: expected a whole number from 4 to 5 for 'levels', found '3'",
                        "g.yaml:3:14: expected one of fetch, load, store for 'first[0].types[0]', found 'fetsh'; did you"
                                + " mean 'fetch'?",
                        "g.yaml:4:29: expected one of 4K, 2M, 1G for 'first[1].pages[0]', found '4k'; did you mean '4K'?",
                        "g.yaml:5:5: 'first[2]': 8 ways do not divide 65 entries",
                        "g.yaml:7:5: expected the key 'second[0].source', found none; add it",
                        "g.yaml:7:28: expected a whole number from 1 to 16384 for 'second[0].entries', found '99999'",
                        "g.yaml:7:41: expected a whole number from 1 to 16384 for 'second[0].ways', found 'all'",
                        "g.yaml:7:53: expected one of linear, xor for 'second[0].index', found 'hash'",
                        "g.yaml:7:67: expected one of verified, derived, approximate for 'second[0].status', found 'sure'",
                        "g.yaml:9:6: unknown key 'walks[0].types'; known: caches, entries, index, note, per_thread, source,"
                                + " status, ways",
                        "g.yaml:10:1: unknown key 'third'; known: first, levels, nested, nested_levels, second, walks");
    }

    @Test
    void rowsThatShareAPageSizeMustBeAlike() {
        refusedRow(
                ROW + "\n    - " + ROW.replace("ways: 4", "ways: 8"),
                "p.yaml:2:3: 'geometry': rows that share pages must have the same ways and index");
        refusedRow(
                ROW + "\n    - " + ROW.replace("4K", "2M") + "\n    - " + ROW,
                "p.yaml:2:3: 'geometry': rows that serve the same pages must follow each other");
    }

    private static Geometry parse(String yaml) {
        Doc section = Yaml.parse("p.yaml", yaml).doc("geometry");
        Optional<Geometry> geometry = GeometryFile.read("p", section);
        section.finish();
        return geometry.orElseThrow();
    }

    private static void refusedRow(String row, String message) {
        refused("geometry:\n  levels: 4\n  first:\n    - " + row, message);
    }

    private static void refused(String yaml, String message) {
        assertThatThrownBy(() -> parse(yaml)).isInstanceOf(BadInput.class).hasMessageStartingWith(message);
    }
}
