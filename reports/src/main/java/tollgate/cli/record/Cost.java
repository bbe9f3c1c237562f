package tollgate.cli.record;

import java.util.Locale;

/**
 * What a recorder costs the workload, ns of its time on CPU. An estimate with a range: it was measured on one machine and
 * depends on the CPU, on mitigations and on how much of an event is stored.
 *
 * @param low ns
 * @param mid ns
 * @param high ns
 * @param each what costs this
 * @param source of the figure
 */
public record Cost(long low, long mid, long high, String each, String source) {
    private static final String BENCH =
            "measured with getppid in a loop on Linux 6.18 in a virtual machine, AMD EPYC of 2024";

    private static final String EVENT = "event, of which a system call makes two";

    /** 1.08 us a call alone, 1.76 us with both of its events recorded. */
    public static final Cost PERF = new Cost(200, 340, 1000, EVENT, BENCH);

    /** It writes to the kernel's ring buffer without taking a sample: not more than perf. */
    public static final Cost TRACE_CMD = new Cost(100, 200, 600, EVENT, "an estimate");

    /** 1.08 us a call alone, 10.7 us traced, on CPU; with the tracer's share and on busy CPUs 110 us went by. */
    public static final Cost STRACE = new Cost(4_000, 10_000, 100_000, "system call", BENCH);

    @Override
    public String toString() {
        return "about " + micros(mid) + " us of the workload's time for each " + each + "; " + micros(low) + " to "
                + micros(high) + " us elsewhere (" + source + ")";
    }

    private static String micros(long nanos) {
        return nanos < 1000 ? String.format(Locale.ROOT, "%.2f", nanos / 1e3) : String.valueOf(nanos / 1000);
    }
}
