package tollgate.replay.exposure;

import org.HdrHistogram.Histogram;

/**
 * How long the full address space stayed live at a time, by what opened it. A window ends when another space becomes
 * live, a guest or the idle task runs, the context is lost, or the CPU goes over from the workload to others or back.
 */
public final class Windows {
    /** Percentiles are within 1 %; count, sum and longest are exact. */
    private static final int DIGITS = 2;

    private final Histogram lengths = new Histogram(DIGITS);
    private final Histogram[] lengthsByOpening = new Histogram[Opening.count()];
    private final long[] nanos = new long[Opening.count()];
    private final long[] longestByOpening = new long[Opening.count()];
    private long count;
    private long total;
    private long longest;
    private long instants;
    private long throughUser;

    void add(int opening, long length, boolean sawUser) {
        lengths.recordValue(length);
        if (lengthsByOpening[opening] == null) {
            lengthsByOpening[opening] = new Histogram(DIGITS);
        }
        lengthsByOpening[opening].recordValue(length);
        nanos[opening] += length;
        longestByOpening[opening] = Math.max(longestByOpening[opening], length);
        count++;
        total += length;
        longest = Math.max(longest, length);
        instants += length == 0 ? 1 : 0;
        throughUser += sawUser ? 1 : 0;
    }

    public long count() {
        return count;
    }

    /** Of these, the ones that opened and closed between two events: the recording has no time for them. */
    public long instants() {
        return instants;
    }

    /** Of these, the ones in which user code ran too. */
    public long throughUser() {
        return throughUser;
    }

    /** Together, in nanoseconds. */
    public long nanos() {
        return total;
    }

    /** Nanoseconds; 0 without windows. */
    public long longest() {
        return longest;
    }

    /** Length that so many percent do not exceed, in nanoseconds, within 1 %; 0 without windows. */
    public long percentile(double percent) {
        return Math.min(lengths.getValueAtPercentile(percent), longest);
    }

    /** @param opening number of an {@link Opening} */
    public long count(int opening) {
        return lengthsByOpening[opening] == null ? 0 : lengthsByOpening[opening].getTotalCount();
    }

    public long nanos(int opening) {
        return nanos[opening];
    }

    /** As {@link #percentile(double)}, of the windows that this opened. */
    public long percentile(int opening, double percent) {
        return count(opening) == 0
                ? 0
                : Math.min(lengthsByOpening[opening].getValueAtPercentile(percent), longestByOpening[opening]);
    }

    public long longest(int opening) {
        return longestByOpening[opening];
    }

    /** Whether what was added up by cause is what was added up in all. */
    boolean isConserved() {
        long counted = 0;
        long summed = 0;
        long most = 0;
        for (int opening = 0; opening < nanos.length; opening++) {
            counted += count(opening);
            summed += nanos[opening];
            most = Math.max(most, longestByOpening[opening]);
        }
        return counted == count && summed == total && most == longest && lengths.getTotalCount() == count;
    }
}
