package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.ingest.yaml.BadYaml;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.Access;

class GeometryFileTest {
    private static final int ALL_TYPES = 1 << Access.FETCH | 1 << Access.LOAD | 1 << Access.STORE;

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
    void anUnknownCpuIsTold() {
        assertThatThrownBy(() -> GeometryFile.of("zen99"))
                .hasMessage("zen99: no CPU profile of this name; see the list of CPUs");
        assertThat(GeometryFile.of("zen3").cpu()).isEqualTo("zen3");
    }
}
