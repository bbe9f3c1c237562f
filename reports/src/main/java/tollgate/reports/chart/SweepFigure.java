package tollgate.reports.chart;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tollgate.analysis.Comparison;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.study.Axis;
import tollgate.analysis.study.Swept;
import tollgate.analysis.study.Swept.Crossover;
import tollgate.analysis.study.Swept.Row;

/** One sweep of one workload as a figure of its own: a curve or, over a grid, maps. */
record SweepFigure(Chart kind, String name, Swept swept, List<Row> rows) implements Chart {
    /** What is not left in file names. */
    private static final String UNFIT = "[^a-z0-9]+";

    /** Longest name of a file without its ending and a number. */
    private static final int LONGEST = 80;

    /** Of each sweep and workload that has anything to show on the CPU compared. */
    static List<Chart> of(Comparison comparison, Chart kind, boolean isGrid) {
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        Map<String, Swept> sweeps = new LinkedHashMap<>();
        for (Swept swept : comparison.sweeps()) {
            for (Row row : swept.sweep().and().isPresent() == isGrid ? swept.rows() : List.<Row>of()) {
                if (row.cpu().equals(comparison.cpu().name())) {
                    String key = swept.sweep().name() + "\n" + row.trace();
                    rows.computeIfAbsent(key, any -> new ArrayList<>()).add(row);
                    sweeps.put(key, swept);
                }
            }
        }
        rows.values().removeIf(each -> each.stream().noneMatch(row -> row.figure() instanceof Estimate));
        Map<String, Chart> figures = new LinkedHashMap<>();
        rows.forEach((key, own) -> {
            String name = ("sweep-" + key).toLowerCase(Locale.ROOT).replaceAll(UNFIT, "-");
            name = name.substring(0, Math.min(LONGEST, name.length()));
            String free = name;
            for (int twin = 2; figures.containsKey(free); twin++) {
                free = name + "-" + twin;
            }
            figures.put(free, new SweepFigure(kind, free, sweeps.get(key), own));
        });
        return List.copyOf(figures.values());
    }

    @Override
    public String title() {
        return "Sweep " + Fonts.printable(swept.sweep().name()) + " on "
                + Fonts.printable(rows.get(0).trace());
    }

    @Override
    public String about() {
        return kind.about();
    }

    @Override
    public int place() {
        return kind.place();
    }

    @Override
    public boolean applies(Comparison comparison) {
        return kind.applies(comparison);
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        return swept.sweep().and().isPresent()
                ? new SweepMap(swept, rows).sheets(width)
                : new SweepCurve(swept, rows).sheets(width);
    }

    @Override
    public String caption(Comparison comparison) {
        Row row = rows.get(0);
        String what = row.metric().title() + " (" + row.metric().unit() + ") of " + row.trace() + ", priced for "
                + comparison.cpu().title() + ", against " + said(swept.sweep().over())
                + swept.sweep().and().map(axis -> " and " + said(axis)).orElse("") + ". All else is as in the study. ";
        what = Character.toUpperCase(what.charAt(0)) + what.substring(1);
        if (swept.sweep().and().isPresent()) {
            return Fonts.printable(what
                    + "Darker is more, on one scale for all strategies; each field has the figure and, where there is"
                    + " room, its 5 to 95 % interval.");
        }
        return Fonts.printable(what
                + "Points are figures at mid prices, bands their 5 to 95 % intervals. Bands that overlap do not mean a"
                + " tie, since all strategies err together: " + crossovers()
                + " A vertical axis without 0 is logarithmic.");
    }

    /** Where strategies change places, and how sure that is. */
    private String crossovers() {
        Axis over = swept.sweep().over();
        List<Crossover> own = swept.crossovers().stream()
                .filter(each -> each.trace().equals(rows.get(0).trace())
                        && each.cpu().equals(rows.get(0).cpu()))
                .toList();
        if (own.isEmpty()) {
            return "nowhere on this axis does a line cross another.";
        }
        return own.stream()
                .map(each -> each.a() + " is cheaper than " + each.b() + " below " + Rounded.both(each.at())
                        + (over.unit().isEmpty() ? "" : " " + over.unit()) + " and dearer above (they change places in "
                        + Rounded.digits(each.draws(), 2) + " % of draws)")
                .collect(Collectors.joining("; ", "", "."));
    }

    private static String said(Axis axis) {
        return switch (axis.kind()) {
            case PRICE -> "the price " + axis.target() + " in cycles, held at each value";
            case RATE -> "the rate of " + axis.unit() + " of busy time; what else is paid stays as recorded";
            case CPU ->
                "the CPU's " + axis.target()
                        + (axis.unit().equals("GHz") ? ", priced at each value" : ", replayed at each value");
            case MODEL -> "the model parameter " + axis.target() + ", held at each value";
            case STRATEGY -> "the parameter " + axis.parameter() + " of " + axis.target() + ", replayed at each value";
        };
    }
}
