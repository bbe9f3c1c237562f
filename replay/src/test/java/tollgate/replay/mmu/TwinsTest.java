package tollgate.replay.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tollgate.ingest.BadInput;

final class TwinsTest {
    @Test
    void theShippedTwinsAgree() throws IOException {
        List<Twins> all = Twins.of(GroundTruthTest.shipped().resolve("traces"));
        assertThat(all).extracting(Twins::program).containsExactly("micro_getpid", "micro_pipe_pingpong");
        all.forEach(TwinsTest::check);
    }

    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void allTwinsAgree() throws IOException {
        List<Twins> all = Twins.of(Path.of(System.getProperty("tollgate.shared"), "footprints", "traces"));
        assertThat(all).hasSize(13);
        all.forEach(TwinsTest::check);
    }

    @Test
    void aFolderWithoutTwinsIsSaid(@TempDir Path empty) {
        assertThatThrownBy(() -> Twins.of(empty))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("no recording of a program with page-table isolation and without");
    }

    /** Both sides write twice an entry, but for an exit still to come when the recording ends. */
    private static void check(Twins twins) {
        String program = twins.program();
        assertThat(twins.areWritesExact()).as(program).isTrue();
        assertThat(twins.predicted().entries() - twins.predicted().exits())
                .as(program)
                .isBetween(0L, 1L);
        assertThat(twins.areWalksWithin()).as(program + " " + twins.walks()).isTrue();
    }
}
