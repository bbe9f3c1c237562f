package tollgate.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.replay.mmu.Geometry;

/** A geometry in words, for the report's picture of the simulated MMU. */
final class TranslationCaches {
    private static final List<String> TYPES = List.of("fetch", "load", "store");
    private static final List<String> PAGES = List.of("4 KiB", "2 MiB", "1 GiB");
    private static final List<String> LEVELS = List.of("PDE", "PDPTE", "PML4E", "PML5E");

    private TranslationCaches() {}

    /** Lines by level, in the order of a translation. */
    static Map<String, List<String>> of(Geometry geometry) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        lines.put("first", lines(geometry.first(), PAGES, true));
        lines.put("second", lines(geometry.second(), PAGES, false));
        lines.put("walks", lines(geometry.walks(), LEVELS, false));
        lines.put("nested", lines(geometry.nested(), List.of(), false));
        lines.put("levels", List.of(geometry.levels() + " levels of page tables"));
        return lines;
    }

    private static List<String> lines(List<Geometry.Array> arrays, List<String> sizes, boolean withTypes) {
        List<String> lines = new ArrayList<>();
        for (Geometry.Array array : arrays) {
            String types = withTypes ? named(array.types(), TYPES) + ", " : "";
            String serves = sizes.isEmpty() ? "" : named(array.sizes(), sizes) + ": ";
            String ways = array.ways() == array.entries() ? "fully associative" : array.ways() + "-way";
            String status = array.status().equals("verified") ? "" : " (" + array.status() + ")";
            lines.add(types + serves + array.entries() + " entries, " + ways + status);
        }
        return lines;
    }

    private static String named(int bits, List<String> names) {
        List<String> named = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if ((bits >>> i & 1) != 0) {
                named.add(names.get(i));
            }
        }
        return String.join(" + ", named);
    }
}
