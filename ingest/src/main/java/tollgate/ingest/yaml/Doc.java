package tollgate.ingest.yaml;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import tollgate.ingest.BadInput;

/**
 * One map of a document. A key is known once it was asked for; {@link #finish} refuses all others. The accessors
 * with a default are for keys that may be left out, those without for keys that may not.
 */
public final class Doc {
    record Entry(Value value, int line, int column) {}

    private final Problems problems;
    private final boolean isAbsent;
    private final String path;
    private final int line;
    private final int column;
    private final Map<String, Entry> entries;
    private final Set<String> asked = new TreeSet<>();

    /** @param isAbsent stands for a map that is not there, which was noted already: its keys are not missed */
    Doc(Problems problems, boolean isAbsent, String path, int line, int column, Map<String, Entry> entries) {
        this.problems = problems;
        this.isAbsent = isAbsent;
        this.path = path;
        this.line = line;
        this.column = column;
        this.entries = entries;
    }

    /** Whether the key is there; it is known from then on. */
    public boolean has(String key) {
        asked.add(key);
        return entries.containsKey(key);
    }

    /** The value of a key that must be there. */
    public Value value(String key) {
        if (has(key)) {
            return entries.get(key).value();
        }
        if (!isAbsent) {
            problems.add(path, line, column, "expected the key '" + below(key) + "', found none; add it");
        }
        return Value.missing(problems, below(key), line, column);
    }

    public String string(String key) {
        return value(key).string();
    }

    public String string(String key, String otherwise) {
        return has(key) ? string(key) : otherwise;
    }

    public int integer(String key, int min, int max) {
        return value(key).integer(min, max);
    }

    public int integer(String key, int min, int max, int otherwise) {
        return has(key) ? integer(key, min, max) : otherwise;
    }

    public long integer(String key, long min, long max) {
        return value(key).integer(min, max);
    }

    public long integer(String key, long min, long max, long otherwise) {
        return has(key) ? integer(key, min, max) : otherwise;
    }

    public double number(String key, double min, double max) {
        return value(key).number(min, max);
    }

    public double number(String key, double min, double max, double otherwise) {
        return has(key) ? number(key, min, max) : otherwise;
    }

    public boolean bool(String key) {
        return value(key).bool();
    }

    public boolean bool(String key, boolean otherwise) {
        return has(key) ? bool(key) : otherwise;
    }

    public String choice(String key, Collection<String> words) {
        return value(key).choice(words);
    }

    public <E extends Enum<E>> E choice(String key, Class<E> type) {
        return value(key).choice(type);
    }

    public <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        return has(key) ? choice(key, type) : otherwise;
    }

    /** Nanoseconds, written as {@code 12.5ms}. */
    public long nanos(String key) {
        return value(key).nanos();
    }

    public long nanos(String key, long otherwise) {
        return has(key) ? nanos(key) : otherwise;
    }

    /** Bytes, written as {@code 64KiB}. */
    public long bytes(String key) {
        return value(key).bytes();
    }

    public long bytes(String key, long otherwise) {
        return has(key) ? bytes(key) : otherwise;
    }

    /** The items of a list that must be there. */
    public List<Value> list(String key) {
        return value(key).list();
    }

    /** Every item of a list, read the same way: {@code doc.list("comm", Value::string)}; empty if the key is left out. */
    public <T> List<T> list(String key, Function<Value, T> item) {
        return has(key) ? list(key).stream().map(item).toList() : List.of();
    }

    /** As {@link #list(String, Function)}, refusing twins. */
    public <T> Set<T> set(String key, Function<Value, T> item) {
        return has(key) ? value(key).set(item) : Set.of();
    }

    /** A map that must be there. */
    public Doc doc(String key) {
        return value(key).doc();
    }

    /** A map that may be left out: then its keys that must be there are not missed, and those that may be have their defaults. */
    public Optional<Doc> optionalDoc(String key) {
        return has(key) ? Optional.of(doc(key)) : Optional.empty();
    }

    /** Every key with its value, in the document's order, where the keys are the writer's own names. All are known from then on. */
    public Map<String, Value> entries() {
        Map<String, Value> all = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            asked.add(key);
            all.put(key, entry.value());
        });
        return all;
    }

    /** Keys that another reader of the same document answers for. */
    public void leave(String... keys) {
        asked.addAll(List.of(keys));
    }

    /** Notes what is wrong with this map in the reader's own judgement. */
    public void problem(String text) {
        problems.add(path, line, column, text);
    }

    /** Whether this map is there and nothing wrong was noted of it or of anything below it so far. */
    public boolean isSound() {
        return !isAbsent && problems.isSound(path);
    }

    /**
     * Makes a value of what was read from this map, if that was sound: constructors may check their arguments without
     * fear of substitutes. What they refuse becomes a problem of this map.
     */
    public <T> Optional<T> build(Supplier<T> make) {
        if (!isSound()) {
            return Optional.empty();
        }
        try {
            return Optional.of(make.get());
        } catch (IllegalArgumentException e) {
            problem((path.isEmpty() ? "" : "'" + path + "': ") + e.getMessage());
            return Optional.empty();
        }
    }

    /** @throws BadYaml with all problems of the document so far and every key at or below this map that nobody asked for */
    public void finish() {
        refuseUnknown();
        if (problems.count() > 0) {
            throw problems.exception();
        }
    }

    private void refuseUnknown() {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (asked.contains(entry.getKey())) {
                entry.getValue().value().forEachDoc(Doc::refuseUnknown);
            } else {
                String hint = problems.isFull() ? "" : hint(entry.getKey());
                Entry at = entry.getValue();
                problems.add(path, at.line(), at.column(), "unknown key '" + below(entry.getKey()) + "'" + hint);
            }
        }
    }

    private String hint(String key) {
        List<String> free = new ArrayList<>(asked);
        free.removeAll(entries.keySet());
        Optional<String> near = Spelling.nearest(key, free);
        if (near.isPresent()) {
            return "; did you mean '" + below(near.get()) + "'?";
        }
        return asked.isEmpty() ? "" : "; known: " + String.join(", ", asked);
    }

    private String below(String key) {
        String shown = BadInput.show(key, 40);
        return path.isEmpty() ? shown : path + "." + shown;
    }
}
