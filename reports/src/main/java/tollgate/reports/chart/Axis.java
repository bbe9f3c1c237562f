package tollgate.reports.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * From values to points along a line: linear or logarithmic, its ends on ticks, so that it covers the
 * data and every tick label stands at the value that it names.
 */
final class Axis {
    /** @param value which the label names exactly */
    record Tick(double value, String label) {}

    /** Free space between two tick labels, points. */
    private static final double GAP = 6;

    /** Below, a label like 1e-5 is shorter than all its zeros. */
    private static final double SMALLEST_IN_FULL = 1e-4;

    private final boolean logarithmic;
    private final double low;
    private final double high;
    private final double from;
    private final double to;
    private final List<Tick> ticks;

    private Axis(boolean logarithmic, double low, double high, double from, double to, List<Tick> ticks) {
        this.logarithmic = logarithmic;
        this.low = low;
        this.high = high;
        this.from = from;
        this.to = to;
        this.ticks = ticks;
    }

    /** Covers low to high and zero, with as many round ticks as their labels allow. */
    static Axis linear(double low, double high, double from, double to) {
        return between(Math.min(0, low), Math.max(0, high), from, to);
    }

    /** Covers low to high, and zero only if it lies between or both are equal. */
    static Axis between(double low, double high, double from, double to) {
        double min = low == high ? Math.min(0, low) : low;
        double max = low == high ? Math.max(0, high) : high;
        if (min == max) {
            max = 1;
        }
        for (int wanted = 8; ; wanted--) {
            double step = roundUp((max - min) / wanted);
            long first = (long) Math.floor(min / step + 1e-9);
            long last = (long) Math.ceil(max / step - 1e-9);
            List<Tick> ticks = new ArrayList<>();
            for (long i = first; i <= last; i++) {
                ticks.add(new Tick(i * step, label(i * step, step, Math.max(-min, max))));
            }
            Axis axis = new Axis(false, first * step, last * step, from, to, ticks);
            if (wanted == 1 || axis.labelsFit()) {
                return axis;
            }
        }
    }

    /** Percent, from a share at or below zero to 100, with ticks at zero, 50 and 100 and, if there is room, between. */
    static Axis shares(double low, double from, double to) {
        for (int step : new int[] {10, 20, 25, 50}) {
            List<Tick> ticks = new ArrayList<>();
            for (int percent = (int) Math.ceil(low / step) * step; percent <= 100; percent += step) {
                ticks.add(new Tick(percent, String.valueOf(percent)));
            }
            Axis axis = new Axis(false, low, 100, from, to, ticks);
            if (step == 50 || axis.labelsFit()) {
                return axis;
            }
        }
        throw new AssertionError("the last step is always taken");
    }

    /**
     * Covers low to high, both above zero. The ends are 1, 2 or 5 times a power of ten; ticks stand at as many of
     * these as have room, at least at some of the powers.
     */
    static Axis logarithmic(double low, double high, double from, double to) {
        List<Double> steps = new ArrayList<>();
        for (int exponent = exponent(low); exponent <= exponent(high) + 1; exponent++) {
            for (int digit : new int[] {1, 2, 5}) {
                steps.add(step(digit, exponent));
            }
        }
        double begin = steps.stream().filter(step -> step <= low).reduce(low, (a, b) -> b);
        double end = steps.stream().filter(step -> step >= high).findFirst().orElse(high);
        List<Tick> ticks = new ArrayList<>();
        for (double step : steps) {
            if (step >= begin && step <= end) {
                ticks.add(new Tick(step, label(step, step, step)));
            }
        }
        Axis dense = new Axis(true, begin, end, from, to, ticks);
        if (dense.labelsFit()) {
            return dense;
        }
        for (int decades = 1; ; decades++) {
            int every = decades;
            List<Tick> powers = ticks.stream()
                    .filter(tick -> tick.value() == step(1, exponent(tick.value()))
                            && Math.floorMod(exponent(tick.value()), every) == 0)
                    .toList();
            Axis axis = new Axis(true, begin, end, from, to, powers);
            if (powers.size() <= 2 || axis.labelsFit()) {
                return axis;
            }
        }
    }

    private static double step(int digit, int exponent) {
        return Double.parseDouble(digit + "e" + exponent);
    }

    private static int exponent(double value) {
        return (int) Math.floor(Math.log10(value) + 1e-12);
    }

    /** Where a value lies; one beyond the ends lies on the nearer end. */
    double at(double value) {
        double share = logarithmic
                ? value <= low ? 0 : Math.log(value / low) / Math.log(high / low)
                : (value - low) / (high - low);
        return from + Math.min(1, Math.max(0, share)) * (to - from);
    }

    boolean covers(double value) {
        return value >= low && value <= high;
    }

    boolean isLogarithmic() {
        return logarithmic;
    }

    double from() {
        return from;
    }

    double to() {
        return to;
    }

    List<Tick> ticks() {
        return ticks;
    }

    private boolean labelsFit() {
        double end = Double.NEGATIVE_INFINITY;
        for (Tick tick : ticks) {
            double half = Fonts.width(tick.label(), Fonts.REGULAR) / 2;
            if (at(tick.value()) - half < end) {
                return false;
            }
            end = at(tick.value()) + half + GAP;
        }
        return true;
    }

    /** The next of 1, 2, 5 times a power of ten. */
    private static double roundUp(double step) {
        int exponent = exponent(step);
        for (int digit : new int[] {1, 2, 5}) {
            if (step(digit, exponent) >= step * (1 - 1e-9)) {
                return step(digit, exponent);
            }
        }
        return step(1, exponent + 1);
    }

    /** As exact as the step; thousands as k, millions as M, by the largest value of the axis. */
    static String label(double value, double step, double largest) {
        double unit = largest >= 1e6 ? 1e6 : largest >= 1e4 ? 1e3 : 1;
        if (value == 0) {
            return "0";
        }
        if (largest < SMALLEST_IN_FULL) {
            return Math.round(value / Math.pow(10, exponent(step))) + "e" + exponent(step);
        }
        int place = Math.min(0, (int) Math.floor(Math.log10(step / unit) + 1e-9));
        return Rounded.plain(value / unit, place) + (unit == 1e6 ? "M" : unit == 1e3 ? "k" : "");
    }
}
