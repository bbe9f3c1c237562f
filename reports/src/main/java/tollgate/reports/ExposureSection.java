package tollgate.reports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Exposed;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.reports.chart.Rounded;

/** Who could have looked at what under every strategy: figures of one workload, and a paragraph for each from them. */
final class ExposureSection {
    private final Html html;
    private final List<Strategy> strategies;

    ExposureSection(Html html, Workload workload) {
        this.html = html;
        strategies = workload.strategies().stream()
                .filter(strategy -> !strategy.exposure().isEmpty())
                .toList();
    }

    void write() {
        List<ExposureMetric> differing = new ArrayList<>();
        List<String> same = new ArrayList<>();
        for (ExposureMetric metric : ExposureMetric.values()) {
            List<Figure> figures = strategies.stream()
                    .map(strategy -> figure(strategy, metric))
                    .distinct()
                    .toList();
            if (figures.size() > 1) {
                differing.add(metric);
            } else if (!figures.isEmpty() && figures.get(0) instanceof Estimate estimate) {
                same.add(metric.title() + " " + Rounded.both(estimate) + " " + metric.unit());
            }
        }
        for (int from = 0; from < strategies.size(); from += FigureTable.COLUMNS) {
            table(differing, strategies.subList(from, Math.min(strategies.size(), from + FigureTable.COLUMNS)));
        }
        if (!same.isEmpty()) {
            html.element("p class=\"note\"", "The same under every strategy: " + String.join("; ", same) + ".");
        }
        Map<String, List<String>> said = new LinkedHashMap<>(); // what is the same is said once
        strategies.forEach(strategy -> said.computeIfAbsent(sentences(strategy), any -> new ArrayList<>())
                .add(strategy.name()));
        said.forEach((sentences, names) -> html.element("p", String.join(", ", names) + ": " + sentences));
    }

    private void table(List<ExposureMetric> metrics, List<Strategy> columns) {
        List<ExposureMetric> told = metrics.stream()
                .filter(metric -> columns.stream().anyMatch(strategy -> figure(strategy, metric) instanceof Estimate))
                .toList();
        if (told.isEmpty()) {
            return;
        }
        FigureTable table = new FigureTable(
                html,
                told.size(),
                "exposure",
                columns.stream().map(Strategy::name).toList());
        for (ExposureMetric metric : told) {
            table.figures(
                    metric.title() + ", " + metric.unit(),
                    columns.stream().map(strategy -> figure(strategy, metric)).toList());
        }
        table.close();
    }

    private static Figure figure(Strategy strategy, ExposureMetric metric) {
        Exposed exposed = strategy.exposure().get(metric);
        return exposed == null ? new CannotTell("not metered") : exposed.figure();
    }

    /** From the figures alone: what cannot be told is said. */
    private static String sentences(Strategy strategy) {
        List<String> sentences = new ArrayList<>();
        Figure full = figure(strategy, ExposureMetric.FULL_TIME);
        sentences.add(
                full instanceof Estimate
                        ? "Everything the kernel can reach was mapped for " + shown(full) + " % of user and kernel time"
                        : "For how long everything was mapped cannot be told (" + ((CannotTell) full).reason() + ")");
        Exposed stuns = strategy.exposure().get(ExposureMetric.STUNS);
        boolean hasSibling = stuns != null && stuns.basis() != Exposed.Basis.BY_DESIGN;
        if (hasSibling && figure(strategy, ExposureMetric.EXITS_RESTRICTED) instanceof Estimate served) {
            sentences.add("\"immune, no matter what runs on the sibling\" holds for " + shown(served)
                    + " % of VM exits and "
                    + (figure(strategy, ExposureMetric.IMMUNE_TIME) instanceof Estimate immune
                            ? shown(immune) + " % of the time"
                            : "for what share of the time cannot be told without a clock")
                    + ", and only for what the restricted space does not map; the other exits reach the full address space"
                    + " before the next VM entry, and for these the sibling must be stunned, "
                    + stuns(strategy) + " times in all");
        }
        if (figure(strategy, ExposureMetric.HANDOVERS) instanceof Estimate all && all.value() > 0) {
            sentences.add("of " + shown(all)
                    + " times that untrusted code was let run, others' data may have been left in"
                    + " L1D " + shown(figure(strategy, ExposureMetric.L1D_HANDOVERS)) + " times, in CPU buffers "
                    + shown(figure(strategy, ExposureMetric.BUFFERS_HANDOVERS)) + " times");
        }
        Exposed beside = strategy.exposure().get(ExposureMetric.SIBLING_TENANT);
        if (beside != null && beside.figure() instanceof Estimate e) {
            sentences.add("a sibling running untrusted code stood beside mapped data of tenants for " + Rounded.both(e)
                    + " % of the time (" + beside.basis() + ")");
        } else {
            sentences.add("what a sibling could see meanwhile cannot be told");
        }
        String tenants = ProtectionSection.tenants(strategy);
        if (!tenants.isEmpty()) {
            sentences.add(tenants);
        }
        return String.join("; ", sentences) + ".";
    }

    private static String stuns(Strategy strategy) {
        Exposed stuns = strategy.exposure().get(ExposureMetric.STUNS);
        return stuns != null && stuns.figure() instanceof Estimate e
                ? Rounded.count((long) e.low()) + (e.low() < e.high() ? " to " + Rounded.count((long) e.high()) : "")
                        + " (" + stuns.basis() + ")"
                : "cannot tell how many";
    }

    private static String shown(Figure figure) {
        return Rounded.both(figure);
    }

    /** Every figure's definition. */
    static void definitions(Html html) {
        html.raw("<table class=\"plain prose\"><tbody>");
        for (ExposureMetric metric : ExposureMetric.values()) {
            html.raw("<tr>")
                    .element("td class=\"name\"", metric.key() + ", " + metric.unit())
                    .element("td", metric.definition())
                    .raw("</tr>\n");
        }
        html.raw("</tbody></table>\n");
    }

    /** Whether anything was metered. */
    static boolean applies(List<Workload> workloads) {
        return workloads.stream()
                .flatMap(workload -> workload.strategies().stream())
                .map(Strategy::exposure)
                .anyMatch(exposure -> !exposure.isEmpty());
    }
}
