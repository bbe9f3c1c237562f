package tollgate.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import tollgate.analysis.Comparison.LedgerRow;
import tollgate.analysis.Comparison.Part;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Cause;
import tollgate.replay.Counts;
import tollgate.replay.Facts;
import tollgate.replay.Ledger;
import tollgate.replay.Operation;

/** Prices the ledgers of one workload: every metric of every strategy, with its interval or its reason. */
final class Pricing {
    private static final String HELD_SIBLINGS =
            "a replay does not change scheduling; what siblings are kept from is its price (see stunned_time)";

    static final String NO_MAINLINE = Mainline.NAME + " is not among the strategies compared";

    private static final int OPERATIONS = Operation.count();
    private static final Predicate<Operation> ALL = operation -> true;
    private static final Predicate<Operation> USER_REFILL = of(OperationGroup.USER_REFILL);

    /** The metrics that tell strategies apart, the most telling first. */
    private static final List<Metric> MAIN = List.of(Metric.OVERHEAD, Metric.CYCLES_PER_EXIT, Metric.CYCLES_PER_ENTRY);

    /**
     * Added cycles as a figure.
     *
     * @param per what they are divided by
     * @param whole of that in the trace
     * @param factor that the quotient is multiplied by
     */
    private record Quotient(Bill.Per per, double whole, double factor) {}

    private final CpuProfile cpu;
    private final Facts facts;
    private final boolean hasRealClock;
    private final List<Counts> lanes;
    private final Optional<Counts> mainline;
    private final Structure structure;
    private final Probe probe;
    private final Draws draws;
    private final Draws others;
    private final double[] low;
    private final double[] mid;
    private final double[] high;
    private final CallPricing calls;

    /**
     * @param facts denominators
     * @param hasRealClock false for recordings of emulated machines, whose times mean nothing
     * @param lanes of the workload, the baseline first
     * @param structure what depends on the model's parameters, for the same lanes
     * @param probe what the recorder cost
     * @param size how many draws the intervals rest on
     * @param seed of the draws
     */
    Pricing(
            CpuProfile cpu,
            Facts facts,
            boolean hasRealClock,
            List<Counts> lanes,
            Structure structure,
            Probe probe,
            int size,
            long seed) {
        this.cpu = cpu;
        this.facts = facts;
        this.hasRealClock = hasRealClock;
        this.lanes = lanes;
        this.structure = structure;
        this.probe = probe;
        List<Draws> sets = Draws.sets(2, size, lanes.get(0).segments().size(), cpu.prices(), seed);
        draws = sets.get(0);
        others = sets.get(1);
        mainline = lanes.stream()
                .filter(lane -> lane.strategy().equals(Mainline.NAME))
                .findFirst();
        low = cpu.prices().low();
        mid = cpu.prices().mid();
        high = cpu.prices().high();
        calls = new CallPricing(draws, mid, cpu.gigahertz(), lanes, seed);
    }

    /** One figure of a strategy, for whoever needs no more. */
    Figure figure(Metric metric, Counts lane) {
        Bill bill = bill(lane);
        cpu.prices().requirePriced(bill.total());
        return figure(metric, lane, bill);
    }

    /**
     * @param exposure what the replay says of it
     * @param protection likewise
     */
    Comparison.Strategy price(Counts lane, Map<ExposureMetric, Exposed> exposure, Protection protection) {
        Bill bill = bill(lane);
        cpu.prices().requirePriced(bill.total());
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        Optional<Bill> difference = againstMainline(lane);
        for (Metric metric : Metric.values()) {
            if (!metric.isAgainstMainline()) {
                metrics.put(metric, figure(metric, lane, bill));
                metric.againstMainline().ifPresent(same -> metrics.put(same, against(metric, lane, difference)));
            }
        }
        return new Comparison.Strategy(
                lane.strategy(),
                metrics,
                breakdown(bill),
                ledger(lane.ledger()),
                StrategyNotes.of(lane, cpu),
                drawn(exposure, lane),
                facts.exits() == 0 || lane.ledger().leaves() == 0
                        ? protection.on(cpu)
                        : protection.on(cpu).leaving(frequency(lane).exitsLeaving()),
                lane == lanes.get(0) ? Calls.NONE : calls.price(lane, main() == Metric.CYCLES_PER_EXIT));
    }

    /** Exposure with what the draws say of it. */
    private Map<ExposureMetric, Exposed> drawn(Map<ExposureMetric, Exposed> exposure, Counts lane) {
        return withExits(DrawnExposure.of(exposure, structure.exposures().get(lanes.indexOf(lane)), draws), lane);
    }

    /** Which exits are served in the restricted space follows from the pages they touch, and the pieces of the trace are drawn too. */
    private Map<ExposureMetric, Exposed> withExits(Map<ExposureMetric, Exposed> exposure, Counts lane) {
        Exposed served = exposure.get(ExposureMetric.EXITS_RESTRICTED);
        if (served == null
                || !(served.figure() instanceof Estimate share)
                || lane.ledger().leaves() == 0) {
            return exposure;
        }
        Estimate leaving = frequency(lane).exitsLeaving();
        Map<ExposureMetric, Exposed> drawn = new EnumMap<>(exposure);
        drawn.put(
                ExposureMetric.EXITS_RESTRICTED,
                new Exposed(
                        new Estimate(share.value(), 100 - leaving.high(), 100 - leaving.low()),
                        served.unit(),
                        served.basis(),
                        served.from()));
        return drawn;
    }

    /** An overhead against mainline, draw by draw: what errs for both alike cancels. */
    private Figure against(Metric metric, Counts lane, Optional<Bill> difference) {
        if (!untold(metric, lane).isEmpty()) {
            return new CannotTell(untold(metric, lane));
        }
        return difference.map(bill -> (Figure) estimate(metric, bill, ALL)).orElse(new CannotTell(NO_MAINLINE));
    }

    /** The most telling metric that the recording allows, or overhead if it allows none. */
    Metric main() {
        return MAIN.stream().filter(each -> untold(each).isEmpty()).findFirst().orElse(Metric.OVERHEAD);
    }

    Draws draws() {
        return draws;
    }

    /** What the draws say of all strategies together. */
    Uncertainty uncertainty() {
        Metric metric = main();
        if (!untold(metric).isEmpty()) {
            return Uncertainty.NONE;
        }
        Sensitivity sensitivity = new Sensitivity(draws, others);
        List<Ranking.Line> lines = new ArrayList<>();
        List<Uncertainty.Causes> causes = new ArrayList<>();
        for (Counts lane : lanes.subList(1, lanes.size())) {
            if (lane.holdsSiblings()) {
                continue;
            }
            Bill bill = bill(lane);
            Function<Draws, double[]> model = set -> samples(metric, bill, ALL, set);
            String name = lane.strategy();
            double value = value(metric, bill, ALL);
            lines.add(new Ranking.Line(name, value, model.apply(draws)));
            causes.add(sensitivity.causes(name, value, bill.total(), model));
        }
        return new Uncertainty(metric, Ranking.pairs(lines), causes);
    }

    /** Where lines over the rate of the event cross that tells most of the workload: of its exits if it has any. */
    BreakEven breakEven() {
        EventRate event = facts.exits() > 0 ? EventRate.VM_EXITS : EventRate.SYSCALLS;
        if (!untold(event).isEmpty()) {
            return BreakEven.NONE;
        }
        double recorded = noBusyTime().isEmpty() ? count(event) * 1e9 / facts.busyNanos() : 0;
        return BreakEven.of(
                event,
                recorded,
                lanes.subList(1, lanes.size()).stream()
                        .map(lane -> line(event, lane, draws))
                        .toList());
    }

    /** Why nothing goes with the rate of an event, or empty. */
    String untold(EventRate event) {
        return count(event) == 0 ? "no " + event.title() + " recorded" : "";
    }

    /** Events of the workload in the recording. */
    private double count(EventRate event) {
        if (event == EventRate.VM_EXITS) {
            return facts.exits();
        }
        Ledger ledger = lanes.get(0).ledger();
        double calls = 0;
        for (int row = 0; row < ledger.rows(); row++) {
            calls += event.causes.test(ledger.cause(row)) ? ledger.entries(row) : 0;
        }
        return calls;
    }

    /** What a strategy adds over the rate of an event that was recorded. */
    RateLine line(EventRate event, Counts lane, Draws draws) {
        boolean hasRest = noBusyTime().isEmpty();
        Bill whole = bill(lane);
        Bill part = hasRest ? Bill.of(lane, lanes.get(0), shifts(lane), event.causes) : whole;
        double percent = 100 * 1e-9 / cpu.gigahertz() / count(event); // of all cycles together, for an event a second
        double[] eaches = part.samples(
                draws, ALL, event.per, percent * (event.per == Bill.Per.EXIT ? facts.exits() : facts.entries()));
        double[] rests = new double[eaches.length];
        double rest = 0;
        if (hasRest) {
            double[] all = samples(Metric.OVERHEAD, whole, draws);
            double[] going = samples(Metric.OVERHEAD, part, draws);
            for (int draw = 0; draw < rests.length; draw++) {
                rests[draw] = all[draw] - going[draw];
            }
            rest = value(Metric.OVERHEAD, whole) - value(Metric.OVERHEAD, part);
        }
        return new RateLine(lane.strategy(), rest, part.cycles(mid, ALL) * percent, rests, eaches);
    }

    /** What measuring some stretches only adds to the error, the widest of all strategies. */
    String samplingError() {
        double widest = 0;
        String whose = "";
        for (Counts lane : lanes.subList(1, lanes.size())) {
            double share = samplingError(lane);
            if (share > widest) {
                widest = share;
                whose = lane.strategy();
            }
        }
        if (whose.isEmpty()) {
            return "How far that is from the whole cannot be told from so few.";
        }
        if (widest >= 1) {
            return "By their spread, " + whose + " may be off by as much as it is (95 % confidence): measure more.";
        }
        return String.format(
                Locale.ROOT,
                "By their spread, %s lies within %.2g %% of what the whole recording would give (95 %% confidence), as a"
                        + " share of the figure, and all other strategies nearer; the intervals are drawn over the same"
                        + " stretches.",
                whose,
                100 * widest);
    }

    /** As a share of the most telling figure that the recording allows. */
    double samplingError(Counts lane) {
        return untold(main()).isEmpty()
                ? SamplingError.share(lane, lanes.get(0), mid, quotient(main()).per(), facts.sampledOneIn())
                : Double.NaN;
    }

    Bill bill(Counts lane) {
        return Bill.of(lane, lanes.get(0), shifts(lane));
    }

    /** What a lane adds to mainline's defaults, if these are among the lanes. */
    Optional<Bill> againstMainline(Counts lane) {
        return mainline.map(other -> Bill.of(lane, other, Structure.difference(shifts(lane), shifts(other))));
    }

    private double[][][] shifts(Counts lane) {
        return structure.shifts()[lanes.indexOf(lane)];
    }

    private Frequency frequency(Counts lane) {
        return new Frequency(lane, shifts(lane), structure.leaves()[lanes.indexOf(lane)], draws);
    }

    private Figure figure(Metric metric, Counts lane, Bill bill) {
        if (!untold(metric, lane).isEmpty()) {
            return new CannotTell(untold(metric, lane));
        }
        return switch (metric) {
            case OVERHEAD, NANOS_PER_ENTRY, CYCLES_PER_ENTRY, NANOS_PER_EXIT, CYCLES_PER_EXIT ->
                estimate(metric, bill, ALL);
            case CR3_WRITES_PER_ENTRY -> frequency(lane).cr3Writes(/* isByExit */ false);
            case CR3_WRITES_PER_EXIT -> frequency(lane).cr3Writes(/* isByExit */ true);
            case EXITS_LEAVING -> frequency(lane).exitsLeaving();
            case USER_SHARE -> userShare(bill);
            case UNSURE_PRICE_SHARE -> unsureShare(bill);
            default -> throw new IllegalArgumentException(metric + " is not against the baseline");
        };
    }

    /** Why neither the recording nor the strategy allows a metric, or empty. */
    String untold(Metric metric, Counts lane) {
        boolean isCost = switch (metric) {
            case CR3_WRITES_PER_ENTRY, CR3_WRITES_PER_EXIT, EXITS_LEAVING -> false;
            default -> true;
        };
        return lane.holdsSiblings() && isCost && untold(metric).isEmpty() ? HELD_SIBLINGS : untold(metric);
    }

    /** Why the recording does not allow a metric, or empty. */
    String untold(Metric metric) {
        return switch (metric) {
            case OVERHEAD -> noBusyTime();
            case NANOS_PER_ENTRY, CYCLES_PER_ENTRY, CR3_WRITES_PER_ENTRY ->
                facts.entries() == 0 ? "no kernel entries recorded" : "";
            case NANOS_PER_EXIT, CYCLES_PER_EXIT, CR3_WRITES_PER_EXIT, EXITS_LEAVING ->
                facts.exits() == 0 ? "no VM exits recorded" : "";
            default -> "";
        };
    }

    private Quotient quotient(Metric metric) {
        return switch (metric) {
            case OVERHEAD -> new Quotient(Bill.Per.BUSY_NANO, facts.busyNanos(), 100 / cpu.gigahertz());
            case NANOS_PER_ENTRY -> new Quotient(Bill.Per.ENTRY, facts.entries(), 1 / cpu.gigahertz());
            case CYCLES_PER_ENTRY -> new Quotient(Bill.Per.ENTRY, facts.entries(), 1);
            case NANOS_PER_EXIT -> new Quotient(Bill.Per.EXIT, facts.exits(), 1 / cpu.gigahertz());
            case CYCLES_PER_EXIT -> new Quotient(Bill.Per.EXIT, facts.exits(), 1);
            default -> throw new IllegalArgumentException(metric + " is no quotient of added cycles");
        };
    }

    double value(Metric metric, Bill bill) {
        return value(metric, bill, ALL);
    }

    private double value(Metric metric, Bill bill, Predicate<Operation> which) {
        Quotient quotient = quotient(metric);
        double own = metric == Metric.OVERHEAD ? 1 - probe.share(facts.probed(), facts.busyNanos()) : 1;
        return bill.cycles(mid, which) / quotient.whole() / own * quotient.factor();
    }

    double[] samples(Metric metric, Bill bill, Draws draws) {
        return samples(metric, bill, ALL, draws);
    }

    /** Only overhead relates added cycles to the recorded CPU's time, and so to how fast that CPU was and what the recorder took of it. */
    private double[] samples(Metric metric, Bill bill, Predicate<Operation> which, Draws draws) {
        Quotient quotient = quotient(metric);
        double[] samples = bill.samples(draws, which, quotient.per(), quotient.factor());
        if (metric == Metric.OVERHEAD) {
            for (int i = 0; i < samples.length; i++) {
                double own = 1 - probe.share(facts.probed(), facts.busyNanos(), draws.probe[i]);
                samples[i] /= draws.workScale[i] * own;
            }
        }
        return samples;
    }

    private Estimate estimate(Metric metric, Bill bill, Predicate<Operation> which) {
        return Bill.holding(value(metric, bill, which), samples(metric, bill, which, draws));
    }

    private Figure userShare(Bill bill) {
        double all = bill.cycles(mid, ALL);
        if (all <= 0) {
            return new CannotTell("nothing is added");
        }
        double[] shares = bill.samples(draws, USER_REFILL, Bill.Per.NOTHING, 100);
        double[] whole = bill.samples(draws, ALL, Bill.Per.NOTHING, 1);
        if (Bill.interval(all, whole).low() <= 0) {
            return new CannotTell("whether anything is added is open");
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] = whole[i] > 0 ? shares[i] / whole[i] : Double.NaN;
        }
        return Bill.holding(100 * bill.cycles(mid, USER_REFILL) / all, shares);
    }

    /** Of counts over the whole trace: which pieces are drawn moves it little. */
    private Figure unsureShare(Bill bill) {
        double[] shares = new double[draws.size];
        for (int draw = 0; draw < shares.length; draw++) {
            int at = draw;
            shares[draw] = unsureShare(bill.total(), i -> draws.prices[i][at]);
        }
        double share = unsureShare(bill.total(), i -> mid[i]);
        return Double.isNaN(share) ? new CannotTell("nothing is added") : Bill.holding(share, shares);
    }

    private double unsureShare(double[] counts, IntToDoubleFunction price) {
        double unsure = 0;
        double all = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                double cycles = Math.abs(counts[i] * price.applyAsDouble(i));
                unsure += cpu.prices().price(Operation.of(i)).status().isSure() ? 0 : cycles;
                all += cycles;
            }
        }
        return all > 0 ? 100 * unsure / all : Double.NaN;
    }

    private static Predicate<Operation> of(OperationGroup group) {
        return operation -> OperationGroup.of(operation) == group;
    }

    private String noBusyTime() {
        return probe.noBusyTime(facts, hasRealClock);
    }

    private List<Part> breakdown(Bill bill) {
        List<Part> parts = new ArrayList<>();
        for (OperationGroup group : OperationGroup.values()) {
            Predicate<Operation> which = of(group);
            boolean occurs = false;
            for (int i = 0; i < OPERATIONS; i++) {
                occurs |= which.test(Operation.of(i)) && bill.total()[i] != 0;
            }
            if (occurs) {
                double[] added = bill.samples(draws, which, Bill.Per.NOTHING, 1);
                Figure percent =
                        noBusyTime().isEmpty() ? estimate(Metric.OVERHEAD, bill, which) : new CannotTell(noBusyTime());
                parts.add(new Part(group.title(), Bill.holding(bill.cycles(mid, which), added), percent));
            }
        }
        parts.sort(Comparator.comparingDouble((Part part) -> -part.cycles().value()));
        return parts;
    }

    private List<LedgerRow> ledger(Ledger ledger) {
        List<LedgerRow> rows = new ArrayList<>();
        for (int row = 0; row < ledger.rows(); row++) {
            for (int i = 0; i < OPERATIONS; i++) {
                Operation operation = Operation.of(i);
                long count = ledger.count(row, operation);
                if (count != 0) {
                    rows.add(new LedgerRow(
                            Cause.name(ledger.cause(row)),
                            operation.name().toLowerCase(Locale.ROOT),
                            operation.price(),
                            count,
                            new Estimate(count * mid[i], count * low[i], count * high[i])));
                }
            }
        }
        return rows;
    }
}
