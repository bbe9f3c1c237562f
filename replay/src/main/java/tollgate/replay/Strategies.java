package tollgate.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tollgate.ingest.yaml.Spelling;

/** The catalog of strategies: sorted by name, no twins, one syntax for their parameters. */
public final class Strategies {
    /** The strategy that every other is compared with. */
    public static final String BASELINE = "baseline";

    private static final List<Blueprint> ALL = load();
    private static final Pattern CALL = Pattern.compile("([a-z0-9.-]+|.+\\.yaml)(?:\\((.*)\\))?");

    private Strategies() {}

    public static List<Blueprint> all() {
        return ALL;
    }

    /**
     * The names in a group: {@code all}, {@code isolation} (with the baseline) or {@code comparators}.
     *
     * @return empty if there is no such group
     */
    public static List<String> group(String name) {
        return ALL.stream()
                .filter(blueprint -> switch (name) {
                    case "all" -> true;
                    case "isolation" -> blueprint.role() == Blueprint.Role.ISOLATION;
                    case "comparators" -> blueprint.role() == Blueprint.Role.COMPARATOR;
                    default -> false;
                })
                .map(Blueprint::name)
                .toList();
    }

    /**
     * A strategy as written on the command line: {@code kpti}, {@code kvm-asi(per_vm=true)}, {@code kpti+kvm-asi}, or
     * the path of a {@link StrategyFile}: {@code my.yaml}.
     *
     * @throws IllegalArgumentException saying what is wrong and what is known
     * @throws tollgate.ingest.BadInput with all that is wrong with a file
     */
    public static Strategy parse(String text) {
        return parse(text, file -> StrategyFile.read(Path.of(file)));
    }

    /** As {@link #parse(String)}. @param files tells what is in the file of a strategy of the user's own */
    static Strategy parse(String text, Function<String, Blueprint> files) {
        List<String> parts = split(text, '+');
        return parts.size() == 1
                ? single(text, files)
                : Strategy.compose(
                        parts.stream().map(part -> single(part, files)).toList());
    }

    /** The files that a strategy's text names, in order. */
    static List<String> files(String text) {
        return split(text, '+').stream()
                .map(part -> CALL.matcher(part.trim()))
                .filter(Matcher::matches)
                .map(call -> call.group(1))
                .filter(Strategies::isFile)
                .toList();
    }

    private static boolean isFile(String name) {
        return name.endsWith(StrategyFile.EXTENSION);
    }

    /** At a separator outside parentheses: strategies of a list at commas, parts of a combination at plus signs. */
    public static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == separator && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Strategy single(String text, Function<String, Blueprint> files) {
        Matcher call = CALL.matcher(text.trim());
        if (!call.matches()) {
            throw new IllegalArgumentException(
                    "expected a strategy such as 'kpti' or 'kvm-asi(per_vm=true)', found '" + text + "'");
        }
        Blueprint blueprint = named(call.group(1), files);
        Map<String, String> given = new LinkedHashMap<>();
        if (call.group(2) != null && !call.group(2).isBlank()) {
            for (String part : call.group(2).split(",")) {
                String[] sides = part.split("=", 2);
                if (sides.length != 2) {
                    throw new IllegalArgumentException(
                            text + ": expected parameter=value, found '" + part.trim() + "'");
                }
                given.put(sides[0].trim(), sides[1].trim());
            }
        }
        return blueprint.build(new Settings(blueprint, given));
    }

    /**
     * A built-in strategy by its name, or one of the user's own by the path of its file.
     *
     * @throws IllegalArgumentException naming the nearest known one
     */
    public static Blueprint named(String name) {
        return named(name, file -> StrategyFile.read(Path.of(file)));
    }

    private static Blueprint named(String name, Function<String, Blueprint> files) {
        if (isFile(name)) {
            return files.apply(name);
        }
        List<String> known = ALL.stream().map(Blueprint::name).toList();
        return ALL.stream()
                .filter(blueprint -> blueprint.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown strategy '" + name + "'"
                        + Spelling.hint(name, known) + "; see 'tollgate list strategies'"));
    }

    private static List<Blueprint> load() {
        List<Blueprint> all = ServiceLoader.load(Blueprint.class, Blueprint.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Blueprint::name))
                .toList();
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).name().equals(all.get(i - 1).name())) {
                throw new IllegalStateException(
                        "two strategies are called '" + all.get(i).name() + "'");
            }
        }
        return all;
    }
}
