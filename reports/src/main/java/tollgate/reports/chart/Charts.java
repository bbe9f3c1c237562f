package tollgate.reports.chart;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import tollgate.analysis.Comparison;

/** The catalog of charts: in the order of the report, no twins. */
public final class Charts {
    private static final List<Chart> ALL = load();

    private Charts() {}

    public static List<Chart> all() {
        return ALL;
    }

    /** The figures of a comparison, in their order. */
    public static List<Chart> of(Comparison comparison) {
        return ALL.stream()
                .filter(chart -> chart.applies(comparison))
                .flatMap(chart -> chart.figures(comparison).stream())
                .toList();
    }

    private static List<Chart> load() {
        List<Chart> charts = ServiceLoader.load(Chart.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(Chart::place).thenComparing(Chart::name))
                .toList();
        Set<String> names = new HashSet<>();
        for (Chart chart : charts) {
            if (!names.add(chart.name())) {
                throw new IllegalStateException("two charts are called '" + chart.name() + "'");
            }
        }
        return charts;
    }
}
