package tollgate.analysis;

import java.io.IOException;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tollgate.ingest.Sidecar;
import tollgate.replay.Facts;
import tollgate.replay.Lane;
import tollgate.replay.Operation;
import tollgate.replay.Replay;
import tollgate.replay.Timeline;
import tollgate.replay.pages.Footprints;
import tollgate.replay.pages.MemoryClasses;
import tollgate.replay.pages.PageStream;

/**
 * How much more or less of each operation a strategy adds to the baseline when a {@link ModelParameter} is at an end:
 * per kernel entry and VM exit, measured on an excerpt of the trace, on the same draws.
 *
 * @param shifts [lane][parameter][end][operation]
 * @param leaves how much more often a restricted address space has to be left, [lane][parameter][end]
 * @param exposures how much larger the figures of exposure are that move, [lane], then [parameter][end]: see {@link DrawnExposure}
 */
record Structure(double[][][][] shifts, double[][][] leaves, List<Map<ExposureMetric, double[][]>> exposures)
        implements Serializable {
    /** Replays of the excerpt: one as it is, two for each parameter. */
    static final int REPLAYS = 1 + 2 * ModelParameter.values().length;

    /** Nothing yet, [parameter][end]. */
    static double[][] ends() {
        return new double[ModelParameter.values().length][ModelParameter.ENDS.size()];
    }

    /** Nothing is known to depend on a parameter: all pages are recorded. */
    static Structure none(int lanes) {
        int parameters = ModelParameter.values().length;
        int ends = ModelParameter.ENDS.size();
        return new Structure(
                new double[lanes][parameters][ends][Operation.count()],
                new double[lanes][parameters][ends],
                Stream.generate(() -> (Map<ExposureMetric, double[][]>)
                                new EnumMap<ExposureMetric, double[][]>(ExposureMetric.class))
                        .limit(lanes)
                        .toList());
    }

    /**
     * @param prepare readies a page stream for lanes
     * @param lanes makes one for each strategy, the baseline first
     * @param exposure what a lane has exposed in the end
     * @throws IOException never, for the excerpt is in memory
     */
    static Structure measure(
            Excerpt excerpt,
            Sidecar sidecar,
            Probe probe,
            Footprints footprints,
            long seed,
            BiConsumer<PageStream, List<Lane>> prepare,
            Supplier<List<Lane>> lanes,
            Function<Lane, Map<ExposureMetric, Exposed>> exposure,
            ExecutorService threads)
            throws IOException {
        PageStream pages = new PageStream(footprints, seed);
        List<Lane> asItIs = lanes.get();
        double[][] usual = replay(excerpt, sidecar, probe, pages, prepare, asItIs, threads);
        Structure structure = none(usual.length);
        for (ModelParameter parameter : ModelParameter.values()) {
            for (MemoryClasses.Level end : ModelParameter.ENDS) {
                PageStream atEnd = parameter.at(end, footprints, seed);
                List<Lane> moved = lanes.get();
                double[][] rates = replay(excerpt, sidecar, probe, atEnd, prepare, moved, threads);
                for (int lane = 0; lane < rates.length; lane++) {
                    int at = ModelParameter.ENDS.indexOf(end);
                    double[] shift = structure.shifts[lane][parameter.ordinal()][at];
                    for (int i = 0; i < shift.length; i++) {
                        shift[i] = rates[lane][i] - usual[lane][i];
                    }
                    structure.leaves[lane][parameter.ordinal()][at] =
                            rates[lane][shift.length] - usual[lane][shift.length];
                    DrawnExposure.shift(
                            exposure.apply(asItIs.get(lane)),
                            exposure.apply(moved.get(lane)),
                            structure.exposures.get(lane),
                            parameter.ordinal(),
                            at);
                }
            }
        }
        return structure;
    }

    /** What one lane's shifts have over another's, [parameter][end][operation]. */
    static double[][][] difference(double[][][] a, double[][][] b) {
        double[][][] difference = new double[a.length][][];
        for (int parameter = 0; parameter < a.length; parameter++) {
            difference[parameter] = new double[a[parameter].length][Operation.count()];
            for (int end = 0; end < a[parameter].length; end++) {
                for (int i = 0; i < Operation.count(); i++) {
                    difference[parameter][end][i] = a[parameter][end][i] - b[parameter][end][i];
                }
            }
        }
        return difference;
    }

    /** Operations added per entry and exit, and last how often a space was left, [lane][operation]; all 0 without either. */
    private static double[][] replay(
            Excerpt excerpt,
            Sidecar sidecar,
            Probe probe,
            PageStream pages,
            BiConsumer<PageStream, List<Lane>> prepare,
            List<Lane> lanes,
            ExecutorService threads)
            throws IOException {
        prepare.accept(pages, lanes);
        Timeline timeline = probe.timed(new Timeline(excerpt.names(), sidecar, pages));
        new Replay(lanes, threads).run(excerpt.again(), timeline, events -> {});
        Facts facts = timeline.facts();
        double crossings = Math.max(1, facts.entries() + facts.exits());
        double[][] rates = new double[lanes.size()][Operation.count() + 1];
        for (int lane = 0; lane < rates.length; lane++) {
            rates[lane][Operation.count()] = lanes.get(lane).ledger().leaves() / crossings;
            for (int i = 0; i < Operation.count(); i++) {
                Operation operation = Operation.of(i);
                rates[lane][i] = (lanes.get(lane).ledger().count(operation)
                                - lanes.get(0).ledger().count(operation))
                        / crossings;
            }
        }
        return rates;
    }
}
