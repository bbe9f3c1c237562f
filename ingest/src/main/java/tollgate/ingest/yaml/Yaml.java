package tollgate.ingest.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tollgate.ingest.BadInput;

/** Opens a document: bytes to text, text to a tree of {@link Value}s with their places. */
public final class Yaml {
    /** Bytes. The largest document written by hand so far has 30 KiB. */
    public static final int MAX_BYTES = 1 << 20;

    private Yaml() {}

    /** @throws BadYaml if it is not YAML; what it says is judged by {@link Doc#finish} */
    public static Doc read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in);
        }
    }

    /**
     * @param name what the document is called in messages
     * @param in read to its end or to the limit, not closed
     */
    public static Doc read(String name, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw problem(name, 1, 1, "longer than " + MAX_BYTES + " bytes; this is not a document to be read whole");
        }
        try {
            return parse(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw problem(name, 1, 1, "expected UTF-8 text, found other bytes; save it as UTF-8");
        }
    }

    /** An empty document is an empty map. */
    public static Doc parse(String name, String text) {
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (body.length() > MAX_BYTES) {
            throw problem(name, 1, 1, "longer than " + MAX_BYTES + " bytes; this is not a document to be read whole");
        }
        Problems problems = new Problems(name);
        LoadSettings settings =
                LoadSettings.builder().setLabel(name).setUseMarks(true).build();
        try {
            Iterator<Event> events = new Parse(settings).parseString(body).iterator();
            return new Composer(problems, events).document();
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            int line = mark.map(Mark::getLine).orElse(0) + 1;
            int column = mark.map(Mark::getColumn).orElse(0) + 1;
            throw problem(name, line, column, "not YAML: " + explain(e));
        } catch (ReaderException e) {
            String before = body.substring(0, Math.min(body.length(), e.getPosition()));
            int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
            int column = before.length() - before.lastIndexOf('\n');
            String found = String.format("U+%04X", e.getCodePoint());
            throw problem(name, line, column, "not YAML: the character " + found + " is not allowed; remove it");
        } catch (YamlEngineException e) {
            throw problem(name, 1, 1, "not YAML: " + BadInput.show(String.valueOf(e.getMessage()), 120));
        }
    }

    /** Any text as a double-quoted scalar, for whoever writes a document: read again it is the same. All but printable ASCII is escaped. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                quoted.append('\\').appendCodePoint(point);
            } else if (point >= ' ' && point < 0x7f) {
                quoted.appendCodePoint(point);
            } else {
                quoted.append(String.format("\\U%08x", point));
            }
        });
        return quoted.append('"').toString();
    }

    private static String explain(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("\\t(TAB)")) {
            return "found a tab where a value begins; indent with spaces";
        }
        return BadInput.show(problem, 120);
    }

    private static BadYaml problem(String name, int line, int column, String text) {
        return new BadYaml(List.of(name + ":" + line + ":" + column + ": " + text));
    }
}
