package tollgate.reports;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tollgate.analysis.Attack;
import tollgate.analysis.AttackCell;
import tollgate.analysis.AttackCell.Left;
import tollgate.analysis.AttackCell.Verdict;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.GuestClaim;
import tollgate.analysis.MemorySizes;
import tollgate.analysis.Protection;
import tollgate.analysis.Protection.Opened;
import tollgate.analysis.SpecifiedMatrix;
import tollgate.analysis.SpecifiedMatrix.Difference;
import tollgate.reports.chart.Rounded;

/** What is left of each attack under every strategy in one workload, its windows, and the guests' claim at stated rates. */
final class ProtectionSection {
    /** Causes of windows shown of each strategy; the rest is in windows.csv. */
    private static final int CAUSES = 3;

    /** Tenants told of in a sentence; all are in results.json. */
    private static final int MOST_TENANTS = 4;

    private static final String COMPARED = ", of what is without isolation";

    private final Html html;
    private final Trace trace;
    private final List<Strategy> strategies;

    ProtectionSection(Html html, Workload workload) {
        this.html = html;
        trace = workload.trace();
        strategies = workload.strategies().stream()
                .skip(1)
                .filter(strategy -> !strategy.protection().attacks().isEmpty())
                .toList();
    }

    void write() {
        if (strategies.isEmpty()) {
            return;
        }
        int tables = (strategies.size() + FigureTable.COLUMNS - 1) / FigureTable.COLUMNS;
        for (int i = 0; i < tables; i++) {
            matrix(strategies.subList(strategies.size() * i / tables, strategies.size() * (i + 1) / tables));
        }
        html.element(
                "p class=\"note\"",
                "Derived from what each address space maps and from this replay, held against no isolation. Percentages are"
                        + " what is in reach, bytes x time, of what is in reach without isolation: keys, tenants' data,"
                        + " kernel code; or of occasions. With bounds, bytes, inputs and assumptions: matrix.csv.");
        windows();
        claims();
    }

    private void matrix(List<Strategy> columns) {
        Map<Attack, List<AttackCell>> rows = new EnumMap<>(Attack.class);
        List<String> unaffected = new ArrayList<>();
        Map<String, List<String>> untold = new LinkedHashMap<>();
        for (Attack attack : Attack.values()) {
            List<AttackCell> cells =
                    columns.stream().map(strategy -> cell(strategy, attack)).toList();
            if (cells.stream().allMatch(cell -> cell.verdict() == Verdict.NOT_AFFECTED)) {
                unaffected.add(attack.title());
            } else if (cells.stream().allMatch(cell -> cell.verdict() == Verdict.CANNOT_TELL)) {
                untold.computeIfAbsent(cells.get(0).reason(), reason -> new ArrayList<>())
                        .add(attack.title());
            } else {
                rows.put(attack, cells);
            }
        }
        List<String> names = columns.stream().map(Strategy::name).toList();
        if (!rows.isEmpty()) {
            FigureTable table = new FigureTable(html, rows.size(), "attack", names);
            rows.forEach((attack, cells) -> table.texts(
                    attack.title(), cells.stream().map(ProtectionSection::words).toList()));
            table.close();
        }
        if (!unaffected.isEmpty()) {
            note("Not affected by " + String.join(", ", names) + ": " + String.join("; ", unaffected) + ".");
        }
        untold.forEach(
                (reason, attacks) -> note("Cannot tell: " + String.join("; ", attacks) + ". Reason: " + reason + "."));
    }

    private void note(String text) {
        html.element("p class=\"note\"", text);
    }

    private static AttackCell cell(Strategy strategy, Attack attack) {
        return strategy.protection().attacks().stream()
                .filter(cell -> cell.attack() == attack)
                .findFirst()
                .orElseThrow();
    }

    /** "reduced: keys 100 %, data 1.4 %". */
    static String words(AttackCell cell) {
        if (cell.verdict() != Verdict.REDUCED) {
            return cell.verdict().toString();
        }
        List<String> parts = new ArrayList<>();
        for (Left left : cell.left()) {
            if (left.figure() instanceof Estimate e && left.what().endsWith(COMPARED)) {
                String what = left.what().substring(0, left.what().indexOf(" in reach"));
                parts.add(what.replace("tenants' ", "").replace("kernel ", "") + " " + percent(e) + " %");
            }
        }
        if (parts.isEmpty()) {
            cell.left().stream()
                    .filter(left -> left.unit().equals("%") && left.figure() instanceof Estimate e && e.value() < 100)
                    .findFirst()
                    .ifPresent(left -> parts.add(percent((Estimate) left.figure()) + " % of "
                            + left.what().substring(0, left.what().indexOf(" with "))));
        }
        return cell.verdict() + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
    }

    private static String percent(Estimate e) {
        if (e.low() < e.high()) {
            return Rounded.both(e);
        }
        // 99.95 % is not 100 %
        return e.value() > 99.5 && e.value() < 100 ? "> 99.5" : Rounded.digits(e.value(), 2);
    }

    private void windows() {
        List<Strategy> shown = strategies.stream()
                .filter(strategy -> !strategy.protection().windows().isEmpty())
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        boolean hasTimes = shown.get(0).protection().windows().get(0).total() instanceof Estimate;
        List<String> headings = hasTimes
                ? List.of("windows", "together, us", "median, us", "99 %, us", "longest, us")
                : List.of("windows");
        FigureTable table = new FigureTable(html, Integer.MAX_VALUE, "full address space opened by", headings);
        for (Strategy strategy : shown) {
            List<Opened> windows = strategy.protection().windows();
            for (Opened opened : windows.subList(0, Math.min(CAUSES, windows.size()))) {
                List<String> cells = new ArrayList<>();
                cells.add(Rounded.count(opened.count()));
                if (hasTimes) {
                    cells.add(micros(opened.total()));
                    cells.add(micros(opened.median()));
                    cells.add(micros(opened.p99()));
                    cells.add(micros(opened.longest()));
                }
                table.texts(strategy.name() + ": " + opened.cause(), cells);
            }
        }
        table.close();
        html.element(
                "p class=\"note\"",
                "The " + CAUSES
                        + " causes with the most time of each strategy, without a clock those with the most windows; all"
                        + " are in windows.csv. A window that opens and closes between two events has length 0: the"
                        + " recording has no time for it. The percentiles are within 1 %.");
    }

    private static String micros(Figure nanos) {
        return nanos instanceof Estimate e
                ? Rounded.both(new Estimate(e.value() / 1000, e.low() / 1000, e.high() / 1000), 3)
                : "cannot tell";
    }

    private void claims() {
        List<Strategy> claiming = strategies.stream()
                .filter(strategy -> !GuestClaim.of(strategy, trace).isEmpty())
                .toList();
        if (claiming.isEmpty()) {
            return;
        }
        FigureTable table = new FigureTable(
                html,
                claiming.size() * 3,
                "exits a second of one vCPU",
                List.of("claim holds, % of time", "stuns a second", "sibling stunned, ms a second"));
        for (Strategy strategy : claiming) {
            for (GuestClaim claim : GuestClaim.of(strategy, trace)) {
                table.figures(
                        strategy.name() + ": " + Rounded.count((long) claim.exitsPerSecond()),
                        List.of(claim.holds(), claim.stuns(), claim.stunned()));
            }
        }
        table.close();
        html.element(
                "p class=\"note\"",
                String.format(
                        Locale.ROOT,
                        "The claim is \"immune, no matter what runs on the sibling\", for what the restricted space does not"
                                + " map. The rates are stated; so is that a window of the full address space lasts %.0f to"
                                + " %.0f us. How many windows there are to an exit is this recording's. Stuns are what it takes"
                                + " for the claim to hold always: none beside a sibling that runs nothing untrusted, one a"
                                + " window beside one that always does.",
                        1e6 * GuestClaim.SHORT,
                        1e6 * GuestClaim.LONG));
    }

    /** What tenants could reach of each other, those that the sidecar names if it does: a sentence, or empty. */
    static String tenants(Strategy strategy) {
        List<Protection.Tenant> all = strategy.protection().tenants().stream()
                .filter(tenant -> tenant.namespaces() instanceof Estimate && tenant.processes() instanceof Estimate)
                .filter(tenant ->
                        !tenant.name().startsWith("process ") && !tenant.name().equals("others"))
                .toList();
        List<Protection.Tenant> named = all.stream()
                .filter(tenant -> !tenant.name().startsWith("namespace "))
                .toList();
        List<Protection.Tenant> shown = named.isEmpty() ? all : named;
        return shown.isEmpty()
                ? ""
                : "private objects of other network namespaces were mapped "
                        + shown.stream()
                                .limit(MOST_TENANTS)
                                .map(tenant -> "for " + share(tenant.namespaces()) + " of the time that "
                                        + tenant.name() + " ran (" + average(tenant.namespaceBytes())
                                        + ", and other processes' memory for " + share(tenant.processes()) + ")")
                                .collect(Collectors.joining(", "));
    }

    private static String share(Figure figure) {
        return Rounded.both((Estimate) figure, 3) + " %";
    }

    private static String average(Figure bytes) {
        return bytes instanceof Estimate e ? size(e.value()) + bounds(e) + " on average" : "cannot tell how much";
    }

    private static String bounds(Estimate bytes) {
        return bytes.low() < bytes.high() ? " [" + size(bytes.low()) + ", " + size(bytes.high()) + "]" : "";
    }

    private static String size(double bytes) {
        double unit = bytes;
        String[] names = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int power = 0;
        while (unit >= 1024 && power < names.length - 1) {
            unit /= 1024;
            power++;
        }
        return Rounded.digits(unit, 3) + " " + names[power];
    }

    /** Every attack's definition, the sizes of memory, and where what is derived differs from what was expected. */
    static void definitions(Html html, List<Workload> workloads) {
        html.raw("<table class=\"plain prose\"><tbody>");
        for (Attack attack : Attack.values()) {
            html.raw("<tr>")
                    .element("td class=\"name\"", attack.title() + " (" + attack.key() + ")")
                    .element("td", attack.reach() + " " + attack.definition() + " Assumes: " + attack.assumes() + ".")
                    .raw("</tr>\n");
        }
        html.raw("</tbody></table>\n");
        workloads.stream()
                .filter(workload -> !workload.memory().isEmpty())
                .findFirst()
                .ifPresent(workload -> sizes(html, workload, workloads));
        differences(html, workloads);
    }

    private static void sizes(Html html, Workload first, List<Workload> workloads) {
        html.element("h3", "The machine that bytes are counted on");
        html.element(
                "p",
                "Stated, not measured, and changed under \"memory\" in a sidecar. "
                        + (workloads.stream().map(Workload::memory).distinct().count() == 1
                                ? ""
                                : "Those of " + first.name() + "; other workloads have their own, see results.json."));
        html.raw("<table class=\"plain\"><thead><tr>")
                .element("th class=\"name\"", "class of memory")
                .element("th", "level")
                .element("th", "size")
                .element("th", "source")
                .raw("</tr></thead><tbody>");
        for (MemorySizes.Size size : first.memory()) {
            html.raw("<tr>")
                    .element("td class=\"name\"", size.memoryClass())
                    .element("td", String.valueOf(size.sensitivity()))
                    .element("td", size(size.bytes()))
                    .element("td", size.source())
                    .raw("</tr>\n");
        }
        html.raw("</tbody></table>\n");
    }

    private static void differences(Html html, List<Workload> workloads) {
        Map<Difference, List<String>> differences = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            for (Difference difference : SpecifiedMatrix.differences(workload.strategies())) {
                differences
                        .computeIfAbsent(difference, each -> new ArrayList<>())
                        .add(workload.name());
            }
        }
        if (differences.isEmpty()) {
            return;
        }
        html.element("h3", "Where the derived matrix differs from what the postings let expect");
        html.raw("<ul>");
        differences.forEach((difference, names) -> html.element(
                "li",
                difference.strategy() + ", " + difference.attack().title() + ": expected " + difference.expected()
                        + ", derived " + difference.derived() + " (" + String.join(", ", names) + ")"
                        + (difference.why().isEmpty() ? "." : ": " + difference.why() + ".")));
        html.raw("</ul>\n");
    }
}
