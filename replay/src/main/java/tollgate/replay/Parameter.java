package tollgate.replay;

import java.util.List;

/**
 * Something about a strategy that may be set, with its bounds.
 *
 * @param name as written: {@code sci(prefill=0.8)}
 * @param standard the default, as written
 * @param kind what its values look like
 * @param low least value of a number; 0 otherwise
 * @param high greatest value of a number; 1 otherwise
 * @param words what a word may be; empty otherwise
 * @param meaning what it does, in a phrase
 * @param source where it comes from
 */
public record Parameter(
        String name,
        String standard,
        Kind kind,
        double low,
        double high,
        List<String> words,
        String meaning,
        String source) {
    /** What the values of a parameter look like. */
    public enum Kind {
        /** true or false. */
        SWITCH,
        NUMBER,
        /** One of some words. */
        WORD,
        /** {@code all}, or system calls by name, joined by slashes: {@code read/write}. */
        CALLS
    }

    public static Parameter ofSwitch(String name, boolean standard, String meaning, String source) {
        return new Parameter(name, String.valueOf(standard), Kind.SWITCH, 0, 1, List.of(), meaning, source);
    }

    public static Parameter ofNumber(
            String name, double standard, double low, double high, String meaning, String source) {
        return new Parameter(name, plain(standard), Kind.NUMBER, low, high, List.of(), meaning, source);
    }

    /** The first of the words is the default. */
    public static Parameter ofWord(String name, List<String> words, String meaning, String source) {
        return new Parameter(name, words.get(0), Kind.WORD, 0, 1, List.copyOf(words), meaning, source);
    }

    /** All system calls by default. */
    public static Parameter ofCalls(String name, String meaning, String source) {
        return new Parameter(name, Settings.ALL_CALLS, Kind.CALLS, 0, 1, List.of(), meaning, source);
    }

    public boolean isSwitch() {
        return kind == Kind.SWITCH;
    }

    /** What may be written, such as {@code true|false}, {@code 0 to 1}, {@code never|cond|always}. */
    public String bounds() {
        return switch (kind) {
            case SWITCH -> "true|false";
            case NUMBER -> plain(low) + " to " + plain(high);
            case WORD -> String.join("|", words);
            case CALLS -> Settings.ALL_CALLS + " or names joined by /";
        };
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}
