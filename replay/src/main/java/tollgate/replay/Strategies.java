package tollgate.replay;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The catalog of strategies: sorted by name, no twins, one syntax for their parameters. */
public final class Strategies {
    /** The strategy that every other is compared with. */
    public static final String BASELINE = "baseline";

    private static final List<Blueprint> ALL = load();
    private static final Pattern CALL = Pattern.compile("([a-z0-9.+-]+)(?:\\((.*)\\))?");

    private Strategies() {}

    public static List<Blueprint> all() {
        return ALL;
    }

    /**
     * A strategy as written on the command line: {@code kpti}, {@code kvm-asi(per_vm=true)}.
     *
     * @throws IllegalArgumentException saying what is wrong and what is known
     */
    public static Strategy parse(String text) {
        Matcher call = CALL.matcher(text.trim());
        if (!call.matches()) {
            throw new IllegalArgumentException(
                    "expected a strategy such as 'kpti' or 'kvm-asi(per_vm=true)', found '" + text + "'");
        }
        Blueprint blueprint = named(call.group(1));
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

    private static Blueprint named(String name) {
        return ALL.stream()
                .filter(blueprint -> blueprint.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown strategy '" + name + "';" + suggestion(name)
                        + " known: "
                        + String.join(", ", ALL.stream().map(Blueprint::name).toList())));
    }

    private static String suggestion(String name) {
        return ALL.stream()
                .map(Blueprint::name)
                .min(Comparator.comparingInt(known -> distance(name, known)))
                .filter(known -> distance(name, known) <= Math.max(2, name.length() / 3))
                .map(known -> " did you mean '" + known + "'?")
                .orElse("");
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }

    private static List<Blueprint> load() {
        List<Blueprint> all = ServiceLoader.load(Blueprint.class).stream()
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
