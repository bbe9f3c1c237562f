package tollgate.replay.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class DrawnAgainstFullTest {
    private static final Footprints SHIPPED = Footprints.shipped();
    private static final DrawnAgainstFull.Prices PRICES = DrawnAgainstFull.Prices.EXAMPLE;

    @Test
    void theFullSideCountsWhatTheMeasurementExpects() throws Exception {
        // trace_tlb_expected.csv, micro_pipe_pingpong.pti_off, l1i + l1d misses and ifetch + data walks:
        //   pti_off_pcid  20 + 1726, 20 + 46;  pti_on_pcid 6723 + 14582, 31 + 89;  pti_on_nopcid 24598 + 56507, 24598 +
        // 56506
        DrawnAgainstFull.Row flushing = row(pingpong(), "kpti_no_pcid");
        assertThat(flushing.entries()).isEqualTo(2238);
        assertThat(flushing.full().walks() * 2238).isCloseTo(24598 + 56506 - 66, within(1e-6));
        assertThat(flushing.full().stlbHits() * 2238).isCloseTo(1 - 1680, within(1e-6));
        DrawnAgainstFull.Row tagged = row(pingpong(), "kpti_pcid");
        assertThat(tagged.full().walks() * 2238).isCloseTo(31 + 89 - 66, within(1e-6));
        assertThat(tagged.full().stlbHits() * 2238).isCloseTo(6723 + 14582 - 120 - 1680, within(1e-6));
    }

    @Test
    void aPingpongOverPipesIsDrawnFromOtherProgramsWithinATenth() throws Exception {
        DrawnAgainstFull.Row row = row(pingpong(), "kpti_no_pcid");
        assertThat(row.isGood(PRICES)).as(row.toString()).isTrue();
        assertThat(row(pingpong(), "kpti_pcid").isGood(PRICES)).isTrue();
    }

    /** The three programs, left out in turn: the table of the report. */
    @Test
    @EnabledIfSystemProperty(named = "tollgate.shared", matches = ".+")
    void pagesOfOneProgramAreDrawnFromTheOthersWithinTheGoal() throws IOException {
        Path traces = Path.of(System.getProperty("tollgate.shared"), "footprints", "traces");
        List<DrawnAgainstFull.Row> rows = new ArrayList<>();
        for (String program : List.of("redis", "sqlite", "mixed")) {
            for (DrawnAgainstFull.Drawn drawn : DrawnAgainstFull.Drawn.values()) {
                rows.addAll(DrawnAgainstFull.compare(
                        program,
                        traces.resolve(program + ".pti_off.pgt.zst"),
                        Vectors.read(traces.resolve("vectors_6.1.txt")),
                        SHIPPED,
                        1,
                        drawn));
            }
        }
        for (DrawnAgainstFull.Row row : rows) {
            System.out.printf(
                    "%-7s %-15s %-12s %s  full %6.2f walks %7.2f hits %7.0f cycles  drawn %6.2f %7.2f %7.0f  error %6.0f (%.1f %%)  from itself %6.0f%n",
                    row.program(),
                    row.drawn(),
                    row.strategy(),
                    row.isSmallPages() ? "4k" : "2m",
                    row.full().walks(),
                    row.full().stlbHits(),
                    row.full().cycles(PRICES),
                    row.fromDrawn().walks(),
                    row.fromDrawn().stlbHits(),
                    row.fromDrawn().cycles(PRICES),
                    row.error(PRICES),
                    100 * row.error(PRICES) / row.full().cycles(PRICES),
                    row.fromOwn().cycles(PRICES) - row.full().cycles(PRICES));
        }
        assertThat(rows)
                .filteredOn(row -> row.drawn() == DrawnAgainstFull.Drawn.KERNEL)
                .hasSize(12)
                .allMatch(row -> row.isGood(PRICES));
        assertThat(rows)
                .filteredOn(row -> row.drawn() == DrawnAgainstFull.Drawn.KERNEL_AND_USER && row.isGood(PRICES))
                .hasSizeGreaterThanOrEqualTo(10);
        // Drawn from the program itself, invocations are the right ones and only their order is lost.
        assertThat(rows).filteredOn(row -> row.isOwnGood(PRICES)).hasSizeGreaterThanOrEqualTo(22);
    }

    private static DrawnAgainstFull.Row row(List<DrawnAgainstFull.Row> rows, String strategy) {
        return rows.stream()
                .filter(row -> row.strategy().equals(strategy) && !row.isSmallPages())
                .findFirst()
                .orElseThrow();
    }

    private static List<DrawnAgainstFull.Row> pingpong() throws IOException, URISyntaxException {
        Path trace = Path.of(DrawnAgainstFullTest.class
                .getResource("/tollgate/replay/mmu/traces/micro_pipe_pingpong.pti_off.pgt.zst")
                .toURI());
        Vectors vectors = Vectors.of("vectors", List.of("470 exc_page_fault", "481 sysvec_apic_timer_interrupt"));
        return DrawnAgainstFull.compare(
                "micro_pipe_pingpong", trace, vectors, SHIPPED, 1, DrawnAgainstFull.Drawn.KERNEL);
    }
}
