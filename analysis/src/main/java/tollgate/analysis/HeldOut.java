package tollgate.analysis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;
import org.apache.commons.statistics.descriptive.Median;
import tollgate.ingest.Input;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.PageTraceSteps;
import tollgate.replay.Replay;
import tollgate.replay.Strategies;
import tollgate.replay.Strategy;
import tollgate.replay.pages.DrawnAgainstFull;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.MemoryClasses;
import tollgate.replay.pages.PageStream;
import tollgate.replay.pages.PageTrace;
import tollgate.replay.pages.Vectors;

/**
 * What a strategy adds to a program according to its full page-access stream, beside the interval predicted with that
 * program left out: pages drawn from the others. Prices are at their middle for both, so that the interval is the page
 * model's alone: error of drawn pages, user working set, pieces of the trace.
 *
 * @param program left out
 * @param strategy of the pair
 * @param full cycles a kernel entry, all pages recorded
 * @param drawn the prediction
 */
public record HeldOut(String program, String strategy, double full, Figure.Estimate drawn) {
    private static final Predicate<Operation> ALL = operation -> true;

    public boolean isInside() {
        return full >= drawn.low() && full <= drawn.high();
    }

    /** Upper end of the interval over the lower. */
    public double width() {
        return drawn.low() > 0 ? drawn.high() / drawn.low() : Double.POSITIVE_INFINITY;
    }

    /** Half of the pairs have no wider interval. @param pairs at least one */
    public static double medianWidth(List<HeldOut> pairs) {
        return Median.withDefaults()
                .evaluate(pairs.stream().mapToDouble(HeldOut::width).toArray());
    }

    /**
     * The pairs as they were when this version was made, on Skylake-SP: HeldOutTest computes them anew where the full streams
     * are at hand.
     */
    public static List<HeldOut> shipped() {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(HeldOut.class.getResourceAsStream("held-out.csv"), StandardCharsets.US_ASCII))) {
            return in.lines().skip(1).map(HeldOut::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HeldOut of(String line) {
        String[] cells = line.split(",");
        double[] numbers =
                Arrays.stream(cells).skip(2).mapToDouble(Double::parseDouble).toArray();
        return new HeldOut(cells[0], cells[1], numbers[0], new Figure.Estimate(numbers[1], numbers[2], numbers[3]));
    }

    /** A program's trace in full and drawn, through all of some strategies. */
    public static final class Program {
        private final String program;
        private final Path trace;
        private final Vectors vectors;
        private final Footprints footprints;
        private final long seed;
        private final ExecutorService threads;

        /**
         * @param program as the footprints name it
         * @param trace its page-access trace, recorded with page-table isolation off
         */
        public Program(
                String program,
                Path trace,
                Vectors vectors,
                Footprints footprints,
                long seed,
                ExecutorService threads) {
            this.program = program;
            this.trace = trace;
            this.vectors = vectors;
            this.footprints = footprints;
            this.seed = seed;
            this.threads = threads;
        }

        /** @param strategies without the baseline */
        public List<HeldOut> compare(CpuProfile cpu, List<String> strategies, int draws) throws IOException {
            List<Lane> full = lanes(cpu, strategies);
            PageTraceSteps steps = new PageTraceSteps();
            try (Input input = Input.of(trace)) {
                new Replay(full, threads).run(input, steps);
            }
            List<Lane> drawn = lanes(cpu, strategies);
            Facts facts = replay(drawn, new PageStream(footprints, seed));
            double[][][][] shifts = Structure.none(drawn.size()).shifts();
            for (MemoryClasses.Level end : ModelParameter.ENDS) {
                List<Lane> at = lanes(cpu, strategies);
                replay(at, ModelParameter.USER_PAGES.at(end, footprints, seed));
                for (int lane = 0; lane < at.size(); lane++) {
                    double[] shift =
                            shifts[lane][ModelParameter.USER_PAGES.ordinal()][ModelParameter.ENDS.indexOf(end)];
                    for (int i = 0; i < shift.length; i++) {
                        Operation operation = Operation.of(i);
                        shift[i] =
                                (added(at, lane, operation) - added(drawn, lane, operation)) / (double) facts.entries();
                    }
                }
            }
            Draws all = Draws.sets(1, draws, drawn.get(0).segments().size(), cpu.prices(), seed)
                    .get(0);
            Draws model = all.middle();
            List<String> names = all.coordinates();
            for (String name : List.of(Uncertainty.REFILL_ERROR, Uncertainty.USER_PAGES, Uncertainty.SEGMENTS)) {
                model = model.with(names.indexOf(name), all);
            }
            double[] mid = cpu.prices().mid();
            List<HeldOut> pairs = new ArrayList<>();
            for (int lane = 1; lane < drawn.size(); lane++) {
                Bill bill = Bill.of(drawn.get(lane).counts(), drawn.get(0).counts(), shifts[lane]);
                Bill truth = Bill.of(
                        full.get(lane).counts(),
                        full.get(0).counts(),
                        Structure.none(1).shifts()[0]);
                pairs.add(new HeldOut(
                        program,
                        drawn.get(lane).strategy().name(),
                        truth.cycles(mid, ALL) / steps.facts().entries(),
                        Bill.interval(
                                bill.cycles(mid, ALL) / facts.entries(), bill.samples(model, ALL, Bill.Per.ENTRY, 1))));
            }
            return pairs;
        }

        private Facts replay(List<Lane> lanes, PageStream pages) throws IOException {
            pages.exclude(program);
            PageTraceSteps steps = new PageTraceSteps();
            new Replay(lanes, threads)
                    .run((PageTrace.Sink sink) -> DrawnAgainstFull.draw(trace, vectors, pages, sink), steps);
            return steps.facts();
        }

        private static List<Lane> lanes(CpuProfile cpu, List<String> strategies) {
            List<Lane> lanes = new ArrayList<>();
            lanes.add(new Lane(Strategies.parse(Strategies.BASELINE), cpu.machine()));
            for (String name : strategies) {
                Strategy strategy = Strategies.parse(name);
                lanes.add(new Lane(strategy, cpu.machine()));
            }
            return lanes;
        }

        private static long added(List<Lane> lanes, int lane, Operation operation) {
            return lanes.get(lane).ledger().count(operation)
                    - lanes.get(0).ledger().count(operation);
        }
    }
}
