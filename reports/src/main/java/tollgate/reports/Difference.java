package tollgate.reports;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Uncertainty.Pair;
import tollgate.ingest.BadInput;
import tollgate.reports.chart.Rounded;

/**
 * What moved from one result to another.
 *
 * <p>A figure has moved when its value lies outside the other's 5 to 95 % interval, and clearly when the intervals have
 * nothing in common; a count has no interval, so that each change of it is clear. The order of two strategies is judged
 * by the difference in the same draws, which is much narrower than either interval: what errs for both alike cancels.
 *
 * @param differs what was not the same in the two runs: if a CPU or a recording, the figures are of different things
 * @param onlyIn what one of the two lacks
 * @param moved figures that moved, clearly or not
 * @param order pairs of strategies whose order was decided, undone or turned
 * @param within figures that changed by less than noise
 * @param same figures that did not change
 */
public record Difference(
        List<String> differs, List<String> onlyIn, List<Move> moved, List<Order> order, int within, int same) {
    private static final int LONGEST = 60;
    private static final String PROFILE = "cpu profile";

    /** @param kind {@code clearly}, {@code moved} or {@code told}: one of the two cannot tell */
    public record Move(
            String workload, String strategy, String metric, String unit, String kind, Figure before, Figure after) {}

    /** @param before and after: {@code a < b}, {@code b < a} or {@code open} */
    public record Order(String workload, String a, String b, String before, String after) {}

    private enum Kind {
        SAME,
        WITHIN,
        MOVED,
        CLEARLY,
        TOLD
    }

    /**
     * @param a a {@code results.json} or the folder of a report
     * @param b another
     * @throws BadInput if one is neither
     */
    public static Difference between(Path a, Path b) throws IOException {
        return between(Results.read(a), Results.read(b));
    }

    static Difference between(Results a, Results b) {
        List<String> differs = new ArrayList<>();
        if (!a.cpu().equals(b.cpu())) {
            differs.add("CPU: " + a.cpu() + ", then " + b.cpu());
        }
        Set<String> facts = new TreeSet<>(a.provenance().keySet());
        facts.addAll(b.provenance().keySet());
        if (a.cpu().equals(a.provenance().get(PROFILE))
                && b.cpu().equals(b.provenance().get(PROFILE))) {
            facts.remove(PROFILE); // the CPU, said above
        }
        for (String fact : facts) {
            String before = a.provenance().getOrDefault(fact, "not said");
            String after = b.provenance().getOrDefault(fact, "not said");
            if (!before.equals(after)) {
                differs.add(fact + ": " + before + ", then " + after);
            }
        }
        List<String> onlyIn = new ArrayList<>();
        List<Move> moved = new ArrayList<>();
        List<Order> order = new ArrayList<>();
        int[] counts = new int[Kind.values().length];
        for (String name : both(a.workloads(), b.workloads(), "workload ", onlyIn)) {
            Results.Workload before = a.workloads().get(name);
            Results.Workload after = b.workloads().get(name);
            if (!before.sha256().equals(after.sha256())) {
                differs.add("recording of " + name + ": another file (sha-256)");
            }
            for (String strategy : both(before.strategies(), after.strategies(), name + ", strategy ", onlyIn)) {
                Map<String, Results.Metric> was = before.strategies().get(strategy);
                Map<String, Results.Metric> is = after.strategies().get(strategy);
                for (String metric : both(was, is, name + ", " + strategy + ", metric ", onlyIn)) {
                    Figure old = was.get(metric).figure();
                    Figure now = is.get(metric).figure();
                    Kind kind = kind(old, now);
                    counts[kind.ordinal()]++;
                    if (kind.compareTo(Kind.WITHIN) > 0) {
                        String unit = was.get(metric).unit().isEmpty()
                                ? is.get(metric).unit()
                                : was.get(metric).unit();
                        moved.add(new Move(
                                name, strategy, metric, unit, kind.name().toLowerCase(Locale.ROOT), old, now));
                    }
                }
            }
            order(name, before.pairs(), after.pairs(), order);
        }
        return new Difference(
                differs, onlyIn, moved, order, counts[Kind.WITHIN.ordinal()], counts[Kind.SAME.ordinal()]);
    }

    private static Kind kind(Figure before, Figure after) {
        if (!(before instanceof Estimate a) || !(after instanceof Estimate b)) {
            return before instanceof Estimate || after instanceof Estimate ? Kind.TOLD : Kind.SAME;
        }
        if (a.equals(b)) {
            return Kind.SAME;
        }
        if (a.high() < b.low() || b.high() < a.low()) {
            return Kind.CLEARLY;
        }
        return holds(a, b.value()) && holds(b, a.value()) ? Kind.WITHIN : Kind.MOVED;
    }

    private static boolean holds(Estimate interval, double value) {
        return value >= interval.low() && value <= interval.high();
    }

    private static void order(String workload, List<Pair> before, List<Pair> after, List<Order> order) {
        Map<List<String>, Integer> old = signs(before);
        signs(after).forEach((pair, sign) -> {
            Integer was = old.get(pair);
            if (was != null && !was.equals(sign)) {
                order.add(new Order(workload, pair.get(0), pair.get(1), words(pair, was), words(pair, sign)));
            }
        });
    }

    /** By the pair in alphabetical order: -1 if its first is cheaper, 1 if its second, 0 if the draws leave it open. */
    private static Map<List<String>, Integer> signs(List<Pair> pairs) {
        Map<List<String>, Integer> signs = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            boolean straight = pair.a().compareTo(pair.b()) <= 0;
            List<String> names = straight ? List.of(pair.a(), pair.b()) : List.of(pair.b(), pair.a());
            signs.put(names, pair.isTie() ? 0 : straight ? -1 : 1);
        }
        return signs;
    }

    private static String words(List<String> pair, int sign) {
        return sign == 0 ? "open" : sign < 0 ? pair.get(0) + " < " + pair.get(1) : pair.get(1) + " < " + pair.get(0);
    }

    private static Set<String> both(Map<String, ?> a, Map<String, ?> b, String what, List<String> onlyIn) {
        Set<String> both = new LinkedHashSet<>(a.keySet());
        both.retainAll(b.keySet());
        a.keySet().stream()
                .filter(key -> !both.contains(key))
                .forEach(key -> onlyIn.add(what + key + ": only in the first"));
        b.keySet().stream()
                .filter(key -> !both.contains(key))
                .forEach(key -> onlyIn.add(what + key + ": only in the second"));
        return both;
    }

    /** For a terminal: what was not alike first, since it says how to read the rest. */
    public void print(PrintStream out) {
        differs.forEach(line -> out.println("not the same: " + BadInput.show(line, 200)));
        onlyIn.forEach(line -> out.println(BadInput.show(line, 200)));
        if (!differs.isEmpty() && !(moved.isEmpty() && order.isEmpty())) {
            out.println("What follows comes from all that is not the same, together.");
        }
        String last = "";
        for (Move move : moved) {
            String heading = show(move.workload()) + ", " + show(move.strategy());
            if (!heading.equals(last)) {
                out.println(heading);
                last = heading;
            }
            String unit = move.unit().isEmpty() ? "" : ", " + show(move.unit());
            out.println("  " + show(move.metric()) + unit + ": " + show(Rounded.both(move.before())) + " -> "
                    + show(Rounded.both(move.after()))
                    + switch (move.kind()) {
                        case "clearly" -> "  (clearly)";
                        case "told" -> "  (only one of the two can tell)";
                        default -> "";
                    });
        }
        for (Order each : order) {
            out.println(show(each.workload()) + ", order of cost in the same draws: " + show(each.before()) + " -> "
                    + show(each.after()));
        }
        out.println("figures moved beyond noise: " + moved.size() + "; within it: " + within + "; not at all: " + same
                + "; pairs of strategies whose order changed, or its certainty: " + order.size());
    }

    private static String show(String foreign) {
        return BadInput.show(foreign.replace('\u00a0', ' '), LONGEST);
    }
}
