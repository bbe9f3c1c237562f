package tollgate.reports;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.Uncertainty.Causes;
import tollgate.analysis.Uncertainty.Share;
import tollgate.reports.chart.Contributors;
import tollgate.reports.chart.MainMetric;
import tollgate.reports.chart.Rounded;

/** What a reader could measure to know a workload's least certain figure better. */
final class Advice {
    private Advice() {}

    /** Nothing where no figure has an interval, or none that a measurement would narrow. */
    static Optional<String> of(Workload workload) {
        return workload.strategies().stream()
                .filter(strategy -> width(figure(workload, strategy)) > 0)
                .max(Comparator.comparingDouble(strategy -> width(figure(workload, strategy))))
                .flatMap(strategy -> sentence(workload, strategy));
    }

    private static Optional<String> sentence(Workload workload, Strategy widest) {
        Metric metric = workload.uncertainty().metric();
        Estimate whole = figure(workload, widest);
        List<Share> shares = workload.uncertainty().causes().stream()
                .filter(causes -> causes.strategy().equals(widest.name()))
                .map(Causes::shares)
                .findFirst()
                .orElse(List.of());
        return shares.stream()
                .filter(Contributors::isMeasurable)
                .min(Comparator.comparingDouble(share -> width(share.known())))
                .filter(share -> width(share.known()) < width(whole))
                .map(share -> {
                    double left = width(share.known()) / width(whole);
                    return "The widest interval is that of " + widest.name() + ", " + Rounded.both(whole) + " "
                            + MainMetric.unit(metric) + ". To narrow it most, measure on your machine "
                            + Contributors.object(share) + ": if that turned out at its middle, "
                            + Rounded.interval(share.known()) + " would be left, "
                            + Rounded.digits(100 * (1 - left), 2) + " % narrower"
                            + (left > 0.5 ? "; no single measurement would halve it." : ".");
                });
    }

    private static Estimate figure(Workload workload, Strategy strategy) {
        return MainMetric.figure(strategy, workload.uncertainty().metric()) instanceof Estimate e
                ? e
                : Estimate.exact(0);
    }

    private static double width(Estimate e) {
        return e.high() - e.low();
    }
}
