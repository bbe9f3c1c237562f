package tollgate.replay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Values for the parameters of a strategy, checked against their bounds. */
public final class Settings {
    /** Value of a parameter that names system calls: every one of them. */
    static final String ALL_CALLS = "all";

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> changed = new TreeMap<>();

    /**
     * @param blueprint whose parameters
     * @param given name and value of those set, as written
     * @throws IllegalArgumentException naming what is wrong and what is allowed, all faults in one line
     */
    Settings(Blueprint blueprint, Map<String, String> given) {
        List<String> faults = new ArrayList<>();
        blueprint.parameters().forEach(p -> values.put(p.name(), p.standard()));
        given.forEach((name, value) -> {
            Parameter parameter = blueprint.parameters().stream()
                    .filter(p -> p.name().equals(name))
                    .findFirst()
                    .orElse(null);
            if (parameter == null) {
                faults.add("no parameter '" + name + "'; known: " + String.join(", ", values.keySet()));
            } else {
                String fault = check(parameter, value);
                if (fault.isEmpty()) {
                    values.put(name, value);
                    if (!value.equals(parameter.standard())) {
                        changed.put(name, value);
                    }
                } else {
                    faults.add(fault);
                }
            }
        });
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(blueprint.name() + ": " + String.join("; ", faults));
        }
    }

    /** Every parameter at its default. */
    public static Settings standard(Blueprint blueprint) {
        return new Settings(blueprint, Map.of());
    }

    public boolean isOn(String name) {
        return Boolean.parseBoolean(values.get(name));
    }

    public double number(String name) {
        return Double.parseDouble(values.get(name));
    }

    public String word(String name) {
        return values.get(name);
    }

    public SyscallSet calls(String name) {
        return set(values.get(name));
    }

    private static SyscallSet set(String value) {
        return new SyscallSet(value.equals(ALL_CALLS) ? List.of() : List.of(value.split("/")));
    }

    /** What was changed, in parentheses, or the empty string: makes a strategy's full name. */
    public String suffix() {
        if (changed.isEmpty()) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        changed.forEach((name, value) -> parts.add(name + "=" + value));
        return "(" + String.join(",", parts) + ")";
    }

    /** @return what is wrong, or the empty string */
    private static String check(Parameter parameter, String value) {
        String found = ", not '" + value + "'";
        return switch (parameter.kind()) {
            case SWITCH ->
                value.equals("true") || value.equals("false")
                        ? ""
                        : parameter.name() + " must be true or false" + found;
            case WORD ->
                parameter.words().contains(value)
                        ? ""
                        : parameter.name() + " must be one of " + String.join(", ", parameter.words()) + found;
            case NUMBER ->
                isWithin(parameter, value)
                        ? ""
                        : parameter.name() + " must be a number from " + parameter.low() + " to " + parameter.high()
                                + found;
            case CALLS -> checkCalls(parameter, value);
        };
    }

    private static boolean isWithin(Parameter parameter, String value) {
        try {
            double number = Double.parseDouble(value);
            return number >= parameter.low() && number <= parameter.high();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String checkCalls(Parameter parameter, String value) {
        try {
            set(value);
            return "";
        } catch (IllegalArgumentException e) {
            return parameter.name() + " must be 'all' or system calls joined by '/': " + e.getMessage();
        }
    }
}
