package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Comparison.Check;
import tollgate.analysis.Figure.Estimate;
import tollgate.ingest.BadInput;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.Strategies;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** Published measurements: the file, the loops built from it, and the score. */
final class PublishedCaseTest {
    private static final List<PublishedCase> ALL = PublishedCase.all();

    @Test
    void thereAreAtLeastTwentyAndEachIsItsOwn() {
        assertThat(ALL).hasSizeGreaterThanOrEqualTo(20).doesNotHaveDuplicates();
        assertThat(ALL).extracting(PublishedCase::what).doesNotHaveDuplicates();
    }

    /** A case whose figure stood behind a price would only find that price again. */
    @Test
    void noCaseSharesItsSourceWithAPriceOfItsCpu() {
        for (PublishedCase each : ALL) {
            Prices prices = CpuProfile.load(each.cpu()).prices();
            for (Operation operation : Operation.values()) {
                assertThat(prices.price(operation).source())
                        .as(each.what() + ", " + operation)
                        .isNotEqualTo(each.source());
            }
        }
    }

    /** The rule of the file: strategy and profile exist, and what is measured is not 0. */
    @Test
    void everyCaseNamesThingsThatExist() {
        for (PublishedCase each : ALL) {
            Strategies.parse(each.strategy());
            Strategies.parse(each.against());
            assertThat(each.published()).as(each.what()).isPositive();
            assertThat(each.source()).as(each.what()).isNotBlank();
        }
    }

    /** One call an operation: one entry, two CR3 writes, whatever the pages are; one more when the first event shows who runs. */
    @Test
    void aLoopOfOneCallEntersOnceAnOperation() {
        CpuProfile cpu = CpuProfile.load("skylake-client");
        LoopTrace loop = new LoopTrace(List.of(110), 192, 3, 1);
        List<Lane> lanes = List.of(lane("baseline", cpu), lane("kpti", cpu));
        Facts facts = loop.replay(pages(), lanes);
        assertThat(facts.entries()).isEqualTo(loop.operations());
        assertThat(lanes.get(1).ledger().count(Operation.CR3_WRITE_KEEP)
                        + lanes.get(1).ledger().count(Operation.CR3_WRITE_FLUSH))
                .isEqualTo(2L * loop.operations() + 1);
    }

    /** Two processes that take turns: a switch an operation, each to another mm, and their PCIDs are kept. */
    @Test
    void aPingPongSwitchesOnceAnOperation() {
        CpuProfile cpu = CpuProfile.load("skylake-client");
        LoopTrace turns = new LoopTrace(List.of(1, 0), 300, 3, 2);
        Lane baseline = lane("baseline", cpu);
        Facts facts = turns.replay(pages(), List.of(baseline));
        assertThat(facts.switches()).isEqualTo(turns.operations());
        assertThat(facts.entries()).isEqualTo(2L * turns.operations());
        assertThat(baseline.ledger().count(Operation.CR3_WRITE_KEEP)).isGreaterThan(turns.operations() * 9L / 10);
    }

    /** Of 100 published: 100 in 80 to 120 is a hit, in 20 to 180 too wide, outside 30 to 60 a miss. */
    @Test
    void theScoreCountsWhatIsInsideAndWhatIsNarrow() {
        Score score = Score.of(
                List.of(check(110, 80, 120, 50, "one"), check(140, 20, 180, 0, "one"), check(50, 30, 60, 75, "two")));
        assertThat(score.cases()).isEqualTo(3);
        assertThat(score.sources()).isEqualTo(2);
        assertThat(score.inside()).isEqualTo(2);
        assertThat(score.hits()).isEqualTo(1);
        assertThat(score.width()).isEqualTo(2);
        assertThat(score.error()).isCloseTo(40, within(1e-9));
        assertThat(score.compared()).isEqualTo(2);
        assertThat(score.errorThere()).isCloseTo((10 + 50) / 2.0, within(1e-9));
        assertThat(score.naiveError()).isCloseTo((50 + 25) / 2.0, within(1e-9));
    }

    @Test
    void theModelBeatsTwoCr3WritesAnEntry() {
        Score score =
                Score.of(ALL.stream().map(each -> each.predict(pages(), 512, 1)).toList());
        assertThat(score.errorThere()).isLessThan(score.naiveError());
    }

    @Test
    void aMistakeInTheFileIsToldWithItsPlace() {
        String text =
                "sources: {a: b}\ncases:\n  - {what: x, strategy: kpti, cpu: haswell, machine: m, gigahertz: 2, calls: [getpidd],"
                        + " nanos: 1, published: 1, unit: ns, from: f, source: a}\n";
        assertThatThrownBy(() -> PublishedCase.read(
                        "mine.yaml", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
                .isInstanceOf(BadInput.class)
                .hasMessageContaining("mine.yaml:3")
                .hasMessageContaining("expected a system call of x86-64, found 'getpidd'");
    }

    private static Check check(double value, double low, double high, double naive, String source) {
        Figure simple = naive == 0 ? new Figure.CannotTell("") : Estimate.exact(naive);
        return new Check("what", "cpu", 100, new Estimate(value, low, high), simple, "ns", "", "", "", "", source);
    }

    private static Lane lane(String strategy, CpuProfile cpu) {
        return new Lane(Strategies.parse(strategy), cpu.machine());
    }

    private static PageStream pages() {
        return new PageStream(Footprints.shipped(), 1);
    }
}
