package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.Strategies;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** Prices and model parameters that are held: by hand where the arithmetic allows, against the figure as it was otherwise. */
final class RepricingTest {
    private static final CpuProfile CPU = CpuProfile.load("skylake-sp");
    private static final int DRAWS = 256;

    private final List<Lane> lanes = List.of(
            new Lane(Strategies.parse("baseline"), CPU.machine()), new Lane(Strategies.parse("kpti"), CPU.machine()));
    private final Facts facts =
            new LoopTrace(List.of(1, 0), 300, 3, 2).replay(new PageStream(Footprints.shipped(), 1), lanes);
    private final Structure structure = Structure.none(2);
    private final Repricing repricing = new Repricing(replayed(), CPU, DRAWS, 1);

    private Replayed replayed() {
        return new Replayed(
                new Comparison.Trace("made", "", "", "", 0, 0, 0, 0, 0, 0, 0, 0),
                lanes.stream().map(Lane::counts).toList(),
                List.of(Map.of(), Map.of()),
                List.of(Protection.NONE, Protection.NONE),
                List.of(),
                facts,
                structure,
                Probe.NONE,
                true,
                "",
                List.of(),
                List.of());
    }

    private Estimate at(Metric metric, Fixed fixed) {
        return (Estimate) repricing.at(fixed).point(metric, "kpti").figure();
    }

    private static Fixed price(String key, double cycles) {
        return new Fixed(Map.of(key, cycles), Map.of());
    }

    private static Fixed model(String key, double value) {
        return new Fixed(Map.of(), Map.of(key, value));
    }

    @Test
    void withNothingHeldItIsTheFigureOfTheReport() {
        Pricing pricing = new Pricing(
                CPU, facts, true, lanes.stream().map(Lane::counts).toList(), structure, Probe.NONE, DRAWS, 1);
        for (Metric metric : List.of(Metric.OVERHEAD, Metric.CYCLES_PER_ENTRY)) {
            assertThat(at(metric, Fixed.NONE))
                    .isEqualTo(pricing.figure(metric, lanes.get(1).counts()));
        }
    }

    /** Twice the price less once the price is the count times the price, and nothing else. */
    @Test
    void aHeldPriceCountsAsOftenAsItsOperationIsAdded() {
        String key = Operation.CR3_WRITE_KEEP.price();
        long added = 0;
        for (Operation operation : Operation.values()) {
            if (operation.price().equals(key)) {
                added += lanes.get(1).ledger().count(operation)
                        - lanes.get(0).ledger().count(operation);
            }
        }
        assertThat(added).isPositive();
        double once = at(Metric.CYCLES_PER_ENTRY, price(key, 100)).value();
        double twice = at(Metric.CYCLES_PER_ENTRY, price(key, 200)).value();
        assertThat(twice - once).isCloseTo(100.0 * added / facts.entries(), within(1e-9));
    }

    @Test
    void whatIsKnownMakesTheIntervalNarrower() {
        String key = Operation.CR3_WRITE_KEEP.price();
        double mid = CPU.prices().price(Operation.CR3_WRITE_KEEP).mid();
        Estimate drawn = at(Metric.CYCLES_PER_ENTRY, Fixed.NONE);
        Estimate held = at(Metric.CYCLES_PER_ENTRY, price(key, mid));
        assertThat(held.value()).isCloseTo(drawn.value(), within(1e-9));
        assertThat(held.high() - held.low()).isLessThan((drawn.high() - drawn.low()) / 2);
    }

    /** On a CPU that does the work at 0.7 of its speed there is more busy time to relate to, and the reverse. */
    @Test
    void theWorkScaleDividesTheOverheadExactly() {
        double usual = at(Metric.OVERHEAD, Fixed.NONE).value();
        assertThat(at(Metric.OVERHEAD, model(Uncertainty.WORK_SCALE, 1)).value())
                .isCloseTo(usual, within(1e-9));
        for (double scale : new double[] {0.7, 0.9, 1.25, 1.5}) {
            assertThat(at(Metric.OVERHEAD, model(Uncertainty.WORK_SCALE, scale)).value())
                    .isCloseTo(usual / scale, within(1e-9));
        }
        assertThat(at(Metric.CYCLES_PER_ENTRY, model(Uncertainty.WORK_SCALE, 0.7)))
                .isEqualTo(at(Metric.CYCLES_PER_ENTRY, Fixed.NONE));
    }

    /** Half-way between the middle and an end, half of the shift that was measured at that end. */
    @Test
    void betweenItsEndsAModelParameterIsLinear() {
        int write = Operation.CR3_WRITE_KEEP.ordinal(); // kpti adds two an entry
        int pages = ModelParameter.USER_PAGES.ordinal();
        structure.shifts()[1][pages][0][write] = -2;
        structure.shifts()[1][pages][1][write] = 4;
        double cycles = CPU.prices().mid()[write];
        double usual = at(Metric.CYCLES_PER_ENTRY, Fixed.NONE).value();
        assertThat(added(1.6) - usual).isCloseTo(4 * cycles, within(1e-9));
        assertThat(added(1.3) - usual).isCloseTo(2 * cycles, within(1e-9));
        assertThat(added(0.8) - usual).isCloseTo(-1 * cycles, within(1e-9));
        assertThat(added(0.6) - usual).isCloseTo(-2 * cycles, within(1e-9));
    }

    private double added(double userPages) {
        return at(Metric.CYCLES_PER_ENTRY, model(Uncertainty.USER_PAGES, userPages))
                .value();
    }
}
