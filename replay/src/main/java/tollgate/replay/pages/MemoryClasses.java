package tollgate.replay.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tollgate.ingest.BadInput;
import tollgate.replay.MemoryClass;

/**
 * The table from page classes to memory classes, classes.yaml. Immutable; a page's class follows from
 * its hash, so it is the same in every event.
 */
public final class MemoryClasses {
    /** Which of the three shares a memory class takes in a sweep. */
    public enum Level {
        LOW,
        MID,
        HIGH
    }

    private static final String SHIPPED = "classes.yaml";
    private static final int CLASSES = PageClass.values().length;
    private static final int OWNERS = Owner.values().length;
    private static final int FAMILIES = EventFamily.values().length;
    private static final MemoryClass[] MEMORY = MemoryClass.values();
    /** A row's shares: memory class by level. */
    private static final int WIDTH = MEMORY.length * 3;

    private final String origin;
    /** Shares by (page class, owner, family), then memory class, then level. */
    private final double[][] shares = new double[CLASSES * OWNERS * FAMILIES][];
    /** Shares of page classes in a direct map page of unknown kind, by (owner, family). */
    private final double[][] split = new double[OWNERS * FAMILIES][];

    private MemoryClasses(String origin, InputStream yaml) {
        this.origin = origin;
        Map<?, ?> tables = map(load(yaml), "the file");
        Map<?, ?> classes = map(tables.get("classes"), "classes");
        for (Map.Entry<?, ?> entry : classes.entrySet()) {
            int pageClass = constant(PageClass.class, entry.getKey()).ordinal();
            fill(map(entry.getValue(), entry.getKey()), pageClass * OWNERS * FAMILIES, shares, this::row);
        }
        fill(map(tables.get("split"), "split"), 0, split, this::splitRow);
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] == null) {
                throw bad("a row for " + name(i), "none");
            }
        }
        for (double[] row : split) {
            if (row == null) {
                throw bad("split: a row \"*\" under \"*\"", "none");
            }
        }
    }

    private Object load(InputStream yaml) {
        try {
            return new Load(LoadSettings.builder().setLabel(origin).build()).loadFromInputStream(yaml);
        } catch (YamlEngineException e) {
            throw bad("YAML", e.getMessage().lines().map(String::strip).collect(Collectors.joining(" ")));
        }
    }

    /** The table that comes with Tollgate. */
    public static MemoryClasses shipped() {
        return Shipped.TABLE;
    }

    /** Read when first asked for. */
    private static final class Shipped {
        static final MemoryClasses TABLE = read();

        private static MemoryClasses read() {
            try (InputStream in = MemoryClasses.class.getResourceAsStream(SHIPPED)) {
                return new MemoryClasses(SHIPPED, in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** @throws BadInput when a row is missing, unknown or does not sum to 1 */
    public static MemoryClasses read(String origin, InputStream yaml) {
        return new MemoryClasses(origin, yaml);
    }

    private MemoryClasses(MemoryClasses of, MemoryClass moved, double side) {
        origin = of.origin;
        System.arraycopy(of.split, 0, split, 0, split.length);
        for (int i = 0; i < shares.length; i++) {
            double[] row = of.shares[i].clone();
            int at = moved.ordinal() * 3;
            double mid = row[at + Level.MID.ordinal()];
            double end = row[at + (side < 0 ? Level.LOW : Level.HIGH).ordinal()];
            double share = (1 - Math.abs(side)) * mid + Math.abs(side) * end;
            double rest = mid < 1 ? (1 - share) / (1 - mid) : 1;
            for (int m = 0; m < MEMORY.length && mid < 1; m++) {
                row[m * 3 + Level.MID.ordinal()] *= rest;
            }
            row[at + Level.MID.ordinal()] = mid < 1 ? share : mid;
            shares[i] = row;
        }
    }

    /** The table with one memory class at its low or high share in every row, the rest of the row scaled. */
    public MemoryClasses with(MemoryClass moved, Level level) {
        return with(moved, level.ordinal() - Level.MID.ordinal());
    }

    /** As {@link #with(MemoryClass, Level)}, anywhere between. @param side -1 for the low share, 0 for the middle, 1 for the high */
    public MemoryClasses with(MemoryClass moved, double side) {
        return new MemoryClasses(this, moved, side);
    }

    /** Middle share of a memory class. */
    public double share(PageClass pageClass, Owner owner, EventFamily family, MemoryClass memoryClass) {
        return shares[index(pageClass.ordinal(), owner, family)][memoryClass.ordinal() * 3 + Level.MID.ordinal()];
    }

    /** The class of the page with this hash. */
    MemoryClass of(PageClass pageClass, Owner owner, EventFamily family, long hash) {
        return of(pageClass, split(owner, family), owner, family, hash);
    }

    /** @param split shares of the kinds of a direct map page, by ordinal of the page class */
    MemoryClass of(PageClass pageClass, double[] split, Owner owner, EventFamily family, long hash) {
        return at(pageClass, split, owner, family, Draw.unit(Draw.mix(hash, 1)), Draw.unit(Draw.mix(hash, 2)));
    }

    /**
     * @param kind quantile of the kind of a direct map page, 0 to 1
     * @param share quantile of the memory class
     */
    MemoryClass at(PageClass pageClass, double[] split, Owner owner, EventFamily family, double kind, double share) {
        int of = pageClass == PageClass.DIRECTMAP ? pick(split, 0, 1, kind) : pageClass.ordinal();
        return MEMORY[pick(shares[index(of, owner, family)], Level.MID.ordinal(), 3, share)];
    }

    /** Shares of the kinds of a direct map page of which nothing else is known. */
    double[] split(Owner owner, EventFamily family) {
        return split[owner.ordinal() * FAMILIES + family.ordinal()];
    }

    private static int pick(double[] row, int first, int step, double at) {
        double sum = 0;
        int last = 0;
        for (int i = first, k = 0; i < row.length; i += step, k++) {
            if (row[i] > 0) {
                last = k;
                sum += row[i];
                if (at < sum) {
                    return k;
                }
            }
        }
        return last; // rounding of the sum
    }

    private static int index(int pageClass, Owner owner, EventFamily family) {
        return (pageClass * OWNERS + owner.ordinal()) * FAMILIES + family.ordinal();
    }

    /** Rows by owner and family, "*" for those not named. */
    private void fill(
            Map<?, ?> byOwner, int base, double[][] table, java.util.function.Function<Map<?, ?>, double[]> read) {
        for (Owner owner : Owner.values()) {
            Object given = byOwner.get(owner.name().toLowerCase(Locale.ROOT));
            Map<?, ?> byFamily = map(given != null ? given : byOwner.get("*"), owner);
            for (EventFamily family : EventFamily.values()) {
                Object row = byFamily.get(family.name().toLowerCase(Locale.ROOT));
                table[base + owner.ordinal() * FAMILIES + family.ordinal()] =
                        read.apply(map(row != null ? row : byFamily.get("*"), family));
            }
            byFamily.keySet().stream().filter(k -> !k.equals("*")).forEach(k -> constant(EventFamily.class, k));
        }
        byOwner.keySet().stream().filter(k -> !k.equals("*")).forEach(k -> constant(Owner.class, k));
    }

    private double[] row(Map<?, ?> cells) {
        double[] row = new double[WIDTH];
        double sum = 0;
        for (Map.Entry<?, ?> cell : cells.entrySet()) {
            int at = constant(MemoryClass.class, cell.getKey()).ordinal() * 3;
            for (int level = 0; level < 3; level++) {
                row[at + level] = cell.getValue() instanceof java.util.List<?> three && three.size() == 3
                        ? number(three.get(level))
                        : number(cell.getValue());
            }
            if (row[at] > row[at + 1] || row[at + 1] > row[at + 2]) {
                throw bad("low <= mid <= high", cell.toString());
            }
            sum += row[at + 1];
        }
        return checked(row, sum, cells);
    }

    private double[] splitRow(Map<?, ?> cells) {
        double[] row = new double[CLASSES];
        double sum = 0;
        for (Map.Entry<?, ?> cell : cells.entrySet()) {
            sum += row[constant(PageClass.class, cell.getKey()).ordinal()] = number(cell.getValue());
        }
        return checked(row, sum, cells);
    }

    private double[] checked(double[] row, double sum, Map<?, ?> cells) {
        if (Math.abs(sum - 1) > 1e-9) {
            throw bad("middle shares that sum to 1", cells + " with the sum " + sum);
        }
        return row;
    }

    private double number(Object cell) {
        if (cell instanceof Number number && number.doubleValue() >= 0 && number.doubleValue() <= 1) {
            return number.doubleValue();
        }
        throw bad("a share from 0 to 1 or [low, mid, high]", String.valueOf(cell));
    }

    private Map<?, ?> map(Object value, Object where) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw bad("a map at " + where, String.valueOf(value));
    }

    private <E extends Enum<E>> E constant(Class<E> type, Object name) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(String.valueOf(name))) {
                return constant;
            }
        }
        throw bad(
                "one of " + java.util.Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT),
                "'" + name + "'");
    }

    private static String name(int index) {
        return PageClass.of(index / (OWNERS * FAMILIES)).name().toLowerCase(Locale.ROOT);
    }

    private BadInput bad(String expected, String found) {
        return new BadInput(origin, "expected " + expected + ", found " + found);
    }
}
