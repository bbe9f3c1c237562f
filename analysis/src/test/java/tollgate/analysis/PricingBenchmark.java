package tollgate.analysis;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tollgate.replay.Operation;
import tollgate.replay.Segments;

/**
 * A ledger of ten million events, priced by many price lists: the draws, the resampling of its segments, and the cycles of
 * every draw. How many events it holds does not matter, since a ledger is counts by segment. Run:
 * {@code .ci/benchmark PricingBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class PricingBenchmark {
    private static final double EVENTS = 1e7;

    @Param({"2048", "10000"})
    public int samples;

    private Prices prices;
    private double[][] added;
    private double[] total;
    private double[][] divisors;
    private Draws draws;
    private double[][][] shifts;

    @Setup(Level.Trial)
    public void ledger() {
        SplittableRandom random = new SplittableRandom(1);
        prices = CpuProfile.load("skylake-sp").prices();
        added = new double[Operation.count()][Segments.MOST];
        total = new double[added.length];
        divisors = new double[3][Segments.MOST];
        shifts = Structure.none(1).shifts()[0];
        for (int i = 0; i < added.length; i++) {
            for (int s = 0; s < Segments.MOST; s++) {
                added[i][s] = Math.rint(EVENTS / Segments.MOST * random.nextDouble());
                total[i] += added[i][s];
            }
            for (double[][] ends : shifts) {
                ends[0][i] = -random.nextDouble();
                ends[1][i] = random.nextDouble();
            }
        }
        for (double[] divisor : divisors) {
            for (int s = 0; s < divisor.length; s++) {
                divisor[s] = EVENTS / Segments.MOST;
            }
        }
        draws = Draws.sets(1, samples, Segments.MOST, prices, 1).get(0);
    }

    /** A strategy more, on draws that all share. */
    @Benchmark
    public Figure.Estimate oneStrategy() {
        Bill bill = new Bill(added, total, divisors, shifts);
        return Bill.interval(0, bill.samples(draws, operation -> true, Bill.Per.ENTRY, 1));
    }

    /** The draws themselves too. */
    @Benchmark
    public Figure.Estimate everything() {
        draws = Draws.sets(1, samples, Segments.MOST, prices, 1).get(0);
        return oneStrategy();
    }
}
