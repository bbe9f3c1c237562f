package tollgate.ingest.format;

import java.util.Arrays;
import tollgate.ingest.Coverage.Clock;

/**
 * Which clock wrote a recording's integer stamps, told from the stamps alone: ftrace names its clock
 * nowhere in its text.
 *
 * <p>The time stamp counter advances by at least a hundred or so between two records of one CPU, since
 * writing a record takes that long. The counter clock advances by few, and never repeats. The uptime
 * clock (10 ms) repeats for most records. So, over the records of each CPU: stamps that mostly repeat are
 * {@link Clock#COARSE}, else steps below 64 on average mean {@link Clock#COUNTER}, else {@link Clock#TSC}.
 * A recording of less than 100 records a second by the uptime clock passes for a counter: neither can be measured
 * with.
 */
final class TickClock {
    /** Cycles: fewer than any kernel needs to write one record into its ring buffer. */
    private static final long FEWEST_CYCLES = 64;

    private long[] latest = {};
    private boolean[] known = {};
    private long steps;
    private long repeats;
    private long advance;
    private boolean any;

    void count(int cpu, long stamp) {
        any = true;
        if (cpu >= latest.length) {
            latest = Arrays.copyOf(latest, cpu + 1);
            known = Arrays.copyOf(known, cpu + 1);
        }
        if (known[cpu]) {
            long step = stamp - latest[cpu];
            steps++;
            advance += Math.max(0, step);
            if (step == 0) {
                repeats++;
            }
        }
        known[cpu] = true;
        latest[cpu] = stamp;
    }

    /** The clock of all stamps counted; {@link Clock#NANOS} if there were none. */
    Clock clock() {
        if (!any) {
            return Clock.NANOS;
        }
        if (repeats * 2 > steps) {
            return Clock.COARSE;
        }
        return steps > 0 && advance / steps < FEWEST_CYCLES ? Clock.COUNTER : Clock.TSC;
    }
}
