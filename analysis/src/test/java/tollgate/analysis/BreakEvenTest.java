package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.Strategies;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** Rates at which strategies cost what is tolerated and change places: lines by hand, and one replay. */
final class BreakEvenTest {
    /** 1 % + r / 10,000: 5 % at 40,000; in the draws 20,000, 40,000 and 80,000. */
    @Test
    void theLevelIsReachedWhereTheLineSaysAndInEachDraw() {
        RateLine line = line("a", 1, 1e-4, new double[] {1, 1, 1}, new double[] {2e-4, 1e-4, 5e-5});
        Estimate rate = (Estimate) reach(line);
        assertThat(rate.value()).isCloseTo(40_000, within(1e-6));
        assertThat(rate.low()).isBetween(20_000.0, 40_000.0);
        assertThat(rate.high()).isBetween(40_000.0, 80_000.0);
    }

    @Test
    void whatIsNeverReachedOrAlwaysIsSaid() {
        double[] none = {0};
        assertThat(reach(line("a", 1, 0, new double[] {1}, none)))
                .isEqualTo(new CannotTell("not below ten million a second"));
        assertThat(reach(line("a", 1, -1e-4, new double[] {1}, new double[] {-1e-4})))
                .isEqualTo(new CannotTell("not below ten million a second"));
        assertThat(reach(line("a", 6, 1e-4, new double[] {6}, new double[] {1e-4})))
                .isEqualTo(new CannotTell("what does not go with the rate adds that much already"));
    }

    /** 0 + r / 1000 and 3 + r / 4000 meet at 4,000; of the draws one never meets, since the steep one is the dearer throughout. */
    @Test
    void theSteepOneIsCheaperBelow() {
        RateLine steep = line("steep", 0, 1e-3, new double[] {0, 4}, new double[] {1e-3, 1e-3});
        RateLine flat = line("flat", 3, 2.5e-4, new double[] {3, 3}, new double[] {2.5e-4, 2.5e-4});
        for (List<RateLine> order : List.of(List.of(steep, flat), List.of(flat, steep))) {
            List<BreakEven.Crossing> crossings =
                    BreakEven.of(EventRate.VM_EXITS, 0, order).crossings();
            assertThat(crossings).hasSize(1);
            BreakEven.Crossing one = crossings.get(0);
            assertThat(one.below()).isEqualTo("steep");
            assertThat(one.above()).isEqualTo("flat");
            assertThat(one.rate().value()).isCloseTo(4_000, within(1e-9));
            assertThat(one.rate().low()).isLessThan(4_000);
            assertThat(one.draws()).isEqualTo(50);
        }
    }

    @Test
    void linesThatMeetBelowZeroOrNowhereDoNotCross() {
        RateLine low = line("low", 0, 1e-4, new double[] {0}, new double[] {1e-4});
        RateLine high = line("high", 1, 2e-4, new double[] {1}, new double[] {2e-4});
        RateLine parallel = line("parallel", 2, 1e-4, new double[] {2}, new double[] {1e-4});
        assertThat(BreakEven.of(EventRate.SYSCALLS, 0, List.of(low, high)).crossings())
                .isEmpty();
        assertThat(BreakEven.of(EventRate.SYSCALLS, 0, List.of(low, parallel)).crossings())
                .isEmpty();
    }

    /** A loop of calls: at the rate of its own it costs what the report says, and each call what its causes were charged. */
    @Test
    void atTheRecordedRateItIsTheFigureOfTheReport() {
        CpuProfile cpu = CpuProfile.load("skylake-sp");
        List<Lane> lanes = List.of(
                new Lane(Strategies.parse("baseline"), cpu.machine()),
                new Lane(Strategies.parse("kpti"), cpu.machine()));
        Facts facts = new LoopTrace(List.of(1, 0), 300, 3, 2).replay(new PageStream(Footprints.shipped(), 1), lanes);
        Pricing pricing = new Pricing(
                cpu, facts, true, lanes.stream().map(Lane::counts).toList(), Structure.none(2), Probe.NONE, 256, 1);
        Estimate overhead =
                (Estimate) pricing.figure(Metric.OVERHEAD, lanes.get(1).counts());
        RateLine line = pricing.line(EventRate.SYSCALLS, lanes.get(1).counts(), pricing.draws());
        BreakEven all = pricing.breakEven();
        assertThat(all.event()).isEqualTo(EventRate.SYSCALLS);
        assertThat(line.at(all.recorded())).isCloseTo(overhead.value(), within(1e-9 * overhead.value()));
        double level = ((Estimate) all.reaches().get(0).rate()).value();
        assertThat(line.at(level)).isCloseTo(BreakEven.LEVEL, within(1e-9));

        double calls = all.recorded() * facts.busyNanos() / 1e9;
        double cycles = 0;
        double[] mid = cpu.prices().mid();
        for (Map.Entry<Lane, Integer> each :
                Map.of(lanes.get(1), 1, lanes.get(0), -1).entrySet()) {
            var ledger = each.getKey().ledger();
            for (int row = 0; row < ledger.rows(); row++) {
                for (int i = 0; i < Operation.count() && EventRate.SYSCALLS.causes.test(ledger.cause(row)); i++) {
                    cycles += each.getValue() * ledger.count(row, Operation.of(i)) * mid[i];
                }
            }
        }
        assertThat(line.each()).isCloseTo(cycles / calls / cpu.gigahertz() * 1e-7, within(1e-12));
    }

    private static Figure reach(RateLine line) {
        return BreakEven.of(EventRate.SYSCALLS, 0, List.of(line))
                .reaches()
                .get(0)
                .rate();
    }

    private static RateLine line(String name, double rest, double each, double[] rests, double[] eaches) {
        return new RateLine(name, rest, each, rests, eaches);
    }
}
