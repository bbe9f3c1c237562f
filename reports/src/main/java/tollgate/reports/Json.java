package tollgate.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tollgate.analysis.Comparison;
import tollgate.analysis.EventRate;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;

/**
 * Records, maps, lists, numbers, truth values and strings as JSON (RFC 8259), indented, in the order of their declaration. A
 * {@link CannotTell} is an object with {@code cannotTell}; a metric is a key with its unit beside its figure.
 */
public final class Json {
    /** Names the schema of {@code results.json} and its version. */
    static final String RESULTS = "urn:tollgate:results:1";

    private final Appendable out;

    private Json(Appendable out) {
        this.out = out;
    }

    /** Ends with a line feed. */
    public static void write(Object value, Appendable out) throws IOException {
        new Json(out).value(value, "\n");
        out.append('\n');
    }

    /** Results of a comparison, as {@code results.schema.json} describes them. */
    static void results(Comparison comparison, Appendable out) throws IOException {
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("schema", RESULTS);
        for (RecordComponent component : Comparison.class.getRecordComponents()) {
            results.put(component.getName(), component(comparison, component));
        }
        write(results, out);
    }

    private void value(Object value, String margin) throws IOException {
        if (value instanceof CannotTell reason) {
            out.append("{\"cannotTell\": ");
            string(reason.reason());
            out.append('}');
        } else if (value instanceof Estimate e) {
            estimate(e);
            out.append('}');
        } else if (value instanceof Metric metric) {
            out.append("{\"name\": ");
            string(metric.key());
            out.append(", \"unit\": ");
            string(metric.unit());
            out.append('}');
        } else if (value instanceof EventRate event) {
            out.append("{\"name\": ");
            string(event.key());
            out.append(", \"unit\": ");
            string(event.unit());
            out.append('}');
        } else if (value instanceof Optional<?> optional) {
            if (optional.isPresent()) {
                value(optional.get(), margin);
            } else {
                out.append("null");
            }
        } else if (value instanceof Record record) {
            record(record, margin);
        } else if (value instanceof Map<?, ?> map) {
            map(map, margin);
        } else if (value instanceof List<?> list) {
            list(list, margin);
        } else if (value instanceof Double number) {
            out.append(CsvTables.number(number));
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value.toString());
        } else {
            string(value.toString());
        }
    }

    private void estimate(Estimate e) throws IOException {
        out.append("{\"value\": ").append(CsvTables.number(e.value()));
        out.append(", \"low\": ").append(CsvTables.number(e.low()));
        out.append(", \"high\": ").append(CsvTables.number(e.high()));
    }

    private void record(Record record, String margin) throws IOException {
        String separator = "{";
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            out.append(separator).append(margin).append("  ");
            string(component.getName());
            out.append(": ");
            value(component(record, component), margin + "  ");
            separator = ",";
        }
        out.append(margin).append('}');
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record's accessor must be public: " + component, e);
        }
    }

    private void map(Map<?, ?> map, String margin) throws IOException {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator).append(margin).append("  ");
            if (entry.getKey() instanceof Metric metric) {
                string(metric.key());
                out.append(": ");
                metric(metric, entry.getValue(), margin + "  ");
            } else {
                string(entry.getKey().toString());
                out.append(": ");
                value(entry.getValue(), margin + "  ");
            }
            separator = ",";
        }
        out.append(map.isEmpty() ? "{" : margin).append('}');
    }

    private void metric(Metric metric, Object figure, String margin) throws IOException {
        if (figure instanceof Estimate e) {
            estimate(e);
            out.append(", \"unit\": ");
            string(metric.unit());
            out.append('}');
        } else {
            value(figure, margin);
        }
    }

    private void list(List<?> list, String margin) throws IOException {
        out.append('[');
        for (Iterator<?> it = list.iterator(); it.hasNext(); ) {
            out.append(margin).append("  ");
            value(it.next(), margin + "  ");
            out.append(it.hasNext() ? "," : margin);
        }
        out.append(']');
    }

    /** A string with its quotation marks. */
    static String quoted(String text) throws IOException {
        StringBuilder quoted = new StringBuilder();
        new Json(quoted).string(text);
        return quoted.toString();
    }

    private void string(String text) throws IOException {
        out.append('"');
        try {
            text.chars().forEach(this::character);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        out.append('"');
    }

    /** Half a surrogate pair on its own is escaped as well: it has no UTF-8 form. */
    private void character(int c) {
        try {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < ' ' || c >= 0x7f) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
