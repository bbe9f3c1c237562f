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

final class HeadlineTest {
    @Test
    void saysWhatCostsWhatWhereAndHowSure() {
        // On web kpti [1, 3] and asi [2, 6] overlap; on db kpti [4, 6] and asi [20, 40] are apart.
        Comparison comparison = comparison(
                0,
                workload("web", new Estimate(2, 1, 3), new Estimate(4, 2, 6)),
                workload("db", new Estimate(5, 4, 6), new Estimate(30, 20, 40)));
        assertThat(plain(comparison))
                .containsExactly(
                        "2 workloads, 2 strategies, priced for Lake at 2 GHz; every figure is what a strategy adds to the"
                                + " same course of events without isolation.",
                        "Time added per busy time on 2 workloads: a 2.0 % [1.0, 3.0] (web) to 5.0 % [4.0, 6.0] (db);"
                                + " b 4.0 % [2.0, 6.0] (web) to 30 % [20, 40] (db). Of 2 pairs of neighbours in the order"
                                + " by cost, 1 has intervals apart; the order of the others cannot be told from the"
                                + " intervals alone. Least certain for its size is a on web, 2.0 % [1.0, 3.0].");
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
                        + " 5 others between; h 8.0 % [7.6, 8.4]; i 9.0 % [8.6, 9.4]. The intervals of all strategies are"
                        + " apart on every workload.");
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
            all.add(new Workload(workload.name(), trace, workload.strategies(), List.of()));
        }
        return new Comparison(new Cpu("lake", "Lake", 2, Map.of()), all, List.of(), List.of(), Map.of());
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
