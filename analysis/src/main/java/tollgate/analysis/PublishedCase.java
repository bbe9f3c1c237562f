package tollgate.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import tollgate.ingest.Syscalls;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Value;
import tollgate.ingest.yaml.Yaml;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.PageSource;
import tollgate.replay.Strategies;

/**
 * A published measurement, its workload built as a trace and replayed: what the model would have said. They stand in
 * published.yaml, one entry each; none of them was used for a price, and a miss stays in the table.
 *
 * @param what short, unique
 * @param cpu profile nearest to the machine of the publication
 * @param machine that was measured
 * @param gigahertz its clock
 * @param strategy that was measured
 * @param against what it was compared with
 * @param workload as a loop
 * @param published added by the strategy, an operation
 * @param unit ns or cycles
 * @param from how the figure follows from what was published
 * @param assumes what was assumed of the setup, or empty
 * @param cause likely cause of a miss, or empty
 * @param source where the figure stands
 */
public record PublishedCase(
        String what,
        String cpu,
        String machine,
        double gigahertz,
        String strategy,
        String against,
        LoopTrace workload,
        double published,
        String unit,
        String from,
        String assumes,
        String cause,
        String source) {
    private static final String FILE = "published.yaml";
    private static final String CYCLES = "cycles";

    /** All that come with Tollgate, in the order of the file. */
    public static List<PublishedCase> all() {
        try (InputStream in = PublishedCase.class.getResourceAsStream(FILE)) {
            return read(FILE, in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws tollgate.ingest.BadInput with everything that is wrong */
    static List<PublishedCase> read(String place, InputStream in) throws IOException {
        Doc doc = Yaml.read(place, in);
        Doc sources = doc.doc("sources");
        List<PublishedCase> cases = doc.list("cases", item -> of(item.doc(), sources));
        doc.finish();
        return cases;
    }

    private static PublishedCase of(Doc doc, Doc sources) {
        LoopTrace workload = new LoopTrace(
                doc.list("calls", PublishedCase::call),
                doc.integer("nanos", 1, 1_000_000_000),
                doc.integer("touches", 1, 1 << 20, LoopTrace.FEW_PAGES),
                doc.integer("processes", 1, 2, 1));
        return new PublishedCase(
                doc.string("what"),
                doc.string("cpu"),
                doc.string("machine"),
                doc.number("gigahertz", 0.1, 10),
                doc.string("strategy"),
                doc.string("against", Strategies.BASELINE),
                workload,
                doc.number("published", 0, 1e9),
                doc.choice("unit", List.of("ns", CYCLES)),
                doc.string("from"),
                doc.string("assumes", ""),
                doc.string("cause", ""),
                sources.string(doc.string("source")));
    }

    private static int call(Value name) {
        int number = Syscalls.number(name.string());
        if (number < 0) {
            name.problem("expected a system call of x86-64, found '" + name.string() + "'");
        }
        return number;
    }

    /** @param pages that the calls touch; user mode touches the workload's own */
    public Comparison.Check predict(PageSource pages, int draws, long seed) {
        CpuProfile profile = CpuProfile.load(cpu);
        List<Lane> lanes = List.of(lane(against, profile), lane(strategy, profile));
        Facts facts = workload.replay(pages, lanes);
        double factor = (double) facts.entries() / workload.operations() / (unit.equals(CYCLES) ? 1 : gigahertz);
        Pricing pricing = new Pricing(
                profile,
                facts,
                true,
                lanes.stream().map(Lane::counts).toList(),
                Structure.none(lanes.size()),
                Probe.NONE,
                draws,
                seed);
        if (pricing.figure(Metric.CYCLES_PER_ENTRY, lanes.get(1).counts()) instanceof Figure.Estimate added) {
            Figure.Estimate predicted =
                    new Figure.Estimate(added.value() * factor, added.low() * factor, added.high() * factor);
            return new Comparison.Check(
                    what,
                    cpu,
                    published,
                    predicted,
                    naive(profile, factor),
                    unit,
                    machine,
                    from,
                    assumes,
                    cause,
                    source);
        }
        throw new IllegalStateException(what + ": a loop of system calls has kernel entries");
    }

    private static Lane lane(String strategy, CpuProfile profile) {
        return new Lane(Strategies.parse(strategy), profile.machine());
    }

    /** What a model says that knows two CR3 writes a kernel entry and nothing else, over the range of their price. */
    private Figure naive(CpuProfile profile, double factor) {
        return switch (strategy) {
            case "kpti" -> two(Operation.CR3_WRITE_KEEP, profile.prices(), factor);
            case "kpti-nopcid" -> two(Operation.CR3_WRITE_FLUSH, profile.prices(), factor);
            default -> new Figure.CannotTell("it knows of no isolation but KPTI");
        };
    }

    private static Figure two(Operation write, Prices prices, double factor) {
        int i = write.ordinal();
        return new Figure.Estimate(
                2 * prices.mid()[i] * factor, 2 * prices.low()[i] * factor, 2 * prices.high()[i] * factor);
    }
}
