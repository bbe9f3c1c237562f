package tollgate.replay.mmu;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tollgate.ingest.BadInput;
import tollgate.ingest.yaml.Doc;
import tollgate.ingest.yaml.Value;
import tollgate.ingest.yaml.Yaml;

/**
 * Reads the section {@code geometry} of a CPU profile:
 *
 * <pre>
 * geometry:
 *   levels: 4                 # page-table levels, 4 or 5; nested_levels likewise, the same if left out
 *   first:                    # first-level TLBs
 *     - {types: [fetch], pages: [4K], entries: 128, ways: 8, source: ..., status: verified}
 *     - {types: [fetch], pages: [2M], entries: 8, ways: full, per_thread: true, source: ..., status: verified}
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

    private GeometryFile() {}

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
            Doc section = Yaml.read(cpu + ".yaml", in).doc("geometry");
            Optional<Geometry> geometry = read(cpu, section);
            section.finish();
            return geometry.orElseThrow();
        } catch (IOException e) {
            throw new BadInput(cpu, "its profile cannot be read (" + e.getMessage() + "); reinstall Tollgate");
        }
    }

    /**
     * @param cpu name of the profile
     * @param section to be finished by the caller
     * @return empty if something is wrong with it, which {@link Doc#finish} tells
     */
    public static Optional<Geometry> read(String cpu, Doc section) {
        int levels = section.integer("levels", 4, 5);
        int nestedLevels = section.integer("nested_levels", 4, 5, levels);
        List<Geometry.Array> first = arrays(section, "first", "pages", PAGES);
        List<Geometry.Array> second = arrays(section, "second", "pages", PAGES);
        List<Geometry.Array> walks = arrays(section, "walks", "caches", CACHES);
        List<Geometry.Array> nested = arrays(section, "nested", "", List.of());
        return section.build(() -> {
            Geometry geometry = new Geometry(cpu, levels, nestedLevels, first, second, walks, nested);
            new Mmu(geometry); // what can be built is right
            return geometry;
        });
    }

    private static List<Geometry.Array> arrays(Doc section, String key, String serves, List<String> served) {
        List<Geometry.Array> arrays = new ArrayList<>();
        for (Doc row : section.list(key, Value::doc)) {
            array(row, serves, served).ifPresent(arrays::add);
        }
        return arrays;
    }

    private static Optional<Geometry.Array> array(Doc row, String serves, List<String> served) {
        int types =
                serves.equals("pages") && row.has("types") ? bits(row.list("types"), TYPES) : (1 << TYPES.size()) - 1;
        int sizes = served.isEmpty() ? (1 << PAGES.size()) - 1 : bits(row.list(serves), served);
        int entries = row.integer("entries", 1, Geometry.MAX_ENTRIES);
        boolean isFull = row.has("ways")
                && row.value("ways").isScalar()
                && row.string("ways").equals("full");
        int ways = isFull ? entries : row.integer("ways", 1, Geometry.MAX_ENTRIES);
        Geometry.Index index = row.choice("index", Geometry.Index.class, Geometry.Index.LINEAR);
        boolean isPerThread = row.bool("per_thread", false);
        String source = row.string("source");
        String status = row.choice("status", STATUS);
        row.string("note", "");
        return row.build(() -> new Geometry.Array(types, sizes, entries, ways, index, isPerThread, source, status));
    }

    private static int bits(List<Value> names, List<String> known) {
        int bits = 0;
        for (Value name : names) {
            bits |= 1 << known.indexOf(name.choice(known));
        }
        return bits;
    }
}
