package tollgate.analysis;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import tollgate.replay.MemoryClass;

/**
 * What is open to somebody: for how much of some time, or at how many of some occasions, and how many bytes of each
 * level of sensitivity meanwhile. Between bounds: from what was in reach for certain to what may have been.
 */
final class Open {
    static final int LEVELS = 4;
    private static final int PAGE = 4096;

    private final String of;
    private final boolean isTime;
    private final MemorySizes sizes;
    private final double[] lowBytes = new double[LEVELS];
    private final double[] highBytes = new double[LEVELS];
    private final Set<MemoryClass> surely = EnumSet.noneOf(MemoryClass.class);
    private final Set<MemoryClass> maybe = EnumSet.noneOf(MemoryClass.class);
    private long low;
    private long high;
    private long whole;

    private Open(String of, boolean isTime, MemorySizes sizes, long whole) {
        this.of = of;
        this.isTime = isTime;
        this.sizes = sizes;
        this.whole = whole;
    }

    /** @param whole all time, in nanoseconds */
    static Open time(String of, MemorySizes sizes, long whole) {
        return new Open(of, /* isTime */ true, sizes, whole);
    }

    static Open count(String of, long open, long whole) {
        Open count = new Open(of, /* isTime */ false, null, whole);
        count.low = open;
        count.high = open;
        return count;
    }

    /** @param least classes in reach for certain; none if the time itself is not certain @param most that may have been */
    void add(long nanos, Set<MemoryClass> least, Set<MemoryClass> most) {
        if (nanos == 0) {
            return;
        }
        low += least.isEmpty() ? 0 : nanos;
        high += most.isEmpty() ? 0 : nanos;
        surely.addAll(least);
        maybe.addAll(most);
        add(nanos, least, lowBytes);
        add(nanos, most, highBytes);
    }

    private void add(long nanos, Set<MemoryClass> classes, double[] bytes) {
        for (MemoryClass memoryClass : classes) {
            bytes[memoryClass.sensitivity()] += (double) nanos * sizes.bytes(memoryClass);
        }
    }

    /** Pages mapped one by one. */
    void addPages(int level, long pageNanos) {
        lowBytes[level] += (double) pageNanos * PAGE;
        highBytes[level] += (double) pageNanos * PAGE;
    }

    String of() {
        return of;
    }

    boolean isTime() {
        return isTime;
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    long whole() {
        return whole;
    }

    /** Byte-nanoseconds of a level. */
    double lowBytes(int level) {
        return lowBytes[level];
    }

    double highBytes(int level) {
        return highBytes[level];
    }

    /** Classes that were in reach at any time. */
    Set<MemoryClass> surely() {
        return surely;
    }

    Set<MemoryClass> maybe() {
        return maybe;
    }

    boolean isNothing() {
        return high == 0 && Arrays.stream(highBytes).allMatch(bytes -> bytes == 0);
    }

    /** Whether anything of it is less than of another, over the same whole. */
    boolean isLessThan(Open other) {
        boolean isLess = high * (double) other.whole < other.high * (double) whole;
        for (int level = 0; level < LEVELS; level++) {
            isLess |= highBytes[level] * other.whole < other.highBytes[level] * whole * (1 - 1e-12);
        }
        return isLess;
    }
}
