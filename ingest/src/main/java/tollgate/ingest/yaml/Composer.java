package tollgate.ingest.yaml;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import tollgate.ingest.BadInput;

/**
 * Builds the tree from the parser's events. An alias is never followed, so the tree is at most as large as
 * the text; nesting is bounded, so the recursion is.
 */
final class Composer {
    /** Levels. The deepest document of ours, a study, has 6. */
    static final int MAX_DEPTH = 32;

    private final Problems problems;
    private final Iterator<Event> events;

    Composer(Problems problems, Iterator<Event> events) {
        this.problems = problems;
        this.events = events;
    }

    Doc document() {
        events.next(); // stream start
        Event first = events.next();
        if (first.getEventId() == Event.ID.StreamEnd) {
            return new Doc(problems, false, "", 1, 1, Map.of());
        }
        Value root = value(events.next(), "", 0);
        events.next(); // document end
        Event after = events.next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            report(after, "a second document begins here; expected one document a file");
        }
        return root.isNothing() ? new Doc(problems, false, "", 1, 1, Map.of()) : root.doc();
    }

    private Value value(Event event, String path, int depth) {
        int line = line(event);
        int column = column(event);
        if (event instanceof AliasEvent) {
            report(event, "aliases are not used here; write the value out");
            return Value.missing(problems, path, line, column);
        }
        refuseProperties(event);
        if (event instanceof ScalarEvent scalar) {
            return Value.scalar(problems, path, line, column, scalar.getValue(), scalar.isPlain());
        }
        if (depth == MAX_DEPTH) {
            throw tooDeep(event);
        }
        return event.getEventId() == Event.ID.SequenceStart
                ? Value.list(problems, path, line, column, items(path, depth))
                : Value.map(problems, path, line, column, entries(path, depth));
    }

    private List<Value> items(String path, int depth) {
        List<Value> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(value(event, path + "[" + items.size() + "]", depth + 1));
        }
        return items;
    }

    private Map<String, Doc.Entry> entries(String path, int depth) {
        Map<String, Doc.Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Value key = value(event, path, depth + 1);
            String name = key.isScalar() ? key.text() : "";
            String below = path.isEmpty() ? BadInput.show(name, 40) : path + "." + BadInput.show(name, 40);
            Value value = value(events.next(), below, depth + 1);
            if (!key.isScalar()) {
                if (!key.isMissing()) {
                    report(event, "expected a word as key, found " + key.kind());
                }
            } else if (entries.containsKey(name)) {
                report(
                        event,
                        "key '" + below + "' is given twice, first on line "
                                + entries.get(name).line() + "; keep one");
            } else {
                entries.put(name, new Doc.Entry(value, key.line(), key.column()));
            }
        }
        return entries;
    }

    private void refuseProperties(Event event) {
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            report(
                    event,
                    "anchors are not used here; remove '&"
                            + BadInput.show(node.getAnchor().get().getValue(), 40) + "'");
        }
        Optional<String> tag = Optional.empty();
        if (event instanceof ScalarEvent scalar) {
            tag = scalar.getTag();
        } else if (event instanceof CollectionStartEvent collection) {
            tag = collection.getTag();
        }
        tag.ifPresent(name -> report(event, "tags are not used here; remove '" + BadInput.show(name, 40) + "'"));
    }

    private BadYaml tooDeep(Event event) {
        report(event, "nested deeper than " + MAX_DEPTH + " levels");
        return problems.exception();
    }

    private void report(Event event, String text) {
        problems.add("", line(event), column(event), text);
    }

    private static int line(Event event) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private static int column(Event event) {
        return event.getStartMark().map(Mark::getColumn).orElse(0) + 1;
    }
}
