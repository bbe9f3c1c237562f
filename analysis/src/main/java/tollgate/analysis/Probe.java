package tollgate.analysis;

import java.io.Serializable;
import java.util.Locale;
import tollgate.replay.Facts;
import tollgate.replay.Timeline;

/**
 * What the recording tool itself cost, event by event: time in which the workload ran but did nothing of its own. It is
 * taken out of busy time.
 *
 * <p>Estimates. No figure for a current kernel was found; what bounds perf's is the time from entry to exit of getpid in the
 * recordings that come with Tollgate, 219 to 300 ns on average (perf 6.1, Linux 6.18 guests): one event and the call.
 *
 * @param tool in words
 * @param low nanoseconds an event
 * @param mid likely
 * @param high nanoseconds an event
 * @param isTolerable false where the tool stops the task at each event, so that times are its own
 */
record Probe(String tool, double low, double mid, double high, boolean isTolerable) implements Serializable {
    /** Above this share of busy time no percentage is given. */
    static final double MOST = 0.3;

    /** No draw takes more than this share of busy time away. */
    private static final double LIMIT = 0.9;

    /** Nothing was recorded: the trace was made. */
    static final Probe NONE = new Probe("nothing", 0, 0, 0, true);

    private static final Probe PERF = new Probe("perf", 100, 200, 400, true);
    private static final Probe FTRACE = new Probe("ftrace", 60, 120, 300, true);
    private static final Probe STRACE = new Probe("strace", 5_000, 15_000, 50_000, false);
    private static final Probe UNKNOWN = new Probe("a tool that is not told", 60, 200, 400, true);

    /**
     * @param tool as the sidecar names it, or empty
     * @param format name of the recording's
     */
    static Probe of(String tool, String format) {
        String words = (tool.isEmpty() ? format : tool).toLowerCase(Locale.ROOT);
        if (words.contains("strace")) {
            return STRACE;
        }
        if (words.contains("perf")) {
            return PERF;
        }
        return words.contains("trace") ? FTRACE : UNKNOWN; // trace-cmd, trace.dat, ftrace
    }

    /** Lets a timeline take calls for as long as they lasted, unless that is the tool's own time. @return the timeline */
    Timeline timed(Timeline timeline) {
        return isTolerable ? timeline : timeline.withoutDurations();
    }

    /** Share of busy time at the middle cost. */
    double share(long events, long busyNanos) {
        return busyNanos > 0 ? mid * events / busyNanos : 0;
    }

    /** Share of busy time at a quantile of the cost. */
    double share(long events, long busyNanos, double u) {
        return busyNanos > 0 ? Math.min(LIMIT, Price.between(low, mid, high, u) * events / busyNanos) : 0;
    }

    /**
     * What was taken out of busy time, with all that is needed to take it out again, or empty where nothing was.
     *
     * @param hasRealClock false for recordings whose times mean nothing
     */
    String takenOut(Facts facts, boolean hasRealClock) {
        if (mid == 0 || facts.probed() == 0 || !noBusyTime(facts, hasRealClock).isEmpty()) {
            return "";
        }
        return String.format(
                Locale.ROOT,
                "Recording by %s is taken to have cost %.0f [%.0f, %.0f] ns at each of %d events of the workload, %.2g [%.2g, %.2g] %%"
                        + " of its busy time; overheads are over the rest.",
                tool,
                mid,
                Price.between(low, mid, high, Bill.LOW),
                Price.between(low, mid, high, Bill.HIGH),
                facts.probed(),
                100 * share(facts.probed(), facts.busyNanos()),
                100 * share(facts.probed(), facts.busyNanos(), Bill.LOW),
                100 * share(facts.probed(), facts.busyNanos(), Bill.HIGH));
    }

    /** Why a recording does not tell how long its workload ran without the recorder, or empty. */
    String noBusyTime(Facts facts, boolean hasRealClock) {
        if (!hasRealClock) {
            return "the recording's clock is not real time";
        }
        if (facts.busyNanos() < 0) {
            return "no context switches recorded, so busy time is unknown";
        }
        if (facts.busyNanos() == 0) {
            return "the workload never ran; see 'workload' and 'region' of its sidecar";
        }
        if (!isTolerable) {
            return tool + " stops the task at every event, so busy time is its own";
        }
        double part = share(facts.probed(), facts.busyNanos());
        return part > MOST
                ? String.format(
                        Locale.ROOT,
                        "%.0f [%.0f, %.0f] %% of busy time is the cost of recording by %s",
                        100 * part,
                        100 * share(facts.probed(), facts.busyNanos(), Bill.LOW),
                        100 * share(facts.probed(), facts.busyNanos(), Bill.HIGH),
                        tool)
                : "";
    }
}
