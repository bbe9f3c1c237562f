package tollgate.ingest.yaml;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tollgate.ingest.BadInput;

/**
 * One value at its place. An accessor says what is wanted; if the value is something else, the problem is noted
 * and a harmless value returned (empty, or the lower bound), so that a reader runs on and finds the next problem.
 */
public final class Value {
    private enum Kind {
        MISSING,
        SCALAR,
        LIST,
        MAP
    }

    /** Plain scalars that mean the same in flow style; also nothing at all. */
    private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_./+-]*");

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,19}|0x[0-9a-fA-F]{1,16}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");
    /** Bounded digits: BigDecimal stays small. */
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,18})?) ?([a-zA-Z\u00b5]+)");

    private static final Map<String, BigDecimal> DURATIONS = Map.of(
            "ns", new BigDecimal(1),
            "us", new BigDecimal(1_000),
            "\u00b5s", new BigDecimal(1_000),
            "ms", new BigDecimal(1_000_000),
            "s", new BigDecimal(1_000_000_000L),
            "min", new BigDecimal(60_000_000_000L),
            "h", new BigDecimal(3_600_000_000_000L));
    private static final Map<String, BigDecimal> SIZES = Map.of(
            "B", new BigDecimal(1),
            "KiB", new BigDecimal(1L << 10),
            "MiB", new BigDecimal(1L << 20),
            "GiB", new BigDecimal(1L << 30),
            "TiB", new BigDecimal(1L << 40));

    private final Problems problems;
    private final String path;
    private final int line;
    private final int column;
    private final Kind kind;
    private final String text;
    private final boolean isPlain;
    private final List<Value> items;
    private final Map<String, Doc.Entry> entries;
    private Doc doc;

    private Value(
            Problems problems,
            String path,
            int line,
            int column,
            Kind kind,
            String text,
            boolean isPlain,
            List<Value> items,
            Map<String, Doc.Entry> entries) {
        this.problems = problems;
        this.path = path;
        this.line = line;
        this.column = column;
        this.kind = kind;
        this.text = text;
        this.isPlain = isPlain;
        this.items = items;
        this.entries = entries;
    }

    /** A value that was complained of already: its accessors are silent. */
    static Value missing(Problems problems, String path, int line, int column) {
        return new Value(problems, path, line, column, Kind.MISSING, "", false, List.of(), Map.of());
    }

    static Value scalar(Problems problems, String path, int line, int column, String text, boolean isPlain) {
        return new Value(problems, path, line, column, Kind.SCALAR, text, isPlain, List.of(), Map.of());
    }

    static Value list(Problems problems, String path, int line, int column, List<Value> items) {
        return new Value(problems, path, line, column, Kind.LIST, "", false, items, Map.of());
    }

    static Value map(Problems problems, String path, int line, int column, Map<String, Doc.Entry> entries) {
        return new Value(problems, path, line, column, Kind.MAP, "", false, List.of(), entries);
    }

    /** Text: any scalar, as it is written. */
    public String string() {
        return isText("text") ? text : "";
    }

    /** A whole number, decimal or 0x. */
    public long integer(long min, long max) {
        if (!isText("a whole number")) {
            return min;
        }
        if (isPlain && WHOLE.matcher(text).matches()) {
            try {
                long number =
                        text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // beyond 64 bits: out of bounds too
            }
        }
        return wrong("a whole number from " + min + " to " + max, min);
    }

    public int integer(int min, int max) {
        return (int) integer((long) min, (long) max);
    }

    /** A number: {@code 12}, {@code 0.5}, {@code 1e-3}. */
    public double number(double min, double max) {
        if (!isText("a number")) {
            return min;
        }
        if (isPlain && text.length() <= 40 && DECIMAL.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            if (number >= min && number <= max) {
                return number;
            }
        }
        return wrong("a number from " + plain(min) + " to " + plain(max), min);
    }

    public boolean bool() {
        if (!isText("true or false")) {
            return false;
        }
        return switch (isPlain ? text : "") {
            case "true" -> true;
            case "false" -> false;
            default -> wrong("true or false", false);
        };
    }

    /** One of these words. */
    public String choice(Collection<String> words) {
        String wanted = "one of " + String.join(", ", words);
        if (isText(wanted) && !words.contains(text)) {
            String near = Spelling.nearest(text, words)
                    .map(word -> "; did you mean '" + word + "'?")
                    .orElse("");
            problem("expected " + wanted + " for " + quoted() + ", found " + found() + near);
        }
        return words.contains(text) ? text : words.iterator().next();
    }

    /** One of an enum's constants, written in small letters with _ as in the code. */
    public <E extends Enum<E>> E choice(Class<E> type) {
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            words.add(constant.name().toLowerCase(Locale.ROOT));
        }
        return Enum.valueOf(type, choice(words).toUpperCase(Locale.ROOT));
    }

    /** A span of time such as {@code 12.5ms}, in nanoseconds. */
    public long nanos() {
        return quantity("a time such as 12.5ms (ns, us, ms, s, min, h)", DURATIONS);
    }

    /** A size such as {@code 64KiB}, in bytes. */
    public long bytes() {
        return quantity("a size such as 64KiB (B, KiB, MiB, GiB, TiB)", SIZES);
    }

    private long quantity(String wanted, Map<String, BigDecimal> units) {
        if (!isText(wanted)) {
            return 0;
        }
        Matcher matcher = QUANTITY.matcher(text);
        BigDecimal unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            return wrong(wanted, 0L);
        }
        try {
            return new BigDecimal(matcher.group(1)).multiply(unit).longValueExact();
        } catch (ArithmeticException e) {
            return wrong(wanted + " that is whole in the smallest unit and fits 63 bits", 0L);
        }
    }

    public List<Value> list() {
        if (kind == Kind.SCALAR || kind == Kind.MAP) {
            wrong("a list", "");
        }
        return items;
    }

    /** A list without twins. */
    public <T> Set<T> set(Function<Value, T> item) {
        Set<T> set = new LinkedHashSet<>();
        for (Value value : list()) {
            int before = problems.count();
            if (!set.add(item.apply(value)) && problems.count() == before) {
                value.problem(value.found() + " is given twice in " + quoted() + "; keep one");
            }
        }
        return set;
    }

    /** A map. The same one however often it is asked for. */
    public Doc doc() {
        if (doc == null) {
            if (kind == Kind.SCALAR || kind == Kind.LIST) {
                wrong("a map (key: value)", "");
            }
            doc = new Doc(problems, kind != Kind.MAP, path, line, column, entries);
        }
        return doc;
    }

    /** Notes what is wrong with this value in the reader's own judgement: says what was expected and the way out. */
    public void problem(String text) {
        problems.add(path, line, column, text);
    }

    /** Where it stands from the root, such as {@code prices[3].low}; empty for the root. */
    public String path() {
        return path;
    }

    public boolean isScalar() {
        return kind == Kind.SCALAR;
    }

    public boolean isList() {
        return kind == Kind.LIST;
    }

    public boolean isMap() {
        return kind == Kind.MAP;
    }

    /** The same as YAML on one line, so that it can stand elsewhere; reads as this does but for lines and columns. */
    public String flow() {
        return switch (kind) {
            case MISSING -> "";
            case SCALAR -> isPlain && BARE.matcher(text).matches() ? text : Yaml.quoted(text);
            case LIST -> items.stream().map(Value::flow).collect(Collectors.joining(", ", "[", "]"));
            case MAP ->
                entries.entrySet().stream()
                        .map(entry -> Yaml.quoted(entry.getKey()) + ": "
                                + entry.getValue().value().flow())
                        .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    /** Calls with every map that was read from this value or its items. */
    void forEachDoc(Consumer<Doc> visit) {
        if (doc != null) {
            visit.accept(doc);
        }
        items.forEach(item -> item.forEachDoc(visit));
    }

    boolean isMissing() {
        return kind == Kind.MISSING;
    }

    /** {@code key:} with nothing behind it. */
    boolean isNothing() {
        return kind == Kind.SCALAR && isPlain && text.isEmpty();
    }

    String text() {
        return text;
    }

    int line() {
        return line;
    }

    int column() {
        return column;
    }

    String kind() {
        return switch (kind) {
            case LIST -> "a list";
            case MAP -> "a map";
            default -> "a single value";
        };
    }

    /** A scalar that has something; else the problem is noted, except for a value complained of already. */
    private boolean isText(String wanted) {
        if (kind == Kind.SCALAR && !isNothing()) {
            return true;
        }
        if (kind != Kind.MISSING) {
            wrong(wanted, "");
        }
        return false;
    }

    private <T> T wrong(String wanted, T otherwise) {
        problem("expected " + wanted + (path.isEmpty() ? "" : " for " + quoted()) + ", found " + found());
        return otherwise;
    }

    private String quoted() {
        return "'" + path + "'";
    }

    private String found() {
        if (kind != Kind.SCALAR) {
            return kind();
        }
        return isNothing() ? "nothing" : "'" + BadInput.show(text, 40) + "'";
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
