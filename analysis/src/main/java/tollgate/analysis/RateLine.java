package tollgate.analysis;

import java.util.Arrays;

/**
 * What a strategy adds to busy time, in percent, as a line over the rate of an {@link EventRate}:
 *
 * <pre>
 *   percent = rest + each x rate          rate in events a second of busy time
 * </pre>
 *
 * <p>{@code each} is what an event costs, and so depends neither on how long the workload ran nor on how fast the recorded
 * CPU was. {@code rest} is what other events cost at the rates recorded; it is 0 where the recording has no busy time, and
 * then {@code each} holds all that is paid: all rates are taken to move together.
 *
 * @param strategy that is priced
 * @param rest percent at mid prices
 * @param each percent for an event a second, at mid prices
 * @param rests the same in each draw
 * @param eaches the same in each draw
 */
record RateLine(String strategy, double rest, double each, double[] rests, double[] eaches) {
    double at(double rate) {
        return rest + each * rate;
    }

    double[] drawnAt(double rate) {
        double[] drawn = new double[rests.length];
        for (int draw = 0; draw < drawn.length; draw++) {
            drawn[draw] = drawn(rate, draw);
        }
        return drawn;
    }

    double drawn(double rate, int draw) {
        return rests[draw] + eaches[draw] * rate;
    }

    /** A line that is always at this height: what is tolerated. */
    RateLine level(double percent) {
        double[] levels = new double[rests.length];
        Arrays.fill(levels, percent);
        return new RateLine("", percent, 0, levels, new double[rests.length]);
    }
}
