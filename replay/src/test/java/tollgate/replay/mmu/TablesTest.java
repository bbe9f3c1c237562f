package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Geometries that no CPU has are refused when the tables are made. */
final class TablesTest {
    private final Tags tags = new Tags(64, () -> {});

    @Test
    void twoCachesForOneLevelAreRefused() {
        List<Geometry.Array> rows = List.of(row(7, 1, 4), row(7, 2, 4), row(7, 1 | 4, 4));
        assertThatThrownBy(() -> Tables.byLevel(rows, tags, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two paging-structure caches for the same level");
    }

    @Test
    void rowsThatServeTheSamePagesFollowEachOther() {
        List<Geometry.Array> rows = List.of(row(1, 1, 4), row(2, 1, 4), row(1, 1, 4));
        assertThatThrownBy(() -> Tables.byTypeAndSize(rows, tags, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows that serve the same pages must follow each other");
    }

    @Test
    void rowsThatSharePagesHaveTheSameWays() {
        List<Geometry.Array> rows = List.of(row(1, 1, 4), row(1, 1, 2));
        assertThatThrownBy(() -> Tables.byTypeAndSize(rows, tags, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rows that share pages must have the same ways and index");
    }

    private static Geometry.Array row(int types, int sizes, int ways) {
        return new Geometry.Array(
                types, sizes, 16, ways, Geometry.Index.LINEAR, false, "made up for this test", "verified");
    }
}
