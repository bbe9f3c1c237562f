package tollgate.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Comparison.LedgerRow;
import tollgate.analysis.Comparison.Part;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.replay.Cause;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Ledger;
import tollgate.replay.Operation;

/** Prices the ledgers of one workload: every metric of every strategy, with its interval or its reason. */
final class Pricing {
    private static final int OPERATIONS = Operation.count();

    private final CpuProfile cpu;
    private final Facts facts;
    private final boolean hasRealClock;
    private final Lane baseline;
    private final Draws draws;
    private final double[] low;
    private final double[] mid;
    private final double[] high;

    /**
     * @param facts denominators
     * @param hasRealClock false for recordings of emulated machines, whose times mean nothing
     * @param baseline that everything is compared with
     * @param size how many draws the intervals rest on
     * @param seed of the draws
     */
    Pricing(CpuProfile cpu, Facts facts, boolean hasRealClock, Lane baseline, int size, long seed) {
        this.cpu = cpu;
        this.facts = facts;
        this.hasRealClock = hasRealClock;
        this.baseline = baseline;
        draws = new Draws(size, new Bill(baseline, baseline).segments(), cpu.prices(), seed);
        low = cpu.prices().low();
        mid = cpu.prices().mid();
        high = cpu.prices().high();
    }

    Comparison.Strategy price(Lane lane) {
        Bill bill = new Bill(lane, baseline);
        cpu.prices().requirePriced(bill.total());
        Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metrics.put(metric, figure(metric, lane, bill));
        }
        return new Comparison.Strategy(
                lane.strategy().name(), metrics, breakdown(bill), ledger(lane.ledger()), lane.notes());
    }

    private Figure figure(Metric metric, Lane lane, Bill bill) {
        double cycles = bill.cycles(mid);
        boolean[] all = new boolean[OPERATIONS];
        Arrays.fill(all, true);
        return switch (metric) {
            case OVERHEAD -> {
                if (!noBusyTime().isEmpty()) {
                    yield new CannotTell(noBusyTime());
                }
                double factor = 100 / cpu.gigahertz();
                yield bill.estimate(draws, all, cycles / facts.busyNanos() * factor, Bill.Per.BUSY_NANO, factor, true);
            }
            case NANOS_PER_ENTRY ->
                facts.entries() == 0
                        ? new CannotTell("no kernel entries recorded")
                        : perEntry(bill, all, cycles, 1 / cpu.gigahertz());
            case CYCLES_PER_ENTRY ->
                facts.entries() == 0 ? new CannotTell("no kernel entries recorded") : perEntry(bill, all, cycles, 1);
            case NANOS_PER_EXIT ->
                facts.exits() == 0
                        ? new CannotTell("no VM exits recorded")
                        : perExit(bill, all, cycles, 1 / cpu.gigahertz());
            case CYCLES_PER_EXIT ->
                facts.exits() == 0 ? new CannotTell("no VM exits recorded") : perExit(bill, all, cycles, 1);
            case CR3_WRITES_PER_ENTRY ->
                facts.entries() == 0
                        ? new CannotTell("no kernel entries recorded")
                        : Estimate.exact((double) cr3Writes(lane) / facts.entries());
            case CR3_WRITES_PER_EXIT ->
                facts.exits() == 0
                        ? new CannotTell("no VM exits recorded")
                        : Estimate.exact((double) cr3Writes(lane) / facts.exits());
            case EXITS_LEAVING ->
                facts.exits() == 0
                        ? new CannotTell("no VM exits recorded")
                        : Estimate.exact(100.0 * leaves(lane.ledger()) / facts.exits());
            case USER_SHARE -> userShare(bill, cycles);
        };
    }

    private Estimate perEntry(Bill bill, boolean[] all, double cycles, double factor) {
        return bill.estimate(draws, all, cycles / facts.entries() * factor, Bill.Per.ENTRY, factor, false);
    }

    private Estimate perExit(Bill bill, boolean[] all, double cycles, double factor) {
        return bill.estimate(draws, all, cycles / facts.exits() * factor, Bill.Per.EXIT, factor, false);
    }

    private Figure userShare(Bill bill, double cycles) {
        if (cycles <= 0) {
            return new CannotTell("nothing is added");
        }
        double user = bill.cycles(mid, OperationGroup.USER_REFILL);
        double[] shares = new double[draws.size];
        for (int draw = 0; draw < draws.size; draw++) {
            double[] prices = draws.prices[draw];
            shares[draw] = 100 * bill.cycles(prices, OperationGroup.USER_REFILL) / bill.cycles(prices);
        }
        return Bill.interval(100 * user / cycles, shares);
    }

    private String noBusyTime() {
        if (!hasRealClock) {
            return "the recording's clock is not real time";
        }
        if (facts.busyNanos() < 0) {
            return "no context switches recorded, so busy time is unknown";
        }
        return facts.busyNanos() == 0 ? "the workload never ran" : "";
    }

    private List<Part> breakdown(Bill bill) {
        List<Part> parts = new ArrayList<>();
        for (OperationGroup group : OperationGroup.values()) {
            boolean[] of = new boolean[OPERATIONS];
            boolean occurs = false;
            for (int i = 0; i < OPERATIONS; i++) {
                of[i] = OperationGroup.of(Operation.of(i)) == group;
                occurs |= of[i] && bill.total()[i] != 0;
            }
            if (occurs) {
                double cycles = bill.cycles(mid, group);
                Estimate added = bill.estimate(draws, of, cycles, Bill.Per.NOTHING, 1, false);
                double factor = 100 / cpu.gigahertz();
                Figure percent = noBusyTime().isEmpty()
                        ? bill.estimate(
                                draws, of, cycles / facts.busyNanos() * factor, Bill.Per.BUSY_NANO, factor, true)
                        : new CannotTell(noBusyTime());
                parts.add(new Part(group.title(), added, percent));
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
                            operation.name().toLowerCase(java.util.Locale.ROOT),
                            count,
                            new Estimate(count * mid[i], count * low[i], count * high[i])));
                }
            }
        }
        return rows;
    }

    private static long cr3Writes(Lane lane) {
        return lane.ledger().count(Operation.CR3_WRITE_KEEP) + lane.ledger().count(Operation.CR3_WRITE_FLUSH);
    }

    private static long leaves(Ledger ledger) {
        long leaves = 0;
        for (int row = 0; row < ledger.rows(); row++) {
            leaves += ledger.leaves(row);
        }
        return leaves;
    }
}
