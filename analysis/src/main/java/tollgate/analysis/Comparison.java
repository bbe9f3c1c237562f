package tollgate.analysis;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import tollgate.analysis.study.Swept;

/**
 * The outcome of a comparison: what every report, table and chart is made from.
 *
 * @param cpu the priced CPU
 * @param workloads in the order given
 * @param includes sources of uncertainty that the intervals contain, one phrase each
 * @param excludes those that they do not contain yet, one phrase each
 * @param provenance version, seed, parameters: printed as it is, key by key
 * @param checks the model against published measurements
 * @param sweeps of the study that it is part of, or none
 */
public record Comparison(
        Cpu cpu,
        List<Workload> workloads,
        List<String> includes,
        List<String> excludes,
        Map<String, String> provenance,
        List<Check> checks,
        List<Swept> sweeps) {

    /** Without sweeps. */
    public Comparison(
            Cpu cpu,
            List<Workload> workloads,
            List<String> includes,
            List<String> excludes,
            Map<String, String> provenance,
            List<Check> checks) {
        this(cpu, workloads, includes, excludes, provenance, checks, List.of());
    }

    /** Without checks. */
    public Comparison(
            Cpu cpu,
            List<Workload> workloads,
            List<String> includes,
            List<String> excludes,
            Map<String, String> provenance) {
        this(cpu, workloads, includes, excludes, provenance, List.of());
    }

    /** The same with what was swept. */
    public Comparison with(List<Swept> swept) {
        return new Comparison(cpu, workloads, includes, excludes, provenance, checks, swept);
    }

    /**
     * A published figure beside what the model says of the same workload.
     *
     * @param what was measured
     * @param cpu that the prediction is priced for
     * @param published the figure
     * @param predicted ours
     * @param naive what two CR3 writes a kernel entry cost, or that this says nothing of the case
     * @param unit of all of them, an operation
     * @param machine that was measured
     * @param from how the figure follows from what was published
     * @param assumes of the setup, or empty
     * @param cause likely cause of a miss, or empty
     * @param source of the publication
     */
    public record Check(
            String what,
            String cpu,
            double published,
            Figure.Estimate predicted,
            Figure naive,
            String unit,
            String machine,
            String from,
            String assumes,
            String cause,
            String source) {
        /** An interval wider than this says too little to count as a hit. */
        public static final double WIDEST = 3;

        public boolean isInside() {
            return published >= predicted.low() && published <= predicted.high();
        }

        /** Upper end of the interval over the lower. */
        public double width() {
            return predicted.low() > 0 ? predicted.high() / predicted.low() : Double.POSITIVE_INFINITY;
        }

        public boolean isHit() {
            return isInside() && width() <= WIDEST;
        }

        /** "hit", "inside, wide" or "miss". */
        public String verdict() {
            return isHit() ? "hit" : isInside() ? "inside, wide" : "miss";
        }

        /** Of the value at mid prices, as a share of the published figure. */
        public double error() {
            return Math.abs(predicted.value() - published) / published;
        }

        /** The same of the naive model, if it says anything. */
        public OptionalDouble naiveError() {
            return naive instanceof Figure.Estimate simple
                    ? OptionalDouble.of(Math.abs(simple.value() - published) / published)
                    : OptionalDouble.empty();
        }
    }

    /**
     * @param name as for {@code --cpu}
     * @param title the processor's name in words
     * @param gigahertz frequency at which cycles become time
     * @param priceSources share of the added cycles of all results that rests on each status of price
     *     ("verified", "derived", "recalled", "estimate", "borrowed"), in percent, with intervals over prices
     * @param translation the simulated translation caches, a line each, by level: "first", "second", "walks", "nested";
     *     and "levels", how many page tables have
     */
    public record Cpu(
            String name,
            String title,
            double gigahertz,
            Map<String, Figure.Estimate> priceSources,
            Map<String, List<String>> translation) {
        /** Without a description of the translation caches. */
        public Cpu(String name, String title, double gigahertz, Map<String, Figure.Estimate> priceSources) {
            this(name, title, gigahertz, priceSources, Map.of());
        }
    }

    /**
     * @param name short, unique
     * @param trace what it was recorded from
     * @param strategies the baseline first, with all its figures 0 or exact
     * @param caveats that apply to this workload, one sentence each
     * @param uncertainty which strategy is cheaper than which, and what the intervals come from
     * @param memory sizes that figures in bytes rest on
     * @param breakEven at which rates strategies add what is tolerated, and change places
     */
    public record Workload(
            String name,
            Trace trace,
            List<Strategy> strategies,
            List<String> caveats,
            Uncertainty uncertainty,
            List<MemorySizes.Size> memory,
            BreakEven breakEven) {
        /** Without exposure and break-even rates. */
        public Workload(
                String name, Trace trace, List<Strategy> strategies, List<String> caveats, Uncertainty uncertainty) {
            this(name, trace, strategies, caveats, uncertainty, List.of(), BreakEven.NONE);
        }

        /** Without what the draws say beyond intervals. */
        public Workload(String name, Trace trace, List<Strategy> strategies, List<String> caveats) {
            this(name, trace, strategies, caveats, Uncertainty.NONE);
        }
    }

    /**
     * @param file as given
     * @param sha256 of the file
     * @param format name of the format
     * @param description from the sidecar, or empty
     * @param events read
     * @param busyNanos time that tasks of the workload ran, -1 if it cannot be told
     * @param kernelEntries of the workload from user mode
     * @param vmExits of the workload, -1 if it cannot be told
     * @param lost records lost
     * @param asidSwitches context switches to another mm whose recorded outcome could be compared, or 0
     * @param asidAgree how many of them our ASID engine decided as the recorded kernel did
     * @param borrowedShare share of kernel entries and exits whose pages were borrowed from another event, percent
     */
    public record Trace(
            String file,
            String sha256,
            String format,
            String description,
            long events,
            long busyNanos,
            long kernelEntries,
            long vmExits,
            long lost,
            long asidSwitches,
            long asidAgree,
            double borrowedShare)
            implements Serializable {}

    /**
     * @param name with its parameters: {@code kpti}, {@code sci(noflush=true)}
     * @param metrics every {@link Metric}
     * @param breakdown what was added to the baseline, by operation, per kernel entry or exit, largest first
     * @param ledger the whole ledger, a row per cause and operation that occurred
     * @param notes such as "does not run as posted", one sentence each
     * @param exposure every {@link ExposureMetric}, or none where it was not metered
     * @param protection attacks, windows and tenants, or {@link Protection#NONE}
     * @param calls what single calls pay
     */
    public record Strategy(
            String name,
            Map<Metric, Figure> metrics,
            List<Part> breakdown,
            List<LedgerRow> ledger,
            List<String> notes,
            Map<ExposureMetric, Exposed> exposure,
            Protection protection,
            Calls calls) {
        /** Not metered. */
        public Strategy(
                String name,
                Map<Metric, Figure> metrics,
                List<Part> breakdown,
                List<LedgerRow> ledger,
                List<String> notes) {
            this(name, metrics, breakdown, ledger, notes, Map.of(), Protection.NONE, Calls.NONE);
        }

        public Figure figure(Metric metric) {
            return metrics.get(metric);
        }
    }

    /**
     * A part of what a strategy adds.
     *
     * @param name of a group of operations, such as "CR3 writes" or "TLB refill, user"
     * @param cycles added to the workload
     * @param percentOfBusy the same as a share of busy time, or why it cannot be told
     */
    public record Part(String name, Figure.Estimate cycles, Figure percentOfBusy) {}

    /**
     * @param price key of the operation's price in the CPU profile; several operations may share one
     * @param cycles count x price, with the interval of the price alone
     */
    public record LedgerRow(String cause, String operation, String price, long count, Figure.Estimate cycles) {}
}
