package tollgate.reports.chart;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import tollgate.analysis.Comparison;

/** The catalog of charts: sorted by name, no twins. */
public final class Charts {
    private static final List<Chart> ALL = load();

    private Charts() {}

    public static List<Chart> all() {
        return ALL;
    }

    public static List<Chart> of(Comparison comparison) {
        return ALL.stream().filter(chart -> chart.applies(comparison)).toList();
    }

    private static List<Chart> load() {
        List<Chart> charts = ServiceLoader.load(Chart.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Chart::name))
                .toList();
        for (int i = 1; i < charts.size(); i++) {
            if (charts.get(i).name().equals(charts.get(i - 1).name())) {
                throw new IllegalStateException(
                        "two charts are called '" + charts.get(i).name() + "'");
            }
        }
        return charts;
    }
}
