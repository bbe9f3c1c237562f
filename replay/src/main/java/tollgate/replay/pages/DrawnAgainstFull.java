package tollgate.replay.pages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tollgate.ingest.BadInput;
import tollgate.ingest.Input;
import tollgate.replay.mmu.ReferenceModel;

/**
 * Judges the drawn page stream by full ones: a measured trace is replayed as it is, and with the pages of its events
 * replaced by invocations drawn from <em>other</em> programs; what page-table isolation adds to the baseline is
 * priced for both. The difference is what a recording without addresses cannot know. Drawn from the program itself as well, it
 * falls into two parts: what drawing invocations one by one loses, and what other programs do not know of this one.
 *
 * <p>Walks and second-level hits are counted by a simple TLB (that of the measured expectations), per kernel entry.
 */
public final class DrawnAgainstFull {
    /** An error within this share of the added cost is good enough. */
    public static final double GOAL_SHARE = 0.10;

    /** So is one within these cycles per kernel entry. */
    public static final double GOAL_CYCLES = 20;

    /** As the expectation files name them, the baseline first. */
    private static final List<String> POLICIES = List.of("pti_off_pcid", "pti_on_pcid", "pti_on_nopcid");

    private static final List<String> STRATEGIES = List.of("baseline", "kpti_pcid", "kpti_no_pcid");

    private DrawnAgainstFull() {}

    /**
     * @param stlbHit cycles of a miss in the first level that hits the second
     * @param walk cycles of a page walk
     */
    public record Prices(double stlbHit, double walk) {
        /** Examples of the right size for current CPUs (7 to 9 and 20 to 40 cycles); the CPU profiles have the real ones. */
        public static final Prices EXAMPLE = new Prices(9, 30);
    }

    /** Which pages were drawn. */
    public enum Drawn {
        /** Those of kernel events; user mode and user pages as recorded. */
        KERNEL,
        KERNEL_AND_USER
    }

    /** What a strategy adds to the baseline per kernel entry. */
    public record Added(double walks, double stlbHits) {
        /** Those that hit the second level, and walks. */
        public double firstLevelMisses() {
            return walks + stlbHits;
        }

        public double cycles(Prices prices) {
            return walks * prices.walk() + stlbHits * prices.stlbHit();
        }
    }

    /**
     * One comparison.
     *
     * @param strategy kpti_pcid or kpti_no_pcid, against the baseline with PCID
     * @param isSmallPages whether the kernel's image and direct map are in 4 KiB pages, not 2 MiB
     * @param fromOwn drawn from the program's own invocations: the floor
     * @param borrowed share of the drawn events that had no footprint in the other programs
     */
    public record Row(
            String program,
            Drawn drawn,
            String strategy,
            boolean isSmallPages,
            long entries,
            Added full,
            Added fromDrawn,
            Added fromOwn,
            double borrowed) {
        /** Cycles per entry too many (or, negative, too few). */
        public double error(Prices prices) {
            return fromDrawn.cycles(prices) - full.cycles(prices);
        }

        public boolean isGood(Prices prices) {
            return isGood(prices, fromDrawn);
        }

        /** Whether drawing could reach the goal at all, had the other programs been this one. */
        public boolean isOwnGood(Prices prices) {
            return isGood(prices, fromOwn);
        }

        private boolean isGood(Prices prices, Added drawn) {
            double error = Math.abs(drawn.cycles(prices) - full.cycles(prices));
            return error <= GOAL_CYCLES || error <= GOAL_SHARE * Math.abs(full.cycles(prices));
        }
    }

    /**
     * Replays a trace fully, drawn with that program left out, and drawn from that program.
     *
     * @param program whose trace it is, as the footprints name it
     * @throws BadInput when the trace is damaged or names an exception that the list lacks
     */
    public static List<Row> compare(
            String program, Path trace, Vectors vectors, Footprints footprints, long seed, Drawn drawn)
            throws IOException {
        List<ReferenceModel> full = models(program);
        replay(trace, new Fan(full));
        PageStream others = new PageStream(footprints, seed);
        others.exclude(program);
        List<ReferenceModel> replaced = drawn(program, trace, vectors, others, drawn);
        PageStream itself = new PageStream(footprints, seed);
        itself.prefer(program);
        List<ReferenceModel> own = drawn(program, trace, vectors, itself, drawn);
        double borrowed = others.drawn() == 0 ? 0 : (double) others.borrowed() / others.drawn();
        List<Row> rows = new ArrayList<>();
        int kinds = POLICIES.size();
        for (int i = 0; i < full.size(); i++) {
            int baseline = i / kinds * kinds;
            if (i != baseline) {
                rows.add(new Row(
                        program,
                        drawn,
                        STRATEGIES.get(i - baseline),
                        baseline > 0,
                        full.get(i).entries(),
                        added(full.get(i), full.get(baseline)),
                        added(replaced.get(i), replaced.get(baseline)),
                        added(own.get(i), own.get(baseline)),
                        borrowed));
            }
        }
        return rows;
    }

    private static List<ReferenceModel> drawn(
            String program, Path trace, Vectors vectors, PageStream pages, Drawn drawn) throws IOException {
        List<ReferenceModel> models = models(program);
        replay(
                trace,
                new DrawnSink(pages, vectors, drawn == Drawn.KERNEL_AND_USER, models.toArray(PageTrace.Sink[]::new)));
        return models;
    }

    /**
     * A trace with the pages of its events and of user mode replaced by drawn ones.
     *
     * @param pages where they come from; the caller has left the trace's program out
     */
    public static void draw(Path trace, Vectors vectors, PageStream pages, PageTrace.Sink sink) throws IOException {
        replay(trace, new DrawnSink(pages, vectors, true, sink));
    }

    private static void replay(Path trace, PageTrace.Sink sink) throws IOException {
        try (Input input = Input.of(trace)) {
            PageTrace.read(input, sink);
        }
    }

    private static Added added(ReferenceModel strategy, ReferenceModel baseline) {
        double entries = Math.max(1, strategy.entries());
        return new Added(
                (strategy.walks() - baseline.walks()) / entries,
                (strategy.secondLevelHits() - baseline.secondLevelHits()) / entries);
    }

    /** Baseline first, then the strategies; large pages, then small. */
    private static List<ReferenceModel> models(String stream) {
        return Stream.of("", ReferenceModel.SMALL_PAGES)
                .flatMap(size -> POLICIES.stream().map(policy -> ReferenceModel.of(policy + size, stream)))
                .toList();
    }

    /** One trace for several TLBs. */
    private record Fan(List<ReferenceModel> models) implements PageTrace.Sink {
        @Override
        public void access(long page, int type) {
            for (ReferenceModel model : models) {
                model.access(page, type);
            }
        }

        @Override
        public void event(int code, long instructions, long loads, long stores, long argument) {
            for (ReferenceModel model : models) {
                model.event(code, instructions, loads, stores, argument);
            }
        }
    }
}
