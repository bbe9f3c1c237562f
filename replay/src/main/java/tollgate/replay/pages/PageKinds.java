package tollgate.replay.pages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tollgate.replay.Cause;

/**
 * What kind of page each direct-map page of the footprints is, where its address does not tell: slab, page table, user memory
 * or page cache, another of the kernel's. Measured is how many of each kind an invocation touches on average, by program and event
 * (kinds.tsv); which pages they are follows from who touches them. A page that an event touches which never touches user memory
 * is none; and of an event that touches one in eight of ten invocations, it is among the pages that are left.
 *
 * <p>Found are shares of kinds by page, such that the expected number of each kind in each row's invocations is the measured one:
 * the fixed point of multiplicative updates, which take each page's shares times the ratios of measured to expected numbers of
 * the rows that touch it (expectation maximization for Poisson counts: L. Shepp and Y. Vardi, "Maximum likelihood reconstruction for
 * emission tomography", 1982). Where that leaves a page open between kinds, {@link PageStream} draws one for each invocation: on
 * average they are as measured. Of pages that no measured event touches nothing is known here.
 */
final class PageKinds {
    private static final String TABLE = "kinds.tsv";
    private static final String ANY_PROGRAM = "*";
    private static final String LOOPS = "micro_";
    private static final List<String> VARIANTS = List.of("whole", "switched", "socket", "socket switched");
    private static final int ROUNDS = 60;
    /** What a rough row counts against another where the two contradict each other. */
    private static final double ROUGH_WEIGHT = 0.1;

    private static final PageClass[] KINDS = {
        PageClass.SLAB, PageClass.PGTABLE, PageClass.USER_MEM_DM, PageClass.DM_BOOT
    };
    private static final int SLAB = 0;
    private static final int OTHER = 3;

    // Where none knows better: of a hundred pages so many are of a kind, and none is ruled out.
    private static final double[] AT_FIRST = {0.8, 0.03, 0.07, 0.1};

    private final Footprints footprints;
    private final Map<String, double[]> measured;
    private final List<Row> rows = new ArrayList<>();
    /** By page id: shares of {@link #KINDS}; null for pages of other classes, and for those that no measured event touches. */
    private final double[][] shares;

    /**
     * Invocations of one event in one program.
     *
     * @param name of the row as in the table
     * @param pages ids of the direct-map pages of unknown kind that they touch
     * @param touched share of the invocations that touch each
     * @param target how many pages of each kind one should touch on average
     * @param isRough measured when the program had long ended: slab pages and others of the kernel are not told apart
     */
    record Row(
            String name,
            int firstTemplate,
            int endTemplate,
            int[] pages,
            double[] touched,
            double[] target,
            boolean isRough) {}

    PageKinds(Footprints footprints) {
        this.footprints = footprints;
        measured = read();
        shares = new double[footprints.number.length][];
        for (int pool = 0; pool < footprints.poolKey.length; pool++) {
            for (int row = footprints.poolRow[pool]; row < footprints.poolRow[pool + 1]; row++) {
                add(footprints.poolKey[pool], row);
            }
        }
        for (int round = 0; round < ROUNDS; round++) {
            update();
        }
    }

    /** Shares of the kinds of a page, by ordinal of the {@link PageClass}; null if no measured event touches it. */
    double[] split(int page) {
        if (shares[page] == null) {
            return null;
        }
        double[] split = new double[PageClass.values().length];
        for (int kind = 0; kind < KINDS.length; kind++) {
            split[KINDS[kind].ordinal()] = shares[page][kind];
        }
        return split;
    }

    /** What was measured and fitted. */
    List<Row> rows() {
        return rows;
    }

    /** How many pages of each of the {@link #KINDS} an invocation of a row touches, as fitted. */
    double[] expected(Row row) {
        double[] expected = new double[KINDS.length];
        for (int i = 0; i < row.pages.length; i++) {
            for (int kind = 0; kind < KINDS.length; kind++) {
                expected[kind] += row.touched[i] * shares[row.pages[i]][kind];
            }
        }
        return expected;
    }

    private static Map<String, double[]> read() {
        Map<String, double[]> table = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(PageKinds.class.getResourceAsStream(TABLE), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] cells = line.split("\t");
                    double[] kinds = Arrays.stream(cells, 4, 9)
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                    table.put(name(cells[0], cells[1], cells[2]), kinds);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private static String name(String program, String event, String variant) {
        return program + ", " + event + ", " + variant;
    }

    private void add(long key, int row) {
        int cause = FootprintFormat.cause(key);
        boolean isCall = Cause.family(cause) == Cause.Family.SYSCALL;
        String variant = VARIANTS.get(isCall ? (int) key & 3 : 0);
        String program = footprints.programs[footprints.rowProgram[row]];
        String own = name(program, Cause.name(cause), variant);
        String name = measured.containsKey(own) ? own : name(ANY_PROGRAM, Cause.name(cause), variant);
        if (!measured.containsKey(name)) {
            return;
        }
        int from = footprints.rowTemplate[row];
        int to = footprints.rowTemplate[row + 1];
        int[] touches = touches(from, to);
        int[] pages = IntStream.range(0, touches.length)
                .filter(page -> touches[page] > 0 && isUnknown(page))
                .toArray();
        double[] touched = Arrays.stream(pages)
                .mapToDouble(page -> (double) touches[page] / (to - from))
                .toArray();
        boolean isFault = Cause.family(cause) == Cause.Family.FAULT;
        boolean isOfFile = EventFamily.ofCause(cause) == EventFamily.FILE && !variant.startsWith("socket");
        double[] target = target(measured.get(name), Arrays.stream(touched).sum(), isFault || isOfFile);
        rows.add(new Row(name, from, to, pages, touched, target, program.startsWith(LOOPS)));
        for (int page : pages) {
            shares[page] = AT_FIRST.clone();
        }
    }

    /** By page: how many of these invocations touch it. */
    private int[] touches(int from, int to) {
        int[] touches = new int[footprints.number.length];
        int[] last = new int[touches.length]; // invocation + 1
        for (int template = from; template < to; template++) {
            int end = footprints.partAccess[footprints.templatePart[template + 1]];
            for (int i = footprints.partAccess[footprints.templatePart[template]]; i < end; i++) {
                int page = footprints.accesses[i] >>> 2;
                touches[page] += last[page] == template + 1 ? 0 : 1;
                last[page] = template + 1;
            }
        }
        return touches;
    }

    /** The measured numbers of all kinds but slab, whose pages are the rest: of these some are known by their addresses. */
    private static double[] target(double[] kinds, double pages, boolean isFreeData) {
        double data = kinds[2] + (isFreeData ? kinds[3] : 0);
        double other = kinds[4] + (isFreeData ? 0 : kinds[3]);
        double all = kinds[1] + data + other;
        double scale = Math.min(1, all == 0 ? 1 : pages / all);
        return new double[] {pages - scale * all, scale * kinds[1], scale * data, scale * other};
    }

    private boolean isUnknown(int page) {
        return footprints.pageClass[page] == PageClass.DIRECTMAP.ordinal();
    }

    private void update() {
        double[][] ratios = new double[shares.length][];
        for (Row row : rows) {
            double[] ratio = ratios(row);
            for (int i = 0; i < row.pages.length; i++) {
                int page = row.pages[i];
                ratios[page] = ratios[page] == null ? new double[KINDS.length] : ratios[page];
                for (int kind = 0; kind < KINDS.length; kind++) {
                    ratios[page][kind] += (row.isRough ? ROUGH_WEIGHT : 1) * row.touched[i] * ratio[kind];
                }
            }
        }
        for (int page = 0; page < shares.length; page++) {
            if (ratios[page] != null) {
                scale(shares[page], ratios[page]);
            }
        }
    }

    /** Measured over expected numbers by kind. */
    private double[] ratios(Row row) {
        double[] expected = expected(row);
        double[] target = row.target.clone();
        if (row.isRough) {
            expected[SLAB] = expected[OTHER] = expected[SLAB] + expected[OTHER];
            target[SLAB] = target[OTHER] = target[SLAB] + target[OTHER];
        }
        for (int kind = 0; kind < KINDS.length; kind++) {
            target[kind] = expected[kind] > 0 ? target[kind] / expected[kind] : 0;
        }
        return target;
    }

    /** Nothing if all that is left of a page was ruled out by rows that contradict each other. */
    private static void scale(double[] shares, double[] ratios) {
        double sum = 0;
        for (int kind = 0; kind < shares.length; kind++) {
            sum += shares[kind] * ratios[kind];
        }
        for (int kind = 0; kind < shares.length && sum > 0; kind++) {
            shares[kind] *= ratios[kind] / sum;
        }
    }
}
