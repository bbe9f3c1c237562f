package tollgate.replay.mmu;

import java.io.Serializable;
import java.util.List;

/**
 * The translation caches of one CPU model as the simulated MMU builds them. Read from a CPU profile by
 * {@link GeometryFile}; every row keeps its source.
 *
 * @param cpu name of the CPU profile
 * @param levels page-table levels: 4, or 5 with LA57
 * @param nestedLevels levels of the table that translates guest-physical addresses (EPT, NPT)
 * @param first first-level TLBs; a type of access is served by at most one of them per page size
 * @param second second-level TLBs; a page size that several of equal ways serve is spread over them by the
 *     page-number bits above the set index
 * @param walks paging-structure caches
 * @param nested cache of guest-physical translations on AMD; empty where there is none
 */
public record Geometry(
        String cpu,
        int levels,
        int nestedLevels,
        List<Array> first,
        List<Array> second,
        List<Array> walks,
        List<Array> nested)
        implements Serializable {
    /** Largest array: far above any TLB, far below what handles and memory allow. */
    public static final int MAX_ENTRIES = 1 << 14;

    public Geometry {
        require(levels == 4 || levels == 5, "page tables have 4 or 5 levels, not " + levels);
        require(nestedLevels == 4 || nestedLevels == 5, "nested page tables have 4 or 5 levels, not " + nestedLevels);
        require(nested.size() <= 1, "at most one nested TLB, not " + nested.size());
        first = List.copyOf(first);
        second = List.copyOf(second);
        walks = List.copyOf(walks);
        nested = List.copyOf(nested);
    }

    /** How a page number chooses its set. */
    public enum Index {
        /** Page number modulo sets. */
        LINEAR,
        /** Lowest bits XOR the next bits, as many. */
        XOR
    }

    /**
     * One array of entries.
     *
     * @param types bit {@code 1 << type} for each type of access served ({@link tollgate.replay.Access});
     *     of no meaning for paging-structure caches and nested TLBs
     * @param sizes bit {@code 1 << size} for each page size served ({@link Mmu#SIZE_4K}); for a
     *     paging-structure cache, bit {@code 1 << level}: 0 for PDE, 1 PDPTE, 2 PML4E, 3 PML5E
     * @param entries all entries
     * @param ways entries per set, {@code entries} if fully associative
     * @param isPerThread not shared with the SMT sibling
     * @param source where the figures come from
     * @param status how sure they are: verified, derived, approximate
     */
    public record Array(
            int types, int sizes, int entries, int ways, Index index, boolean isPerThread, String source, String status)
            implements Serializable {
        public Array {
            require(
                    entries >= 1 && entries <= MAX_ENTRIES,
                    "entries must lie in 1.." + MAX_ENTRIES + ", not " + entries);
            require(ways >= 1 && entries % ways == 0, ways + " ways do not divide " + entries + " entries");
            require(
                    index == Index.LINEAR || Integer.bitCount(entries / ways) == 1,
                    "an XOR index needs a power of two of sets, not " + entries / ways);
        }

        public int sets() {
            return entries / ways;
        }

        public boolean serves(int type, int size) {
            return (types >>> type & 1) != 0 && (sizes >>> size & 1) != 0;
        }

        /** What a busy SMT sibling leaves of it: half the ways, or half the sets if the ways are odd. */
        Array halved() {
            if (isPerThread || entries == 1) {
                return this;
            }
            int left = ways % 2 == 0 ? ways / 2 : ways;
            int sets = ways % 2 == 0 ? sets() : Math.max(1, sets() / 2);
            return new Array(types, sizes, sets * left, left, index, isPerThread, source, status);
        }
    }

    /**
     * This CPU beside a busy SMT sibling: every array that threads share keeps half its ways (two streams of
     * equal pressure each hold half of every set in the mean), or half its sets if the ways are odd.
     */
    public Geometry besideBusySibling() {
        return new Geometry(cpu, levels, nestedLevels, halved(first), halved(second), halved(walks), halved(nested));
    }

    public Geometry withLevels(int levels) {
        return new Geometry(cpu, levels, levels, first, second, walks, nested);
    }

    /** TLBs only: every walk reads all its levels. */
    public Geometry withoutWalkCaches() {
        return new Geometry(cpu, levels, nestedLevels, first, second, List.of(), List.of());
    }

    private static List<Array> halved(List<Array> arrays) {
        return arrays.stream().map(Array::halved).toList();
    }

    static void require(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
