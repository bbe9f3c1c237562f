package tollgate.analysis.study;

import java.util.Arrays;
import java.util.List;
import tollgate.analysis.CpuProfile;
import tollgate.analysis.EventRate;
import tollgate.replay.Strategies;

/**
 * What a sweep moves.
 *
 * @param kind what sort of thing
 * @param target key of a price, of a parameter of the CPU or the model, of an event whose rate is moved, or a strategy as
 *     written
 * @param parameter of the strategy; empty otherwise
 * @param values as written, in their order
 * @param isLogarithmic whether a figure spaces them by their logarithms
 * @param part of the strategy that has the parameter, counted from 0; more than 0 only in a combination
 */
public record Axis(Kind kind, String target, String parameter, List<String> values, boolean isLogarithmic, int part) {
    /** What may be moved. */
    public enum Kind {
        /** A parameter of a strategy: each value is replayed. */
        STRATEGY,
        /** The price of an operation, in cycles: counts stay. */
        PRICE,
        /** A parameter of the CPU: each value is replayed, but for the frequency. */
        CPU,
        /** A parameter of the model: counts stay, or are those between its replayed ends. */
        MODEL,
        /** How often an event happens in a second of busy time: what it costs goes with it, all else stays as recorded. */
        RATE
    }

    /** An axis without parts. */
    public Axis(Kind kind, String target, String parameter, List<String> values, boolean isLogarithmic) {
        this(kind, target, parameter, values, isLogarithmic, 0);
    }

    public Axis {
        values = List.copyOf(values);
    }

    /** As in {@code sweep.csv}: {@code sci.prefill}, {@code ibpb}, {@code user_pages}, {@code cpu.stlb.entries}. */
    public String label() {
        return switch (kind) {
            case STRATEGY -> target + "." + parameter;
            case CPU -> "cpu." + target;
            default -> target;
        };
    }

    public String unit() {
        return switch (kind) {
            case PRICE -> "cycles";
            case RATE -> event().unit();
            case CPU -> CpuProfile.unit(target);
            case STRATEGY, MODEL -> "";
        };
    }

    /** Whose rate is moved. */
    EventRate event() {
        return Arrays.stream(EventRate.values())
                .filter(each -> each.key().equals(target))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(target + " is no event"));
    }

    /** Whether all values are numbers, so that there is something between them. */
    public boolean isNumeric() {
        return values.stream().allMatch(value -> value.matches("[+-]?[0-9.]+([eE][+-]?[0-9]+)?"));
    }

    /** Where a value stands: itself, or its place in the list where values are words. */
    public double position(int index) {
        return isNumeric() ? Double.parseDouble(values.get(index)) : index;
    }

    /** The strategy with its parameter at a value. */
    String strategy(String value) {
        List<String> parts = Strategies.split(target, '+');
        String given = parameter + "=" + value;
        String of = parts.get(part).trim();
        parts.set(
                part, of.endsWith(")") ? of.substring(0, of.length() - 1) + "," + given + ")" : of + "(" + given + ")");
        return String.join("+", parts);
    }

    /** The same of another part. */
    Axis at(int part) {
        return new Axis(kind, target, parameter, values, isLogarithmic, part);
    }

    /** The same of another strategy. */
    Axis on(String strategy) {
        return new Axis(kind, strategy, parameter, values, isLogarithmic, part);
    }
}
