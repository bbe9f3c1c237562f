package tollgate.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tollgate.analysis.Comparison;
import tollgate.analysis.Comparison.Cpu;
import tollgate.analysis.Comparison.Strategy;
import tollgate.analysis.Comparison.Trace;
import tollgate.analysis.Comparison.Workload;
import tollgate.analysis.Figure;
import tollgate.analysis.Figure.CannotTell;
import tollgate.analysis.Figure.Estimate;
import tollgate.analysis.Metric;
import tollgate.analysis.Uncertainty;

final class HeadlineTest {
    @Test
    void saysWhatCostsWhatWhereAndHowSure() {
        // On web b - a may be below 0, on db not.
        Comparison comparison = comparison(
                0,
                ranked(81.4, new Estimate(2, -0.5, 4), workload("web", new Estimate(2, 1, 3), new Estimate(4, 2, 6))),
                ranked(
                        99.7,
                        new Estimate(25, 14, 36),
                        workload("db", new Estimate(5, 4, 6), new Estimate(30, 20, 40))));
        assertThat(plain(comparison))
                .containsExactly(
                        "2 workloads, 2 strategies, priced for Lake at 2 GHz; every figure is what a strategy adds to the"
                                + " same course of events without isolation.",
                        "Time added per busy time on 2 workloads: a 2.0 % [1.0, 3.0] (web) to 5.0 % [4.0, 6.0] (db);"
                                + " b 4.0 % [2.0, 6.0] (web) to 30 % [20, 40] (db). Of 2 pairs of neighbours in the order"
                                + " by cost, the draws tell 1 apart; the closest call is that a is cheaper than b on db, in"
                                + " > 99 % of draws. Open is the order of a and b on web (81 %). Least certain for its size is a on web, 2.0 % [1.0, 3.0].");
    }

    @Test
    void saysWhatCannotBeToldAndWhatIsBorrowed() {
        Comparison comparison =
                comparison(88.3, workload("web", new Estimate(2, 2, 2), new CannotTell("made-up reason")));
        assertThat(plain(comparison).get(1))
                .isEqualTo("Time added per busy time on 1 workload: a 2 %. 1 of these figures cannot be told.");
        assertThat(plain(comparison).get(2))
                .isEqualTo("Take web with care: 88 % of its kernel entries and exits borrow the pages they touch from"
                        + " other events.");
    }

    @Test
    void manyStrategiesAreNamedByTheirEnds() {
        Figure[] figures = new Figure[9];
        for (int i = 0; i < figures.length; i++) {
            figures[i] = new Estimate(i + 1, i + 0.6, i + 1.4);
        }
        assertThat(plain(comparison(0, workload("web", figures))).get(1))
                .startsWith("Time added per busy time on 1 workload: a 1.0 % [0.6, 1.4]; b 2.0 % [1.6, 2.4];"
                        + " 5 others between; h 8.0 % [7.6, 8.4]; i 9.0 % [8.6, 9.4]. Least certain");
    }

    private static List<String> plain(Comparison comparison) {
        return Headline.paragraphs(comparison).stream()
                .map(paragraph -> paragraph.replace('\u00a0', ' '))
                .toList();
    }

    private static Comparison comparison(double borrowed, Workload... workloads) {
        List<Workload> all = new ArrayList<>();
        for (Workload workload : workloads) {
            Trace trace = new Trace("f", "0", "x", "", 1, 1, 1, 0, 0, 0, 0, borrowed);
            all.add(new Workload(workload.name(), trace, workload.strategies(), List.of(), workload.uncertainty()));
        }
        return new Comparison(new Cpu("lake", "Lake", 2, Map.of()), all, List.of(), List.of(), Map.of());
    }

    /** The same with its first two strategies compared draw by draw. */
    private static Workload ranked(double aIsCheaper, Estimate difference, Workload workload) {
        Uncertainty.Pair pair = new Uncertainty.Pair("a", "b", aIsCheaper, difference);
        return new Workload(
                workload.name(),
                workload.trace(),
                workload.strategies(),
                workload.caveats(),
                new Uncertainty(Metric.OVERHEAD, List.of(pair), List.of()));
    }

    private static Workload workload(String name, Figure... figures) {
        List<Strategy> strategies = new ArrayList<>();
        strategies.add(new Strategy("baseline", Map.of(), List.of(), List.of(), List.of()));
        for (int i = 0; i < figures.length; i++) {
            Map<Metric, Figure> metrics = new EnumMap<>(Metric.class);
            metrics.put(Metric.OVERHEAD, figures[i]);
            strategies.add(new Strategy(String.valueOf((char) ('a' + i)), metrics, List.of(), List.of(), List.of()));
        }
        return new Workload(name, new Trace("f", "0", "x", "", 1, 1, 1, 0, 0, 0, 0, 0), strategies, List.of());
    }
}
