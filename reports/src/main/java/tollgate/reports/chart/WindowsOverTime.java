package tollgate.reports.chart;

import com.google.auto.service.AutoService;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.ExposureMetric;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Protection.Slices;

/** When the full address space was live: a strip of the recording for each strategy, the darker the longer in a slice. */
@AutoService(Chart.class)
public final class WindowsOverTime implements Chart {
    private static final double HEIGHT = 7;
    private static final Color IDLE = new Color(0xf4f4f4);
    private static final Color NONE = new Color(0xdcebf5);
    private static final Color ALL = new Color(0x00395a);

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public String title() {
        return "Windows of the full address space over time";
    }

    @Override
    public String about() {
        return "When the kernel's full address space was live, in slices of the recording, for each strategy.";
    }

    @Override
    public int place() {
        return 29;
    }

    @Override
    public boolean applies(Comparison comparison) {
        return comparison.workloads().stream().anyMatch(WindowsOverTime::isTold);
    }

    @Override
    public String caption(Comparison comparison) {
        return "Each strip is a recording from its first event to its last, in up to 64 slices of equal width, all CPUs"
                + " together, replayed on the machine of " + comparison.cpu().title()
                + ". The darker a slice, the more of its user and kernel time the kernel's full address space was live:"
                + " from light for none to dark for all. Grey: nothing of the workload ran on the host. The number on the"
                + " right is the share of the whole. Without isolation every slice is dark. Recordings without a real clock"
                + " have no strips.";
    }

    @Override
    public List<Sheet> sheets(Comparison comparison, double width) {
        List<RowFigure.Group> groups = new ArrayList<>();
        for (Workload workload : comparison.workloads()) {
            if (isTold(workload)) {
                groups.add(group(workload));
            }
        }
        return new RowFigure(
                        width,
                        "from the first event to the last, %",
                        keys(),
                        groups,
                        (left, right) -> Axis.linear(0, 100, left, right))
                .sheets();
    }

    private static List<Legend.Key> keys() {
        List<Legend.Key> keys = new ArrayList<>();
        for (int percent = 0; percent <= 100; percent += 50) {
            Color colour = colour(percent / 100.0);
            keys.add(new Legend.Key(percent + " %", (g, area) -> {
                g.setColor(colour);
                g.fill(area);
            }));
        }
        return keys;
    }

    private static boolean isTold(Workload workload) {
        return IntervalChart.added(workload).stream()
                .anyMatch(strategy -> !strategy.protection().course().host().isEmpty());
    }

    private static RowFigure.Group group(Workload workload) {
        List<RowFigure.Row> rows = new ArrayList<>();
        double nanos = 0;
        for (Strategy strategy : IntervalChart.added(workload)) {
            Slices course = strategy.protection().course();
            nanos = Math.max(nanos, (double) course.width() * course.host().size());
            rows.add(new RowFigure.Row(Fonts.printable(strategy.name()), new Strip(course), share(strategy)));
        }
        String title = workload.name() + ", " + String.format(Locale.ROOT, "%.3g", nanos / 1e6) + " ms";
        return new RowFigure.Group(Fonts.printable(title), "full, %", rows);
    }

    private static String share(Strategy strategy) {
        Figure figure = strategy.exposure().containsKey(ExposureMetric.FULL_TIME)
                ? strategy.exposure().get(ExposureMetric.FULL_TIME).figure()
                : new CannotTell("not metered");
        return figure instanceof Estimate e ? Rounded.digits(e.value(), 3) : "cannot tell";
    }

    private static Color colour(double share) {
        return new Color(
                between(NONE.getRed(), ALL.getRed(), share),
                between(NONE.getGreen(), ALL.getGreen(), share),
                between(NONE.getBlue(), ALL.getBlue(), share));
    }

    private static int between(int none, int all, double share) {
        return (int) Math.round(none + share * (all - none));
    }

    private record Strip(Slices course) implements RowFigure.Mark {
        @Override
        public void paint(Graphics2D g, Axis axis, double y) {
            Datum row = Datum.of(g);
            int count = course.host().size();
            for (int slice = 0; slice < count; slice++) {
                double from = axis.at(100.0 * slice / count);
                double to = axis.at(100.0 * (slice + 1) / count);
                long host = course.host().get(slice);
                double share = host == 0 ? 0 : (double) course.full().get(slice) / host;
                part(row, slice, host, share).begin(g);
                g.setColor(host == 0 ? IDLE : colour(share));
                g.fill(new Rectangle2D.Double(from, y - HEIGHT / 2, to - from, HEIGHT));
            }
            row.begin(g);
        }

        private Datum part(Datum row, int slice, long host, double share) {
            String from = String.format(Locale.ROOT, "%.4g", slice * course.width() / 1e6);
            return new Datum(
                    row.group(),
                    row.row(),
                    "from " + from + " ms",
                    host == 0 ? new CannotTell("nothing of the workload ran on the host") : Estimate.exact(100 * share),
                    "% of user and kernel time");
        }

        @Override
        public Figure shown() {
            return new CannotTell("the recording has no real clock");
        }
    }
}
