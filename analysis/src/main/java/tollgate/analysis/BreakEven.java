package tollgate.analysis;

import java.util.ArrayList;
import java.util.List;

/**
 * At which rate of an event a strategy adds as much as is tolerated, and at which two strategies change places. Each is the
 * crossing of two {@link RateLine}s; its interval is that of the crossings in the joint draws.
 *
 * @param event whose rate it is
 * @param recorded rate in the recording, a second of busy time with the recorder's own cost in it; 0 if it cannot be told
 * @param level percent of busy time that is tolerated
 * @param reaches a line for each strategy but the baseline
 * @param crossings of pairs that change places at a rate above 0
 */
public record BreakEven(EventRate event, double recorded, double level, List<Reach> reaches, List<Crossing> crossings) {
    /** Percent of busy time: the example of most operators' budgets. */
    static final double LEVEL = 5;

    /** Events a second: with 100 ns between them nothing else is done, and no rate above is told. */
    public static final double MOST = 1e7;

    /** No rate can be told. */
    public static final BreakEven NONE = new BreakEven(EventRate.SYSCALLS, 0, LEVEL, List.of(), List.of());

    /** @param rate from which on the strategy adds the level or more, or why there is none */
    public record Reach(String strategy, Figure rate) {}

    /**
     * @param below strategy that adds less at lower rates
     * @param above strategy that adds less at higher rates
     * @param rate where both add the same
     * @param draws percent of draws in which these two change places in this way
     */
    public record Crossing(String below, String above, Figure.Estimate rate, double draws) {}

    /** @param lines of all strategies but the baseline, in the same draws */
    static BreakEven of(EventRate event, double recorded, List<RateLine> lines) {
        List<Reach> reaches = new ArrayList<>();
        List<Crossing> crossings = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            RateLine line = lines.get(i);
            reaches.add(new Reach(line.strategy(), reach(line)));
            for (RateLine other : lines.subList(i + 1, lines.size())) {
                double at = crossing(line.rest(), line.each(), other.rest(), other.each());
                if (at > 0 && at < MOST) {
                    crossings.add(line.each() > other.each() ? crossing(line, other, at) : crossing(other, line, at));
                }
            }
        }
        return new BreakEven(event, recorded, LEVEL, reaches, crossings);
    }

    private static Figure reach(RateLine line) {
        if (line.rest() >= LEVEL) {
            return new Figure.CannotTell("what does not go with the rate adds that much already");
        }
        RateLine level = line.level(LEVEL);
        double at = crossing(line.rest(), line.each(), LEVEL, 0);
        if (!(at > 0 && at < MOST)) {
            return new Figure.CannotTell("not below ten million a second");
        }
        double[] drawn = new double[line.rests().length];
        for (int draw = 0; draw < drawn.length; draw++) {
            double here = crossing(line, level, draw);
            // From 0 on if the rest is that much; never if more events make it no dearer. What is not a number stays
            // so.
            drawn[draw] = line.rests()[draw] >= LEVEL ? 0 : here <= 0 ? MOST : Math.min(here, MOST);
        }
        return Bill.interval(at, drawn);
    }

    /** @param steep adds less below */
    private static Crossing crossing(RateLine steep, RateLine flat, double at) {
        double[] drawn = new double[steep.rests().length];
        int same = 0;
        for (int draw = 0; draw < drawn.length; draw++) {
            double here = crossing(steep, flat, draw);
            boolean crosses = here > 0 && here < MOST && steep.eaches()[draw] > flat.eaches()[draw];
            same += crosses ? 1 : 0;
            // Else one is cheaper at all rates: the steep one as if the crossing were beyond them, the flat one at
            // none.
            double difference = steep.drawn(MOST, draw) - flat.drawn(MOST, draw);
            drawn[draw] = crosses ? here : difference < 0 ? MOST : difference * 0;
        }
        return new Crossing(
                steep.strategy(), flat.strategy(), Bill.interval(at, drawn), 100.0 * same / Math.max(1, drawn.length));
    }

    private static double crossing(RateLine a, RateLine b, int draw) {
        return crossing(a.rests()[draw], a.eaches()[draw], b.rests()[draw], b.eaches()[draw]);
    }

    /** Where a + b x and c + d x meet; NaN if nowhere or everywhere. */
    private static double crossing(double a, double b, double c, double d) {
        return b == d ? Double.NaN : (c - a) / (b - d);
    }
}
