package tollgate.replay;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which memory an address space maps, in which page sizes, and what of it is global: a table over
 * (class, region). Immutable; the verbs return changed copies, so that a view reads like a sentence.
 *
 * <p>Compiled to one byte for each {@link Access#mapping}: bit 0 mapped, bits 1-2 size of the leaf
 * (0 4 KiB, 1 2 MiB, 2 1 GiB), bit 3 global, bit 4 mapped page by page on demand.
 */
public final class View {
    static final int MAPPED = 1;
    static final int SIZE_SHIFT = 1;
    static final int GLOBAL = 8;
    static final int ON_DEMAND = 16;

    private final Set<MemoryClass> mapped;
    private final Set<MemoryClass> onDemand;
    private final Set<MemoryClass> global;
    private final Map<Region, Integer> leaves;
    /** Classes of which only this one region is mapped. */
    private final Map<MemoryClass, Region> parts;

    private View(
            Set<MemoryClass> mapped,
            Set<MemoryClass> onDemand,
            Set<MemoryClass> global,
            Map<Region, Integer> leaves,
            Map<MemoryClass, Region> parts) {
        this.mapped = mapped;
        this.onDemand = onDemand;
        this.global = global;
        this.leaves = leaves;
        this.parts = parts;
    }

    /** Maps every class but ephemeral mappings, which exist only where a strategy makes them; nothing global. */
    public static View everything() {
        return new View(
                EnumSet.complementOf(EnumSet.of(MemoryClass.EPH)),
                EnumSet.noneOf(MemoryClass.class),
                EnumSet.noneOf(MemoryClass.class),
                new EnumMap<>(Region.class),
                new EnumMap<>(MemoryClass.class));
    }

    public static View of(MemoryClass... classes) {
        return everything().with(set(classes));
    }

    private View with(Set<MemoryClass> only) {
        return new View(only, onDemand, global, leaves, parts);
    }

    /** Maps these classes too. */
    public View and(MemoryClass... classes) {
        Set<MemoryClass> more = copy(mapped);
        more.addAll(set(classes));
        return with(more);
    }

    /** Of this class, maps what lies in this region: the kernel stacks of K_TASK_CUR lie in VMALLOC. */
    public View andPart(MemoryClass memoryClass, Region region) {
        Map<MemoryClass, Region> more = new EnumMap<>(MemoryClass.class);
        more.putAll(parts);
        more.put(memoryClass, region);
        return new View(mapped, onDemand, global, leaves, more);
    }

    public View without(MemoryClass... classes) {
        Set<MemoryClass> fewer = copy(mapped);
        fewer.removeAll(set(classes));
        return with(fewer);
    }

    /** Entries for these classes carry the global bit: they survive CR3 writes. */
    public View global(MemoryClass... classes) {
        return new View(mapped, onDemand, set(classes), leaves, parts);
    }

    /** All kernel memory is global, as mainline maps it without page-table isolation. */
    public View kernelGlobal() {
        Set<MemoryClass> kernel = copy(mapped);
        kernel.removeAll(set(MemoryClass.U_CUR));
        return new View(mapped, onDemand, kernel, leaves, parts);
    }

    /** All classes that are not mapped become mapped 4 KiB page by page, when touched. */
    public View restOnDemand() {
        return new View(mapped, EnumSet.complementOf(EnumSet.copyOf(mapped)), global, leaves, parts);
    }

    /** Maps a region in leaves of another size: 0 4 KiB, 1 2 MiB, 2 1 GiB. */
    public View leaf(Region region, int size) {
        Map<Region, Integer> changed = new EnumMap<>(Region.class);
        changed.putAll(leaves);
        changed.put(region, size);
        return new View(mapped, onDemand, global, changed, parts);
    }

    /** What both map; global what is global in both; leaves as here unless the other changes them. */
    View and(View other) {
        Set<MemoryClass> both = copy(mapped);
        both.retainAll(other.mapped);
        Map<Region, Integer> leaf = new EnumMap<>(Region.class);
        leaf.putAll(other.leaves);
        leaf.putAll(leaves);
        return new View(both, onDemand, global, leaf, parts).globalIn(other);
    }

    /** Entries of a class are global in all spaces or in none: global only what is global in the other view too. */
    View globalIn(View other) {
        Set<MemoryClass> both = copy(global);
        both.retainAll(other.global);
        return new View(mapped, onDemand, both, leaves, parts);
    }

    public boolean maps(MemoryClass memoryClass) {
        return mapped.contains(memoryClass);
    }

    /** Whether it maps of this class only what lies in one region. */
    public boolean mapsPart(MemoryClass memoryClass) {
        return parts.containsKey(memoryClass);
    }

    public boolean mapsOnDemand(MemoryClass memoryClass) {
        return onDemand.contains(memoryClass);
    }

    public boolean isGlobal(MemoryClass memoryClass) {
        return global.contains(memoryClass);
    }

    /** Bit per class of a part ({@link Steps}) that it maps wherever it lies, in leaves of the usual size; none if some region has others. */
    long usuallyMapped() {
        long classes = 0;
        for (MemoryClass each : mapped) {
            classes |= 1L << each.ordinal();
        }
        if (mapped.contains(MemoryClass.U_CUR) || parts.get(MemoryClass.U_CUR) == Region.USER) {
            classes |= Steps.USER_PAGES;
        }
        return Arrays.stream(Region.values()).allMatch(region -> leaf(region) == region.leaf()) ? classes : 0;
    }

    /** Bit per class that is global. */
    long globals() {
        return global.stream().mapToLong(each -> 1L << each.ordinal()).sum();
    }

    /** Page size of a region: 0 4 KiB, 1 2 MiB, 2 1 GiB. */
    public int leaf(Region region) {
        return leaves.getOrDefault(region, region.leaf());
    }

    /** The table over {@link Access#mapping}. */
    byte[] compile() {
        byte[] table = new byte[Access.MAPPINGS];
        for (MemoryClass memoryClass : MemoryClass.values()) {
            for (Region region : Region.values()) {
                int entry = 0;
                if (mapped.contains(memoryClass) || parts.get(memoryClass) == region) {
                    entry = MAPPED | leaf(region) << SIZE_SHIFT | (global.contains(memoryClass) ? GLOBAL : 0);
                } else if (onDemand.contains(memoryClass)) {
                    entry = ON_DEMAND;
                }
                table[Access.mapping(memoryClass, region)] = (byte) entry;
            }
        }
        return table;
    }

    private static Set<MemoryClass> copy(Set<MemoryClass> classes) {
        Set<MemoryClass> copy = EnumSet.noneOf(MemoryClass.class);
        copy.addAll(classes);
        return copy;
    }

    private static Set<MemoryClass> set(MemoryClass... classes) {
        Set<MemoryClass> set = EnumSet.noneOf(MemoryClass.class);
        set.addAll(Arrays.asList(classes));
        return set;
    }
}
