package tollgate.analysis;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import tollgate.ingest.yaml.Spelling;
import tollgate.replay.Access;
import tollgate.replay.Machine;
import tollgate.replay.mmu.Geometry;
import tollgate.replay.mmu.Mmu;

/**
 * What of a CPU may be stated otherwise than its profile has it: {@code ghz}, the {@code levels} of its page tables, and
 * {@code entries} and {@code ways} of each of its translation caches:
 *
 * <pre>
 *   itlb  dtlb            first level, for 4 KiB pages; dtlb is that of loads
 *   itlb-2m  dtlb-2m      for 2 MiB pages; likewise dtlb-1g
 *   stlb  stlb-2m         second level; likewise stlb-1g
 *   pde  pdpte  pml4e     paging-structure caches
 *   nested                of guest-physical translations
 * </pre>
 *
 * Other entries keep the ways and have more or fewer sets; other ways keep the sets. Cycles stay where the frequency
 * changes, but for prices that are stated in time.
 */
final class CpuParameter {
    static final String FREQUENCY = "ghz";
    private static final String LEVELS = "levels";
    private static final String ENTRIES = ".entries";
    private static final String WAYS = ".ways";
    private static final double MOST_GIGAHERTZ = 10;
    private static final String STATED = "stated";

    /** Where a translation cache stands, and which it is. */
    private record Cache(Place place, Predicate<Geometry.Array> isIt) {}

    private enum Place {
        FIRST,
        SECOND,
        WALKS,
        NESTED
    }

    private static final Map<String, Cache> CACHES = caches();

    private CpuParameter() {}

    private static Map<String, Cache> caches() {
        Map<String, Cache> caches = new LinkedHashMap<>();
        List<String> sizes = List.of("", "-2m", "-1g");
        for (int size = Mmu.SIZE_4K; size <= Mmu.SIZE_1G; size++) {
            int serves = size;
            String suffix = sizes.get(size);
            caches.put("itlb" + suffix, new Cache(Place.FIRST, array -> array.serves(Access.FETCH, serves)));
            caches.put("dtlb" + suffix, new Cache(Place.FIRST, array -> array.serves(Access.LOAD, serves)));
            caches.put("stlb" + suffix, new Cache(Place.SECOND, array -> array.serves(Access.LOAD, serves)));
        }
        List<String> levels = List.of("pde", "pdpte", "pml4e");
        for (int level = 0; level < levels.size(); level++) {
            int bit = 1 << level;
            caches.put(levels.get(level), new Cache(Place.WALKS, array -> (array.sizes() & bit) != 0));
        }
        caches.put("nested", new Cache(Place.NESTED, array -> true));
        return caches;
    }

    /** All that may be stated, in alphabetical order. */
    static Set<String> keys() {
        Set<String> keys = new TreeSet<>(Set.of(FREQUENCY, LEVELS));
        for (String cache : CACHES.keySet()) {
            keys.add(cache + ENTRIES);
            keys.add(cache + WAYS);
        }
        return keys;
    }

    /** "GHz", "entries", "ways" or "levels". */
    static String unit(String key) {
        return key.equals(FREQUENCY) ? "GHz" : key.substring(key.indexOf('.') + 1);
    }

    /**
     * A CPU that differs in one thing; where it does not differ, its machine is equal to the given one's.
     *
     * @throws IllegalArgumentException if there is no such thing, this CPU has none, or it cannot be built so
     */
    static CpuProfile with(CpuProfile cpu, String key, double value) {
        if (!keys().contains(key)) {
            throw new IllegalArgumentException("unknown parameter '" + key + "' of a CPU" + Spelling.hint(key, keys()));
        }
        if (key.equals(FREQUENCY)) {
            if (!(value > 0 && value <= MOST_GIGAHERTZ)) {
                throw new IllegalArgumentException("ghz must lie above 0 and up to 10, not " + plain(value));
            }
            return new CpuProfile(
                    cpu.name(),
                    cpu.title(),
                    value,
                    STATED,
                    cpu.features(),
                    cpu.machine(),
                    cpu.prices().atFrequency(value / cpu.gigahertz()));
        }
        if (value != Math.rint(value) || value < 1 || value > Geometry.MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    key + " must be a whole number from 1 to " + Geometry.MAX_ENTRIES + ", not " + plain(value));
        }
        try {
            return with(cpu, geometry(cpu.machine().geometry(), key, (int) value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + "=" + plain(value) + " on " + cpu.name() + ": " + e.getMessage(), e);
        }
    }

    private static CpuProfile with(CpuProfile cpu, Geometry geometry) {
        new Mmu(geometry); // what can be built is right
        Machine is = cpu.machine();
        return new CpuProfile(
                cpu.name(),
                cpu.title(),
                cpu.gigahertz(),
                cpu.gigahertzSource(),
                cpu.features(),
                new Machine(geometry, is.hasPcid(), is.hasInvpcid(), is.isIntel()),
                cpu.prices());
    }

    private static Geometry geometry(Geometry is, String key, int value) {
        if (key.equals(LEVELS)) {
            return value == is.levels() ? is : is.withLevels(value);
        }
        Cache cache = CACHES.get(key.substring(0, key.indexOf('.')));
        boolean isEntries = key.endsWith(ENTRIES);
        return new Geometry(
                is.cpu(),
                is.levels(),
                is.nestedLevels(),
                changed(is.first(), cache, Place.FIRST, isEntries, value),
                changed(is.second(), cache, Place.SECOND, isEntries, value),
                changed(is.walks(), cache, Place.WALKS, isEntries, value),
                changed(is.nested(), cache, Place.NESTED, isEntries, value));
    }

    private static List<Geometry.Array> changed(
            List<Geometry.Array> arrays, Cache cache, Place place, boolean isEntries, int value) {
        if (cache.place() != place) {
            return arrays;
        }
        List<Geometry.Array> changed = new ArrayList<>();
        int found = 0;
        for (Geometry.Array array : arrays) {
            boolean isIt = cache.isIt().test(array);
            found += isIt ? 1 : 0;
            changed.add(isIt ? changed(array, isEntries, value) : array);
        }
        if (found != 1) {
            throw new IllegalArgumentException(
                    found == 0 ? "it has no such cache" : "several arrays share this; change a profile of your own");
        }
        return changed;
    }

    private static Geometry.Array changed(Geometry.Array is, boolean isEntries, int value) {
        boolean isFull = is.ways() == is.entries();
        int ways = isEntries && !isFull ? is.ways() : value;
        int entries = isEntries || isFull ? value : is.sets() * value;
        return entries == is.entries() && ways == is.ways()
                ? is
                : new Geometry.Array(
                        is.types(), is.sizes(), entries, ways, is.index(), is.isPerThread(), STATED, STATED);
    }

    /** As on a command line: {@code 3.5}. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    /** The number that a word is, if it is one. */
    static Optional<Double> number(String word) {
        return word.matches("[0-9]+(\\.[0-9]+)?") ? Optional.of(Double.parseDouble(word)) : Optional.empty();
    }
}
