package tollgate.replay.mmu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import tollgate.ingest.BadInput;

/**
 * Reads the section {@code geometry} of a CPU profile:
 *
 * <pre>
 * geometry:
 *   levels: 4                 # page-table levels, 4 or 5
 *   first:                    # first-level TLBs
 *     - {types: [fetch], pages: [4K], entries: 128, ways: 8, source: ..., status: verified}
 *     - {types: [fetch], pages: [2M], entries: 8, ways: full, per-thread: true, source: ..., status: verified}
 *   second:                   # second-level TLBs; types: all of them if left out
 *     - {pages: [4K, 2M], entries: 1536, ways: 12, index: xor, source: ..., status: verified}
 *   walks:                    # paging-structure caches
 *     - {caches: [PDE], entries: 32, ways: 4, source: ..., status: approximate}
 *   nested:                   # of guest-physical translations
 *     - {entries: 64, ways: full, source: ..., status: approximate}
 * </pre>
 *
 * A status is verified, derived or approximate (a lower bound, from memory, or borrowed from a sibling model).
 */
public final class GeometryFile {
    /** In the order of {@link tollgate.replay.Access#FETCH}, LOAD, STORE. */
    private static final List<String> TYPES = List.of("fetch", "load", "store");

    private static final List<String> PAGES = List.of("4K", "2M", "1G");
    private static final List<String> CACHES = List.of("PDE", "PDPTE", "PML4E", "PML5E");
    private static final List<String> STATUS = List.of("verified", "derived", "approximate");

    private final String place;

    private GeometryFile(String place) {
        this.place = place;
    }

    /**
     * The geometry of a CPU whose profile ships with Tollgate.
     *
     * @throws BadInput if there is none of this name
     */
    public static Geometry of(String cpu) {
        String resource = "/tollgate/replay/cpu/" + cpu + ".yaml";
        try (InputStream in = GeometryFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new BadInput(cpu, "no CPU profile of this name; see the list of CPUs");
            }
            return parse(cpu, cpu + ".yaml", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new BadInput(cpu, "its profile cannot be read (" + e.getMessage() + "); reinstall Tollgate");
        }
    }

    /**
     * @param cpu name of the profile
     * @param place what to call the text in messages
     * @param yaml a whole profile; other sections are left to others
     * @throws BadInput with line and column of what is wrong
     */
    public static Geometry parse(String cpu, String place, String yaml) {
        GeometryFile file = new GeometryFile(place);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(place).build();
            Node root = new Compose(settings)
                    .composeString(yaml)
                    .orElseThrow(() -> new BadInput(place, "expected a CPU profile, found nothing"));
            Map<String, Node> sections = file.map(root);
            return file.geometry(cpu, file.required(root, sections, "geometry"));
        } catch (YamlEngineException e) {
            throw new BadInput(
                    place,
                    "not valid YAML (" + e.getMessage().lines().findFirst().orElse("") + ")");
        }
    }

    private Geometry geometry(String cpu, Node node) {
        Map<String, Node> keys = map(node);
        known(keys, List.of("levels", "nested-levels", "first", "second", "walks", "nested"));
        int levels = number(node, keys, "levels");
        try {
            Geometry geometry = new Geometry(
                    cpu,
                    levels,
                    keys.containsKey("nested-levels") ? number(node, keys, "nested-levels") : levels,
                    arrays(keys, "first", "pages", PAGES),
                    arrays(keys, "second", "pages", PAGES),
                    arrays(keys, "walks", "caches", CACHES),
                    arrays(keys, "nested", "", List.of()));
            new Mmu(geometry); // what can be built is right
            return geometry;
        } catch (IllegalArgumentException e) {
            throw bad(node, e.getMessage());
        }
    }

    private List<Geometry.Array> arrays(Map<String, Node> keys, String section, String serves, List<String> served) {
        List<Geometry.Array> arrays = new ArrayList<>();
        if (keys.containsKey(section)) {
            for (Node row : sequence(keys.get(section))) {
                arrays.add(array(row, serves, served));
            }
        }
        return arrays;
    }

    private Geometry.Array array(Node row, String serves, List<String> served) {
        Map<String, Node> keys = map(row);
        List<String> known =
                new ArrayList<>(List.of("entries", "ways", "index", "per-thread", "source", "status", "note"));
        boolean isTlb = serves.equals("pages");
        if (isTlb) {
            known.add("types");
        }
        if (!served.isEmpty()) {
            known.add(serves);
        }
        known(keys, known);
        int entries = number(row, keys, "entries");
        boolean isFull = keys.containsKey("ways") && text(keys.get("ways")).equals("full");
        int types = isTlb && keys.containsKey("types") ? bits(keys.get("types"), TYPES) : (1 << TYPES.size()) - 1;
        int sizes = served.isEmpty() ? (1 << PAGES.size()) - 1 : bits(required(row, keys, serves), served);
        try {
            return new Geometry.Array(
                    types,
                    sizes,
                    entries,
                    isFull ? entries : number(row, keys, "ways"),
                    keys.containsKey("index")
                            ? Geometry.Index.values()[one(keys.get("index"), List.of("linear", "xor"))]
                            : Geometry.Index.LINEAR,
                    keys.containsKey("per-thread") && one(keys.get("per-thread"), List.of("false", "true")) == 1,
                    text(required(row, keys, "source")),
                    STATUS.get(one(required(row, keys, "status"), STATUS)));
        } catch (IllegalArgumentException e) {
            throw bad(row, e.getMessage());
        }
    }

    private Map<String, Node> map(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw bad(node, "expected keys and values");
        }
        Map<String, Node> map = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode());
            if (map.put(key, tuple.getValueNode()) != null) {
                throw bad(tuple.getKeyNode(), "the key '" + BadInput.show(key, 40) + "' stands here a second time");
            }
        }
        return map;
    }

    private List<Node> sequence(Node node) {
        if (!(node instanceof SequenceNode sequence)) {
            throw bad(node, "expected a list");
        }
        return sequence.getValue();
    }

    private Node required(Node owner, Map<String, Node> keys, String key) {
        Node value = keys.get(key);
        if (value == null) {
            throw bad(owner, "expected a key '" + key + "', found none");
        }
        return value;
    }

    private void known(Map<String, Node> keys, List<String> known) {
        for (Map.Entry<String, Node> key : keys.entrySet()) {
            if (!known.contains(key.getKey())) {
                throw bad(key.getValue(), "unknown key '" + BadInput.show(key.getKey(), 40) + "'; known: " + known);
            }
        }
    }

    private int number(Node owner, Map<String, Node> keys, String key) {
        Node value = required(owner, keys, key);
        try {
            return Integer.parseInt(text(value));
        } catch (NumberFormatException e) {
            throw bad(value, key + ": expected a whole number, found '" + BadInput.show(text(value), 40) + "'");
        }
    }

    private int bits(Node list, List<String> names) {
        int bits = 0;
        for (Node name : sequence(list)) {
            bits |= 1 << one(name, names);
        }
        return bits;
    }

    private int one(Node node, List<String> names) {
        int index = names.indexOf(text(node));
        if (index < 0) {
            throw bad(node, "expected one of " + names + ", found '" + BadInput.show(text(node), 40) + "'");
        }
        return index;
    }

    private String text(Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            throw bad(node, "expected a single value");
        }
        return scalar.getValue();
    }

    private BadInput bad(Node node, String problem) {
        Mark mark = node.getStartMark().orElse(null);
        String at = mark == null ? place : place + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
        return new BadInput(at, problem);
    }
}
