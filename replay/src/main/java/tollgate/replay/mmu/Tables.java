package tollgate.replay.mmu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Builds the tables of an {@link Mmu} from the rows of its {@link Geometry}. */
final class Tables {
    private Tables() {}

    /**
     * One table for each type of access and page size, at {@code type * SIZES + size}. Neighbouring rows that
     * serve the same page size become one table, their sets side by side; a size that only one of them serves
     * gets the slice that is that row.
     *
     * @param all collects the whole tables, each once
     * @throws IllegalArgumentException if rows overlap that are not neighbours or differ in ways or index
     */
    static LruTable[] byTypeAndSize(List<Geometry.Array> rows, Tags tags, List<LruTable> all) {
        LruTable[] ports = new LruTable[Mmu.TYPES * Mmu.SIZES];
        Arrays.fill(ports, none(tags));
        boolean[] isServed = new boolean[ports.length];
        for (int from = 0, to; from < rows.size(); from = to) {
            to = from + 1;
            while (to < rows.size() && overlaps(rows.subList(from, to), rows.get(to))) {
                to++;
            }
            List<Geometry.Array> group = rows.subList(from, to);
            LruTable whole = table(group, tags, all);
            for (int port = 0; port < ports.length; port++) {
                int type = port / Mmu.SIZES;
                int size = port % Mmu.SIZES;
                if (group.stream().noneMatch(row -> row.serves(type, size))) {
                    continue;
                }
                Geometry.require(!isServed[port], "rows that serve the same pages must follow each other");
                isServed[port] = true;
                ports[port] = slice(whole, group, type, size);
            }
        }
        return ports;
    }

    /** One paging-structure cache for each level; a row that serves several levels is one table for them. */
    static LruTable[] byLevel(List<Geometry.Array> rows, Tags tags, List<LruTable> all) {
        LruTable[] levels = new LruTable[Mmu.WALK_CACHES];
        Arrays.fill(levels, none(tags));
        int served = 0;
        for (Geometry.Array row : rows) {
            Geometry.require((served & row.sizes()) == 0, "two paging-structure caches for the same level");
            served |= row.sizes();
            LruTable table = table(List.of(row), tags, all);
            for (int level = 0; level < levels.length; level++) {
                if ((row.sizes() >>> level & 1) != 0) {
                    levels[level] = table;
                }
            }
        }
        return levels;
    }

    static LruTable single(List<Geometry.Array> rows, Tags tags, List<LruTable> all) {
        return rows.isEmpty() ? none(tags) : table(rows, tags, all);
    }

    /** The different tables that may hold an entry of this size. */
    static LruTable[] distinct(int size, LruTable[]... levels) {
        List<LruTable> tables = new ArrayList<>();
        for (LruTable[] ports : levels) {
            for (int type = 0; type < Mmu.TYPES; type++) {
                LruTable table = ports[type * Mmu.SIZES + size];
                if (table.ways() > 0 && !tables.contains(table)) {
                    tables.add(table);
                }
            }
        }
        return tables.toArray(LruTable[]::new);
    }

    private static LruTable none(Tags tags) {
        return new LruTable(1, 0, Geometry.Index.LINEAR, tags);
    }

    private static LruTable table(List<Geometry.Array> group, Tags tags, List<LruTable> all) {
        Geometry.Array row = group.get(0);
        int sets = group.stream().mapToInt(Geometry.Array::sets).sum();
        LruTable table = new LruTable(sets, row.ways(), row.index(), tags);
        all.add(table);
        return table;
    }

    private static LruTable slice(LruTable whole, List<Geometry.Array> group, int type, int size) {
        int first = 0;
        int row = 0;
        while (!group.get(row).serves(type, size)) {
            first += group.get(row++).sets();
        }
        int sets = 0;
        while (row < group.size() && group.get(row).serves(type, size)) {
            sets += group.get(row++).sets();
        }
        return sets == whole.sets() ? whole : whole.slice(first, sets);
    }

    private static boolean overlaps(List<Geometry.Array> group, Geometry.Array row) {
        boolean overlaps = group.stream()
                .anyMatch(other -> (other.types() & row.types()) != 0 && (other.sizes() & row.sizes()) != 0);
        Geometry.Array first = group.get(0);
        Geometry.require(
                !overlaps || (first.ways() == row.ways() && first.index() == row.index()),
                "rows that share pages must have the same ways and index");
        return overlaps;
    }
}
