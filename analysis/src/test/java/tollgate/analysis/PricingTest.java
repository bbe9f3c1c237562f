package tollgate.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Uncertainty.Pair;
import tollgate.analysis.Uncertainty.Share;
import tollgate.replay.CallSample;
import tollgate.replay.Cause;
import tollgate.replay.Counts;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.Strategies;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.PageStream;

/** Pricing of real lanes, which ran over a loop of calls. */
final class PricingTest {
    private static final CpuProfile CPU = CpuProfile.load("skylake-sp");
    private static final int DRAWS = 1 << 10;

    private final List<Lane> lanes = List.of(lane("baseline"), lane("kpti"), lane("kpti-nopcid"));
    /** Two processes that take turns: there is busy time. */
    private final Facts facts =
            new LoopTrace(List.of(1, 0), 300, 3, 2).replay(new PageStream(Footprints.shipped(), 1), lanes);

    @Test
    void theDrawsSayWhichStrategyIsCheaperAndWhatMakesTheIntervalWide() {
        Pricing pricing = pricing(Probe.NONE);
        Uncertainty uncertainty = pricing.uncertainty();

        assertThat(uncertainty.metric()).isEqualTo(Metric.OVERHEAD);
        Pair pair = uncertainty.pairs().get(0);
        assertThat(List.of(pair.a(), pair.b())).containsExactly("kpti", "kpti-nopcid");
        double kpti = overhead(pricing, 1).value();
        double without = overhead(pricing, 2).value();
        assertThat(pair.difference().value()).isCloseTo(without - kpti, within(1e-9));

        assertThat(uncertainty.causes())
                .extracting(Uncertainty.Causes::strategy)
                .containsExactly("kpti", "kpti-nopcid");
        List<Share> shares = uncertainty.causes().get(0).shares();
        assertThat(shares)
                .extracting(Share::coordinate)
                .contains("cr3_write", Uncertainty.WORK_SCALE, Uncertainty.SEGMENTS);
        for (Share share : shares) {
            assertThat(share.alone().value()).as(share.coordinate()).isCloseTo(kpti, within(1e-9));
            // What is known makes no interval wider than all together, up to the noise of its ends.
            double width = share.known().high() - share.known().low();
            Estimate all = overhead(pricing, 1);
            assertThat(width).as(share.coordinate()).isLessThan(1.05 * (all.high() - all.low()));
        }
        // With its own and its work's scale apart, KPTI's two writes are what it costs.
        assertThat(shares.subList(0, 2))
                .extracting(Share::coordinate)
                .containsExactlyInAnyOrder("cr3_write", Uncertainty.WORK_SCALE);
    }

    /** Against mainline a figure is the paired difference, as the ranking computes it from the same draws. */
    @Test
    void againstMainlineIsThePairedDifferenceFromIt() {
        List<Lane> beside = List.of(
                lane("baseline"),
                lane("kpti"),
                new Lane(Mainline.parse("mainline", CPU.features()), CPU.machine()),
                new Lane(Mainline.parse("mainline+sci", CPU.features()), CPU.machine()));
        Facts seen = new LoopTrace(List.of(1, 0), 300, 3, 2).replay(new PageStream(Footprints.shipped(), 1), beside);
        Pricing pricing = new Pricing(
                CPU,
                seen,
                true,
                beside.stream().map(Lane::counts).toList(),
                Structure.none(beside.size()),
                Probe.NONE,
                DRAWS,
                1);
        Estimate kpti = (Estimate)
                pricing.price(beside.get(1).counts(), Map.of(), Protection.NONE).figure(Metric.OVERHEAD_MAINLINE);
        Estimate sci = (Estimate)
                pricing.price(beside.get(3).counts(), Map.of(), Protection.NONE).figure(Metric.OVERHEAD_MAINLINE);
        for (Pair pair : pricing.uncertainty().pairs()) {
            Estimate difference = pair.difference();
            if (pair.a().equals("kpti") && pair.b().equals("mainline")) {
                assertThat(kpti.value()).isCloseTo(-difference.value(), within(1e-9));
                assertThat(kpti.low()).isCloseTo(-difference.high(), within(1e-9));
                assertThat(kpti.high())
                        .isCloseTo(-difference.low(), within(1e-9))
                        .isNegative();
            } else if (pair.a().equals("mainline")) {
                assertThat(pair.b()).isEqualTo("mainline+sci");
                assertThat(sci.value())
                        .isCloseTo(difference.value(), within(1e-9))
                        .isPositive();
                assertThat(sci.low()).isCloseTo(difference.low(), within(1e-9)).isPositive();
                assertThat(sci.high()).isCloseTo(difference.high(), within(1e-9));
            }
        }
        assertThat(pricing.price(beside.get(2).counts(), Map.of(), Protection.NONE)
                        .figure(Metric.OVERHEAD_MAINLINE))
                .isEqualTo(Estimate.exact(0));
        Estimate mainline = (Estimate)
                pricing.price(beside.get(2).counts(), Map.of(), Protection.NONE).figure(Metric.CYCLES_PER_ENTRY);
        Estimate bare = (Estimate) pricing.price(beside.get(0).counts(), Map.of(), Protection.NONE)
                .figure(Metric.CYCLES_PER_ENTRY_MAINLINE);
        assertThat(bare.value()).isEqualTo(-mainline.value());
    }

    @Test
    void whatKeepsSiblingsFromWhatTheyRanHasNoCost() {
        List<Lane> beside = List.of(lane("baseline"), lane("kpti"), lane("nosmt"), lane("kpti+stun"));
        Facts seen = new LoopTrace(List.of(1, 0), 300, 3, 2).replay(new PageStream(Footprints.shipped(), 1), beside);
        Pricing pricing = new Pricing(
                CPU,
                seen,
                true,
                beside.stream().map(Lane::counts).toList(),
                Structure.none(beside.size()),
                Probe.NONE,
                DRAWS,
                1);
        for (int held = 2; held <= 3; held++) {
            Comparison.Strategy strategy = pricing.price(beside.get(held).counts(), Map.of(), Protection.NONE);
            assertThat(strategy.figure(Metric.OVERHEAD))
                    .isEqualTo(new CannotTell("a replay does not change scheduling; what siblings are kept from is its"
                            + " price (see stunned_time)"));
            assertThat(strategy.figure(Metric.CR3_WRITES_PER_ENTRY)).isInstanceOf(Estimate.class);
        }
        assertThat(pricing.uncertainty().pairs()).isEmpty(); // KPTI has nothing to be compared with
        assertThat(pricing.uncertainty().causes())
                .extracting(Uncertainty.Causes::strategy)
                .containsExactly("kpti");
    }

    @Test
    void withoutMainlineNothingIsSaidAgainstIt() {
        assertThat(pricing(Probe.NONE)
                        .price(lanes.get(1).counts(), Map.of(), Protection.NONE)
                        .figure(Metric.OVERHEAD_MAINLINE))
                .isEqualTo(new CannotTell("mainline is not among the strategies compared"));
    }

    /** The ledger at mid prices, by hand. */
    @Test
    void theFigureIsTheLedgerTimesThePrices() {
        double cycles = 0;
        for (Operation operation : Operation.values()) {
            long added = lanes.get(1).ledger().count(operation)
                    - lanes.get(0).ledger().count(operation);
            cycles += added * CPU.prices().mid()[operation.ordinal()];
        }
        Figure figure =
                pricing(Probe.NONE).figure(Metric.CYCLES_PER_ENTRY, lanes.get(1).counts());
        assertThat(((Estimate) figure).value()).isCloseTo(cycles / facts.entries(), within(1e-9));
    }

    /** By hand from the ledger and the standing of each price; what is saved counts like what is added. */
    @Test
    void theShareAtUnsurePricesIsTheirsInTheLedger() {
        double unsure = 0;
        double all = 0;
        for (Operation operation : Operation.values()) {
            double cycles = Math.abs(lanes.get(1).ledger().count(operation)
                            - lanes.get(0).ledger().count(operation))
                    * CPU.prices().mid()[operation.ordinal()];
            Price.Status status = CPU.prices().price(operation).status();
            boolean isSure = status == Price.Status.VERIFIED || status == Price.Status.DERIVED;
            unsure += isSure ? 0 : cycles;
            all += cycles;
        }
        Estimate share = (Estimate) pricing(Probe.NONE)
                .figure(Metric.UNSURE_PRICE_SHARE, lanes.get(1).counts());
        assertThat(share.value()).isCloseTo(100 * unsure / all, within(1e-9)).isBetween(1.0, 99.0);
        assertThat(share.low()).isLessThan(share.value());
        assertThat(share.high()).isGreaterThan(share.value());
        assertThat(pricing(Probe.NONE)
                        .figure(Metric.UNSURE_PRICE_SHARE, lanes.get(0).counts()))
                .isEqualTo(new CannotTell("nothing is added"));
    }

    /** Every call is in the sample here, so that single calls and the ledger must tell the same. */
    @Test
    void whatIsAddedToSingleCallsAddsUpToTheLedger() {
        for (int lane = 0; lane < lanes.size(); lane++) {
            Counts counts = lanes.get(lane).counts();
            double[] inCalls = new double[Operation.count()];
            for (int call = 0; call < counts.calls().size(); call++) {
                counts.calls().addTo(inCalls, call, 1);
            }
            long calls = 0;
            double writes = 0;
            for (int row = 0; row < counts.ledger().rows(); row++) {
                if (Cause.family(counts.ledger().cause(row)) == Cause.Family.SYSCALL) {
                    calls += counts.ledger().entries(row);
                    writes += counts.ledger().count(row, Operation.CR3_WRITE_KEEP)
                            + counts.ledger().count(row, Operation.CR3_WRITE_FLUSH);
                }
            }
            // Those that the trace ends in are not whole: one of each process.
            assertThat(counts.calls().size()).isBetween((int) calls - 2, (int) calls);
            assertThat(inCalls[Operation.CR3_WRITE_KEEP.ordinal()] + inCalls[Operation.CR3_WRITE_FLUSH.ordinal()])
                    .isBetween(writes - 4, writes);
        }
    }

    @Test
    void theSpreadOverCallsIsThatOfTheSample() {
        Calls calls = pricing(Probe.NONE)
                .price(lanes.get(2).counts(), Map.of(), Protection.NONE)
                .calls();
        CallSample with = lanes.get(2).counts().calls();
        CallSample without = lanes.get(0).counts().calls();
        double[] nanos = new double[with.size()];
        for (int call = 0; call < nanos.length; call++) {
            double[] counts = new double[Operation.count()];
            with.addTo(counts, call, 1);
            without.addTo(counts, call, -1);
            for (int i = 0; i < counts.length; i++) {
                nanos[call] += counts[i] * CPU.prices().mid()[i] / CPU.gigahertz();
            }
        }
        java.util.Arrays.sort(nanos);
        assertThat(calls.sampled()).isEqualTo(nanos.length);
        double before = Double.NEGATIVE_INFINITY;
        for (Calls.Quantile each : calls.added()) {
            long least = Math.round(Math.ceil(each.share() * nanos.length / 100));
            assertThat(each.nanos().value()).isCloseTo(nanos[(int) least - 1], within(1e-9));
            assertThat(each.nanos().low()).isLessThan(each.nanos().value());
            assertThat(each.nanos().high()).isGreaterThan(each.nanos().value());
            assertThat(each.nanos().value()).isGreaterThanOrEqualTo(before);
            before = each.nanos().value();
        }
    }

    /** Two kinds of calls and the switches between them pay all of it. */
    @Test
    void theSharesOfTheCausesAddUpToAll() {
        for (int lane : new int[] {1, 2}) {
            List<Calls.Cause> causes = pricing(Probe.NONE)
                    .price(lanes.get(lane).counts(), Map.of(), Protection.NONE)
                    .calls()
                    .causes();
            assertThat(causes.stream()
                            .mapToDouble(cause -> cause.share().value())
                            .sum())
                    .isCloseTo(100, within(1e-6));
            assertThat(causes).extracting(Calls.Cause::name).contains("read", "write");
            assertThat(causes.get(0).share().low()).isPositive();
        }
    }

    /** The recorder took a fifth of busy time: what was added is a quarter more of the rest. */
    @Test
    void theRecordersCostIsTakenOutOfBusyTime() {
        double fifth = 0.2 * facts.busyNanos() / facts.probed();
        double plain = overhead(pricing(Probe.NONE), 1).value();
        Estimate corrected = overhead(pricing(new Probe("perf", fifth / 2, fifth, 2 * fifth, true)), 1);
        assertThat(corrected.value()).isCloseTo(plain / 0.8, within(1e-9));
        assertThat(corrected.high()).isGreaterThan(corrected.value());
    }

    @Test
    void whatWasTakenOutIsToldSoThatOverheadsCanBeComputedAgain() {
        // Half to twice, log-uniform to either side: 0.54 and 1.9 of the middle at the 5th and 95th percentile.
        double tenth = 0.1 * facts.busyNanos() / facts.probed();
        Probe perf = new Probe("perf", tenth / 2, tenth, 2 * tenth, true);
        assertThat(perf.takenOut(facts, true))
                .isEqualTo(String.format(
                        Locale.ROOT,
                        "Recording by perf is taken to have cost %.0f [%.0f, %.0f] ns at each of %d events of the workload,"
                                + " 10 [5.4, 19] %% of its busy time; overheads are over the rest.",
                        tenth,
                        tenth / Math.pow(2, 0.9),
                        tenth * Math.pow(2, 0.9),
                        facts.probed()));
        assertThat(perf.takenOut(facts, false)).isEmpty();
        assertThat(Probe.NONE.takenOut(facts, true)).isEmpty();
        assertThat(Probe.of("", "strace").takenOut(facts, true)).isEmpty();
    }

    /** As a reader would, with nothing but the exported ledger, the denominators and 2.1 GHz. */
    @Test
    void everyFigureFollowsFromTheExportedLedger() {
        Pricing pricing = pricing(Probe.NONE);
        double[] cycles = new double[lanes.size()];
        for (int lane = 0; lane < cycles.length; lane++) {
            Comparison.Strategy strategy = pricing.price(lanes.get(lane).counts(), Map.of(), Protection.NONE);
            for (Comparison.LedgerRow row : strategy.ledger()) {
                cycles[lane] += row.cycles().value();
            }
            double added = cycles[lane] - cycles[0];
            assertThat(value(strategy, Metric.CYCLES_PER_ENTRY)).isCloseTo(added / facts.entries(), within(1e-9));
            assertThat(value(strategy, Metric.NANOS_PER_ENTRY)).isCloseTo(added / facts.entries() / 2.1, within(1e-9));
            assertThat(value(strategy, Metric.OVERHEAD))
                    .isCloseTo(100 * added / (facts.busyNanos() * 2.1), within(1e-9));
        }
        assertThat(cycles[1]).isGreaterThan(cycles[0]);
    }

    private static double value(Comparison.Strategy strategy, Metric metric) {
        return ((Estimate) strategy.figure(metric)).value();
    }

    @Test
    void noPercentageIsGivenWhereTheRecorderTookMostOfIt() {
        double half = 0.5 * facts.busyNanos() / facts.probed();
        assertThat(reason(new Probe("perf", half, half, half, true)))
                .isEqualTo("50 [50, 50] % of busy time is the cost of recording by perf");
        assertThat(reason(Probe.of("", "strace")))
                .isEqualTo("strace stops the task at every event, so busy time is its own");
        assertThat(pricing(Probe.of("", "strace"))
                        .figure(Metric.NANOS_PER_ENTRY, lanes.get(1).counts()))
                .isInstanceOf(Estimate.class);
    }

    @Test
    void theToolIsTheSidecarsElseTheFormats() {
        assertThat(Probe.of("perf 6.1", "csv").tool()).isEqualTo("perf");
        assertThat(Probe.of("", "perf-data").tool()).isEqualTo("perf");
        assertThat(Probe.of("trace-cmd 3.1.6", "trace-dat").tool()).isEqualTo("ftrace");
        assertThat(Probe.of("strace 6.1", "toll").isTolerable()).isFalse();
        assertThat(Probe.of("", "csv").tool()).isEqualTo("a tool that is not told");
    }

    private String reason(Probe probe) {
        return ((CannotTell) pricing(probe).figure(Metric.OVERHEAD, lanes.get(1).counts())).reason();
    }

    private Estimate overhead(Pricing pricing, int lane) {
        return (Estimate) pricing.figure(Metric.OVERHEAD, lanes.get(lane).counts());
    }

    private Pricing pricing(Probe probe) {
        return new Pricing(
                CPU,
                facts,
                true,
                lanes.stream().map(Lane::counts).toList(),
                Structure.none(lanes.size()),
                probe,
                DRAWS,
                1);
    }

    private static Lane lane(String strategy) {
        return new Lane(Strategies.parse(strategy), CPU.machine());
    }
}
